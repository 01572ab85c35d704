//! Results of costly pure functions, kept by the digest of everything they depend on.
//!
//! Texts, and the values that a program can write down, are kept on disk from one run to the next. A
//! process that builds again and again also keeps values of any type in memory, from one build to the
//! next. A cache can only save time: an entry is found by a BLAKE3 digest that no other input has, and
//! a file that is damaged, of another version, or not the very one that this machine wrote is treated as
//! empty. This is, with `publish`, the only module of the build that writes to disk.

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::fs::{self, File, Metadata};
use std::io::{self, Write as _};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::UNIX_EPOCH;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

const DIGEST_BYTES: usize = 32;
/// Changes whenever an entry of the same key could mean something else.
const MAGIC: &str = concat!("askbook cache 3, askbook ", env!("CARGO_PKG_VERSION"));

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
    known: Known,
    /// Texts.
    used: Mutex<BTreeMap<Key, Use>>,
    /// Values of this program, as bytes.
    remembered: Mutex<BTreeMap<Key, Use>>,
    program: Option<String>,
    keeps_values: bool,
    known_values: HashMap<Key, Value>,
    used_values: Mutex<HashMap<Key, Value>>,
}

type Value = Arc<dyn Any + Send + Sync>;

/// Entries of a file, where they lie in it.
#[derive(Debug, Default)]
struct Known {
    bytes: Vec<u8>,
    places: HashMap<Key, Range<usize>>,
}

/// What a build has to do with an entry.
#[derive(Debug)]
enum Use {
    /// It was known, and is still of use.
    Again,
    /// It is new.
    Anew(Arc<[u8]>),
}

/// The beginning of the file. The entries follow, one behind the other, then the digest of all that and
/// of the file's own marks.
#[derive(Serialize, Deserialize)]
struct Head {
    magic: String,
    lengths: Vec<(Key, usize)>,
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
            let text = make();
            self.insert(key, &text);
            text.into()
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
        let known = known.or_else(|| guard(&self.used_values).get(&key).cloned());
        let value = match known.and_then(|value| value.downcast::<T>().ok()) {
            Some(value) => value,
            None => Arc::new(make()?),
        };
        guard(&self.used_values).insert(key, Arc::clone(&value) as Value);
        Ok(value)
    }

    /// What this very program has [remembered](Self::remember) in an earlier run.
    pub fn recall<T: DeserializeOwned>(&self, key: Key) -> Option<T> {
        let key = self.of_program(key)?;
        let value = postcard::from_bytes(self.known.bytes(key)?).ok()?;
        guard(&self.remembered).insert(key, Use::Again);
        Some(value)
    }

    /// Keeps a value for later runs of this very program; what a version of it wrote, another need not
    /// understand.
    pub fn remember<T: Serialize>(&self, key: Key, value: &T) {
        // A value that has no bytes costs the next run time and nothing else.
        if let Some(key) = self.of_program(key)
            && let Ok(bytes) = postcard::to_stdvec(value)
        {
            guard(&self.remembered).insert(key, Use::Anew(bytes.into()));
        }
    }

    /// The value of `make` for `key`, from the build before or from an earlier run of this very program.
    pub fn kept<T>(&self, key: Key, make: impl FnOnce() -> T) -> Arc<T>
    where
        T: Serialize + DeserializeOwned + Send + Sync + 'static,
    {
        self.value(key, || {
            self.recall(key).unwrap_or_else(|| {
                let value = make();
                self.remember(key, &value);
                value
            })
        })
    }

    /// The key of a result that also depends on the code of this very program; `None` if it cannot be
    /// told from others of the same version.
    fn of_program(&self, key: Key) -> Option<Key> {
        let program = self.program.as_ref()?;
        Some(Key::new("program", &[program.as_bytes(), key.as_bytes()]))
    }

    /// A text that is there.
    pub fn find(&self, key: Key) -> Option<Arc<str>> {
        if let Some(bytes) = self.known.bytes(key) {
            let text = std::str::from_utf8(bytes).ok()?.into();
            guard(&self.used).entry(key).or_insert(Use::Again);
            return Some(text);
        }
        match guard(&self.used).get(&key)? {
            Use::Anew(bytes) => std::str::from_utf8(bytes).ok().map(Into::into),
            Use::Again => None,
        }
    }

    /// Whether a text is there; if so, it is of use.
    pub fn holds(&self, key: Key) -> bool {
        let is_known = self.knew(key);
        if is_known {
            guard(&self.used).entry(key).or_insert(Use::Again);
        }
        is_known || guard(&self.used).contains_key(&key)
    }

    /// Whether a result was there before this build.
    pub fn knew(&self, key: Key) -> bool {
        self.known.places.contains_key(&key)
    }

    /// Adds a text.
    pub fn insert(&self, key: Key, text: &str) {
        guard(&self.used).insert(key, Use::Anew(text.as_bytes().into()));
    }

    /// Writes what this build used to a temporary file and renames it into place.
    ///
    /// # Errors
    ///
    /// Fails if the folder cannot be made or is a link, or the file cannot be written.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        let (used, remembered) = (guard(&self.used), guard(&self.remembered));
        let all = || used.iter().chain(remembered.iter());
        let is_unchanged = all().count() == self.known.places.len()
            && all().all(|(_, entry)| matches!(entry, Use::Again));
        if is_unchanged {
            return Ok(());
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        if is_in_link(path) {
            return Err(io::Error::other("its folder is a symbolic link"));
        }
        remove_left_over(path)?;
        let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
        let file = File::create_new(&temporary)?;
        let made = file.metadata()?;
        let entries = || all().filter_map(|(key, entry)| Some((*key, self.bytes(*key, entry)?)));
        let lengths = entries().map(|(key, bytes)| (key, bytes.len())).collect();
        let head = Head { magic: MAGIC.to_owned(), lengths };
        let head = postcard::to_stdvec(&head).map_err(io::Error::other)?;
        let mut writer = Signed { file, digest: marked(&made)?, block: Vec::new() };
        writer.write(&head)?;
        entries().try_for_each(|(_, bytes)| writer.write(bytes))?;
        // The marks are those of the empty file.
        writer.finish()?.set_modified(made.modified()?)?;
        fs::rename(&temporary, path)
    }

    /// The bytes of an entry that is used.
    fn bytes<'a>(&'a self, key: Key, entry: &'a Use) -> Option<&'a [u8]> {
        match entry {
            Use::Again => self.known.bytes(key),
            Use::Anew(bytes) => Some(bytes),
        }
    }

    /// The same cache for another build in this process: what was used becomes what is known.
    ///
    /// Values that are kept in memory need not be recalled as well.
    #[must_use]
    pub fn next_generation(self) -> Self {
        let Self { mut known, used, remembered, program, keeps_values, used_values, .. } = self;
        let mut used = owned(used);
        used.extend(owned(remembered).into_iter().filter(|_| !keeps_values));
        known.places.retain(|key, _| used.contains_key(key));
        for (key, entry) in used {
            if let Use::Anew(bytes) = entry {
                known.add(key, &bytes);
            }
        }
        known.trim();
        let program = program.filter(|_| !keeps_values);
        let known_values = owned(used_values);
        Self { known, known_values, program, keeps_values, ..Self::default() }
    }
}

/// Entries are whole or absent, so a panic elsewhere cannot have left half of one.
fn guard<T>(entries: &Mutex<T>) -> MutexGuard<'_, T> {
    entries.lock().unwrap_or_else(PoisonError::into_inner)
}

fn owned<T>(entries: Mutex<T>) -> T {
    entries.into_inner().unwrap_or_else(PoisonError::into_inner)
}

impl Known {
    fn bytes(&self, key: Key) -> Option<&[u8]> {
        self.bytes.get(self.places.get(&key)?.clone())
    }

    fn add(&mut self, key: Key, bytes: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.places.insert(key, start..self.bytes.len());
    }

    /// Gives up what no entry has any more, if that is most of it.
    fn trim(&mut self) {
        let used: usize = self.places.values().map(Range::len).sum();
        if used * 2 < self.bytes.len() {
            let old = std::mem::take(self);
            let mut places: Vec<_> = old.places.into_iter().collect();
            places.sort_unstable_by_key(|(_, place)| place.start);
            for (key, place) in places {
                self.add(key, &old.bytes[place]);
            }
        }
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

fn read(path: &Path) -> Option<Known> {
    let found = path.symlink_metadata().ok()?;
    if !found.is_file() || is_in_link(path) {
        return None;
    }
    let bytes = fs::read(path).ok()?;
    let (signed, digest) = bytes.split_last_chunk::<DIGEST_BYTES>()?;
    if marked(&found).ok()?.update(signed).finalize() != *digest {
        return None;
    }
    let (head, entries) = postcard::take_from_bytes::<Head>(signed).ok()?;
    if head.magic != MAGIC {
        return None;
    }
    let mut end = signed.len() - entries.len();
    let mut place = |length: usize| {
        let start = end;
        end = start.checked_add(length)?;
        Some(start..end)
    };
    let places = head.lengths.iter().map(|(key, length)| Some((*key, place(*length)?)));
    Some(Known { places: places.collect::<Option<_>>()?, bytes })
}

/// A clone can hold a link where the folder of the cache should be; it could lead anywhere.
fn is_in_link(path: &Path) -> bool {
    let folder = path.parent().and_then(|folder| folder.symlink_metadata().ok());
    folder.is_some_and(|folder| folder.is_symlink())
}

/// A file that ends with the digest of everything in it.
struct Signed {
    file: File,
    digest: blake3::Hasher,
    block: Vec<u8>,
}

impl Signed {
    /// Bytes that are hashed and written at once: the hasher takes many faster than few.
    const BLOCK: usize = 1 << 20;

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.block.extend_from_slice(bytes);
        if self.block.len() < Self::BLOCK { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.digest.update(&self.block);
        self.file.write_all(&self.block)?;
        self.block.clear();
        Ok(())
    }

    fn finish(mut self) -> io::Result<File> {
        self.flush()?;
        self.file.write_all(self.digest.finalize().as_bytes())?;
        Ok(self.file)
    }
}

/// A digest that begins with what one machine calls one file.
///
/// Whoever can put a file into a clone could also compute a digest of its content alone, and with it
/// say what any page looks like. Nobody can say in advance which number and which moment, to the
/// nanosecond, the system will give to the file.
fn marked(file: &Metadata) -> io::Result<blake3::Hasher> {
    // Some file systems do not know when a file was made.
    let times = [file.modified()?, file.created().unwrap_or(UNIX_EPOCH)];
    let times = times.map(|time| time.duration_since(UNIX_EPOCH).map(|age| age.as_nanos()));
    let mut hasher = blake3::Hasher::new();
    hasher.update(format!("{times:?} {:?}\n", number(file)).as_bytes());
    Ok(hasher)
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
    fn a_value_is_recalled_by_the_program_that_kept_it_and_by_no_other() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("cache.bin");
        let key = Key::new("pair", &[b"a"]);
        let load = |program| Cache::load(&path).for_program(program);
        let cache = load(Some("one"));
        cache.remember(key, &("a", 1_u8));
        cache.insert(key, "a text of the same key");
        cache.save(&path).expect("the folder is writable");
        assert_eq!(load(Some("one")).recall(key), Some(("a".to_owned(), 1_u8)));
        assert_eq!(load(Some("one")).recall::<Vec<String>>(key), None, "it is no such value");
        assert_eq!(load(Some("other")).recall::<(String, u8)>(key), None);
        assert_eq!(load(None).recall::<(String, u8)>(key), None);
        assert_eq!(load(None).find(key).as_deref(), Some("a text of the same key"));
        // What a run has no use for is gone after it.
        let cache = load(Some("one"));
        cache.insert(Key::new("other", &[]), "new");
        cache.save(&path).expect("the folder is writable");
        assert_eq!(load(Some("one")).recall::<(String, u8)>(key), None);
    }

    #[test]
    fn inputs_do_not_run_into_one_another() {
        assert_ne!(Key::new("k", &[b"ab", b"c"]), Key::new("k", &[b"a", b"bc"]));
    }
}
