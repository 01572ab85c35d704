//! The terms of a guide: every stem with its written forms and with the pages that have it.
//!
//! Takes the parts of an index, gives [`Term`]s in the order of their stems. How they are cut into files
//! is decided by `write`.
//!
//! An impact is one byte: 0–15 for how much the page is about the word (BM25F, Robertson and Zaragoza
//! 2009, with the weights below), 16 if the title has it, 32 if a heading or another wording has it.

use rayon::prelude::*;

use super::part::{self, About, Part, PartTerm, each_posting};
use super::read::{FIELD_COUNT, Field};
use super::words::is_stop_word;

/// Saturation of BM25F.
const K1: f64 = 1.6;
/// What impacts say of titles.
pub(super) const IN_TITLE: u8 = 16;
/// What impacts say of headings and other wordings.
pub(super) const IN_HEADING: u8 = 32;
/// The part of an impact that is a degree.
pub(super) const DEGREE: u8 = 15;
/// Weight of a word in each field, against the body's.
const WEIGHTS: [f64; FIELD_COUNT] = [8.0, 4.0, 3.0, 3.5, 1.5, 1.0, 0.4];
/// How far a long field weakens its words.
const LENGTH: [f64; FIELD_COUNT] = [0.4, 0.5, 0.4, 0.6, 0.2, 0.7, 0.7];

/// A stem and where it stands.
pub(super) struct Term<'a> {
    pub(super) stem: &'a str,
    /// Its written forms, sorted.
    pub(super) surfaces: Vec<&'a str>,
    /// How many pages have it.
    pub(super) pages: usize,
    /// The number of each part that has it, and where it stands there.
    parts: Vec<(usize, &'a [u8])>,
}

/// What a word is worth in each field of each page.
pub(super) struct Worth(Vec<[f64; FIELD_COUNT]>);

impl Worth {
    pub(super) fn of(pages: &[&About]) -> Self {
        let lengths = || pages.iter().map(|page| &page.lengths);
        let mut sums = [0_u64; FIELD_COUNT];
        for lengths in lengths() {
            for (sum, length) in sums.iter_mut().zip(lengths) {
                *sum += u64::from(*length);
            }
        }
        let averages = sums.map(|sum| sum as f64 / pages.len().max(1) as f64);
        let worth = |lengths: &[u32; FIELD_COUNT]| {
            std::array::from_fn(|field| {
                let relative = f64::from(lengths[field].max(1)) / averages[field].max(1.0);
                WEIGHTS[field] / (1.0 - LENGTH[field] + LENGTH[field] * relative)
            })
        };
        Self(lengths().map(worth).collect())
    }
}

impl Term<'_> {
    /// Pages in ascending order, with impacts.
    pub(super) fn postings(&self, worth: &Worth) -> Vec<(u32, u8)> {
        // In running text a stop word is everywhere, and nobody looks for it there.
        let telling = if is_stop_word(self.stem) { IN_TITLE | IN_HEADING } else { u8::MAX };
        let mut postings = Vec::with_capacity(self.pages);
        let mut fields = Vec::new();
        for (part, places) in &self.parts {
            each_posting(places, &mut fields, |page, fields| {
                let page = part * part::PAGES + usize::from(page);
                let impact = impact(fields, &worth.0[page]);
                if impact & telling > 0 {
                    postings.push((page as u32, impact));
                }
            });
        }
        postings
    }
}

/// Every term of the parts, sorted by the bytes of their stems.
pub(super) fn collect<'a>(parts: &[&'a Part]) -> Vec<Term<'a>> {
    let mut all = Vec::with_capacity(parts.iter().map(|part| part.terms().len()).sum());
    for (number, part) in parts.iter().enumerate() {
        all.extend(part.terms().map(|term| (number, term)));
    }
    // Each part is in order: a stable sort finds that, and joins them.
    all.par_sort_by(|(_, a), (_, b)| a.stem.cmp(b.stem));
    let same: Vec<&[(usize, PartTerm<'_>)]> =
        all.chunk_by(|(_, a), (_, b)| a.stem == b.stem).collect();
    same.into_par_iter().map(joined).collect()
}

/// A term from what parts have of it, in ascending order.
fn joined<'a>(of_parts: &[(usize, PartTerm<'a>)]) -> Term<'a> {
    let mut surfaces: Vec<&str> = Vec::new();
    for same in of_parts.chunk_by(|(_, a), (_, b)| a.surfaces == b.surfaces) {
        surfaces.extend(same[0].1.surfaces.split_terminator('\n'));
    }
    surfaces.sort_unstable();
    surfaces.dedup();
    Term {
        stem: of_parts[0].1.stem,
        surfaces,
        pages: of_parts.iter().map(|(_, term)| term.pages as usize).sum(),
        parts: of_parts.iter().map(|(number, term)| (*number, term.postings)).collect(),
    }
}

/// The impact of fields, each with how often a term stands there, by what a word there is worth.
fn impact(fields: &[(usize, u16)], worth: &[f64; FIELD_COUNT]) -> u8 {
    let mut frequency = 0.0;
    let mut places = 0;
    for (field, times) in fields {
        frequency += worth[*field] * f64::from(*times);
        if *field == Field::Title as usize {
            places |= IN_TITLE;
        } else if *field == Field::Heading as usize || *field == Field::AskedAs as usize {
            places |= IN_HEADING;
        }
    }
    let degree = (f64::from(DEGREE) * frequency / (K1 + frequency)).round() as u8;
    degree.clamp(1, DEGREE) | places
}
