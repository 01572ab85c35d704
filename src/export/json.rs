//! `questions.json`: the metadata of every question as open data, version 1.
//!
//! `{ "version": 1, "title", "language", "licence": {"name", "url"} | null, "base_url" | null,
//! "categories": [{"slug", "name", "summary"}], "levels": […], "topics": [… "group"],
//! "questions": [{"slug", "title", "url", "markdown", "summary", "category", "level", "topics",
//! "kind", "evaluates", "asked_as", "languages", "verified_with", "related", "updated", "rubric":
//! [{"signal", "scores"}], "sources": [{"title", "url"}]}] }`. Addresses are relative to the site's
//! root; related questions are those that are written. It is described in `content/guide/data.md`.

use rayon::prelude::*;
use serde::Serialize;

use crate::config::Config;
use crate::date::Date;
use crate::guide::{Guide, Question, Taxonomy, Term};
use crate::markup::Title;

#[derive(Serialize)]
struct Data<'a> {
    version: u8,
    title: &'a str,
    language: &'a str,
    licence: Option<LicenceData<'a>>,
    base_url: Option<&'a str>,
    categories: Vec<TermData<'a>>,
    levels: Vec<TermData<'a>>,
    topics: Vec<TermData<'a>>,
    questions: Vec<QuestionData<'a>>,
}

#[derive(Serialize)]
struct LicenceData<'a> {
    name: &'a str,
    url: &'a str,
}

#[derive(Serialize)]
struct TermData<'a> {
    slug: &'a str,
    name: &'a str,
    summary: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
}

#[derive(Serialize)]
struct QuestionData<'a> {
    slug: &'a str,
    title: String,
    url: &'a str,
    markdown: String,
    summary: Option<&'a str>,
    category: &'a str,
    level: &'a str,
    topics: Vec<&'a str>,
    kind: Option<&'a str>,
    evaluates: Option<&'a str>,
    asked_as: Vec<&'a str>,
    languages: Vec<&'a str>,
    verified_with: &'a [String],
    related: Vec<&'a str>,
    updated: Option<Date>,
    rubric: Vec<SignalData<'a>>,
    sources: Vec<SourceData<'a>>,
}

#[derive(Serialize)]
struct SignalData<'a> {
    signal: &'a str,
    scores: &'a [String],
}

#[derive(Serialize)]
struct SourceData<'a> {
    title: &'a str,
    url: &'a str,
}

pub(super) fn questions(guide: &Guide, config: &Config) -> String {
    let terms = |taxonomy| guide.vocabularies.terms(taxonomy).iter().map(term).collect();
    let data = Data {
        version: 1,
        title: &config.title,
        language: &config.language,
        licence: config
            .licence
            .as_ref()
            .map(|licence| LicenceData { name: &licence.name, url: &licence.url }),
        base_url: config.base_url.as_deref(),
        categories: terms(Taxonomy::Categories),
        levels: terms(Taxonomy::Levels),
        topics: terms(Taxonomy::Topics),
        questions: guide.questions.par_iter().map(|question| entry(guide, question)).collect(),
    };
    serde_json::to_string(&data).expect("strings and numbers always serialise") + "\n"
}

fn term(term: &Term) -> TermData<'_> {
    TermData {
        slug: &term.slug,
        name: &term.name,
        summary: &term.summary,
        group: term.group.as_deref(),
    }
}

fn entry<'a>(guide: &'a Guide, question: &'a Question) -> QuestionData<'a> {
    let matter = question.matter();
    let slug = |taxonomy, term: usize| guide.vocabularies.terms(taxonomy)[term].slug.as_str();
    let url = question.url.as_str().trim_start_matches('/');
    QuestionData {
        slug: &matter.slug,
        title: Title::new(&matter.title.value).text,
        url,
        markdown: format!("{url}index.md"),
        summary: matter.summary.as_ref().map(|text| text.value.as_str()),
        category: slug(Taxonomy::Categories, question.category),
        level: slug(Taxonomy::Levels, question.level),
        topics: question.topics.iter().map(|topic| slug(Taxonomy::Topics, *topic)).collect(),
        kind: question.kind.map(|kind| guide.vocabularies.kinds[kind].slug.as_str()),
        evaluates: matter.evaluates.as_ref().map(|text| text.value.as_str()),
        asked_as: matter.wordings().collect(),
        languages: matter.languages.iter().map(|text| text.value.as_str()).collect(),
        verified_with: &matter.verified_with,
        related: question
            .related
            .iter()
            .map(|id| guide.question(*id).matter().slug.as_str())
            .collect(),
        updated: question.updated,
        rubric: matter
            .rubric
            .iter()
            .map(|row| SignalData { signal: &row.signal, scores: &row.scores })
            .collect(),
        sources: matter
            .sources
            .iter()
            .map(|source| SourceData { title: &source.title, url: &source.url.value })
            .collect(),
    }
}
