//! The commands: one file each, from typed words to text and an exit status.
//!
//! A command takes its options and a [`World`], gives a [`Report`]. It prints nothing: `main` does,
//! and `main` alone knows the clock and the terminal. What takes long tells how far it is through a
//! [`Tell`], as does `serve`, which runs until it is interrupted.

mod build;
mod check;
mod dialogue;
mod explain;
mod init;
mod new;
mod schema;
mod search;
mod serve;
mod stats;
mod test;
mod verdict;

pub use dialogue::Ask;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cache::Cache;
use crate::cli::{Command, Project};
use crate::date::Date;
use crate::diagnostic::{Code, Diagnostic, Format, Summary, write};
use crate::external::Manners;
use crate::pipeline::Outcome;
use crate::project;
use crate::publish::Failure;

/// What a command may know of the world outside the project.
#[derive(Clone, Debug)]
pub struct World {
    /// The day.
    pub today: Date,
    /// The user's home folder, which is never an output folder.
    pub home: Option<PathBuf>,
    /// The time since the beginning of 1970.
    pub now: fn() -> Duration,
    /// What tells this program from every other version of it, if that is known.
    pub program: Option<String>,
    /// How to ask the person at the terminal; `None` if there is none.
    pub ask: Option<Ask>,
    /// Whether somebody watches standard error, so that a line may be written again and again.
    pub is_watched: bool,
    /// Whether this runs inside GitHub Actions.
    pub is_github_actions: bool,
    /// How other sites are asked, by the command that asks them.
    pub manners: Manners,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All is well: 0.
    Fine,
    /// The guide has findings: 1.
    Findings,
    /// The words or the settings cannot be used: 2.
    Usage,
    /// The machine failed: 3.
    Machine,
}

impl Exit {
    /// The exit status of the process.
    pub fn status(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Machine => 3,
        }
    }
}

/// What a command has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// For standard output: the result.
    pub out: String,
    /// For standard error: everything about it.
    pub err: String,
    /// How it ended.
    pub exit: Exit,
}

impl Report {
    fn fine(out: String) -> Self {
        Self { out, err: String::new(), exit: Exit::Fine }
    }

    /// Words or folders that cannot be used, which is a mistake as any other and has a code.
    fn usage(code: Code, message: &str, help: &str) -> Self {
        let err = format!("error[{}]: {message}\n  help: {help}\n", code.as_str());
        Self { out: String::new(), err, exit: Exit::Usage }
    }

    fn failure(failure: &Failure) -> Self {
        match failure {
            Failure::Refused { message, help } => Self::usage(Code::CommandOutput, message, help),
            Failure::Machine { .. } => {
                Self { out: String::new(), err: format!("error: {failure}\n"), exit: Exit::Machine }
            }
        }
    }
}

/// Where a long-running command says what happens.
pub type Tell<'a> = dyn Fn(&str) + Send + Sync + 'a;

/// Runs a command.
pub fn run(command: Command, world: &World, tell: &Tell<'_>) -> Report {
    match command {
        Command::Build(args) => build::run(&args, world),
        Command::Check(args) => check::run(&args, world, tell),
        Command::Serve(args) => serve::run(&args, world, tell),
        Command::New(args) => new::run(&args, world),
        Command::Init(args) => init::run(&args, world),
        Command::Stats(args) => stats::run(&args, world),
        Command::Test(args) => test::run(&args, world),
        Command::Search(args) => search::run(&args, world),
        Command::Schema(args) => schema::run(&args, world),
        Command::Explain(args) => explain::run(&args),
    }
}

/// The folder of a guide, or what to say if it is none.
fn project_root(project: &Project) -> Result<&Path, Report> {
    match project::check_root(&project.root) {
        Ok(()) => Ok(&project.root),
        Err(reason) => Err(Report::usage(reason.code, &reason.message, &reason.help)),
    }
}

/// What earlier runs of this program have kept of a guide.
fn cache_of(root: &Path, world: &World) -> Cache {
    Cache::load(&project::cache_path(root)).for_program(world.program.as_deref())
}

/// Findings and a summary line for people.
fn findings(diagnostics: &[Diagnostic]) -> String {
    match diagnostics {
        [] => String::new(),
        _ => format!("{}{}\n", write(diagnostics, Format::Human), Summary::of(diagnostics)),
    }
}

/// The shape in which findings are told.
fn format_of(asked: Option<Format>, world: &World) -> Format {
    asked.unwrap_or(match world.is_github_actions {
        true => Format::Github,
        false => Format::Human,
    })
}

/// How a build with these findings ended.
fn exit_of(outcome: &Outcome) -> Exit {
    match (&outcome.manifest, &outcome.config) {
        (Some(_), _) => Exit::Fine,
        (None, Some(_)) => Exit::Findings,
        (None, None) => Exit::Usage,
    }
}
