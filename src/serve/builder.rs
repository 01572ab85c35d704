//! Builds the guide whenever it changes, and shows the page that is being written before the rest.
//!
//! Takes changed paths, replaces what browsers are shown. Where only the words of one page have changed,
//! its title among them, that page is made at once from what the last build has left, and browsers are
//! told; then everything is built and checked as ever, on a thread of its own, so that the next keystroke
//! need not wait for it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::Shared;
use crate::bundle::Memory;
use crate::cache::Cache;
use crate::diagnostic::{Diagnostic, Format, Summary, write};
use crate::path::{ContentPath, OutputPath};
use crate::pipeline::{Options, Standing};
use crate::project;
use crate::source;

/// Builds into what is shown.
pub(super) struct Builder {
    pub(super) root: PathBuf,
    options: Options,
    shared: Arc<Shared>,
    ahead: Mutex<Ahead>,
}

/// What is needed to be ahead of the next build.
#[derive(Default)]
struct Ahead {
    /// What the last build has left; `None` if it found an error.
    standing: Option<Standing>,
    /// Pages that were made since the newest build has read the project.
    pages: BTreeMap<OutputPath, Arc<[u8]>>,
    /// Coloured code of these pages.
    cache: Cache,
}

impl Builder {
    pub(super) fn new(root: &Path, options: Options, shared: Arc<Shared>) -> Self {
        // Notifications name real paths: so does the line that tells of them.
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        Self { root, options, shared, ahead: Mutex::default() }
    }

    /// Follows changes until there are no more; gives a line for each build.
    pub(super) fn follow(
        self: &Arc<Self>,
        mut cache: Cache,
        changed: &Receiver<Vec<PathBuf>>,
        tell: impl Fn(String) + Send + 'static,
    ) {
        let (builds, wanted) = std::sync::mpsc::channel::<Vec<PathBuf>>();
        let builder = Arc::clone(self);
        let _building = std::thread::spawn(move || {
            while let Ok(mut paths) = wanted.recv() {
                // What has come meanwhile is part of the same build.
                paths.extend(wanted.try_iter().flatten());
                let line = builder.build(&builder.name(paths), &cache);
                cache = cache.next_generation();
                tell(line);
            }
        });
        while let Ok(paths) = changed.recv() {
            self.show_ahead(&paths);
            if builds.send(paths).is_err() {
                break;
            }
        }
    }

    /// What changed, in a few words.
    fn name(&self, mut paths: Vec<PathBuf>) -> String {
        paths.sort();
        paths.dedup();
        let shown = |path: &PathBuf| {
            let inside = path.strip_prefix(&self.root).unwrap_or(path);
            inside.display().to_string()
        };
        match &paths[..] {
            [] => "the guide".to_owned(),
            [one] if *one == self.root => "the guide".to_owned(),
            [one] => shown(one),
            [first, rest @ ..] => format!("{} and {} more", shown(first), rest.len()),
        }
    }

    /// Builds once and gives the line to tell.
    pub(super) fn build(&self, what: &str, cache: &Cache) -> String {
        let start = Instant::now();
        let memory = Memory::default();
        // What was made ahead until now is in what is read next.
        self.ahead().pages.clear();
        let outcome = project::build(&self.root, cache, &self.options, &memory);
        let took = start.elapsed().as_millis();
        let summary = Summary::of(&outcome.diagnostics);
        let problems = match outcome.manifest {
            Some(_) => String::new(),
            None => errors_as_text(&outcome.diagnostics),
        };
        let (has_site, is_clean) = (outcome.manifest.is_some(), outcome.diagnostics.is_empty());
        let said = match is_clean {
            true => String::new(),
            false => format!("{}{summary}\n", write(&outcome.diagnostics, Format::Human)),
        };
        let standing = Standing::of(outcome);
        let bundle = has_site.then(|| memory.into_bundle());
        let mut ahead = self.ahead();
        let old = std::mem::replace(&mut ahead.standing, standing);
        self.shared.show(bundle, ahead.pages.clone(), problems);
        // A large guide takes its time to go: no page should wait for it.
        drop(ahead);
        drop(old);
        match has_site {
            true if is_clean => format!("built {what} in {took} ms\n"),
            true => format!("{said}built {what} in {took} ms\n"),
            false => format!("{said}the last good site is still served ({took} ms)\n"),
        }
    }

    /// Shows the page whose words have changed, if only one has and it stands where it stood.
    fn show_ahead(&self, paths: &[PathBuf]) {
        let [path] = paths else { return };
        let inside = path.strip_prefix(&self.root).ok().and_then(|path| path.to_str());
        let source = inside.and_then(|path| source::page(&self.root, &ContentPath::new(path)));
        let mut ahead = self.ahead();
        if let Some(source) = source
            && let Some(standing) = ahead.standing.take()
        {
            let (standing, page) = standing.page(&source, &ahead.cache);
            ahead.standing = Some(standing);
            if let Some(page) = page {
                let path = page.facts.path().clone();
                ahead.pages.insert(path.clone(), Arc::clone(&page.bytes));
                self.shared.show_page(path, page.bytes);
            }
        }
    }

    fn ahead(&self) -> MutexGuard<'_, Ahead> {
        // A standing that a panic has taken away is missed until the next build, and no longer.
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn errors_as_text(diagnostics: &[Diagnostic]) -> String {
    format!("{}{}", write(diagnostics, Format::Plain), Summary::of(diagnostics))
}
