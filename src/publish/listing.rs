//! What is in the folder of a site.
//!
//! Takes a folder, gives the names of what askbook wrote there, and a digest by which the folder is known
//! again. It must not change anything.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use walkdir::WalkDir;

use super::{Failure, MARKER, during, refused};
use crate::cache::Key;

/// A digest that changes when a file of a folder is added, removed or written to; `None` if the
/// folder cannot be read.
///
/// It is made of names, sizes and times of change, not of content: reading is what it saves.
pub fn signature(output: &Path) -> Option<Key> {
    let mut listing = Vec::new();
    for entry in WalkDir::new(output).sort_by_file_name() {
        let entry = entry.ok()?;
        let metadata = entry.metadata().ok()?;
        // The time of a folder changes with the files in it, which are listed themselves.
        let changed = match metadata.is_file() {
            true => metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos(),
            false => 0,
        };
        listing.extend_from_slice(entry.path().as_os_str().as_encoded_bytes());
        listing.extend_from_slice(&metadata.len().to_le_bytes());
        listing.extend_from_slice(&changed.to_le_bytes());
    }
    Some(Key::new("folder", &[&listing]))
}

/// What askbook wrote into the folder before; an absent or empty folder is ours to fill.
pub(super) fn ours(output: &Path) -> Result<BTreeSet<String>, Failure> {
    if !output.exists() {
        return Ok(BTreeSet::new());
    }
    let mut present = BTreeSet::new();
    for entry in WalkDir::new(output).min_depth(1).follow_links(false) {
        let entry = during("read the folder", output, entry.map_err(io::Error::from))?;
        if !entry.file_type().is_dir() {
            let inside = entry.path().strip_prefix(output).unwrap_or(entry.path());
            present.insert(inside.to_string_lossy().replace('\\', "/"));
        }
    }
    if present.is_empty() {
        return Ok(BTreeSet::new());
    }
    let marker = output.join(MARKER);
    if !present.remove(MARKER) {
        return Err(refused(
            format!("`{}` was not written by askbook", output.display()),
            "name an empty folder with `--output`, or move its files away",
        ));
    }
    let text = during("read", &marker, fs::read_to_string(&marker))?;
    let listed: BTreeSet<String> = text.lines().skip(1).map(str::to_owned).collect();
    let foreign: Vec<&str> = present.difference(&listed).map(String::as_str).take(3).collect();
    if !foreign.is_empty() {
        return Err(refused(
            format!(
                "`{}` holds files that askbook did not write: {}",
                output.display(),
                foreign.join(", ")
            ),
            "move them away; files of the site belong into `content` or the theme",
        ));
    }
    Ok(present)
}
