//! Findings for programs: one JSON object, whose shape `content/guide/data.md` documents.
//!
//! Takes diagnostics, gives text. Lines and columns start at 1, columns count characters, and the end
//! of a range stands behind its last character; keys are never taken away within one version.

use serde::Serialize;

use super::write::escaped;
use super::{Diagnostic, Edit, Fix, Origin, Place};
use crate::text::{Position, SourceText, Span};

/// One finding; the one-line formats take theirs from it too.
#[derive(Serialize)]
pub(super) struct Finding<'a> {
    pub(super) code: &'a str,
    pub(super) severity: &'a str,
    pub(super) message: &'a str,
    pub(super) help: Option<&'a str>,
    pub(super) file: Option<&'a str>,
    #[serde(flatten)]
    pub(super) range: Range,
    fix: Option<FixView<'a>>,
    related: Vec<RelatedFinding<'a>>,
}

/// Where something stands in a file.
#[derive(Serialize)]
pub(super) struct Range {
    pub(super) line: usize,
    pub(super) column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct FixView<'a> {
    message: &'a str,
    edits: Vec<EditView<'a>>,
}

#[derive(Serialize)]
struct EditView<'a> {
    #[serde(flatten)]
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct RelatedFinding<'a> {
    message: &'a str,
    file: &'a str,
    #[serde(flatten)]
    range: Range,
}

impl Range {
    fn new(from: Position, to: Position) -> Self {
        Self { line: from.line, column: from.column, end_line: to.line, end_column: to.column }
    }

    fn of(source: &SourceText, span: Span) -> Self {
        Self::new(source.position(span.start), source.position(span.end))
    }
}

fn fix_view<'a>(fix: &'a Fix, source: &SourceText) -> FixView<'a> {
    let edit = |Edit { span, text }: &'a Edit| EditView { range: Range::of(source, *span), text };
    FixView { message: &fix.title, edits: fix.edits.iter().map(edit).collect() }
}

pub(super) fn finding(diagnostic: &Diagnostic) -> Finding<'_> {
    let start = Position { line: 1, column: 1 };
    let range = match &diagnostic.origin {
        Origin::Place(Place { source, span }) => Range::of(source, *span),
        Origin::File(_) | Origin::Guide => Range::new(start, start),
    };
    let related = diagnostic.related.iter().map(|(place, message)| RelatedFinding {
        message,
        file: place.source.path().as_str(),
        range: Range::of(&place.source, place.span),
    });
    let fix = diagnostic.fix.as_ref().zip(diagnostic.source());
    Finding {
        code: diagnostic.code.as_str(),
        severity: diagnostic.severity.as_str(),
        message: &diagnostic.message,
        help: diagnostic.help.as_deref(),
        file: diagnostic.file().map(|path| path.as_str()),
        range,
        fix: fix.map(|(fix, source)| fix_view(fix, source)),
        related: related.collect(),
    }
}

pub(super) fn json(diagnostics: &[Diagnostic]) -> String {
    #[derive(Serialize)]
    struct Report<'a> {
        version: u8,
        findings: Vec<Finding<'a>>,
    }
    let report = Report { version: 1, findings: diagnostics.iter().map(finding).collect() };
    let text = serde_json::to_string_pretty(&report).expect("strings and numbers always serialise");
    escaped(&text) + "\n"
}
