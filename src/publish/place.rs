//! Where a site may be published.
//!
//! Takes the folder that was asked for, gives its real path and a lock on it. It must not change
//! anything else, and refuses what is somebody else's: the project, the home folder, a link.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use super::{Failure, Target, during, refused};
use crate::source::link_on_the_way;

pub(super) fn root_refused(output: &Path) -> Failure {
    refused(
        format!("`{}` cannot be an output folder", output.display()),
        "name a folder for the site alone, such as `public`",
    )
}

/// A pull request can hold links, and change the settings: neither may decide what is written elsewhere.
pub(super) fn check_way(target: &Target<'_>) -> Result<(), Failure> {
    let inside = |root| Some((root, target.output.strip_prefix(root).ok()?));
    let link = target.project.and_then(inside).and_then(|(root, way)| link_on_the_way(root, way));
    match link {
        None => Ok(()),
        Some(link) => Err(refused(
            format!("`{}`, on the way to the output folder, is a symbolic link", link.display()),
            "take the link away, or name the folder behind it with `--output`",
        )),
    }
}

/// The absolute path without symbolic links, also when the folder is not there yet.
pub(super) fn resolved(output: &Path) -> Result<PathBuf, Failure> {
    let absolute = during("resolve", output, std::path::absolute(output))?;
    let mut missing = Vec::new();
    let mut known = absolute.as_path();
    loop {
        match known.canonicalize() {
            Ok(real) => return Ok(missing.iter().rev().fold(real, |path, name| path.join(name))),
            Err(_) => match (known.parent(), known.file_name()) {
                (Some(parent), Some(name)) => {
                    missing.push(name.to_owned());
                    known = parent;
                }
                (_, _) => return Err(root_refused(&absolute)),
            },
        }
    }
}

pub(super) fn check_location(output: &Path, protected: &[PathBuf]) -> Result<(), Failure> {
    for place in protected {
        let place = resolved(place)?;
        if place.starts_with(output) {
            return Err(refused(
                format!("the output folder `{}` holds `{}`", output.display(), place.display()),
                "name a folder for the site alone, such as `public`",
            ));
        }
    }
    match output.is_dir() || !output.exists() {
        true => Ok(()),
        false => Err(refused(
            format!("`{}` is a file", output.display()),
            "name a folder, or move the file away",
        )),
    }
}

/// Holds the lock until it is dropped; the system drops it when the process ends, however it ends.
pub(super) fn lock(path: &Path, output: &Path) -> Result<File, Failure> {
    // A clone can hold a link of this name: opening it would make or empty a file somewhere else.
    if path.symlink_metadata().is_ok_and(|found| !found.is_file()) {
        let message = format!("the lock `{}` is not a file", path.display());
        return Err(refused(message, "take it away: a build makes its own"));
    }
    let mut how = File::options();
    how.create(true).truncate(false).write(true);
    let file = during("open the lock", path, how.open(path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(refused(
            format!("another askbook is publishing to `{}`", output.display()),
            "wait for it to finish",
        )),
        Err(TryLockError::Error(error)) => during("lock", path, Err(error)),
    }
}
