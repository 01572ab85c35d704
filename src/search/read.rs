//! One page read for the index: its words by field, its acronyms, and what is shown of it.
//!
//! Takes a document's events, never HTML, and depends on nothing else; what a word is worth is
//! decided by `index`.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use pulldown_cmark::{Event, Tag, TagEnd};

use super::analysis::{Analyzer, Shape, composed, each_surface};
use super::words::is_stop_word;
use crate::cache::Key;
use crate::document::{Body, Document, read_markdown};
use crate::markup::Title;
use crate::path::UrlPath;

/// Where a word stands in a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Title,
    AskedAs,
    Summary,
    Heading,
    Topic,
    Body,
    Code,
}

/// How many fields there are.
pub(super) const FIELD_COUNT: usize = 7;
/// What is read of one page.
pub(super) struct Input<'a> {
    pub(super) document: &'a Document,
    pub(super) url: &'a UrlPath,
    pub(super) title: &'a str,
    pub(super) summary: &'a str,
    pub(super) asked_as: Vec<&'a str>,
    pub(super) topics: Vec<&'a str>,
}

impl Input<'_> {
    /// The key of the page that [`read`] makes of this.
    pub(super) fn key(&self, language: &str, analyzer: &Analyzer) -> Key {
        let is_stemmed: &[u8] = if analyzer.has_stemmer() { b"stemmed" } else { b"" };
        let text = self.document.source.digest();
        let mut parts = vec![is_stemmed, language.as_bytes(), self.url.as_str().as_bytes()];
        parts.extend([self.title.as_bytes(), self.summary.as_bytes(), text]);
        parts.extend(self.topics.iter().map(|topic| topic.as_bytes()));
        Key::new("search page", &parts)
    }
}

/// One page, analysed: depends on nothing but its input.
pub(super) struct Page {
    /// Its distinct words, each with a line break behind it.
    words: String,
    /// How often each word stands in each field, by word and field.
    counts: Vec<Count>,
    /// Words in each field.
    pub(super) lengths: [u32; FIELD_COUNT],
    pub(super) title_words: usize,
    pub(super) acronyms: Vec<(String, Vec<String>)>,
}

/// How often a word stands in a field of a page.
#[derive(Clone, Copy)]
struct Count {
    /// The field, and [`NEXT_WORD`] if the word is another one than before.
    place: u8,
    times: u16,
}

const NEXT_WORD: u8 = 0x80;

impl Page {
    /// Its distinct words, in the order of their numbers.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.split_terminator('\n')
    }

    /// The number of a word, a field and how often it stands there, by word and field.
    pub(super) fn counts(&self) -> impl Iterator<Item = (usize, usize, u16)> {
        self.counts.iter().scan(0, |seen, Count { place, times }| {
            *seen += usize::from(place & NEXT_WORD > 0);
            Some((*seen - 1, usize::from(place & !NEXT_WORD), *times))
        })
    }
}

/// Reads one page: what the index has of it, and what is shown of it, as its file holds it.
pub(super) fn read(analyzer: &Analyzer, input: &Input<'_>) -> (Page, String) {
    let mut words = Words::default();
    let mut acronyms = Vec::new();
    let (title, summary) = (Title::new(input.title).text, Title::new(input.summary).text);
    let (title, summary) = (composed(&title), composed(&summary));
    words.add(Field::Title, &title);
    words.add(Field::Summary, &summary);
    for wording in &input.asked_as {
        words.add(Field::AskedAs, &composed(&Title::new(wording).text));
    }
    for topic in &input.topics {
        words.add(Field::Topic, &composed(topic));
    }
    let mut shown = input.url.as_str()[1..].to_owned();
    let mut show = |kind: &str, text: &str| {
        shown.push_str(kind);
        one_line(text, &mut shown);
    };
    show("\n", &title);
    show("\n", &summary);
    for block in blocks(input.document.body_text(), &input.document.body) {
        let text = composed(&block.text);
        match block.kind {
            Kind::Heading(anchor) => {
                words.add(Field::Heading, &text);
                show(&format!("\nh{anchor}\t"), &text);
            }
            Kind::Text => {
                words.add(Field::Body, &text);
                acronyms.extend(explained(analyzer, &text));
                show("\np", &text);
            }
            Kind::Code => words.add(Field::Code, &text),
        }
    }
    let mut title_words = 0;
    each_surface(&title, |surface, shape| {
        title_words += usize::from(shape == Shape::Word && !is_stop_word(surface));
    });
    (words.page(title_words, acronyms), shown)
}

/// Collects the words of a page.
#[derive(Default)]
struct Words {
    list: String,
    numbers: HashMap<Box<str>, usize, RandomState>,
    /// How often each word stands in each field.
    times: Vec<[u16; FIELD_COUNT]>,
    lengths: [u32; FIELD_COUNT],
}

impl Words {
    fn add(&mut self, field: Field, text: &str) {
        let Self { list, numbers, times, lengths } = self;
        each_surface(text, |surface, shape| {
            // Long runs of figures are nothing that anybody types.
            if field == Field::Code && surface.len() > 32 {
                return;
            }
            lengths[field as usize] += u32::from(shape == Shape::Word);
            let number = numbers.get(surface).copied().unwrap_or_else(|| {
                numbers.insert(surface.into(), times.len());
                list.push_str(surface);
                list.push('\n');
                times.push([0; FIELD_COUNT]);
                times.len() - 1
            });
            let own = &mut times[number][field as usize];
            *own = own.saturating_add(1);
        });
    }

    fn page(self, title_words: usize, acronyms: Vec<(String, Vec<String>)>) -> Page {
        let mut counts = Vec::new();
        for times in &self.times {
            let mut next_word = NEXT_WORD;
            for (field, times) in times.iter().enumerate().filter(|(_, times)| **times > 0) {
                counts.push(Count { place: field as u8 | next_word, times: *times });
                next_word = 0;
            }
        }
        Page { words: self.list, counts, lengths: self.lengths, title_words, acronyms }
    }
}

/// Line breaks end a block of a text.
fn one_line(text: &str, out: &mut String) {
    let mut words = text.split_whitespace();
    out.extend(words.next());
    words.for_each(|word| out.extend([" ", word]));
}

enum Kind {
    Heading(String),
    Text,
    Code,
}

struct Block {
    kind: Kind,
    text: String,
}

/// The text of a body, block by block.
fn blocks(markdown: &str, body: &Body) -> Vec<Block> {
    let (events, _) = read_markdown(markdown);
    let mut blocks = Vec::new();
    let mut text = String::new();
    let mut anchor: Option<&str> = None;
    let mut flush = |kind: Kind, text: &mut String| {
        if !text.trim().is_empty() {
            blocks.push(Block { kind, text: std::mem::take(text) });
        }
        text.clear();
    };
    for (index, (event, _)) in events.iter().enumerate() {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                flush(Kind::Text, &mut text);
                let found = body.headings.binary_search_by_key(&index, |heading| heading.event);
                anchor = found.ok().map(|at| body.headings[at].id.as_str());
            }
            Event::End(TagEnd::Heading(_)) => {
                flush(Kind::Heading(anchor.take().unwrap_or_default().to_owned()), &mut text);
            }
            Event::Start(Tag::CodeBlock(_)) => flush(Kind::Text, &mut text),
            Event::End(TagEnd::CodeBlock) => flush(Kind::Code, &mut text),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::TableRow
                | TagEnd::TableHead
                | TagEnd::DefinitionListTitle
                | TagEnd::DefinitionListDefinition
                | TagEnd::BlockQuote(_)
                | TagEnd::FootnoteDefinition,
            )
            | Event::Start(Tag::List(_)) => flush(Kind::Text, &mut text),
            Event::End(TagEnd::TableCell) => text.push_str(" · "),
            Event::Text(part) | Event::Code(part) => text.push_str(part),
            Event::InlineMath(part) | Event::DisplayMath(part) => text.push_str(part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::Start(_)
            | Event::End(_)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::Rule
            | Event::TaskListMarker(_) => {}
        }
    }
    flush(Kind::Text, &mut text);
    blocks
}

/// Acronyms that a text explains, as "Name Of Thing (NOT)" or "NOT (name of thing)": the acronym and
/// the stems of its name.
fn explained(analyzer: &Analyzer, text: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for (open, _) in text.match_indices('(') {
        let Some(length) = text[open + 1..].find(')') else { break };
        let (before, inside) = (&text[..open], &text[open + 1..open + 1 + length]);
        let pair = match acronym(inside) {
            Some(short) => {
                let clause = before.rsplit(['.', ',', ':', '(']).next().unwrap_or_default();
                name(analyzer, short, clause).map(|(name, _)| (short, name))
            }
            None => before.split_whitespace().next_back().and_then(acronym).and_then(|short| {
                let (name, is_all) = name(analyzer, short, inside)?;
                is_all.then_some((short, name))
            }),
        };
        found.extend(pair.map(|(short, name)| (analyzer.stem(&short.to_lowercase()), name)));
    }
    found
}

/// Two to six capitals; the `s` of a plural is left out.
fn acronym(word: &str) -> Option<&str> {
    let short = word.trim_end_matches('s');
    let is_acronym =
        (2..=6).contains(&short.len()) && short.bytes().all(|byte| byte.is_ascii_uppercase());
    is_acronym.then_some(short)
}

/// The stems of the last words of a text that begin with the letters of an acronym, and whether that
/// is the whole text. Stop words between them may be missing from the acronym.
fn name(analyzer: &Analyzer, short: &str, text: &str) -> Option<(Vec<String>, bool)> {
    let tokens = analyzer.tokens(text);
    let words: Vec<_> = tokens.iter().filter(|token| token.shape == Shape::Word).collect();
    let mut initials = short.bytes().rev().map(|byte| byte.to_ascii_lowercase()).peekable();
    let mut name = Vec::new();
    let mut read = 0;
    for word in words.iter().rev() {
        match initials.peek() {
            Some(initial) if word.surface.as_bytes().first() == Some(initial) => {
                initials.next();
                // A query's stop words are left out before synonyms are looked for.
                if !is_stop_word(&word.surface) {
                    name.push(word.stem.clone());
                }
            }
            Some(_) if is_stop_word(&word.surface) && !name.is_empty() => {}
            Some(_) | None => break,
        }
        read += 1;
    }
    let is_found = initials.peek().is_none() && !name.is_empty();
    name.reverse();
    is_found.then_some((name, read == words.len()))
}

/// A page that has a title and other wordings of it, and nothing else.
#[cfg(test)]
pub(super) fn page_of(title: &str, wordings: &[&str]) -> Page {
    let mut words = Words::default();
    words.add(Field::Title, title);
    wordings.iter().for_each(|wording| words.add(Field::AskedAs, wording));
    words.page(0, Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acronyms_are_learned_from_both_ways_of_explaining_them() {
        let analyzer = Analyzer::new("en", true);
        let learned = |text| {
            let pairs = explained(&analyzer, text).into_iter();
            pairs.map(|(short, name)| format!("{short}: {}", name.join(" "))).collect::<Vec<_>>()
        };
        assert_eq!(learned("Use a write-ahead log (WAL) here."), ["wal: write ahead log"]);
        assert_eq!(
            learned("Readers need MVCC (multi-version concurrency control)."),
            ["mvcc: multi version concurr control"]
        );
        assert_eq!(learned("Points of presence (POPs) are near."), ["pop: point presenc"]);
        assert_eq!(learned("See ISDN (generic cell rate algorithm) and HTTP (a draft)."), [""; 0]);
        assert_eq!(learned("An open bracket (WAL"), [""; 0]);
    }
}
