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
use super::encode::{Packer, Writer};
use super::read::{Input, Page, read};
use super::synonyms::synonyms;
use super::write::{Facet, Head, write};
use crate::cache::{Cache, Key};
use crate::config::Config;
use crate::guide::{Guide, Taxonomy};
use crate::path::UrlPath;

/// Guides below this size have one page in a pack, so that only what is shown is read.
const SINGLE_PACKS_BELOW: usize = 5000;
/// Pages in a pack of a larger guide.
const PACK: usize = 4;
/// Packs that one thread takes at least, so that its tools are not made anew for each.
const CHUNKS_AT_ONCE: usize = 16;

/// Where the files are that are named after their content.
pub const FILES: &str = "search/files/";

/// A finished index.
#[derive(Clone, Debug)]
pub struct Index {
    /// The file that names all others and keeps its own name, so that no page changes with the index.
    pub(super) root: Arc<[u8]>,
    /// All others by name; each is named after its content.
    pub(super) files: BTreeMap<String, Arc<[u8]>>,
}

impl Index {
    /// The address of the file that names all others.
    pub fn root(&self) -> UrlPath {
        UrlPath::new("/search/root.idx")
    }

    /// Every file with its address.
    pub fn outputs(&self) -> impl Iterator<Item = (UrlPath, Arc<[u8]>)> {
        let files = self
            .files
            .iter()
            .map(|(name, bytes)| (UrlPath::new(&format!("/{FILES}{name}")), Arc::clone(bytes)));
        std::iter::once((self.root(), Arc::clone(&self.root))).chain(files)
    }
}

/// Makes the index of a guide: its questions by home topic, category and level, then its written pages.
///
/// A page that the build before had is not analysed again, nor packed.
pub fn index(guide: &Guide, config: &Config, cache: &Cache) -> Index {
    let analyzer = || Analyzer::new(&config.language, config.search.has_stemming);
    let order = order(guide);
    let inputs = inputs(guide, &order);
    let pack = if inputs.len() < SINGLE_PACKS_BELOW { 1 } else { PACK };
    let (pages, packs): (Vec<_>, Vec<_>) = inputs
        .par_chunks(pack)
        .with_min_len(CHUNKS_AT_ONCE)
        .map_init(
            || (analyzer(), Packer::new()),
            |(analyzer, packer), inputs| packed(inputs, &config.language, analyzer, packer, cache),
        )
        .unzip();
    let pages = pages.concat();
    let head = Head {
        language: &config.language,
        facets: facets(guide, &order),
        synonyms: synonyms(&pages, config, &analyzer()),
    };
    write(&pages, packs, pack, &head, &analyzer())
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

/// The pages of one pack, and the pack.
fn packed(
    inputs: &[Input<'_>],
    language: &str,
    analyzer: &Analyzer,
    packer: &mut Packer,
    cache: &Cache,
) -> (Vec<Arc<Page>>, Arc<[u8]>) {
    let keys: Vec<Key> = inputs.iter().map(|input| input.key(language, analyzer)).collect();
    let mut texts: Vec<Option<String>> = vec![None; inputs.len()];
    let pages = inputs.iter().zip(&keys).zip(&mut texts).map(|((input, key), shown)| {
        cache.value(*key, || {
            cache.recall(*key).unwrap_or_else(|| {
                let (page, text) = read(analyzer, input);
                cache.remember(*key, &page);
                *shown = Some(text);
                page
            })
        })
    });
    let pages = pages.collect();
    let parts: Vec<&[u8]> = keys.iter().map(Key::as_bytes).collect();
    let key = Key::new("search pack", &parts);
    let pack = cache.value(key, || -> Arc<[u8]> {
        if let Some(pack) = cache.recall(key) {
            return pack;
        }
        let mut writer = Writer::default();
        for (input, text) in inputs.iter().zip(texts) {
            writer.text(&text.unwrap_or_else(|| read(analyzer, input).1));
        }
        let pack = packer.deflated(&writer).into();
        cache.remember(key, &pack);
        pack
    });
    (pages, Arc::clone(&pack))
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
