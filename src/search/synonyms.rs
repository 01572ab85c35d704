//! Words of a guide that mean the same.
//!
//! Takes the settings and the analysed pages, gives groups of phrases of stems: what the settings
//! declare, acronyms that pages explain, and words that other wordings of titles put in place of the
//! title's own. How much a synonym counts is decided by `expand`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::fast::RandomState;
use rayon::prelude::*;

use super::analysis::{Analyzer, Shape, composed};
use super::part::About;
use super::read::Input;
use super::words::is_stop_word;
use crate::cache::Key;
use crate::config::Config;

/// Acronyms that a guide explains, at most.
const ACRONYM_LIMIT: usize = 500;
/// Pairs of words that a guide's wordings teach, at most.
const LEARNED_LIMIT: usize = 300;
/// Pages that must say one word for another: two may be chance.
const LEARNED_LEAST: usize = 3;
/// Phrases of stems that mean the same.
pub(super) type Group = Vec<Vec<String>>;

/// The digest of everything that the groups of a guide are learnt from.
pub(super) fn key(inputs: &[Input<'_>], pages: &[&About], config: &Config) -> Key {
    let settings = format!("{:?} {:?}", config.language, config.search);
    let acronyms: Vec<String> = pages
        .iter()
        .filter(|page| !page.acronyms.is_empty())
        .map(|page| format!("{:?}", page.acronyms))
        .collect();
    let mut parts = vec![settings.as_bytes()];
    for input in inputs {
        // The mark keeps the wordings of one page apart from the title of the next.
        parts.extend([b"page".as_slice(), input.title.as_bytes()]);
        parts.extend(input.asked_as.iter().map(|wording| wording.as_bytes()));
    }
    parts.extend(acronyms.iter().map(String::as_bytes));
    Key::new("synonyms", &parts)
}

/// The groups of a guide; no pair of phrases is in two of them.
pub(super) fn groups(pages: &[&About], config: &Config, analyzer: &Analyzer) -> Vec<Group> {
    let declared = config.search.synonyms.iter().map(|(word, others)| {
        std::iter::once(word).chain(others).map(|text| phrase(text, analyzer)).collect()
    });
    let mut groups: Vec<Group> = declared.collect();
    for pair in explained(pages).into_iter().chain(learned(pages)) {
        if !groups.iter().any(|group| pair.iter().all(|phrase| group.contains(phrase))) {
            groups.push(pair);
        }
    }
    groups
}

fn phrase(text: &str, analyzer: &Analyzer) -> Vec<String> {
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
}

/// Acronyms with their names, those of the most pages if there are too many.
fn explained(pages: &[&About]) -> Vec<Group> {
    let mut counts: BTreeMap<&(String, Vec<String>), usize> = BTreeMap::new();
    for pair in pages.iter().flat_map(|page| page.acronyms.iter().collect::<BTreeSet<_>>()) {
        *counts.entry(pair).or_default() += 1;
    }
    let mut pairs: Vec<_> = counts.into_iter().collect();
    pairs.sort_by_key(|(_, count)| Reverse(*count));
    pairs.truncate(ACRONYM_LIMIT);
    pairs.sort();
    pairs.into_iter().map(|((short, name), _)| vec![vec![short.clone()], name.clone()]).collect()
}

/// Words of other wordings with the word of the title that they stand for.
///
/// A word stands for another if, of the pages that say it in another wording and not in the title, at
/// least three and at least three in four have the other in the title and not in a wording; and if it
/// is said for at least one in four of those titles, because a word of many titles is near everything.
fn learned(pages: &[&About]) -> Vec<Group> {
    let said_in_pages = || pages.par_iter().map(|page| page.said());
    // Numbers for stems: pairs of them are counted faster than pairs of words.
    let mut all: Vec<&str> = said_in_pages().flat_map_iter(|said| said.concat()).collect();
    all.par_sort_unstable();
    all.dedup();
    let number_of: HashMap<&str, u32, RandomState> = all.iter().copied().zip(0..).collect();
    let replacements: Vec<(Vec<u32>, Vec<u32>)> = said_in_pages()
        .filter(|[_, wordings]| !wordings.is_empty())
        .map(|[title, wordings]| {
            let apart = |these: &[&str], those: &[&str]| {
                let is_apart = |stem: &&&str| those.binary_search(*stem).is_err();
                these.iter().filter(is_apart).map(|stem| number_of[*stem]).collect()
            };
            (apart(&wordings, &title), apart(&title, &wordings))
        })
        .collect();
    let (mut said, mut replaced) = (vec![0; all.len()], vec![0; all.len()]);
    for (others, own) in &replacements {
        others.iter().for_each(|other| said[*other as usize] += 1);
        own.iter().for_each(|own| replaced[*own as usize] += 1);
    }
    let pairs_of = |(others, own): &(Vec<u32>, Vec<u32>)| -> Vec<(u32, u32)> {
        others.iter().flat_map(|other| own.iter().map(move |own| (*other, *own))).collect()
    };
    let mut together: Vec<(u32, u32)> = replacements.par_iter().flat_map_iter(pairs_of).collect();
    together.par_sort_unstable();
    let mut pairs: Vec<((u32, u32), usize)> = together
        .chunk_by(|a, b| a == b)
        .map(|same| (same[0], same.len()))
        .filter(|((other, own), count)| {
            let (said, replaced) = (said[*other as usize], replaced[*own as usize]);
            *count >= LEARNED_LEAST && count * 4 >= said * 3 && count * 4 >= replaced
        })
        .collect();
    // Numbers are in the order of the stems.
    pairs.sort_by_key(|(pair, count)| (Reverse(*count), *pair));
    pairs.truncate(LEARNED_LIMIT);
    pairs.sort();
    let word = |number: u32| vec![all[number as usize].to_owned()];
    pairs.into_iter().map(|((other, own), _)| vec![word(other), word(own)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::part::Part;
    use crate::search::read::page_of;

    fn learnt(pages: &[(&str, &[&str])]) -> Vec<String> {
        let pages = pages.iter().map(|(title, wordings)| page_of(title, wordings)).collect();
        let part = Part::new(pages, &Analyzer::new("en", true));
        let groups = learned(&part.pages.iter().collect::<Vec<_>>()).into_iter();
        groups.map(|group| group.concat().join(" = ")).collect()
    }

    const MENDING: [(&str, &[&str]); 4] = [
        ("Repair a carriage", &["How do you mend a carriage?"]),
        ("Repairing two hulls", &["Mending two hulls"]),
        ("Who repairs the oven?", &["Who mends the oven?", "The oven, mended"]),
        ("Is it worth it to sell a mast?", &["Should we sell a mast?"]),
    ];

    #[test]
    fn a_word_that_wordings_say_for_a_titles_word_on_three_pages_means_the_same() {
        assert_eq!(learnt(&MENDING), ["mend = repair"]);
        assert_eq!(learnt(&MENDING[1..]), [""; 0], "two pages may be chance");
    }

    #[test]
    fn a_word_that_is_said_for_many_others_means_none_of_them() {
        let many: [(&str, &[&str]); 6] = [
            ("Repair", &["fix"]),
            ("Repair", &["fix"]),
            ("Repair", &["fix"]),
            ("Glue", &["fix"]),
            ("Nail", &["fix"]),
            ("Screw", &["fix"]),
        ];
        assert_eq!(learnt(&many), [""; 0]);
    }
}
