//! The minimal form of any page: minify-html, guarded.
//!
//! Takes HTML that the compact writer does not know, gives it minified, with its links, ids and depth.
//! minify-html knows all of HTML but now and then takes a space too many: text is compared before and
//! after, and a page that would have changed stays as it was.

use std::convert::Infallible;

use html5gum::emitters::ForwardingEmitter;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Emitter, Span, Tokenizer};

use super::compact::Compact;

/// Minifies a page whose elements nest at most `nesting_limit` deep; whether its text stayed the same.
pub(super) fn minified(html: &[u8], nesting_limit: usize) -> (Compact, bool) {
    let before = Scan::of(html);
    let mut done = Compact {
        html: html.to_owned(),
        links: before.links,
        anchors: before.anchors,
        depth: before.depth,
    };
    // minify-html recurses: what is too deep must not reach it.
    if done.depth > nesting_limit {
        return (done, true);
    }
    let minified = minify(html);
    let is_same = Scan::of(&minified).text == before.text;
    if is_same {
        done.html = minified;
    }
    (done, is_same)
}

fn minify(html: &[u8]) -> Vec<u8> {
    let configuration = minify_html::Cfg {
        // Both are what checkers, and people who read the source, expect of a page.
        keep_closing_tags: true,
        keep_html_and_head_opening_tags: true,
        keep_input_type_text_attr: true,
        ..minify_html::Cfg::default()
    };
    minify_html::minify(html, &configuration)
}

/// What one reading of a page tells.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The words, with a space where a block begins or ends.
    pub(super) text: String,
    pub(super) links: Vec<String>,
    pub(super) anchors: Vec<String>,
    pub(super) depth: usize,
}

/// Whether an element does not end a word.
fn is_inline(name: &[u8]) -> bool {
    matches!(
        name,
        b"a" | b"abbr"
            | b"b"
            | b"bdi"
            | b"cite"
            | b"code"
            | b"del"
            | b"dfn"
            | b"em"
            | b"i"
            | b"ins"
            | b"kbd"
            | b"mark"
            | b"q"
            | b"s"
            | b"samp"
            | b"small"
            | b"span"
            | b"strong"
            | b"sub"
            | b"sup"
            | b"time"
            | b"u"
            | b"var"
            | b"wbr"
    )
}

/// Whether an element never has content.
fn is_void(name: &[u8]) -> bool {
    matches!(name, b"br" | b"hr" | b"img" | b"input" | b"link" | b"meta" | b"source" | b"wbr")
}

impl Scan {
    pub(super) fn of(html: &[u8]) -> Self {
        let mut scanner = Scanner::default();
        let emitter =
            CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
                scanner.read(&event);
                None
            });
        let Ok(()) = Tokenizer::new_with_emitter(html, Lenient(emitter)).finish();
        let mut scan = scanner.scan;
        scan.text.truncate(scan.text.trim_end().len());
        scan
    }

    fn words(&mut self, text: &str) {
        for (index, word) in text.split([' ', '\n', '\t', '\r', '\u{c}']).enumerate() {
            if index > 0 {
                self.space();
            }
            self.text.push_str(word);
        }
    }

    fn space(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
            self.text.push(' ');
        }
    }
}

/// Hears of no mistakes in the HTML: looking for odd characters would take a quarter of the time.
struct Lenient<E>(E);

impl<E: Emitter> ForwardingEmitter for Lenient<E> {
    type Token = E::Token;

    fn inner(&mut self) -> &mut impl Emitter<Token = Self::Token> {
        &mut self.0
    }

    fn should_emit_errors(&mut self) -> bool {
        false
    }
}

/// A reading under way. Strings are borrowed from the tokenizer: tokens of their own would cost more
/// than all else that is done here.
#[derive(Default)]
struct Scanner {
    scan: Scan,
    depth: usize,
    preformatted: usize,
    tag: Tag,
    attribute: Attribute,
}

/// The start tag that is being read.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Tag {
    /// There is none; attributes of end tags mean nothing.
    #[default]
    No,
    /// Of an element that has content.
    Open,
    /// Of an element that never has any.
    Void,
}

/// What the attribute that is being read is for.
#[derive(Clone, Copy, Default)]
enum Attribute {
    #[default]
    Other,
    Link,
    Anchor,
}

impl Scanner {
    fn read(&mut self, event: &CallbackEvent<'_>) {
        match *event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag = if is_void(name) { Tag::Void } else { Tag::Open };
                self.preformatted += usize::from(name == b"pre");
                self.boundary(name);
            }
            CallbackEvent::AttributeName { name } => {
                self.attribute = match name {
                    b"href" | b"src" | b"action" => Attribute::Link,
                    b"id" => Attribute::Anchor,
                    _ => Attribute::Other,
                };
            }
            CallbackEvent::AttributeValue { value } if self.tag != Tag::No => {
                let value = || String::from_utf8_lossy(value).into_owned();
                match self.attribute {
                    Attribute::Link => self.scan.links.push(value()),
                    Attribute::Anchor => self.scan.anchors.push(value()),
                    Attribute::Other => {}
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => {
                if self.tag == Tag::Open && !self_closing {
                    self.depth += 1;
                    self.scan.depth = self.scan.depth.max(self.depth);
                }
                self.tag = Tag::No;
            }
            CallbackEvent::EndTag { name } => {
                self.depth = self.depth.saturating_sub(1);
                let is_preformatted = usize::from(name == b"pre");
                self.preformatted = self.preformatted.saturating_sub(is_preformatted);
                self.boundary(name);
            }
            CallbackEvent::String { value } => {
                let text = String::from_utf8_lossy(value);
                if self.preformatted > 0 {
                    self.scan.text.push_str(&text);
                } else {
                    self.scan.words(&text);
                }
            }
            CallbackEvent::AttributeValue { .. }
            | CallbackEvent::Comment { .. }
            | CallbackEvent::Doctype { .. }
            | CallbackEvent::Error(_) => {}
        }
    }

    fn boundary(&mut self, name: &[u8]) {
        if !is_inline(name) {
            self.scan.space();
        }
    }
}
