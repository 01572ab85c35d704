//! A PostgreSQL server of our own: started for one run, with a fresh database for every program.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

/// Where Debian keeps the programs of each version; elsewhere they are on the path.
const DEBIAN: &str = "/usr/lib/postgresql";

/// A running server, stopped and removed when it is dropped.
pub(super) struct Server {
    programs: PathBuf,
    folder: TempDir,
    as_user: Vec<&'static str>,
    databases: AtomicUsize,
}

/// A database that only one program uses.
pub(super) struct Database<'a> {
    server: &'a Server,
    name: String,
}

impl Server {
    /// Starts a server that listens in a folder of its own and nowhere else.
    ///
    /// # Errors
    ///
    /// If the programs of PostgreSQL are not there, or it does not start.
    pub(super) fn start() -> io::Result<Self> {
        let programs = programs().ok_or_else(|| io::Error::other("`initdb` was not found"))?;
        let folder = tempfile::Builder::new().prefix("askbook-postgres-").tempdir()?;
        // PostgreSQL refuses to run as root; Debian's package brings a user for it.
        let is_root = fs::metadata("/proc/self").is_ok_and(|metadata| owner(&metadata) == 0);
        let as_user = if is_root { vec!["runuser", "-u", "postgres", "--"] } else { Vec::new() };
        let server = Self { programs, folder, as_user, databases: AtomicUsize::new(0) };
        if is_root {
            succeed(Command::new("chown").arg("postgres").arg(server.folder.path()))?;
        }
        let data = server.folder.path().join("data");
        let data = data.to_string_lossy();
        succeed(&mut server.command(
            "initdb",
            &["-D", &data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"],
        ))?;
        let options =
            format!("-k {} -c listen_addresses= -c fsync=off", server.folder.path().display());
        let log = server.folder.path().join("log");
        succeed(&mut server.command(
            "pg_ctl",
            &["-D", &data, "-w", "-s", "-l", &log.to_string_lossy(), "-o", &options, "start"],
        ))?;
        Ok(server)
    }

    /// A fresh database.
    pub(super) fn database(&self) -> io::Result<Database<'_>> {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("sample{number}");
        let host = self.folder.path().to_string_lossy().into_owned();
        succeed(&mut self.command("createdb", &["-h", &host, "-U", "postgres", &name]))?;
        Ok(Database { server: self, name })
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let path = self.programs.join(program);
        let mut command = match self.as_user.split_first() {
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(path);
                command
            }
            None => Command::new(path),
        };
        command.args(arguments).current_dir(self.folder.path());
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.folder.path().join("data");
        // A server that is gone already need not be stopped.
        drop(succeed(
            &mut self.command(
                "pg_ctl",
                &["-D", &data.to_string_lossy(), "-s", "-m", "immediate", "stop"],
            ),
        ));
    }
}

impl Database<'_> {
    /// Whether a session waits for a lock that another one holds.
    pub(super) fn is_held_up(&self, process: &str) -> io::Result<bool> {
        let query = format!("SELECT cardinality(pg_blocking_pids({process})) > 0");
        let host = self.server.folder.path().to_string_lossy().into_owned();
        let told = succeed(&mut self.server.command(
            "psql",
            &["-X", "-A", "-t", "-h", &host, "-U", "postgres", "-d", &self.name, "-c", &query],
        ))?;
        Ok(told.trim() == "t")
    }

    /// What a program needs to find the database.
    pub(super) fn environment(&self) -> Vec<(&'static str, String)> {
        let host = self.server.folder.path().to_string_lossy().into_owned();
        vec![
            ("DSN", format!("host={host} user=postgres dbname={}", self.name)),
            ("PGHOST", host),
            ("PGUSER", "postgres".to_owned()),
            ("PGDATABASE", self.name.clone()),
        ]
    }
}

fn owner(metadata: &fs::Metadata) -> u32 {
    #[cfg(unix)]
    return std::os::unix::fs::MetadataExt::uid(metadata);
    #[cfg(not(unix))]
    return u32::from(metadata.is_dir());
}

/// The folder of PostgreSQL's own programs; of several versions the newest.
fn programs() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = fs::read_dir(DEBIAN)
        .map(|entries| entries.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    versions.sort();
    let on_path = std::env::var_os("PATH")?;
    versions
        .into_iter()
        .rev()
        .chain(std::env::split_paths(&on_path))
        .find(|folder| has_initdb(folder))
}

fn has_initdb(folder: &Path) -> bool {
    folder.join("initdb").is_file()
}

/// What a program printed, if it ended well.
fn succeed(command: &mut Command) -> io::Result<String> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let error = String::from_utf8_lossy(&output.stderr);
    let line = error.trim().lines().last().unwrap_or("it said nothing").to_owned();
    Err(io::Error::other(line))
}
