//! One program in one temporary folder, with limits and an environment of its own.
//!
//! Takes a runner and a sample, gives what it printed. The limits are the shell's `ulimit`, set before
//! the program begins; what outlasts its time is stopped with everything that it started.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::postgres::{Database, Server};
use super::program::Form;
use super::transcript;
use crate::config::Runner;

/// Files beside a page, by their path inside its folder.
pub(super) type Files = BTreeMap<String, Arc<[u8]>>;

/// Compilers need time on a busy machine; a sample itself should take a second.
const TIME_LIMIT: Duration = Duration::from_secs(120);
/// Memory of each process that it can write to. Address space is no measure: Java and Go reserve more
/// than they use.
const MEMORY_LIMIT_KIB: u64 = 4 << 20;
/// More output than this is nobody's sample.
const OUTPUT_LIMIT_BYTES: u64 = 1 << 20;

/// How a run ended.
pub(super) enum Ran {
    /// It ended well and printed this.
    Printed(String),
    /// It ended with another status; the last line of its standard error.
    Failed { status: String, error: String },
    /// It was stopped after so many seconds.
    TookTooLong(u64),
}

/// What is run.
pub(super) struct Job<'a> {
    pub(super) runner: &'a Runner,
    pub(super) form: Form,
    pub(super) code: &'a str,
    /// What a transcript finds done.
    pub(super) before: &'a str,
    pub(super) files: &'a Files,
    pub(super) server: Option<&'a Server>,
    /// A folder of this run, and one that outlasts it.
    pub(super) scratch: &'a Path,
    pub(super) kept: &'a Path,
}

/// What a runner says of its version.
pub(super) fn version(runner: &Runner) -> Result<String, String> {
    let (program, arguments) =
        runner.version.split_first().ok_or("no version command is declared")?;
    let output =
        Command::new(program).args(arguments).output().map_err(|error| error.to_string())?;
    // Java tells its version on standard error.
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    if output.status.success() {
        Ok(text.trim().to_owned())
    } else {
        Err(format!("`{program}` ended with {}", output.status))
    }
}

/// Runs a program in a folder of its own below `scratch`.
///
/// # Errors
///
/// If the folder cannot be made or the program not started.
pub(super) fn run(job: &Job<'_>) -> io::Result<Ran> {
    // Two blocks of a session may run the same code at once: each worker has folders of its own.
    let worker = rayon::current_thread_index().unwrap_or_default();
    let name = format!("{}-{worker}", &blake3::hash(job.code.as_bytes()).to_hex()[..16]);
    let folder = job.scratch.join(name);
    fs::create_dir_all(&folder)?;
    for (name, bytes) in job.files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)?;
    }
    let is_served = job.runner.service.is_some();
    let database = job.server.filter(|_| is_served).map(Server::database).transpose()?;
    let bench = Bench { job, folder: &folder, database: database.as_ref() };
    let ran = match job.form {
        Form::File => bench.file(job.code),
        Form::Transcript => bench.transcript(),
    };
    fs::remove_dir_all(&folder)?;
    ran
}

struct Bench<'a> {
    job: &'a Job<'a>,
    folder: &'a Path,
    database: Option<&'a Database<'a>>,
}

impl Bench<'_> {
    fn file(&self, code: &str) -> io::Result<Ran> {
        fs::write(self.folder.join(&self.job.runner.file), code)?;
        let mut command = self.command(&self.job.runner.command, "exec \"$@\"");
        command.stdin(Stdio::null()).stderr(Stdio::piped());
        supervised(&mut command)
    }

    fn transcript(&self) -> io::Result<Ran> {
        let Some(words) = &self.job.runner.session else {
            let help = "its runner has no `session`: the program that is typed into";
            return Err(io::Error::other(help));
        };
        let Some(database) = self.database else {
            return Err(io::Error::other("a transcript needs a runner with a `service`"));
        };
        if !self.job.before.is_empty() {
            match self.file(self.job.before)? {
                Ran::Printed(_) => {}
                other @ (Ran::Failed { .. } | Ran::TookTooLong(_)) => return Ok(other),
            }
        }
        let start = || {
            // Errors are answers too, and have to stay among the others.
            let mut command = self.command(words, "exec \"$@\" 2>&1");
            command.stdin(Stdio::piped());
            command
        };
        transcript::run(self.job.code, database, start).map(Ran::Printed)
    }

    /// A program with limits, and with nothing of our environment that it does not need.
    fn command(&self, words: &[String], execute: &str) -> Command {
        let mut command = limited(words, execute);
        command
            .current_dir(self.folder)
            .env_clear()
            .env("HOME", self.folder)
            .env("LANG", "C.UTF-8")
            .env("TZ", "UTC")
            // A compiler's own cache saves most of the time and holds nothing of a guide.
            .env("GOCACHE", self.job.kept.join("go-cache"))
            .env("GOFLAGS", "-mod=mod")
            .stdout(Stdio::piped());
        command.envs(installed());
        command.envs(self.database.into_iter().flat_map(Database::environment));
        command
    }
}

/// Where programs are installed is the machine's affair, not the guide's.
fn installed() -> Vec<(&'static str, PathBuf)> {
    let home = std::env::home_dir();
    [
        ("PATH", ""),
        ("PYENV_ROOT", ".pyenv"),
        ("RUSTUP_HOME", ".rustup"),
        ("CARGO_HOME", ".cargo"),
        ("JAVA_HOME", ""),
        ("GOROOT", ""),
    ]
    .into_iter()
    .filter_map(|(name, below_home)| {
        let usual = || {
            let folder = home.as_ref()?.join(below_home);
            (!below_home.is_empty() && folder.is_dir()).then_some(folder)
        };
        Some((name, std::env::var_os(name).map(PathBuf::from).or_else(usual)?))
    })
    .collect()
}

#[cfg(unix)]
fn limited(words: &[String], execute: &str) -> Command {
    let mut command = Command::new("sh");
    // A system that cannot set a limit runs the program without it.
    let script = format!(
        "ulimit -d {MEMORY_LIMIT_KIB} 2>/dev/null; ulimit -t {} 2>/dev/null; {execute}",
        TIME_LIMIT.as_secs()
    );
    command.args(["-c", &script, "sh"]).args(words);
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}

#[cfg(not(unix))]
fn limited(words: &[String], _: &str) -> Command {
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]);
    command
}

fn supervised(command: &mut Command) -> io::Result<Ran> {
    let mut child = command.spawn()?;
    let out = reader(child.stdout.take());
    let err = reader(child.stderr.take());
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if start.elapsed() > TIME_LIMIT {
            stop(&mut child)?;
            return Ok(Ran::TookTooLong(TIME_LIMIT.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let out = out.join().unwrap_or_default();
    let err = err.join().unwrap_or_default();
    if status.success() {
        return Ok(Ran::Printed(out));
    }
    let error = err.trim().lines().last().unwrap_or("it said nothing").to_owned();
    Ok(Ran::Failed { status: status.to_string(), error })
}

/// Stops a program and all that it started, which would hold its output open.
fn stop(child: &mut Child) -> io::Result<()> {
    if cfg!(unix) {
        Command::new("kill").args(["-KILL", "--", &format!("-{}", child.id())]).status()?;
    }
    child.kill()?;
    child.wait().map(drop)
}

/// Reads a stream on a thread of its own, so that no pipe fills up.
fn reader(stream: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(stream) = stream {
            // What was read before a failure is still what the program printed.
            drop(stream.take(OUTPUT_LIMIT_BYTES).read_to_end(&mut bytes));
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
