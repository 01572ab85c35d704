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

use rayon::prelude::*;

use super::encode::{Digest, Packer, Writer, shared};
use super::index::{Stock, root};
use super::synonyms::Group;
use super::terms::{Term, Worth};
use super::words::is_stop_word;
use crate::bundle::Entry;

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

/// What the root says beside what its files hold.
pub(super) struct Head<'a> {
    pub(super) language: &'a str,
    pub(super) has_stemmer: bool,
    pub(super) facets: Vec<Facet>,
    pub(super) synonyms: &'a [Group],
    /// Of each page, words in its title that are no stop words.
    pub(super) title_words: Vec<usize>,
    /// The digest of each group of texts.
    pub(super) groups: Vec<Digest>,
}

/// What one file is made from.
enum Shard<'a> {
    Terms(&'a [&'a Term<'a>]),
    StopWords(&'a [&'a Term<'a>]),
    Words(&'a [String]),
}

impl Shard<'_> {
    fn written(&self, worth: &Worth) -> (char, Writer) {
        match self {
            Self::Terms(terms) => ('t', term_shard(terms, worth)),
            Self::StopWords(terms) => ('s', term_shard(terms, worth)),
            Self::Words(words) => ('w', word_shard(words)),
        }
    }
}

/// Writes the root and the files of terms and words, and lists them; those of texts are made already.
pub(super) fn write(
    terms: &[Term<'_>],
    worth: &Worth,
    head: &Head<'_>,
    stock: &Stock<'_>,
) -> Vec<Entry> {
    let (stop, content): (Vec<_>, Vec<_>) = terms.iter().partition(|term| is_stop_word(term.stem));
    let shards = cut(&content);
    let words = reversed_words(terms);
    let word_shards: Vec<&[String]> = words.chunks(WORD_SHARD).collect();
    let all = shards.iter().map(|terms| Shard::Terms(terms));
    let all = all.chain([Shard::StopWords(&stop)]);
    let all: Vec<_> = all.chain(word_shards.iter().map(|words| Shard::Words(words))).collect();
    let files: Vec<(Digest, Entry)> = all
        .par_iter()
        .map_init(Packer::new, |packer, shard| {
            let (kind, writer) = shard.written(worth);
            stock.deflated(kind, writer.bytes(), packer)
        })
        .collect();
    let mut written = beginning(head);
    let keys: Vec<&str> = shards.iter().map(|shard| shard[0].stem).collect();
    written.sorted_words(keys.into_iter());
    written.sorted_words(word_shards.iter().map(|shard| shard[0].as_str()));
    files.iter().for_each(|(own, _)| written.digest(own));
    head.groups.iter().for_each(|own| written.digest(own));
    let written = Packer::new().deflated(written.bytes());
    let mut entries = vec![stock.put(&root(), &written)];
    entries.extend(files.into_iter().map(|(_, entry)| entry));
    entries
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

/// The root as far as it does not depend on how terms are cut.
fn beginning(head: &Head<'_>) -> Writer {
    let mut root = Writer::default();
    root.number(VERSION);
    root.text(head.language);
    root.number(usize::from(head.has_stemmer));
    root.number(head.title_words.len());
    for words in &head.title_words {
        root.byte((*words).min(TITLE_LIMIT) as u8);
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
        let own = 5 + 2 * term.pages;
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

fn term_shard(terms: &[&Term<'_>], worth: &Worth) -> Writer {
    let postings: Vec<_> = terms.iter().map(|term| term.postings(worth)).collect();
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
    writer.sorted_words(terms.iter().map(|term| term.stem));
    sets.iter().for_each(|set| writer.number(numbers[set]));
    postings.iter().for_each(|postings| writer.number(postings.len()));
    for postings in &postings {
        writer.differences(postings.iter().map(|(page, _)| *page as usize));
    }
    for (_, impact) in postings.iter().flatten() {
        writer.byte(*impact);
    }
    writer
}

/// Written forms as what is cut from the stem and what is put there.
fn endings<'a>(term: &Term<'a>) -> BTreeSet<(usize, &'a str)> {
    let ending = |surface: &&'a str| {
        let shared = shared(term.stem, surface);
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
