//! `askbook stats`: what the guide covers, as tables or as one JSON object.
//!
//! JSON: `{ "version": 1, "questions", "drafts", "words", "coverage": {category: {level: count}},
//! "topics": {slug: count}, "kinds": {slug: count}, "empty_topics": [slug], "without_sources": [slug],
//! "without_links_to_them": [slug], "wanted": [slug], "coverage_by_topic": {topic: {category: {level:
//! count}}}, "longest_unchanged": [{ "slug", "updated" }], "most_linked": [{ "slug", "links" }],
//! "older_versions": [{ "slug", "version", "newest" }],
//! "unfinished": [slug], "stale": [{ "slug", "updated" }], "few_sources": [{ "slug", "sources" }] }`. Ages are days of change, not counts of days:
//! the same sources give the same figures tomorrow.

use std::collections::BTreeMap;

use super::{Exit, Report, World, findings, project_root};
use crate::cli::{StatsArgs, StatsFormat};
use crate::figures::Figures;
use crate::guide::{Drafts, Guide, Taxonomy};
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
        ("drafts", &figures.unfinished),
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
    let stale = figures.stale.iter();
    list(
        "unchanged for a year before the newest page",
        stale.map(|u| format!("{}  {}", u.updated, u.slug)).collect(),
    );
    let few = figures.few_sources.iter();
    list("few sources", few.map(|f| format!("{:>4}  {}", f.sources, f.slug)).collect());
    let linked = figures.most_linked.iter();
    list("most linked", linked.map(|l| format!("{:>4}  {}", l.links, l.slug)).collect());
    let older = figures.older_versions.iter();
    list(
        "verified with an older version than another page",
        older.map(|o| format!("{}: {}, newest {}", o.slug, o.version, o.newest)).collect(),
    );
    out
}
