//! The command line as typed.
//!
//! Types for clap and nothing else: what the words mean is decided in `commands`. Where an option picks
//! one of a type that the program has anyway, that type gets its words here.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::diagnostic::Format;
use crate::export::host::Host;
use crate::schema::Subject;

/// Builds question guides: Markdown questions in, a fast, accessible, checked site out.
#[derive(Debug, Parser)]
#[command(name = "askbook", version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check the guide and publish it to its output folder
    Build(BuildArgs),
    /// Report every mistake of the guide, and publish nothing
    Check(CheckArgs),
    /// Build in memory, serve at a local address, and rebuild on every change
    Serve(ServeArgs),
    /// Write a question that already passes the check as a draft
    New(NewArgs),
    /// Begin a new guide in an empty folder
    Init(InitArgs),
    /// Count what the guide covers and what is missing
    Stats(StatsArgs),
    /// Run the code samples and compare what they print with what the pages show
    Test(TestArgs),
    /// Search the guide as its readers do, and see why a page ranks where it does
    Search(SearchArgs),
    /// Write JSON Schemas of front matter and settings, for editors
    Schema(SchemaArgs),
    /// Say what a finding means and how it is mended
    Explain(ExplainArgs),
}

impl Cli {
    /// What was typed; ends the process with a word of help if that is nothing that can be done.
    pub fn typed() -> Self {
        Self::try_parse().unwrap_or_else(|error| with_root(error).exit())
    }
}

/// Other generators take the folder of a site as it is; here it stands behind `--root`.
fn with_root(mut error: clap::Error) -> clap::Error {
    let argument = match (error.kind(), error.get(ContextKind::InvalidArg)) {
        (ErrorKind::UnknownArgument, Some(ContextValue::String(argument))) => argument.clone(),
        (_, _) => return error,
    };
    if !argument.starts_with('-') {
        let tip = format!("the folder of a guide is named with '--root {argument}'").into();
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    error
}

fn address(text: &str) -> Result<IpAddr, &'static str> {
    text.parse().map_err(|_| "127.0.0.1 is this machine alone, and 0.0.0.0 all that can reach it")
}

/// Where the guide is.
#[derive(Debug, Args)]
pub struct Project {
    /// The folder that holds askbook.toml
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
}

/// Options of `build`.
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// Where the guide is.
    #[command(flatten)]
    pub project: Project,
    /// Folder to publish to, instead of the one in the settings
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Address of the published site, instead of the one in the settings
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Write what this host reads too: headers, redirects, caching
    #[arg(long, value_enum)]
    pub host: Option<Host>,
    /// Publish drafts too
    #[arg(long)]
    pub drafts: bool,
    /// Neither read nor write the cache
    #[arg(long)]
    pub no_cache: bool,
    /// Build twice, without and with the cache, and compare
    #[arg(long, conflicts_with = "no_cache")]
    pub verify: bool,
}

/// Options of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Where the guide is.
    #[command(flatten)]
    pub project: Project,
    /// Shape of the findings; in GitHub Actions `github` is the default
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Exit with status 1 on warnings too
    #[arg(long)]
    pub deny_warnings: bool,
    /// Write every fix that is certain to the files, then check again
    #[arg(long)]
    pub fix: bool,
    /// Check drafts as if they were to be published
    #[arg(long)]
    pub drafts: bool,
    /// Ask the network whether links to other sites still lead somewhere
    #[arg(long)]
    pub external: bool,
}

/// Options of `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Where the guide is.
    #[command(flatten)]
    pub project: Project,
    /// Address to listen at; anything but this machine's own is open to the network
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1", value_parser = address)]
    pub host: IpAddr,
    /// Port to listen at; 0 takes a free one
    #[arg(long, default_value_t = 4000)]
    pub port: u16,
    /// Show drafts
    #[arg(long)]
    pub drafts: bool,
    /// Open the home page in a browser
    #[arg(long)]
    pub open: bool,
}

/// Options of `new`.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// The question, as an interviewer would say it, or a slug of wanted.toml; asked for at a terminal
    pub title: Option<String>,
    /// Where the guide is.
    #[command(flatten)]
    pub project: Project,
    /// Home topic
    #[arg(long, value_name = "SLUG")]
    pub topic: Option<String>,
    /// Category
    #[arg(long, value_name = "SLUG")]
    pub category: Option<String>,
    /// Lowest level at which the question is asked
    #[arg(long, value_name = "SLUG")]
    pub level: Option<String>,
    /// Kind of answer
    #[arg(long, value_name = "SLUG")]
    pub kind: Option<String>,
    /// Name of the page, instead of one made from the title
    #[arg(long, value_name = "SLUG")]
    pub slug: Option<String>,
}

/// Options of `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder, which must be empty or not there yet
    pub dir: PathBuf,
    /// The name of the guide
    #[arg(long)]
    pub title: Option<String>,
    /// What it is, in a sentence
    #[arg(long)]
    pub description: Option<String>,
    /// Where it will be published
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
}

/// Options of `stats`.
#[derive(Debug, Args)]
pub struct StatsArgs {
    /// Where the guide is.
    #[command(flatten)]
    pub project: Project,
    /// Shape of the figures
    #[arg(long, value_enum, default_value_t = StatsFormat::Table)]
    pub format: StatsFormat,
}

/// Shapes of figures.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum StatsFormat {
    /// Tables for people
    Table,
    /// One JSON object
    Json,
}

/// Options of `test`.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// Only pages whose path holds this text, or one file: `sql/joins`, `./content/questions/sql/joins.md`
    pub filter: Option<String>,
    /// Where the guide is.
    #[command(flatten)]
    pub project: Project,
    /// Shape of the findings; in GitHub Actions `github` is the default
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Write the real output into the pages
    #[arg(long)]
    pub bless: bool,
}

/// Options of `search`.
#[derive(Debug, Args)]
pub struct SearchArgs {
    /// What a reader types
    pub query: String,
    /// Where the guide is.
    #[command(flatten)]
    pub project: Project,
    /// Show where each score comes from
    #[arg(long)]
    pub explain: bool,
    /// Pages to show
    #[arg(long, default_value_t = 10)]
    pub limit: usize,
    /// Shape of the answer
    #[arg(long, value_enum, default_value_t = SearchFormat::Table)]
    pub format: SearchFormat,
}

/// Shapes of answers.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SearchFormat {
    /// Lines for people
    Table,
    /// One JSON object
    Json,
}

/// Options of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Which schema; without one, all are written to the folder of `--output`
    #[arg(value_enum, required_unless_present = "output")]
    pub subject: Option<Subject>,
    /// Where the guide is.
    #[command(flatten)]
    pub project: Project,
    /// Folder to write to, instead of standard output
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The code of a finding, such as link/broken; without one, all are listed
    pub code: Option<String>,
}

impl ValueEnum for Host {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Self::Netlify => ("netlify", "`_headers` and `_redirects`"),
            Self::Cloudflare => ("cloudflare", "Cloudflare Pages: `_headers` and `_redirects`"),
            Self::Vercel => ("vercel", "`vercel.json`"),
            Self::Github => ("github", "GitHub Pages: `.nojekyll`, and the policy in each page"),
            Self::Nginx => ("nginx", "`.askbook-nginx.conf`, to be included in a server block"),
            Self::Caddy => ("caddy", "`.askbook-Caddyfile`, to be imported into a site block"),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Human, Self::Concise, Self::Json, Self::Sarif, Self::Github]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Self::Human => ("human", "Excerpts with the place marked"),
            Self::Concise => ("concise", "One line each"),
            Self::Json => ("json", "One JSON object"),
            Self::Sarif => ("sarif", "SARIF 2.1.0, for code scanning"),
            Self::Github => ("github", "Annotations for GitHub Actions"),
            // For a page of the dev server, not for a terminal.
            Self::Plain => return None,
        };
        Some(PossibleValue::new(name).help(help))
    }
}

impl ValueEnum for Subject {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Self::Question => ("question", "The front matter of questions"),
            Self::Guide => ("guide", "The front matter of written pages"),
            Self::Settings => ("settings", "The settings, askbook.toml"),
            Self::Categories => ("categories", "content/categories.toml"),
            Self::Levels => ("levels", "content/levels.toml"),
            Self::Topics => ("topics", "content/topics.toml"),
            Self::Kinds => ("kinds", "content/kinds.toml"),
            Self::Wanted => ("wanted", "content/wanted.toml"),
            Self::Glossary => ("glossary", "content/glossary.toml"),
        };
        Some(PossibleValue::new(name).help(help))
    }
}
