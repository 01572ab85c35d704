//! The index of a guide: which page holds which word where, as files for browsers.
//!
//! Takes the guide and the settings, gives the [`Index`] whose files the plan publishes. Text comes
//! from the events of the documents, never from HTML. How a query is answered is not decided here.
//!
//! # Files
//!
//! All lie in `/search/<digest of all>/` and are raw deflate; see [`super::encode`] for the notation.
//!
//! | File | Holds |
//! |---|---|
//! | `root.idx` | `1` (version), language, whether words are stemmed, number of pages, pages in a pack; a byte for each page: words in its title that are no stop words; facets: name, terms (slug, name, ascending page numbers); synonyms: groups of phrases of stems; first keys of the term shards; first keys of the word shards |
//! | `t<n>.idx` | terms, sorted: sets of surfaces (bytes cut from the stem, ending); stems; set numbers; how many pages; page numbers; impacts |
//! | `s.idx` | the same for stop words, with those pages only that have them in a title, heading or other wording |
//! | `w<n>.idx` | surfaces of four letters and more, reversed and sorted, to find words whose beginning is misspelt |
//! | `p<n>.idx` | pages: address, title, summary, then blocks: kind, anchor if it is a heading, text |
//!
//! Pages are numbered by home topic, category and level, so that what is alike has neighbouring
//! numbers, whose differences are small. Impacts are those of [`super::terms`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::analysis::{Analyzer, Shape, composed};
use super::encode::{Packer, Writer, shared};
use super::read::{Input, Page, read};
use super::terms::{Term, collect};
use super::words::is_stop_word;
use crate::cache::{Cache, Key};
use crate::config::Config;
use crate::guide::{Guide, Taxonomy};
use crate::path::UrlPath;

/// Deflated size at which a shard of terms is closed, estimated from its raw size.
const SHARD_BYTES: usize = 12 << 10;
/// Surfaces in a shard of reversed words.
const WORD_SHARD: usize = 2000;
/// Guides below this size have one page in a pack, so that only what is shown is read.
const SINGLE_PACKS_BELOW: usize = 5000;
/// Pages in a pack of a larger guide.
const PACK: usize = 4;
/// Packs that one thread takes at least, so that its tools are not made anew for each.
const CHUNKS_AT_ONCE: usize = 16;
/// Title words are counted in a byte.
const TITLE_LIMIT: usize = 255;
/// Acronyms that a guide explains, at most.
const ACRONYM_LIMIT: usize = 500;

/// A finished index.
#[derive(Clone, Debug)]
pub struct Index {
    /// The folder of its files, with a slash at its end.
    pub folder: UrlPath,
    /// Its files by name.
    pub files: BTreeMap<String, Arc<[u8]>>,
}

impl Index {
    /// The address of the file that names all others.
    pub fn root(&self) -> UrlPath {
        UrlPath::new(&format!("{}root.idx", self.folder))
    }

    /// Every file with its address.
    pub fn outputs(&self) -> impl Iterator<Item = (UrlPath, Arc<[u8]>)> {
        self.files.iter().map(|(name, bytes)| {
            (UrlPath::new(&format!("{}{name}", self.folder)), Arc::clone(bytes))
        })
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
    let synonyms = synonyms(&pages, config, &analyzer());
    let mut files = write(&pages, pack, facets(guide, &order), synonyms, config, &analyzer());
    let packs = packs.into_iter().enumerate();
    files.extend(packs.map(|(number, bytes)| (format!("p{number}.idx"), bytes)));
    let mut hasher = blake3::Hasher::new();
    for (name, bytes) in &files {
        hasher.update(name.as_bytes()).update(&[0]).update(blake3::hash(bytes).as_bytes());
    }
    let digest = hasher.finalize().to_hex();
    // Ten hexadecimal digits tell apart every version that a site will ever have.
    Index { folder: UrlPath::new(&format!("/search/{}/", &digest[..10])), files }
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
            let (page, text) = read(analyzer, input);
            *shown = Some(text);
            page
        })
    });
    let pages = pages.collect();
    let parts: Vec<&[u8]> = keys.iter().map(Key::as_bytes).collect();
    let pack = cache.value(Key::new("search pack", &parts), || -> Arc<[u8]> {
        let mut writer = Writer::default();
        for (input, text) in inputs.iter().zip(texts) {
            writer.text(&text.unwrap_or_else(|| read(analyzer, input).1));
        }
        packer.deflated(&writer).into()
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

/// Groups of phrases that mean the same: those of the settings, then those that pages explain.
fn synonyms(pages: &[Arc<Page>], config: &Config, analyzer: &Analyzer) -> Vec<Vec<Vec<String>>> {
    let phrase = |text: &str| -> Vec<String> {
        let tokens = analyzer.tokens(&composed(text));
        let compound = tokens.iter().find(|token| matches!(token.shape, Shape::Compound(_)));
        match compound {
            Some(compound) if !text.contains(char::is_whitespace) => vec![compound.stem.clone()],
            _ => tokens
                .into_iter()
                .filter(|token| token.shape == Shape::Word && !is_stop_word(&token.surface))
                .map(|token| token.stem)
                .collect(),
        }
    };
    let mut groups: Vec<Vec<Vec<String>>> = config
        .search
        .synonyms
        .iter()
        .map(|(word, others)| {
            std::iter::once(word).chain(others).map(|text| phrase(text)).collect()
        })
        .collect();
    let mut counts: BTreeMap<&(String, Vec<String>), usize> = BTreeMap::new();
    for pair in pages.iter().flat_map(|page| page.acronyms.iter().collect::<BTreeSet<_>>()) {
        *counts.entry(pair).or_default() += 1;
    }
    let mut pairs: Vec<_> = counts.into_iter().collect();
    pairs.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    pairs.truncate(ACRONYM_LIMIT);
    pairs.sort();
    let is_new = |short: &String, name: &Vec<String>| {
        !groups.iter().any(|group| group.contains(&vec![short.clone()]) && group.contains(name))
    };
    let explained: Vec<_> = pairs
        .into_iter()
        .filter(|((short, name), _)| is_new(short, name))
        .map(|((short, name), _)| vec![vec![short.clone()], name.clone()])
        .collect();
    groups.extend(explained);
    groups
}

/// A facet: its name, and slug, name and pages of each of its terms.
type Facet = (&'static str, Vec<(String, String, Vec<usize>)>);

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

fn write(
    pages: &[Arc<Page>],
    pack: usize,
    facets: Vec<Facet>,
    synonyms: Vec<Vec<Vec<String>>>,
    config: &Config,
    analyzer: &Analyzer,
) -> BTreeMap<String, Arc<[u8]>> {
    let terms = collect(pages, analyzer);
    let (stop, content): (Vec<_>, Vec<_>) = terms.iter().partition(|term| is_stop_word(&term.stem));
    let shards = cut(&content);
    let words = reversed_words(&terms);
    let word_shards: Vec<&[String]> = words.chunks(WORD_SHARD).collect();

    let mut root = Writer::default();
    root.number(1);
    root.text(&config.language);
    root.number(usize::from(analyzer.has_stemmer()));
    root.number(pages.len());
    root.number(pack);
    for page in pages {
        root.byte(page.title_words.min(TITLE_LIMIT) as u8);
    }
    root.number(facets.len());
    for (name, terms) in facets {
        root.text(name);
        root.number(terms.len());
        for (slug, name, pages) in terms {
            root.text(&slug);
            root.text(&name);
            root.ascending(pages.into_iter());
        }
    }
    root.number(synonyms.len());
    for group in synonyms {
        root.number(group.len());
        for phrase in group {
            root.number(phrase.len());
            phrase.iter().for_each(|stem| root.text(stem));
        }
    }
    let keys: Vec<&str> = shards.iter().map(|shard| shard[0].stem.as_str()).collect();
    root.sorted_words(keys.into_iter());
    root.sorted_words(word_shards.iter().map(|shard| shard[0].as_str()));

    let mut files: BTreeMap<String, Writer> = BTreeMap::new();
    for (number, shard) in shards.iter().enumerate() {
        files.insert(format!("t{number}.idx"), term_shard(shard));
    }
    files.insert("s.idx".to_owned(), term_shard(&stop));
    for (number, shard) in word_shards.iter().enumerate() {
        let mut writer = Writer::default();
        writer.sorted_words(shard.iter().map(String::as_str));
        files.insert(format!("w{number}.idx"), writer);
    }
    files.insert("root.idx".to_owned(), root);
    let files: Vec<_> = files.into_iter().collect();
    files
        .into_par_iter()
        .map_init(Packer::new, |packer, (name, writer)| (name, packer.deflated(&writer).into()))
        .collect()
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
