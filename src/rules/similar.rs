//! Questions that ask nearly the same.
//!
//! Takes the title, other wordings and short answer of every question, gives a finding for each pair
//! that shares most of them. Sets of shingles (three words in a row) are compared by their MinHash
//! signatures, cut into bands (Broder 1997, "On the resemblance and containment of documents";
//! Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", 3.4), so that the time grows with the
//! number of questions and not with that of pairs; what the bands propose is then measured exactly.
//! What is compared of a question is kept while its text stays the same.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::cache::{Cache, Key};
use crate::config::Rules;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Role;
use crate::guide::{Guide, Question};

/// Shingles in common, of those of both, from which two questions are reported.
const THRESHOLD: f64 = 0.5;
/// Bands and their rows: a pair of the threshold is proposed with a probability of 0.999
/// (1 − (1 − 0.5³)⁵⁰), one that shares a tenth with 0.05.
const BANDS: usize = 50;
const ROWS: usize = 3;

/// What tells which questions a question has to be compared with.
#[derive(Serialize, Deserialize)]
struct Sketch {
    /// The least hash of its shingles under each function; empty if it has none.
    signature: Vec<u32>,
    /// Hashes of its title and other wordings.
    wordings: Vec<u64>,
}

impl Sketch {
    fn of(question: &Question) -> Self {
        let wordings = wordings(question);
        let wordings = wordings.iter().map(|wording| hash(wording.bytes())).collect();
        Self { signature: signature(&shingles(question)), wordings }
    }
}

/// Reports pairs of questions that ask nearly the same, unless they are accepted.
pub(super) fn similar(
    guide: &Guide,
    rules: &Rules,
    cache: &Cache,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if rules.level(Code::QuestionSimilar).is_none() {
        return;
    }
    let sketch = |question: &Question| {
        let key = Key::new("sketch of a question", &[question.document.source.digest()]);
        cache.kept(key, || Sketch::of(question))
    };
    let sketches: Vec<Arc<Sketch>> = guide.questions.par_iter().map(sketch).collect();
    let mut pairs = proposed(&sketches);
    pairs.extend(same_wordings(&sketches));
    for (first, second) in pairs {
        let (one, other) = (&guide.questions[first], &guide.questions[second]);
        let (a, b) = (one.matter().slug.as_str(), other.matter().slug.as_str());
        if rules.is_accepted_pair(a, b) {
            continue;
        }
        let wording = shared_wording(one, other);
        let share = resemblance(&shingles(one), &shingles(other));
        let message = match &wording {
            Some(wording) => format!("`{a}` is asked in the same words: \"{wording}\""),
            None if share >= THRESHOLD => {
                format!("`{a}` asks nearly the same: {:.0} % is in common", share * 100.0)
            }
            None => continue,
        };
        let title = other.document.place(other.matter().title.span);
        diagnostics.push(
            Diagnostic::at(Code::QuestionSimilar, title, message)
                .related(one.document.place(one.matter().title.span), "the other question")
                .help(format!(
                    "join the two, tell them apart, or accept the pair: `[check]` `similar = [[\"{a}\", \"{b}\"]]`"
                )),
        );
    }
}

/// The hashes of three words in a row, sorted, each once.
fn shingles(question: &Question) -> Vec<u64> {
    let matter = question.matter();
    let mut set = BTreeSet::new();
    for text in
        [matter.title.value.as_str(), short_answer(question)].into_iter().chain(matter.wordings())
    {
        let words: Vec<u64> = words(text).map(|word| hash(word.bytes())).collect();
        set.extend(
            words.windows(3).map(|three| {
                three.iter().fold(0, |all: u64, word| mixed(all.rotate_left(21) ^ word))
            }),
        );
    }
    set.into_iter().collect()
}

/// The short answer as it is written; its marks do not count as words.
fn short_answer(question: &Question) -> &str {
    let body = &question.document.body;
    let Some(at) = body.sections.iter().position(|section| section.role == Role::ShortAnswer)
    else {
        return "";
    };
    let heading = |at: usize| &body.headings[body.sections[at].heading];
    let text = question.document.source.text();
    let end = match at + 1 < body.sections.len() {
        true => heading(at + 1).span.start,
        false => text.len(),
    };
    text.get(heading(at).span.end..end).unwrap_or_default()
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// FNV-1a, then mixed: the same on every machine, which the standard library does not promise.
fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    mixed(bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    }))
}

/// The finaliser of SplitMix64.
fn mixed(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The least hash of a set under each of the functions of a signature, of which the upper half tells
/// enough; nothing for an empty set.
fn signature(shingles: &[u64]) -> Vec<u32> {
    let of_function = |number: usize| {
        let seed = mixed(number as u64 + 1) | 1;
        let least = shingles.iter().map(|shingle| (shingle ^ seed).wrapping_mul(seed)).min()?;
        Some((least >> 32) as u32)
    };
    (0..BANDS * ROWS).filter_map(of_function).collect()
}

/// Pairs of questions that agree in a band; each question is paired with the first and the last
/// before it in a band, so that many copies of one text cost no more than few.
fn proposed(sketches: &[Arc<Sketch>]) -> BTreeSet<(usize, usize)> {
    let of_band = |band: usize| {
        let mut seen: HashMap<&[u32], (usize, usize)> = HashMap::new();
        let mut pairs = Vec::new();
        for (question, sketch) in sketches.iter().enumerate() {
            let Some(rows) = sketch.signature.get(band * ROWS..(band + 1) * ROWS) else {
                continue;
            };
            match seen.get_mut(rows) {
                Some((first, last)) => {
                    pairs.extend([(*first, question), (*last, question)]);
                    *last = question;
                }
                None => {
                    seen.insert(rows, (question, question));
                }
            }
        }
        pairs
    };
    (0..BANDS).into_par_iter().flat_map_iter(of_band).collect()
}

/// The part of two sorted sets that both have.
fn resemblance(left: &[u64], right: &[u64]) -> f64 {
    let both = left.iter().filter(|one| right.binary_search(one).is_ok()).count();
    let either = left.len() + right.len() - both;
    if either == 0 { 0.0 } else { both as f64 / either as f64 }
}

/// Pairs that seem to have a title or another wording in common.
fn same_wordings(sketches: &[Arc<Sketch>]) -> Vec<(usize, usize)> {
    let mut seen: HashMap<u64, usize> = HashMap::new();
    let mut pairs = Vec::new();
    for (at, sketch) in sketches.iter().enumerate() {
        for wording in &sketch.wordings {
            let first = *seen.entry(*wording).or_insert(at);
            if first != at {
                pairs.push((first, at));
            }
        }
    }
    pairs
}

fn wordings(question: &Question) -> BTreeSet<String> {
    let matter = question.matter();
    let join = |text: &str| words(text).collect::<Vec<_>>().join(" ");
    [matter.title.value.as_str()].into_iter().chain(matter.wordings()).map(join).collect()
}

fn shared_wording(one: &Question, other: &Question) -> Option<String> {
    wordings(one).intersection(&wordings(other)).next().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> Vec<u64> {
        let words: Vec<u64> = words(text).map(|word| hash(word.bytes())).collect();
        words.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
    }

    #[test]
    fn near_sets_are_proposed_and_far_ones_are_not() {
        let near = "one two three four five six seven eight nine ten eleven twelve";
        let far = "red blue green grey black white brown pink gold silver beige teal";
        let sets = [set(near), set(&near.replace("twelve", "dozen")), set(far), Vec::new()];
        let sketch =
            |set: &Vec<u64>| Arc::new(Sketch { signature: signature(set), wordings: Vec::new() });
        let sketches: Vec<_> = sets.iter().map(sketch).collect();
        assert_eq!(proposed(&sketches), BTreeSet::from([(0, 1)]));
        assert!(resemblance(&sets[0], &sets[1]) > 0.8);
        assert!(resemblance(&sets[0], &sets[2]) < 0.1);
    }
}
