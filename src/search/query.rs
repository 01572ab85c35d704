//! Answers a query from the files of an index, exactly as the browser does.
//!
//! Takes an [`Index`] and what a reader typed, gives hits with scores and the reasons for them. Every
//! step has its twin in `search-core.js`: numbers are added and multiplied in the same order and
//! nothing but `+ - * /` touches a fraction, so that scores are equal to the last bit.
//!
//! # Ranking
//!
//! 1. The query is cut into *units*, one for each word; stop words are left out unless there is
//!    nothing else. Each unit has *expansions*: its stem, its compound, its parts, the word joined with
//!    its neighbour, longer words if it is the last and still being typed, words one or two edits away
//!    if it is unknown, synonyms. An expansion has a weight.
//! 2. A unit weighs as much as it is rare. A page's score is the sum of its units' weights times their
//!    degree on the page, times the square of the share of the query that it covers, times a bonus for
//!    the share that its title covers.
//! 3. The best pages are read and ordered once more, by neighbouring words, headings and the exact
//!    title.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::analysis::{Analyzer, Shape, Token, composed, is_stop_word};
use super::encode::Reader;
use super::index::{DEGREE, IN_TITLE, Index};

/// Characters of a query that are read.
const QUERY_LIMIT: usize = 200;
/// Words of a query that are read.
const UNIT_LIMIT: usize = 16;
/// Pages that are read and ordered once more.
const WINDOW: usize = 10;
/// Pages that are read for a phrase.
const PHRASE_WINDOW: usize = 60;
/// Longer words that a half-typed one stands for.
const PREFIX_LIMIT: usize = 20;
/// Words that a misspelt one may mean.
const FUZZY_LIMIT: usize = 6;
/// Above every character that text can hold.
const LAST: char = '\u{10ffff}';

/// What a reader asked for besides words: terms of facets, by facet.
pub type Filters = BTreeMap<String, BTreeSet<String>>;

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// How many pages there are.
    pub total: usize,
    /// The best of them.
    pub hits: Vec<Hit>,
    /// For each facet, how many pages each term has among those of the other facets' filters.
    pub facets: BTreeMap<String, BTreeMap<String, usize>>,
}

/// A page that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its address, without the first slash.
    pub url: String,
    /// Its title.
    pub title: String,
    /// What it is ordered by.
    pub score: f64,
    /// Where the score comes from.
    pub reasons: Reasons,
}

/// The factors of a score.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reasons {
    /// For each unit that the page has: the word as typed and what it adds.
    pub words: Vec<(String, f64)>,
    /// Share of the query that the page covers.
    pub coverage: f64,
    /// Share that its title covers.
    pub title: f64,
    /// Share of the query's neighbours that stand together.
    pub proximity: f64,
    /// Share that its best heading covers.
    pub heading: f64,
    /// How exactly its title is the query.
    pub exact: f64,
}

/// Answers queries.
pub struct Searcher<'a> {
    index: &'a Index,
    analyzer: Analyzer,
    root: Root,
    shards: RefCell<BTreeMap<String, Rc<Shard>>>,
    words: RefCell<BTreeMap<usize, Rc<Vec<String>>>>,
    packs: RefCell<BTreeMap<usize, Rc<Vec<Shown>>>>,
}

struct Root {
    pages: usize,
    pack: usize,
    title_words: Vec<u8>,
    facets: Vec<(String, Vec<(String, Vec<usize>)>)>,
    synonyms: Vec<Vec<Vec<String>>>,
    term_keys: Vec<String>,
    word_keys: Vec<String>,
}

/// Terms with their postings, in the order of their stems.
struct Shard {
    stems: Vec<String>,
    surfaces: Vec<Vec<String>>,
    postings: Vec<Vec<(usize, u8)>>,
}

/// What a pack holds of a page.
struct Shown {
    url: String,
    title: Text,
    summary: Text,
    blocks: Vec<Text>,
}

struct Text {
    is_heading: bool,
    text: String,
    tokens: Vec<Token>,
}

struct Unit {
    surface: String,
    stem: String,
    parts: Vec<String>,
    /// Stem, surface, position of the first word and number of words of each compound around it.
    compounds: Vec<(String, String, usize, usize)>,
    is_stop: bool,
    expansions: Vec<Expansion>,
    weight: f64,
}

/// Terms that together stand for a unit.
struct Expansion {
    stems: Vec<String>,
    weight: f64,
}

#[derive(Default)]
struct Parsed {
    plain: String,
    phrases: Vec<Vec<String>>,
    excluded: Vec<Vec<String>>,
    /// Whether the last word may still grow.
    is_open: bool,
}

impl<'a> Searcher<'a> {
    /// Opens an index.
    pub fn new(index: &'a Index) -> Self {
        let mut reader = Reader::inflate(&index.files["root.idx"]);
        reader.number();
        let language = reader.text();
        let has_stemming = reader.number() == 1;
        let pages = reader.number();
        let pack = reader.number();
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
        Self {
            index,
            analyzer: Analyzer::new(&language, has_stemming),
            root: Root { pages, pack, title_words, facets, synonyms, term_keys, word_keys },
            shards: RefCell::default(),
            words: RefCell::default(),
            packs: RefCell::default(),
        }
    }

    /// Answers a query; an empty one finds every page.
    pub fn search(&self, query: &str, filters: &Filters, limit: usize) -> Answer {
        let parsed = self.parse(query);
        let mut units = self.units(&parsed);
        let asks_for_all = query.trim().is_empty() || !parsed.excluded.is_empty();
        let asks_for_all = asks_for_all && units.is_empty();
        self.expand(&mut units, &parsed);
        let mut scored = self.score(&units);
        if asks_for_all {
            scored.pages = (0..self.root.pages).collect();
        }
        let required = parsed.phrases.iter().flatten();
        for stem in required {
            let pages: BTreeSet<usize> =
                self.postings(stem).postings.iter().map(|(page, _)| *page).collect();
            scored.pages.retain(|page| pages.contains(page));
        }
        for stems in &parsed.excluded {
            let mut pages: BTreeSet<usize> = (0..self.root.pages).collect();
            for stem in stems {
                let own: BTreeSet<usize> =
                    self.postings(stem).postings.iter().map(|(page, _)| *page).collect();
                pages.retain(|page| own.contains(page));
            }
            scored.pages.retain(|page| !pages.contains(page));
        }
        let (pages, facets) = self.filtered(&scored.pages, filters);
        let mut ordered = pages;
        ordered.sort_by(|a, b| scored.score[*b].total_cmp(&scored.score[*a]).then(a.cmp(b)));
        let (best, total) = self.verified(&ordered, &parsed, limit.max(WINDOW));
        let mut hits: Vec<(usize, Hit)> =
            best.into_iter().map(|page| (page, self.hit(page, &units, &scored, &parsed))).collect();
        hits.sort_by(|(a, one), (b, other)| other.score.total_cmp(&one.score).then(a.cmp(b)));
        hits.truncate(limit);
        Answer { total, hits: hits.into_iter().map(|(_, hit)| hit).collect(), facets }
    }

    fn parse(&self, query: &str) -> Parsed {
        let chars: Vec<char> = composed(query).chars().take(QUERY_LIMIT).collect();
        let mut parsed = Parsed::default();
        let mut at = 0;
        while at < chars.len() {
            if chars[at].is_whitespace() {
                at += 1;
                continue;
            }
            let follows = chars.get(at + 1).copied().unwrap_or(' ');
            let is_excluded = chars[at] == '-' && !follows.is_whitespace() && follows != '-';
            at += usize::from(is_excluded);
            let is_phrase = chars[at] == '"';
            at += usize::from(is_phrase);
            let start = at;
            while at < chars.len() && chars[at] != '"' && (is_phrase || !chars[at].is_whitespace())
            {
                at += 1;
            }
            let text: String = chars[start..at].iter().collect();
            at += usize::from(is_phrase);
            let stems = || -> Vec<String> {
                let words = self.analyzer.tokens(&text).into_iter();
                words.filter(|token| token.shape == Shape::Word).map(|token| token.stem).collect()
            };
            parsed.is_open = !is_excluded && !is_phrase && at >= chars.len();
            if is_excluded {
                parsed.excluded.push(stems());
                continue;
            }
            if is_phrase {
                parsed.phrases.push(stems());
            }
            parsed.plain.push_str(&text);
            parsed.plain.push(' ');
        }
        parsed.phrases.retain(|phrase| !phrase.is_empty());
        parsed.excluded.retain(|stems| !stems.is_empty());
        parsed
    }

    fn units(&self, parsed: &Parsed) -> Vec<Unit> {
        let mut units: Vec<Unit> = Vec::new();
        for token in self.analyzer.tokens(&parsed.plain) {
            match token.shape {
                Shape::Word => units.push(Unit {
                    is_stop: is_stop_word(&token.surface),
                    surface: token.surface,
                    stem: token.stem,
                    parts: Vec::new(),
                    compounds: Vec::new(),
                    expansions: Vec::new(),
                    weight: 0.0,
                }),
                Shape::Part => {
                    if let Some(unit) = units.last_mut() {
                        unit.parts.push(token.stem);
                    }
                }
                Shape::Compound(words) => {
                    for unit in units.iter_mut().skip(token.position).take(words) {
                        let compound =
                            (token.stem.clone(), token.surface.clone(), token.position, words);
                        unit.compounds.push(compound);
                        unit.is_stop = false;
                    }
                }
            }
        }
        units.truncate(UNIT_LIMIT);
        if units.iter().all(|unit| unit.is_stop) {
            units.iter_mut().for_each(|unit| unit.is_stop = false);
        }
        units
    }

    fn expand(&self, units: &mut [Unit], parsed: &Parsed) {
        let last = units.len().wrapping_sub(1);
        let mut lists: Vec<Vec<Expansion>> = units.iter().map(|_| Vec::new()).collect();
        for (number, unit) in units.iter().enumerate() {
            if !unit.is_stop {
                self.expand_exactly(unit, &mut lists[number]);
            }
        }
        self.expand_joined(units, &mut lists);
        for (number, unit) in units.iter().enumerate().filter(|(_, unit)| !unit.is_stop) {
            let is_open = parsed.is_open && number == last;
            if is_open {
                self.expand_prefix(unit, &mut lists[number]);
            }
            if lists[number].len() < 3 && self.postings(&unit.stem).is_empty() {
                let known = lists[number].iter().any(|expansion| expansion.weight >= 0.9);
                if !known {
                    self.expand_misspelt(&unit.surface, is_open, &mut lists[number]);
                }
            }
        }
        self.expand_synonyms(units, &mut lists);
        for (number, (unit, list)) in units.iter_mut().zip(lists).enumerate() {
            let frequency = self.frequency(unit, &list, parsed.is_open && number == last);
            unit.weight = if frequency == 0 { 0.0 } else { rarity(self.root.pages, frequency) };
            unit.expansions = list;
        }
    }

    fn expand_exactly(&self, unit: &Unit, list: &mut Vec<Expansion>) {
        for (stem, ..) in &unit.compounds {
            if !self.postings(stem).is_empty() {
                list.push(Expansion { stems: vec![stem.clone()], weight: 1.0 });
            }
        }
        if !self.postings(&unit.stem).is_empty() {
            let weight = if list.is_empty() { 1.0 } else { 0.3 };
            list.push(Expansion { stems: vec![unit.stem.clone()], weight });
        }
        let has_all = unit.parts.iter().all(|part| !self.postings(part).is_empty());
        if unit.parts.len() > 1 && has_all {
            list.push(Expansion { stems: unit.parts.clone(), weight: 0.5 });
        }
    }

    /// `web socket` also means `websocket`, and `oauth 2.0` means `oauth2.0`.
    fn expand_joined(&self, units: &[Unit], lists: &mut [Vec<Expansion>]) {
        for first in 0..units.len().saturating_sub(1) {
            let next = &units[first + 1];
            let mut joined = vec![(next.surface.clone(), 1)];
            for (_, surface, position, words) in &next.compounds {
                if *position == first + 1 {
                    joined.push((surface.clone(), *words));
                }
            }
            for (surface, words) in joined {
                let stem = self.analyzer.stem(&format!("{}{surface}", units[first].surface));
                if self.postings(&stem).is_empty() {
                    continue;
                }
                for number in first..(first + 1 + words).min(units.len()) {
                    if !units[number].is_stop {
                        lists[number].push(Expansion { stems: vec![stem.clone()], weight: 0.9 });
                    }
                }
            }
        }
    }

    fn expand_prefix(&self, unit: &Unit, list: &mut Vec<Expansion>) {
        let mut found: BTreeMap<String, (f64, usize)> = BTreeMap::new();
        let compounds = unit.compounds.iter().map(|(_, surface, ..)| surface);
        for prefix in std::iter::once(&unit.surface).chain(compounds) {
            let typed: Vec<char> = prefix.chars().collect();
            if typed.len() < 2 {
                continue;
            }
            let short: String = typed[..typed.len().min((typed.len() / 2).max(3))].iter().collect();
            for shard in self.shards_near(&short, &format!("{prefix}{LAST}"), prefix) {
                let shard = self.shard(&format!("t{shard}.idx"));
                for (number, stem) in shard.stems.iter().enumerate() {
                    if *stem == unit.stem || !shares(stem, &short) {
                        continue;
                    }
                    for surface in &shard.surfaces[number] {
                        if surface.starts_with(prefix.as_str()) {
                            let share = typed.len() as f64 / surface.chars().count() as f64;
                            let weight = 0.55 + 0.35 * share;
                            let entry = found
                                .entry(stem.clone())
                                .or_insert((0.0, shard.postings[number].len()));
                            entry.0 = entry.0.max(weight);
                        }
                    }
                }
            }
        }
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_by(|a, b| b.1.1.cmp(&a.1.1).then_with(|| a.0.cmp(&b.0)));
        for (stem, (weight, _)) in found.into_iter().take(PREFIX_LIMIT) {
            list.push(Expansion { stems: vec![stem], weight });
        }
    }

    fn expand_misspelt(&self, surface: &str, is_open: bool, list: &mut Vec<Expansion>) {
        let typed: Vec<char> = surface.chars().collect();
        let length = typed.len();
        if length < 4 || !typed.iter().all(|c| c.is_alphabetic()) {
            return;
        }
        let allowed = if length >= 8 { 2 } else { 1 };
        let half = length / 2;
        let mut found: BTreeMap<String, (usize, bool)> = BTreeMap::new();
        let mut consider = |candidate: &str| {
            let chars: Vec<char> = candidate.chars().collect();
            let (whole, prefix) = distances(&typed, &chars, allowed);
            if whole <= allowed {
                found.insert(candidate.to_owned(), (whole, false));
            } else if is_open && prefix <= allowed && length >= 5 {
                found.insert(candidate.to_owned(), (prefix, true));
            }
        };
        let head: String = typed[..half].iter().collect();
        for shard in self.shards_near(&head, &format!("{head}{LAST}"), surface) {
            let shard = self.shard(&format!("t{shard}.idx"));
            for surface in shard.surfaces.iter().flatten() {
                if surface.starts_with(&head) {
                    consider(surface);
                }
            }
        }
        let reversed: String = typed.iter().rev().collect();
        let tail: String = reversed.chars().take(length - half - 1).collect();
        let keys = &self.root.word_keys;
        for shard in near(keys, &tail, &format!("{tail}{LAST}"), &reversed) {
            for word in self.words(shard).iter() {
                if word.starts_with(&tail) {
                    consider(&word.chars().rev().collect::<String>());
                }
            }
        }
        let first = typed[0];
        let mut found: Vec<_> = found
            .into_iter()
            .map(|(candidate, (distance, is_prefix))| {
                let begins_otherwise = !candidate.starts_with(first);
                let difference = candidate.chars().count().abs_diff(length);
                (is_prefix, distance, begins_otherwise, difference, candidate)
            })
            .collect();
        found.sort();
        for (is_prefix, distance, _, _, candidate) in found.into_iter().take(FUZZY_LIMIT) {
            let stem = self.analyzer.stem(&candidate);
            let is_there = list.iter().any(|expansion| expansion.stems == [stem.as_str()]);
            if is_there || self.postings(&stem).is_empty() {
                continue;
            }
            let weight = if distance == 1 { 0.6 } else { 0.4 };
            let weight = if is_prefix { weight * 0.8 } else { weight };
            list.push(Expansion { stems: vec![stem], weight });
        }
    }

    fn expand_synonyms(&self, units: &[Unit], lists: &mut [Vec<Expansion>]) {
        let content: Vec<usize> =
            (0..units.len()).filter(|number| !units[*number].is_stop).collect();
        for group in &self.root.synonyms {
            for (own, phrase) in group.iter().enumerate() {
                for span in content.windows(phrase.len().max(1)) {
                    let matches = span.iter().zip(phrase).all(|(number, stem)| {
                        let unit = &units[*number];
                        unit.stem == *stem
                            || unit.compounds.iter().any(|(compound, ..)| compound == stem)
                    });
                    if !matches || phrase.is_empty() {
                        continue;
                    }
                    for (other, synonym) in group.iter().enumerate() {
                        let is_known = synonym.iter().all(|stem| !self.postings(stem).is_empty());
                        if other == own || !is_known || synonym.is_empty() {
                            continue;
                        }
                        for number in span {
                            lists[*number].push(Expansion { stems: synonym.clone(), weight: 0.85 });
                        }
                    }
                }
            }
        }
    }

    /// How many pages a unit is taken to be on.
    fn frequency(&self, unit: &Unit, list: &[Expansion], is_open: bool) -> usize {
        if unit.is_stop {
            return 0;
        }
        let compound = unit
            .compounds
            .iter()
            .map(|(stem, ..)| self.postings(stem).len())
            .find(|frequency| *frequency > 0);
        let exact = compound.unwrap_or_else(|| self.postings(&unit.stem).len());
        if exact > 0 && !is_open {
            return exact;
        }
        let widest = list
            .iter()
            .map(|expansion| {
                let each = expansion.stems.iter().map(|stem| self.postings(stem).len());
                each.min().unwrap_or(0)
            })
            .max();
        exact.max(widest.unwrap_or(0))
    }

    fn score(&self, units: &[Unit]) -> Scored {
        let count = self.root.pages;
        let mut scored = Scored {
            pages: Vec::new(),
            score: vec![0.0; count],
            coverage: vec![0.0; count],
            title: vec![0.0; count],
            words: vec![Vec::new(); count],
        };
        let mut whole = 0.0;
        let mut title_hits = vec![0_usize; count];
        for (number, unit) in units.iter().enumerate() {
            if unit.expansions.is_empty() || unit.weight == 0.0 {
                continue;
            }
            whole += unit.weight;
            let (best, in_title) = self.unit_values(unit);
            for page in 0..count {
                if best[page] > 0.0 {
                    scored.score[page] += unit.weight * best[page];
                    scored.coverage[page] += unit.weight;
                    scored.words[page].push((number, unit.weight * best[page]));
                    if in_title[page] > 0.0 {
                        scored.title[page] += unit.weight * in_title[page];
                        title_hits[page] += 1;
                    }
                }
            }
        }
        let mut widest = 0.0_f64;
        for page in 0..count {
            if scored.score[page] > 0.0 {
                scored.coverage[page] /= whole;
                scored.title[page] /= whole;
                widest = widest.max(scored.coverage[page]);
                let length = f64::from(self.root.title_words[page].max(1));
                let filled = (title_hits[page] as f64 / length).min(1.0);
                let coverage = scored.coverage[page];
                let title = scored.title[page];
                let bonus = 1.0 + title * (0.9 * title + 0.6 * filled);
                scored.score[page] = scored.score[page] / whole * coverage * coverage * bonus;
            }
        }
        scored.pages = (0..count)
            .filter(|page| scored.score[*page] > 0.0 && scored.coverage[*page] >= widest * 0.5)
            .collect();
        scored
    }

    /// For each page the best value that a unit's expansions have there, and the best in its title.
    fn unit_values(&self, unit: &Unit) -> (Vec<f64>, Vec<f64>) {
        let count = self.root.pages;
        let mut best = vec![0.0; count];
        let mut in_title = vec![0.0; count];
        for expansion in &unit.expansions {
            let mut seen = vec![0_usize; if expansion.stems.len() > 1 { count } else { 0 }];
            let mut least = vec![DEGREE; seen.len()];
            let mut titled = vec![0_usize; seen.len()];
            let mut take = |page: usize, degree: u8, is_titled: bool| {
                let value = expansion.weight * (0.3 + 0.7 * (f64::from(degree) / 15.0));
                if value > best[page] {
                    best[page] = value;
                }
                if is_titled && expansion.weight > in_title[page] {
                    in_title[page] = expansion.weight;
                }
            };
            for stem in &expansion.stems {
                for (page, impact) in &self.postings(stem).postings {
                    let (degree, is_titled) = (impact & DEGREE, impact & IN_TITLE > 0);
                    if expansion.stems.len() == 1 {
                        take(*page, degree, is_titled);
                        continue;
                    }
                    seen[*page] += 1;
                    titled[*page] += usize::from(is_titled);
                    least[*page] = least[*page].min(degree);
                    if seen[*page] == expansion.stems.len() {
                        take(*page, least[*page], titled[*page] == expansion.stems.len());
                    }
                }
            }
        }
        (best, in_title)
    }

    /// Pages within the filters, and counts for every facet.
    fn filtered(
        &self,
        pages: &[usize],
        filters: &Filters,
    ) -> (Vec<usize>, BTreeMap<String, BTreeMap<String, usize>>) {
        let facets = &self.root.facets;
        let allowed: Vec<Option<BTreeSet<usize>>> = facets
            .iter()
            .map(|(name, terms)| {
                let chosen = filters.get(name).filter(|chosen| !chosen.is_empty())?;
                let terms = terms.iter().filter(|(slug, _)| chosen.contains(slug));
                Some(terms.flat_map(|(_, pages)| pages.iter().copied()).collect())
            })
            .collect();
        let within = |page: &usize, without: Option<usize>| {
            allowed.iter().enumerate().all(|(facet, allowed)| {
                Some(facet) == without || allowed.as_ref().is_none_or(|pages| pages.contains(page))
            })
        };
        let mut counts = BTreeMap::new();
        for (facet, (name, terms)) in facets.iter().enumerate() {
            let hits: BTreeSet<usize> =
                pages.iter().copied().filter(|page| within(page, Some(facet))).collect();
            let counted: BTreeMap<String, usize> = terms
                .iter()
                .map(|(slug, pages)| {
                    (slug.clone(), pages.iter().filter(|page| hits.contains(page)).count())
                })
                .filter(|(_, count)| *count > 0)
                .collect();
            counts.insert(name.clone(), counted);
        }
        (pages.iter().copied().filter(|page| within(page, None)).collect(), counts)
    }

    /// The first pages that hold every phrase, and how many pages there are in all.
    fn verified(&self, ordered: &[usize], parsed: &Parsed, wanted: usize) -> (Vec<usize>, usize) {
        if parsed.phrases.is_empty() {
            return (ordered.iter().copied().take(wanted).collect(), ordered.len());
        }
        let mut best = Vec::new();
        let mut rejected = 0;
        for page in ordered.iter().take(PHRASE_WINDOW.max(wanted)) {
            let pack = self.pack(*page);
            let shown = &pack[page % self.root.pack];
            if parsed.phrases.iter().all(|phrase| shown.has_phrase(phrase)) {
                best.push(*page);
            } else {
                rejected += 1;
            }
        }
        best.truncate(wanted);
        (best, ordered.len() - rejected)
    }

    fn hit(&self, page: usize, units: &[Unit], scored: &Scored, parsed: &Parsed) -> Hit {
        let pack = self.pack(page);
        let shown = &pack[page % self.root.pack];
        let words = scored.words[page]
            .iter()
            .map(|(number, value)| (units[*number].surface.clone(), *value))
            .collect();
        let mut reasons = Reasons {
            words,
            coverage: scored.coverage[page],
            title: scored.title[page],
            ..Reasons::default()
        };
        let score = scored.score[page];
        let mut hit = Hit {
            url: shown.url.clone(),
            title: shown.title.text.clone(),
            score,
            reasons: Reasons::default(),
        };
        if !units.is_empty() {
            let active: Vec<&Unit> = units.iter().filter(|unit| unit.weight > 0.0).collect();
            reasons.proximity = shown.proximity(&active);
            reasons.heading = shown.heading(&active);
            reasons.exact = shown.exact(units, parsed.is_open);
            hit.score = score
                * (1.0 + 0.2 * reasons.proximity + 0.15 * reasons.heading + 0.5 * reasons.exact);
        }
        hit.reasons = reasons;
        hit
    }

    /// The posting lists' term; empty if there is none.
    fn postings(&self, stem: &str) -> Found {
        let name = if is_stop_word(stem) {
            "s.idx".to_owned()
        } else {
            match position(&self.root.term_keys, stem) {
                Some(shard) => format!("t{shard}.idx"),
                None => return Found::default(),
            }
        };
        let shard = self.shard(&name);
        match shard.stems.binary_search_by(|own| own.as_str().cmp(stem)) {
            Ok(number) => Found { postings: shard.postings[number].clone() },
            Err(_) => Found::default(),
        }
    }

    fn shards_near(&self, from: &str, to: &str, at: &str) -> Vec<usize> {
        near(&self.root.term_keys, from, to, at)
    }

    fn shard(&self, name: &str) -> Rc<Shard> {
        if let Some(shard) = self.shards.borrow().get(name) {
            return Rc::clone(shard);
        }
        let shard = Rc::new(Shard::read(&self.index.files[name]));
        self.shards.borrow_mut().insert(name.to_owned(), Rc::clone(&shard));
        shard
    }

    fn words(&self, shard: usize) -> Rc<Vec<String>> {
        if let Some(words) = self.words.borrow().get(&shard) {
            return Rc::clone(words);
        }
        let file: &Arc<[u8]> = &self.index.files[&format!("w{shard}.idx")];
        let words = Rc::new(Reader::inflate(file).sorted_words());
        self.words.borrow_mut().insert(shard, Rc::clone(&words));
        words
    }

    fn pack(&self, page: usize) -> Rc<Vec<Shown>> {
        let number = page / self.root.pack;
        if let Some(pack) = self.packs.borrow().get(&number) {
            return Rc::clone(pack);
        }
        let mut reader = Reader::inflate(&self.index.files[&format!("p{number}.idx")]);
        let count = self.root.pack.min(self.root.pages - number * self.root.pack);
        let pack: Rc<Vec<Shown>> =
            Rc::new((0..count).map(|_| Shown::read(&reader.text(), &self.analyzer)).collect());
        self.packs.borrow_mut().insert(number, Rc::clone(&pack));
        pack
    }
}

#[derive(Default)]
struct Found {
    postings: Vec<(usize, u8)>,
}

impl Found {
    fn is_empty(&self) -> bool {
        self.postings.is_empty()
    }

    fn len(&self) -> usize {
        self.postings.len()
    }
}

/// What every page is worth before any is read.
struct Scored {
    pages: Vec<usize>,
    score: Vec<f64>,
    coverage: Vec<f64>,
    title: Vec<f64>,
    /// Number of each unit the page has, and what it adds.
    words: Vec<Vec<(usize, f64)>>,
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

impl Text {
    fn new(is_heading: bool, text: &str, analyzer: &Analyzer) -> Self {
        Self { is_heading, text: text.to_owned(), tokens: analyzer.tokens(text) }
    }
}

impl Shown {
    fn read(text: &str, analyzer: &Analyzer) -> Self {
        let mut lines = text.split('\n');
        let url = lines.next().unwrap_or_default().to_owned();
        let title = Text::new(false, lines.next().unwrap_or_default(), analyzer);
        let summary = Text::new(false, lines.next().unwrap_or_default(), analyzer);
        let blocks = lines
            .map(|line| match line.strip_prefix('h') {
                Some(heading) => {
                    let text = heading.split_once('\t').map_or("", |(_, text)| text);
                    Text::new(true, text, analyzer)
                }
                None => Text::new(false, &line[1..], analyzer),
            })
            .collect();
        Self { url, title, summary, blocks }
    }

    fn texts(&self) -> impl Iterator<Item = &Text> {
        [&self.title, &self.summary].into_iter().chain(&self.blocks)
    }

    fn has_phrase(&self, phrase: &[String]) -> bool {
        self.texts().any(|text| {
            let words: Vec<&str> = text
                .tokens
                .iter()
                .filter(|token| token.shape == Shape::Word)
                .map(|token| token.stem.as_str())
                .collect();
            words.windows(phrase.len()).any(|window| window.iter().eq(phrase.iter()))
        })
    }

    /// The share of neighbouring units that stand within three words of each other somewhere.
    fn proximity(&self, units: &[&Unit]) -> f64 {
        if units.len() < 2 {
            return 0.0;
        }
        let mut found = vec![false; units.len()];
        for text in self.texts() {
            let mut last: Vec<Option<usize>> = vec![None; units.len()];
            for token in &text.tokens {
                for (number, unit) in units.iter().enumerate() {
                    if !unit.is_met_by(token) {
                        continue;
                    }
                    if number > 0
                        && let Some(before) = last[number - 1]
                        && (before + 1..=before + 3).contains(&token.position)
                    {
                        found[number] = true;
                    }
                    last[number] = Some(token.position);
                }
            }
        }
        let together = found.iter().filter(|found| **found).count();
        together as f64 / (units.len() - 1) as f64
    }

    /// The share of the query that the best heading covers.
    fn heading(&self, units: &[&Unit]) -> f64 {
        let mut best = 0.0_f64;
        for text in self.blocks.iter().filter(|text| text.is_heading) {
            best = best.max(covered(&text.tokens, units));
        }
        best
    }

    /// 1 if the title is the query, 0.6 if it begins with it, 0.4 if it holds it.
    fn exact(&self, units: &[Unit], is_open: bool) -> f64 {
        let words: Vec<&Token> =
            self.title.tokens.iter().filter(|token| token.shape == Shape::Word).collect();
        let last = units.len() - 1;
        let at = words.windows(units.len()).position(|window| {
            window.iter().zip(units).enumerate().all(|(number, (word, unit))| {
                word.stem == unit.stem
                    || (is_open
                        && number == last
                        && unit.surface.encode_utf16().count() > 2
                        && word.surface.starts_with(&unit.surface))
            })
        });
        match at {
            Some(0) if words.len() == units.len() => 1.0,
            Some(0) => 0.6,
            Some(_) => 0.4,
            None => 0.0,
        }
    }
}

impl Unit {
    /// Whether a token is one of the terms that stand for the unit alone.
    fn is_met_by(&self, token: &Token) -> bool {
        self.expansions.iter().any(|expansion| expansion.stems == [token.stem.as_str()])
    }
}

fn covered(tokens: &[Token], units: &[&Unit]) -> f64 {
    let mut whole = 0.0;
    let mut met = 0.0;
    for unit in units {
        whole += unit.weight;
        if tokens.iter().any(|token| unit.is_met_by(token)) {
            met += unit.weight;
        }
    }
    if whole > 0.0 { met / whole } else { 0.0 }
}

/// The shard whose first key is the last one not above `key`.
fn position(keys: &[String], key: &str) -> Option<usize> {
    keys.partition_point(|first| first.as_str() <= key).checked_sub(1)
}

/// The shards between two keys, at most three: the one that `at` belongs to and its neighbours.
fn near(keys: &[String], from: &str, to: &str, at: &str) -> Vec<usize> {
    if keys.is_empty() {
        return Vec::new();
    }
    let [from, to, at] = [from, to, at].map(|key| position(keys, key).unwrap_or(0));
    (at.saturating_sub(1)..=at + 1).filter(|shard| (from..=to).contains(shard)).collect()
}

/// Whether one of two words is the beginning of the other.
fn shares(a: &str, b: &str) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

/// How much a word on so many pages says: `log2` of the inverse share of pages, by whole numbers.
fn rarity(pages: usize, frequency: usize) -> f64 {
    let ratio = 256 * (pages + 1) / (frequency + 1);
    logarithm(ratio) as f64 / 256.0 - 8.0 + 0.25
}

/// `log2(x) * 256`, rounded down, by squaring; every step is a whole number below 2^32.
fn logarithm(x: usize) -> usize {
    let mut whole = 0;
    let mut mantissa = x;
    while mantissa >= 1 << 16 {
        mantissa /= 2;
        whole += 1;
    }
    while mantissa < 1 << 15 {
        mantissa *= 2;
        whole -= 1;
    }
    let mut result: i64 = whole + 15;
    for _ in 0..8 {
        mantissa = mantissa * mantissa / (1 << 15);
        result *= 2;
        if mantissa >= 1 << 16 {
            mantissa /= 2;
            result += 1;
        }
    }
    usize::try_from(result).expect("ratios are not below 1")
}

/// Edits between two words, and between the first and the best beginning of the second; neighbours
/// that changed places are one edit (optimal string alignment). Above `allowed` any number may stand.
fn distances(typed: &[char], other: &[char], allowed: usize) -> (usize, usize) {
    if other.len() + allowed < typed.len() {
        return (usize::MAX, usize::MAX);
    }
    let other = &other[..other.len().min(typed.len() + allowed + 1)];
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for row in 1..=typed.len() {
        let mut next = vec![row];
        for column in 1..=other.len() {
            let cost = usize::from(typed[row - 1] != other[column - 1]);
            let mut best = (rows[row - 1][column - 1] + cost)
                .min(rows[row - 1][column] + 1)
                .min(next[column - 1] + 1);
            if row > 1
                && column > 1
                && typed[row - 1] == other[column - 2]
                && typed[row - 2] == other[column - 1]
            {
                best = best.min(rows[row - 2][column - 2] + 1);
            }
            next.push(best);
        }
        rows.push(next);
    }
    let last = &rows[typed.len()];
    let prefix = last.iter().copied().min().unwrap_or(usize::MAX);
    (last[other.len()], prefix)
}
