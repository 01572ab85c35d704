//! A site becomes a folder, whole or not at all.
//!
//! Takes the files of a site one by one, onto a [`Staging`]. The new site is written beside the old one
//! and the two change places in one step, so that a crash at any moment leaves either the old site or
//! the new one. A marker file in the folder lists what askbook wrote: a folder without it, or with files that
//! are not on the list, is somebody else's and is left alone.

mod listing;
mod place;
mod spare;
mod swap;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::bundle::{Entry, Shelf};
use crate::path::OutputPath;
use listing::{Listed, Stamp};
use spare::Spare;

pub use listing::{Listing, signature};

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
/// dropped without [`publish`](Self::publish) leaves the old site, and beside it nothing that the old site does
/// not have.
#[derive(Debug)]
pub struct Staging<'a> {
    target: Target<'a>,
    known: Arc<Listing>,
    opened: OnceLock<Result<Opened, Mutex<Option<Failure>>>>,
    written: Mutex<Written>,
    is_over: bool,
}

/// What is known when the first file comes.
#[derive(Debug)]
struct Opened {
    output: PathBuf,
    folder: PathBuf,
    /// What the old site consists of.
    old: HashMap<String, Option<Stamp>>,
    /// What was known of it when it was published.
    known: Arc<Listing>,
    spare: Spare,
    /// The folders of the new site that are there.
    folders: Mutex<HashSet<String>>,
    _lock: File,
}

/// What has been written so far.
#[derive(Debug, Default)]
struct Written {
    files: BTreeMap<OutputPath, Listed>,
    unchanged: usize,
    failure: Option<Failure>,
}

impl<'a> Staging<'a> {
    /// A site for a folder. What is `known` of the one that is there need not be read.
    pub fn new(target: Target<'a>, known: Listing) -> Self {
        let known = Arc::new(known);
        let (opened, written) = (OnceLock::new(), Mutex::default());
        Self { target, known, opened, written, is_over: false }
    }

    /// Puts the new site in the place of the old one; what is known of it saves the next build time.
    ///
    /// # Errors
    ///
    /// [`Failure::Refused`] if the folder is not ours to overwrite or another build is publishing;
    /// [`Failure::Machine`] if the file system refused now or when a file was put here. In all cases
    /// the old site is untouched.
    pub fn publish(mut self) -> Result<(Report, Listing), Failure> {
        self.opened();
        self.is_over = true;
        let written =
            std::mem::take(self.written.get_mut().unwrap_or_else(PoisonError::into_inner));
        let opened = match self.opened.get_mut() {
            Some(Ok(opened)) => opened,
            Some(Err(failure)) => {
                let failure = failure.get_mut().unwrap_or_else(PoisonError::into_inner).take();
                return Err(failure.unwrap_or_else(|| place::root_refused(self.target.output)));
            }
            None => unreachable!("it was opened just now"),
        };
        let published = opened.publish(written);
        if published.is_err() {
            // What failed may have been for want of room. A folder that stays is cleared next time.
            drop(swap::remove(&opened.folder));
        }
        published
    }

    fn opened(&self) -> Option<&Opened> {
        let open = || Opened::new(&self.target, &self.known);
        let opened =
            self.opened.get_or_init(|| open().map_err(|failure| Mutex::new(Some(failure))));
        opened.as_ref().ok()
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        // Numbers and names: a panic elsewhere cannot have left half of one.
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf for Staging<'_> {
    fn put(&self, entry: &Entry, bytes: &Arc<[u8]>) {
        debug_assert_eq!(entry.digest, *blake3::hash(bytes).as_bytes(), "{}", entry.path);
        let Some(opened) = self.opened() else { return };
        // What failed once is told; trying each of the other files would only take time.
        if self.written().failure.is_some() {
            return;
        }
        let outcome = opened.stage(entry, bytes);
        let mut written = self.written();
        let stamp = match outcome {
            Ok(Staged::Linked(stamp)) => {
                written.unchanged += 1;
                stamp
            }
            Ok(Staged::Written(stamp)) => stamp,
            Err(failure) => {
                written.failure = written.failure.take().or(Some(failure));
                return;
            }
        };
        written.files.insert(entry.path.clone(), Listed { digest: entry.digest, stamp });
    }

    fn take(&self, entry: &Entry) -> bool {
        let is_same = |found: &[u8]| *blake3::hash(found).as_bytes() == entry.digest;
        let Some(stamp) = self.opened().and_then(|opened| opened.link(entry, is_same)) else {
            return false;
        };
        let mut written = self.written();
        written.unchanged += 1;
        written.files.insert(entry.path.clone(), Listed { digest: entry.digest, stamp });
        true
    }
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        if let Some(Ok(opened)) = self.opened.get()
            && !self.is_over
        {
            let written = self.written.get_mut().unwrap_or_else(PoisonError::into_inner);
            opened.give_up(written);
        }
    }
}

/// How a file came into the staging folder.
enum Staged {
    /// The old site has the same bytes.
    Linked(Stamp),
    Written(Stamp),
}

impl Opened {
    fn new(target: &Target<'_>, known: &Arc<Listing>) -> Result<Self, Failure> {
        place::check_way(target)?;
        let output = place::resolved(target.output)?;
        place::check_location(&output, target.protected)?;
        let parent = output.parent().ok_or_else(|| place::root_refused(&output))?;
        during("create the folder", parent, fs::create_dir_all(parent))?;
        let name = output.file_name().ok_or_else(|| place::root_refused(&output))?;
        let name = name.to_string_lossy().into_owned();
        let lock = place::lock(&parent.join(format!(".{name}.askbook-lock")), &output)?;
        let old = listing::ours(&output)?;
        let folder = parent.join(format!(".{name}.askbook-new"));
        let spare = Spare::found(&folder, &old)?;
        let known = if known.is_of(&output) { Arc::clone(known) } else { Arc::default() };
        let folders = Mutex::new(spare.folders.iter().cloned().collect());
        Ok(Self { output, folder, old, known, spare, folders, _lock: lock })
    }

    fn publish(&self, written: Written) -> Result<(Report, Listing), Failure> {
        let Written { files, unchanged, failure } = written;
        if let Some(failure) = failure {
            return Err(failure);
        }
        self.spare.trim(&self.folder, &files)?;
        let marker = self.mark(files.keys())?;
        swap::swap(&self.folder, &self.output)?;
        spare::left(&self.folder, &self.old, &files)?;
        let stayed = files.keys().filter(|path| self.old.contains_key(path.as_str())).count();
        let report = Report {
            written: files.len() - unchanged,
            unchanged,
            removed: self.old.len() - stayed,
        };
        Ok((report, Listing::new(&self.output, marker, files)))
    }

    /// Takes away what the old site does not have.
    fn give_up(&self, written: &Written) {
        let is_other = |(path, listed): &(&OutputPath, &Listed)| {
            self.old.get(path.as_str()) != Some(&Some(listed.stamp))
        };
        let mut others = written.files.iter().filter(is_other);
        let is_cleared = written.failure.is_none()
            && !self.spare.files.is_empty()
            && others.all(|(path, _)| fs::remove_file(self.folder.join(path.as_str())).is_ok());
        if !is_cleared {
            // A folder that stays is cleared next time.
            drop(swap::remove(&self.folder));
        }
    }

    /// Links the old file if it has the bytes that are asked for.
    fn link(&self, entry: &Entry, is_same: impl Fn(&[u8]) -> bool) -> Option<Stamp> {
        let Entry { path, digest, size_bytes } = entry;
        let stamp = (*self.old.get(path.as_str())?)?;
        if stamp.size_bytes != *size_bytes as u64 {
            return None;
        }
        let is_there = self.spare.files.contains(path.as_str());
        let (before, now) = (self.output.join(path.as_str()), self.folder.join(path.as_str()));
        let is_same = match self.known.digest(path, stamp) {
            Some(known) => known == digest,
            None => {
                fs::read(if is_there { &now } else { &before }).is_ok_and(|found| is_same(&found))
            }
        };
        if !is_same || is_there {
            return is_same.then_some(stamp);
        }
        if self.make(path, &now, || fs::hard_link(&before, &now)).is_err() {
            return None;
        }
        // Somebody may have put another file, or a link to one, in its place since it was looked at.
        if Stamp::at(&now).is_ok_and(|found| found == stamp) {
            return Some(stamp);
        }
        // One that cannot be taken away again is told when it is written.
        drop(fs::remove_file(&now));
        None
    }

    /// Files with the same bytes are linked, not written.
    fn stage(&self, entry: &Entry, bytes: &[u8]) -> Result<Staged, Failure> {
        if let Some(stamp) = self.link(entry, |found| found == bytes) {
            return Ok(Staged::Linked(stamp));
        }
        let now = self.folder.join(entry.path.as_str());
        // Never into a file that is there: it could be one of the old site.
        self.make(&entry.path, &now, || File::create_new(&now)?.write_all(bytes))?;
        during("read the time of", &now, Stamp::at(&now)).map(Staged::Written)
    }

    /// Makes a file and the folder that it is in.
    fn make(
        &self,
        path: &OutputPath,
        now: &Path,
        make: impl Fn() -> io::Result<()>,
    ) -> Result<(), Failure> {
        if let Some((folder, _)) = path.as_str().rsplit_once('/') {
            self.make_folder(folder)?;
        }
        let made = match make() {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                clear(now).and_then(|()| make())
            }
            made => made,
        };
        during("write", now, made)
    }

    /// Makes a folder, unless that was done for another file.
    fn make_folder(&self, folder: &str) -> Result<(), Failure> {
        let mut made = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if !made.contains(folder) {
            let path = self.folder.join(folder);
            let outcome = fs::create_dir_all(&path).or_else(|_| {
                // The old site may have had a file there.
                let ways = path.ancestors().take_while(|way| *way != self.folder);
                ways.filter(|way| way.is_file()).try_for_each(fs::remove_file)?;
                fs::create_dir_all(&path)
            });
            during("create the folder", &path, outcome)?;
            made.insert(folder.to_owned());
        }
        Ok(())
    }

    /// Writes the list of what is ours; everything staged has to be on the disk before it takes the
    /// old site's place.
    fn mark<'a>(&self, files: impl Iterator<Item = &'a OutputPath>) -> Result<Stamp, Failure> {
        let mut listing = format!("{MARKER_HEADER}\n");
        for path in files {
            listing.push_str(path.as_str());
            listing.push('\n');
        }
        let marker = self.folder.join(MARKER);
        let mut file = during("write", &marker, File::create_new(&marker))?;
        during("write", &marker, file.write_all(listing.as_bytes()))?;
        during("write", &marker, swap::flush_file_system(&file))?;
        drop(file);
        during("read the time of", &marker, Stamp::at(&marker))
    }
}

/// Takes away what the old site had where a file of the new one goes.
fn clear(path: &Path) -> io::Result<()> {
    match path.symlink_metadata()?.is_dir() {
        true => fs::remove_dir_all(path),
        false => fs::remove_file(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn published(output: &Path, files: &[(&str, &str)]) -> Result<Report, String> {
        publish_knowing(output, &Listing::default(), files).map(|(report, _)| report)
    }

    pub(super) fn publish_knowing(
        output: &Path,
        known: &Listing,
        files: &[(&str, &str)],
    ) -> Result<(Report, Listing), String> {
        let protected = [output.with_file_name("project")];
        let published = staged(output, &protected, known, files).publish();
        published.map_err(|failure| failure.to_string())
    }

    pub(super) fn staged<'a>(
        output: &'a Path,
        protected: &'a [PathBuf],
        known: &Listing,
        files: &[(&str, &str)],
    ) -> Staging<'a> {
        let target = Target { output, project: None, protected };
        let staging = Staging::new(target, known.clone());
        for (path, text) in files {
            put(&staging, path, text);
        }
        staging
    }

    pub(super) fn put(staging: &Staging<'_>, path: &str, text: &str) {
        let path = OutputPath::new(path).expect("a good path");
        staging.put(&Entry::new(path, text.as_bytes()), &text.as_bytes().into());
    }

    /// A site whose files are older than the clock's tick, and what is known of it.
    pub(super) fn known(output: &Path, files: &[(&str, &str)]) -> Listing {
        published(output, files).expect("published");
        std::thread::sleep(std::time::Duration::from_millis(50));
        publish_knowing(output, &Listing::default(), files).expect("published").1
    }

    pub(super) fn text(output: &Path, file: &str) -> String {
        fs::read_to_string(output.join(file)).expect("it is there")
    }

    /// Writes a file, which then has the time that another has had.
    fn write_with_the_time_of(other: &Path, path: &Path, text: &str) {
        let time = other.metadata().expect("it is there").modified().expect("a time");
        fs::write(path, text).expect("writable");
        let file = File::options().write(true).open(path).expect("it is there");
        file.set_modified(time).expect("the time can be set");
    }

    /// Other bytes, as many as before, and the old time.
    fn spoil_with_its_time(path: &Path, text: &str) {
        write_with_the_time_of(path, path, text);
    }

    pub(super) const SITE: &[(&str, &str)] = &[("a.html", "good"), ("b/index.html", "fine")];

    #[test]
    fn a_file_that_was_written_to_is_noticed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let output = folder.path().join("public");
        let known = known(&output, SITE);
        fs::write(output.join("a.html"), "evil").expect("writable");
        let (report, _) = publish_knowing(&output, &known, SITE).expect("published");
        assert_eq!(report, Report { written: 1, unchanged: 1, removed: 0 });
        assert_eq!(text(&output, "a.html"), "good");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_in_the_place_of_another_is_noticed_whatever_its_time() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let output = folder.path().join("public");
        let known = known(&output, SITE);
        let (file, other) = (output.join("a.html"), folder.path().join("other"));
        write_with_the_time_of(&file, &other, "evil");
        fs::rename(&other, &file).expect("writable");
        assert_ne!(signature(&output), known.signature());
        publish_knowing(&output, &known, SITE).expect("published");
        assert_eq!(text(&output, "a.html"), "good");
    }

    /// What the header of `listing` says: to set a time back deceives whoever goes by times.
    #[test]
    fn a_file_whose_time_was_set_back_is_believed_until_nobody_is() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let output = folder.path().join("public");
        let known = known(&output, SITE);
        spoil_with_its_time(&output.join("a.html"), "evil");
        publish_knowing(&output, &known, SITE).expect("published");
        assert_eq!(text(&output, "a.html"), "evil", "it was not read");
        published(&output, SITE).expect("published");
        assert_eq!(text(&output, "a.html"), "good");
    }

    #[test]
    fn a_listing_of_another_folder_is_not_believed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (output, moved) = (folder.path().join("public"), folder.path().join("moved"));
        let known = known(&output, SITE);
        spoil_with_its_time(&output.join("a.html"), "evil");
        fs::rename(&output, &moved).expect("writable");
        publish_knowing(&moved, &known, SITE).expect("published");
        assert_eq!(text(&moved, "a.html"), "good");
    }

    #[test]
    fn a_listing_older_than_the_site_does_no_harm() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let output = folder.path().join("public");
        let old = known(&output, SITE);
        // As if the machine had stopped before the second listing was kept.
        let newer = [("a.html", "more"), ("b/index.html", "fine")];
        published(&output, &newer).expect("published");
        for (site, expected) in [(SITE, "good"), (&newer, "more"), (SITE, "good")] {
            publish_knowing(&output, &old, site).expect("published");
            assert_eq!(text(&output, "a.html"), expected);
        }
    }

    #[test]
    fn what_was_published_has_the_signature_of_the_folder() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let output = folder.path().join("public");
        let first = known(&output, SITE);
        assert_eq!(first.signature(), signature(&output));
        let (_, second) =
            publish_knowing(&output, &first, &[SITE[1], (".well-known/x", "new"), ("z", "")])
                .expect("published");
        assert_eq!(second.signature(), signature(&output));
        assert_ne!(first.signature(), second.signature());
        fs::write(output.join("thesis.txt"), "").expect("writable");
        assert_ne!(second.signature(), signature(&output));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_is_replaced_during_a_build_is_written_again() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let output = folder.path().join("public");
        let known = known(&output, SITE);
        let own = folder.path().join("thesis.txt");
        fs::write(&own, "good").expect("writable");
        let staging = staged(&output, &[], &known, &SITE[1..]);
        fs::remove_file(output.join("a.html")).expect("it is there");
        std::os::unix::fs::symlink(&own, output.join("a.html")).expect("a link");
        put(&staging, "a.html", "good");
        staging.publish().expect("published");
        let found = output.join("a.html").symlink_metadata().expect("it is there");
        assert!(found.is_file(), "no link of somebody else's is published");
    }

    #[test]
    fn a_site_that_is_given_up_leaves_the_old_one() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let output = folder.path().join("public");
        published(&output, &[("a.html", "a")]).expect("published");
        drop(staged(&output, &[], &Listing::default(), &[("a.html", "b"), ("b.html", "b")]));
        assert_eq!(fs::read_to_string(output.join("a.html")).expect("there"), "a");
        assert!(!output.join("b.html").exists());
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 2, "the site, its lock");
        published(&output, &[("a.html", "a"), ("c.html", "c")]).expect("published");
        drop(staged(&output, &[], &Listing::default(), &[("c.html", "secret"), ("d.html", "d")]));
        let spare = folder.path().join(".public.askbook-new");
        assert!(!spare.join("c.html").exists() && !spare.join("d.html").exists());
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
        let spare = usize::from(cfg!(unix));
        assert_eq!(beside.len(), 2 + spare, "the site, its lock, its spare: {beside:?}");
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
            let staging = staged(
                &output,
                std::slice::from_ref(&project),
                &Listing::default(),
                &[("a.html", "a")],
            );
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
                let staging = Staging::new(target, Listing::default());
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
