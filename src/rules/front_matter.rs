//! Rules about the front matter of a question.

use std::ops::RangeInclusive;

use super::Subject;
use crate::date::Date;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Document, QUESTION_FIELDS};
use crate::guide::Page;
use crate::table::{Spanned, addition, backticked};
use crate::text::{Span, nearest};

/// Bounds of the page model, in characters.
const TITLE: RangeInclusive<usize> = 1..=LONGEST_TITLE;
/// The longest title, in characters.
pub(crate) const LONGEST_TITLE: usize = 170;
/// How many sources a question that rests on them names at least.
const SOURCES_WANTED: usize = 3;
const SUMMARY: RangeInclusive<usize> = 60..=200;
const EVALUATES: RangeInclusive<usize> = 1..=120;
/// Bounds of lists, in entries.
const ASKED_AS: RangeInclusive<usize> = 2..=5;
const RELATED: RangeInclusive<usize> = 3..=5;
const TOPICS: RangeInclusive<usize> = 1..=4;
const RUBRIC: RangeInclusive<usize> = 3..=5;
const SOURCES: RangeInclusive<usize> = 1..=6;

/// Keys that the page model asks of every question.
pub(super) fn fields(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let matter = subject.question.matter();
    if !matter.is_whole {
        return;
    }
    let is_written = |key: &str| {
        matter.written.iter().any(|written| written == key || nearest(written, [key]).is_some())
    };
    let has_code = subject.question.document.body.code.iter().any(|block| {
        block.fence.run != crate::document::Run::Never
            && block.fence.language.is_some_and(|language| language.name != "text")
    });
    let absent = [
        ("summary", matter.summary.is_none()),
        ("kind", matter.kind.is_none()),
        ("evaluates", matter.evaluates.is_none()),
        ("asked_as", matter.asked_as.is_none()),
        ("related", matter.related.is_none()),
        ("updated", matter.updated.is_none()),
        ("status", !matter.has_status),
        ("rubric", matter.rubric.is_empty()),
        ("languages", has_code && matter.languages.is_empty()),
    ];
    // A key that is written and could not be used has been reported where it stands.
    for (key, _) in absent.into_iter().filter(|(key, is_absent)| *is_absent && !is_written(key)) {
        let at = Span { start: matter.span.start, end: matter.span.start };
        let message = format!("`{key}` is missing in a question");
        diagnostics.push(
            Diagnostic::at(Code::ModelField, subject.question.document.place(at), message).help(
                match key {
                    "kind" if !subject.vocabularies.kinds.is_empty() => {
                        let kinds = subject.vocabularies.kinds.iter();
                        let kinds: Vec<&str> = kinds.map(|kind| kind.slug.as_str()).collect();
                        format!(
                            "add `kind = \"{}\"`, or another of {}",
                            kinds[0],
                            backticked(&kinds)
                        )
                    }
                    _ => addition(QUESTION_FIELDS, key),
                },
            ),
        );
    }
}

const CHARACTERS: (&str, &str) = ("character", "characters");
const ENTRIES: (&str, &str) = ("entry", "entries");
const SIGNALS: (&str, &str) = ("signal", "signals");

/// Lengths of texts and lists.
pub(super) fn lengths(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let matter = subject.question.matter();
    let mut check = |key: &str,
                     count: usize,
                     (one, many): (&str, &str),
                     bounds: &RangeInclusive<usize>,
                     span| {
        if !bounds.contains(&count) {
            let (low, high) = (bounds.start(), bounds.end());
            diagnostics.push(
                Diagnostic::at(
                    Code::ModelLength,
                    subject.question.document.place(span),
                    format!("`{key}` has {count} {}", if count == 1 { one } else { many }),
                )
                .help(format!("between {low} and {high} are wanted")),
            );
        }
    };
    let characters = |text: &str| text.chars().count();
    check("title", characters(&matter.title.value), CHARACTERS, &TITLE, matter.title.span);
    if let Some(summary) = &matter.summary {
        check("summary", characters(&summary.value), CHARACTERS, &SUMMARY, summary.span);
    }
    if let Some(evaluates) = &matter.evaluates {
        check("evaluates", characters(&evaluates.value), CHARACTERS, &EVALUATES, evaluates.span);
    }
    if let Some(asked_as) = &matter.asked_as {
        check("asked_as", asked_as.value.len(), ENTRIES, &ASKED_AS, asked_as.span);
    }
    if let Some(related) = &matter.related {
        check("related", related.value.len(), ENTRIES, &RELATED, related.span);
    }
    check("topics", matter.topics.len(), ENTRIES, &TOPICS, matter.topics[0].span);
    if let Some(first) = matter.rubric.first().filter(|_| matter.is_whole) {
        check("rubric", matter.rubric.len(), SIGNALS, &RUBRIC, first.span);
    }
    if let Some(first) = matter.sources.first().filter(|_| matter.is_whole) {
        check("source", matter.sources.len(), ENTRIES, &SOURCES, first.url.span);
    }
}

/// Four descriptors a signal.
pub(super) fn rubric(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for row in &subject.question.matter().rubric {
        if row.scores.len() != 4 {
            let message = format!("the signal has {} descriptors", row.scores.len());
            diagnostics.push(
                Diagnostic::at(
                    Code::RubricShape,
                    subject.question.document.place(row.span),
                    message,
                )
                .help("write four, for the scores 1 to 4"),
            );
        }
    }
}

/// Words that judge and show nothing, and those that only weigh them.
const ADJECTIVES: [&str; 44] = [
    "acceptable",
    "adequate",
    "amazing",
    "average",
    "awesome",
    "bad",
    "basic",
    "best",
    "brilliant",
    "competent",
    "confident",
    "convincing",
    "decent",
    "excellent",
    "exceptional",
    "fair",
    "fine",
    "good",
    "great",
    "impressive",
    "incomplete",
    "insufficient",
    "mediocre",
    "ok",
    "okay",
    "outstanding",
    "partial",
    "perfect",
    "poor",
    "satisfactory",
    "solid",
    "strong",
    "sufficient",
    "superb",
    "terrible",
    "unacceptable",
    "unclear",
    "unsatisfactory",
    "vague",
    "weak",
    "wonderful",
    "wrong",
    "correct",
    "complete",
];
const WEIGHTS: [&str; 16] = [
    "a",
    "all",
    "an",
    "and",
    "at",
    "but",
    "extremely",
    "fairly",
    "less",
    "more",
    "not",
    "or",
    "quite",
    "really",
    "too",
    "very",
];
/// Nouns that say no more than the adjective in front of them.
const EMPTY_NOUNS: [&str; 5] = ["answer", "job", "knowledge", "response", "understanding"];

/// A descriptor is something that can be heard or seen; an adjective is a verdict.
pub(super) fn descriptors(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if !subject.language.starts_with("en") {
        return;
    }
    for row in &subject.question.matter().rubric {
        for (score, place) in row.scores.iter().zip(row.places.iter().skip(1)) {
            if is_verdict(score) {
                let message =
                    format!("the descriptor `{score}` judges without saying what is seen");
                diagnostics.push(
                    Diagnostic::at(
                        Code::RubricAdjective,
                        subject.question.document.place(*place),
                        message,
                    )
                    .help("write what somebody with this score says or does"),
                );
            }
        }
    }
}

/// Whether a text has an adjective and nothing that could be observed.
fn is_verdict(text: &str) -> bool {
    let text = text.to_lowercase();
    let words = || text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words().any(|word| ADJECTIVES.contains(&word))
        && words().all(|word| {
            ADJECTIVES.contains(&word) || WEIGHTS.contains(&word) || EMPTY_NOUNS.contains(&word)
        })
}

/// Whether questions of a category rest on primary sources.
pub(crate) fn needs_sources(category: &str) -> bool {
    matches!(category, "technical" | "system-design")
}

/// Technical and design questions rest on primary sources.
pub(super) fn sources(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let matter = subject.question.matter();
    if matter.is_whole && needs_sources(subject.category) && matter.sources.len() < SOURCES_WANTED {
        let span = match matter.sources.first() {
            Some(first) => first.url.span,
            None => Span { start: matter.span.start, end: matter.span.start },
        };
        let message = format!("the question names {} sources", matter.sources.len());
        diagnostics.push(
            Diagnostic::at(Code::SourceFew, subject.question.document.place(span), message).help(
                format!(
                    "name {SOURCES_WANTED} primary sources or more; for each {}",
                    addition(QUESTION_FIELDS, "source")
                ),
            ),
        );
    }
}

/// Nothing was changed tomorrow.
pub(super) fn date(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let document = &subject.question.document;
    let updated = subject.question.matter().updated.as_ref();
    diagnostics.extend(updated.and_then(|updated| future(document, updated, subject.today)));
}

/// Nor was a written page.
pub(super) fn page_date(page: &Page, today: Date, diagnostics: &mut Vec<Diagnostic>) {
    let updated = page.matter().updated.as_ref();
    diagnostics.extend(updated.and_then(|updated| future(&page.document, updated, today)));
}

fn future(document: &Document, updated: &Spanned<Date>, today: Date) -> Option<Diagnostic> {
    let message = format!("`updated` is {}, which is after today", updated.value);
    (updated.value > today).then(|| {
        Diagnostic::at(Code::DateFuture, document.place(updated.span), message)
            .help(format!("today is {today}"))
    })
}

/// The summary of a written page stands in lists and in search results as that of a question does.
pub(super) fn page_summary(page: &Page, _today: Date, diagnostics: &mut Vec<Diagnostic>) {
    let Some(summary) = &page.matter().summary else { return };
    let length = summary.value.chars().count();
    if !SUMMARY.contains(&length) {
        let message = format!("`summary` has {length} characters");
        let (low, high) = (SUMMARY.start(), SUMMARY.end());
        diagnostics.push(
            Diagnostic::at(Code::ModelLength, page.document.place(summary.span), message)
                .help(format!("between {low} and {high} are wanted")),
        );
    }
}
