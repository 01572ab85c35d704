//! What a reader may have meant by each word: other forms, other spellings, other words.
//!
//! Takes the units of a query, gives each its expansions and its weight. Every step has its twin in
//! `search-core.js`.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::files::{Files, near};
use super::query::{Expansion, Parsed, Unit};
use super::words::{is_particle, is_stop_word};

/// Longer words that a half-typed one stands for.
const PREFIX_LIMIT: usize = 20;
/// Words that a misspelt one may mean.
const FUZZY_LIMIT: usize = 6;
/// Letters of the shorter of two words that were typed as one.
const SPLIT_LEAST: usize = 3;
/// Pairs of words that are tried, as each may cost a file.
const SPLIT_LIMIT: usize = 3;
/// Above every character that text can hold.
const LAST: char = '\u{10ffff}';

impl Files<'_> {
    /// Gives every unit its expansions, and the weight of how rare it is.
    pub(super) fn expand(&self, units: &mut [Unit], parsed: &Parsed) {
        if parsed.is_open {
            hush_first_letter(units);
        }
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
            let is_known = |list: &[Expansion]| {
                !self.postings(&unit.stem).is_empty()
                    || list.iter().any(|expansion| expansion.weight >= 0.9)
            };
            let list = &mut lists[number];
            // It is not only the last word that people leave half-typed.
            if is_open || (!is_known(list) && unit.surface.encode_utf16().count() > 2) {
                self.expand_prefix(unit, list);
            }
            // What may still become a known word is not yet misspelt.
            let enough = if is_open { 1 } else { 3 };
            if list.len() < enough && !is_known(list) {
                self.expand_misspelt(&unit.surface, is_open, list);
            }
            if list.is_empty() {
                self.expand_split(&unit.surface, list);
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
            if !is_joinable(&units[first]) || !is_joinable(next) {
                continue;
            }
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
            // Two letters are the beginning of too much to read all of it.
            let end = if typed.len() > 2 { format!("{prefix}{LAST}") } else { prefix.clone() };
            for shard in self.shards_near(&short, &end, prefix) {
                let shard = self.shard(shard);
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
            let shard = self.shard(shard);
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
            for word in self.words(shard) {
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

    /// `deadlockretry` also means `deadlock retry`: the most even pair of known words.
    fn expand_split(&self, surface: &str, list: &mut Vec<Expansion>) {
        let typed: Vec<char> = surface.chars().collect();
        if !typed.iter().all(|c| c.is_alphabetic()) {
            return;
        }
        let mut pairs = Vec::new();
        for at in SPLIT_LEAST..=typed.len().saturating_sub(SPLIT_LEAST) {
            let (left, right): (String, String) =
                (typed[..at].iter().collect(), typed[at..].iter().collect());
            if is_stop_word(&left) || is_stop_word(&right) {
                continue;
            }
            let stems = vec![self.analyzer.stem(&left), self.analyzer.stem(&right)];
            if !self.postings(&stems[0]).is_empty() {
                pairs.push((Reverse(at.min(typed.len() - at)), at, stems));
            }
        }
        pairs.sort();
        pairs.truncate(SPLIT_LIMIT);
        let found = pairs.into_iter().find(|(_, _, stems)| !self.postings(&stems[1]).is_empty());
        list.extend(found.map(|(_, _, stems)| Expansion { stems, weight: 0.9 }));
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
}

/// Articles, pronouns and auxiliaries are no half of a word, and trying them would cost files.
fn is_joinable(unit: &Unit) -> bool {
    !unit.is_stop || is_particle(&unit.surface)
}

/// A letter or digit behind other words that is still being typed would cost a file and say nothing.
fn hush_first_letter(units: &mut [Unit]) {
    if let [_, .., last] = units
        && last.surface.len() == 1
        && last.compounds.is_empty()
    {
        last.is_stop = true;
    }
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
