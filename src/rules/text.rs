//! Rules about the letters of a page, whatever it says.
//!
//! Takes the text of one page. Its Markdown is read again only if there is something to judge, which
//! is seldom: the text alone tells that most pages are good.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use crate::diagnostic::{Code, Diagnostic, Fix, Place, UnclearPart, unclear};
use crate::document::{Document, read_markdown};
use crate::text::{Span, Unseen, joins, latin_twin, unseen};

/// White space at the ends of lines, outside code.
pub(super) fn trailing(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    let text = document.source.text();
    let offset = document.body.offset;
    let mut found = ends(text).peekable();
    if found.peek().is_none() {
        return;
    }
    // A text in triple quotes keeps the spaces at the ends of its lines.
    let is_matter_exact = ["\"\"\"", "'''"].iter().any(|quote| text[..offset].contains(quote));
    let (code, breaks) = exact_parts(document);
    for span in found {
        let is_inside = |range: &Range<usize>| range.start < span.end && span.start < range.end;
        if (span.start < offset && is_matter_exact) || code.iter().any(is_inside) {
            continue;
        }
        let is_break = breaks.iter().any(is_inside);
        // Behind a backslash the spaces are what keeps it from being a line break.
        let is_needed = text[..span.start].ends_with('\\');
        let fix = match is_break {
            true => Fix::replace("write the line break as a backslash", span, "\\"),
            false => Fix::replace("take the white space out", span, ""),
        };
        let message = "white space at the end of a line";
        let diagnostic = Diagnostic::at(Code::TextTrailing, document.place(span), message)
            .help(if is_break { "a line break is written `\\`" } else { "take it out" });
        diagnostics.push(if is_needed { diagnostic } else { diagnostic.fix(fix) });
    }
}

/// Characters without a shape, and letters that only look like those beside them: in code they are
/// refused, in prose they are told.
pub(super) fn letters(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    let text = document.source.text();
    let is_odd =
        |c: char| !c.is_ascii() && (unseen(c).is_some() || joins(c) || latin_twin(c).is_some());
    if !text.is_ascii() && text.chars().any(is_odd) {
        let mut start = 0;
        for range in exact_parts(document).0 {
            let code = Span { start: range.start.max(start), end: range.end.max(start) };
            let prose = Span { start, end: code.start };
            unclear(&document.source, prose, UnclearPart::Prose, diagnostics);
            unclear(&document.source, code, UnclearPart::Code, diagnostics);
            start = code.end;
        }
        let rest = Span { start, end: text.len() };
        unclear(&document.source, rest, UnclearPart::Prose, diagnostics);
    }
    if document.body_text().contains("&#") {
        references(document, diagnostics);
    }
}

/// Characters that are written as references, `&#x202E;`, and reverse what stands behind them.
fn references(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    let offset = document.body.offset;
    for (event, range) in read_markdown(document.body_text()).0 {
        let text: &str = match &event {
            Event::Text(text) => text,
            Event::Start(Tag::Link { title, .. } | Tag::Image { title, .. }) => title,
            _ => continue,
        };
        let hidden = text.chars().find(|c| unseen(*c) == Some(Unseen::Bidirectional));
        let span = Span { start: range.start + offset, end: range.end + offset };
        let is_shown = |c: char| document.source.text()[span.range()].contains(c);
        if let Some(c) = hidden.filter(|c| !is_shown(*c)) {
            let code = u32::from(c);
            let message = format!(
                "a reference writes the character U+{code:04X}, which reverses the text after it"
            );
            let place = Place::new(&document.source, span);
            diagnostics
                .push(Diagnostic::at(Code::TextBidirectional, place, message).help("take it out"));
        }
    }
}

/// Spaces and tabs in front of line ends.
fn ends(text: &str) -> impl Iterator<Item = Span> {
    let mut start = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let line_start = start;
        start += line.len();
        let content = line.trim_end_matches('\n');
        let kept = content.trim_end_matches([' ', '\t']);
        let span = Span { start: line_start + kept.len(), end: line_start + content.len() };
        (span.start < span.end).then_some(span)
    })
}

/// Bytes of the file that are code or raw HTML, and those that are a line break.
fn exact_parts(document: &Document) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let offset = document.body.offset;
    let (mut code, mut breaks) = (Vec::new(), Vec::new());
    for (event, range) in read_markdown(document.body_text()).0 {
        let range = range.start + offset..range.end + offset;
        match event {
            Event::Start(Tag::CodeBlock(_)) | Event::Code(_) | Event::InlineHtml(_) => {
                code.push(range);
            }
            Event::HardBreak => breaks.push(range),
            _ => {}
        }
    }
    (code, breaks)
}
