//! From text to search terms: the written specification, and its Rust implementation.
//!
//! Takes text in Unicode's composed form, gives [`Token`]s. It knows neither pages nor queries.
//! `themes/folio/static/js/search-core.js` implements the same specification for browsers, and
//! `tests/search/vectors.json` is what both are tested with.
//!
//! # Specification
//!
//! 1. **Pieces.** Text is cut at white space and at each of `` ( ) [ ] { } < > " ` , ; ! ? = * ~ ^ | ``,
//!    at typographic quotes, dashes and ellipses, and at the stops of Chinese and Japanese.
//! 2. **Folding.** Each character is decomposed (NFKD) and loses its marks; Hangul syllables stay
//!    whole. `æ œ ß ø ł đ ð þ ı` become `ae oe ss o l d d th i`. Case is kept until step 5.
//! 3. **Trimming.** A piece loses what is neither letter, digit nor `_` at its beginning, except one
//!    `.` or `/` right before a letter or digit; at its end everything but those, `+` and `#`.
//! 4. **Words.** A word is a run of letters and digits. An apostrophe between letters joins them; with
//!    a single `s` behind it, both are dropped. Each word has a position, counted from 0.
//! 5. **Tokens of a word**, all at its position: the word in lower case; if it mixes letters and
//!    digits, each of those runs; if a letter run changes from lower to upper case, or from upper case
//!    to a capitalised part of three letters or more, each part of two letters or more.
//! 6. **Chinese, Japanese, Korean, Thai** runs give a token for each pair of neighbours, each at a
//!    position of its own; a run of one gives that one.
//! 7. **The compound**: the whole piece in lower case, at the position of its first word, if it is not
//!    just that word, has at most 40 characters, and holds `+`, `#`, `_` or a digit, begins with `.` or
//!    `/`, or has a word of one or two letters. A piece without a word, or with an apostrophe, has none.
//! 8. **Stems.** A token of nothing but `a`–`z` is stemmed: by the list of irregulars, else by the
//!    language's Snowball stemmer, if there is one. Others are their own stems.
//! 9. A word of more than 64 characters is cut to 64 before step 5.

use std::borrow::Cow;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};
use unicode_normalization::is_nfc;

use super::words::irregular;

/// Longest word, in characters.
const WORD_LIMIT: usize = 64;
/// Longest compound, in characters.
const COMPOUND_LIMIT: usize = 40;

/// What a text holds at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// As written, folded and in lower case.
    pub surface: String,
    /// What the index knows it by.
    pub stem: String,
    /// The number of its word in the text.
    pub position: usize,
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What it is.
    pub shape: Shape,
}

/// How a token came from its piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A whole word.
    Word,
    /// A run or camel-case part of a word.
    Part,
    /// A whole piece; the number counts the words it spans.
    Compound(usize),
}

/// Reads text in one language.
pub struct Analyzer {
    stemmer: Option<Stemmer>,
}

impl Analyzer {
    /// An analyser for a language; only English has a stemmer.
    pub fn new(language: &str, has_stemming: bool) -> Self {
        let is_english = language.split('-').next() == Some("en");
        let stemmer = (is_english && has_stemming).then(|| Stemmer::create(Algorithm::English));
        Self { stemmer }
    }

    /// Whether words are stemmed.
    pub fn has_stemmer(&self) -> bool {
        self.stemmer.is_some()
    }

    /// The stem of a folded word in lower case.
    pub fn stem(&self, word: &str) -> String {
        let Some(stemmer) = &self.stemmer else { return word.to_owned() };
        if !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return word.to_owned();
        }
        irregular(word).map_or_else(|| stemmer.stem(word).into_owned(), str::to_owned)
    }

    /// The tokens of a text, in order.
    pub fn tokens(&self, text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        each_token(text, |found, position, shape| {
            let mut surface = String::new();
            found.lower(&mut surface);
            let stem = self.stem(&surface);
            let (start, end) = found.span();
            tokens.push(Token { surface, stem, position, start, end, shape });
        });
        tokens
    }
}

/// Calls `take` with the surface and the shape of every token of a text, in order; nothing is
/// stemmed, and the surface is gone when `take` returns.
pub(super) fn each_surface(text: &str, mut take: impl FnMut(&str, Shape)) {
    let mut surface = String::new();
    each_token(text, |found, _, shape| match found {
        Found::Plain { word, .. } if word.as_bytes()[0].is_ascii_lowercase() => take(word, shape),
        Found::Plain { .. } | Found::Folded(_) => {
            surface.clear();
            found.lower(&mut surface);
            take(&surface, shape);
        }
    });
}

/// The characters of a token, in their own case.
enum Found<'a> {
    /// A word that folding leaves as it is, and where it begins: nearly every word of a text.
    Plain { word: &'a str, start: usize },
    /// At least one folded character.
    Folded(&'a [Folded]),
}

impl Found<'_> {
    fn lower(&self, out: &mut String) {
        match self {
            Self::Plain { word, .. } => {
                out.extend(word.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
            }
            Self::Folded(chars) => lower(chars, out),
        }
    }

    /// Where it begins and ends in the text, in bytes.
    fn span(&self) -> (usize, usize) {
        match self {
            Self::Plain { word, start } => (*start, start + word.len()),
            Self::Folded(chars) => (chars[0].start, chars[chars.len() - 1].end),
        }
    }
}

fn each_token(text: &str, take: impl FnMut(Found<'_>, usize, Shape)) {
    let mut reader = Reader { take, position: 0 };
    let mut folded: Vec<Folded> = Vec::new();
    for piece in text.split(is_separator) {
        let start = piece.as_ptr() as usize - text.as_ptr() as usize;
        if let Some(word) = plain_word(piece) {
            (reader.take)(Found::Plain { word, start }, reader.position, Shape::Word);
            reader.position += 1;
        } else if !piece.is_empty() {
            folded.clear();
            piece.char_indices().for_each(|(at, c)| fold(c, start + at, &mut folded));
            reader.piece(&folded);
        }
    }
}

/// The word of a piece that steps 2 to 8 leave as it is: small letters behind any letter, or capitals
/// alone, with stops or colons at its end.
fn plain_word(piece: &str) -> Option<&str> {
    let bytes = piece.as_bytes();
    let small = bytes.iter().skip(1).take_while(|byte| byte.is_ascii_lowercase()).count();
    let length = match bytes.first()? {
        first if !first.is_ascii_alphabetic() => return None,
        first if small == 0 && first.is_ascii_uppercase() => {
            bytes.iter().take_while(|byte| byte.is_ascii_uppercase()).count()
        }
        _ => small + 1,
    };
    let is_alone = bytes[length..].iter().all(|byte| matches!(byte, b'.' | b':'));
    (is_alone && length <= WORD_LIMIT).then(|| &piece[..length])
}

/// Text in Unicode's composed form, which [`Analyzer::tokens`] expects.
pub fn composed(text: &str) -> Cow<'_, str> {
    // What stands below the first combining mark, or is general punctuation, is composed already.
    let is_plain = |c: char| c < '\u{300}' || matches!(c, '\u{2010}'..='\u{2027}');
    if text.is_ascii() || text.chars().all(is_plain) || is_nfc(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

fn is_separator(c: char) -> bool {
    if c.is_ascii_alphanumeric() {
        return false;
    }
    c.is_whitespace()
        || matches!(
            c,
            '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | '"' | '`' | ',' | ';' | '!' | '?' | '='
                | '*' | '~' | '^' | '|' | '«' | '»' | '\u{2010}'..='\u{2018}'
                | '\u{201a}'..='\u{201f}' | '\u{2026}' | '\u{2039}' | '\u{203a}'
                | '\u{3001}' | '\u{3002}' | '\u{3008}'..='\u{3011}'
        )
}

/// A folded character and the original it came from.
#[derive(Clone, Copy)]
struct Folded {
    c: char,
    start: usize,
    end: usize,
}

fn fold(c: char, start: usize, out: &mut Vec<Folded>) {
    let end = start + c.len_utf8();
    if c.is_ascii() || matches!(c, '\u{ac00}'..='\u{d7a3}') {
        out.push(Folded { c, start, end });
        return;
    }
    decompose_compatible(c, |c| {
        if is_combining_mark(c) {
            return;
        }
        let plain = match c {
            'æ' => "ae",
            'Æ' => "AE",
            'œ' => "oe",
            'Œ' => "OE",
            'ß' => "ss",
            'ẞ' => "SS",
            'ø' => "o",
            'Ø' => "O",
            'ł' => "l",
            'Ł' => "L",
            'đ' | 'ð' => "d",
            'Đ' | 'Ð' => "D",
            'þ' => "th",
            'Þ' => "TH",
            'ı' => "i",
            _ => {
                out.push(Folded { c, start, end });
                return;
            }
        };
        out.extend(plain.chars().map(|c| Folded { c, start, end }));
    });
}

fn is_word(c: char) -> bool {
    c.is_alphabetic() || c.is_numeric()
}

fn is_unspaced(c: char) -> bool {
    matches!(
        c,
        '\u{0e00}'..='\u{0e7f}'
            | '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}'
    )
}

fn lower(chars: &[Folded], out: &mut String) {
    // Character by character, so that the last sigma of a word is the same letter as any other.
    for Folded { c, .. } in chars {
        if c.is_ascii() {
            out.push(c.to_ascii_lowercase());
        } else {
            out.extend(c.to_lowercase().map(|c| if c == 'ς' { 'σ' } else { c }));
        }
    }
}

struct Reader<F> {
    take: F,
    position: usize,
}

impl<F: FnMut(Found<'_>, usize, Shape)> Reader<F> {
    fn piece(&mut self, piece: &[Folded]) {
        let Some(piece) = trimmed(piece) else { return };
        let first_position = self.position;
        let mut has_short_word = false;
        let mut longest = 0;
        let mut at = 0;
        while at < piece.len() {
            if !is_word(piece[at].c) {
                at += 1;
                continue;
            }
            let (word, next) = word_at(piece, at);
            has_short_word |= word.len() <= 2 && word.iter().all(|folded| folded.c.is_alphabetic());
            longest = longest.max(word.len());
            self.word(&word[..word.len().min(WORD_LIMIT)]);
            at = next;
        }
        let is_just_a_word = self.position == first_position + 1 && longest == piece.len();
        let has = |wanted: fn(char) -> bool| piece.iter().any(|folded| wanted(folded.c));
        let is_wanted = has_short_word
            || matches!(piece[0].c, '.' | '/')
            || has(|c| matches!(c, '+' | '#' | '_') || c.is_numeric());
        if self.position > first_position
            && !is_just_a_word
            && is_wanted
            && !has(|c| matches!(c, '\'' | '\u{2019}'))
            && piece.len() <= COMPOUND_LIMIT
        {
            let shape = Shape::Compound(self.position - first_position);
            (self.take)(Found::Folded(piece), first_position, shape);
        }
    }

    fn word(&mut self, word: &[Folded]) {
        for segment in word.chunk_by(|a, b| is_unspaced(a.c) == is_unspaced(b.c)) {
            if is_unspaced(segment[0].c) {
                for pair in segment.windows(2.min(segment.len())) {
                    (self.take)(Found::Folded(pair), self.position, Shape::Word);
                    self.position += 1;
                }
            } else {
                self.spaced_word(segment);
            }
        }
    }

    fn spaced_word(&mut self, word: &[Folded]) {
        let position = self.position;
        self.position += 1;
        (self.take)(Found::Folded(word), position, Shape::Word);
        for run in word.chunk_by(|a, b| a.c.is_numeric() == b.c.is_numeric()) {
            if run.len() < word.len() {
                (self.take)(Found::Folded(run), position, Shape::Part);
            }
            if run.iter().skip(1).all(|folded| !folded.c.is_uppercase()) {
                continue;
            }
            let parts = camel_parts(run);
            if parts.len() > 1 {
                for part in parts.into_iter().filter(|part| part.len() > 1) {
                    (self.take)(Found::Folded(part), position, Shape::Part);
                }
            }
        }
    }
}

fn trimmed(piece: &[Folded]) -> Option<&[Folded]> {
    let is_kept = |folded: &Folded| is_word(folded.c) || folded.c == '_';
    let mut start = piece.iter().position(is_kept)?;
    if start > 0 && matches!(piece[start - 1].c, '.' | '/') && is_word(piece[start].c) {
        start -= 1;
    }
    let is_end = |folded: &Folded| is_kept(folded) || matches!(folded.c, '+' | '#');
    let end = piece.iter().rposition(is_end)? + 1;
    Some(&piece[start..end])
}

/// The word that begins at `at`, without apostrophes, and where the search for the next one goes on.
fn word_at(piece: &[Folded], at: usize) -> (Cow<'_, [Folded]>, usize) {
    let length = piece[at..].iter().take_while(|folded| is_word(folded.c)).count();
    let mut next = at + length;
    if !piece.get(next).is_some_and(|folded| matches!(folded.c, '\'' | '\u{2019}')) {
        return (Cow::Borrowed(&piece[at..next]), next);
    }
    let letter = |index: usize| piece.get(index).is_some_and(|folded| folded.c.is_alphabetic());
    let mut word = piece[at..next].to_vec();
    while let Some(folded) = piece.get(next) {
        if is_word(folded.c) {
            word.push(*folded);
            next += 1;
        } else if matches!(folded.c, '\'' | '\u{2019}') && letter(next - 1) && letter(next + 1) {
            let is_genitive = matches!(piece[next + 1].c, 's' | 'S')
                && !piece.get(next + 2).is_some_and(|folded| is_word(folded.c));
            if is_genitive {
                return (Cow::Owned(word), next + 2);
            }
            next += 1;
        } else {
            break;
        }
    }
    (Cow::Owned(word), next)
}

fn camel_parts(run: &[Folded]) -> Vec<&[Folded]> {
    let upper = |index: usize| run.get(index).is_some_and(|folded| folded.c.is_uppercase());
    let lower = |index: usize| run.get(index).is_some_and(|folded| folded.c.is_lowercase());
    let mut parts = Vec::new();
    let mut start = 0;
    for index in 1..run.len() {
        let begins = upper(index)
            && (lower(index - 1) || (upper(index - 1) && lower(index + 1) && lower(index + 2)));
        if begins {
            parts.push(&run[start..index]);
            start = index;
        }
    }
    parts.push(&run[start..]);
    parts
}
