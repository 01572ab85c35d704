//! A copy of a text in which slips are mended, one behind the other, to read on.
//!
//! Takes what was put where in the copy, gives where its places stand in the text. It knows nothing of
//! what was wrong.

use std::ops::Range;

/// How places of the copy lead back to the text.
#[derive(Default)]
pub(super) struct Copied {
    /// Where each repair ends in the copy, in order, and how much longer the copy is from there on.
    repairs: Vec<(usize, isize)>,
}

impl Copied {
    /// Where the last repair ends: what stands in front of it has been told.
    pub(super) fn read_to(&self) -> usize {
        self.repairs.last().map_or(0, |(end, _)| *end)
    }

    pub(super) fn mended(&mut self, range: &Range<usize>, length: usize) {
        let before = self.repairs.last().map_or(0, |(_, longer)| *longer);
        let longer = before + length.cast_signed() - range.len().cast_signed();
        self.repairs.push((range.start + length, longer));
    }

    /// Where a place of the copy stands in the text.
    pub(super) fn written(&self, at: usize) -> usize {
        let last = self.repairs.iter().rev().find(|(end, _)| *end <= at);
        at.saturating_add_signed(-last.map_or(0, |(_, longer)| *longer))
    }
}
