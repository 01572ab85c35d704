//! `askbook stats`: what the guide covers, as tables or as one JSON object.
//!
//! JSON: `{ "version": 1, "questions", "drafts", "words", "coverage": {category: {level: count}},
//! "topics": {slug: count}, "kinds": {slug: count}, "empty_topics": [slug], "without_sources": [slug],
//! "without_links_to_them": [slug], "wanted": [slug], "coverage_by_topic": {topic: {category: {level:
//! count}}}, "longest_unchanged": [{ "slug", "updated" }], "most_linked": [{ "slug", "links" }],
//! "older_versions": [{ "slug", "version", "newest" }] }`. Ages are days of change, not counts of days:
//! the same sources give the same figures tomorrow.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Exit, Report, World, findings, project_root};
use crate::cli::{StatsArgs, StatsFormat};
use crate::guide::{Drafts, Guide, Question, Taxonomy};
use crate::pipeline::Options;
use crate::project;

pub(super) fn run(args: &StatsArgs, world: &World) -> Report {
    let root = match project_root(&args.project) {
        Ok(root) => root,
        Err(report) => return report,
    };
    let options = Options { drafts: Drafts::Included, base_url: None, today: world.today };
    let outcome = project::read(root, &options);
    let Some(guide) = &outcome.guide else {
        let err = findings(&outcome.diagnostics);
        return Report { out: String::new(), err, exit: Exit::Usage };
    };
    let figures = Figures::of(guide);
    let out = match args.format {
        StatsFormat::Json => {
            serde_json::to_string_pretty(&figures).expect("strings and numbers always serialise")
                + "\n"
        }
        StatsFormat::Table => table(guide, &figures),
    };
    Report::fine(out)
}

#[derive(Serialize)]
struct Figures<'a> {
    version: u8,
    questions: usize,
    drafts: usize,
    words: usize,
    coverage: BTreeMap<&'a str, BTreeMap<&'a str, usize>>,
    topics: BTreeMap<&'a str, usize>,
    kinds: BTreeMap<&'a str, usize>,
    empty_topics: Vec<&'a str>,
    without_sources: Vec<&'a str>,
    without_links_to_them: Vec<&'a str>,
    wanted: Vec<&'a str>,
    coverage_by_topic: BTreeMap<&'a str, BTreeMap<&'a str, BTreeMap<&'a str, usize>>>,
    longest_unchanged: Vec<Unchanged<'a>>,
    most_linked: Vec<Linked<'a>>,
    older_versions: Vec<OlderVersion<'a>>,
}

/// A question and the day of its last change.
#[derive(Serialize)]
struct Unchanged<'a> {
    slug: &'a str,
    updated: String,
}

/// A question and the number of questions that link to it.
#[derive(Serialize)]
struct Linked<'a> {
    slug: &'a str,
    links: usize,
}

/// A question whose output was made with a version that another page has left behind.
#[derive(Serialize)]
struct OlderVersion<'a> {
    slug: &'a str,
    version: &'a str,
    newest: &'a str,
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

fn longest_unchanged(guide: &Guide) -> Vec<Unchanged<'_>> {
    let mut dated: Vec<_> = guide
        .questions
        .iter()
        .filter_map(|question| Some((question.updated?, question.matter().slug.as_str())))
        .collect();
    dated.sort_unstable();
    let oldest = dated.into_iter().take(TOP);
    oldest.map(|(updated, slug)| Unchanged { slug, updated: updated.to_string() }).collect()
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
    fn of(guide: &'a Guide) -> Self {
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
        }
    }
}

fn table(guide: &Guide, figures: &Figures<'_>) -> String {
    let levels = guide.vocabularies.terms(Taxonomy::Levels);
    let mut out = format!(
        "{} questions, {} of them drafts, {} words, {} wanted\n\n{:16}",
        figures.questions,
        figures.drafts,
        figures.words,
        figures.wanted.len(),
        "",
    );
    for level in levels {
        out.push_str(&format!("{:>9}", level.slug));
    }
    out.push('\n');
    for category in guide.vocabularies.terms(Taxonomy::Categories) {
        out.push_str(&format!("{:16}", category.slug));
        let by_level = &figures.coverage[category.slug.as_str()];
        for level in levels {
            out.push_str(&format!("{:>9}", by_level[level.slug.as_str()]));
        }
        out.push('\n');
    }
    let mut counts = |heading: &str, counts: &BTreeMap<&str, usize>| {
        out.push_str(&format!("\n{heading}\n"));
        for (slug, count) in counts {
            out.push_str(&format!("{count:>9}  {slug}\n"));
        }
    };
    counts("kinds", &figures.kinds);
    counts("topics", &figures.topics);
    for (heading, slugs) in [
        ("without sources", &figures.without_sources),
        ("nothing links to", &figures.without_links_to_them),
    ] {
        if !slugs.is_empty() {
            out.push_str(&format!("\n{heading}\n  {}\n", slugs.join("\n  ")));
        }
    }
    let mut list = |heading: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            out.push_str(&format!("\n{heading}\n  {}\n", lines.join("\n  ")));
        }
    };
    let unchanged = figures.longest_unchanged.iter();
    list("longest unchanged", unchanged.map(|u| format!("{}  {}", u.updated, u.slug)).collect());
    let linked = figures.most_linked.iter();
    list("most linked", linked.map(|l| format!("{:>4}  {}", l.links, l.slug)).collect());
    let older = figures.older_versions.iter();
    list(
        "verified with an older version than another page",
        older.map(|o| format!("{}: {}, newest {}", o.slug, o.version, o.newest)).collect(),
    );
    out
}
