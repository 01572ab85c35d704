//! Source text and places in it: byte spans, lines and columns.
//!
//! Takes the bytes of a file as text, gives positions a person can find; knows nothing of formats.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::path::ContentPath;

/// A range of bytes in a [`SourceText`]; both ends stand on character boundaries.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset behind the last byte.
    pub end: usize,
}

impl Span {
    /// The span of `range`, moved right by `offset` bytes.
    pub fn shifted(range: &Range<usize>, offset: usize) -> Self {
        Self { start: range.start + offset, end: range.end + offset }
    }

    /// The same as a range, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

/// Percent-encodes everything but letters, digits, `-._~` (RFC 3986, 2.3) and the characters of `also`.
pub fn percent_encoded(text: &str, also: &str) -> String {
    let is_plain = |byte: u8| {
        byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || also.as_bytes().contains(&byte)
    };
    text.bytes()
        .map(|byte| match is_plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}

/// Characters after which text runs the other way: what is seen is not what is written.
pub fn reverses_direction(c: char) -> bool {
    unseen(c) == Some(Unseen::Bidirectional)
}

/// Characters that take no room: spaces without width, fillers, the letters of tags.
pub fn is_invisible(c: char) -> bool {
    unseen(c) == Some(Unseen::Invisible)
}

/// What makes a character that nobody sees a nuisance or worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// Programs obey it.
    Control,
    /// What follows is shown in another order than it is read by machines.
    Bidirectional,
    /// It has no shape.
    Invisible,
}

/// Whether a character cannot be seen, and how; `None` for all that can, line breaks and tabs.
pub fn unseen(c: char) -> Option<Unseen> {
    match c {
        '\n' | '\t' | ' '..='~' => None,
        _ if c.is_control() => Some(Unseen::Control),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some(Unseen::Bidirectional),
        // Spaces without width, fillers, marks of direction, separators of lines, the letters of tags.
        '\u{00ad}'
        | '\u{034f}'
        | '\u{061c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e01ef}' => Some(Unseen::Invisible),
        _ => None,
    }
}

/// Whether a character without a shape changes how its neighbours are drawn: Persian and emoji need it.
pub fn joins(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

/// The Latin letter that a Cyrillic or Greek one cannot be told from.
pub fn latin_twin(c: char) -> Option<char> {
    const FOREIGN: &str = "аеорсухіјѕһԁԛԝӏАВЕКМНОРСТУХІЈЅԌԚԜοΑΒΕΖΗΙΚΜΝΟΡΤΥΧ";
    const LATIN: &str = "aeopcyxijshdqwlABEKMHOPCTYXIJSGQWoABEZHIKMNOPTYX";
    // Nearly every character is neither.
    let is_near = matches!(c, '\u{370}'..='\u{52f}');
    let at = FOREIGN.chars().position(|own| is_near && own == c)?;
    LATIN.chars().nth(at)
}

/// How many words stand between white space.
pub fn word_count(text: &str) -> usize {
    if !text.is_ascii() {
        return text.split_whitespace().count();
    }
    // Most prose is ASCII, and its bytes can be looked at side by side.
    let is_space = |byte: u8| matches!(byte, b'\t'..=b'\r' | b' ');
    let bytes = text.as_bytes();
    let begins = |pair: &&[u8]| is_space(pair[0]) & !is_space(pair[1]);
    let first = bytes.first().is_some_and(|first| !is_space(*first));
    usize::from(first) + bytes.windows(2).filter(begins).count()
}

/// Where a person finds an offset: both numbers start at 1, columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// The first line of more than `limit` characters: where it begins, and how many it has.
pub fn long_line(text: &str, limit: usize) -> Option<(usize, usize)> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        // No character is shorter than a byte, so that hardly any line has to be counted.
        if line.len() > limit {
            let length = line.chars().count();
            if length > limit {
                return Some((start, length));
            }
        }
        start += line.len();
    }
    None
}

/// Some editors write it in front of a text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// One text file of the project: its path and its text with `\n` line ends and no byte-order mark.
#[derive(Debug)]
pub struct SourceText {
    path: ContentPath,
    text: String,
    /// Found when it is first asked for, like the lines below: everything made of a page depends on it.
    digest: OnceLock<[u8; 32]>,
    /// Where lines begin, found when a place is first asked for: a page may have thousands of findings.
    line_starts: OnceLock<Vec<usize>>,
}

/// What has been found out about a text does not make it another one.
impl PartialEq for SourceText {
    fn eq(&self, other: &Self) -> bool {
        (&self.path, &self.text) == (&other.path, &other.text)
    }
}

impl Eq for SourceText {}

impl SourceText {
    /// Normalises line ends (CRLF and CR become LF) and drops a byte-order mark.
    pub fn new(path: ContentPath, text: impl Into<String>) -> Arc<Self> {
        let mut text: String = text.into();
        if text.starts_with(BYTE_ORDER_MARK) {
            text.remove(0);
        }
        if text.contains('\r') {
            text = text.replace("\r\n", "\n").replace('\r', "\n");
        }
        Arc::new(Self { path, text, digest: OnceLock::new(), line_starts: OnceLock::new() })
    }

    /// Where the file stands.
    pub fn path(&self) -> &ContentPath {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The BLAKE3 digest of path and text, which keys of what is made from them hold.
    pub fn digest(&self) -> &[u8; 32] {
        self.digest.get_or_init(|| {
            let mut hasher = blake3::Hasher::new();
            let path = self.path.as_str().as_bytes();
            // The length in front keeps ("ab", "c") apart from ("a", "bc").
            hasher.update(&(path.len() as u64).to_le_bytes()).update(path);
            *hasher.update(self.text.as_bytes()).finalize().as_bytes()
        })
    }

    /// The nearest span at or around `span` whose ends are inside the text and on characters.
    pub fn clamp(&self, span: Span) -> Span {
        let start = floor_char_boundary(&self.text, span.start);
        let mut end = span.end.clamp(start, self.text.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        Span { start, end }
    }

    /// Line and column of a byte offset; offsets past the end mean the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = floor_char_boundary(&self.text, offset);
        let starts = self.line_starts.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect()
        });
        let line = starts.partition_point(|start| *start <= offset);
        Position { line, column: self.text[starts[line - 1]..offset].chars().count() + 1 }
    }
}

/// The last character boundary at or before `offset`.
fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// How many mistakes of a page are compared with every page that there is, to suggest what was meant:
/// a page of nothing but broken links would take minutes.
pub(crate) const SUGGESTIONS: usize = 100;

/// The candidate nearest to a mistyped word, if it is near enough to be meant.
///
/// The measure is the Damerau–Levenshtein distance; a third of the word may differ.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = slips(word);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// The candidate that is near enough to a mistyped word to be meant, if it is the only one.
pub fn only_near<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = slips(word);
    let mut near = candidates
        .into_iter()
        .filter(|candidate| strsim::damerau_levenshtein(word, candidate) <= limit);
    let first = near.next()?;
    near.all(|other| other == first).then_some(first)
}

/// How many slips of the finger a word may hold and still be known.
fn slips(word: &str) -> usize {
    word.chars().count().max(3) / 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn source(text: &str) -> Arc<SourceText> {
        SourceText::new(ContentPath::new("a.md"), text)
    }

    #[test]
    fn every_line_end_reads_as_a_line_feed() {
        assert_eq!(source("\u{feff}a\r\nb\rc\n").text(), "a\nb\nc\n");
    }

    #[test]
    fn columns_count_characters() {
        let source = source("aé\nčb");
        assert_eq!(source.position(3), Position { line: 1, column: 3 });
        assert_eq!(source.position(6), Position { line: 2, column: 2 });
    }

    #[test]
    fn a_slip_of_the_finger_finds_its_word() {
        assert_eq!(nearest("tilte", ["title", "level"]), Some("title"));
        assert_eq!(nearest("colour", ["title", "level"]), None);
    }

    #[test]
    fn a_word_between_two_is_not_decided() {
        assert_eq!(only_near("tilte", ["title", "level"]), Some("title"));
        assert_eq!(only_near("lever", ["level", "lover"]), None);
        assert_eq!(only_near("colour", ["title", "level"]), None);
    }

    proptest! {
        #[test]
        fn clamped_spans_can_always_be_sliced(text in "\\PC{0,20}", a in 0usize..99, b in 0usize..99) {
            let source = source(&text);
            let span = source.clamp(Span { start: a, end: b });
            prop_assert!(source.text().get(span.range()).is_some());
        }

        #[test]
        fn words_are_counted_alike_in_every_script(text in "[ -~]{0,20}|[\\s\u{b}\u{c}\u{1c}a-c]{0,20}|\\PC{0,20}") {
            prop_assert_eq!(word_count(&text), text.split_whitespace().count());
        }
    }
}
