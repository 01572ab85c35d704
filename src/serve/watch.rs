//! Which files of the project have changed.
//!
//! Takes the root, sends the changed paths after each burst of changes. Where the system has no
//! notifications left, the folders are polled instead, and that is said.

use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::Duration;

use notify::{Config, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};
use notify_debouncer_full::{DebounceEventResult, Debouncer, NoCache, new_debouncer_opt};

use crate::source::{CONTENT, SETTINGS, THEMES};

/// Editors write a file in several steps; a burst is over after this pause.
const PAUSE: Duration = Duration::from_millis(15);
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// A running watcher, which stops when it is dropped.
#[expect(dead_code, reason = "held for its effect: dropping it ends the watch")]
pub(super) enum Watching {
    Notified(Debouncer<RecommendedWatcher, NoCache>),
    Polled(Debouncer<PollWatcher, NoCache>),
}

/// A watcher and what to tell about it.
pub(super) struct Started {
    pub(super) watcher: Watching,
    pub(super) note: String,
}

/// Begins to watch.
///
/// # Errors
///
/// What the system said when neither notification nor polling could be begun.
pub(super) fn watch(root: &Path, changed: Sender<Vec<PathBuf>>) -> notify::Result<Started> {
    match started::<RecommendedWatcher>(root, changed.clone(), Config::default()) {
        Ok(watcher) => Ok(Started {
            watcher: Watching::Notified(watcher),
            note: "watching for changes; press Ctrl+C to stop\n".to_owned(),
        }),
        Err(error) => {
            let config = Config::default().with_poll_interval(POLL_INTERVAL);
            let watcher = started::<PollWatcher>(root, changed, config)?;
            let note = format!("warning: looking for changes twice a second, because {error}\n");
            Ok(Started { watcher: Watching::Polled(watcher), note })
        }
    }
}

fn started<W: Watcher>(
    root: &Path,
    changed: Sender<Vec<PathBuf>>,
    config: Config,
) -> notify::Result<Debouncer<W, NoCache>> {
    let watched = root.to_owned();
    let handler = move |result: DebounceEventResult| {
        let mut paths: Vec<PathBuf> = match result {
            Ok(events) => events
                .into_iter()
                .filter(|event| !matches!(event.kind, EventKind::Access(_)))
                .flat_map(|event| event.event.paths)
                .filter(|path| !is_temporary(path))
                .collect(),
            // Something was missed: the root stands for everything.
            Err(_) => vec![watched.clone()],
        };
        paths.sort();
        paths.dedup();
        if !paths.is_empty() {
            // The receiver goes away with the server.
            drop(changed.send(paths));
        }
    };
    let mut debouncer =
        new_debouncer_opt::<_, W, NoCache>(PAUSE, None, handler, NoCache::new(), config)?;
    for (name, mode) in [
        (SETTINGS, RecursiveMode::NonRecursive),
        (CONTENT, RecursiveMode::Recursive),
        (THEMES, RecursiveMode::Recursive),
    ] {
        let path = root.join(name);
        if path.exists() {
            debouncer.watch(&path, mode)?;
        }
    }
    Ok(debouncer)
}

/// Files that editors write while they write the real one.
fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.starts_with('.') || name.ends_with('~') || name.ends_with(".swp") || name == "4913"
}
