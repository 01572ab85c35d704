//! A file beside the cache file that takes its place once it is whole.
//!
//! Takes the path of the cache file, gives a new file that goes away if nobody wants it. It is locked as
//! long as its process lives, so that others can tell it from what a killed one has left. It must not be
//! made in a folder that is a link: a clone can hold one, and it could lead anywhere.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file::{Marked, is_in_link};

/// Caches of one process that write beside the same file at once: more is not a case to care for.
const AT_ONCE: u32 = 64;

/// A file that is being written.
#[derive(Debug)]
pub(super) struct Temporary {
    pub(super) file: Arc<Marked>,
    /// `None` once it has its place, or is not wanted.
    name: Option<PathBuf>,
}

impl Temporary {
    /// Makes one for the cache file at a path, and removes what killed processes have left.
    pub(super) fn beside(path: &Path) -> io::Result<Self> {
        prepare(path)?;
        let mut how = File::options();
        how.read(true).write(true).create_new(true);
        let mut number = 0;
        let (name, file) = loop {
            let name = path.with_extension(format!("{}-{number}.tmp", std::process::id()));
            match how.open(&name) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < AT_ONCE => {
                    number += 1;
                }
                opened => break (name, opened?),
            }
        };
        // Without a lock others take it for left over, which costs time and nothing else.
        drop(file.try_lock());
        Ok(Self { file: Arc::new(Marked::new(file)?), name: Some(name) })
    }

    /// Puts it into the place of the file at a path.
    pub(super) fn rename(&mut self, path: &Path) -> io::Result<()> {
        match self.name.take() {
            Some(name) => fs::rename(&name, path).inspect_err(|_| self.name = Some(name)),
            None => Err(io::Error::other("it is gone already")),
        }
    }

    /// Takes its name away; what has been read of it can be read again.
    pub(super) fn discard(&mut self) {
        if let Some(name) = self.name.take() {
            // The next one that is made removes what could not be removed here.
            drop(fs::remove_file(name));
        }
    }

    pub(super) fn is_in_the_making(&self) -> bool {
        self.name.is_some()
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        self.discard();
    }
}

/// Makes the folder of a cache file, and removes what killed processes have left in it.
pub(super) fn prepare(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    if is_in_link(path) {
        return Err(io::Error::other("its folder is a symbolic link"));
    }
    remove_left_over(path)
}

/// Removes what killed processes were writing. Where files cannot be locked, a process that is writing
/// now loses its own file, and with it nothing but time.
fn remove_left_over(path: &Path) -> io::Result<()> {
    let (Some(folder), Some(stem)) = (path.parent(), path.file_stem()) else { return Ok(()) };
    let beginning = format!("{}.", stem.to_string_lossy());
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with(&beginning) || !name.ends_with(".tmp") || is_in_use(&entry) {
            continue;
        }
        match fs::remove_file(entry.path()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// Whether a process that is alive has locked a file.
fn is_in_use(entry: &fs::DirEntry) -> bool {
    // A pipe could be waited for, and a link could lead anywhere.
    if !entry.file_type().is_ok_and(|kind| kind.is_file()) {
        return false;
    }
    let file = File::options().read(true).write(true).open(entry.path());
    file.is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}
