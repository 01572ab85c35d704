//! What is known of the files of a site without reading them.
//!
//! Takes a folder, gives the [`Stamp`]s that the system shows of its files, and a [`Listing`] of what was
//! published: which bytes each file had, and which stamp. A file that still has its stamp is taken to
//! have its bytes; it must not be one that could have been written to without getting another.
//!
//! What says whether a site is still as it was published has always been made of names, sizes and times;
//! a listing trusts no more than that, and on Unix the numbers of the files too, so that one that was put in the
//! place of another is noticed even with its time. Whoever writes to a file and then sets its time back
//! is believed, as by `make`; `--no-cache` and `--verify` believe nobody. The time of a change of state
//! would show that too, but every hard link changes it. Each line of a listing holds for one file of
//! the machine, whatever became of the others: a listing that is older than the site is of no use for
//! what has changed since, and does no harm.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, Metadata};
use std::io;
use std::panic;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::{Failure, MARKER, during, refused};
use crate::cache::{Cache, Key, number};
use crate::path::OutputPath;

/// What the system shows of a file: another one if it was written to, or if another is in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    pub(super) size_bytes: u64,
    /// Since 1970; `None` where that is not known.
    changed: Option<Duration>,
    /// What the file system calls the file, whatever its name.
    number: (u64, u64),
}

impl Stamp {
    /// `None` for what is no file of its own: a link, a pipe.
    fn of(found: &Metadata) -> Option<Self> {
        let age = found.modified().map(|time| time.duration_since(UNIX_EPOCH));
        let changed = match age {
            Ok(Ok(age)) => Some(age),
            Ok(Err(_)) | Err(_) => None,
        };
        found.is_file().then(|| Self { size_bytes: found.len(), changed, number: number(found) })
    }

    /// Whether two files with the same stamp are one.
    pub(super) fn is_numbered(self) -> bool {
        self.number != (0, 0)
    }

    /// The stamp of the file at a path, which may not be a link to one.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        Self::of(&path.symlink_metadata()?).ok_or_else(|| io::Error::other("it is not a file"))
    }
}

/// What was published, and where.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Listing {
    output: PathBuf,
    /// The marker is written after everything else.
    marker: Option<Stamp>,
    files: BTreeMap<OutputPath, Listed>,
}

/// What is known of one file.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Listed {
    /// The BLAKE3 digest of its bytes.
    pub(super) digest: [u8; 32],
    pub(super) stamp: Stamp,
}

impl Listing {
    pub(super) fn new(output: &Path, marker: Stamp, files: BTreeMap<OutputPath, Listed>) -> Self {
        Self { output: output.to_owned(), marker: Some(marker), files }
    }

    /// What an earlier run of this program has kept, on this machine: one that came with a clone could
    /// call any bytes the right ones.
    pub fn kept(path: &Path, program: Option<&str>) -> Self {
        Cache::load(path).for_program(program).recall(place()).unwrap_or_default()
    }

    /// Keeps it for the next run.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be written, which costs the next run time and nothing else.
    pub fn keep(&self, path: &Path, program: Option<&str>) -> io::Result<()> {
        let kept = Cache::default().for_program(program);
        kept.remember(place(), self);
        kept.save(path)
    }

    /// What [`signature`] says of the folder as it was published.
    pub fn signature(&self) -> Option<Key> {
        let files = self.files.iter().map(|(path, listed)| (path.as_str(), Some(listed.stamp)));
        signed(files.chain([(MARKER, self.marker)]).collect())
    }

    pub(super) fn is_of(&self, output: &Path) -> bool {
        self.output == output
    }

    /// The digest of a file that has this stamp, if it is known.
    pub(super) fn digest(&self, path: &OutputPath, stamp: Stamp) -> Option<&[u8; 32]> {
        let listed = self.files.get(path).filter(|listed| listed.stamp == stamp)?;
        // Clocks tick: what is written to twice in one moment has the same time twice. A file with a
        // time before that of the marker was written to for the last time before the marker was made,
        // and whatever came after that has a later time. The others are read once more, as in git.
        (stamp.changed? < self.marker?.changed?).then_some(&listed.digest)
    }
}

fn place() -> Key {
    Key::new("listing", &[])
}

/// A digest that changes when a file of a folder is added, removed, replaced or written to; `None` if the
/// folder cannot be read, or holds what is no file.
///
/// It is made of names, sizes and times of change, not of content: reading is what it saves.
pub fn signature(output: &Path) -> Option<Key> {
    match survey(output) {
        Ok(found) => {
            signed(found.files.iter().map(|(path, stamp)| (path.as_str(), *stamp)).collect())
        }
        Err(_) => None,
    }
}

fn signed(mut files: Vec<(&str, Option<Stamp>)>) -> Option<Key> {
    files.sort_unstable_by_key(|(path, _)| *path);
    let mut listing = Vec::with_capacity(files.len() * 128);
    for (path, stamp) in files {
        let Stamp { size_bytes, changed, number } = stamp?;
        listing.extend_from_slice(path.as_bytes());
        // No name has one.
        listing.push(0);
        listing.extend_from_slice(&size_bytes.to_le_bytes());
        listing.extend_from_slice(&changed?.as_nanos().to_le_bytes());
        listing.extend_from_slice(&number.0.to_le_bytes());
        listing.extend_from_slice(&number.1.to_le_bytes());
    }
    Some(Key::new("folder", &[&listing]))
}

/// What is in a folder and in those below it, by its path from there, with `/` between names.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Everything that is no folder.
    pub(super) files: Vec<(String, Option<Stamp>)>,
    pub(super) folders: Vec<String>,
}

/// Looks at everything in a folder, level by level. Links are not followed.
pub(super) fn survey(root: &Path) -> io::Result<Survey> {
    let mut found = Survey::default();
    let mut level = vec![String::new()];
    while !level.is_empty() {
        // Threads of its own: those of a build may all be waiting for the outcome.
        let share = level.len().div_ceil(rayon::current_num_threads());
        let read: Vec<io::Result<Survey>> = thread::scope(|scope| {
            let start = |folders| scope.spawn(move || read(root, folders));
            let readers: Vec<_> = level.chunks(share).map(start).collect();
            let joined = readers.into_iter().map(thread::ScopedJoinHandle::join);
            joined.map(|read| read.unwrap_or_else(|panic| panic::resume_unwind(panic))).collect()
        });
        found.folders.append(&mut level);
        for part in read {
            let Survey { files, folders } = part?;
            found.files.extend(files);
            level.extend(folders);
        }
    }
    Ok(found)
}

/// What is in some folders, without what is in the folders in them.
fn read(root: &Path, folders: &[String]) -> io::Result<Survey> {
    let mut found = Survey::default();
    for folder in folders {
        for entry in fs::read_dir(root.join(folder))? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let path = match folder.as_str() {
                "" => name.into_owned(),
                folder => format!("{folder}/{name}"),
            };
            if entry.file_type()?.is_dir() {
                found.folders.push(path);
                continue;
            }
            match entry.metadata() {
                Ok(metadata) => found.files.push((path, Stamp::of(&metadata))),
                // Somebody took it away in this moment.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(found)
}

/// What askbook wrote into the folder before; an absent or empty folder is ours to fill.
pub(super) fn ours(output: &Path) -> Result<HashMap<String, Option<Stamp>>, Failure> {
    if !output.exists() {
        return Ok(HashMap::new());
    }
    let found = during("read the folder", output, survey(output))?;
    let mut present: HashMap<_, _> = found.files.into_iter().collect();
    if present.is_empty() {
        return Ok(present);
    }
    let marker = output.join(MARKER);
    if present.remove(MARKER).is_none() {
        return Err(refused(
            format!("`{}` was not written by askbook", output.display()),
            "name an empty folder with `--output`, or move its files away",
        ));
    }
    let text = during("read", &marker, fs::read_to_string(&marker))?;
    let listed: HashSet<&str> = text.lines().skip(1).collect();
    let mut foreign: Vec<&str> =
        present.keys().map(String::as_str).filter(|path| !listed.contains(path)).collect();
    if !foreign.is_empty() {
        foreign.sort_unstable();
        foreign.truncate(3);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(changed: u64) -> Stamp {
        Stamp { size_bytes: 1, changed: Some(Duration::from_nanos(changed)), number: (1, 2) }
    }

    fn listing(changed: u64) -> (Listing, OutputPath) {
        let path = OutputPath::new("a.html").expect("a good path");
        let listed = Listed { digest: [7; 32], stamp: stamp(changed) };
        let files = BTreeMap::from([(path.clone(), listed)]);
        (Listing::new(Path::new("/public"), stamp(100), files), path)
    }

    #[test]
    fn a_file_as_young_as_the_listing_is_not_believed() {
        for (changed, is_believed) in [(99, true), (100, false), (101, false)] {
            let (listing, path) = listing(changed);
            let found = listing.digest(&path, stamp(changed));
            assert_eq!(found.is_some(), is_believed, "{changed}");
            assert_eq!(listing.digest(&path, stamp(98)), None);
        }
    }

    #[test]
    fn a_listing_that_came_with_a_clone_is_not_believed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (own, cloned) = (folder.path().join("own.bin"), folder.path().join("cloned.bin"));
        let (listing, path) = listing(99);
        let knows =
            |at: &Path, program| Listing::kept(at, program).digest(&path, stamp(99)).is_some();
        listing.keep(&own, Some("program")).expect("writable");
        assert!(knows(&own, Some("program")));
        assert!(!knows(&own, Some("another")) && !knows(&own, None));
        fs::copy(&own, &cloned).expect("writable");
        assert!(!knows(&cloned, Some("program")));
        assert!(!knows(&folder.path().join("absent.bin"), Some("program")));
    }

    #[test]
    fn a_folder_is_seen_whole() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for path in ["a/b/c/d.html", "a/b/e.html", "a/f.html", "g.html"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("writable");
            fs::write(path, "text").expect("writable");
        }
        let Survey { mut files, mut folders } = survey(folder.path()).expect("readable");
        files.sort_by(|(a, _), (b, _)| a.cmp(b));
        folders.sort();
        let paths: Vec<_> = files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["a/b/c/d.html", "a/b/e.html", "a/f.html", "g.html"]);
        assert_eq!(folders, ["", "a", "a/b", "a/b/c"]);
        assert!(files.iter().all(|(_, stamp)| stamp.is_some_and(|stamp| stamp.size_bytes == 4)));
    }
}
