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
//!    its neighbour, longer words if it is the last and still being typed or if it is unknown, words one
//!    or two edits away and two words without their space if it is unknown, synonyms. An expansion has a weight.
//! 2. A unit weighs as much as it is rare. A page's score is the sum of its units' weights times their
//!    degree on the page, times the square of the share of the query that it covers, times a bonus for
//!    the share that its title covers: the mean of its share of the weight and of its share of the
//!    words, for a title that has all but one rare word says more than one that has nothing else. The
//!    share that the page covers counts the less, the less even the widest page covers:
//!    where none has all that was asked for, having more of it says less.
//! 3. The best pages are read and ordered once more, five at a time, by neighbouring words, headings
//!    and the exact title.

use std::collections::{BTreeMap, BTreeSet};

use super::analysis::{Shape, Token, composed};
use super::files::Files;
use super::index::Index;
use super::terms::{DEGREE, IN_TITLE};
use super::words::is_stop_word;

/// Characters of a query that are read.
const QUERY_LIMIT: usize = 200;
/// Words of a query that are read.
const UNIT_LIMIT: usize = 16;
/// Pages that are read and ordered once more among themselves: about as many as a phone shows. Readers
/// get them without waiting for others, and what comes later never moves above them.
const WINDOW: usize = 5;
/// Pages that are read for a phrase, as many at a time as are wanted, until enough have it.
const PHRASE_WINDOW: usize = 60;

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
    /// What it is ordered by, among its five.
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
    files: Files<'a>,
}

/// One word of a query.
pub(super) struct Unit {
    pub(super) surface: String,
    pub(super) stem: String,
    pub(super) parts: Vec<String>,
    /// Stem, surface, position of the first word and number of words of each compound around it.
    pub(super) compounds: Vec<(String, String, usize, usize)>,
    pub(super) is_stop: bool,
    pub(super) expansions: Vec<Expansion>,
    pub(super) weight: f64,
}

/// Terms that together stand for a unit.
pub(super) struct Expansion {
    pub(super) stems: Vec<String>,
    pub(super) weight: f64,
}

#[derive(Default)]
pub(super) struct Parsed {
    plain: String,
    phrases: Vec<Vec<String>>,
    excluded: Vec<Vec<String>>,
    /// Whether the last word may still grow.
    pub(super) is_open: bool,
}

impl<'a> Searcher<'a> {
    /// Opens an index.
    pub fn new(index: &'a Index) -> Self {
        Self { files: Files::open(index) }
    }

    /// Answers a query; an empty one finds every page.
    pub fn search(&self, query: &str, filters: &Filters, limit: usize) -> Answer {
        let parsed = self.parse(query);
        let mut units = self.units(&parsed);
        let asks_for_all = query.trim().is_empty() || !parsed.excluded.is_empty();
        let asks_for_all = asks_for_all && units.is_empty();
        self.files.expand(&mut units, &parsed);
        let mut scored = self.score(&units);
        if asks_for_all {
            scored.pages = (0..self.files.root.pages).collect();
        }
        for stem in parsed.phrases.iter().flat_map(|phrase| telling(phrase)) {
            let pages: BTreeSet<usize> =
                self.files.postings(stem).iter().map(|(page, _)| *page).collect();
            scored.pages.retain(|page| pages.contains(page));
        }
        for stems in &parsed.excluded {
            let mut pages: BTreeSet<usize> = (0..self.files.root.pages).collect();
            for stem in stems {
                let own: BTreeSet<usize> =
                    self.files.postings(stem).iter().map(|(page, _)| *page).collect();
                pages.retain(|page| own.contains(page));
            }
            scored.pages.retain(|page| !pages.contains(page));
        }
        let (pages, facets) = self.filtered(&scored.pages, filters);
        let mut ordered = pages;
        ordered.sort_by(|a, b| scored.score[*b].total_cmp(&scored.score[*a]).then(a.cmp(b)));
        let wanted = limit.max(1).div_ceil(WINDOW) * WINDOW;
        let (best, total) = self.verified(&ordered, &parsed, wanted);
        let mut hits: Vec<(usize, Hit)> =
            best.into_iter().map(|page| (page, self.hit(page, &units, &scored, &parsed))).collect();
        for window in hits.chunks_mut(WINDOW) {
            window.sort_by(|(a, one), (b, other)| other.score.total_cmp(&one.score).then(a.cmp(b)));
        }
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
                let words = self.files.analyzer.tokens(&text).into_iter();
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
        for token in self.files.analyzer.tokens(&parsed.plain) {
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

    fn score(&self, units: &[Unit]) -> Scored {
        let count = self.files.root.pages;
        let mut scored = Scored {
            pages: Vec::new(),
            score: vec![0.0; count],
            coverage: vec![0.0; count],
            title: vec![0.0; count],
            words: vec![Vec::new(); count],
        };
        let mut whole = 0.0;
        let mut title_hits = vec![0_usize; count];
        let mut title_words = vec![0.0; count];
        let mut telling = 0.0;
        for (number, unit) in units.iter().enumerate() {
            if unit.expansions.is_empty() || unit.weight == 0.0 {
                continue;
            }
            whole += unit.weight;
            telling += 1.0;
            let (best, in_title) = self.unit_values(unit);
            for page in 0..count {
                if best[page] > 0.0 {
                    scored.score[page] += unit.weight * best[page];
                    scored.coverage[page] += unit.weight;
                    scored.words[page].push((number, unit.weight * best[page]));
                    if in_title[page] > 0.0 {
                        scored.title[page] += unit.weight * in_title[page];
                        title_words[page] += in_title[page];
                        title_hits[page] += 1;
                    }
                }
            }
        }
        let mut widest = 0.0_f64;
        let found: Vec<usize> = (0..count).filter(|page| scored.score[*page] > 0.0).collect();
        for &page in &found {
            scored.coverage[page] /= whole;
            scored.title[page] = (scored.title[page] / whole + title_words[page] / telling) / 2.0;
            widest = widest.max(scored.coverage[page]);
        }
        let strictness = widest * widest;
        for &page in &found {
            let length = f64::from(self.files.root.title_words[page].max(1));
            let filled = (title_hits[page] as f64 / length).min(1.0);
            let title = scored.title[page];
            let bonus = 1.0 + title * (0.9 * title + 0.6 * filled);
            let covered = 1.0 - strictness + strictness * scored.coverage[page];
            scored.score[page] = scored.score[page] / whole * covered * covered * bonus;
        }
        let least = widest * strictness * 0.5;
        scored.pages = found.into_iter().filter(|page| scored.coverage[*page] >= least).collect();
        scored
    }

    /// For each page the best value that a unit's expansions have there, and the best in its title.
    fn unit_values(&self, unit: &Unit) -> (Vec<f64>, Vec<f64>) {
        let count = self.files.root.pages;
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
                for (page, impact) in self.files.postings(stem) {
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
        let facets = &self.files.root.facets;
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
        for pages in ordered[..ordered.len().min(PHRASE_WINDOW.max(wanted))].chunks(wanted) {
            for page in pages {
                let shown = self.files.shown(*page);
                if parsed.phrases.iter().all(|phrase| shown.has_phrase(phrase)) {
                    best.push(*page);
                } else {
                    rejected += 1;
                }
            }
            if best.len() >= wanted {
                break;
            }
        }
        best.truncate(wanted);
        (best, ordered.len() - rejected)
    }

    fn hit(&self, page: usize, units: &[Unit], scored: &Scored, parsed: &Parsed) -> Hit {
        let shown = self.files.shown(page);
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
}

/// The stems of a phrase that the index has all pages of: all but its stop words, unless there is
/// nothing else.
fn telling(phrase: &[String]) -> Vec<&String> {
    let telling: Vec<&String> = phrase.iter().filter(|stem| !is_stop_word(stem)).collect();
    if telling.is_empty() { phrase.iter().collect() } else { telling }
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

impl Unit {
    /// Whether a token is one of the terms that stand for the unit alone.
    pub(super) fn is_met_by(&self, token: &Token) -> bool {
        self.expansions.iter().any(|expansion| expansion.stems == [token.stem.as_str()])
    }
}
