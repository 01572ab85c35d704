//! What a build adds to a cache.
//!
//! Takes entries, gives them back in the same build and the next ones of the process. Blocks that are
//! full go to a temporary file, so that memory does not hold what is only wanted when the cache is saved.
//! It must not touch the cache file itself, nor fail: what cannot be written stays in memory.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Key;
use super::file::{BEGINNING, BLOCK, Marked, Place, Writer};
use super::temporary::Temporary;

/// New entries.
#[derive(Debug, Default)]
pub(super) struct Fresh {
    /// The cache file beside which full blocks are put; without one, they stay in memory.
    path: Option<PathBuf>,
    entries: BTreeMap<Key, Entry>,
    /// What is in memory, one behind the other; all before the first of them is in the file.
    blocks: Vec<Block>,
    file: Option<Temporary>,
    /// Why blocks are no longer written.
    failure: Option<io::Error>,
}

#[derive(Debug)]
struct Entry {
    place: Place,
    from: From,
}

/// The build that an entry comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    /// This one.
    Now,
    /// The one before, and this one has used it.
    Again,
    /// The one before.
    Before,
}

#[derive(Debug)]
struct Block {
    start: u64,
    bytes: Vec<u8>,
}

impl Block {
    fn at(start: u64) -> Self {
        Self { start, bytes: Vec::new() }
    }

    fn end(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }

    fn get(&self, place: Place) -> Option<&[u8]> {
        let start = usize::try_from(place.start.checked_sub(self.start)?).ok()?;
        self.bytes.get(start..)?.get(..usize::try_from(place.length).ok()?)
    }
}

/// An entry that was found, in memory or in the file.
pub(super) enum Found {
    Here(Vec<u8>),
    There(Arc<Marked>, Place),
}

impl Found {
    pub(super) fn bytes(self) -> Option<Vec<u8>> {
        match self {
            Self::Here(bytes) => Some(bytes),
            Self::There(file, place) => file.read(place),
        }
    }
}

impl Fresh {
    /// Entries that may be written beside a cache file.
    pub(super) fn beside(path: &Path) -> Self {
        Self { path: Some(path.to_owned()), ..Self::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether an entry is there; if so, it is of use.
    pub(super) fn keep(&mut self, key: Key) -> bool {
        self.place(key).is_some()
    }

    /// Whether an entry was there before this build.
    pub(super) fn knew(&self, key: Key) -> bool {
        self.entries.get(&key).is_some_and(|entry| entry.from != From::Now)
    }

    /// Finds an entry, which is then of use.
    pub(super) fn find(&mut self, key: Key) -> Option<Found> {
        let place = self.place(key)?;
        match self.in_memory(place) {
            Some(bytes) => Some(Found::Here(bytes.to_vec())),
            None => Some(Found::There(Arc::clone(&self.file.as_ref()?.file), place)),
        }
    }

    fn in_memory(&self, place: Place) -> Option<&[u8]> {
        let behind = self.blocks.partition_point(|block| block.start <= place.start);
        self.blocks.get(behind.checked_sub(1)?)?.get(place)
    }

    fn place(&mut self, key: Key) -> Option<Place> {
        let entry = self.entries.get_mut(&key)?;
        if entry.from == From::Before {
            entry.from = From::Again;
        }
        Some(entry.place)
    }

    /// Adds an entry, of which the place says what the bytes are like.
    pub(super) fn insert(&mut self, key: Key, place: Place, bytes: &[u8]) {
        if self.blocks.is_empty() {
            self.blocks.push(Block::at(BEGINNING));
        }
        let Some(block) = self.blocks.last_mut() else { return };
        let place = place.at(block.end());
        block.bytes.extend_from_slice(bytes);
        self.entries.insert(key, Entry { place, from: From::Now });
        if block.bytes.len() >= BLOCK {
            self.put_away();
        }
    }

    /// Makes room for a block.
    fn put_away(&mut self) {
        if let (Some(path), None) = (self.path.clone(), &self.failure) {
            match self.flush(&path) {
                Ok(()) => return,
                Err(error) => self.failure = Some(error),
            }
        }
        let end = self.blocks.last().map_or(BEGINNING, Block::end);
        self.blocks.push(Block::at(end));
    }

    /// Writes all blocks, and keeps an empty one.
    fn flush(&mut self, path: &Path) -> io::Result<()> {
        let file = match &self.file {
            Some(file) => file,
            None => self.file.insert(Temporary::beside(path)?),
        };
        for block in &self.blocks {
            file.file.write(block.start, &block.bytes)?;
        }
        // Memory that has been used already is cheaper than fresh one.
        if let Some(mut block) = self.blocks.pop() {
            block.start = block.end();
            block.bytes.clear();
            self.blocks = vec![block];
        }
        Ok(())
    }

    /// Why not all of this can be saved, if so.
    pub(super) fn failure(&mut self) -> Option<io::Error> {
        self.failure.take()
    }

    /// Whether it has a file that could take the place of the cache file.
    pub(super) fn has_file(&self) -> bool {
        self.file.as_ref().is_some_and(Temporary::is_in_the_making)
    }

    /// Whether an entry of use is in here.
    pub(super) fn has(&self, key: Key) -> bool {
        self.entries.get(&key).is_some_and(|entry| entry.from != From::Before)
    }

    /// All entries that are of use.
    fn used(&self) -> impl Iterator<Item = (Key, Place)> {
        let used = self.entries.iter().filter(|(_, entry)| entry.from != From::Before);
        used.map(|(key, entry)| (*key, entry.place))
    }

    /// How many entries are of use.
    pub(super) fn len(&self) -> usize {
        self.used().count()
    }

    /// The bytes of all entries that are of use.
    pub(super) fn length(&self) -> u64 {
        self.used().map(|(_, place)| place.length).sum()
    }

    /// Adds all entries to another file.
    pub(super) fn add_to(&self, writer: &mut Writer) -> io::Result<()> {
        for (key, place) in self.used() {
            match (self.in_memory(place), &self.file) {
                (Some(bytes), _) => writer.add(key, place, bytes)?,
                (None, Some(file)) => {
                    // What cannot be read again is missed by the next run.
                    if let Some(bytes) = file.file.read(place) {
                        writer.add(key, place, &bytes)?;
                    }
                }
                (None, None) => {}
            }
        }
        Ok(())
    }

    /// What writes to the end of its own file, with all entries named.
    pub(super) fn finished(&mut self, path: &Path) -> io::Result<Option<Writer>> {
        if !self.has_file() {
            return Ok(None);
        }
        self.flush(path)?;
        let end = self.blocks.last().map_or(BEGINNING, Block::end);
        let writer = self.file.as_ref().map(|file| Writer::new(Arc::clone(&file.file), end));
        Ok(writer.map(|mut writer| {
            self.used().for_each(|(key, place)| writer.name(key, place));
            writer
        }))
    }

    /// Puts its own file into the place of the cache file.
    pub(super) fn rename(&mut self, path: &Path) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), |file| file.rename(path))
    }

    /// Writes nothing from now on: what there was to write has been saved, or cannot be.
    pub(super) fn close(&mut self) {
        self.path = None;
        if let Some(file) = &mut self.file {
            file.discard();
        }
    }

    /// The same entries for the next build, without those that this one has not used.
    pub(super) fn next(mut self) -> Self {
        self.entries.retain(|_, entry| entry.from != From::Before);
        self.entries.values_mut().for_each(|entry| entry.from = From::Before);
        self.trim();
        self
    }

    /// Gives up what no entry has any more, if that is most of the memory.
    fn trim(&mut self) {
        let Some(beginning) = self.blocks.first().map(|block| block.start) else { return };
        let held = self.blocks.last().map_or(beginning, Block::end) - beginning;
        let mut entries: Vec<_> =
            self.entries.values_mut().filter(|entry| entry.place.start >= beginning).collect();
        if entries.iter().map(|entry| entry.place.length).sum::<u64>() * 2 >= held {
            return;
        }
        entries.sort_unstable_by_key(|entry| entry.place.start);
        let mut block = Block::at(beginning);
        for entry in entries {
            let of = self.blocks.partition_point(|block| block.start <= entry.place.start);
            if let Some(bytes) = self.blocks[..of].last().and_then(|block| block.get(entry.place)) {
                entry.place = entry.place.at(block.end());
                block.bytes.extend_from_slice(bytes);
            }
        }
        self.blocks = vec![block];
    }
}
