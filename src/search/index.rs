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
//! | `s.idx` | the same for stop words |
//! | `w<n>.idx` | surfaces of four letters and more, reversed and sorted, to find words whose beginning is misspelt |
//! | `p<n>.idx` | pages: address, title, summary, then blocks: kind, anchor if it is a heading, text |
//!
//! An impact is one byte: 0–15 for how much the page is about the word (BM25F, Robertson and Zaragoza
//! 2009, with the weights below), 16 if the title has it, 32 if a heading or another wording has it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::analysis::{Analyzer, Shape, composed, is_stop_word};
use super::encode::{Writer, shared};
use super::read::{FIELDS, Field, Input, Page, read};
use crate::config::Config;
use crate::guide::{Guide, Taxonomy};
use crate::path::UrlPath;

/// Deflated size at which a shard of terms is closed, estimated from its raw size.
const SHARD_BYTES: usize = 12 << 10;
/// Surfaces in a shard of reversed words.
const WORD_SHARD: usize = 4000;
/// Guides below this size have one page in a pack, so that only what is shown is read.
const SINGLE_PACKS_BELOW: usize = 5000;
/// Pages in a pack of a larger guide.
const PACK: usize = 4;
/// Title words are counted in a byte.
const TITLE_LIMIT: usize = 255;
/// Saturation of BM25F.
const K1: f64 = 1.6;
/// Acronyms that a guide explains, at most.
const ACRONYM_LIMIT: usize = 500;

/// What impacts say of titles.
pub(super) const IN_TITLE: u8 = 16;
/// What impacts say of headings and other wordings.
pub(super) const IN_HEADING: u8 = 32;
/// The part of an impact that is a degree.
pub(super) const DEGREE: u8 = 15;

/// Weight of a word in each field, against the body's.
const WEIGHTS: [f64; FIELDS] = [8.0, 4.0, 3.0, 3.5, 1.5, 1.0, 0.4];
/// How far a long field weakens its words.
const LENGTH: [f64; FIELDS] = [0.4, 0.5, 0.4, 0.6, 0.2, 0.7, 0.7];

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

/// Makes the index of a guide: its questions by slug, then its written pages.
pub fn index(guide: &Guide, config: &Config) -> Index {
    let analyzer = || Analyzer::new(&config.language, config.search.has_stemming);
    let topics = guide.vocabularies.terms(Taxonomy::Topics);
    let mut inputs: Vec<Input<'_>> = Vec::new();
    for question in &guide.questions {
        let matter = question.matter();
        inputs.push(Input {
            document: &question.document,
            url: &question.url,
            title: &matter.title.value,
            summary: matter.summary.as_ref().map_or("", |summary| &summary.value),
            asked_as: matter.wordings().collect(),
            topics: question.topics.iter().map(|topic| topics[*topic].name.as_str()).collect(),
        });
    }
    for page in &guide.pages {
        let matter = page.matter();
        inputs.push(Input {
            document: &page.document,
            url: &page.url,
            title: &matter.title.value,
            summary: matter.summary.as_ref().map_or("", |summary| &summary.value),
            asked_as: Vec::new(),
            topics: Vec::new(),
        });
    }
    let pages: Vec<Page> =
        inputs.par_iter().map_init(analyzer, |analyzer, input| read(analyzer, input)).collect();
    write(&pages, facets(guide), synonyms(&pages, config, &analyzer()), config, &analyzer())
}

/// Groups of phrases that mean the same: those of the settings, then those that pages explain.
fn synonyms(pages: &[Page], config: &Config, analyzer: &Analyzer) -> Vec<Vec<Vec<String>>> {
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

fn facets(guide: &Guide) -> Vec<Facet> {
    let mut facets: Vec<Facet> = Taxonomy::ALL
        .into_iter()
        .map(|taxonomy| {
            let terms = guide.vocabularies.terms(taxonomy).iter().enumerate();
            let terms = terms.map(|(index, term)| {
                let ids = guide.questions_of(taxonomy, index);
                let mut pages: Vec<usize> = ids.iter().map(|id| id.index()).collect();
                pages.sort_unstable();
                (term.slug.clone(), term.name.clone(), pages)
            });
            (taxonomy.singular(), terms.collect())
        })
        .collect();
    let kinds = guide.vocabularies.kinds.iter().enumerate().map(|(index, kind)| {
        let ids = guide.question_ids().filter(|(_, question)| question.kind == Some(index));
        (kind.slug.clone(), kind.name.clone(), ids.map(|(id, _)| id.index()).collect())
    });
    facets.push(("kind", kinds.collect()));
    facets
}

/// A term of the whole guide.
#[derive(Default)]
struct Term<'a> {
    surfaces: BTreeSet<&'a str>,
    /// Pages and impacts.
    postings: Vec<(usize, u8)>,
}

fn terms(pages: &[Page]) -> BTreeMap<&str, Term<'_>> {
    let count = pages.len().max(1) as f64;
    let mut averages = [0.0; FIELDS];
    for page in pages {
        for (average, length) in averages.iter_mut().zip(page.lengths) {
            *average += f64::from(length) / count;
        }
    }
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut collected: Vec<(&str, Term<'_>)> = Vec::new();
    for (id, page) in pages.iter().enumerate() {
        for (stem, counts) in &page.terms {
            let number = *numbers.entry(stem).or_insert_with(|| {
                collected.push((stem, Term::default()));
                collected.len() - 1
            });
            let term = &mut collected[number].1;
            term.postings.push((id, impact(counts, &page.lengths, &averages)));
            if let Some(surfaces) = page.surfaces.get(stem) {
                term.surfaces.extend(surfaces.iter().map(String::as_str));
            }
        }
    }
    collected.into_iter().collect()
}

fn impact(counts: &[u32; FIELDS], lengths: &[u32; FIELDS], averages: &[f64; FIELDS]) -> u8 {
    let mut frequency = 0.0;
    for field in 0..FIELDS {
        if counts[field] > 0 {
            let relative = f64::from(lengths[field].max(1)) / averages[field].max(1.0);
            let length = 1.0 - LENGTH[field] + LENGTH[field] * relative;
            frequency += WEIGHTS[field] * f64::from(counts[field]) / length;
        }
    }
    let degree = (f64::from(DEGREE) * frequency / (K1 + frequency)).round() as u8;
    let mut impact = degree.clamp(1, DEGREE);
    if counts[Field::Title as usize] > 0 {
        impact |= IN_TITLE;
    }
    if counts[Field::Heading as usize] + counts[Field::AskedAs as usize] > 0 {
        impact |= IN_HEADING;
    }
    impact
}

fn write(
    pages: &[Page],
    facets: Vec<Facet>,
    synonyms: Vec<Vec<Vec<String>>>,
    config: &Config,
    analyzer: &Analyzer,
) -> Index {
    let terms = terms(pages);
    let (stop, content): (Vec<_>, Vec<_>) = terms.iter().partition(|(stem, _)| is_stop_word(stem));
    let shards = cut(content);
    let words = reversed_words(&terms);
    let word_shards: Vec<&[String]> = words.chunks(WORD_SHARD).collect();
    let pack = if pages.len() < SINGLE_PACKS_BELOW { 1 } else { PACK };

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
    let keys: Vec<&str> = shards.iter().map(|shard| *shard[0].0).collect();
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
    for (number, pages) in pages.chunks(pack).enumerate() {
        let mut writer = Writer::default();
        for page in pages {
            writer.text(&page.shown.join("\n"));
        }
        files.insert(format!("p{number}.idx"), writer);
    }
    files.insert("root.idx".to_owned(), root);
    let files: BTreeMap<String, Arc<[u8]>> =
        files.into_par_iter().map(|(name, writer)| (name, writer.deflated().into())).collect();
    let mut hasher = blake3::Hasher::new();
    for (name, bytes) in &files {
        hasher.update(name.as_bytes()).update(&[0]).update(blake3::hash(bytes).as_bytes());
    }
    let digest = hasher.finalize().to_hex();
    // Ten hexadecimal digits tell apart every version that a site will ever have.
    Index { folder: UrlPath::new(&format!("/search/{}/", &digest[..10])), files }
}

/// Cuts sorted terms into shards of about the same size.
fn cut<'a>(content: Vec<(&'a &'a str, &'a Term<'a>)>) -> Vec<Vec<(&'a &'a str, &'a Term<'a>)>> {
    let mut shards = Vec::new();
    let mut shard = Vec::new();
    let mut size = 0;
    for (stem, term) in content {
        let own = 5 + 2 * term.postings.len();
        if size + own > SHARD_BYTES && !shard.is_empty() {
            shards.push(std::mem::take(&mut shard));
            size = 0;
        }
        size += own;
        shard.push((stem, term));
    }
    if !shard.is_empty() {
        shards.push(shard);
    }
    shards
}

fn term_shard(terms: &[(&&str, &Term<'_>)]) -> Writer {
    let sets: Vec<BTreeSet<(usize, &str)>> =
        terms.iter().map(|(stem, term)| endings(stem, &term.surfaces)).collect();
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
    writer.sorted_words(terms.iter().map(|(stem, _)| **stem));
    sets.iter().for_each(|set| writer.number(numbers[set]));
    terms.iter().for_each(|(_, term)| writer.number(term.postings.len()));
    for (_, term) in terms {
        writer.differences(term.postings.iter().map(|(page, _)| *page));
    }
    for (_, term) in terms {
        term.postings.iter().for_each(|(_, impact)| writer.byte(*impact));
    }
    debug_assert!(writer.len() > 0);
    writer
}

/// Written forms as what is cut from the stem and what is put there.
fn endings<'a>(stem: &str, surfaces: &BTreeSet<&'a str>) -> BTreeSet<(usize, &'a str)> {
    surfaces
        .iter()
        .map(|surface| {
            let shared = shared(stem, surface);
            (stem.len() - shared, &surface[shared..])
        })
        .collect()
}

fn reversed_words(terms: &BTreeMap<&str, Term<'_>>) -> Vec<String> {
    let mut words: Vec<String> = terms
        .values()
        .flat_map(|term| &term.surfaces)
        .filter(|surface| surface.chars().count() >= 4 && surface.chars().all(char::is_alphabetic))
        .map(|surface| surface.chars().rev().collect())
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}
