//! The terms of a guide: every stem with its written forms and with the pages that have it.
//!
//! Takes analysed pages, gives [`Term`]s in the order of their stems. How they are cut into files is
//! decided by `index`.
//!
//! An impact is one byte: 0–15 for how much the page is about the word (BM25F, Robertson and Zaragoza
//! 2009, with the weights below), 16 if the title has it, 32 if a heading or another wording has it.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use rayon::prelude::*;

use super::analysis::Analyzer;
use super::read::{FIELD_COUNT, Field, Page};
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

/// Pages whose terms are held in memory before they are given to the terms.
const PAGES_AT_ONCE: usize = 1_000;

/// A stem and where it stands.
pub(super) struct Term<'a> {
    pub(super) stem: String,
    /// Its written forms, sorted.
    pub(super) surfaces: Vec<&'a str>,
    /// Pages in ascending order, with impacts.
    pub(super) postings: Vec<(u32, u8)>,
}

/// Every term of the pages, sorted by the bytes of their stems.
pub(super) fn collect<'a>(pages: &'a [Arc<Page>], analyzer: &Analyzer) -> Vec<Term<'a>> {
    let (words, numbers) = numbered(pages);
    let mut sorted: Vec<(String, &str, usize)> = words
        .iter()
        .enumerate()
        .map(|(number, word)| (analyzer.stem(word), *word, number))
        .collect();
    sorted.par_sort_unstable();
    let mut terms: Vec<Term<'a>> = Vec::new();
    let mut term_of = vec![0_u32; words.len()];
    for (stem, surface, number) in sorted {
        match terms.last_mut() {
            Some(term) if term.stem == stem => term.surfaces.push(surface),
            _ => terms.push(Term { stem, surfaces: vec![surface], postings: Vec::new() }),
        }
        term_of[number] = (terms.len() - 1) as u32;
    }
    let averages = averages(pages);
    // In running text a stop word is everywhere, and nobody looks for it there.
    let telling: Vec<u8> = terms
        .iter()
        .map(|term| if is_stop_word(&term.stem) { IN_TITLE | IN_HEADING } else { u8::MAX })
        .collect();
    let mut page = 0;
    // Not all at once: what pages say of their terms and what terms say of their pages is the same twice.
    for (pages, numbers) in pages.chunks(PAGES_AT_ONCE).zip(numbers.chunks(PAGES_AT_ONCE)) {
        let impacts: Vec<Vec<(u32, u8)>> = pages
            .par_iter()
            .zip(numbers)
            .map(|(page, numbers)| impacts(page, &averages, |word| term_of[numbers[word] as usize]))
            .collect();
        for impacts in impacts {
            for (term, impact) in impacts {
                if impact & telling[term as usize] > 0 {
                    terms[term as usize].postings.push((page, impact));
                }
            }
            page += 1;
        }
    }
    terms
}

/// The distinct words of all pages, and for each page the number of each of its words among them.
fn numbered(pages: &[Arc<Page>]) -> (Vec<&str>, Vec<Vec<u32>>) {
    let mut words = Vec::new();
    let mut known: HashMap<&str, u32, RandomState> = HashMap::default();
    let mut number = |word| {
        *known.entry(word).or_insert_with(|| {
            words.push(word);
            (words.len() - 1) as u32
        })
    };
    let numbers = pages.iter().map(|page| page.words().map(&mut number).collect()).collect();
    (words, numbers)
}

fn averages(pages: &[Arc<Page>]) -> [f64; FIELD_COUNT] {
    let mut sums = [0_u64; FIELD_COUNT];
    for page in pages {
        for (sum, length) in sums.iter_mut().zip(page.lengths) {
            *sum += u64::from(length);
        }
    }
    sums.map(|sum| sum as f64 / pages.len().max(1) as f64)
}

/// The terms of a page with their impacts; forms of one stem are added up.
fn impacts(
    page: &Page,
    averages: &[f64; FIELD_COUNT],
    term_of: impl Fn(usize) -> u32,
) -> Vec<(u32, u8)> {
    let mut counts: Vec<(u32, u8, u16)> =
        page.counts().map(|(word, field, times)| (term_of(word), field as u8, times)).collect();
    counts.sort_unstable();
    let worth: [f64; FIELD_COUNT] = std::array::from_fn(|field| {
        let relative = f64::from(page.lengths[field].max(1)) / averages[field].max(1.0);
        WEIGHTS[field] / (1.0 - LENGTH[field] + LENGTH[field] * relative)
    });
    counts
        .chunk_by(|(a, ..), (b, ..)| a == b)
        .map(|counts| {
            let fields = counts.iter().map(|(_, field, times)| (usize::from(*field), *times));
            (counts[0].0, impact(fields, &worth))
        })
        .collect()
}

/// The impact of fields, each with how often a term stands there, by what a word there is worth.
fn impact(fields: impl Iterator<Item = (usize, u16)>, worth: &[f64; FIELD_COUNT]) -> u8 {
    let mut frequency = 0.0;
    let mut places = 0;
    for (field, times) in fields {
        frequency += worth[field] * f64::from(times);
        if field == Field::Title as usize {
            places |= IN_TITLE;
        } else if field == Field::Heading as usize || field == Field::AskedAs as usize {
            places |= IN_HEADING;
        }
    }
    let degree = (f64::from(DEGREE) * frequency / (K1 + frequency)).round() as u8;
    degree.clamp(1, DEGREE) | places
}
