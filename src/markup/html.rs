//! The HTML writer: CommonMark's own output where the specification prescribes it, dressed by a
//! [`Dress`] where a page needs more.
//!
//! Takes safe events, gives HTML whose every element is closed. It is tested against all examples of
//! the CommonMark specification in `tests/suite/commonmark.rs`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, Tag, TagEnd};

use super::{escaped, escaped_href};
use crate::document::plain_text;

/// What differs between HTML for a page and HTML for a feed reader.
pub trait Dress {
    /// Writes text; `event` is its index.
    fn text(&self, text: &str, _event: usize, out: &mut String) {
        out.push_str(&body_escaped(text));
    }
    /// Begins a heading; `event` is the index of its start.
    fn open_heading(&self, level: u8, event: usize, out: &mut String);
    /// Ends a heading.
    fn close_heading(&self, level: u8, event: usize, out: &mut String);
    /// Writes a whole code block; `info` is what stands behind the fence.
    fn code_block(&self, info: &str, code: &str, out: &mut String);
    /// Whether a code block stands in a tab, beside those next to it.
    fn is_tab(&self, _info: &str) -> bool {
        false
    }
    /// Begins the code blocks that stand in tabs beside each other.
    fn open_tabs(&self, _out: &mut String) {}
    /// Ends them.
    fn close_tabs(&self, _out: &mut String) {}
    /// Begins a link.
    fn open_link(&self, destination: &str, title: &str, event: usize, out: &mut String);
    /// Ends a link.
    fn close_link(&self, event: usize, out: &mut String);
    /// Writes a whole picture.
    fn picture(
        &self,
        destination: &str,
        alternative: &str,
        title: &str,
        event: usize,
        out: &mut String,
    );
    /// Begins a table, its element too; `event` is the index of its start.
    fn open_table(&self, event: usize, out: &mut String);
    /// Ends a table.
    fn close_table(&self, out: &mut String);
    /// Begins an alert block.
    fn open_alert(&self, kind: BlockQuoteKind, out: &mut String);
    /// Writes the box of a task.
    fn task(&self, is_done: bool, out: &mut String);
    /// Writes a reference to a footnote by its number on the page; `occurrence` counts from 1.
    fn footnote_reference(&self, number: usize, occurrence: usize, out: &mut String);
    /// Begins the list of footnotes.
    fn open_footnotes(&self, out: &mut String);
    /// Ends one footnote: the way back to the text.
    fn footnote_back(&self, number: usize, out: &mut String);
}

/// Numbers of footnotes by label, in the order of their first reference on the page.
pub(super) type FootnoteNumbers = BTreeMap<String, usize>;

/// Numbers the footnotes of a page.
pub(super) fn footnote_numbers(events: &[(Event<'_>, Range<usize>)]) -> FootnoteNumbers {
    let mut numbers = FootnoteNumbers::new();
    for (event, _) in events {
        if let Event::FootnoteReference(label) = event {
            let next = numbers.len() + 1;
            numbers.entry(label.to_string()).or_insert(next);
        }
    }
    numbers
}

/// Writes the whole of a page's events.
pub fn write_whole(events: &[(Event<'_>, Range<usize>)], dress: &impl Dress) -> String {
    let mut out = String::new();
    write(events, 0, dress, &footnote_numbers(events), &mut out);
    out
}

/// Writes a slice of a page's events, the first of which has the index `first`.
pub(super) fn write(
    events: &[(Event<'_>, Range<usize>)],
    first: usize,
    dress: &impl Dress,
    numbers: &FootnoteNumbers,
    out: &mut String,
) {
    let mut writer = Writer {
        dress,
        numbers,
        alignments: Vec::new(),
        column: 0,
        is_head: false,
        footnotes: BTreeMap::new(),
        occurrences: BTreeMap::new(),
        in_tabs: false,
        open: Vec::new(),
    };
    let mut at = 0;
    while at < events.len() {
        at = writer.event(events, at, first, out);
    }
    writer.footnotes(out);
}

struct Writer<'a, D> {
    dress: &'a D,
    numbers: &'a FootnoteNumbers,
    alignments: Vec<Alignment>,
    column: usize,
    is_head: bool,
    footnotes: BTreeMap<usize, String>,
    /// Whether the next code block goes on with the tabs of the one before it.
    in_tabs: bool,
    /// How often each footnote has been referred to.
    occurrences: BTreeMap<usize, usize>,
    /// What the open headings, links and quotations need to know at their end.
    open: Vec<Open>,
}

enum Open {
    Event(usize),
    Quote,
    Alert,
}

impl<D: Dress> Writer<'_, D> {
    /// Writes the event at `at` and gives the index of the next one to write.
    fn event(
        &mut self,
        events: &[(Event<'_>, Range<usize>)],
        at: usize,
        first: usize,
        out: &mut String,
    ) -> usize {
        match &events[at].0 {
            Event::Start(Tag::CodeBlock(kind)) => return self.code_block(events, at, kind, out),
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                let end = end_of(events, at);
                let alternative = plain_text(&events[at + 1..end]);
                self.dress.picture(dest_url, &alternative, title, first + at, out);
                return end + 1;
            }
            Event::Start(Tag::FootnoteDefinition(label)) => {
                let end = end_of(events, at);
                // A footnote that nothing refers to has no number, and nobody could reach it.
                if let Some(number) = self.numbers.get(label.as_ref()).copied() {
                    let mut text = String::new();
                    let mut inner = at + 1;
                    while inner < end {
                        inner = self.event(events, inner, first, &mut text);
                    }
                    self.footnotes.insert(number, text);
                }
                return end + 1;
            }
            // A header cell without text names nothing, so it is no header.
            Event::Start(Tag::TableCell)
                if self.is_head && matches!(events.get(at + 1), Some((Event::End(_), _))) =>
            {
                self.column += 1;
                out.push_str("<td></td>");
                return at + 2;
            }
            Event::Start(tag) => self.start(tag, first + at, out),
            Event::End(end) => self.end(end, out),
            Event::Text(text) => self.dress.text(text, first + at, out),
            Event::Code(code) => {
                out.push_str("<code>");
                out.push_str(&body_escaped(code));
                out.push_str("</code>");
            }
            // The boundary has rewritten it from the allow-list.
            Event::InlineHtml(html) | Event::Html(html) => out.push_str(html),
            Event::FootnoteReference(label) => {
                let number = self.numbers.get(label.as_ref()).copied().unwrap_or_default();
                let occurrence = self.occurrences.entry(number).or_default();
                *occurrence += 1;
                self.dress.footnote_reference(number, *occurrence, out);
            }
            Event::SoftBreak => out.push('\n'),
            Event::HardBreak => out.push_str("<br>\n"),
            Event::Rule => out.push_str("<hr>\n"),
            Event::TaskListMarker(is_done) => self.dress.task(*is_done, out),
            // The boundary turns mathematics into text.
            Event::InlineMath(text) | Event::DisplayMath(text) => out.push_str(&body_escaped(text)),
        }
        at + 1
    }

    fn code_block(
        &mut self,
        events: &[(Event<'_>, Range<usize>)],
        at: usize,
        kind: &CodeBlockKind<'_>,
        out: &mut String,
    ) -> usize {
        let end = end_of(events, at);
        let mut code = String::new();
        for (event, _) in &events[at + 1..end] {
            if let Event::Text(text) = event {
                code.push_str(text);
            }
        }
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.as_ref(),
            CodeBlockKind::Indented => "",
        };
        let is_tab = |at: usize| match events.get(at) {
            Some((Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))), _)) => {
                self.dress.is_tab(info)
            }
            Some(_) | None => false,
        };
        let (here, goes_on) = (is_tab(at), is_tab(end + 1));
        if here && !self.in_tabs {
            self.dress.open_tabs(out);
        }
        self.dress.code_block(info, &code, out);
        if here && !goes_on {
            self.dress.close_tabs(out);
        }
        self.in_tabs = here && goes_on;
        end + 1
    }

    fn start(&mut self, tag: &Tag<'_>, event: usize, out: &mut String) {
        match tag {
            Tag::Paragraph => out.push_str("<p>"),
            Tag::Heading { level, .. } => {
                self.open.push(Open::Event(event));
                self.dress.open_heading(*level as u8, event, out);
            }
            Tag::BlockQuote(None) => {
                self.open.push(Open::Quote);
                out.push_str("<blockquote>\n");
            }
            Tag::BlockQuote(Some(kind)) => {
                self.open.push(Open::Alert);
                self.dress.open_alert(*kind, out);
            }
            Tag::List(None) => out.push_str("<ul>\n"),
            Tag::List(Some(1)) => out.push_str("<ol>\n"),
            Tag::List(Some(start)) => writeln!(out, "<ol start=\"{start}\">").expect(INFALLIBLE),
            Tag::Item => out.push_str("<li>"),
            Tag::DefinitionList => out.push_str("<dl>\n"),
            Tag::DefinitionListTitle => out.push_str("<dt>"),
            Tag::DefinitionListDefinition => out.push_str("<dd>"),
            Tag::Table(alignments) => {
                self.alignments.clone_from(alignments);
                self.open.push(Open::Event(event));
                self.dress.open_table(event, out);
            }
            Tag::TableHead => {
                self.is_head = true;
                self.column = 0;
                out.push_str("<thead>\n<tr>");
            }
            Tag::TableRow => {
                self.column = 0;
                out.push_str("<tr>");
            }
            Tag::TableCell => self.cell(out),
            Tag::Emphasis => out.push_str("<em>"),
            Tag::Strong => out.push_str("<strong>"),
            Tag::Strikethrough => out.push_str("<del>"),
            Tag::Link { dest_url, title, .. } => {
                self.open.push(Open::Event(event));
                self.dress.open_link(dest_url, title, event, out);
            }
            Tag::HtmlBlock => {}
            // Options that would make these are off, and code, pictures and footnotes are handled
            // before they get here.
            Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_)
            | Tag::CodeBlock(_)
            | Tag::Image { .. }
            | Tag::FootnoteDefinition(_) => {}
        }
    }

    fn cell(&mut self, out: &mut String) {
        out.push_str(if self.is_head { "<th scope=\"col\"" } else { "<td" });
        match self.alignments.get(self.column) {
            Some(Alignment::Center) => out.push_str(" class=\"center\">"),
            Some(Alignment::Right) => out.push_str(" class=\"end\">"),
            Some(Alignment::Left | Alignment::None) | None => out.push('>'),
        }
        self.column += 1;
    }

    fn end(&mut self, end: &TagEnd, out: &mut String) {
        match end {
            TagEnd::Paragraph => out.push_str("</p>\n"),
            TagEnd::Heading(level) => {
                let event = self.close_event();
                self.dress.close_heading(*level as u8, event, out);
            }
            TagEnd::BlockQuote(_) => match self.open.pop() {
                Some(Open::Alert) => out.push_str("</div>\n"),
                Some(Open::Quote | Open::Event(_)) | None => out.push_str("</blockquote>\n"),
            },
            TagEnd::List(false) => out.push_str("</ul>\n"),
            TagEnd::List(true) => out.push_str("</ol>\n"),
            TagEnd::Item => out.push_str("</li>\n"),
            TagEnd::DefinitionList => out.push_str("</dl>\n"),
            TagEnd::DefinitionListTitle => out.push_str("</dt>\n"),
            TagEnd::DefinitionListDefinition => out.push_str("</dd>\n"),
            TagEnd::Table => {
                self.close_event();
                out.push_str("</tbody>\n</table>\n");
                self.dress.close_table(out);
            }
            TagEnd::TableHead => {
                self.is_head = false;
                out.push_str("</tr>\n</thead>\n<tbody>\n");
            }
            TagEnd::TableRow => out.push_str("</tr>\n"),
            TagEnd::TableCell => out.push_str(if self.is_head { "</th>" } else { "</td>" }),
            TagEnd::Emphasis => out.push_str("</em>"),
            TagEnd::Strong => out.push_str("</strong>"),
            TagEnd::Strikethrough => out.push_str("</del>"),
            TagEnd::Link => {
                let event = self.close_event();
                self.dress.close_link(event, out);
            }
            TagEnd::HtmlBlock
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_)
            | TagEnd::CodeBlock
            | TagEnd::Image
            | TagEnd::FootnoteDefinition => {}
        }
    }

    fn close_event(&mut self) -> usize {
        match self.open.pop() {
            Some(Open::Event(event)) => event,
            Some(Open::Quote | Open::Alert) | None => 0,
        }
    }

    fn footnotes(&mut self, out: &mut String) {
        if self.footnotes.is_empty() {
            return;
        }
        self.dress.open_footnotes(out);
        out.push_str("<ol>\n");
        for (number, text) in std::mem::take(&mut self.footnotes) {
            write!(out, "<li id=\"fn-{number}\" value=\"{number}\">").expect(INFALLIBLE);
            out.push_str(text.trim_end());
            self.dress.footnote_back(number, out);
            out.push_str("</li>\n");
        }
        out.push_str("</ol>\n</div>\n");
    }
}

const INFALLIBLE: &str = "writing to a string cannot fail";

pub(super) fn body_escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    pulldown_cmark_escape::escape_html_body_text(&mut out, text).expect(INFALLIBLE);
    out
}

/// The index of the end of the container that starts at `at`.
fn end_of(events: &[(Event<'_>, Range<usize>)], at: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, (event, _)) in events[at..].iter().enumerate() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + offset;
        }
    }
    events.len()
}

/// HTML as the CommonMark specification writes it, with addresses as they stand: for readers that
/// know nothing of the site.
#[derive(Clone, Copy, Debug)]
pub struct Plain;

impl Dress for Plain {
    fn open_heading(&self, level: u8, _event: usize, out: &mut String) {
        write!(out, "<h{level}>").expect(INFALLIBLE);
    }

    fn close_heading(&self, level: u8, _event: usize, out: &mut String) {
        writeln!(out, "</h{level}>").expect(INFALLIBLE);
    }

    fn code_block(&self, info: &str, code: &str, out: &mut String) {
        match info.split_whitespace().next() {
            Some(language) => {
                write!(out, "<pre><code class=\"language-{}\">", escaped(language))
                    .expect(INFALLIBLE);
            }
            None => out.push_str("<pre><code>"),
        }
        out.push_str(&body_escaped(code));
        out.push_str("</code></pre>\n");
    }

    fn open_link(&self, destination: &str, title: &str, _event: usize, out: &mut String) {
        write!(out, "<a href=\"{}\"", escaped_href(destination)).expect(INFALLIBLE);
        if !title.is_empty() {
            write!(out, " title=\"{}\"", escaped(title)).expect(INFALLIBLE);
        }
        out.push('>');
    }

    fn close_link(&self, _event: usize, out: &mut String) {
        out.push_str("</a>");
    }

    fn picture(
        &self,
        destination: &str,
        alternative: &str,
        title: &str,
        _event: usize,
        out: &mut String,
    ) {
        let (source, alternative) = (escaped_href(destination), escaped(alternative));
        write!(out, "<img src=\"{source}\" alt=\"{alternative}\"").expect(INFALLIBLE);
        if !title.is_empty() {
            write!(out, " title=\"{}\"", escaped(title)).expect(INFALLIBLE);
        }
        out.push('>');
    }

    fn open_table(&self, _event: usize, out: &mut String) {
        out.push_str("<table>\n");
    }

    fn close_table(&self, _out: &mut String) {}

    fn open_alert(&self, _kind: BlockQuoteKind, out: &mut String) {
        out.push_str("<div>\n");
    }

    fn task(&self, is_done: bool, out: &mut String) {
        out.push_str(if is_done { "☑ " } else { "☐ " });
    }

    fn footnote_reference(&self, number: usize, _occurrence: usize, out: &mut String) {
        write!(out, "<sup>{number}</sup>").expect(INFALLIBLE);
    }

    fn open_footnotes(&self, out: &mut String) {
        out.push_str("<div>\n");
    }

    fn footnote_back(&self, _number: usize, _out: &mut String) {}
}
