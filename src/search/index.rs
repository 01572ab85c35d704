//! The index of a guide: which page holds which word where, as files for browsers.
//!
//! Takes the guide and the settings, gives the [`Index`] whose files the plan publishes. Text comes
//! from the events of the documents, never from HTML. How a query is answered is not decided here.
//!
//! What lies in its files stands in [`super::write`].
//!
//! Pages are numbered by home topic, category and level, so that what is alike has neighbouring
//! numbers, whose differences are small.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::analysis::Analyzer;
use super::encode::Packer;
use super::read::{Input, Page, read};
use super::synonyms;
use super::terms::collect;
use super::write::{Facet, Head, write};
use crate::cache::{Cache, Key};
use crate::config::Config;
use crate::guide::{Guide, Taxonomy};
use crate::path::UrlPath;

/// Pages that one thread takes at least, so that its tools are not made anew for each.
const PAGES_AT_ONCE: usize = 16;

/// Where the files are that are named after their content.
pub const FILES: &str = "search/files/";

/// The address of the file that names all others.
pub fn root() -> UrlPath {
    UrlPath::new("/search/root.idx")
}

/// A finished index.
#[derive(Clone, Debug)]
pub struct Index {
    /// The file that names all others and keeps its own name, so that no page changes with the index.
    pub(super) root: Arc<[u8]>,
    /// All others by name; each is named after its content.
    pub(super) files: BTreeMap<String, Arc<[u8]>>,
}

impl Index {
    /// Every file with its address.
    pub fn outputs(&self) -> impl Iterator<Item = (UrlPath, Arc<[u8]>)> {
        let files = self
            .files
            .iter()
            .map(|(name, bytes)| (UrlPath::new(&format!("/{FILES}{name}")), Arc::clone(bytes)));
        std::iter::once((root(), Arc::clone(&self.root))).chain(files)
    }
}

/// Makes the index of a guide: its questions by home topic, category and level, then its written pages.
///
/// A page that the build before had is not analysed again, nor its text deflated.
pub fn index(guide: &Guide, config: &Config, cache: &Cache) -> Index {
    let analyzer = || Analyzer::new(&config.language, config.search.has_stemming);
    let order = order(guide);
    let inputs = inputs(guide, &order);
    let (pages, texts): (Vec<_>, Vec<_>) = inputs
        .par_iter()
        .with_min_len(PAGES_AT_ONCE)
        .map_init(
            || (analyzer(), Packer::new()),
            |(analyzer, packer), input| packed(input, &config.language, analyzer, packer, cache),
        )
        .unzip();
    let key = synonyms::key(&inputs, &pages, config);
    let (synonyms, terms) = rayon::join(
        || cache.kept(key, || synonyms::groups(&pages, config, &analyzer())),
        || collect(&pages, &analyzer()),
    );
    let facets = facets(guide, &order);
    let head = Head { language: &config.language, facets, synonyms: &synonyms };
    write(&pages, &terms, &texts, &head, &analyzer())
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

/// A page, and the file of its text.
fn packed(
    input: &Input<'_>,
    language: &str,
    analyzer: &Analyzer,
    packer: &mut Packer,
    cache: &Cache,
) -> (Arc<Page>, Arc<[u8]>) {
    let key = input.key(language, analyzer);
    let mut text = None;
    let page = cache.kept(key, || {
        let (page, shown) = read(analyzer, input);
        text = Some(shown);
        page
    });
    let file = cache.kept(Key::new("search text", &[key.as_bytes()]), || -> Arc<[u8]> {
        let text = text.unwrap_or_else(|| read(analyzer, input).1);
        packer.deflated(text.as_bytes()).into()
    });
    (page, Arc::clone(&file))
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
