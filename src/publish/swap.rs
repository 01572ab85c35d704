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

/// The two folders change places; where there was none, there is then only the new one.
pub(super) fn swap(staging: &Path, output: &Path) -> Result<(), Failure> {
    if !output.exists() {
        return during("rename to", output, fs::rename(staging, output));
    }
    if exchange(staging, output).is_ok() {
        return Ok(());
    }
    swap_in_turn(staging, output)
}

/// Without an exchanging rename there is a moment with no site; the old one stays beside it.
fn swap_in_turn(staging: &Path, output: &Path) -> Result<(), Failure> {
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
    during("rename", &aside, fs::rename(&aside, staging))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_change_places_with_and_without_an_exchange() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (one, other) = (folder.path().join(".a.askbook-new"), folder.path().join("a"));
        for (path, text) in [(&one, "one"), (&other, "other")] {
            fs::create_dir(path).expect("writable");
            fs::write(path.join("index.html"), text).expect("writable");
        }
        let text = |path: &Path| fs::read_to_string(path.join("index.html")).expect("there");
        swap_in_turn(&one, &other).expect("writable");
        assert_eq!((text(&one), text(&other)), ("other".to_owned(), "one".to_owned()));
        swap(&one, &other).expect("writable");
        assert_eq!((text(&one), text(&other)), ("one".to_owned(), "other".to_owned()));
        fs::remove_dir_all(&other).expect("writable");
        swap(&one, &other).expect("writable");
        assert_eq!((one.exists(), text(&other)), (false, "one".to_owned()));
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 1);
    }
}
