//! What a guide covers and what it lacks, counted from its own pages.
//!
//! Takes a guide, gives figures; `askbook stats` writes them, and the page "help wanted" shows them. No clock
//! is asked: how old a page is goes by the guide's newest day, so that the same sources give the same figures
//! tomorrow.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::date::Date;
use crate::guide::{Guide, Question, Taxonomy};

/// The figures; their names are those of the JSON that `content/guide/data.md` documents.
#[derive(Debug, Serialize)]
pub struct Figures<'a> {
    /// The version of this shape.
    pub version: u8,
    /// Questions, drafts among them.
    pub questions: usize,
    /// Questions that are drafts.
    pub drafts: usize,
    /// Words of all questions.
    pub words: usize,
    /// Questions by category and level.
    pub coverage: BTreeMap<&'a str, BTreeMap<&'a str, usize>>,
    /// Questions by topic.
    pub topics: BTreeMap<&'a str, usize>,
    /// Questions by kind.
    pub kinds: BTreeMap<&'a str, usize>,
    /// Topics without a question.
    pub empty_topics: Vec<&'a str>,
    /// Questions that name no source.
    pub without_sources: Vec<&'a str>,
    /// Questions that no page links to.
    pub without_links_to_them: Vec<&'a str>,
    /// Questions that are wanted.
    pub wanted: Vec<&'a str>,
    /// Questions by topic, category and level; pairs without any are left out.
    pub coverage_by_topic: BTreeMap<&'a str, BTreeMap<&'a str, BTreeMap<&'a str, usize>>>,
    /// The questions that changed longest ago.
    pub longest_unchanged: Vec<Unchanged<'a>>,
    /// The questions to which most others link.
    pub most_linked: Vec<Linked<'a>>,
    /// Questions that were verified with an older version than another.
    pub older_versions: Vec<OlderVersion<'a>>,
    /// Questions that are drafts, by slug.
    pub unfinished: Vec<&'a str>,
    /// Questions that changed last more than a year before the guide did.
    pub stale: Vec<Unchanged<'a>>,
    /// Questions that name sources, and fewer than [`FEW_SOURCES`].
    pub few_sources: Vec<Sourced<'a>>,
}

/// Fewer sources than this are few.
pub const FEW_SOURCES: usize = 3;

/// A question and the day of its last change.
#[derive(Debug, Serialize)]
pub struct Unchanged<'a> {
    /// The question.
    pub slug: &'a str,
    /// The day.
    pub updated: Date,
}

/// A question and the number of its sources.
#[derive(Debug, Serialize)]
pub struct Sourced<'a> {
    /// The question.
    pub slug: &'a str,
    /// How many it names.
    pub sources: usize,
}

/// A question and the number of questions that link to it.
#[derive(Debug, Serialize)]
pub struct Linked<'a> {
    /// The question.
    pub slug: &'a str,
    /// How many link to it.
    pub links: usize,
}

/// A question whose output was made with a version that another page has left behind.
#[derive(Debug, Serialize)]
pub struct OlderVersion<'a> {
    /// The question.
    pub slug: &'a str,
    /// The version that it names.
    pub version: &'a str,
    /// The newest that any question names.
    pub newest: &'a str,
}

/// Entries of lists that are cut.
const TOP: usize = 10;

/// How many questions each topic has, by category and level; pairs without any are left out.
fn coverage_by_topic(guide: &Guide) -> BTreeMap<&str, BTreeMap<&str, BTreeMap<&str, usize>>> {
    let mut coverage: BTreeMap<&str, BTreeMap<&str, BTreeMap<&str, usize>>> = BTreeMap::new();
    for (index, topic) in guide.vocabularies.terms(Taxonomy::Topics).iter().enumerate() {
        let by_category = coverage.entry(topic.slug.as_str()).or_default();
        for id in guide.questions_of(Taxonomy::Topics, index) {
            let matter = guide.question(*id).matter();
            let by_level = by_category.entry(matter.category.value.as_str()).or_default();
            *by_level.entry(matter.level.value.as_str()).or_default() += 1;
        }
    }
    coverage
}

/// Every question that has a date, the oldest first.
fn by_age(guide: &Guide) -> Vec<Unchanged<'_>> {
    let mut questions: Vec<Unchanged<'_>> = guide
        .questions
        .iter()
        .filter_map(|question| {
            Some(Unchanged { slug: &question.matter().slug, updated: question.updated? })
        })
        .collect();
    questions.sort_unstable_by_key(|question| (question.updated, question.slug));
    questions
}

fn longest_unchanged(guide: &Guide) -> Vec<Unchanged<'_>> {
    by_age(guide).into_iter().take(TOP).collect()
}

fn stale(guide: &Guide) -> Vec<Unchanged<'_>> {
    let Some(newest) = guide.updated() else { return Vec::new() };
    let year_before = Date { year: newest.year.saturating_sub(1), ..newest };
    let old = by_age(guide).into_iter().filter(|question| question.updated < year_before);
    old.take(TOP).collect()
}

/// Those with the fewest sources first.
fn few_sources(guide: &Guide) -> Vec<Sourced<'_>> {
    let mut few: Vec<Sourced<'_>> = guide
        .questions
        .iter()
        .map(|question| question.matter())
        .map(|matter| Sourced { slug: &matter.slug, sources: matter.sources.len() })
        .filter(|question| (1..FEW_SOURCES).contains(&question.sources))
        .collect();
    few.sort_by_key(|question| (question.sources, question.slug));
    few
}

fn most_linked(guide: &Guide) -> Vec<Linked<'_>> {
    let mut linked: Vec<Linked<'_>> = guide
        .questions
        .iter()
        .map(|question| Linked {
            slug: question.matter().slug.as_str(),
            links: question.backlinks.len(),
        })
        .filter(|linked| linked.links > 0)
        .collect();
    linked.sort_by(|a, b| b.links.cmp(&a.links).then(a.slug.cmp(b.slug)));
    linked.truncate(TOP);
    linked
}

/// Pages whose versions are older than the newest that any page names of the same product.
fn older_versions(guide: &Guide) -> Vec<OlderVersion<'_>> {
    let mut newest: BTreeMap<&str, (Vec<u64>, &str)> = BTreeMap::new();
    let verified = || {
        guide.questions.iter().flat_map(|question| {
            let matter = question.matter();
            matter.verified_with.iter().map(move |version| (matter.slug.as_str(), version.as_str()))
        })
    };
    for (_, version) in verified() {
        let Some((product, numbers)) = product(version) else { continue };
        let known = newest.entry(product).or_insert_with(|| (numbers.clone(), version));
        if numbers > known.0 {
            *known = (numbers, version);
        }
    }
    let older = verified().filter_map(|(slug, version)| {
        let (product, numbers) = product(version)?;
        let (highest, newest) = &newest[product];
        (numbers < *highest).then_some(OlderVersion { slug, version, newest })
    });
    older.collect()
}

/// A product's name and its version as numbers: `PostgreSQL 15.18`.
fn product(version: &str) -> Option<(&str, Vec<u64>)> {
    let (name, number) = version.rsplit_once(' ')?;
    let numbers: Option<Vec<u64>> =
        number.trim_start_matches('v').split('.').map(|part| part.parse().ok()).collect();
    Some((name, numbers?))
}

impl<'a> Figures<'a> {
    /// Counts.
    pub fn of(guide: &'a Guide) -> Self {
        let slugs = |wanted: &dyn Fn(&Question) -> bool| -> Vec<&'a str> {
            let questions = guide.questions.iter().filter(|question| wanted(question));
            questions.map(|question| question.matter().slug.as_str()).collect()
        };
        let terms = |taxonomy| guide.vocabularies.terms(taxonomy).iter().enumerate();
        let topics: BTreeMap<&str, usize> = terms(Taxonomy::Topics)
            .map(|(index, term)| {
                (term.slug.as_str(), guide.questions_of(Taxonomy::Topics, index).len())
            })
            .collect();
        let coverage = terms(Taxonomy::Categories)
            .map(|(category, term)| {
                let ids = guide.questions_of(Taxonomy::Categories, category);
                let by_level = terms(Taxonomy::Levels)
                    .map(|(level, term)| {
                        let count =
                            ids.iter().filter(|id| guide.question(**id).level == level).count();
                        (term.slug.as_str(), count)
                    })
                    .collect();
                (term.slug.as_str(), by_level)
            })
            .collect();
        let kinds = guide
            .vocabularies
            .kinds
            .iter()
            .enumerate()
            .map(|(index, kind)| {
                let count =
                    guide.questions.iter().filter(|question| question.kind == Some(index)).count();
                (kind.slug.as_str(), count)
            })
            .collect();
        Self {
            version: 1,
            questions: guide.questions.len(),
            drafts: guide.questions.iter().filter(|question| question.matter().is_draft).count(),
            words: guide.questions.iter().map(|question| question.document.body.words).sum(),
            coverage,
            empty_topics: topics
                .iter()
                .filter(|(_, count)| **count == 0)
                .map(|(slug, _)| *slug)
                .collect(),
            topics,
            kinds,
            without_sources: slugs(&|question| question.matter().sources.is_empty()),
            without_links_to_them: slugs(&|question| question.backlinks.is_empty()),
            wanted: guide.vocabularies.wanted.iter().map(|wanted| wanted.slug.as_str()).collect(),
            coverage_by_topic: coverage_by_topic(guide),
            longest_unchanged: longest_unchanged(guide),
            most_linked: most_linked(guide),
            older_versions: older_versions(guide),
            unfinished: slugs(&|question| question.matter().is_draft),
            stale: stale(guide),
            few_sources: few_sources(guide),
        }
    }
}
