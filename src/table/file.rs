//! A whole TOML file: settings, vocabularies, the glossary, files of themes.
//!
//! Takes the text, gives its [`Table`]; what would keep a machine busy, or readers in the dark, is told
//! first. Front matter has limits of its own, in the settings.

use std::sync::Arc;

use super::{Table, parse};
use crate::diagnostic::{Code, Diagnostic, Place, UnclearPart, obeyed, unclear};
use crate::text::{SourceText, Span, long_line};

/// Ten thousand terms of a glossary need as much.
const FILE_BYTES: usize = 2 << 20;
/// Whoever finds a place counts the characters of its line: the longer, the slower.
const LINE_CHARACTERS: usize = 10_000;

/// Parses a file; one that is too large, or not TOML, gives no table.
pub fn parse_file<'a>(
    source: &'a Arc<SourceText>,
    what: &'static str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Table<'a>> {
    let whole = Span { start: 0, end: source.text().len() };
    if let Some(diagnostic) = too_large(source, what) {
        diagnostics.push(diagnostic);
        return None;
    }
    obeyed(source, whole, diagnostics);
    unclear(source, whole, UnclearPart::Prose, diagnostics);
    parse(source, whole, what, diagnostics)
}

fn too_large(source: &Arc<SourceText>, what: &str) -> Option<Diagnostic> {
    let text = source.text();
    let refused = |start: usize, message: String, help: &str| {
        let place = Place::new(source, Span { start, end: start + 1 });
        Some(Diagnostic::at(Code::FileTooLarge, place, message).help(help))
    };
    if text.len() > FILE_BYTES {
        let message =
            format!("the file of {what} holds {} bytes, more than {FILE_BYTES}", text.len());
        return refused(FILE_BYTES, message, "take out what is not needed");
    }
    let (start, _) = long_line(text, LINE_CHARACTERS)?;
    let message = format!("the line is longer than {LINE_CHARACTERS} characters");
    refused(start, message, "break it; texts in three quotes may have many lines")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::ContentPath;

    fn told(text: &str) -> Vec<&'static str> {
        let source = SourceText::new(ContentPath::new("askbook.toml"), text);
        let mut diagnostics = Vec::new();
        if let Some(mut table) = parse_file(&source, "tests", &mut diagnostics) {
            drop(table.required_string("title", &mut diagnostics));
        }
        diagnostics.iter().map(|found| found.code.as_str()).collect()
    }

    #[test]
    fn what_is_too_large_is_not_read_and_nothing_is_missed_in_it() {
        let line = format!("# {}\n", "x".repeat(9_000));
        assert_eq!(told(&format!("title = \"T\"\n{line}")), [""; 0]);
        assert_eq!(told(&line.repeat(250)), ["file/too-large"]);
        assert_eq!(told(&line.replace('x', "xx")), ["file/too-large"]);
    }

    #[test]
    fn hidden_characters_are_told_however_they_are_written() {
        assert_eq!(told("title = \"T\" # a\u{202e}b"), ["text/bidirectional"]);
        assert_eq!(told("title = \"T\\u202e\""), ["text/bidirectional"]);
        assert_eq!(told("title = \"T\\u0007\""), ["text/control"]);
        assert_eq!(told("title = \"T\u{200b}\""), ["text/invisible"]);
        assert_eq!(told("title = \"p\u{430}ss\""), ["text/lookalike"]);
    }
}
