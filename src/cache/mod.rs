//! Results of costly pure functions, kept by the digest of everything they depend on.
//!
//! Texts, and the values that a program can write down, are kept on disk from one run to the next. A
//! process that builds again and again also keeps values of any type in memory, from one build to the
//! next. A cache can only save time: an entry is found by a BLAKE3 digest that no other input has, and
//! what is damaged, of another version, or not the very thing that this machine wrote is treated as
//! absent. This is, with `publish`, the only module of the build that writes to disk.

mod file;
mod fresh;
mod save;
mod temporary;

use std::any::Any;
use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub(crate) use file::number;
use file::{Known, Place};
use fresh::Fresh;

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
    /// Texts, and values of this program as bytes, that earlier runs have kept.
    known: Option<Known>,
    /// Those that this process has added.
    fresh: Mutex<Fresh>,
    program: Option<Key>,
    keeps_values: bool,
    known_values: HashMap<Key, Value>,
    used_values: Mutex<HashMap<Key, Value>>,
}

type Value = Arc<dyn Any + Send + Sync>;

impl Cache {
    /// Opens a cache file; anything odd about it gives an empty cache.
    pub fn load(path: &Path) -> Self {
        Self { known: Known::open(path), fresh: Mutex::new(Fresh::beside(path)), ..Self::default() }
    }

    /// The same cache for a program that can be told from every other.
    #[must_use]
    pub fn for_program(self, program: Option<&str>) -> Self {
        let program = program.map(|program| Key::new("program", &[program.as_bytes()]));
        Self { program, ..self }
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
        self.read(self.of_program(key)?, |bytes| postcard::from_bytes(bytes).ok())
    }

    /// Keeps a value for later runs of this very program; what a version of it wrote, another need not
    /// understand.
    pub fn remember<T: Serialize>(&self, key: Key, value: &T) {
        // A value that has no bytes costs the next run time and nothing else.
        if let Some(key) = self.of_program(key)
            && let Ok(bytes) = postcard::to_stdvec(value)
        {
            self.add(key, &bytes);
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
        let program = self.program?;
        Some(Key(*blake3::keyed_hash(&program.0, &key.0).as_bytes()))
    }

    /// A text that is there.
    pub fn find(&self, key: Key) -> Option<Arc<str>> {
        self.read(key, |bytes| std::str::from_utf8(bytes).ok().map(Arc::from))
    }

    /// Whether a text is there; if so, it is of use.
    pub fn holds(&self, key: Key) -> bool {
        let is_known = self.known.as_ref().is_some_and(|known| known.keep(key));
        is_known || guard(&self.fresh).keep(key)
    }

    /// Whether a result was there before this build.
    pub fn knew(&self, key: Key) -> bool {
        let is_known = self.known.as_ref().is_some_and(|known| known.holds(key));
        is_known || guard(&self.fresh).knew(key)
    }

    /// Adds a text.
    pub fn insert(&self, key: Key, text: &str) {
        self.add(key, text.as_bytes());
    }

    /// What is made of an entry that is there.
    fn read<T>(&self, key: Key, make: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
        if let Some(made) = self.known.as_ref().and_then(|known| known.read(key, &make)) {
            return Some(made);
        }
        // Whoever reads from a file lets others go on meanwhile.
        let found = guard(&self.fresh).find(key)?;
        make(&found.bytes()?)
    }

    fn add(&self, key: Key, bytes: &[u8]) {
        let place = Place::of(bytes);
        guard(&self.fresh).insert(key, place, bytes);
    }

    /// Writes what this build has added, if it has added or given up anything: behind the end of the file
    /// that was loaded, or to a file that is renamed into its place.
    ///
    /// # Errors
    ///
    /// Fails if the folder cannot be made or is a link, or the file cannot be written.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        let mut fresh = guard(&self.fresh);
        let saved = save::save(path, self.known.as_ref(), &mut fresh);
        fresh.close();
        saved
    }

    /// The same cache for another build in this process: what was used becomes what is known.
    ///
    /// Values that are kept in memory need not be recalled as well.
    #[must_use]
    pub fn next_generation(self) -> Self {
        let Self { known, fresh, program, keeps_values, used_values, .. } = self;
        Self {
            known: known.map(Known::unused),
            fresh: Mutex::new(owned(fresh).next()),
            program: program.filter(|_| !keeps_values),
            keeps_values,
            known_values: owned(used_values),
            used_values: Mutex::default(),
        }
    }
}

/// Entries are whole or absent, so a panic elsewhere cannot have left half of one.
fn guard<T>(entries: &Mutex<T>) -> MutexGuard<'_, T> {
    entries.lock().unwrap_or_else(PoisonError::into_inner)
}

fn owned<T>(entries: Mutex<T>) -> T {
    entries.into_inner().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::path::PathBuf;
    use std::time::SystemTime;

    use super::*;

    fn time(path: &Path) -> SystemTime {
        path.metadata().and_then(|found| found.modified()).expect("it is there")
    }

    /// The same file with other bytes, at the same time.
    fn written(path: &Path, bytes: &[u8], time: SystemTime) {
        fs::write(path, bytes).expect("writable");
        let file = File::options().append(true).open(path).expect("just written");
        file.set_modified(time).expect("it can be set");
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("readable");
        let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let mut names: Vec<_> = entries.map(|entry| name(entry.expect("readable"))).collect();
        names.sort();
        names
    }

    /// A text that nothing else is like, and its key.
    fn text(number: usize, length: usize) -> (Key, String) {
        let text = format!("{number} {}", "x".repeat(length));
        (Key::new("text", &[text.as_bytes()]), text)
    }

    /// Texts that do not fit into one block.
    fn many() -> Vec<(Key, String)> {
        (0..700).map(|number| text(number, 5_000)).collect()
    }

    fn has_all(cache: &Cache, texts: &[(Key, String)]) -> bool {
        texts.iter().all(|(key, text)| cache.find(*key).as_deref() == Some(text.as_str()))
    }

    fn filled(cache: Cache, texts: &[(Key, String)]) -> Cache {
        texts.iter().for_each(|(key, text)| cache.insert(*key, text));
        cache
    }

    fn stored(folder: &Path) -> PathBuf {
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
    fn what_is_damaged_is_made_again_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("cache.bin");
        let texts: Vec<String> = (0..4).map(|number| format!("text {number}").repeat(3)).collect();
        let key = |text: &str| Key::new("text", &[text.as_bytes()]);
        let cache = Cache::load(&path);
        texts.iter().for_each(|text| cache.insert(key(text), text));
        cache.save(&path).expect("the folder is writable");
        let whole = fs::read(&path).expect("just written");
        let beginning = usize::try_from(file::BEGINNING).expect("small");
        let end_of_entries = beginning + texts.iter().map(String::len).sum::<usize>();
        let time = time(&path);
        let found = |bytes: &[u8]| {
            written(&path, bytes, time);
            let cache = Cache::load(&path);
            let found = texts.iter().filter_map(|text| Some((text, cache.find(key(text))?)));
            found.inspect(|(text, found)| assert_eq!(***text, **found)).count()
        };
        assert_eq!(found(&whole), texts.len());
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x40;
            let is_entry = (beginning..end_of_entries).contains(&at);
            assert_eq!(found(&damaged), if is_entry { texts.len() - 1 } else { 0 }, "byte {at}");
            assert_eq!(found(&whole[..at]), 0, "cut at {at}");
        }
        // What is damaged is mended by the run that misses it.
        let mut damaged = whole.clone();
        damaged[beginning] ^= 1;
        assert_eq!(found(&damaged), texts.len() - 1);
        let cache = Cache::load(&path);
        for text in &texts {
            assert!(cache.holds(key(text)));
            assert_eq!(&*cache.text(key(text), || text.clone()), text);
            assert_eq!(&*cache.text(key(text), || unreachable!("it is there")), text);
        }
        cache.save(&path).expect("the folder is writable");
        let cache = Cache::load(&path);
        assert!(texts.iter().all(|text| cache.find(key(text)).as_deref() == Some(text.as_str())));
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

    #[test]
    fn what_is_new_is_appended() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("cache.bin");
        let mut texts: Vec<_> = (0..100).map(|number| text(number, 1_000)).collect();
        filled(Cache::load(&path), &texts).save(&path).expect("the folder is writable");
        for number in 100..103 {
            let (old, time_of_old) = (fs::read(&path).expect("just written"), time(&path));
            let cache = Cache::load(&path);
            assert!(has_all(&cache, &texts));
            texts.push(text(number, 1_000));
            filled(cache, &texts[number..]).save(&path).expect("the folder is writable");
            let new = fs::read(&path).expect("just written");
            let beginning = usize::try_from(file::BEGINNING).expect("small");
            assert!(new.len() > old.len() && new[beginning..].starts_with(&old[beginning..]));
            assert_eq!(time(&path), time_of_old);
            let cache = Cache::load(&path);
            assert!(has_all(&cache, &texts));
            cache.save(&path).expect("there is nothing to write");
            assert!(fs::read(&path).expect("just written") == new, "nothing was new");
        }
        assert_eq!(names(folder.path()), ["cache.bin"]);
    }

    #[test]
    fn what_nobody_names_is_given_up_once_it_is_half_of_the_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("cache.bin");
        let (kept, mut length) = (text(0, 10_000), 0);
        filled(Cache::load(&path), std::slice::from_ref(&kept)).save(&path).expect("writable");
        for number in 1..40 {
            let cache = Cache::load(&path);
            assert!(has_all(&cache, std::slice::from_ref(&kept)));
            filled(cache, &[text(number, 1_000)]).save(&path).expect("writable");
            length = length.max(fs::read(&path).expect("just written").len());
            let cache = Cache::load(&path);
            assert!(cache.knew(text(number, 1_000).0) && !cache.knew(text(number - 1, 1_000).0));
        }
        assert!((15_000..24_000).contains(&length), "{length} bytes");
    }

    #[test]
    fn one_who_is_killed_leaves_the_old_cache_or_the_new_one_or_none() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("cache.bin");
        let texts: Vec<_> = (0..5).map(|number| text(number, 20)).collect();
        filled(Cache::load(&path), &texts[..4]).save(&path).expect("writable");
        let old = fs::read(&path).expect("just written");
        let cache = Cache::load(&path);
        assert!(has_all(&cache, &texts[..4]));
        filled(cache, &texts[4..]).save(&path).expect("writable");
        let (new, time) = (fs::read(&path).expect("just written"), time(&path));
        assert!(new.len() > old.len(), "it was appended");
        let found = |bytes: &[u8]| {
            written(&path, bytes, time);
            let cache = Cache::load(&path);
            texts
                .iter()
                .map(|(key, text)| match cache.find(*key) {
                    Some(found) => {
                        assert_eq!(&*found, text);
                        1
                    }
                    None => 0,
                })
                .sum::<usize>()
        };
        let beginning = usize::try_from(file::BEGINNING).expect("small");
        for at in old.len()..=new.len() {
            // The header comes last.
            assert_eq!(found(&[&old[..beginning], &new[beginning..at]].concat()), 4, "up to {at}");
        }
        for at in 0..=beginning {
            let torn = [&new[..at], &old[at..beginning], &new[beginning..]].concat();
            assert!([0, 4, 5].contains(&found(&torn)), "a header torn at {at}");
        }
        // The next one appends behind what the killed one has left.
        assert_eq!(found(&[&old[..beginning], &new[beginning..new.len() - 9]].concat()), 4);
        let cache = Cache::load(&path);
        assert!(has_all(&cache, &texts[..4]));
        filled(cache, &texts[4..]).save(&path).expect("writable");
        assert!(has_all(&Cache::load(&path), &texts));
    }

    #[test]
    fn what_has_gone_to_disk_is_found_in_the_same_run() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("folder/cache.bin");
        let texts = many();
        let cache = filled(Cache::load(&path), &texts);
        assert_eq!(names(path.parent().expect("a folder")).len(), 1, "a temporary file");
        assert!(has_all(&cache, &texts) && texts.iter().all(|(key, _)| cache.holds(*key)));
        cache.save(&path).expect("writable");
        assert!(has_all(&cache, &texts), "also once it has been saved");
        let again = cache.next_generation();
        assert!(has_all(&again, &texts) && again.knew(texts[0].0), "and in the next build");
        assert!(has_all(&Cache::load(&path), &texts));
        assert_eq!(names(path.parent().expect("a folder")), ["cache.bin"]);
        // Much that is new is appended as well.
        let cache = Cache::load(&path);
        assert!(has_all(&cache, &texts));
        let more: Vec<_> = (700..1_000).map(|number| text(number, 5_000)).collect();
        filled(cache, &more).save(&path).expect("writable");
        let cache = Cache::load(&path);
        assert!(has_all(&cache, &texts) && has_all(&cache, &more));
        assert_eq!(names(path.parent().expect("a folder")), ["cache.bin"]);
    }

    #[test]
    fn a_run_that_does_not_save_leaves_all_as_it_was() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("cache.bin");
        drop(filled(Cache::load(&path), &many()));
        assert!(names(folder.path()).is_empty());
        let path = stored(folder.path());
        let (bytes, time_before) = (fs::read(&path).expect("just written"), time(&path));
        drop(filled(Cache::load(&path), &many()));
        assert_eq!(names(folder.path()), ["cache.bin"]);
        assert!(fs::read(&path).expect("just written") == bytes && time(&path) == time_before);
    }

    #[test]
    fn what_cannot_be_written_is_found_and_told() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let no_folder = folder.path().join("file");
        fs::write(&no_folder, "a file").expect("writable");
        let path = no_folder.join("cache.bin");
        let texts = many();
        let cache = filled(Cache::load(&path), &texts);
        assert!(has_all(&cache, &texts));
        assert!(cache.save(&path).is_err());
        assert!(has_all(&cache.next_generation(), &texts));
        assert_eq!(names(folder.path()), ["file"]);
    }

    #[test]
    fn texts_that_no_build_uses_any_more_leave_the_memory() {
        let texts = many();
        let mut cache = filled(Cache::default(), &texts);
        for _ in 0..3 {
            cache = cache.next_generation();
            assert!(has_all(&cache, &texts[600..]));
        }
        let cache = filled(cache.next_generation(), &texts[..10]);
        assert!(has_all(&cache, &texts[600..]) && has_all(&cache, &texts[..10]));
        assert!(!cache.holds(texts[300].0));
    }

    #[test]
    fn two_processes_that_save_in_turn_lose_nothing_that_is_right() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("cache.bin");
        let texts: Vec<_> = (0..50).map(|number| text(number, 1_000)).collect();
        filled(Cache::load(&path), &texts).save(&path).expect("writable");
        let (one, other) = (Cache::load(&path), Cache::load(&path));
        assert!(has_all(&one, &texts) && has_all(&other, &texts));
        let (of_one, of_other) = ([text(51, 1_000)], [text(52, 1_000)]);
        let one = filled(one, &of_one);
        one.save(&path).expect("writable");
        filled(other, &of_other).save(&path).expect("writable");
        assert!(has_all(&one, &texts) && has_all(&one, &of_one), "while another has saved");
        let cache = Cache::load(&path);
        assert!(has_all(&cache, &texts) && has_all(&cache, &of_other) && !cache.knew(of_one[0].0));
        // One who reads while the file is written anew reads on in what it has opened.
        filled(Cache::default(), &of_one).save(&path).expect("writable");
        assert!(has_all(&cache, &texts));
        filled(cache, &[text(53, 10)]).save(&path).expect("writable");
        assert!(has_all(&Cache::load(&path), &texts));
    }

    #[test]
    fn processes_at_once_believe_nothing_wrong() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("cache.bin");
        let texts: Vec<_> = (0..600).map(|number| text(number, 4_000)).collect();
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let (path, texts) = (&path, &texts);
                scope.spawn(move || {
                    for round in 0..12 {
                        let cache = Cache::load(path);
                        let from = (thread * 131 + round * 17) % 300;
                        for (key, text) in &texts[from..from + 300] {
                            assert_eq!(&*cache.text(*key, || text.clone()), text);
                        }
                        cache.save(path).expect("writable at any moment");
                    }
                });
            }
        });
        assert_eq!(names(folder.path()), ["cache.bin"]);
        let cache = Cache::load(&path);
        let found = texts.iter().filter_map(|(key, text)| Some((cache.find(*key)?, text)));
        assert_eq!(found.inspect(|(found, text)| assert_eq!(&**found, *text)).count(), 300);
    }

    #[test]
    fn what_another_process_is_writing_is_left_to_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("cache.bin");
        fs::write(folder.path().join("cache.4711.tmp"), "of one who was killed").expect("writable");
        let (one, other) = (Cache::load(&path), Cache::load(&path));
        let (one, other) = (filled(one, &many()), filled(other, &many()));
        assert_eq!(names(folder.path()).len(), 2, "that of the killed one is gone");
        one.save(&path).expect("writable");
        other.save(&path).expect("writable");
        assert_eq!(names(folder.path()), ["cache.bin"]);
    }
}
