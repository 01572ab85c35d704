//! Writers: a sorted list of findings becomes text for a person or a program.
//!
//! Takes diagnostics, gives one string; never prints. Everything that comes from files is escaped so
//! that a file name or an excerpt cannot steer a terminal or a build log.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level, Origin as Locus, Patch, Renderer, Snippet};

use super::json::{finding, json};
use super::sarif::sarif;
use super::{Code, Diagnostic, Edit, Fix, Origin, Place, Severity};
use crate::text::{SourceText, is_invisible, reverses_direction};

/// The shape of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Excerpts with the place marked, in the manner of rustc; with colours.
    Human,
    /// The same without colours.
    Plain,
    /// One line each: `file:line:column: severity[code]: message`.
    Concise,
    /// One JSON object: `{ "version": 1, "findings": [ … ] }`.
    Json,
    /// One SARIF 2.1.0 log, for code scanning.
    Sarif,
    /// Workflow commands that GitHub Actions shows beside the changed lines.
    Github,
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Summary {
    /// Findings that forbid publishing.
    pub errors: usize,
    /// Findings that do not.
    pub warnings: usize,
    /// Findings of either kind that `check --fix` mends.
    pub fixable: usize,
}

impl Summary {
    /// Counts.
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
        let fixable = diagnostics.iter().filter(|d| d.fix.is_some()).count();
        Self { errors, warnings: diagnostics.len() - errors, fixable }
    }
}

impl std::fmt::Display for Summary {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = |number: usize, noun: &str| match number {
            1 => format!("1 {noun}"),
            _ => format!("{number} {noun}s"),
        };
        match (self.errors, self.warnings) {
            (0, 0) => return formatter.write_str("nothing to mend"),
            (0, warnings) => formatter.write_str(&count(warnings, "warning"))?,
            (errors, 0) => formatter.write_str(&count(errors, "error"))?,
            (errors, warnings) => {
                write!(formatter, "{}, {}", count(errors, "error"), count(warnings, "warning"))?;
            }
        }
        match self.fixable {
            0 => Ok(()),
            fixable => write!(formatter, "; `askbook check --fix` mends {fixable}"),
        }
    }
}

/// Findings of one rule that a person is shown with excerpts; the rest are counted.
const SHOWN_OF_A_RULE: usize = 10;

/// Writes findings, which have been sorted, in one format.
pub fn write(diagnostics: &[Diagnostic], format: Format) -> String {
    match format {
        Format::Human => human(diagnostics, &Renderer::styled()),
        Format::Plain => human(diagnostics, &Renderer::plain()),
        Format::Concise => diagnostics.iter().map(concise).collect(),
        Format::Json => json(diagnostics),
        Format::Sarif => sarif(diagnostics, None),
        Format::Github => diagnostics.iter().map(github).collect(),
    }
}

fn human(diagnostics: &[Diagnostic], renderer: &Renderer) -> String {
    let mut out = String::new();
    let mut shown: BTreeMap<Code, usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        let number = shown.entry(diagnostic.code).or_default();
        *number += 1;
        if *number > SHOWN_OF_A_RULE {
            continue;
        }
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(visible(&diagnostic.message)).id(diagnostic.code.as_str());
        let mut groups = vec![match &diagnostic.origin {
            Origin::Place(place) => title.element(snippet(place, AnnotationKind::Primary, "")),
            Origin::File(path) => title.element(Locus::path(visible(path.as_str()))),
            Origin::Guide => Group::with_title(title),
        }];
        for (place, label) in &diagnostic.related {
            groups.push(Level::NOTE.secondary_title(visible(label)).element(snippet(
                place,
                AnnotationKind::Context,
                "",
            )));
        }
        if let Some(help) = &diagnostic.help {
            groups.push(Group::with_title(Level::HELP.secondary_title(visible(help))));
        }
        if let Some((fix, source)) = diagnostic.fix.as_ref().zip(diagnostic.source()) {
            groups.push(patch(fix, source));
        }
        out.push_str(&renderer.render(&groups));
        out.push_str("\n\n");
    }
    for (code, number) in shown.into_iter().filter(|(_, number)| *number > SHOWN_OF_A_RULE) {
        let more = number - SHOWN_OF_A_RULE;
        let title = format!(
            "and {more} more of `{code}`; `--format concise` lists all",
            code = code.as_str()
        );
        out.push_str(&renderer.render(&[Group::with_title(Level::NOTE.secondary_title(title))]));
        out.push_str("\n\n");
    }
    out
}

/// The lines around a place; a long file costs only its own lines.
fn snippet<'a>(
    place: &'a Place,
    kind: AnnotationKind,
    label: &'a str,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let text = place.source.text();
    let first = text[..place.span.start].rfind('\n').map_or(0, |at| at + 1);
    // A finding about a long stretch shows its first line: the rest would push the help off screen.
    let line_end =
        text[place.span.start..].find('\n').map_or(text.len(), |at| place.span.start + at);
    let end = place.span.end.min(line_end);
    let line = place.source.position(place.span.start).line;
    let (excerpt, start, end) =
        shortened(&text[first..line_end], place.span.start - first, end - first);
    Snippet::source(visible(&excerpt))
        .line_start(line)
        .path(visible(place.source.path().as_str()))
        .annotation(kind.span(start..end.max(start)).label(label))
}

/// The most lines over which the edits of a fix are shown as a diff; longer ones are only named.
const PATCH_LINES: usize = 8;

/// A fix as a diff, or its name alone if it moves whole passages.
fn patch<'a>(fix: &'a Fix, source: &'a SourceText) -> Group<'a> {
    let title = format!("`askbook check --fix` does it: {}", visible(&fix.title));
    let title = Level::HELP.secondary_title(title);
    let text = source.text();
    if !fix.edits.iter().all(|edit| edit.fits(source)) {
        return Group::with_title(title);
    }
    let first = fix.edits.iter().map(|edit| edit.span.start).min().unwrap_or(0);
    let last = fix.edits.iter().map(|edit| edit.span.end).max().unwrap_or(0);
    let first = text[..first].rfind('\n').map_or(0, |at| at + 1);
    let last = text[last..].find('\n').map_or(text.len(), |at| last + at);
    let lines = text[first..last].lines().count()
        + fix.edits.iter().map(|edit| edit.text.lines().count().saturating_sub(1)).sum::<usize>();
    let longest = text[first..last].lines().map(str::len).max().unwrap_or(0);
    if lines > PATCH_LINES || longest > 2 * EXCERPT_MARGIN {
        return Group::with_title(title);
    }
    let patches = fix
        .edits
        .iter()
        .map(|Edit { span, text }| Patch::new(span.start - first..span.end - first, visible(text)));
    title.element(
        Snippet::source(visible(&text[first..last]))
            .line_start(source.position(first).line)
            .path(visible(source.path().as_str()))
            .patches(patches),
    )
}

/// The most characters of a line that are shown on each side of a mistake.
const EXCERPT_MARGIN: usize = 160;

fn shortened(line: &str, start: usize, end: usize) -> (String, usize, usize) {
    let from = line[..start].char_indices().rev().nth(EXCERPT_MARGIN).map_or(0, |(at, _)| at);
    let to =
        line[start..].char_indices().nth(EXCERPT_MARGIN).map_or(line.len(), |(at, _)| start + at);
    (line[from..to].to_owned(), start - from, end.min(to) - from)
}

/// Characters that a terminal obeys, that end a line for some programs, or that deceive whoever reads.
fn is_steering(c: char) -> bool {
    let is_mark = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}');
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || is_mark
        || reverses_direction(c)
        || is_invisible(c)
}

/// Replaces them by visible ones of the same number of bytes, so that places stay where they are.
fn visible(text: &str) -> String {
    if !text.contains(is_steering) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match (is_steering(c), c.len_utf8()) {
            (false, _) => shown.push(c),
            (true, 1) => shown.push('?'),
            (true, 2) => shown.push('¿'),
            (true, 3) => shown.push('\u{fffd}'),
            (true, _) => shown.push_str("¿¿"),
        }
    }
    shown
}

/// JSON that means the same and in which they are escaped; outside of texts it has none.
pub(super) fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if is_steering(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

fn concise(diagnostic: &Diagnostic) -> String {
    let finding = finding(diagnostic);
    let mut line = match finding.file {
        Some(file) => {
            format!("{}:{}:{}: ", visible(file), finding.range.line, finding.range.column)
        }
        None => String::new(),
    };
    let message = visible(finding.message).replace('\n', " ");
    // Writing to a string cannot fail.
    let _infallible = writeln!(line, "{}[{}]: {message}", finding.severity, finding.code);
    line
}

/// One workflow command; the escapes are those of GitHub's own `@actions/core`.
fn github(diagnostic: &Diagnostic) -> String {
    let finding = finding(diagnostic);
    let escape =
        |text: &str| visible(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| escape(text).replace(':', "%3A").replace(',', "%2C");
    let message = match finding.help {
        Some(help) => format!("{}\nhelp: {help}", finding.message),
        None => finding.message.to_owned(),
    };
    format!(
        "::{} file={},line={},col={},title={}::{}\n",
        finding.severity,
        property(finding.file.unwrap_or("askbook.toml")),
        finding.range.line,
        finding.range.column,
        property(finding.code),
        escape(&message)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::ContentPath;
    use crate::text::{SourceText, Span};

    fn example() -> Diagnostic {
        let source = SourceText::new(ContentPath::new("a.md"), "one\ntilte = 1\n");
        Diagnostic::at(
            Code::FieldUnknown,
            Place::new(&source, Span { start: 4, end: 9 }),
            "unknown key `tilte`",
        )
        .help("did you mean `title`?")
    }

    #[test]
    fn a_person_sees_the_line_and_the_help() {
        let text = write(&[example()], Format::Plain);
        for part in ["error[field/unknown]", "a.md:2:1", "2 | tilte = 1", "^^^^^", "did you mean"] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
    }

    #[test]
    fn a_person_is_shown_ten_of_a_rule_and_told_how_many_there_are() {
        let text = write(&vec![example(); 13], Format::Plain);
        assert_eq!(text.matches("a.md:2:1").count(), 10);
        assert!(text.contains("and 3 more of `field/unknown`"), "{text}");
        assert_eq!(write(&vec![example(); 13], Format::Concise).lines().count(), 13);
    }

    #[test]
    fn a_program_gets_one_line_or_one_object() {
        assert_eq!(
            write(&[example()], Format::Concise),
            "a.md:2:1: error[field/unknown]: unknown key `tilte`\n"
        );
        let report: serde_json::Value =
            serde_json::from_str(&write(&[example()], Format::Json)).expect("valid JSON");
        assert_eq!(report["findings"][0]["end_column"], 6);
    }

    #[test]
    fn text_from_files_cannot_steer_a_terminal_or_a_build_log() {
        // Escapes, both ways of reversing, what is invisible in two, three and four bytes, line ends.
        let steering = "\u{1b}\u{7}\u{7f}\u{9b}\u{ad}\u{61c}\u{200b}\u{200e}\u{202e}\u{2028}\u{2066}\u{feff}\u{e0041}";
        let source =
            SourceText::new(ContentPath::new(&format!("a{steering}.md")), format!("x{steering}y"));
        let message = format!("bad\n::error::owned{steering}");
        let place =
            Place::new(&source, Span { start: source.text().len() - 1, end: source.text().len() });
        let hostile = Diagnostic::at(Code::FieldValue, place.clone(), message.as_str())
            .help(steering)
            .related(place.clone(), steering)
            .fix(Fix::replace(steering, place.span, steering));
        let formats = [Format::Plain, Format::Concise, Format::Github, Format::Json, Format::Sarif];
        for format in formats {
            let text = write(std::slice::from_ref(&hostile), format);
            assert!(!text.contains(|c| steering.contains(c)), "{format:?}: {text:?}");
        }
        assert_eq!(write(std::slice::from_ref(&hostile), Format::Github).lines().count(), 1);
        let report: serde_json::Value =
            serde_json::from_str(&write(&[hostile], Format::Json)).expect("valid JSON");
        assert_eq!(report["findings"][0]["message"], message, "nothing is lost");
    }

    #[test]
    fn what_is_replaced_keeps_its_length() {
        for c in ['\u{7}', '\u{ad}', '\u{202e}', '\u{e0041}', 'é'] {
            assert_eq!(visible(&c.to_string()).len(), c.len_utf8());
        }
    }
}
