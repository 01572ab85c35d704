//! The outline of a page's body: sections, headings, links, code blocks, words.
//!
//! Takes the text behind the front matter, gives values that point into its events by index. The
//! events themselves are not kept: [`read_markdown`](super::read_markdown) gives the same ones again.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Tag, TagEnd};
use serde::{Deserialize, Serialize};

use super::Limits;
use super::fence::{self, Fence};
use super::markdown::{self, Events, Scheme, scheme};
use super::section::{self, Form, Role};
use crate::diagnostic::{Code, Diagnostic, Fix, Place};
use crate::slug::{Anchors, slugify};
use crate::text::{SourceText, Span, word_count};

/// What a page's Markdown holds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Body {
    /// Where the body begins in the file.
    pub offset: usize,
    /// Events before the first section.
    pub lead: Range<usize>,
    /// The second-level sections, in the order of the page.
    pub sections: Vec<Section>,
    /// Every heading, in the order of the page.
    pub headings: Vec<Heading>,
    /// Every link and picture.
    pub links: Vec<Link>,
    /// Every fenced code block.
    pub code: Vec<CodeBlock>,
    /// Words of its Markdown outside code blocks.
    pub words: usize,
}

/// What stands below one second-level heading.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Section {
    /// What it is for.
    pub role: Role,
    /// Index of its heading in [`Body::headings`].
    pub heading: usize,
    /// The events below the heading.
    pub body: Range<usize>,
    /// What could be read of its form.
    pub form: Form,
    /// Words of its Markdown outside code blocks, without the heading.
    pub words: usize,
}

/// A heading.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Heading {
    /// Index of its start event.
    pub event: usize,
    /// The events of its text.
    pub title: Range<usize>,
    /// 1 to 6.
    pub level: u8,
    /// Its text without markup.
    pub text: String,
    /// Its anchor, unique on the page.
    pub id: String,
    /// The id as the author wrote it, for links that use that.
    pub written_id: Option<String>,
    /// Where it stands in the file.
    pub span: Span,
}

/// A link or picture, as written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Link {
    /// Index of its start event.
    pub event: usize,
    /// Link or picture.
    pub kind: LinkKind,
    /// Where it leads.
    pub written: Written,
    /// Where it stands in the file.
    pub span: Span,
}

/// Whether something is followed or shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkKind {
    /// `[text](…)`
    Link,
    /// `![alternative](…)`
    Picture,
}

/// A destination as an author writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Written {
    /// Another site, or mail.
    External(String),
    /// A file beside or around this one; the path is empty for a heading of the same page.
    Relative {
        /// The path up to `#`.
        path: String,
        /// What stands behind `#`.
        fragment: Option<String>,
    },
}

/// A fenced code block.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CodeBlock {
    /// Index of its start event.
    pub event: usize,
    /// What its fence says.
    pub fence: Fence,
    /// Its code.
    pub text: String,
    /// Where it stands in the file.
    pub span: Span,
}

/// Reads the body; `None` if it breaks a limit, so that nothing later has to bear it.
pub(super) fn read(
    source: &Arc<SourceText>,
    offset: usize,
    limits: &Limits,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Body> {
    let (events, findings) = markdown::read_up_to(&source.text()[offset..], limits.events);
    let place = |range: &Range<usize>| Place::new(source, Span::shifted(range, offset));
    // A page beyond the limits is told that and nothing else: it could have a finding every three bytes.
    if let Some(diagnostic) = beyond_limits(&events, limits, &place) {
        diagnostics.push(diagnostic);
        return None;
    }
    for finding in findings {
        diagnostics.push(
            Diagnostic::at(finding.code, place(&finding.range), finding.message).help(finding.help),
        );
    }
    let mut reader = Reader {
        text: &source.text()[offset..],
        events: &events,
        uncounted: Vec::new(),
        code_bytes: 0,
        place: &place,
        offset,
        limits,
        diagnostics,
        anchors: Anchors::default(),
    };
    let mut body = Body { offset, ..Body::default() };
    reader.inventory(&mut body);
    reader.sections(&mut body);
    Some(body)
}

fn beyond_limits(
    events: &Events<'_>,
    limits: &Limits,
    place: &impl Fn(&Range<usize>) -> Place,
) -> Option<Diagnostic> {
    if let Some((_, range)) = events.get(limits.events) {
        let message = format!("the page has more than {} parts", limits.events);
        return Some(
            Diagnostic::at(Code::MarkdownEvents, place(range), message).help("split the page"),
        );
    }
    let mut depth = 0_usize;
    for (event, range) in events {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        if depth > limits.nesting {
            let message = format!("the text is nested more than {} deep", limits.nesting);
            return Some(
                Diagnostic::at(Code::MarkdownNesting, place(range), message)
                    .help("take some levels of list or quotation out"),
            );
        }
    }
    None
}

struct Reader<'a, P> {
    text: &'a str,
    events: &'a Events<'a>,
    /// Bytes of the code blocks read so far.
    /// Code blocks and comments, in the order of the text: what is no prose.
    uncounted: Vec<Range<usize>>,
    /// Bytes of the code blocks so far.
    code_bytes: usize,
    place: &'a P,
    offset: usize,
    limits: &'a Limits,
    diagnostics: &'a mut Vec<Diagnostic>,
    anchors: Anchors,
}

/// How many of the largest code blocks a page may hold: colouring costs far more than all else.
const PAGE_BLOCKS: usize = 4;

impl<P: Fn(&Range<usize>) -> Place> Reader<'_, P> {
    fn report(&mut self, code: Code, range: &Range<usize>, message: impl Into<String>, help: &str) {
        self.diagnostics.push(Diagnostic::at(code, (self.place)(range), message).help(help));
    }

    /// Walks the events once and notes headings, links, code blocks and words.
    fn inventory(&mut self, body: &mut Body) {
        let events = self.events;
        for (index, (event, range)) in events.iter().enumerate() {
            match event {
                Event::Start(Tag::Heading { level, id, .. }) => {
                    let heading = self.heading(index, *level, id.as_deref(), range);
                    self.check_level(&heading, body.headings.last(), range);
                    body.headings.push(heading);
                }
                Event::Start(Tag::Link { dest_url, .. }) => {
                    let link = self.link(index, LinkKind::Link, dest_url, range);
                    body.links.push(link);
                }
                Event::Start(Tag::Image { dest_url, .. }) => {
                    let link = self.link(index, LinkKind::Picture, dest_url, range);
                    self.check_alternative(index, range);
                    body.links.push(link);
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    self.uncounted.push(range.clone());
                    body.code.extend(self.code_block(index, kind, range));
                }
                _ => {}
            }
        }
        self.uncounted.extend(comments(self.text, &self.uncounted));
        self.uncounted.sort_by_key(|range| range.start);
        body.words = words(self.text, 0..self.text.len(), &self.uncounted);
    }

    fn heading(
        &mut self,
        event: usize,
        level: HeadingLevel,
        id: Option<&str>,
        range: &Range<usize>,
    ) -> Heading {
        let length = self.events[event..]
            .iter()
            .position(|(event, _)| matches!(event, Event::End(TagEnd::Heading(_))))
            .expect("pulldown-cmark closes every heading");
        let title = event + 1..event + length;
        let text = plain_text(&self.events[title.clone()]);
        let role = Role::of_heading(&text);
        // Names that come from the text carry a prefix, so that no heading can take a name that a
        // script or the page itself uses.
        let wanted = match (role, id) {
            (_, Some(id)) => format!("h-{}", slugify(id)),
            (Role::Other, None) => format!("h-{}", slugify(&text)),
            (_, None) => role.as_str().to_owned(),
        };
        if text.trim().is_empty() {
            let help = "give the heading a text, or take it out";
            self.report(Code::SectionEmpty, range, "a heading has no text", help);
        }
        Heading {
            event,
            title,
            level: level as u8,
            text,
            id: self.anchors.claim(&wanted),
            written_id: id.map(str::to_owned),
            span: Span::shifted(range, self.offset),
        }
    }

    fn check_level(&mut self, heading: &Heading, last: Option<&Heading>, range: &Range<usize>) {
        let previous = last.map_or(1, |last| last.level);
        if heading.level == 1 {
            let help = "the page's own title is the first level: begin sections with `##`";
            self.report(Code::MarkdownHeading, range, "a first-level heading in the body", help);
        } else if heading.level > previous + 1 {
            let message = format!("a heading jumps from level {previous} to {}", heading.level);
            let help = format!("use {} `#`", previous + 1);
            self.report(Code::MarkdownHeading, range, message, &help);
        }
    }

    fn link(
        &mut self,
        event: usize,
        kind: LinkKind,
        destination: &str,
        range: &Range<usize>,
    ) -> Link {
        let written = match scheme(destination) {
            Scheme::Allowed => Written::External(destination.to_owned()),
            Scheme::None | Scheme::NoneButHost | Scheme::Hostless(_) | Scheme::Other(_) => {
                let (path, fragment) = match destination.split_once('#') {
                    Some((path, fragment)) => (path, Some(fragment.to_owned())),
                    None => (destination, None),
                };
                if path.starts_with('/') {
                    let help = "link to the `.md` file with a relative path";
                    self.report(
                        Code::LinkAddress,
                        range,
                        "a link is written as an address of the site",
                        help,
                    );
                }
                Written::Relative { path: path.to_owned(), fragment }
            }
        };
        Link { event, kind, written, span: Span::shifted(range, self.offset) }
    }

    fn check_alternative(&mut self, event: usize, range: &Range<usize>) {
        let is_end = |event: &Event<'_>| matches!(event, Event::End(TagEnd::Image));
        let length = self.events[event..].iter().position(|(event, _)| is_end(event)).unwrap_or(0);
        if plain_text(&self.events[event..event + length]).trim().is_empty() {
            let help = "say between the brackets what the picture shows";
            self.report(Code::PictureAlt, range, "the picture has no text alternative", help);
        }
    }

    fn code_block(
        &mut self,
        event: usize,
        kind: &CodeBlockKind<'_>,
        range: &Range<usize>,
    ) -> Option<CodeBlock> {
        let text: String = self.events[event + 1..]
            .iter()
            .map_while(|(event, _)| match event {
                Event::Text(text) => Some(text.as_ref()),
                _ => None,
            })
            .collect();
        let page_limit = PAGE_BLOCKS * self.limits.code_bytes;
        let had_room = self.code_bytes <= page_limit;
        self.code_bytes += text.len();
        if had_room && self.code_bytes > page_limit {
            let message = format!("the code of the page comes to more than {page_limit} bytes");
            self.report(Code::CodeTooLarge, range, message, "show the parts that matter");
        }
        let longest = text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        if text.len() > self.limits.code_bytes || longest > self.limits.line_characters {
            let message =
                format!("a code block of {} bytes, its longest line {longest}", text.len());
            self.report(Code::CodeTooLarge, range, message, "show the part that matters");
        }
        let info = match kind {
            CodeBlockKind::Fenced(info) if !info.trim().is_empty() => info,
            CodeBlockKind::Fenced(_) => {
                let help = "write the language behind the fence; `text` is one";
                self.report(Code::CodeUnlabelled, range, "a code block without a language", help);
                return None;
            }
            CodeBlockKind::Indented => {
                let help = "fence it with ``` and a language, or indent the text less";
                self.report(Code::CodeUnlabelled, range, "a code block by indentation", help);
                return None;
            }
        };
        let (fence, problems) = fence::parse(info);
        // The info string stands on the block's first line, behind the fence.
        let first_line = self.text[range.clone()].lines().next().unwrap_or_default();
        let found = first_line.find(info.as_ref());
        let line = range.start + found.unwrap_or(0);
        for problem in problems {
            let at = line + problem.at;
            let place = (self.place)(&(at..at + 1));
            let diagnostic = Diagnostic::at(problem.code, place, problem.message);
            let diagnostic = diagnostic.help(problem.help);
            // With an entity in it, the string is not what is written.
            self.diagnostics.push(match problem.respelled.filter(|_| found.is_some()) {
                Some((word, near)) => {
                    let span = Span::shifted(&(at..at + word.len()), self.offset);
                    diagnostic.fix(Fix::replace(format!("write `{near}`"), span, near))
                }
                None => diagnostic,
            });
        }
        Some(CodeBlock { event, fence, text, span: Span::shifted(range, self.offset) })
    }

    /// Cuts the page at its top-level second-level headings.
    fn sections(&mut self, body: &mut Body) {
        let events = self.events;
        let starts = top_level_sections(events, &body.headings);
        body.lead = 0..starts.first().map_or(events.len(), |first| body.headings[*first].event);
        for (position, heading) in starts.iter().enumerate() {
            let title = &body.headings[*heading];
            let next =
                starts.get(position + 1).map_or(events.len(), |next| body.headings[*next].event);
            let range = title.title.end + 1..next;
            let role = Role::of_heading(&title.text);
            // The range of a heading ends behind its line, that of the page's last event with the text.
            let start = events[title.event].1.end;
            let end = events.get(next).map_or(self.text.len(), |(_, range)| range.start);
            let words = words(self.text, start..end, &self.uncounted);
            if range.is_empty() {
                let heading_range = events[title.event].1.clone();
                let message = format!("nothing stands below `{}`", title.text);
                self.report(
                    Code::SectionEmpty,
                    &heading_range,
                    message,
                    "write it, or take it out",
                );
            }
            let form = section::form(role, events, range.clone(), self.offset);
            body.sections.push(Section { role, heading: *heading, body: range, form, words });
        }
    }
}

/// Indices of the second-level headings that stand in no list or quotation.
fn top_level_sections(events: &Events<'_>, headings: &[Heading]) -> Vec<usize> {
    let by_event: BTreeMap<usize, usize> = headings
        .iter()
        .enumerate()
        .filter(|(_, heading)| heading.level == 2)
        .map(|(index, heading)| (heading.event, index))
        .collect();
    let mut depth = 0_usize;
    let mut sections = Vec::new();
    for (at, (event, _)) in events.iter().enumerate() {
        match event {
            Event::Start(_) => {
                if depth == 0 {
                    sections.extend(by_event.get(&at));
                }
                depth += 1;
            }
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    sections
}

/// The text of events without markup; a line break is a space.
pub fn plain_text(events: &[(Event<'_>, Range<usize>)]) -> String {
    let mut text = String::new();
    for (event, _) in events {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

/// Comments outside code blocks: nobody reads them on the page.
fn comments(text: &str, code: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut comments = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find("<!--").map(|at| from + at) {
        let before = code.partition_point(|block| block.start <= start);
        match before.checked_sub(1).map(|block| code[block].end).filter(|end| *end > start) {
            Some(end) => from = end,
            None => {
                let Some(length) = text[start..].find("-->") else { break };
                from = start + length + "-->".len();
                comments.push(start..from);
            }
        }
    }
    comments
}

/// Words of Markdown outside code blocks and comments, as `wc -w` counts them, so that authors can
/// count too.
fn words(text: &str, range: Range<usize>, uncounted: &[Range<usize>]) -> usize {
    // Blocks stand in the order of the text, so that all sections together look at each once.
    let first = uncounted.partition_point(|block| block.start < range.start);
    let outside: usize = uncounted[first..]
        .iter()
        .take_while(|block| block.start < range.end)
        .filter(|block| block.end <= range.end)
        .map(|block| word_count(&text[block.clone()]))
        .sum();
    word_count(&text[range]).saturating_sub(outside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::ContentPath;

    fn read_text(text: &str) -> (Body, Vec<&'static str>) {
        let source = SourceText::new(ContentPath::new("content/questions/a/b.md"), text);
        let mut diagnostics = Vec::new();
        let body = read(&source, 0, &Limits::default(), &mut diagnostics).unwrap_or_default();
        (body, diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect())
    }

    #[test]
    fn sections_are_cut_at_second_level_headings_of_the_page_itself() {
        let (body, codes) = read_text(
            "lead\n\n## Short answer\n\nyes\n\n> ## not this\n\n## Extra\n\n### c\n\nd e\n",
        );
        let cut: Vec<_> = body.sections.iter().map(|s| (s.role, s.words)).collect();
        assert_eq!(cut, [(Role::ShortAnswer, 5), (Role::Other, 4)]);
        assert_eq!(codes, Vec::<&str>::new());
    }

    #[test]
    fn ids_are_stable_and_cannot_clobber() {
        let (body, _) = read_text(
            "## Short answer\n\na\n\n## constructor\n\nb\n\n### __proto__ {#mine}\n\nc\n",
        );
        let ids: Vec<_> = body.headings.iter().map(|heading| heading.id.as_str()).collect();
        assert_eq!(ids, ["short-answer", "h-constructor", "h-mine"]);
    }

    #[test]
    fn words_are_counted_without_code() {
        let (body, _) = read_text("one **t**wo `three`\nfour\n\n```text\nfive\n```\n\n- six\n");
        assert_eq!(body.words, 6);
    }

    #[test]
    fn words_of_comments_are_not_counted() {
        let (body, _) = read_text(
            "## Short answer\n\n<!-- guidance: two\nlines -->\n\none **two.** <!-- not this -->\n\n\
             ```html\n<!-- code -->\n```\n\nthree `<!--`\n",
        );
        assert_eq!(body.sections[0].words, 4);
    }

    #[test]
    fn deep_nesting_is_refused_before_anything_recurses() {
        let (_, codes) = read_text(&">".repeat(5_000));
        assert_eq!(codes, ["markdown/nesting"]);
    }

    #[test]
    fn every_mistake_of_a_body_is_told() {
        let (_, codes) = read_text(
            "# one\n\n#### four\n\n![](x.png)\n\n```\nx\n```\n\n[a](/questions/b/)\n\n## Empty\n",
        );
        assert_eq!(
            codes,
            [
                "markdown/heading",
                "markdown/heading",
                "picture/alt",
                "code/unlabelled",
                "link/address",
                "section/empty"
            ]
        );
    }
}
