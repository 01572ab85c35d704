//! The files of an index, opened when they are asked for.
//!
//! Takes an [`Index`], gives postings, words and pages; each file is inflated once. How they rank is
//! decided by `query`.

use std::cell::OnceCell;

use super::analysis::Analyzer;
use super::encode::{Digest, Reader};
use super::index::Index;
use super::shown::Shown;
use super::words::is_stop_word;
use super::write::{GROUP, file_name, text_name};

/// An open index.
pub(super) struct Files<'a> {
    index: &'a Index,
    pub(super) analyzer: Analyzer,
    pub(super) root: Root,
    shards: Vec<OnceCell<Shard>>,
    stop_words: OnceCell<Shard>,
    words: Vec<OnceCell<Vec<String>>>,
    shown: Vec<OnceCell<Shown>>,
}

/// A facet: its name, and the slug and pages of each of its terms.
pub(super) type Facet = (String, Vec<(String, Vec<usize>)>);

/// What stands in `root.idx`.
pub(super) struct Root {
    pub(super) pages: usize,
    pub(super) title_words: Vec<u8>,
    pub(super) facets: Vec<Facet>,
    pub(super) synonyms: Vec<Vec<Vec<String>>>,
    term_keys: Vec<String>,
    pub(super) word_keys: Vec<String>,
    term_digests: Vec<Digest>,
    stop_digest: Digest,
    word_digests: Vec<Digest>,
    group_digests: Vec<Digest>,
}

/// Terms with their postings, in the order of their stems.
pub(super) struct Shard {
    pub(super) stems: Vec<String>,
    pub(super) surfaces: Vec<Vec<String>>,
    pub(super) postings: Vec<Vec<(usize, u8)>>,
}

impl<'a> Files<'a> {
    pub(super) fn open(index: &'a Index) -> Self {
        let mut reader = Reader::inflate(index.root());
        reader.number();
        let language = reader.text();
        let has_stemming = reader.number() == 1;
        let pages = reader.number();
        let title_words = (0..pages).map(|_| reader.byte()).collect();
        let facets = (0..reader.number())
            .map(|_| {
                let name = reader.text();
                let terms = (0..reader.number()).map(|_| {
                    let slug = reader.text();
                    reader.text();
                    (slug, reader.ascending())
                });
                (name, terms.collect())
            })
            .collect();
        let synonyms = (0..reader.number())
            .map(|_| {
                let phrases = reader.number();
                let mut phrase = || (0..reader.number()).map(|_| reader.text()).collect();
                (0..phrases).map(|_| phrase()).collect()
            })
            .collect();
        let term_keys = reader.sorted_words();
        let word_keys = reader.sorted_words();
        let mut digests = |count| -> Vec<Digest> { (0..count).map(|_| reader.digest()).collect() };
        let term_digests = digests(term_keys.len());
        let stop_digest = digests(1)[0];
        let word_digests = digests(word_keys.len());
        let group_digests = digests(pages.div_ceil(GROUP));
        let root = Root {
            pages,
            title_words,
            facets,
            synonyms,
            term_keys,
            word_keys,
            term_digests,
            stop_digest,
            word_digests,
            group_digests,
        };
        Self {
            index,
            analyzer: Analyzer::new(&language, has_stemming),
            shards: std::iter::repeat_with(OnceCell::new).take(root.term_keys.len()).collect(),
            stop_words: OnceCell::new(),
            words: std::iter::repeat_with(OnceCell::new).take(root.word_keys.len()).collect(),
            shown: std::iter::repeat_with(OnceCell::new).take(pages).collect(),
            root,
        }
    }

    fn file(&self, digest: &Digest, kind: &str) -> &[u8] {
        self.index.file(&file_name(digest, kind))
    }

    /// Pages and impacts of a stem; none if no page has it.
    pub(super) fn postings(&self, stem: &str) -> &[(usize, u8)] {
        let shard = if is_stop_word(stem) {
            self.stop_words.get_or_init(|| Shard::read(self.file(&self.root.stop_digest, "s")))
        } else {
            match position(&self.root.term_keys, stem) {
                Some(number) => self.shard(number),
                None => return &[],
            }
        };
        match shard.stems.binary_search_by(|own| own.as_str().cmp(stem)) {
            Ok(number) => &shard.postings[number],
            Err(_) => &[],
        }
    }

    pub(super) fn shards_near(&self, from: &str, to: &str, at: &str) -> Vec<usize> {
        near(&self.root.term_keys, from, to, at)
    }

    pub(super) fn shard(&self, number: usize) -> &Shard {
        let digest = &self.root.term_digests[number];
        self.shards[number].get_or_init(|| Shard::read(self.file(digest, "t")))
    }

    /// Surfaces of a shard, reversed.
    pub(super) fn words(&self, number: usize) -> &[String] {
        let digest = &self.root.word_digests[number];
        let read = || Reader::inflate(self.file(digest, "w")).sorted_words();
        self.words[number].get_or_init(read)
    }

    /// What is shown of a page.
    pub(super) fn shown(&self, page: usize) -> &Shown {
        self.shown[page].get_or_init(|| {
            let name = text_name(&self.root.group_digests[page / GROUP], page);
            let text = Reader::inflate(self.index.file(&name)).rest();
            Shown::read(&text, &self.analyzer)
        })
    }
}

impl Shard {
    fn read(bytes: &[u8]) -> Self {
        let mut reader = Reader::inflate(bytes);
        let sets: Vec<Vec<(usize, String)>> = (0..reader.number())
            .map(|_| {
                let count = reader.number();
                (0..count).map(|_| (reader.number(), reader.text())).collect()
            })
            .collect();
        let stems = reader.sorted_words();
        let surfaces = stems
            .iter()
            .map(|stem| {
                let set = &sets[reader.number()];
                set.iter()
                    .map(|(cut, ending)| format!("{}{ending}", &stem[..stem.len() - cut]))
                    .collect()
            })
            .collect();
        let counts: Vec<usize> = stems.iter().map(|_| reader.number()).collect();
        let pages: Vec<Vec<usize>> =
            counts.into_iter().map(|count| reader.differences(count)).collect();
        let postings = pages
            .into_iter()
            .map(|pages| pages.into_iter().map(|page| (page, reader.byte())).collect())
            .collect();
        Self { stems, surfaces, postings }
    }
}

/// The shard whose first key is the last one not above `key`.
fn position(keys: &[String], key: &str) -> Option<usize> {
    keys.partition_point(|first| first.as_str() <= key).checked_sub(1)
}

/// The shards between two keys, at most three: the one that `at` belongs to and its neighbours.
pub(super) fn near(keys: &[String], from: &str, to: &str, at: &str) -> Vec<usize> {
    if keys.is_empty() {
        return Vec::new();
    }
    let [from, to, at] = [from, to, at].map(|key| position(keys, key).unwrap_or(0));
    (at.saturating_sub(1)..=at + 1).filter(|shard| (from..=to).contains(shard)).collect()
}
