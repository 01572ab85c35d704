//! The TOML between the `+++` lines, as typed values with their places.
//!
//! Takes a page's text, gives its [`Matter`] and the offset of the body. Which slugs exist and which
//! keys the page model asks for is not decided here.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Limits;
use super::fields::{GUIDE_FIELDS, QUESTION_FIELDS};
use super::language::{LANGUAGES, Language};
use super::order;
use crate::date::Date;
use crate::diagnostic::{Code, Diagnostic, Fix, Place};
use crate::slug::is_slug;
use crate::source::CONTENT;
use crate::table::{self, Spanned, Table, backticked};
use crate::text::{SourceText, Span, nearest, only_near};

const FENCE: &str = "+++";

/// What a page says about itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Matter {
    /// A question, in `content/questions/`.
    Question(Box<QuestionMatter>),
    /// A written page, in `content/guide/`, or the glossary.
    Guide(GuideMatter),
}

/// The front matter of a question.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct QuestionMatter {
    /// The whole front matter, for findings about what is not there.
    pub span: Span,
    /// Every key that is written, misspelt ones too.
    pub written: Vec<String>,
    /// Whether all of it could be read: otherwise nothing can be counted, or said to be missing.
    pub is_whole: bool,
    /// The question as an interviewer would say it; inline Markdown is allowed.
    pub title: Spanned<String>,
    /// The permanent name; equal to the file's.
    pub slug: String,
    /// The answer in one sentence.
    pub summary: Option<Spanned<String>>,
    /// Slug of the category.
    pub category: Spanned<String>,
    /// Slug of the lowest level at which the question is asked.
    pub level: Spanned<String>,
    /// Slugs of topics; the first is the home topic.
    pub topics: Vec<Spanned<String>>,
    /// Slug of the kind of answer.
    pub kind: Option<Spanned<String>>,
    /// What the interviewer learns.
    pub evaluates: Option<Spanned<String>>,
    /// Other wordings.
    pub asked_as: Option<Spanned<Vec<Spanned<String>>>>,
    /// Seconds to prepare, if not the kind's.
    pub prep_seconds: Option<u64>,
    /// Seconds to answer, if not the kind's.
    pub answer_seconds: Option<u64>,
    /// Languages of the code on the page.
    pub languages: Vec<Spanned<String>>,
    /// Versions that produced the output shown.
    pub verified_with: Vec<String>,
    /// Slugs of related questions.
    pub related: Option<Spanned<Vec<Spanned<String>>>>,
    /// What an interviewer scores.
    pub rubric: Vec<Signal>,
    /// Primary sources.
    pub sources: Vec<Reference>,
    /// Day of last change.
    pub updated: Option<Spanned<Date>>,
    /// Whether the page is left out of a release.
    pub is_draft: bool,
    /// Whether `status` was written at all.
    pub has_status: bool,
    /// Old addresses of the page.
    pub aliases: Vec<Spanned<String>>,
}

impl QuestionMatter {
    /// Other wordings of the question, in the author's order; none if the key is not there.
    pub fn wordings(&self) -> impl Iterator<Item = &str> {
        self.asked_as.iter().flat_map(|list| &list.value).map(|wording| wording.value.as_str())
    }
}

/// The front matter of a written page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GuideMatter {
    /// Every key that is written, misspelt ones too.
    pub written: Vec<String>,
    /// Heading of the page.
    pub title: Spanned<String>,
    /// The page's name: its file's.
    pub slug: String,
    /// One sentence for lists and search engines.
    pub summary: Option<Spanned<String>>,
    /// Place in the list of pages, ascending.
    pub order: u64,
    /// Day of last change.
    pub updated: Option<Spanned<Date>>,
    /// Whether the page is left out of a release.
    pub is_draft: bool,
    /// Old addresses of the page.
    pub aliases: Vec<Spanned<String>>,
}

/// One row of a rubric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// Where the row stands.
    pub span: Span,
    /// What can be heard or seen.
    pub signal: String,
    /// Descriptors for the scores 1 to 4.
    pub scores: Vec<String>,
    /// Where the signal stands, and then each descriptor.
    pub places: Vec<Span>,
}

/// A source that a page cites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// What it is.
    pub title: String,
    /// Where it is.
    pub url: Spanned<String>,
}

/// Reads the front matter; the offset is that of the body, whatever the matter is worth.
pub(super) fn read(
    source: &Arc<SourceText>,
    limits: &Limits,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Option<Matter>, usize) {
    let Some((span, body)) = split(source, diagnostics) else { return (None, 0) };
    let (size, limit) = (span.end - span.start, limits.front_matter_bytes);
    if size > limit {
        let beyond = Span { start: span.start + limit, end: span.start + limit + 1 };
        let message = format!("the front matter holds {size} bytes, more than {limit}");
        let help = "put text into the body, or raise `limits.front_matter_bytes`";
        let place = Place::new(source, beyond);
        diagnostics.push(Diagnostic::at(Code::FrontMatterTooLarge, place, message).help(help));
        return (None, body);
    }
    let segments: Vec<&str> = source.path().as_str().split('/').collect();
    let matter = match segments[..] {
        [CONTENT, "questions", ..] => table::parse(source, span, "a question", diagnostics)
            .and_then(|table| question(source, table.declared(QUESTION_FIELDS), diagnostics))
            .map(|matter| Matter::Question(Box::new(matter))),
        [CONTENT, "guide", ..] | [CONTENT, "glossary.toml"] => {
            table::parse(source, span, "a guide page", diagnostics)
                .and_then(|table| guide(source, table.declared(GUIDE_FIELDS), diagnostics))
                .map(Matter::Guide)
        }
        _ => {
            let path = source.path();
            diagnostics.push(
                Diagnostic::in_file(Code::FileMisplaced, path, "no page is read from here").help(
                    "put questions into `content/questions/<topic>/`, other pages into `content/guide/`",
                ),
            );
            None
        }
    };
    (matter, body)
}

/// The span of the TOML text and the offset behind the closing fence.
fn split(source: &Arc<SourceText>, diagnostics: &mut Vec<Diagnostic>) -> Option<(Span, usize)> {
    let text = source.text();
    let opened = text.split_once('\n').filter(|(first, _)| first.trim_end() == FENCE);
    let Some((_, rest)) = opened else {
        diagnostics.push(
            Diagnostic::at(
                Code::FrontMatterMissing,
                Place::start_of(source),
                "the page does not begin with front matter",
            )
            .help(if text.starts_with("---") {
                "front matter is TOML between two lines `+++`, not YAML between `---`: write `key = \"text\"`"
            } else if text.trim_start().starts_with(FENCE) {
                "take out what stands in front of the first `+++`"
            } else {
                "begin the file with a line `+++`, then TOML, then a line `+++`"
            }),
        );
        return None;
    };
    let start = text.len() - rest.len();
    let mut at = start;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == FENCE {
            return Some((Span { start, end: at }, at + line.len()));
        }
        at += line.len();
    }
    diagnostics.push(
        Diagnostic::at(
            Code::FrontMatterUnclosed,
            Place::new(source, Span { start: 0, end: FENCE.len() }),
            "the front matter is not closed",
        )
        .help("add a line `+++` behind the TOML"),
    );
    None
}

fn question(
    source: &Arc<SourceText>,
    mut table: Table<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<QuestionMatter> {
    let span = table.span();
    let written = table.keys().into_iter().map(|(key, _)| key).collect();
    order::check(source, span, &table.keys(), QUESTION_FIELDS, diagnostics);
    let title = table.required_string("title", diagnostics);
    let slug = slug(source, &mut table, diagnostics);
    let summary = table.string("summary", diagnostics);
    let category = table.required_string("category", diagnostics);
    let level = table.required_string("level", diagnostics);
    let topics = topics(&mut table, diagnostics);
    let kind = table.string("kind", diagnostics);
    let evaluates = table.string("evaluates", diagnostics);
    let asked_as = table.strings("asked_as", diagnostics);
    let prep_seconds = table.number("prep_seconds", diagnostics).map(|n| n.value);
    let answer_seconds = table.number("answer_seconds", diagnostics).map(|n| n.value);
    let languages = languages(&mut table, diagnostics);
    let verified_with = table.strings("verified_with", diagnostics);
    let related = table.strings("related", diagnostics);
    let updated = table.date("updated", diagnostics);
    let status = status(&mut table, diagnostics);
    let aliases = table.strings("aliases", diagnostics).map(|l| l.value).unwrap_or_default();
    let before = diagnostics.len();
    let rubric = rubric(&mut table, diagnostics);
    let sources = sources(&mut table, diagnostics);
    let is_whole = diagnostics.len() == before;
    table.finish(diagnostics);
    Some(QuestionMatter {
        span,
        written,
        is_whole,
        title: title?,
        slug: slug?,
        summary,
        category: category?,
        level: level?,
        topics: topics?,
        kind,
        evaluates,
        asked_as,
        prep_seconds,
        answer_seconds,
        languages,
        verified_with: verified_with
            .map(|list| list.value.into_iter().map(|text| text.value).collect())
            .unwrap_or_default(),
        related,
        rubric,
        sources,
        updated,
        is_draft: status == Some(Status::Draft),
        has_status: status.is_some(),
        aliases,
    })
}

fn guide(
    source: &Arc<SourceText>,
    mut table: Table<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<GuideMatter> {
    let written = table.keys().into_iter().map(|(key, _)| key).collect();
    order::check(source, table.span(), &table.keys(), GUIDE_FIELDS, diagnostics);
    let title = table.required_string("title", diagnostics);
    let slug = slug(source, &mut table, diagnostics);
    let summary = table.string("summary", diagnostics);
    let order = table.number("order", diagnostics).map_or(u64::MAX, |n| n.value);
    let updated = table.date("updated", diagnostics);
    let status = status(&mut table, diagnostics);
    let aliases = table.strings("aliases", diagnostics).map(|l| l.value).unwrap_or_default();
    table.finish(diagnostics);
    Some(GuideMatter {
        written,
        title: title?,
        slug: slug?,
        summary,
        order,
        updated,
        is_draft: status == Some(Status::Draft),
        aliases,
    })
}

/// The file's own name, which `slug` has to repeat if it is written.
fn slug(
    source: &Arc<SourceText>,
    table: &mut Table<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    let written = table.string("slug", diagnostics);
    let path = source.path();
    let from_file = match path.file_stem() {
        "index" => path.folder().rsplit('/').next().unwrap_or_default(),
        stem => stem,
    };
    if !is_slug(from_file) {
        let message = format!("the file name `{from_file}` is not a slug");
        diagnostics.push(
            Diagnostic::in_file(Code::FrontMatterSlug, path, message)
                .help("name the file with lower-case words joined by hyphens: `lost-update.md`"),
        );
        return None;
    }
    if let Some(written) = written.filter(|written| written.value != from_file) {
        let message = format!("the slug `{}` differs from the file name", written.value);
        diagnostics.push(
            Diagnostic::at(Code::FrontMatterSlug, table.place(written.span), message)
                .help(format!("write `slug = \"{from_file}\"`, or rename the file")),
        );
    }
    Some(from_file.to_owned())
}

fn topics(
    table: &mut Table<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<Spanned<String>>> {
    if table.key_span("topics").is_none() {
        table.missing(Code::FieldMissing, "topics", diagnostics);
    }
    let topics = table.strings("topics", diagnostics)?;
    if topics.value.is_empty() {
        diagnostics.push(
            Diagnostic::at(Code::FieldEmpty, table.place(topics.span), "`topics` is empty")
                .help("name at least the home topic"),
        );
        return None;
    }
    Some(topics.value)
}

/// Languages of code, by the names that fences have.
fn languages(table: &mut Table<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Spanned<String>> {
    let written = table.strings("languages", diagnostics).map(|list| list.value);
    let written = written.unwrap_or_default();
    for language in &written {
        let name = language.value.as_str();
        if LANGUAGES.iter().any(|known| known.name == name) {
            continue;
        }
        let names = || LANGUAGES.iter().map(|known| known.name);
        let by_other_name = Language::named(&name.to_lowercase()).map(|known| known.name);
        let near = by_other_name.or_else(|| nearest(name, names()));
        let message = format!("there is no language `{name}`");
        let place = table.place(language.span);
        let diagnostic = Diagnostic::at(Code::FieldValue, place, message).suggest(near, || {
            format!(
                "take one that a code fence may name: {}",
                backticked(&names().collect::<Vec<_>>())
            )
        });
        let only = by_other_name.or_else(|| only_near(name, names()));
        let only = only.filter(|only| written.iter().all(|other| other.value != *only));
        diagnostics.push(match only {
            Some(only) => diagnostic.fix(Fix::replace(
                format!("write `{only}`"),
                language.span,
                format!("\"{only}\""),
            )),
            None => diagnostic,
        });
    }
    written
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Draft,
    Reviewed,
}

fn status(table: &mut Table<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Status> {
    let status = table.string("status", diagnostics)?;
    match status.value.as_str() {
        "draft" => Some(Status::Draft),
        "reviewed" => Some(Status::Reviewed),
        other => {
            let message = format!("`{other}` is not a status");
            let diagnostic = Diagnostic::at(Code::FieldValue, table.place(status.span), message);
            diagnostics.push(match only_near(other, ["draft", "reviewed"]) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(Fix::replace(
                    format!("write `{near}`"),
                    status.span,
                    format!("\"{near}\""),
                )),
                None => diagnostic.help("write `draft` or `reviewed`"),
            });
            None
        }
    }
}

fn rubric(table: &mut Table<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Signal> {
    let mut rubric = Vec::new();
    for mut row in table.tables("rubric", "a rubric signal", diagnostics) {
        let span = row.span();
        let signal = row.required_string("signal", diagnostics);
        if row.key_span("scores").is_none() {
            row.missing(Code::FieldMissing, "scores", diagnostics);
        }
        let scores = row.strings("scores", diagnostics);
        row.finish(diagnostics);
        if let Some((signal, scores)) = signal.zip(scores) {
            let mut places = vec![signal.span];
            places.extend(scores.value.iter().map(|score| score.span));
            let scores = scores.value.into_iter().map(|score| score.value).collect();
            rubric.push(Signal { span, signal: signal.value, scores, places });
        }
    }
    rubric
}

fn sources(table: &mut Table<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Reference> {
    let mut sources = Vec::new();
    for mut row in table.tables("source", "a source", diagnostics) {
        let title = row.required_string("title", diagnostics);
        let url = row.required_string("url", diagnostics);
        if let Some((title, url)) = title.zip(url) {
            let is_web = ["https://", "http://"].iter().any(|scheme| url.value.starts_with(scheme));
            if is_web && !url.value.contains(char::is_whitespace) {
                sources.push(Reference { title: title.value, url });
            } else {
                let message = format!("`{}` is not a web address", url.value);
                diagnostics.push(
                    Diagnostic::at(Code::LinkScheme, row.place(url.span), message)
                        .help("a source begins with `https://`"),
                );
            }
        }
        row.finish(diagnostics);
    }
    sources
}
