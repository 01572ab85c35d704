//! A finished site in memory: output path → bytes.
//!
//! The same value is written to disk by `publish` and handed to browsers by `serve`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::path::OutputPath;

/// Every file of a site.
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
