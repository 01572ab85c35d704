//! `askbook serve`: build in memory, answer from memory, rebuild on every change.
//!
//! Takes a project, serves the same [`Bundle`] that `build` would publish. The
//! browser only ever gets bytes by address from the bundle, never a path of the disk. What is added
//! to pages (the reload script) is added to responses, not to the bundle.

mod http;
mod watch;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, RwLock};
use std::time::Instant;

use tokio::sync::broadcast;

use crate::bundle::{Bundle, Memory};
use crate::cache::Cache;
use crate::diagnostic::{Diagnostic, Format, Summary, write};
use crate::pipeline::Options;
use crate::project::{self, cache_path};

/// Where to listen.
#[derive(Clone, Copy, Debug)]
pub struct Listen {
    /// The address; anything but this machine's own is open to the network.
    pub host: IpAddr,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// Whether the home page is opened in a browser.
    pub opens_browser: bool,
}

/// Why serving ended.
#[derive(Debug)]
pub enum Failure {
    /// Something else listens at the port.
    PortTaken(u16),
    /// The machine refused.
    Machine {
        /// What was being done.
        operation: String,
        /// What the system said.
        source: io::Error,
    },
}

/// Where a line for the terminal goes.
type Tell<'a> = dyn Fn(&str) + Send + Sync + 'a;

/// What browsers are shown now.
#[derive(Clone, Debug, Default)]
struct Shown {
    /// The last site without errors.
    bundle: Arc<Bundle>,
    /// Errors of the newest build, as text; empty if there are none.
    problems: Arc<str>,
    /// Counts builds; browsers compare it after a reconnection.
    revision: u64,
}

/// What the web server and the builder share.
struct Shared {
    shown: RwLock<Shown>,
    changes: broadcast::Sender<u64>,
}

impl Shared {
    fn shown(&self) -> Shown {
        // A value is replaced whole, so a panic elsewhere cannot have left half of one.
        self.shown.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}

/// Serves the guide at `root` until interrupted.
///
/// # Errors
///
/// [`Failure`] if it cannot listen, or stops to.
pub fn serve(
    root: &Path,
    listen: &Listen,
    options: Options,
    cache: Cache,
    tell: &Tell<'_>,
) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = during("start the server", runtime)?;
    runtime.block_on(listening(listen, root, options, cache, tell))
}

fn during<T>(operation: &str, result: io::Result<T>) -> Result<T, Failure> {
    result.map_err(|source| Failure::Machine { operation: operation.to_owned(), source })
}

async fn listening(
    listen: &Listen,
    root: &Path,
    options: Options,
    cache: Cache,
    tell: &Tell<'_>,
) -> Result<(), Failure> {
    let address = SocketAddr::new(listen.host, listen.port);
    let listener = match tokio::net::TcpListener::bind(address).await {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            return Err(Failure::PortTaken(listen.port));
        }
        bound => during(&format!("listen at {address}"), bound)?,
    };
    let address = listener.local_addr().unwrap_or(address);
    let (changes, _) = broadcast::channel(16);
    let shared = Arc::new(Shared { shown: RwLock::default(), changes });
    let mut builder = Builder {
        // Notifications name real paths: so does the line that tells of them.
        root: root.canonicalize().unwrap_or_else(|_| root.to_owned()),
        options,
        cache: cache.keeping_values(),
        shared: Arc::clone(&shared),
    };
    tell(&builder.build("the guide"));
    // What later builds of this process use again, they keep in memory.
    if let Err(error) = builder.cache.save(&cache_path(root)) {
        tell(&format!("warning: the cache was not written: {error}\n"));
    }
    builder.turn();
    let url = http::url(address);
    tell(&format!("\n  {url}\n\n"));
    if !address.ip().is_loopback() {
        tell("warning: everybody on the network can read this guide while it is served\n");
        if address.ip().is_unspecified() {
            let port = address.port();
            tell(&format!("they find it at port {port} of this machine's address\n"));
        }
        tell("\n");
    }
    if listen.opens_browser {
        open(&url, tell);
    }
    let (events, changed) = std::sync::mpsc::channel();
    let _watcher = match watch::watch(&builder.root, events) {
        Ok(watching) => {
            tell(&watching.note);
            Some(watching.watcher)
        }
        Err(error) => {
            tell(&format!("warning: changes are not seen: {error}\n"));
            None
        }
    };
    let server = axum::serve(listener, http::router(Arc::clone(&shared), address));
    let stopped = server.with_graceful_shutdown(async {
        // Without a handler for the interrupt the process simply ends, which is just as good.
        drop(tokio::signal::ctrl_c().await);
    });
    let (lines, mut told) = tokio::sync::mpsc::unbounded_channel();
    let _rebuilding = std::thread::spawn(move || {
        while let Ok(paths) = changed.recv() {
            let line = builder.rebuild(&paths);
            if lines.send(line).is_err() {
                break;
            }
        }
    });
    tokio::select! {
        outcome = stopped => during("serve", outcome),
        () = async { while let Some(line) = told.recv().await { tell(&line); } std::future::pending().await } => {
            unreachable!("the branch waits for ever")
        }
    }
}

/// Opens the home page in the user's browser.
fn open(url: &str, tell: &Tell<'_>) {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let mut command = if cfg!(windows) { Command::new("cmd") } else { Command::new(program) };
    if cfg!(windows) {
        command.args(["/C", "start", ""]);
    }
    if let Err(error) = command.arg(url).spawn() {
        tell(&format!("warning: no browser was opened: {error}\n"));
    }
}

/// Builds into what is shown.
struct Builder {
    root: PathBuf,
    options: Options,
    cache: Cache,
    shared: Arc<Shared>,
}

impl Builder {
    /// Builds once and gives the line to tell.
    fn build(&mut self, what: &str) -> String {
        let start = Instant::now();
        let memory = Memory::default();
        let outcome = project::build(&self.root, &self.cache, &self.options, &memory);
        let took = start.elapsed().as_millis();
        let summary = Summary::of(&outcome.diagnostics);
        let problems = match outcome.manifest {
            Some(_) => String::new(),
            None => errors_as_text(&outcome.diagnostics),
        };
        let bundle = outcome.manifest.map(|_| memory.into_bundle());
        let has_site = bundle.is_some();
        let revision = self.show(bundle, problems);
        // Nobody may be connected: then there is nobody to tell.
        drop(self.shared.changes.send(revision));
        let said = match outcome.diagnostics.is_empty() {
            true => String::new(),
            false => format!("{}{summary}\n", write(&outcome.diagnostics, Format::Human)),
        };
        match (has_site, outcome.diagnostics.is_empty()) {
            (true, true) => format!("built {what} in {took} ms\n"),
            (true, false) => format!("{said}built {what} in {took} ms\n"),
            (false, _) => format!("{said}the last good site is still served ({took} ms)\n"),
        }
    }

    /// Makes what this build has used known to the next one.
    fn turn(&mut self) {
        self.cache = std::mem::take(&mut self.cache).next_generation();
    }

    fn rebuild(&mut self, paths: &[PathBuf]) -> String {
        let shown = |path: &PathBuf| {
            let inside = path.strip_prefix(&self.root).unwrap_or(path);
            inside.display().to_string()
        };
        let what = match paths {
            [] => "the guide".to_owned(),
            [one] if one == &self.root => "the guide".to_owned(),
            [one] => shown(one),
            [first, rest @ ..] => format!("{} and {} more", shown(first), rest.len()),
        };
        let line = self.build(&what);
        self.turn();
        line
    }

    fn show(&self, bundle: Option<Bundle>, problems: String) -> u64 {
        let mut shown =
            self.shared.shown.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(bundle) = bundle {
            shown.bundle = Arc::new(bundle);
        }
        shown.problems = problems.into();
        shown.revision += 1;
        shown.revision
    }
}

fn errors_as_text(diagnostics: &[Diagnostic]) -> String {
    format!("{}{}", write(diagnostics, Format::Plain), Summary::of(diagnostics))
}
