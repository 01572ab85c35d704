//! One program in one temporary folder, with a time limit and an environment of its own.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::postgres::Server;
use crate::config::Runner;

/// Files beside a page, by their path inside its folder.
pub(super) type Files = BTreeMap<String, Arc<[u8]>>;

/// Compilers need time on a busy machine; a sample itself should take a second.
const TIME_LIMIT: Duration = Duration::from_secs(120);
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
pub(super) fn run(
    runner: &Runner,
    code: &str,
    files: &Files,
    server: Option<&Server>,
    scratch: &Path,
) -> io::Result<Ran> {
    // Two blocks of a session may run the same code at once: each worker has folders of its own.
    let worker = rayon::current_thread_index().unwrap_or_default();
    let folder =
        scratch.join(format!("{}-{worker}", &blake3::hash(code.as_bytes()).to_hex()[..16]));
    fs::create_dir_all(&folder)?;
    for (name, bytes) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)?;
    }
    fs::write(folder.join(&runner.file), code)?;
    let database = server.filter(|_| runner.service.is_some()).map(Server::database).transpose()?;
    let ran = supervised(runner, &folder, database.as_ref().map(|database| database.environment()));
    fs::remove_dir_all(&folder)?;
    ran
}

fn supervised(
    runner: &Runner,
    folder: &Path,
    database: Option<Vec<(&'static str, String)>>,
) -> io::Result<Ran> {
    let mut command = Command::new(&runner.command[0]);
    command
        .args(&runner.command[1..])
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("LANG", "C.UTF-8")
        .env("TZ", "UTC")
        // A compiler's own cache saves most of the time and holds nothing of a guide.
        .env("GOCACHE", folder.with_file_name("go-cache"))
        .env("GOFLAGS", "-mod=mod")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for name in ["PATH", "PYENV_ROOT", "RUSTUP_HOME", "CARGO_HOME", "JAVA_HOME", "GOROOT"] {
        // Where programs are installed is the machine's affair, not the guide's.
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.envs(database.into_iter().flatten());
    let mut child = command.spawn()?;
    let out = reader(child.stdout.take());
    let err = reader(child.stderr.take());
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if start.elapsed() > TIME_LIMIT {
            child.kill()?;
            child.wait()?;
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
