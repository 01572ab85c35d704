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
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use super::Folders;
use super::postgres::{Database, Server};
use super::program::Form;
use super::transcript;
use crate::config::Runner;

/// Files beside a page, by their path inside its folder.
pub(super) type Files = BTreeMap<String, Arc<[u8]>>;

/// Compilers need time on a busy machine; a sample itself should take a second.
const TIME_LIMIT: Duration = Duration::from_secs(120);
/// The time that its last words may take to arrive.
const AFTER_ITS_END: Duration = Duration::from_secs(5);
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
    pub(super) folders: &'a Folders<'a>,
}

/// What a runner says of its version.
///
/// It is a command of the guide as every other: it gets as little, and no more time.
pub(super) fn version(runner: &Runner, folders: &Folders<'_>) -> Result<String, String> {
    let program = runner.version.first().ok_or("no version command is declared")?;
    // Java tells its version on standard error.
    let mut command = limited(&runner.version, "exec \"$@\" 2>&1");
    plain(&mut command, folders.scratch, folders.kept).stdin(Stdio::null()).stderr(Stdio::piped());
    match supervised(&mut command).map_err(|error| error.to_string())? {
        Ran::Printed(text) => Ok(text.trim().to_owned()),
        Ran::Failed { status, .. } => Err(format!("`{program}` ended with {status}")),
        Ran::TookTooLong(seconds) => {
            Err(format!("`{program}` ran for more than {seconds} seconds"))
        }
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
    let folder = job.folders.scratch.join(name);
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

    /// A program with limits, which finds the database if there is one.
    fn command(&self, words: &[String], execute: &str) -> Command {
        let mut command = limited(words, execute);
        plain(&mut command, self.folder, self.job.folders.kept);
        command.envs(self.database.into_iter().flat_map(Database::environment));
        command
    }
}

/// A program in a folder, with nothing of our environment that it does not need.
fn plain<'a>(command: &'a mut Command, folder: &Path, kept: &Path) -> &'a mut Command {
    command
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("LANG", "C.UTF-8")
        .env("TZ", "UTC")
        // A compiler's own cache saves most of the time and holds nothing of a guide.
        .env("GOCACHE", kept.join("go-cache"))
        .env("GOFLAGS", "-mod=mod")
        .envs(installed())
        .stdout(Stdio::piped())
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
    let [out, err] = [reader(child.stdout.take()), reader(child.stderr.take())];
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
    // What it started and left running ends with it.
    stop_group(&child)?;
    let [out, err] = [printed(&out)?, printed(&err)?];
    if status.success() {
        return Ok(Ran::Printed(out));
    }
    let error = err.trim().lines().last().unwrap_or("it said nothing").to_owned();
    Ok(Ran::Failed { status: status.to_string(), error })
}

/// What a program printed that has ended.
fn printed(reader: &Receiver<String>) -> io::Result<String> {
    let held = "it left a program running that holds its output open";
    reader.recv_timeout(AFTER_ITS_END).map_err(|_| io::Error::other(held))
}

/// Stops a program and all that it started, which would hold its output open.
fn stop(child: &mut Child) -> io::Result<()> {
    stop_group(child)?;
    child.kill()?;
    child.wait().map(drop)
}

fn stop_group(child: &Child) -> io::Result<()> {
    if cfg!(unix) {
        let group = format!("-{}", child.id());
        // It says so when there is nobody left.
        Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status()?;
    }
    Ok(())
}

/// Reads a stream on a thread of its own, so that no pipe fills up, and sends what it held.
fn reader(stream: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(stream) = stream {
            // What was read before a failure is still what the program printed.
            drop(stream.take(OUTPUT_LIMIT_BYTES).read_to_end(&mut bytes));
        }
        // Nobody waits for the output of a program that was stopped.
        drop(sender.send(String::from_utf8_lossy(&bytes).into_owned()));
    });
    receiver
}
