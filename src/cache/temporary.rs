//! A file beside the cache file that takes its place once it is whole.
//!
//! Takes the path of the cache file, gives a new file that goes away if nobody wants it. It is locked as
//! long as its process lives, so that others can tell it from what a killed one has left. It must not be
//! made in a folder that is a link: a clone can hold one, and it could lead anywhere.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::file::{Marked, is_in_link};

/// Names to try: more are taken only where something else is wrong.
const NAMES: u32 = 64;

/// How many files this process has made. No name is used twice: one who looks for what is left over could
/// otherwise take away the second file for the first.
static MADE: AtomicU32 = AtomicU32::new(0);

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
        let mut tried = 0;
        let (name, file) = loop {
            let number = MADE.fetch_add(1, Ordering::Relaxed);
            let name = path.with_extension(format!("{}-{number}.tmp", std::process::id()));
            tried += 1;
            match how.open(&name) {
                // Of a process that was killed, had the same number and could not be told from a living one.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tried < NAMES => {}
                opened => {
                    let file = opened?;
                    // Whoever looks for what is left over can have found it before it was locked.
                    if tried == NAMES || (!is_in_use(&file) && name.exists()) {
                        break (name, file);
                    }
                }
            }
        };
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
        if !name.starts_with(&beginning) || !name.ends_with(".tmp") {
            continue;
        }
        // It is locked until it is gone: who has just made it sees that and makes another.
        let file = opened(&entry);
        if file.as_ref().is_some_and(is_in_use) {
            continue;
        }
        match fs::remove_file(entry.path()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

fn opened(entry: &fs::DirEntry) -> Option<File> {
    // A pipe could be waited for, and a link could lead anywhere.
    entry.file_type().ok().filter(fs::FileType::is_file)?;
    File::options().read(true).write(true).open(entry.path()).ok()
}

/// Whether another has locked a file; if not, it is locked now, where files can be.
fn is_in_use(file: &File) -> bool {
    matches!(file.try_lock(), Err(TryLockError::WouldBlock))
}
