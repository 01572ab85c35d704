//! One page as written: typed front matter, the outline of its body, its sections and links.
//!
//! Takes the text of one file and the Markdown limits, gives a [`Document`] and what is wrong with
//! it. It sees no other file: whether a slug or a link exists is decided by `guide`.

mod body;
mod fence;
mod fields;
mod front_matter;
mod language;
mod markdown;
mod order;
mod region;
mod section;

use std::sync::Arc;

pub use body::{Body, CodeBlock, Heading, Link, LinkKind, Section, Written, plain_text};
pub use fence::{Fence, Lines, Output, Run};
pub use fields::{GUIDE_FIELDS, QUESTION_FIELDS};
pub use front_matter::{GuideMatter, Matter, QuestionMatter, Reference, Signal};
pub use language::{LANGUAGES, Language};
pub use markdown::{Events, read as read_markdown};
pub use region::excerpt;
pub use section::{FollowUp, Form, LevelNote, Role};

use crate::diagnostic::{Checked, Code, Diagnostic, Place, obeyed};
use crate::text::{SourceText, Span, long_line};

/// Bounds on what one page may hold; see `[limits]` in the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    /// Size of a page in bytes.
    pub page_bytes: usize,
    /// Size of its front matter in bytes.
    pub front_matter_bytes: usize,
    /// Parts of a page: what pulldown-cmark calls events.
    pub events: usize,
    /// How deep lists and quotations may be nested.
    pub nesting: usize,
    /// Size of a code block in bytes.
    pub code_bytes: usize,
    /// Length of a line of code in characters; a line of text may be ten times as long.
    pub line_characters: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            page_bytes: 2 << 20,
            front_matter_bytes: 64 << 10,
            events: 100_000,
            nesting: 100,
            code_bytes: 64 << 10,
            line_characters: 10_000,
        }
    }
}

/// A parsed page.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file it came from.
    pub source: Arc<SourceText>,
    /// Its typed front matter.
    pub matter: Matter,
    /// The outline of what follows.
    pub body: Body,
}

impl Document {
    /// Whether it is left out of the site unless drafts are asked for.
    pub fn is_draft(&self) -> bool {
        match &self.matter {
            Matter::Question(matter) => matter.is_draft,
            Matter::Guide(matter) => matter.is_draft,
        }
    }

    /// A place in the page's file.
    pub fn place(&self, span: Span) -> Place {
        Place::new(&self.source, span)
    }

    /// The lines of a fenced block between its fences.
    pub fn code_text(&self, block: &CodeBlock) -> Span {
        let span = block.span;
        let text = &self.source.text()[span.range()];
        let start = text.find('\n').map_or(text.len(), |at| at + 1);
        let end = text.trim_end().rfind('\n').map_or(start, |at| at + 1).max(start);
        Span { start: span.start + start, end: span.start + end }
    }

    /// The Markdown of the body.
    pub fn body_text(&self) -> &str {
        &self.source.text()[self.body.offset..]
    }
}

/// Parses one page; the value is `None` when the front matter cannot be used.
pub fn parse(source: &Arc<SourceText>, limits: &Limits) -> Checked<Option<Document>> {
    let mut diagnostics = Vec::new();
    if let Some(diagnostic) = too_large(source, limits) {
        return Checked { value: None, diagnostics: vec![diagnostic] };
    }
    let (matter, offset) = front_matter::read(source, limits, &mut diagnostics);
    let body = body::read(source, offset, limits, &mut diagnostics);
    let whole = Span { start: 0, end: source.text().len() };
    obeyed(source, whole, &mut diagnostics);
    let document = matter.zip(body).map(|(matter, body)| Document {
        source: Arc::clone(source),
        matter,
        body,
    });
    Checked { value: document, diagnostics }
}

/// A page, or a line of it, that is refused before anything is made of it.
fn too_large(source: &Arc<SourceText>, limits: &Limits) -> Option<Diagnostic> {
    let text = source.text();
    let refused = |start: usize, message: String, help: &str| {
        let place = Place::new(source, Span { start, end: start + 1 });
        Some(Diagnostic::at(Code::FileTooLarge, place, message).help(help))
    };
    if text.len() > limits.page_bytes {
        let message =
            format!("the page holds {} bytes, more than {}", text.len(), limits.page_bytes);
        return refused(limits.page_bytes, message, "split the page, or raise `limits.page_bytes`");
    }
    // Whoever finds a place counts the characters of its line: the longer, the slower.
    let limit = limits.line_characters.saturating_mul(10);
    let (start, length) = long_line(text, limit)?;
    let message = format!("a line of {length} characters, more than {limit}");
    let help = "break the line, or raise `limits.line_characters`, which is a tenth of it";
    refused(start, message, help)
}
