//! `askbook serve`: build in memory, answer from memory, rebuild on every change.
//!
//! Takes a project, serves the same [`Bundle`] that `build` would publish. The
//! browser only ever gets bytes by address from the bundle, never a path of the disk. What is added
//! to pages (the reload script) is added to responses, not to the bundle.

mod builder;
mod http;
mod watch;

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};

use tokio::sync::broadcast;

use self::builder::Builder;
use crate::bundle::Bundle;
use crate::cache::Cache;
use crate::offline;
use crate::path::OutputPath;
use crate::pipeline::Options;
use crate::project::cache_path;

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
    /// Pages that were made since, before all others.
    newer: BTreeMap<OutputPath, Arc<[u8]>>,
    /// Errors of the newest build, as text; empty if there are none.
    problems: Arc<str>,
    /// Counts builds; browsers compare it after a reconnection.
    revision: u64,
}

impl Shown {
    /// The bytes of one file.
    fn file(&self, path: &OutputPath) -> Option<&Arc<[u8]>> {
        self.newer.get(path).or_else(|| self.bundle.file(path))
    }
}

/// What the web server and the builder share.
struct Shared {
    shown: RwLock<Shown>,
    changes: broadcast::Sender<u64>,
}

impl Shared {
    fn shown(&self) -> Shown {
        // A value is replaced whole, so a panic elsewhere cannot have left half of one.
        self.shown.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Shows a site with the pages that are newer than it, or the last good one with what is wrong, and
    /// tells browsers if any page of theirs may have changed.
    fn show(
        &self,
        bundle: Option<Bundle>,
        newer: BTreeMap<OutputPath, Arc<[u8]>>,
        problems: String,
    ) {
        let mut shown = self.shown_for_change();
        let mut is_news = *shown.problems != *problems;
        shown.problems = problems.into();
        let Some(bundle) = bundle else {
            return self.tell(&mut shown, is_news);
        };
        let old = shown
            .bundle
            .files()
            .map(|(path, bytes)| (path, shown.newer.get(path).unwrap_or(bytes)));
        let new = bundle.files().map(|(path, bytes)| (path, newer.get(path).unwrap_or(bytes)));
        is_news |= old.filter(is_seen).ne(new.filter(is_seen));
        let old = std::mem::replace(&mut shown.bundle, Arc::new(bundle));
        shown.newer = newer;
        self.tell(&mut shown, is_news);
        // A large site takes its time to go: nobody should wait for it.
        drop(shown);
        drop(old);
    }

    /// Shows one page before the rest of its site is there.
    fn show_page(&self, path: OutputPath, bytes: Arc<[u8]>) {
        let mut shown = self.shown_for_change();
        let is_news = shown.file(&path) != Some(&bytes);
        shown.newer.insert(path, bytes);
        self.tell(&mut shown, is_news);
    }

    fn tell(&self, shown: &mut Shown, is_news: bool) {
        if is_news {
            shown.revision += 1;
            // Nobody may be connected: then there is nobody to tell.
            drop(self.changes.send(shown.revision));
        }
    }

    fn shown_for_change(&self) -> RwLockWriteGuard<'_, Shown> {
        self.shown.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a file is a page or what pages are dressed in: what is searched and what programs read may
/// change without an open page having to be loaded again, and so may the worker, which has no place here.
fn is_seen((path, _): &(&OutputPath, &Arc<[u8]>)) -> bool {
    let is_for_programs = ["idx", "json", "md", "txt", "xml"].contains(&path.extension());
    !is_for_programs && path.as_str() != offline::WORKER
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
    let builder = Arc::new(Builder::new(root, options, Arc::clone(&shared)));
    let cache = cache.keeping_values();
    tell(&builder.build("the guide", &cache));
    // What later builds of this process use again, they keep in memory.
    if let Err(error) = cache.save(&cache_path(root)) {
        tell(&format!("warning: the cache was not written: {error}\n"));
    }
    let cache = cache.next_generation();
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
    // Before it is told that all is ready: an interrupt in between would be lost where it is ignored, as in
    // what a script starts in the background. Until here it simply ends the process, which is as good.
    let interrupted = tokio::spawn(tokio::signal::ctrl_c());
    tokio::task::yield_now().await;
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
        drop(interrupted.await);
    });
    let (lines, mut told) = tokio::sync::mpsc::unbounded_channel();
    let _following = std::thread::spawn(move || {
        // The receiver goes away with the server.
        builder.follow(cache, &changed, move |line| drop(lines.send(line)));
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
