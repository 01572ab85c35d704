//! Results of costly pure functions, kept by the digest of everything they depend on.
//!
//! Texts are kept on disk from one run to the next. A process that builds again and again also keeps
//! values of any type in memory, from one build to the next. A cache can only save time: an entry is
//! found by a BLAKE3 digest that no other input has, and a file that is damaged, of another version, or
//! not the very one that this machine wrote is treated as empty. This is, with `publish`, the only
//! module of the build that writes to disk.

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::fs::{self, File, Metadata};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

/// Changes whenever an entry of the same key could mean something else.
const MAGIC: &str = concat!("askbook cache 2, askbook ", env!("CARGO_PKG_VERSION"));

/// The digest of all inputs of a cached result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of a result that depends on `kind` (which function) and `inputs`, and nothing else.
    pub fn new(kind: &str, inputs: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for input in [kind.as_bytes()].iter().chain(inputs) {
            // The length in front keeps ("ab", "c") apart from ("a", "bc").
            hasher.update(&(input.len() as u64).to_le_bytes()).update(input);
        }
        Self(*hasher.finalize().as_bytes())
    }

    /// Its bytes, which the key of what depends on this result is made from.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// What was known before, and what this build has used or added.
#[derive(Debug, Default)]
pub struct Cache {
    known: HashMap<Key, Arc<str>>,
    used: Mutex<BTreeMap<Key, Arc<str>>>,
    program: Option<String>,
    keeps_values: bool,
    known_values: HashMap<Key, Value>,
    used_values: Mutex<HashMap<Key, Value>>,
}

type Value = Arc<dyn Any + Send + Sync>;

/// The file: magic, then the digest of the entries and of the file's own marks, then the entries.
#[derive(Serialize, Deserialize)]
struct Stored<E> {
    magic: String,
    digest: [u8; 32],
    entries: E,
}

impl Cache {
    /// Reads a cache file; anything odd about it gives an empty cache.
    pub fn load(path: &Path) -> Self {
        Self { known: read(path).unwrap_or_default(), ..Self::default() }
    }

    /// The same cache for a program that can be told from every other.
    #[must_use]
    pub fn for_program(self, program: Option<&str>) -> Self {
        Self { program: program.map(str::to_owned), ..self }
    }

    /// The same cache for a process that will build again.
    #[must_use]
    pub fn keeping_values(self) -> Self {
        Self { keeps_values: true, ..self }
    }

    /// The result of `make` for `key`, from the cache if it is there.
    pub fn text(&self, key: Key, make: impl FnOnce() -> String) -> Arc<str> {
        self.find(key).unwrap_or_else(|| {
            let text: Arc<str> = make().into();
            self.used().insert(key, Arc::clone(&text));
            text
        })
    }

    /// The value of `make` for `key`, from the build before in this process if that had it.
    ///
    /// Nothing is kept unless [`keeping_values`](Self::keeping_values) was asked for.
    pub fn value<T: Send + Sync + 'static>(&self, key: Key, make: impl FnOnce() -> T) -> Arc<T> {
        match self.try_value(key, || Ok::<T, Infallible>(make())) {
            Ok(value) => value,
        }
    }

    /// The value of `make` for `key` as [`value`](Self::value) gives it, or why there is none.
    ///
    /// # Errors
    ///
    /// Those of `make`; they are not kept.
    pub fn try_value<T: Send + Sync + 'static, E>(
        &self,
        key: Key,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        if !self.keeps_values {
            return make().map(Arc::new);
        }
        let known = self.known_values.get(&key).cloned();
        let known = known.or_else(|| self.used_values().get(&key).cloned());
        let value = match known.and_then(|value| value.downcast::<T>().ok()) {
            Some(value) => value,
            None => Arc::new(make()?),
        };
        self.used_values().insert(key, Arc::clone(&value) as Value);
        Ok(value)
    }

    /// The key of a result that also depends on the code of this very program; `None` if it cannot be
    /// told from others of the same version.
    pub fn of_program(&self, key: Key) -> Option<Key> {
        let program = self.program.as_ref()?;
        Some(Key::new("program", &[program.as_bytes(), key.as_bytes()]))
    }

    /// A result that is there.
    pub fn find(&self, key: Key) -> Option<Arc<str>> {
        let found = self.known.get(&key).cloned().or_else(|| self.used().get(&key).cloned())?;
        self.used().insert(key, Arc::clone(&found));
        Some(found)
    }

    /// Whether a result was there before this build.
    pub fn knew(&self, key: Key) -> bool {
        self.known.contains_key(&key)
    }

    /// Adds a result.
    pub fn insert(&self, key: Key, text: &str) {
        self.used().insert(key, text.into());
    }

    /// Writes what this build used to a temporary file and renames it into place.
    ///
    /// # Errors
    ///
    /// Fails if the folder cannot be made or is a link, or the file cannot be written.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        let used = self.used();
        let is_unchanged =
            used.len() == self.known.len() && used.keys().all(|key| self.known.contains_key(key));
        if is_unchanged {
            return Ok(());
        }
        let entries = postcard::to_stdvec(&*used).map_err(io::Error::other)?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        if is_in_link(path) {
            return Err(io::Error::other("its folder is a symbolic link"));
        }
        remove_left_over(path)?;
        let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
        let mut file = File::create_new(&temporary)?;
        let made = file.metadata()?;
        let stored = Stored { magic: MAGIC.to_owned(), digest: digest(&made, &entries)?, entries };
        file.write_all(&postcard::to_stdvec(&stored).map_err(io::Error::other)?)?;
        // The marks are those of the empty file.
        file.set_modified(made.modified()?)?;
        fs::rename(&temporary, path)
    }

    /// The same cache for another build in this process: what was used becomes what is known.
    #[must_use]
    pub fn next_generation(self) -> Self {
        let used = self.used.into_inner().unwrap_or_else(PoisonError::into_inner);
        let values = self.used_values.into_inner().unwrap_or_else(PoisonError::into_inner);
        Self {
            known: used.into_iter().collect(),
            known_values: values,
            program: self.program,
            keeps_values: self.keeps_values,
            ..Self::default()
        }
    }

    fn used(&self) -> std::sync::MutexGuard<'_, BTreeMap<Key, Arc<str>>> {
        // Entries are whole or absent, so a panic elsewhere cannot have left half of one.
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn used_values(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Value>> {
        self.used_values.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes what killed processes were writing. A process that is writing now loses its own file, and
/// with it nothing but time.
fn remove_left_over(path: &Path) -> io::Result<()> {
    let (Some(folder), Some(stem)) = (path.parent(), path.file_stem()) else { return Ok(()) };
    let beginning = format!("{}.", stem.to_string_lossy());
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(&beginning) && name.ends_with(".tmp") {
            match fs::remove_file(entry.path()) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
    }
    Ok(())
}

fn read(path: &Path) -> Option<HashMap<Key, Arc<str>>> {
    let found = path.symlink_metadata().ok()?;
    if !found.is_file() || is_in_link(path) {
        return None;
    }
    let bytes = fs::read(path).ok()?;
    let stored: Stored<Vec<u8>> = postcard::from_bytes(&bytes).ok()?;
    let is_ours = stored.magic == MAGIC && digest(&found, &stored.entries).ok()? == stored.digest;
    if is_ours { postcard::from_bytes(&stored.entries).ok() } else { None }
}

/// A clone can hold a link where the folder of the cache should be; it could lead anywhere.
fn is_in_link(path: &Path) -> bool {
    let folder = path.parent().and_then(|folder| folder.symlink_metadata().ok());
    folder.is_some_and(|folder| folder.is_symlink())
}

/// The digest of entries in one file of one machine.
///
/// Whoever can put a file into a clone could also compute a digest of its content alone, and with it
/// say what any page looks like. Nobody can say in advance which number and which moment, to the
/// nanosecond, the system will give to the file.
fn digest(file: &Metadata, entries: &[u8]) -> io::Result<[u8; 32]> {
    // Some file systems do not know when a file was made.
    let times = [file.modified()?, file.created().unwrap_or(UNIX_EPOCH)];
    let times = times.map(|time| time.duration_since(UNIX_EPOCH).map(|age| age.as_nanos()));
    let marks = format!("{times:?} {:?}", number(file));
    let Key(digest) = Key::new("cache file", &[marks.as_bytes(), entries]);
    Ok(digest)
}

/// What a file system calls a file, whatever its name.
#[cfg(unix)]
fn number(file: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (file.dev(), file.ino())
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> (u64, u64) {
    (0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(folder: &Path) -> std::path::PathBuf {
        let path = folder.join("cache.bin");
        let cache = Cache::default();
        cache.text(Key::new("upper", &[b"a"]), || "A".to_owned());
        cache.save(&path).expect("the folder is writable");
        path
    }

    #[test]
    fn what_was_made_once_is_not_made_again() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let cache = Cache::load(&stored(folder.path()));
        let text = cache.text(Key::new("upper", &[b"a"]), || unreachable!("it is cached"));
        assert_eq!(&*text, "A");
    }

    #[test]
    fn a_damaged_cache_is_an_empty_cache() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = stored(folder.path());
        let whole = fs::read(&path).expect("just written");
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x40;
            for bytes in [&damaged[..], &whole[..at]] {
                fs::write(&path, bytes).expect("writable");
                let text = Cache::load(&path).text(Key::new("upper", &[b"a"]), || "A".to_owned());
                assert_eq!(&*text, "A");
            }
        }
    }

    #[test]
    fn a_cache_that_came_with_a_clone_is_an_empty_cache() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = stored(folder.path());
        let key = Key::new("upper", &[b"a"]);
        assert!(Cache::load(&path).knew(key));
        // The same bytes with the same time, as an archive would unpack them.
        let (bytes, found) = (fs::read(&path), fs::metadata(&path).expect("just written"));
        fs::remove_file(&path).expect("just written");
        fs::write(folder.path().join("other"), "takes the number that is free").expect("writable");
        fs::write(&path, bytes.expect("just written")).expect("writable");
        let file = File::options().append(true).open(&path).expect("just written");
        file.set_modified(found.modified().expect("it has a time")).expect("it can be set");
        assert!(!Cache::load(&path).knew(key));
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_is_a_link_is_not_followed() {
        let (project, outside) = (tempfile::tempdir(), tempfile::tempdir());
        let (project, outside) = (project.expect("a folder"), outside.expect("a folder"));
        let cache = Cache::load(&stored(outside.path()));
        let link = project.path().join(".askbook");
        std::os::unix::fs::symlink(outside.path(), &link).expect("a link");
        let path = link.join("cache.bin");
        assert!(!Cache::load(&path).knew(Key::new("upper", &[b"a"])));
        cache.insert(Key::new("upper", &[b"b"]), "B");
        assert!(cache.save(&path).is_err());
    }

    #[test]
    fn a_value_is_kept_for_one_build_after_its_last_use() {
        let key = Key::new("length", &[b"abc"]);
        let cache = Cache::default().keeping_values();
        assert_eq!(*cache.value(key, || 3_usize), 3);
        let cache = cache.next_generation();
        assert_eq!(*cache.value(key, || unreachable!("it is kept") as usize), 3);
        let cache = cache.next_generation().next_generation();
        assert_eq!(*cache.value(key, || 4_usize), 4, "made anew");
    }

    #[test]
    fn inputs_do_not_run_into_one_another() {
        assert_ne!(Key::new("k", &[b"ab", b"c"]), Key::new("k", &[b"a", b"bc"]));
    }
}
