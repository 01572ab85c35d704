//! A new site takes the place of the old one.
//!
//! Takes two folders on one file system, gives the one the name of the other in one step where the system
//! has such a step. It must not leave a moment in which a crash would cost both sites.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::{Failure, during, refused};

pub(super) fn remove(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            during("remove", folder, Err(error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(target_os = "linux")]
pub(super) fn flush_file_system(file: &File) -> io::Result<()> {
    // One call for the file system costs less than one for each of ten thousand files.
    Ok(rustix::fs::syncfs(file)?)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn flush_file_system(file: &File) -> io::Result<()> {
    file.sync_all()
}

/// The two folders change places; what was the old site is then removed.
pub(super) fn swap(staging: &Path, output: &Path) -> Result<(), Failure> {
    if !output.exists() {
        return during("rename to", output, fs::rename(staging, output));
    }
    if exchange(staging, output).is_ok() {
        return remove(staging);
    }
    // Without an exchanging rename there is a moment with no site; the old one stays beside it.
    let aside = staging.with_extension("askbook-old");
    remove(&aside)?;
    match fs::rename(output, &aside) {
        Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {
            return Err(refused(
                format!(
                    "`{}` cannot change places with a new site: it is mounted",
                    output.display()
                ),
                "name a folder inside it with `--output`",
            ));
        }
        moved => during("rename", output, moved)?,
    }
    if let Err(failure) = during("rename to", output, fs::rename(staging, output)) {
        during("restore", output, fs::rename(&aside, output))?;
        return Err(failure);
    }
    remove(&aside)
}

#[cfg(target_os = "linux")]
fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
}

#[cfg(not(target_os = "linux"))]
fn exchange(_a: &Path, _b: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
