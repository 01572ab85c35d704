//! The index of a guide: which page holds which word where, as files for browsers.
//!
//! Takes the guide and the settings, puts the files on a shelf and gives their entries. Text comes from
//! the events of the documents, never from HTML. How a query is answered is not decided here.
//!
//! What lies in its files stands in [`super::write`].
//!
//! Pages are numbered by home topic, category and level, so that what is alike has neighbouring
//! numbers, whose differences are small.

use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::analysis::Analyzer;
use super::encode::{Digest, Packer, digest, short};
use super::part::{self, About, Part};
use super::read::{Input, read};
use super::synonyms;
use super::terms::{Worth, collect};
use super::write::{Facet, Head, file_name, text_name, write};
use crate::bundle::{Bundle, Entry, Memory, Shelf};
use crate::cache::{Cache, Key};
use crate::config::Config;
use crate::guide::{Guide, Taxonomy};
use crate::path::{OutputPath, UrlPath};

/// Where the files are that are named after their content.
pub const FILES: &str = "search/files/";

/// The address of the file that names all others.
pub fn root() -> UrlPath {
    UrlPath::new("/search/root.idx")
}

/// The path of a file that is named after its content.
fn path(name: &str) -> OutputPath {
    UrlPath::new(&format!("/{FILES}{name}")).output()
}

/// A finished index in memory, to be asked.
#[derive(Clone, Debug)]
pub struct Index(Bundle);

impl Index {
    /// Makes the index of a guide.
    pub fn of(guide: &Guide, config: &Config) -> Self {
        let memory = Memory::default();
        index(guide, config, &Cache::default(), &memory);
        Self(memory.into_bundle())
    }

    /// Every file with its path.
    pub fn files(&self) -> impl Iterator<Item = (&OutputPath, &Arc<[u8]>)> {
        self.0.files()
    }

    pub(super) fn root(&self) -> &[u8] {
        self.0.file(&root().output()).expect("an index has a root")
    }

    pub(super) fn file(&self, name: &str) -> &[u8] {
        self.0.file(&path(name)).expect("the root names files that are there")
    }
}

/// Makes the index of a guide, its questions by home topic, category and level, then its written pages;
/// puts its files on a shelf and lists them.
///
/// Parts whose pages have not changed since an earlier build are not made again, nor files whose content
/// has not.
pub fn index(guide: &Guide, config: &Config, cache: &Cache, shelf: &dyn Shelf) -> Vec<Entry> {
    let analyzer = || Analyzer::new(&config.language, config.search.has_stemming);
    let order = order(guide);
    let inputs = inputs(guide, &order);
    let stock = Stock { cache, shelf };
    let made: Vec<(Arc<Counted>, Vec<Entry>)> = inputs
        .par_chunks(part::PAGES)
        .enumerate()
        .map_init(
            || (analyzer(), Packer::new()),
            |(analyzer, packer), (number, inputs)| {
                let tools = Tools { language: &config.language, analyzer, packer };
                counted(inputs, number * part::PAGES, tools, &stock)
            },
        )
        .collect();
    let parts: Vec<&Part> = made.iter().map(|(counted, _)| &counted.part).collect();
    let pages: Vec<&About> = parts.iter().flat_map(|part| &part.pages).collect();
    let groups = made.iter().map(|(counted, _)| counted.group()).collect();
    let key = synonyms::key(&inputs, &pages, config);
    let (synonyms, terms) = rayon::join(
        || cache.kept(key, || synonyms::groups(&pages, config, &analyzer())),
        || collect(&parts),
    );
    let head = Head {
        language: &config.language,
        has_stemmer: analyzer().has_stemmer(),
        facets: facets(guide, &order),
        synonyms: &synonyms,
        title_words: pages.iter().map(|page| page.title_words).collect(),
        groups,
    };
    let mut entries = write(&terms, &Worth::of(&pages), &head, &stock);
    entries.extend(made.into_iter().flat_map(|(_, texts)| texts));
    entries
}

/// Where files go, and where it is known what they hold.
pub(super) struct Stock<'a> {
    cache: &'a Cache,
    shelf: &'a dyn Shelf,
}

/// The content of a file: its digest and how many bytes there are.
type Content = ([u8; 32], usize);

fn content(bytes: &[u8]) -> Content {
    (*blake3::hash(bytes).as_bytes(), bytes.len())
}

impl Stock<'_> {
    /// A file with this content, whose bytes are made only where the shelf does not have them.
    fn entry(&self, path: OutputPath, content: Content, make: impl FnOnce() -> Arc<[u8]>) -> Entry {
        let (digest, size_bytes) = content;
        let entry = Entry { path, digest, size_bytes };
        if !self.shelf.take(&entry) {
            self.shelf.put(&entry, &make());
        }
        entry
    }

    /// A file made from these bytes and named after what they become.
    pub(super) fn deflated(&self, kind: char, raw: &[u8], packer: &mut Packer) -> (Digest, Entry) {
        let key = Key::new("search file", &[raw]);
        let make = |packer: &mut Packer| -> Arc<[u8]> {
            Arc::clone(&self.cache.value(key, || packer.deflated(raw)))
        };
        let of_content = Key::new("content of a search file", &[key.as_bytes()]);
        let mut made = None;
        let content = *self.cache.kept(of_content, || {
            let bytes = make(packer);
            let content = content(&bytes);
            made = Some(bytes);
            content
        });
        let digest = short(&content.0);
        let name = file_name(&digest, &kind.to_string());
        (digest, self.entry(path(&name), content, || made.unwrap_or_else(|| make(packer))))
    }

    /// A file that keeps its name.
    pub(super) fn put(&self, url: &UrlPath, bytes: &Arc<[u8]>) -> Entry {
        let entry = Entry::new(url.output(), bytes);
        self.shelf.put(&entry, bytes);
        entry
    }
}

/// What one thread makes pages with.
struct Tools<'a> {
    language: &'a str,
    analyzer: &'a Analyzer,
    packer: &'a mut Packer,
}

impl Tools<'_> {
    /// The file of a text. In memory too, so that nobody who builds again and again deflates it twice.
    fn text(&mut self, page: Key, cache: &Cache, shown: impl FnOnce() -> String) -> Arc<[u8]> {
        let key = Key::new("search text", &[page.as_bytes()]);
        Arc::clone(&cache.value(key, || self.packer.deflated(shown().as_bytes())))
    }
}

/// A part, and what the files of its texts hold.
#[derive(Serialize, Deserialize)]
struct Counted {
    part: Part,
    texts: Vec<Content>,
}

impl Counted {
    /// The digest of its texts.
    fn group(&self) -> Digest {
        let digests: Vec<u8> = self.texts.iter().flat_map(|(own, _)| short(own)).collect();
        digest(&digests)
    }
}

/// The part of some pages, the first of which has this number, and the files of their texts.
fn counted(
    inputs: &[Input<'_>],
    first: usize,
    mut tools: Tools<'_>,
    stock: &Stock<'_>,
) -> (Arc<Counted>, Vec<Entry>) {
    let Tools { language, analyzer, .. } = tools;
    let keys: Vec<Key> = inputs.iter().map(|input| input.key(language, analyzer)).collect();
    let all: Vec<&[u8]> = keys.iter().map(Key::as_bytes).collect();
    let mut bytes = Vec::new();
    let counted = stock.cache.kept(Key::new("search part", &all), || {
        let mut pages = Vec::with_capacity(inputs.len());
        for (input, key) in inputs.iter().zip(&keys) {
            let (page, shown) = read(analyzer, input);
            pages.push(page);
            bytes.push(tools.text(*key, stock.cache, || shown));
        }
        let texts = bytes.iter().map(|bytes| content(bytes)).collect();
        Counted { part: Part::new(pages, analyzer), texts }
    });
    let group = counted.group();
    let mut made = bytes.into_iter();
    let entries = inputs.iter().zip(&keys).zip(&counted.texts).enumerate();
    let entries = entries.map(|(at, ((input, key), content))| {
        let path = path(&text_name(&group, first + at));
        let made = made.next();
        let shown = || read(analyzer, input).1;
        let make = || made.unwrap_or_else(|| tools.text(*key, stock.cache, shown));
        stock.entry(path, *content, make)
    });
    let entries = entries.collect();
    (counted, entries)
}

/// What is read of each page, in the order of the index.
fn inputs<'a>(guide: &'a Guide, order: &[usize]) -> Vec<Input<'a>> {
    let topics = guide.vocabularies.terms(Taxonomy::Topics);
    let questions = order.iter().map(|number| {
        let question = &guide.questions[*number];
        let matter = question.matter();
        Input {
            document: &question.document,
            url: &question.url,
            title: &matter.title.value,
            summary: matter.summary.as_ref().map_or("", |summary| &summary.value),
            asked_as: matter.wordings().collect(),
            topics: question.topics.iter().map(|topic| topics[*topic].name.as_str()).collect(),
        }
    });
    let pages = guide.pages.iter().map(|page| {
        let matter = page.matter();
        Input {
            document: &page.document,
            url: &page.url,
            title: &matter.title.value,
            summary: matter.summary.as_ref().map_or("", |summary| &summary.value),
            asked_as: Vec::new(),
            topics: Vec::new(),
        }
    });
    questions.chain(pages).collect()
}

/// The questions in the order of their numbers in the index.
fn order(guide: &Guide) -> Vec<usize> {
    let mut order: Vec<usize> = (0..guide.questions.len()).collect();
    order.sort_by_key(|number| {
        let question = &guide.questions[*number];
        (question.topics.first(), question.category, question.level, *number)
    });
    order
}

fn facets(guide: &Guide, order: &[usize]) -> Vec<Facet> {
    let mut page_of = vec![0; order.len()];
    for (page, question) in order.iter().enumerate() {
        page_of[*question] = page;
    }
    let mut facets: Vec<Facet> = Taxonomy::ALL
        .into_iter()
        .map(|taxonomy| {
            let terms = guide.vocabularies.terms(taxonomy).iter().enumerate();
            let terms = terms.map(|(index, term)| {
                let ids = guide.questions_of(taxonomy, index);
                let mut pages: Vec<usize> = ids.iter().map(|id| page_of[id.index()]).collect();
                pages.sort_unstable();
                (term.slug.clone(), term.name.clone(), pages)
            });
            (taxonomy.singular(), terms.collect())
        })
        .collect();
    let kinds = guide.vocabularies.kinds.iter().enumerate().map(|(index, kind)| {
        let is_of_kind = |page: &usize| guide.questions[order[*page]].kind == Some(index);
        (kind.slug.clone(), kind.name.clone(), (0..order.len()).filter(is_of_kind).collect())
    });
    facets.push(("kind", kinds.collect()));
    facets
}
