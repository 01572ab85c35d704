//! A guide on disk: where it is, where its cache is, and a build of it in memory.
//!
//! Takes a folder, joins the reader of the project with the pipeline; `commands` and `serve` decide
//! what becomes of the outcome.

use std::path::{Path, PathBuf};

use crate::bundle::Shelf;
use crate::cache::Cache;
use crate::diagnostic::{self, Checked, Code, Diagnostic};
use crate::pipeline::{self, Options, Outcome};
use crate::source::{self, SETTINGS, Sources};

/// Why a folder is not a guide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAGuide {
    /// Which mistake it is.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// Makes sure that a folder is the root of a guide.
///
/// # Errors
///
/// Says what is missing, and where the nearest guide is if there is one around the folder.
pub fn check_root(root: &Path) -> Result<(), NotAGuide> {
    if !root.is_dir() {
        let message = format!("there is no folder `{}`", root.display());
        let help = "check the path behind `--root`".to_owned();
        return Err(NotAGuide { code: Code::CommandRoot, message, help });
    }
    if root.join(SETTINGS).is_file() {
        return Ok(());
    }
    let absolute = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let above = absolute.ancestors().skip(1).find(|folder| folder.join(SETTINGS).is_file());
    let message = format!("there is no `{SETTINGS}` in `{}`", absolute.display());
    let help = match above {
        Some(folder) => format!("the guide around it is `--root {}`", folder.display()),
        None => "go to the folder of a guide, or begin one with `askbook init DIR`".to_owned(),
    };
    Err(NotAGuide { code: Code::SettingsMissing, message, help })
}

/// Where the cache of a guide is kept.
pub fn cache_path(root: &Path) -> PathBuf {
    root.join(".askbook").join("cache.bin")
}

/// Where it is kept what was checked last, and found to be without fault.
pub fn checked_path(root: &Path) -> PathBuf {
    root.join(".askbook").join("checked.bin")
}

/// Where it is kept what was published last, and where.
pub fn published_path(root: &Path) -> PathBuf {
    root.join(".askbook").join("published.bin")
}

/// Where it is kept which files were published last.
pub fn listing_path(root: &Path) -> PathBuf {
    root.join(".askbook").join("listing.bin")
}

/// Where it is kept what other sites said of links to them.
pub fn external_path(root: &Path) -> PathBuf {
    root.join(".askbook").join("external.bin")
}

/// Where outputs of samples are kept.
pub fn samples_cache_path(root: &Path) -> PathBuf {
    root.join(".askbook").join("samples.bin")
}

/// Where what compilers keep is kept.
pub fn compilers_path(root: &Path) -> PathBuf {
    let root = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
    root.join(".askbook").join("compilers")
}

/// Reads a guide.
pub fn read(root: &Path, options: &Options) -> Outcome {
    let discovered = source::discover(root);
    with_unread(
        pipeline::read(&discovered.value, &Cache::default(), options),
        discovered.diagnostics,
    )
}

/// Reads a guide and builds it onto a shelf.
pub fn build(root: &Path, cache: &Cache, options: &Options, shelf: &dyn Shelf) -> Outcome {
    build_from(source::discover(root), cache, options, shelf)
}

/// Builds a guide that has been read.
pub fn build_from(
    discovered: Checked<Sources>,
    cache: &Cache,
    options: &Options,
    shelf: &dyn Shelf,
) -> Outcome {
    let Checked { value: sources, diagnostics } = discovered;
    with_unread(pipeline::build(&sources, cache, options, shelf), diagnostics)
}

/// What could not be read could have been a page: the site without it would be wrong.
fn with_unread(mut outcome: Outcome, unread: Vec<Diagnostic>) -> Outcome {
    if !unread.is_empty() {
        outcome.diagnostics.extend(unread);
        diagnostic::sort(&mut outcome.diagnostics);
        outcome.manifest = None;
    }
    outcome
}
