//! One page read for the index: its words by field, its acronyms, and what is shown of it.
//!
//! Takes a document's events, never HTML, and depends on nothing else; what a word is worth is
//! decided by `index`.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, Tag, TagEnd};

use super::analysis::{Analyzer, Shape, composed, is_stop_word};
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
pub(super) const FIELDS: usize = 7;
/// What is read of one page.
pub(super) struct Input<'a> {
    pub(super) document: &'a Document,
    pub(super) url: &'a UrlPath,
    pub(super) title: &'a str,
    pub(super) summary: &'a str,
    pub(super) asked_as: Vec<&'a str>,
    pub(super) topics: Vec<&'a str>,
}

/// One page, analysed: depends on nothing but its input.
pub(super) struct Page {
    /// What is shown of it.
    pub(super) shown: Vec<String>,
    /// How often each stem stands in each field.
    pub(super) terms: BTreeMap<String, [u32; FIELDS]>,
    /// Written forms of stems; stop words among them.
    pub(super) surfaces: BTreeMap<String, BTreeSet<String>>,
    pub(super) lengths: [u32; FIELDS],
    pub(super) title_words: usize,
    pub(super) acronyms: Vec<(String, Vec<String>)>,
}

/// Reads one page.
pub(super) fn read(analyzer: &Analyzer, input: &Input<'_>) -> Page {
    let mut page = Page {
        shown: Vec::new(),
        terms: BTreeMap::new(),
        surfaces: BTreeMap::new(),
        lengths: [0; FIELDS],
        title_words: 0,
        acronyms: Vec::new(),
    };
    let title = composed(&Title::new(input.title).text);
    let summary = composed(&Title::new(input.summary).text);
    page.add(analyzer, Field::Title, &title);
    page.title_words = analyzer
        .tokens(&title)
        .iter()
        .filter(|token| token.shape == Shape::Word && !is_stop_word(&token.surface))
        .count();
    page.add(analyzer, Field::Summary, &summary);
    for wording in &input.asked_as {
        page.add(analyzer, Field::AskedAs, &composed(&Title::new(wording).text));
    }
    for topic in &input.topics {
        page.add(analyzer, Field::Topic, &composed(topic));
    }
    page.shown.extend([input.url.as_str()[1..].to_owned(), one_line(&title), one_line(&summary)]);
    for block in blocks(input.document.body_text(), &input.document.body) {
        let text = composed(&block.text);
        match block.kind {
            Kind::Heading(anchor) => {
                page.add(analyzer, Field::Heading, &text);
                page.shown.push(format!("h{anchor}\t{}", one_line(&text)));
            }
            Kind::Text => {
                page.add(analyzer, Field::Body, &text);
                page.acronyms.extend(acronyms(analyzer, &text));
                page.shown.push(format!("p{}", one_line(&text)));
            }
            Kind::Code => page.add(analyzer, Field::Code, &text),
        }
    }
    page
}

impl Page {
    fn add(&mut self, analyzer: &Analyzer, field: Field, text: &str) {
        for token in analyzer.tokens(text) {
            // Long runs of figures are nothing that anybody types.
            if field == Field::Code && token.surface.len() > 32 {
                continue;
            }
            if token.shape == Shape::Word {
                self.lengths[field as usize] += 1;
            }
            self.terms.entry(token.stem.clone()).or_default()[field as usize] += 1;
            self.surfaces.entry(token.stem).or_default().insert(token.surface);
        }
    }
}

/// Line breaks end a block in a pack.
fn one_line(text: &str) -> String {
    text.split(char::is_whitespace).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
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

/// Acronyms that a text explains, "Name Of Thing (NOT)": the acronym and the stems of its name.
fn acronyms(analyzer: &Analyzer, text: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for (open, _) in text.match_indices('(') {
        let Some(length) = text[open + 1..].find(')') else { break };
        let short = text[open + 1..open + 1 + length].trim_end_matches('s');
        let is_acronym =
            (2..=6).contains(&short.len()) && short.bytes().all(|byte| byte.is_ascii_uppercase());
        if !is_acronym {
            continue;
        }
        let words: Vec<_> = analyzer
            .tokens(text[..open].rsplit(['.', ',', ':', '(']).next().unwrap_or_default())
            .into_iter()
            .filter(|token| token.shape == Shape::Word)
            .collect();
        let mut initials = short.bytes().rev().map(|byte| byte.to_ascii_lowercase()).peekable();
        let mut name = Vec::new();
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
        }
        if initials.peek().is_none() && !name.is_empty() {
            name.reverse();
            found.push((analyzer.stem(&short.to_lowercase()), name));
        }
    }
    found
}
