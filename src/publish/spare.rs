//! The site before the last one, from which the next one is made.
//!
//! Takes the folder in which a new site is written, with whatever is in it, gives what is in it already as
//! the published site has it: the very same files, by their numbers. It must not let anything else stay
//! there, neither before a build nor after it.
//!
//! To link ten thousand pages into a new folder and to take the old one away costs more than all else
//! that publishing does, above all on a disk. So the folder that has given up its place stays, without
//! what the new site does not have; it takes up folders and names, but no bytes. Nothing is believed of
//! it: before the next build it is compared with the site, name by name, and a build that was killed
//! in the middle of something has left a folder like any other. Files in it are those of
//! the published site, so that none is ever written to.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use super::listing::{Listed, Stamp, Survey, survey};
use super::{Failure, MARKER, during, swap};
use crate::path::OutputPath;

/// What keeps the folder out of repositories and backups.
const SIGNS: [(&str, &str); 2] = [
    (".gitignore", "*\n"),
    // https://bford.info/cachedir/
    ("CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n"),
];

/// What of a new site is there before the first file comes.
#[derive(Debug, Default)]
pub(super) struct Spare {
    /// Files that are those of the old site.
    pub(super) files: HashSet<String>,
    pub(super) folders: Vec<String>,
}

impl Spare {
    /// What there is in the folder once everything else has been taken away.
    pub(super) fn found(
        folder: &Path,
        old: &HashMap<String, Option<Stamp>>,
    ) -> Result<Self, Failure> {
        // What stands there may be a link, to wherever; that is only taken away.
        let is_folder = folder.symlink_metadata().is_ok_and(|found| found.is_dir());
        if is_folder && let Ok(spare) = Self::cleared(folder, old) {
            return Ok(spare);
        }
        swap::remove(folder)?;
        during("create the folder", folder, fs::create_dir_all(folder))?;
        Ok(Self::default())
    }

    fn cleared(folder: &Path, old: &HashMap<String, Option<Stamp>>) -> io::Result<Self> {
        let Survey { files, folders } = survey(folder)?;
        let mut same = HashSet::with_capacity(files.len());
        for (path, stamp) in files {
            let is_same = stamp.is_some_and(Stamp::is_numbered) && old.get(&path) == Some(&stamp);
            if is_same {
                same.insert(path);
            } else {
                fs::remove_file(folder.join(path))?;
            }
        }
        Ok(Self { files: same, folders })
    }

    /// Takes away what a new site does not have.
    pub(super) fn trim(
        &self,
        folder: &Path,
        files: &BTreeMap<OutputPath, Listed>,
    ) -> Result<(), Failure> {
        let mut needed = HashSet::with_capacity(files.len());
        for path in files.keys() {
            let mut path = path.as_str();
            // Where one folder is known, those above it are.
            while needed.insert(path)
                && let Some((above, _)) = path.rsplit_once('/')
            {
                path = above;
            }
        }
        for path in self.files.iter().filter(|path| !needed.contains(path.as_str())) {
            let path = folder.join(path);
            during("remove", &path, absent(fs::remove_file(&path)))?;
        }
        for path in self.folders.iter().filter(|path| !path.is_empty()) {
            if !needed.contains(path.as_str()) {
                let path = folder.join(path);
                during("remove", &path, absent(fs::remove_dir_all(&path)))?;
            }
        }
        Ok(())
    }
}

/// Takes away what a site that has given up its place does not share with the one that has it now.
///
/// Pages that were withdrawn are not to be found anywhere after a build, and pages that are written
/// anew do not take up room twice.
pub(super) fn left(
    folder: &Path,
    old: &HashMap<String, Option<Stamp>>,
    files: &BTreeMap<OutputPath, Listed>,
) -> Result<(), Failure> {
    if !cfg!(unix) {
        return swap::remove(folder);
    }
    // There is none where there was no site before.
    if !folder.exists() {
        return Ok(());
    }
    let stamps: HashMap<&str, Stamp> =
        files.iter().map(|(path, listed)| (path.as_str(), listed.stamp)).collect();
    let is_other = |(path, stamp): &(&String, &Option<Stamp>)| {
        stamps.get(path.as_str()).copied() != **stamp || stamp.is_none()
    };
    let others = old.iter().filter(is_other).map(|(path, _)| path.as_str());
    let clear = || {
        for path in others.chain([MARKER]) {
            absent(fs::remove_file(folder.join(path)))?;
        }
        SIGNS.iter().try_for_each(|(name, text)| {
            let path = folder.join(name);
            absent(fs::remove_file(&path))?;
            File::create_new(&path)?.write_all(text.as_bytes())
        })
    };
    // The new site is in its place whatever becomes of the old one.
    if clear().is_ok() { Ok(()) } else { swap::remove(folder) }
}

/// What is not there need not be removed, nor what would be in a folder that is now a file.
fn absent(removed: io::Result<()>) -> io::Result<()> {
    use io::ErrorKind::{NotADirectory, NotFound};
    match removed {
        Err(error) if !matches!(error.kind(), NotFound | NotADirectory) => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::publish::Listing;
    use crate::publish::tests::{SITE, known, publish_knowing, published, staged, text};

    /// Every file of a folder with its text.
    fn files(folder: &Path) -> BTreeMap<String, String> {
        let found = survey(folder).expect("readable");
        found.files.into_iter().map(|(path, _)| (path.clone(), text(folder, &path))).collect()
    }

    /// The folder of the site, of the spare, and what is known after two builds.
    fn with_spare(folder: &Path) -> (std::path::PathBuf, std::path::PathBuf, Listing) {
        let output = folder.join("public");
        let known = known(&output, SITE);
        (output, folder.join(".public.askbook-new"), known)
    }

    fn assert_shared(spare: &Path, output: &Path) {
        for (path, stamp) in survey(spare).expect("readable").files {
            let is_sign = SIGNS.iter().any(|(name, _)| *name == path);
            let is_shared = Stamp::at(&output.join(&path)).is_ok_and(|live| Some(live) == stamp);
            assert!(is_sign || is_shared, "{path} is not one of the site's files");
        }
    }

    #[test]
    fn the_spare_holds_files_of_the_site_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (output, spare, known) = with_spare(folder.path());
        let newer = [("a.html", "more"), ("c/index.html", "new")];
        publish_knowing(&output, &known, &newer).expect("published");
        assert_shared(&spare, &output);
        let names: Vec<_> = files(&spare).into_keys().collect();
        assert_eq!(names, [".gitignore", "CACHEDIR.TAG"], "what was withdrawn is gone");
        published(&output, &newer).expect("published");
        assert_shared(&spare, &output);
        assert_eq!(files(&spare).len(), 4);
        assert_eq!(files(&output).len(), 3, "two files and the marker");
    }

    #[test]
    fn what_somebody_put_into_the_spare_is_not_published() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (output, spare, known) = with_spare(folder.path());
        let own = folder.path().join("own");
        fs::create_dir(&own).expect("writable");
        fs::write(own.join("index.html"), "thesis").expect("writable");
        fs::write(spare.join("thesis.txt"), "years").expect("writable");
        fs::create_dir_all(spare.join("x/y")).expect("writable");
        fs::remove_file(spare.join("a.html")).expect("it is there");
        fs::write(spare.join("a.html"), "evil").expect("writable");
        fs::remove_dir_all(spare.join("b")).expect("it is there");
        std::os::unix::fs::symlink(&own, spare.join("b")).expect("a link");
        publish_knowing(&output, &known, SITE).expect("published");
        let found = files(&output);
        assert_eq!(found.len(), 3, "two files and the marker: {found:?}");
        assert_eq!((&*found["a.html"], &*found["b/index.html"]), ("good", "fine"));
        assert!(!output.join("x").exists());
        assert_eq!(text(&own, "index.html"), "thesis");
        assert_shared(&spare, &output);
    }

    #[test]
    fn a_build_that_stopped_before_the_old_site_was_cleared_does_no_harm() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (output, spare, known) = with_spare(folder.path());
        // The whole old site, with its marker, as it stands right after the exchange.
        fs::remove_dir_all(&spare).expect("it is there");
        fs::create_dir_all(spare.join("b")).expect("writable");
        for path in ["a.html", "b/index.html", MARKER] {
            fs::copy(output.join(path), spare.join(path)).expect("writable");
        }
        fs::write(spare.join("old.html"), "old").expect("writable");
        publish_knowing(&output, &known, SITE).expect("published");
        assert_eq!(files(&output).len(), 3);
        assert_shared(&spare, &output);
    }

    #[test]
    fn an_edit_of_the_live_site_does_not_come_back_with_the_spare() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (output, spare, known) = with_spare(folder.path());
        // Both folders have the file: it is written to in both.
        fs::write(output.join("a.html"), "evil").expect("writable");
        let (report, known) = publish_knowing(&output, &known, SITE).expect("published");
        assert_eq!((report.written, report.unchanged), (1, 1));
        assert_eq!(text(&output, "a.html"), "good");
        publish_knowing(&output, &known, SITE).expect("published");
        assert_eq!(text(&output, "a.html"), "good");
        assert_shared(&spare, &output);
    }

    /// Files become folders and folders files, builds are given up, listings are lost or old, and
    /// somebody is at work in the spare.
    #[test]
    fn any_row_of_sites_is_published_as_into_an_empty_folder() {
        const PATHS: [&str; 7] = ["a", "a/b", "a/b/c", "d/e", "d/f", "CACHEDIR.TAG", "g/h/i"];
        let folder = tempfile::tempdir().expect("a temporary folder");
        let output = folder.path().join("public");
        let spare = folder.path().join(".public.askbook-new");
        let mut state = 0x9e37_79b9_u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % below
        };
        let mut known = Listing::default();
        let mut live = BTreeMap::new();
        for number in 0..100 {
            let mut site: Vec<(&str, &str)> = Vec::new();
            for path in PATHS {
                let is_below = |(other, _): &(&str, &str)| path.starts_with(&format!("{other}/"));
                if random(3) > 0 && !site.iter().any(is_below) {
                    site.push((path, ["x", "y", "longer"][random(3) as usize]));
                }
            }
            let path = spare.join(PATHS[random(7) as usize]);
            // Where the spare has no such folder there is nothing to spoil.
            drop(match random(8) {
                0 => fs::create_dir_all(path),
                1 => fs::remove_file(path),
                2 => fs::remove_file(&path).and_then(|()| fs::write(&path, "z")),
                3 => fs::remove_dir_all(path),
                4 => std::os::unix::fs::symlink(folder.path(), path),
                _ => Ok(()),
            });
            if random(4) == 0 {
                drop(staged(&output, &[], &known, &site));
            } else {
                let listing = if random(4) == 0 { Listing::default() } else { known.clone() };
                let published = publish_knowing(&output, &listing, &site).expect("published");
                if random(4) > 0 {
                    known = published.1;
                }
                live = site
                    .iter()
                    .map(|(path, text)| (String::from(*path), text.to_string()))
                    .collect();
            }
            let mut found = if output.exists() { files(&output) } else { BTreeMap::new() };
            found.remove(MARKER);
            assert_eq!(found, live, "after build {number}");
            // Nothing is touched before the first file comes.
            if spare.exists() && !site.is_empty() {
                assert_shared(&spare, &output);
            }
        }
    }
}
