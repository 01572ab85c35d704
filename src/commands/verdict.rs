//! What an earlier run of this program has found out about exactly these files.
//!
//! Takes sources and options, gives the outcome that they had before. A build is a function of both and
//! of the program: where none of them has changed, neither has the outcome, and nothing needs to be
//! built to know it. Only outcomes without a finding are kept, so that none is ever told from memory.

use std::io;
use std::path::PathBuf;

use super::World;
use crate::cache::{Cache, Key};
use crate::diagnostic::Checked;
use crate::pipeline::Options;
use crate::source::Sources;

/// The place of a kept outcome.
pub(super) struct Verdict {
    key: Key,
    kept: Cache,
    path: PathBuf,
}

impl Verdict {
    /// Looks for an outcome in a file; there is no place for one where something could not be read.
    pub(super) fn of(
        discovered: &Checked<Sources>,
        options: &Options,
        world: &World,
        path: PathBuf,
    ) -> Option<Self> {
        let program = world.program.as_ref().filter(|_| discovered.diagnostics.is_empty())?;
        let options = format!("{options:?}");
        let sources = discovered.value.key();
        let inputs = [program.as_bytes(), options.as_bytes(), sources.as_bytes()];
        Some(Self { key: Key::new("verdict", &inputs), kept: Cache::load(&path), path })
    }

    /// Whether an outcome was kept for the same sources, whatever it was kept with.
    pub(super) fn is_known(&self) -> bool {
        self.kept.holds(self.key)
    }

    /// The numbers that were kept with the outcome, if it was the same `also`.
    pub(super) fn numbers<const N: usize>(&self, also: &[&[u8]]) -> Option<[usize; N]> {
        let text = self.kept.find(self.key_with(also))?;
        let numbers: Vec<usize> = text.split(' ').filter_map(|word| word.parse().ok()).collect();
        numbers.try_into().ok()
    }

    /// Keeps an outcome without a finding.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be written, which costs the next run time and nothing else.
    pub(super) fn keep(self, also: &[&[u8]], numbers: &[usize]) -> io::Result<()> {
        let text: Vec<String> = numbers.iter().map(usize::to_string).collect();
        self.kept.insert(self.key, "");
        self.kept.insert(self.key_with(also), &text.join(" "));
        self.kept.save(&self.path)
    }

    fn key_with(&self, also: &[&[u8]]) -> Key {
        let inputs: Vec<&[u8]> =
            [self.key.as_bytes()].into_iter().chain(also.iter().copied()).collect();
        Key::new("outcome", &inputs)
    }
}
