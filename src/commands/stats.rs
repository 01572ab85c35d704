//! `askbook stats`: what the guide covers, as tables or as one JSON object.
//!
//! JSON: `{ "version": 1, "questions", "drafts", "words", "coverage": {category: {level: count}},
//! "topics": {slug: count}, "kinds": {slug: count}, "empty_topics": [slug], "without_sources": [slug],
//! "without_links_to_them": [slug], "wanted": [slug] }`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Exit, Report, World, findings, project_root};
use crate::cache::Cache;
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
    let outcome = project::build(root, &Cache::default(), &options);
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
    out
}
