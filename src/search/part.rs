//! Neighbouring pages of the index, read and counted together.
//!
//! Takes what is read of some pages, gives a [`Part`]: what the index has to know of each of them, and
//! their terms. It depends on those pages alone, so that an edit makes one part anew; how the terms of
//! all parts are joined is decided by `terms`.

use std::collections::{BTreeSet, HashMap};

use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};

use super::analysis::Analyzer;
use super::read::{FIELD_COUNT, Field, Page};
use super::words::is_stop_word;
use super::write::GROUP;

/// Pages of a part: those whose texts are a group. Their numbers fit into a byte.
pub(super) const PAGES: usize = GROUP;
/// Words shorter than this are parts of symbols more often than words.
const TELLING_LETTERS: usize = 3;

/// Some pages, analysed. Small, because caches keep it.
#[derive(Serialize, Deserialize)]
pub(super) struct Part {
    /// Its pages, in the order of the index.
    pub(super) pages: Vec<About>,
    /// Stems, sorted, each with a line break behind it.
    stems: String,
    /// The written forms of each stem, sorted, each with a line break behind it.
    surfaces: String,
    /// Of each stem: bytes of its written forms, bytes of its postings, pages.
    terms: Vec<(u32, u32, u32)>,
    /// For each page that has a stem, in ascending order: the page, one byte; then, for each field and
    /// written form, [`LAST`] if it is the last, how often it stands there if fewer than [`MANY`], and
    /// the field; where that is too many two bytes follow, little-endian.
    postings: Vec<u8>,
}

/// What is known of a page beside its terms.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct About {
    /// Words in each field.
    pub(super) lengths: [u32; FIELD_COUNT],
    /// Words of its title that are no stop words.
    pub(super) title_words: usize,
    /// Acronyms that it explains, each with the stems of its name.
    pub(super) acronyms: Vec<(String, Vec<String>)>,
    /// The telling stems of its title, and of its other wordings, each with a line break behind it.
    said: [String; 2],
}

impl About {
    /// The telling stems of its title, and those of its other wordings, both sorted.
    pub(super) fn said(&self) -> [Vec<&str>; 2] {
        self.said.each_ref().map(|stems| stems.split_terminator('\n').collect())
    }
}

/// A stem as a part has it.
pub(super) struct PartTerm<'a> {
    pub(super) stem: &'a str,
    /// Its written forms, sorted, each with a line break behind it.
    pub(super) surfaces: &'a str,
    /// Where it stands; [`each_posting`] reads it.
    pub(super) postings: &'a [u8],
    /// How many pages have it.
    pub(super) pages: u32,
}

/// How often a word stands in a field.
const MANY: u16 = 15;
const LAST: u8 = 0x80;
const FIELD: u8 = 0x07;
const TIMES_SHIFT: u32 = 3;

impl Part {
    /// Counts the terms of some pages, no more than [`PAGES`].
    pub(super) fn new(pages: Vec<Page>, analyzer: &Analyzer) -> Self {
        let Numbered { stems, surfaces, surface_bytes, words } = numbered(&pages, analyzer);
        let counted: Vec<Vec<(u32, u8, u16)>> =
            pages.iter().zip(&words).map(|(page, words)| counted(page, words)).collect();
        let mut sizes = vec![(0_u32, 0_u32); surface_bytes.len()];
        for of_term in counted.iter().flat_map(|counts| by_term(counts)) {
            let (bytes, pages) = &mut sizes[of_term[0].0 as usize];
            let long = of_term.iter().filter(|(_, _, times)| *times >= MANY).count();
            *bytes += (1 + of_term.len() + 2 * long) as u32;
            *pages += 1;
        }
        let mut ends: Vec<usize> = Vec::with_capacity(sizes.len());
        let mut end = 0;
        for (bytes, _) in &sizes {
            ends.push(end);
            end += *bytes as usize;
        }
        let mut postings = vec![0; end];
        for (page, counts) in counted.iter().enumerate() {
            for of_term in by_term(counts) {
                let end = &mut ends[of_term[0].0 as usize];
                write_posting(page as u8, of_term, &mut postings, end);
            }
        }
        let terms = surface_bytes.into_iter().zip(sizes);
        let terms = terms.map(|(surfaces, (bytes, pages))| (surfaces, bytes, pages)).collect();
        let stem_list: Vec<&str> = stems.split_terminator('\n').collect();
        let about = |(page, words): (Page, Vec<u32>)| {
            let said = said(&page, |word| stem_list[words[word] as usize]);
            let Page { lengths, title_words, acronyms, .. } = page;
            About { lengths, title_words, acronyms, said }
        };
        let pages = pages.into_iter().zip(words).map(about).collect();
        Self { pages, stems, surfaces, terms, postings }
    }

    /// Its terms, in the order of their stems.
    pub(super) fn terms(&self) -> impl ExactSizeIterator<Item = PartTerm<'_>> {
        let (mut surfaces, mut postings) = (self.surfaces.as_str(), self.postings.as_slice());
        let mut stems = self.stems.split_terminator('\n');
        self.terms.iter().map(move |(of_surfaces, bytes, pages)| {
            let own;
            (own, surfaces) = surfaces.split_at(*of_surfaces as usize);
            let place;
            (place, postings) = postings.split_at(*bytes as usize);
            let stem = stems.next().unwrap_or_default();
            PartTerm { stem, surfaces: own, postings: place, pages: *pages }
        })
    }
}

/// The stems of some pages.
struct Numbered {
    stems: String,
    surfaces: String,
    /// Bytes of the written forms of each stem.
    surface_bytes: Vec<u32>,
    /// Of each page, the number of the stem of each of its words.
    words: Vec<Vec<u32>>,
}

fn numbered(pages: &[Page], analyzer: &Analyzer) -> Numbered {
    let mut distinct: Vec<&str> = Vec::new();
    let mut known: HashMap<&str, u32, RandomState> = HashMap::default();
    let mut number = |word| {
        *known.entry(word).or_insert_with(|| {
            distinct.push(word);
            (distinct.len() - 1) as u32
        })
    };
    let mut words: Vec<Vec<u32>> =
        pages.iter().map(|page| page.words().map(&mut number).collect()).collect();
    let mut sorted: Vec<(String, &str, usize)> = distinct
        .iter()
        .enumerate()
        .map(|(number, word)| (analyzer.stem(word), *word, number))
        .collect();
    sorted.sort_unstable();
    let (mut stems, mut surfaces, mut surface_bytes) = (String::new(), String::new(), Vec::new());
    let mut stem_of = vec![0_u32; distinct.len()];
    for same in sorted.chunk_by(|(a, ..), (b, ..)| a == b) {
        let before = surfaces.len();
        for (_, surface, word) in same {
            surfaces.extend([surface, "\n"]);
            stem_of[*word] = surface_bytes.len() as u32;
        }
        stems.extend([same[0].0.as_str(), "\n"]);
        surface_bytes.push((surfaces.len() - before) as u32);
    }
    words.iter_mut().flatten().for_each(|word| *word = stem_of[*word as usize]);
    Numbered { stems, surfaces, surface_bytes, words }
}

/// How often each stem stands in each field of a page, by stem and field; forms stay apart.
fn counted(page: &Page, stem_of: &[u32]) -> Vec<(u32, u8, u16)> {
    let mut counts: Vec<(u32, u8, u16)> =
        page.counts().map(|(word, field, times)| (stem_of[word], field as u8, times)).collect();
    counts.sort_unstable();
    counts
}

fn by_term(counts: &[(u32, u8, u16)]) -> impl Iterator<Item = &[(u32, u8, u16)]> {
    counts.chunk_by(|(a, ..), (b, ..)| a == b)
}

fn write_posting(page: u8, counts: &[(u32, u8, u16)], out: &mut [u8], at: &mut usize) {
    let mut write = |byte| {
        out[*at] = byte;
        *at += 1;
    };
    write(page);
    for (number, (_, field, times)) in counts.iter().enumerate() {
        let last = if number + 1 == counts.len() { LAST } else { 0 };
        let few = (*times).min(MANY) as u8;
        write(last | few << TIMES_SHIFT | field);
        if *times >= MANY {
            times.to_le_bytes().into_iter().for_each(&mut write);
        }
    }
}

/// Calls `take` for each page of a term with its number in the part, and with each field and how often
/// the term stands there.
pub(super) fn each_posting(
    mut postings: &[u8],
    fields: &mut Vec<(usize, u16)>,
    mut take: impl FnMut(u8, &[(usize, u16)]),
) {
    while let [page, rest @ ..] = postings {
        postings = rest;
        fields.clear();
        while let [byte, rest @ ..] = postings {
            postings = rest;
            let mut times = u16::from((byte & !LAST) >> TIMES_SHIFT);
            if let (true, [low, high, rest @ ..]) = (times == MANY, postings) {
                times = u16::from_le_bytes([*low, *high]);
                postings = rest;
            }
            fields.push((usize::from(byte & FIELD), times));
            if byte & LAST > 0 {
                break;
            }
        }
        take(*page, fields);
    }
}

/// The stems of a page's title and of its other wordings that say something.
fn said<'a>(page: &Page, stem_of: impl Fn(usize) -> &'a str) -> [String; 2] {
    let mut stems = [BTreeSet::new(), BTreeSet::new()];
    let words: Vec<&str> = page.words().collect();
    for (number, place, _) in page.counts() {
        let fields = [Field::Title, Field::AskedAs];
        let Some(field) = fields.iter().position(|field| *field as usize == place) else {
            continue;
        };
        let word = words[number];
        let is_word = word.len() >= TELLING_LETTERS && word.chars().all(char::is_alphabetic);
        if is_word && !is_stop_word(word) {
            stems[field].insert(stem_of(number));
        }
    }
    stems.map(|stems| stems.into_iter().flat_map(|stem| [stem, "\n"]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::read::page_of;

    fn part() -> Part {
        let title = "lock ".repeat(20);
        let pages = [(title.as_str(), &["the locks"][..]), ("Joins", &[]), ("A lock", &["joined"])];
        let pages = pages.map(|(title, wordings)| page_of(title, wordings)).into();
        Part::new(pages, &Analyzer::new("en", true))
    }

    fn told(part: &Part) -> Vec<String> {
        let told = |term: PartTerm<'_>| {
            let mut places = Vec::new();
            each_posting(term.postings, &mut Vec::new(), |page, fields| {
                places.push(format!("{page}{fields:?}"));
            });
            assert_eq!(places.len(), term.pages as usize);
            let surfaces: Vec<&str> = term.surfaces.split_terminator('\n').collect();
            format!("{} {surfaces:?} {}", term.stem, places.join(" "))
        };
        part.terms().map(told).collect()
    }

    #[test]
    fn terms_of_a_part_have_their_forms_and_places() {
        let expected = [
            r#"a ["a"] 2[(0, 1)]"#,
            r#"join ["joined", "joins"] 1[(0, 1)] 2[(1, 1)]"#,
            r#"lock ["lock", "locks"] 0[(0, 20), (1, 1)] 2[(0, 1)]"#,
            r#"the ["the"] 0[(1, 1)]"#,
        ];
        let part = part();
        assert_eq!(told(&part), expected);
        assert_eq!(part.pages[2].said(), [["lock"], ["join"]]);
    }

    #[test]
    fn a_part_that_was_kept_is_the_part_that_was_made() {
        let bytes = postcard::to_stdvec(&part()).expect("numbers and texts always serialise");
        let kept: Part = postcard::from_bytes(&bytes).expect("just written");
        assert_eq!(told(&kept), told(&part()));
        assert_eq!(kept.pages[0].lengths, part().pages[0].lengths);
    }
}
