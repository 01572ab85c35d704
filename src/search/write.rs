//! The files of an index, written.
//!
//! Takes analysed pages, their terms, the files of their texts and what the guide says of itself, gives
//! the [`Index`].
//! What a word is worth is decided by `terms`, how files are read by `files` and `search-core.js`.
//!
//! # Files
//!
//! All are raw deflate; see [`super::encode`] for the notation. A *digest* is the first five bytes of
//! BLAKE3. The root keeps its name and is asked for anew by every reader; all others lie in
//! `/search/files/`, begin with their digest in hexadecimal digits and are kept for ever, so that an
//! edit changes only those that it touches, and no page.
//!
//! | File | Holds |
//! |---|---|
//! | `/search/root.idx` | `3` (version), language, whether words are stemmed, number of pages; a byte for each page: words in its title that are no stop words; facets: name, terms (slug, name, ascending page numbers); synonyms: groups of phrases of stems; first keys of the term shards; first keys of the word shards; digests, five bytes each: of the term shards, of the shard of stop words, of the word shards, of the groups of 64 texts (the digest of the digests of its texts) |
//! | `<digest>-t.idx` | terms, sorted: sets of surfaces (bytes cut from the stem, ending); stems; set numbers; how many pages; page numbers; impacts |
//! | `<digest>-s.idx` | the same for stop words, with those pages only that have them in a title, heading or other wording |
//! | `<digest>-w.idx` | surfaces of four letters and more, reversed and sorted, to find words whose beginning is misspelt |
//! | `<digest of its group>-p<n>.idx` | the text of page `n`, counted through all groups, in lines: address, title, summary, then blocks: `h`, anchor, a tab and a heading, or `p` and text |
//!
//! Each text has a file of its own. Pages that are found together seldom stand together, in the order of
//! topics as in one of likeness: with eight in a file ten results still took ten files in the worst
//! case, and at least four times the bytes.
//!
//! Impacts are those of [`super::terms`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::analysis::Analyzer;
use super::encode::{Digest, Packer, Writer, digest, shared};
use super::index::Index;
use super::read::Page;
use super::synonyms::Group;
use super::terms::Term;
use super::words::is_stop_word;

/// What version a root says that it is.
pub(super) const VERSION: usize = 3;
/// Texts that share a digest: a digest for each would be most of the root.
pub(super) const GROUP: usize = 64;
/// Raw size at which a shard of terms is closed, about twice to three times its deflated one. With half of it
/// a query takes up to four files more, with half as much again as many files and half as many bytes more.
const SHARD_BYTES: usize = 8 << 10;
/// Surfaces in a shard of reversed words.
const WORD_SHARD: usize = 2000;
/// Title words are counted in a byte.
const TITLE_LIMIT: usize = 255;

/// A facet: its name, and slug, name and pages of each of its terms.
pub(super) type Facet = (&'static str, Vec<(String, String, Vec<usize>)>);

/// What a guide says of itself.
pub(super) struct Head<'a> {
    pub(super) language: &'a str,
    pub(super) facets: Vec<Facet>,
    pub(super) synonyms: &'a [Group],
}

/// Writes the files of pages; those of their texts are made already.
pub(super) fn write(
    pages: &[Arc<Page>],
    terms: &[Term<'_>],
    texts: &[Arc<[u8]>],
    head: &Head<'_>,
    analyzer: &Analyzer,
) -> Index {
    let (stop, content): (Vec<_>, Vec<_>) = terms.iter().partition(|term| is_stop_word(&term.stem));
    let shards = cut(&content);
    let words = reversed_words(terms);
    let word_shards: Vec<&[String]> = words.chunks(WORD_SHARD).collect();
    let written = shards.iter().map(|shard| ('t', term_shard(shard)));
    let written = written.chain([('s', term_shard(&stop))]);
    let written: Vec<_> =
        written.chain(word_shards.iter().map(|shard| ('w', word_shard(shard)))).collect();

    let mut root = beginning(pages, head, analyzer);
    let keys: Vec<&str> = shards.iter().map(|shard| shard[0].stem.as_str()).collect();
    root.sorted_words(keys.into_iter());
    root.sorted_words(word_shards.iter().map(|shard| shard[0].as_str()));
    let mut files = BTreeMap::new();
    for (kind, bytes) in deflated(&written) {
        let own = digest(&bytes);
        root.digest(&own);
        files.insert(file_name(&own, &kind.to_string()), bytes);
    }
    for (number, group) in texts.chunks(GROUP).enumerate() {
        let digests: Vec<u8> = group.iter().flat_map(|bytes| digest(bytes)).collect();
        let own = digest(&digests);
        root.digest(&own);
        for (at, bytes) in group.iter().enumerate() {
            files.insert(text_name(&own, number * GROUP + at), Arc::clone(bytes));
        }
    }
    Index { root: Packer::new().deflated(root.bytes()).into(), files }
}

/// The name of a file, from its digest and its kind.
pub(super) fn file_name(digest: &Digest, kind: &str) -> String {
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{digits}-{kind}.idx")
}

/// The name of a page's text, from the digest of its group and its number among all.
pub(super) fn text_name(group: &Digest, page: usize) -> String {
    file_name(group, &format!("p{page}"))
}

fn deflated(written: &[(char, Writer)]) -> Vec<(char, Arc<[u8]>)> {
    written
        .par_iter()
        .map_init(Packer::new, |packer, (kind, writer)| {
            (*kind, packer.deflated(writer.bytes()).into())
        })
        .collect()
}

/// The root as far as it does not depend on how terms are cut.
fn beginning(pages: &[Arc<Page>], head: &Head<'_>, analyzer: &Analyzer) -> Writer {
    let mut root = Writer::default();
    root.number(VERSION);
    root.text(head.language);
    root.number(usize::from(analyzer.has_stemmer()));
    root.number(pages.len());
    for page in pages {
        root.byte(page.title_words.min(TITLE_LIMIT) as u8);
    }
    root.number(head.facets.len());
    for (name, terms) in &head.facets {
        root.text(name);
        root.number(terms.len());
        for (slug, name, pages) in terms {
            root.text(slug);
            root.text(name);
            root.ascending(pages.iter().copied());
        }
    }
    root.number(head.synonyms.len());
    for group in head.synonyms {
        root.number(group.len());
        for phrase in group {
            root.number(phrase.len());
            phrase.iter().for_each(|stem| root.text(stem));
        }
    }
    root
}

/// Cuts sorted terms into shards of about the same size, if possible where their first three
/// characters change: whoever types on then stays in one shard.
fn cut<'a, 'b>(content: &'b [&'a Term<'a>]) -> Vec<&'b [&'a Term<'a>]> {
    let start = |term: &Term<'_>| term.stem.chars().take(3).collect::<String>();
    let mut shards = Vec::new();
    let mut first = 0;
    let mut size = 0;
    for (at, term) in content.iter().enumerate() {
        let own = 5 + 2 * term.postings.len();
        let is_new_start = at > 0 && start(term) != start(content[at - 1]);
        let limit = if is_new_start { SHARD_BYTES } else { SHARD_BYTES * 3 / 2 };
        if size + own > limit && at > first {
            shards.push(&content[first..at]);
            first = at;
            size = 0;
        }
        size += own;
    }
    if first < content.len() {
        shards.push(&content[first..]);
    }
    shards
}

fn term_shard(terms: &[&Term<'_>]) -> Writer {
    let sets: Vec<BTreeSet<(usize, &str)>> = terms.iter().map(|term| endings(term)).collect();
    let mut frequencies: BTreeMap<&BTreeSet<(usize, &str)>, usize> = BTreeMap::new();
    for set in &sets {
        *frequencies.entry(set).or_default() += 1;
    }
    let mut distinct: Vec<_> = frequencies.into_iter().collect();
    distinct.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let numbers: BTreeMap<_, _> =
        distinct.iter().enumerate().map(|(number, (set, _))| (*set, number)).collect();
    let mut writer = Writer::default();
    writer.number(distinct.len());
    for (set, _) in &distinct {
        writer.number(set.len());
        for (cut, ending) in *set {
            writer.number(*cut);
            writer.text(ending);
        }
    }
    writer.sorted_words(terms.iter().map(|term| term.stem.as_str()));
    sets.iter().for_each(|set| writer.number(numbers[set]));
    terms.iter().for_each(|term| writer.number(term.postings.len()));
    for term in terms {
        writer.differences(term.postings.iter().map(|(page, _)| *page as usize));
    }
    for term in terms {
        term.postings.iter().for_each(|(_, impact)| writer.byte(*impact));
    }
    writer
}

/// Written forms as what is cut from the stem and what is put there.
fn endings<'a>(term: &Term<'a>) -> BTreeSet<(usize, &'a str)> {
    let ending = |surface: &&'a str| {
        let shared = shared(&term.stem, surface);
        (term.stem.len() - shared, &surface[shared..])
    };
    term.surfaces.iter().map(ending).collect()
}

fn word_shard(words: &[String]) -> Writer {
    let mut writer = Writer::default();
    writer.sorted_words(words.iter().map(String::as_str));
    writer
}

fn reversed_words(terms: &[Term<'_>]) -> Vec<String> {
    let mut words: Vec<String> = terms
        .iter()
        .flat_map(|term| &term.surfaces)
        .filter(|surface| surface.chars().count() >= 4 && surface.chars().all(char::is_alphabetic))
        .map(|surface| surface.chars().rev().collect())
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}
