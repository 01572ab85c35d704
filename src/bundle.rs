//! A finished site: what it consists of, and where its files go while they are made.
//!
//! A [`Manifest`] lists the files of a site. Their bytes go to a [`Shelf`] one by one, so that a site
//! need not fit into memory: `publish` has a shelf on disk, and a [`Bundle`] is what `serve` hands to
//! browsers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::path::OutputPath;

/// Which file it is, and which bytes it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Where it is published.
    pub path: OutputPath,
    /// The BLAKE3 digest of its bytes.
    pub digest: [u8; 32],
    /// How many bytes there are.
    pub size_bytes: usize,
}

impl Entry {
    /// A file with these bytes.
    pub fn new(path: OutputPath, bytes: &[u8]) -> Self {
        Self { path, digest: *blake3::hash(bytes).as_bytes(), size_bytes: bytes.len() }
    }
}

/// Every file of a site, in the order of paths.
pub type Manifest = Vec<Entry>;

/// A place for finished files.
pub trait Shelf: Sync {
    /// Takes the bytes of a file; each path is given once.
    fn put(&self, entry: &Entry, bytes: &Arc<[u8]>);

    /// Takes a file without being given its bytes, if it has them already.
    fn take(&self, entry: &Entry) -> bool;
}

/// Keeps no bytes: what a site consists of is known without them.
#[derive(Clone, Copy, Debug)]
pub struct Nowhere;

impl Shelf for Nowhere {
    fn put(&self, _: &Entry, _: &Arc<[u8]>) {}

    fn take(&self, _: &Entry) -> bool {
        true
    }
}

/// A shelf in memory.
#[derive(Debug, Default)]
pub struct Memory(Mutex<BTreeMap<OutputPath, Arc<[u8]>>>);

impl Memory {
    /// Everything that was put on it.
    pub fn into_bundle(self) -> Bundle {
        Bundle(self.0.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Shelf for Memory {
    fn put(&self, entry: &Entry, bytes: &Arc<[u8]>) {
        // A file is on the shelf or not, so a panic elsewhere cannot have left half of one.
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(entry.path.clone(), Arc::clone(bytes));
    }

    fn take(&self, _: &Entry) -> bool {
        false
    }
}

/// Every file of a site, in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundle(BTreeMap<OutputPath, Arc<[u8]>>);

impl Bundle {
    /// The bytes of one file.
    pub fn file(&self, path: &OutputPath) -> Option<&Arc<[u8]>> {
        self.0.get(path)
    }

    /// Every file, in the order of paths.
    pub fn files(&self) -> impl ExactSizeIterator<Item = (&OutputPath, &Arc<[u8]>)> {
        self.0.iter()
    }

    /// The size of all files together.
    pub fn size_bytes(&self) -> usize {
        self.0.values().map(|bytes| bytes.len()).sum()
    }
}

impl FromIterator<(OutputPath, Arc<[u8]>)> for Bundle {
    fn from_iter<I: IntoIterator<Item = (OutputPath, Arc<[u8]>)>>(files: I) -> Self {
        Self(files.into_iter().collect())
    }
}
