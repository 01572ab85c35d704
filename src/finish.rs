//! The last stage before publishing: pages are minified, and every link is followed.
//!
//! Takes rendered outputs, gives a [`Bundle`]. Minifying may change bytes, never words: text is
//! compared before and after, and a page that would have changed is published as it was. Links are
//! checked in the finished pages, so that a slip in a theme is found as surely as one in content.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::sync::Arc;

use html5gum::emitters::ForwardingEmitter;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Emitter, Span, Tokenizer};
use rayon::prelude::*;

use crate::bundle::Bundle;
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::path::{OutputPath, UrlPath};

/// Elements that may be open at once. minify-html recurses and aborts near 2,200 on the 2 MiB stack
/// of a worker; no page of a person comes near this.
const NESTING_LIMIT: usize = 500;

/// A finished file and what landing needs to know of it.
#[derive(Debug)]
pub struct Finished {
    path: OutputPath,
    bytes: Arc<[u8]>,
    /// Of the bytes, as hexadecimal digits.
    digest: String,
    links: Vec<String>,
    anchors: HashSet<String>,
    diagnostics: Vec<Diagnostic>,
}

impl Finished {
    /// Where it is published.
    pub fn path(&self) -> &OutputPath {
        &self.path
    }

    /// How many bytes it has.
    pub fn size_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Ten hexadecimal digits that tell its versions apart.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The addresses inside the site that a page links to, or asks for.
    pub fn targets(&self, base_path: &str) -> impl Iterator<Item = UrlPath> {
        let page = self.path.url();
        self.links.iter().filter_map(move |link| resolve(&page, link, base_path))
    }
}

/// Finishes one output: pages are minified, everything else stays as it is.
pub fn page(url: &UrlPath, bytes: Arc<[u8]>) -> Finished {
    let mut finished = unsigned(url, bytes);
    finished.digest = blake3::hash(&finished.bytes).to_hex()[..10].to_owned();
    finished
}

fn unsigned(url: &UrlPath, bytes: Arc<[u8]>) -> Finished {
    let path = url.output();
    let mut finished = Finished {
        path,
        bytes,
        digest: String::new(),
        links: Vec::new(),
        anchors: HashSet::new(),
        diagnostics: Vec::new(),
    };
    if finished.path.extension() != "html" {
        return finished;
    }
    let before = Scan::of(&finished.bytes);
    if before.depth > NESTING_LIMIT {
        let message = format!("`{url}` nests {} elements, more than {NESTING_LIMIT}", before.depth);
        finished.diagnostics.push(
            Diagnostic::of_guide(Code::OutputNesting, message)
                .help("take some levels of list or quotation out"),
        );
        return finished;
    }
    let minified = minify(&finished.bytes);
    if Scan::of(&minified).text == before.text {
        finished.bytes = minified.into();
    } else {
        let message = format!("minifying would change the text of `{url}`");
        let help = "the page is published as it is; please report it with the page's text";
        finished.diagnostics.push(Diagnostic::of_guide(Code::OutputMinify, message).help(help));
    }
    finished.links = before.links;
    finished.anchors = before.anchors;
    finished
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

/// Puts finished files together and checks where their links land.
///
/// `base_path` is what stands in front of every address on the host: `/`, or `/guide/`.
pub fn bundle(finished: &[Arc<Finished>], base_path: &str) -> Checked<Bundle> {
    let files: HashMap<&str, &Finished> =
        finished.iter().map(|file| (file.path.as_str(), &**file)).collect();
    let lost =
        |file: &Arc<Finished>| -> Vec<Diagnostic> {
            let page = file.path.url();
            let mut seen = HashSet::new();
            file.links
                .iter()
                .filter(|link| seen.insert(link.as_str()))
                .filter_map(|link| {
                    let reason = landing(&page, link, base_path, &files).err()?;
                    let message = format!("the link `{link}` of `{page}` {reason}");
                    Some(Diagnostic::of_guide(Code::OutputLanding, message).help(
                        "links of content are checked before: look into the theme's templates",
                    ))
                })
                .collect()
        };
    let mut diagnostics: Vec<Diagnostic> = finished.par_iter().flat_map_iter(lost).collect();
    diagnostics.extend(finished.iter().flat_map(|file| file.diagnostics.iter().cloned()));
    let value = finished.iter().map(|file| (file.path.clone(), Arc::clone(&file.bytes))).collect();
    Checked { value, diagnostics }
}

/// Where a link leads; the error completes "the link … of …".
fn landing(
    page: &UrlPath,
    link: &str,
    base_path: &str,
    files: &HashMap<&str, &Finished>,
) -> Result<(), String> {
    if link.is_empty() {
        return Err("leads nowhere".to_owned());
    }
    let is_elsewhere =
        ["https://", "http://", "mailto:"].iter().any(|scheme| link.starts_with(scheme));
    if is_elsewhere {
        return Ok(());
    }
    let (address, fragment) = match link.split_once('#') {
        Some((address, fragment)) => (address, fragment),
        None => (link, ""),
    };
    let address = address.split('?').next().unwrap_or(address);
    let target = match address {
        "" => page.clone(),
        _ => resolve(page, address, base_path).ok_or("leaves the site")?,
    };
    let file = files.get(target.output().as_str()).ok_or("leads to no file of the site")?;
    let is_page = file.path.extension() == "html";
    if fragment.is_empty() || !is_page || file.anchors.contains(fragment) {
        return Ok(());
    }
    Err(format!("names the anchor `#{fragment}`, which `{target}` does not have"))
}

/// Resolves an address as a browser does (WHATWG URL, without schemes and hosts).
fn resolve(page: &UrlPath, address: &str, base_path: &str) -> Option<UrlPath> {
    if let Some(inside) = address.strip_prefix(base_path) {
        return Some(UrlPath::new(&format!("/{inside}")));
    }
    if address.starts_with('/') {
        return None;
    }
    let mut segments: Vec<&str> = page.as_str().split('/').skip(1).collect();
    segments.pop();
    let is_folder = address.ends_with('/') || address.ends_with('.');
    for segment in address.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            name => segments.push(name),
        }
    }
    let joined = segments.join("/");
    Some(UrlPath::new(&match is_folder && !joined.is_empty() {
        true => format!("/{joined}/"),
        false => format!("/{joined}"),
    }))
}

/// What one reading of a page tells.
#[derive(Debug, Default)]
struct Scan {
    /// The words, with a space where a block begins or ends.
    text: String,
    links: Vec<String>,
    anchors: HashSet<String>,
    depth: usize,
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
    fn of(html: &[u8]) -> Self {
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
                    Attribute::Anchor => drop(self.scan.anchors.insert(value())),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(url: &str, html: &str) -> Finished {
        page(&UrlPath::new(url), html.as_bytes().into())
    }

    fn lost(pages: &[(&str, &str)]) -> Vec<String> {
        let finished = |(url, html): &(&str, &str)| Arc::new(finished(url, html));
        let finished: Vec<_> = pages.iter().map(finished).collect();
        bundle(&finished, "/").diagnostics.into_iter().map(|d| d.message).collect()
    }

    #[test]
    fn every_kind_of_lost_link_is_found() {
        let pages = [
            ("/", "<a href=a/>x</a><a href=b/>x</a><a href=a/#h>x</a><a href=a/#no>x</a>"),
            (
                "/a/",
                "<h2 id=h>H</h2><a href=../>x</a><a href=../../x/>x</a><a href=#h>x</a><img src=p.png>",
            ),
        ];
        assert_eq!(
            lost(&pages),
            [
                "the link `b/` of `/` leads to no file of the site",
                "the link `a/#no` of `/` names the anchor `#no`, which `/a/` does not have",
                "the link `../../x/` of `/a/` leaves the site",
                "the link `p.png` of `/a/` leads to no file of the site",
            ]
        );
    }

    #[test]
    fn a_page_that_minifying_would_change_stays_as_it_is() {
        let html = "<!doctype html><html lang=en><head><title>T</title></head><body><div><b>a</b> <b>b</b></div></body></html>";
        let finished = finished("/", html);
        assert_eq!(&*finished.bytes, html.as_bytes());
        assert_eq!(finished.diagnostics.len(), 1);
    }

    #[test]
    fn white_space_between_blocks_is_no_text() {
        let html = "<!doctype html><html lang=en><head><title>T</title></head><body>\n <p>a <b>b</b>\n c</p>\n <pre> x\n  y</pre></body></html>";
        let finished = finished("/", html);
        assert!(finished.diagnostics.is_empty());
        assert!(finished.bytes.len() < html.len());
    }

    #[test]
    fn deep_pages_are_refused_and_never_reach_the_minifier() {
        let html = "<div>".repeat(20_000) + &"</div>".repeat(20_000);
        assert_eq!(finished("/", &html).diagnostics[0].code, Code::OutputNesting);
    }
}
