//! A site becomes a folder, whole or not at all.
//!
//! Takes the files of a site one by one, onto a [`Staging`]. The new site is written beside the old one
//! and the two change places in one step, so that a crash at any moment leaves either the old site or
//! the new one. A marker file in the folder lists what askbook wrote: a folder without it, or with files that
//! are not on the list, is somebody else's and is left alone.

mod listing;
mod place;
mod swap;

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::bundle::{Entry, Shelf};
use crate::path::OutputPath;

pub use listing::signature;

/// The file that says a folder is ours; static hosts do not serve names with a dot in front.
const MARKER: &str = ".askbook-site";
const MARKER_HEADER: &str =
    "This folder is written by askbook. Files that are not listed here are not touched.";

/// Where a site is published.
#[derive(Clone, Debug)]
pub struct Target<'a> {
    /// The output folder.
    pub output: &'a Path,
    /// The project, if its settings name the output folder, which then has to be inside it.
    pub project: Option<&'a Path>,
    /// Folders that must never be overwritten: the project and the home folder.
    pub protected: &'a [PathBuf],
}

/// What publishing did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Report {
    /// Files whose bytes are new.
    pub written: usize,
    /// Files that were there with the same bytes and were not touched.
    pub unchanged: usize,
    /// Files of the old site that the new one does not have.
    pub removed: usize,
}

/// Why nothing was published; the old site is as it was.
#[derive(Debug)]
pub enum Failure {
    /// The output folder is not one that may be overwritten.
    Refused {
        /// Why.
        message: String,
        /// What to do.
        help: String,
    },
    /// The machine refused.
    Machine {
        /// What was being done, to which path.
        operation: String,
        /// What the system said.
        source: io::Error,
    },
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { message, help } => write!(formatter, "{message}\n  help: {help}"),
            Self::Machine { operation, source } => {
                write!(formatter, "cannot {operation}: {source}")
            }
        }
    }
}

impl std::error::Error for Failure {}

fn refused(message: String, help: &str) -> Failure {
    Failure::Refused { message, help: help.to_owned() }
}

/// Names the operation that failed.
pub(crate) fn during<T>(operation: &str, path: &Path, result: io::Result<T>) -> Result<T, Failure> {
    result.map_err(|source| Failure::Machine {
        operation: format!("{operation} `{}`", path.display()),
        source,
    })
}

/// A site that is being written beside the one that is published.
///
/// Nothing is touched before the first file comes; then the output folder is locked. A staging that is
/// dropped without [`publish`](Self::publish) leaves the old site and nothing else.
#[derive(Debug)]
pub struct Staging<'a> {
    target: Target<'a>,
    opened: OnceLock<Result<Opened, Mutex<Option<Failure>>>>,
    written: Mutex<Written>,
}

/// What is known when the first file comes.
#[derive(Debug)]
struct Opened {
    output: PathBuf,
    folder: PathBuf,
    /// What the old site consists of.
    old: BTreeSet<String>,
    _lock: File,
}

/// What has been written so far.
#[derive(Debug, Default)]
struct Written {
    files: BTreeSet<OutputPath>,
    unchanged: usize,
    failure: Option<Failure>,
}

impl<'a> Staging<'a> {
    /// A site for a folder.
    pub fn new(target: Target<'a>) -> Self {
        Self { target, opened: OnceLock::new(), written: Mutex::default() }
    }

    /// Puts the new site in the place of the old one.
    ///
    /// # Errors
    ///
    /// [`Failure::Refused`] if the folder is not ours to overwrite or another build is publishing;
    /// [`Failure::Machine`] if the file system refused now or when a file was put here. In all cases
    /// the old site is untouched.
    pub fn publish(mut self) -> Result<Report, Failure> {
        self.opened();
        let written =
            std::mem::take(self.written.get_mut().unwrap_or_else(PoisonError::into_inner));
        if let Some(failure) = written.failure {
            return Err(failure);
        }
        let opened = match self.opened.get_mut() {
            Some(Ok(opened)) => opened,
            Some(Err(failure)) => {
                let failure = failure.get_mut().unwrap_or_else(PoisonError::into_inner).take();
                return Err(failure.unwrap_or_else(|| place::root_refused(self.target.output)));
            }
            None => unreachable!("it was opened just now"),
        };
        opened.mark(&written.files)?;
        swap::swap(&opened.folder, &opened.output)?;
        let is_gone =
            |path: &&String| OutputPath::new(path).is_ok_and(|path| !written.files.contains(&path));
        Ok(Report {
            written: written.files.len() - written.unchanged,
            unchanged: written.unchanged,
            removed: opened.old.iter().filter(is_gone).count(),
        })
    }

    fn opened(&self) -> Option<&Opened> {
        let opened = self
            .opened
            .get_or_init(|| Opened::new(&self.target).map_err(|failure| Mutex::new(Some(failure))));
        opened.as_ref().ok()
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        // Numbers and names: a panic elsewhere cannot have left half of one.
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf for Staging<'_> {
    fn put(&self, entry: &Entry, bytes: &Arc<[u8]>) {
        let Some(opened) = self.opened() else { return };
        // What failed once is told; trying each of the other files would only take time.
        if self.written().failure.is_some() {
            return;
        }
        let outcome = opened.stage(&entry.path, bytes);
        let mut written = self.written();
        match outcome {
            Ok(Staged::Linked) => written.unchanged += 1,
            Ok(Staged::Written) => {}
            Err(failure) => written.failure = written.failure.take().or(Some(failure)),
        }
        written.files.insert(entry.path.clone());
    }

    fn take(&self, entry: &Entry) -> bool {
        let Entry { path, size_bytes, digest } = entry;
        let is_same = |found: &[u8]| blake3::hash(found).as_bytes() == digest;
        let is_taken = self.opened().is_some_and(|opened| opened.link(path, *size_bytes, is_same));
        if is_taken {
            let mut written = self.written();
            written.unchanged += 1;
            written.files.insert(entry.path.clone());
        }
        is_taken
    }
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        if let Some(Ok(opened)) = self.opened.get() {
            // After publishing there is nothing left to remove. A folder that stays is cleaned next time.
            drop(swap::remove(&opened.folder));
        }
    }
}

/// How a file came into the staging folder.
enum Staged {
    /// The old site has the same bytes.
    Linked,
    Written,
}

impl Opened {
    fn new(target: &Target<'_>) -> Result<Self, Failure> {
        place::check_way(target)?;
        let output = place::resolved(target.output)?;
        place::check_location(&output, target.protected)?;
        let parent = output.parent().ok_or_else(|| place::root_refused(&output))?;
        during("create the folder", parent, fs::create_dir_all(parent))?;
        let name = output
            .file_name()
            .ok_or_else(|| place::root_refused(&output))?
            .to_string_lossy()
            .into_owned();
        let lock = place::lock(&parent.join(format!(".{name}.askbook-lock")), &output)?;
        let old = listing::ours(&output)?;
        let folder = parent.join(format!(".{name}.askbook-new"));
        swap::remove(&folder)?;
        during("create the folder", &folder, fs::create_dir_all(&folder))?;
        Ok(Self { output, folder, old, _lock: lock })
    }

    /// Links the old file if it has the bytes that are asked for.
    fn link(&self, path: &OutputPath, size_bytes: usize, is_same: impl Fn(&[u8]) -> bool) -> bool {
        let path = path.as_str();
        let (before, now) = (self.output.join(path), self.folder.join(path));
        self.old.contains(path)
            && has_size(&before, size_bytes)
            && fs::read(&before).is_ok_and(|found| is_same(&found))
            && now.parent().is_some_and(|folder| fs::create_dir_all(folder).is_ok())
            && fs::hard_link(&before, &now).is_ok()
    }

    /// Files with the same bytes are linked, not written.
    fn stage(&self, path: &OutputPath, bytes: &[u8]) -> Result<Staged, Failure> {
        if self.link(path, bytes.len(), |found| found == bytes) {
            return Ok(Staged::Linked);
        }
        let now = self.folder.join(path.as_str());
        if let Some(folder) = now.parent() {
            during("create the folder", folder, fs::create_dir_all(folder))?;
        }
        during("write", &now, fs::write(&now, bytes)).map(|()| Staged::Written)
    }

    /// Writes the list of what is ours; everything staged has to be on the disk before it takes the
    /// old site's place.
    fn mark(&self, files: &BTreeSet<OutputPath>) -> Result<(), Failure> {
        let mut listing = format!("{MARKER_HEADER}\n");
        for path in files {
            listing.push_str(path.as_str());
            listing.push('\n');
        }
        let marker = self.folder.join(MARKER);
        let mut file = during("write", &marker, File::create(&marker))?;
        during("write", &marker, file.write_all(listing.as_bytes()))?;
        during("write", &marker, swap::flush_file_system(&file))
    }
}

/// Whether it is a file of its own, not a link to one, with as many bytes.
fn has_size(path: &Path, bytes: usize) -> bool {
    path.symlink_metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.len() == bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(output: &Path, files: &[(&str, &str)]) -> Result<Report, String> {
        let protected = [output.with_file_name("project")];
        staged(output, &protected, files).publish().map_err(|failure| failure.to_string())
    }

    fn staged<'a>(
        output: &'a Path,
        protected: &'a [PathBuf],
        files: &[(&str, &str)],
    ) -> Staging<'a> {
        let staging = Staging::new(Target { output, project: None, protected });
        for (path, text) in files {
            let path = OutputPath::new(path).expect("a good path");
            let entry = Entry::new(path, text.as_bytes());
            staging.put(&entry, &text.as_bytes().into());
        }
        staging
    }

    #[test]
    fn a_site_that_is_given_up_leaves_the_old_one() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let output = folder.path().join("public");
        published(&output, &[("a.html", "a")]).expect("published");
        drop(staged(&output, &[], &[("a.html", "b"), ("b.html", "b")]));
        assert_eq!(fs::read_to_string(output.join("a.html")).expect("there"), "a");
        assert!(!output.join("b.html").exists());
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 2, "the site, its lock");
    }

    #[test]
    fn a_second_build_writes_only_what_changed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let output = folder.path().join("public");
        published(&output, &[("a.html", "a"), ("b/c.html", "c"), ("old.html", "o")])
            .expect("published");
        let report = published(&output, &[("a.html", "a"), ("b/c.html", "C")]).expect("published");
        assert_eq!(report, Report { written: 1, unchanged: 1, removed: 1 });
        assert_eq!(fs::read_to_string(output.join("b/c.html")).expect("there"), "C");
        assert!(!output.join("old.html").exists());
        let beside: Vec<_> = fs::read_dir(folder.path())
            .expect("readable")
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        assert_eq!(beside.len(), 2, "only the site and its lock: {beside:?}");
    }

    #[test]
    fn a_folder_of_somebody_else_is_left_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let output = folder.path().join("public");
        fs::create_dir_all(&output).expect("writable");
        fs::write(output.join("thesis.txt"), "years of work").expect("writable");
        let told = published(&output, &[("a.html", "a")]).expect_err("refused");
        assert!(told.contains("was not written by askbook"), "{told}");
        fs::remove_file(output.join("thesis.txt")).expect("there");
        published(&output, &[("a.html", "a")]).expect("an empty folder may be filled");
        fs::write(output.join("thesis.txt"), "years of work").expect("writable");
        let told = published(&output, &[("a.html", "b")]).expect_err("refused");
        assert!(told.contains("thesis.txt"), "{told}");
        assert_eq!(fs::read_to_string(output.join("a.html")).expect("there"), "a");
    }

    #[test]
    fn the_project_and_what_holds_it_cannot_be_the_output() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let project = folder.path().join("project");
        fs::create_dir_all(&project).expect("writable");
        for output in [project.clone(), folder.path().to_owned(), PathBuf::from("/")] {
            let staging = staged(&output, std::slice::from_ref(&project), &[("a.html", "a")]);
            assert!(staging.publish().is_err(), "{}", output.display());
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_beside_the_output_are_not_followed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (output, own) = (folder.path().join("public"), folder.path().join("own"));
        fs::create_dir(&own).expect("writable");
        fs::write(own.join("thesis.txt"), "years of work").expect("writable");
        let link = |to: &Path, name: &str| {
            std::os::unix::fs::symlink(to, folder.path().join(name)).expect("a link");
        };
        link(&own.join("thesis.txt"), ".public.askbook-lock");
        let told = published(&output, &[("a.html", "a")]).expect_err("refused");
        assert!(told.contains("is not a file"), "{told}");
        fs::remove_file(folder.path().join(".public.askbook-lock")).expect("there");
        link(&own, ".public.askbook-new");
        published(&output, &[("a.html", "a")]).expect("the link is taken away");
        assert_eq!(fs::read_to_string(own.join("thesis.txt")).expect("there"), "years of work");
        assert_eq!(fs::read_dir(&own).expect("readable").count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn an_output_that_the_settings_name_is_not_behind_a_link() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (root, outside) = (folder.path().join("project"), folder.path().join("outside"));
        for folder in [&root, &outside] {
            fs::create_dir(folder).expect("writable");
        }
        for (link, output) in [("public", "public"), ("a", "a/public")] {
            std::os::unix::fs::symlink(&outside, root.join(link)).expect("a link");
            let output = root.join(output);
            let publish = |project| {
                let target = Target { output: &output, project, protected: &[] };
                let staging = Staging::new(target);
                staging.publish().map_err(|failure| failure.to_string())
            };
            let told = publish(Some(&root)).expect_err("refused");
            assert!(told.contains("is a symbolic link"), "{told}");
            assert_eq!(fs::read_dir(&outside).expect("readable").count(), 0);
            // The owner may name a link.
            publish(None).expect("published");
            fs::remove_dir_all(&outside).expect("writable");
            fs::create_dir(&outside).expect("writable");
        }
    }

    #[test]
    fn two_builds_at_once_do_not_mix() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let output = folder.path().join("public");
        let _held =
            place::lock(&folder.path().join(".public.askbook-lock"), &output).expect("free");
        let told = published(&output, &[("a.html", "a")]).expect_err("refused");
        assert!(told.contains("another askbook"), "{told}");
    }
}
