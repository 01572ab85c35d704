//! Characters that nobody sees, and letters that look like those of another alphabet.
//!
//! Takes a part of a text file and whether it is prose or code, gives findings. Where code begins and
//! ends is told by those who know the format.

use std::sync::Arc;

use super::{Code, Diagnostic, Place};
use crate::text::{SourceText, Span, Unseen, joins, latin_twin, unseen};

/// What a part of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Words for readers.
    Prose,
    /// What readers copy and machines run.
    Code,
}

/// Reports control characters and those that reverse the direction of text, whatever they stand in.
pub(crate) fn obeyed(source: &Arc<SourceText>, part: Span, diagnostics: &mut Vec<Diagnostic>) {
    for (at, c) in characters(source, part) {
        if let Some(kind @ (Unseen::Control | Unseen::Bidirectional)) = unseen(c) {
            diagnostics.push(found(source, at, c, code(kind, Part::Prose), does(kind)));
        }
    }
}

/// Reports characters without a shape, and letters that only look like those beside them.
pub(crate) fn unclear(
    source: &Arc<SourceText>,
    part: Span,
    kind: Part,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut before = ' ';
    for (at, c) in characters(source, part) {
        // Between letters a joiner is one more way to write the same name; emoji are made with it.
        let is_hidden_joiner = kind == Part::Code && joins(c) && before.is_alphanumeric();
        if unseen(c) == Some(Unseen::Invisible) || is_hidden_joiner {
            let code = code(Unseen::Invisible, kind);
            diagnostics.push(found(source, at, c, code, does(Unseen::Invisible)));
        }
        before = c;
    }
    words(source, part, |word| diagnostics.extend(lookalike(source, word, kind)));
}

/// Reports what a value holds that its file does not show, because it is written as an escape.
pub(crate) fn escaped(
    source: &Arc<SourceText>,
    written: Span,
    value: &str,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let shown = source.text().get(written.range()).unwrap_or_default();
    let hidden =
        value.chars().find_map(|c| unseen(c).filter(|_| !shown.contains(c)).map(|k| (c, k)));
    if let Some((c, kind)) = hidden {
        let message = format!("an escape writes the character {}, which {}", name(c), does(kind));
        let place = Place::new(source, written);
        diagnostics
            .push(Diagnostic::at(code(kind, Part::Prose), place, message).help("take it out"));
    }
}

fn characters(source: &Arc<SourceText>, part: Span) -> impl Iterator<Item = (usize, char)> {
    let text = &source.text()[part.range()];
    // Nearly all text is ASCII that can be seen, which is told sixteen bytes at a time.
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t'));
    let text = if is_plain { "" } else { text };
    text.char_indices().map(move |(at, c)| (part.start + at, c))
}

/// Runs of letters, digits and underscores.
fn words(source: &Arc<SourceText>, part: Span, mut take: impl FnMut(Span)) {
    let mut start = None;
    for (at, c) in characters(source, part) {
        match (c.is_alphanumeric() || c == '_', start) {
            (true, None) => start = Some(at),
            (false, Some(begun)) => {
                take(Span { start: begun, end: at });
                start = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    if let Some(start) = start {
        take(Span { start, end: part.end });
    }
}

fn lookalike(source: &Arc<SourceText>, word: Span, kind: Part) -> Option<Diagnostic> {
    let text = &source.text()[word.range()];
    let (at, c, twin) = text.char_indices().find_map(|(at, c)| Some((at, c, latin_twin(c)?)))?;
    if !text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let code = match kind {
        Part::Prose => Code::TextLookalike,
        Part::Code => Code::CodeLookalike,
    };
    let looks = format!("looks like `{twin}` and stands in a word with Latin letters");
    Some(found(source, word.start + at, c, code, &looks).help(format!("write the Latin `{twin}`")))
}

fn code(kind: Unseen, part: Part) -> Code {
    match (kind, part) {
        (Unseen::Control, _) => Code::TextControl,
        (Unseen::Bidirectional, _) => Code::TextBidirectional,
        (Unseen::Invisible, Part::Prose) => Code::TextInvisible,
        (Unseen::Invisible, Part::Code) => Code::CodeInvisible,
    }
}

fn does(kind: Unseen) -> &'static str {
    match kind {
        Unseen::Control => "is a control character",
        Unseen::Bidirectional => "reverses the direction of the text after it",
        Unseen::Invisible => "is invisible",
    }
}

fn name(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

fn found(source: &Arc<SourceText>, at: usize, c: char, code: Code, does: &str) -> Diagnostic {
    let place = Place::new(source, Span { start: at, end: at + c.len_utf8() });
    let message = format!("the character {} {does}", name(c));
    Diagnostic::at(code, place, message).help("take it out")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::ContentPath;

    fn told(text: &str, kind: Part) -> Vec<String> {
        let source = SourceText::new(ContentPath::new("a.md"), text);
        let whole = Span { start: 0, end: text.len() };
        let mut diagnostics = Vec::new();
        obeyed(&source, whole, &mut diagnostics);
        unclear(&source, whole, kind, &mut diagnostics);
        let told = |found: &Diagnostic| {
            let at = found.span().map_or(0, |span| span.start);
            format!("{} {at}", found.code.as_str())
        };
        diagnostics.iter().map(told).collect()
    }

    #[test]
    fn prose_is_warned_where_code_is_refused() {
        assert_eq!(told("a\u{200b}b", Part::Prose), ["text/invisible 1"]);
        assert_eq!(told("a\u{200b}b", Part::Code), ["code/invisible 1"]);
        assert_eq!(
            told("a\u{202e}b\u{7}", Part::Prose),
            ["text/bidirectional 1", "text/control 5"]
        );
        assert_eq!(told("p\u{430}ss", Part::Prose), ["text/lookalike 1"]);
        assert_eq!(told("p\u{430}ss = 1", Part::Code), ["code/lookalike 1"]);
    }

    #[test]
    fn names_joined_by_nothing_differ_and_emoji_are_joined() {
        assert_eq!(told("user\u{200d}name", Part::Code), ["code/invisible 4"]);
        assert_eq!(told("user\u{fe0f}", Part::Code), ["code/invisible 4"]);
        assert_eq!(told("\"👩\u{200d}💻 ⚠\u{fe0f}\"", Part::Code), [""; 0]);
        assert_eq!(told("نمی\u{200c}خواهم", Part::Prose), [""; 0]);
    }

    #[test]
    fn words_of_one_alphabet_and_formulas_are_left_alone() {
        for text in ["пароль", "λόγος", "Δt", "5 μs", "hν", "O(n²)", "naïve", "x_1"]
        {
            assert_eq!(told(text, Part::Code), [""; 0], "{text}");
        }
    }
}
