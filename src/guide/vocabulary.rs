//! The closed vocabularies of a guide: categories, levels, topics, kinds, and questions wanted.
//!
//! Takes `content/*.toml`, gives terms in their order. A term's slug is its address and its name in
//! front matter.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fields::{CATEGORY_FIELDS, KIND_FIELDS, LEVEL_FIELDS, TOPIC_FIELDS, WANTED_FIELDS};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::path::ContentPath;
use crate::slug::is_slug;
use crate::source::{CONTENT, Sources};
use crate::table::{self, Spanned, Table};
use crate::text::SourceText;

/// One of the three ways by which questions are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Taxonomy {
    /// How a question is asked.
    Categories,
    /// The lowest level at which it is asked.
    Levels,
    /// What it is about.
    Topics,
}

impl Taxonomy {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Categories, Self::Levels, Self::Topics];

    /// The name in addresses, files and templates.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Categories => "categories",
            Self::Levels => "levels",
            Self::Topics => "topics",
        }
    }

    /// The key of one term in its file and in front matter.
    pub fn singular(self) -> &'static str {
        match self {
            Self::Categories => "category",
            Self::Levels => "level",
            Self::Topics => "topic",
        }
    }
}

/// One entry of a vocabulary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Its permanent name.
    pub slug: String,
    /// Its name for readers.
    pub name: String,
    /// One line.
    pub summary: String,
    /// One paragraph.
    pub description: Option<String>,
    /// Slug of the group of topics it belongs to.
    pub group: Option<String>,
    /// What else is said of it, by the key of the file: `scope`, `autonomy`, `evidence`, …
    pub facts: Vec<(&'static str, String)>,
    /// Other names of a level.
    pub also_called: Vec<String>,
    /// Share of each category in a typical interview at a level: slug and per cent.
    pub weights: Vec<(String, u64)>,
    /// Its file and its place there, for findings.
    pub place: Place,
}

/// What a good answer looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its permanent name.
    pub slug: String,
    /// Its name for readers.
    pub name: String,
    /// One line.
    pub summary: String,
    /// Seconds to prepare an answer.
    pub prep_seconds: Option<u64>,
    /// Seconds to give it.
    pub answer_seconds: Option<u64>,
    /// The parts of a good answer, in order.
    pub structure: Vec<String>,
}

/// A question that the guide wants written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The name it will have.
    pub slug: String,
    /// The question.
    pub title: String,
    /// Slug of its category, if it is settled.
    pub category: Option<String>,
    /// Slug of its level, if it is settled.
    pub level: Option<String>,
    /// Slug of its kind, if it is settled.
    pub kind: Option<String>,
    /// Slugs of its topics, the home topic first.
    pub topics: Vec<String>,
    /// Where it is listed.
    pub place: Place,
}

/// A group of topics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name in the file.
    pub slug: String,
    /// Its name for readers.
    pub name: String,
}

/// Every vocabulary of a guide, each in its own order.
#[derive(Clone, Debug, Default)]
pub struct Vocabularies {
    terms: BTreeMap<Taxonomy, Vec<Term>>,
    /// Groups of topics.
    pub groups: Vec<Group>,
    /// Kinds of answer.
    pub kinds: Vec<Kind>,
    /// Questions not yet written.
    pub wanted: Vec<Wanted>,
}

impl Vocabularies {
    /// The terms of one taxonomy, in their order.
    pub fn terms(&self, taxonomy: Taxonomy) -> &[Term] {
        self.terms.get(&taxonomy).map_or(&[], Vec::as_slice)
    }

    /// The position of a term in its order.
    pub fn position(&self, taxonomy: Taxonomy, slug: &str) -> Option<usize> {
        self.terms(taxonomy).iter().position(|term| term.slug == slug)
    }

    /// The position of the level that a page calls so: by its name, or by the first word of it, as in
    /// "Lead" for "Lead and staff".
    pub fn level_named(&self, name: &str) -> Option<usize> {
        let levels = || self.terms(Taxonomy::Levels).iter();
        let by_name = levels().position(|level| level.name == name);
        by_name.or_else(|| levels().position(|level| first_word(&level.name) == name))
    }

    /// What pages call the levels: the first word of a name, or all of it if another level has that.
    pub fn level_names(&self) -> Vec<&str> {
        let levels = self.terms(Taxonomy::Levels).iter().enumerate();
        levels
            .map(|(at, level)| match first_word(&level.name) {
                word if self.level_named(word) == Some(at) => word,
                _ => level.name.as_str(),
            })
            .collect()
    }

    /// The position of a topic's group, if it has one.
    pub fn group_of(&self, topic: &Term) -> Option<usize> {
        self.groups.iter().position(|group| Some(&group.slug) == topic.group.as_ref())
    }
}

fn first_word(name: &str) -> &str {
    name.split(' ').next().unwrap_or(name)
}

/// Facts that a term of each taxonomy may state, in the order they are shown.
fn fact_keys(taxonomy: Taxonomy) -> &'static [&'static str] {
    match taxonomy {
        Taxonomy::Categories => &["question_form", "evidence"],
        Taxonomy::Levels => &["typical_experience", "scope", "autonomy"],
        Taxonomy::Topics => &[],
    }
}

/// Reads all vocabularies.
pub(super) fn read(sources: &Sources, diagnostics: &mut Vec<Diagnostic>) -> Vocabularies {
    let mut vocabularies = Vocabularies::default();
    for taxonomy in Taxonomy::ALL {
        let path = format!("{}.toml", taxonomy.as_str());
        let Some(source) = file(sources, &path) else {
            if sources.unread.contains(&ContentPath::new(&format!("{CONTENT}/{path}"))) {
                continue;
            }
            let message = format!("there is no `content/{path}`");
            diagnostics.push(
                Diagnostic::of_guide(Code::VocabularyMissing, message)
                    .help("`askbook init` in an empty folder writes one to copy"),
            );
            continue;
        };
        let fields = match taxonomy {
            Taxonomy::Categories => CATEGORY_FIELDS,
            Taxonomy::Levels => LEVEL_FIELDS,
            Taxonomy::Topics => TOPIC_FIELDS,
        };
        let Some(table) = table::parse_file(source, "a vocabulary", diagnostics) else { continue };
        let mut table = table.declared(fields);
        if taxonomy == Taxonomy::Topics {
            vocabularies.groups = groups(&mut table, diagnostics);
        }
        let terms = terms(&mut table, taxonomy, diagnostics);
        table.finish(diagnostics);
        if terms.is_empty() {
            let message = format!("the vocabulary has no `[[{}]]`", taxonomy.singular());
            diagnostics.push(
                Diagnostic::at(Code::VocabularyMissing, Place::start_of(source), message)
                    .help(format!("add a table `[[{}]]`", taxonomy.singular())),
            );
        }
        check_groups(&terms, &vocabularies.groups, diagnostics);
        vocabularies.terms.insert(taxonomy, terms);
    }
    if let Some(source) = file(sources, "kinds.toml") {
        vocabularies.kinds = kinds(source, diagnostics).unwrap_or_default();
    }
    if let Some(source) = file(sources, "wanted.toml") {
        vocabularies.wanted = wanted(source, diagnostics).unwrap_or_default();
    }
    for (path, source) in &sources.vocabularies {
        let known = [
            "categories.toml",
            "levels.toml",
            "topics.toml",
            "kinds.toml",
            "wanted.toml",
            super::glossary::FILE,
        ];
        if !known.contains(&path.file_name()) {
            let message = format!("`{}` is not a file that askbook reads", path.file_name());
            diagnostics.push(
                Diagnostic::at(Code::FileMisplaced, Place::start_of(source), message)
                    .help(format!("known are {}", table::backticked(&known))),
            );
        }
    }
    vocabularies
}

pub(super) fn file<'a>(sources: &'a Sources, name: &str) -> Option<&'a Arc<SourceText>> {
    sources.vocabularies.get(&ContentPath::new(&format!("{CONTENT}/{name}")))
}

/// Slug, name and place of an entry; a duplicate slug names both entries.
fn identity(
    table: &mut Table<'_>,
    seen: &mut BTreeMap<String, Place>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(String, Place)> {
    let Spanned { value: slug, span } = table.required_string("slug", diagnostics)?;
    let place = table.place(span);
    if !is_slug(&slug) {
        diagnostics.push(
            Diagnostic::at(Code::FieldValue, place, format!("`{slug}` is not a slug"))
                .help("use lower-case letters, digits and single hyphens"),
        );
        return None;
    }
    if let Some(first) = seen.get(&slug) {
        diagnostics.push(
            Diagnostic::at(Code::VocabularyDuplicate, place, format!("`{slug}` is listed twice"))
                .related(first.clone(), "it is first listed here")
                .help("rename one of them"),
        );
        return None;
    }
    seen.insert(slug.clone(), place.clone());
    Some((slug, place))
}

fn terms(
    table: &mut Table<'_>,
    taxonomy: Taxonomy,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Term> {
    let mut seen = BTreeMap::new();
    let mut terms = Vec::new();
    for mut row in table.tables(taxonomy.singular(), "a term", diagnostics) {
        let identity = identity(&mut row, &mut seen, diagnostics);
        let name = row.required_string("name", diagnostics);
        let summary = row.required_string("summary", diagnostics);
        let description = row.string("description", diagnostics).map(|text| text.value);
        let order = row.number("order", diagnostics).map_or(u64::MAX, |order| order.value);
        let group = match taxonomy {
            Taxonomy::Topics => row.string("group", diagnostics).map(|group| group.value),
            Taxonomy::Categories | Taxonomy::Levels => None,
        };
        let (mut also_called, mut weights) = (Vec::new(), Vec::new());
        if taxonomy == Taxonomy::Levels {
            also_called = texts(row.strings("also_called", diagnostics));
            if let Some(table) = row.table("interview_weight", "`interview_weight`", diagnostics) {
                weights = table.into_numbers(diagnostics);
            }
        }
        let fact = |key: &&'static str| {
            let text = row.string(key, diagnostics)?;
            Some((*key, text.value))
        };
        let facts: Vec<_> = fact_keys(taxonomy).iter().filter_map(fact).collect();
        row.finish(diagnostics);
        if let (Some((slug, place)), Some(name), Some(summary)) = (identity, name, summary) {
            let (name, summary) = (name.value, summary.value);
            let term = Term {
                slug,
                name,
                summary,
                description,
                group,
                facts,
                also_called,
                weights,
                place,
            };
            terms.push((order, term));
        }
    }
    terms.sort_by_key(|(order, _)| *order);
    terms.into_iter().map(|(_, term)| term).collect()
}

fn texts(list: Option<Spanned<Vec<Spanned<String>>>>) -> Vec<String> {
    list.map(|list| list.value.into_iter().map(|text| text.value).collect()).unwrap_or_default()
}

fn groups(table: &mut Table<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Group> {
    let mut seen = BTreeMap::new();
    let mut groups = Vec::new();
    for mut row in table.tables("group", "a group", diagnostics) {
        let identity = identity(&mut row, &mut seen, diagnostics);
        let name = row.required_string("name", diagnostics);
        row.finish(diagnostics);
        if let Some(((slug, _), name)) = identity.zip(name) {
            groups.push(Group { slug, name: name.value });
        }
    }
    groups
}

fn check_groups(terms: &[Term], groups: &[Group], diagnostics: &mut Vec<Diagnostic>) {
    for term in terms {
        let Some(group) = &term.group else { continue };
        if !groups.iter().any(|known| known.slug == *group) {
            let message = format!("the group `{group}` of `{}` is not listed", term.slug);
            let names = groups.iter().map(|group| group.slug.as_str());
            diagnostics.push(
                Diagnostic::at(Code::FieldValue, term.place.clone(), message)
                    .suggest(crate::text::nearest(group, names), || {
                        format!("add a `[[group]]` with `slug = \"{group}\"`")
                    }),
            );
        }
    }
}

fn kinds(source: &Arc<SourceText>, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<Kind>> {
    let mut table = table::parse_file(source, "a vocabulary", diagnostics)?.declared(KIND_FIELDS);
    let mut seen = BTreeMap::new();
    let mut kinds = Vec::new();
    for mut row in table.tables("kind", "a kind", diagnostics) {
        let identity = identity(&mut row, &mut seen, diagnostics);
        let name = row.required_string("name", diagnostics);
        let summary = row.required_string("summary", diagnostics);
        let prep_seconds = row.number("prep_seconds", diagnostics).map(|n| n.value);
        let answer_seconds = row.number("answer_seconds", diagnostics).map(|n| n.value);
        let structure = texts(row.strings("structure", diagnostics));
        row.finish(diagnostics);
        if let (Some((slug, _)), Some(name), Some(summary)) = (identity, name, summary) {
            let (name, summary) = (name.value, summary.value);
            kinds.push(Kind { slug, name, summary, prep_seconds, answer_seconds, structure });
        }
    }
    table.finish(diagnostics);
    Some(kinds)
}

fn wanted(source: &Arc<SourceText>, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<Wanted>> {
    let mut table = table::parse_file(source, "the list of wanted questions", diagnostics)?
        .declared(WANTED_FIELDS);
    let mut seen = BTreeMap::new();
    let mut wanted = Vec::new();
    for mut row in table.tables("question", "a wanted question", diagnostics) {
        let identity = identity(&mut row, &mut seen, diagnostics);
        let title = row.required_string("title", diagnostics);
        let category = row.string("category", diagnostics).map(|text| text.value);
        let level = row.string("level", diagnostics).map(|text| text.value);
        let kind = row.string("kind", diagnostics).map(|text| text.value);
        let topics = texts(row.strings("topics", diagnostics));
        row.finish(diagnostics);
        if let Some(((slug, place), title)) = identity.zip(title) {
            let title = title.value;
            wanted.push(Wanted { slug, title, category, level, kind, topics, place });
        }
    }
    table.finish(diagnostics);
    Some(wanted)
}
