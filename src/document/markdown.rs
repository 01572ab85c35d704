//! The security boundary between Markdown and pages: pulldown-cmark's events, made safe.
//!
//! Takes Markdown text, gives events with byte ranges in which nothing can run or mislead, and a
//! finding for everything that had to be changed. What is written to a page comes from these events
//! and from nowhere else. The reading is a function of the text alone, so that rendering can repeat
//! it instead of keeping every event of every page in memory.

use std::ops::Range;

use html5gum::{Token, Tokenizer};
use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::diagnostic::Code;

/// Events in the order of the text, each with the bytes it came from.
pub type Events<'a> = Vec<(Event<'a>, Range<usize>)>;

/// Something in the Markdown that was changed or is suspicious.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub(super) code: Code,
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) help: String,
}

/// The Markdown that askbook understands: CommonMark 0.31.2 and the extensions of the guide.
const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_DEFINITION_LIST)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_MATH);

/// Elements that raw HTML may hold inside a line, and the attributes they may have.
const INLINE_ELEMENTS: [(&str, &[&str]); 5] =
    [("abbr", &["title"]), ("br", &[]), ("kbd", &[]), ("sub", &[]), ("sup", &[])];
/// Elements that raw HTML may hold between blocks.
const BLOCK_ELEMENTS: [(&str, &[&str]); 2] = [("details", &["open"]), ("summary", &[])];

/// Reads Markdown.
pub fn read(text: &str) -> (Events<'_>, Vec<Finding>) {
    read_up_to(text, usize::MAX)
}

/// Reads Markdown until there are more events than `limit`: nobody needs the millions of a hostile page.
pub(super) fn read_up_to(text: &str, limit: usize) -> (Events<'_>, Vec<Finding>) {
    let mut boundary = Boundary::default();
    let mut events = Vec::with_capacity(text.len() / 16);
    let parser = Parser::new_with_broken_link_callback(
        text,
        OPTIONS,
        None::<fn(BrokenLink<'_>) -> Option<(CowStr<'static>, CowStr<'static>)>>,
    );
    for (event, range) in parser.into_offset_iter() {
        if events.len() > limit {
            break;
        }
        boundary.admit(event, range, &mut events);
    }
    boundary.close_all();
    (events, boundary.findings)
}

#[derive(Default)]
struct Boundary {
    findings: Vec<Finding>,
    /// How many containers are open around the current event.
    depth: usize,
    in_html_block: bool,
    /// Raw elements that wait for their end tag: name, depth, where.
    open: Vec<(String, usize, Range<usize>)>,
}

impl Boundary {
    fn admit<'a>(&mut self, event: Event<'a>, range: Range<usize>, events: &mut Events<'a>) {
        let event = match event {
            Event::Start(tag) => {
                self.depth += 1;
                Event::Start(self.start(tag, &range))
            }
            Event::End(end) => {
                self.end_container(&end);
                Event::End(end)
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                for event in self.raw_html(&html, &range) {
                    events.push((event, range.clone()));
                }
                return;
            }
            Event::InlineMath(text) => self.mathematics("$", &text, &range),
            Event::DisplayMath(text) => self.mathematics("$$", &text, &range),
            Event::Text(_)
            | Event::Code(_)
            | Event::FootnoteReference(_)
            | Event::SoftBreak
            | Event::HardBreak
            | Event::Rule
            | Event::TaskListMarker(_) => event,
        };
        events.push((event, range));
    }

    fn find(&mut self, code: Code, range: &Range<usize>, message: String, help: &str) {
        self.findings.push(Finding { code, range: range.clone(), message, help: help.to_owned() });
    }

    fn start<'a>(&mut self, tag: Tag<'a>, range: &Range<usize>) -> Tag<'a> {
        match tag {
            Tag::Heading { level, id, classes, attrs } => {
                if !classes.is_empty() || !attrs.is_empty() {
                    let message = "a heading carries more than an id".to_owned();
                    self.find(
                        Code::MarkdownHeadingAttribute,
                        range,
                        message,
                        "keep `{#name}` and take the rest out",
                    );
                }
                Tag::Heading { level, id, classes: Vec::new(), attrs: Vec::new() }
            }
            Tag::Link { link_type: LinkType::Email, dest_url, title, id } => Tag::Link {
                link_type: LinkType::Email,
                dest_url: format!("mailto:{dest_url}").into(),
                title,
                id,
            },
            Tag::Link { link_type, dest_url, title, id } => {
                let dest_url = self.destination(dest_url, range);
                Tag::Link { link_type, dest_url, title, id }
            }
            Tag::Image { link_type, dest_url, title, id } => {
                let dest_url = self.destination(dest_url, range);
                Tag::Image { link_type, dest_url, title, id }
            }
            Tag::HtmlBlock => {
                self.in_html_block = true;
                Tag::HtmlBlock
            }
            other => other,
        }
    }

    /// A destination that browsers read as one of the allowed schemes, or an empty one.
    fn destination<'a>(&mut self, url: CowStr<'a>, range: &Range<usize>) -> CowStr<'a> {
        let problem = match scheme(&url) {
            Scheme::Allowed | Scheme::None => None,
            Scheme::NoneButHost => Some("a link names a host without a scheme".to_owned()),
            Scheme::Hostless(name) => Some(format!("a link has no host behind `{name}:`")),
            Scheme::Other(name) => Some(format!("a link uses the scheme `{name}`")),
        };
        match problem {
            None => url,
            Some(message) => {
                self.find(Code::LinkScheme, range, message, "use `https:`, `http:` or `mailto:`");
                CowStr::Borrowed("")
            }
        }
    }

    fn mathematics<'a>(&mut self, mark: &str, text: &str, range: &Range<usize>) -> Event<'a> {
        self.find(
            Code::MarkdownMath,
            range,
            "text between dollar signs is published as it is written".to_owned(),
            "write the formula in words or code, or escape the dollar signs as `\\$`",
        );
        Event::Text(format!("{mark}{text}{mark}").into())
    }

    /// Raw HTML in canonical spelling if all of it is allowed, otherwise as text.
    fn raw_html<'a>(&mut self, html: &CowStr<'a>, range: &Range<usize>) -> Vec<Event<'a>> {
        match self.canonical(html, range) {
            Ok(canonical) if canonical.is_empty() => Vec::new(),
            Ok(canonical) => vec![Event::InlineHtml(canonical.into())],
            Err(element) => {
                self.find(
                    Code::MarkdownHtml,
                    range,
                    format!("the raw HTML `{element}` is not allowed here"),
                    "write Markdown; `abbr`, `br`, `kbd`, `sub` and `sup` are allowed in text, \
                     `details` and `summary` on lines of their own",
                );
                vec![Event::Text(html.clone())]
            }
        }
    }

    fn canonical(&mut self, html: &str, range: &Range<usize>) -> Result<String, String> {
        let mut canonical = String::new();
        for token in Tokenizer::new(html) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => {
                    let name = String::from_utf8_lossy(&tag.name).into_owned();
                    let allowed = self.allowed_attributes(&name).ok_or_else(|| name.clone())?;
                    canonical.push('<');
                    canonical.push_str(&name);
                    for (attribute, value) in &tag.attributes {
                        let attribute = String::from_utf8_lossy(attribute);
                        if !allowed.contains(&attribute.as_ref()) {
                            return Err(format!("{name} {attribute}"));
                        }
                        let value = String::from_utf8_lossy(&value.value);
                        canonical.push_str(&format!(" {attribute}=\"{}\"", escaped(&value)));
                    }
                    canonical.push('>');
                    if name != "br" {
                        self.open.push((name, self.raw_depth(), range.clone()));
                    }
                }
                Token::EndTag(tag) => {
                    let name = String::from_utf8_lossy(&tag.name).into_owned();
                    match self.open.last() {
                        Some((open, depth, _)) if *open == name && *depth == self.raw_depth() => {
                            self.open.pop();
                        }
                        _ => return Err(format!("/{name}")),
                    }
                    canonical.push_str(&format!("</{name}>"));
                }
                Token::String(text) => {
                    canonical.push_str(&escaped(&String::from_utf8_lossy(&text)));
                }
                Token::Comment(_) => {}
                Token::Doctype(_) => return Err("!doctype".to_owned()),
                Token::Error(_) => {}
            }
        }
        Ok(canonical)
    }

    /// The depth at which raw elements stand: an HTML block is no container of its own, so that
    /// `<details>` and `</details>` meet although they are two of them.
    fn raw_depth(&self) -> usize {
        self.depth - usize::from(self.in_html_block)
    }

    fn allowed_attributes(&self, name: &str) -> Option<&'static [&'static str]> {
        let elements: &[(&str, &[&str])] =
            if self.in_html_block { &BLOCK_ELEMENTS } else { &INLINE_ELEMENTS };
        elements.iter().find(|(element, _)| *element == name).map(|(_, attributes)| *attributes)
    }

    fn end_container(&mut self, end: &TagEnd) {
        if *end == TagEnd::HtmlBlock {
            self.in_html_block = false;
        } else {
            // An element that is still open when its container ends would swallow what follows.
            while self.open.last().is_some_and(|(_, depth, _)| *depth >= self.depth) {
                self.report_unclosed();
            }
        }
        self.depth -= 1;
    }

    fn close_all(&mut self) {
        while !self.open.is_empty() {
            self.report_unclosed();
        }
    }

    fn report_unclosed(&mut self) {
        if let Some((name, _, range)) = self.open.pop() {
            let message = format!("the element `{name}` is not closed");
            self.find(Code::MarkdownHtml, &range, message, "add the end tag in the same block");
        }
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    pulldown_cmark_escape::escape_html(&mut escaped, text)
        .expect("writing to a string cannot fail");
    escaped
}

/// What a browser would take as the scheme of a destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    /// `https`, `http` or `mailto`.
    Allowed,
    /// None: a relative reference.
    None,
    /// `//host`: the page's own scheme.
    NoneButHost,
    /// `https:path`, which some browsers read as a path and others as a host.
    Hostless(String),
    /// Anything else.
    Other(String),
}

/// Judges a destination as the URL standard does: after removing tabs, line ends and control
/// characters, and without regard to case.
pub(super) fn scheme(url: &str) -> Scheme {
    let bare: String = url.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    let bare = bare.trim_start_matches(['\u{200b}', '\u{feff}']);
    if bare.starts_with("//") || bare.starts_with("\\\\") || bare.starts_with("/\\") {
        return Scheme::NoneButHost;
    }
    match bare.find([':', '/', '?', '#']) {
        Some(at) if bare[at..].starts_with(':') => {
            let name = bare[..at].to_ascii_lowercase();
            match name.as_str() {
                "https" | "http" | "mailto" if bare.len() != url.len() => Scheme::Other(name),
                "https" | "http" => match bare[at + 1..].strip_prefix("//") {
                    Some(host) if !host.starts_with(['/', '\\', '?', '#']) && !host.is_empty() => {
                        Scheme::Allowed
                    }
                    Some(_) | None => Scheme::Hostless(name),
                },
                "mailto" => Scheme::Allowed,
                _ => Scheme::Other(name),
            }
        }
        _ if bare.contains('\\') => Scheme::Other("\\".to_owned()),
        _ => Scheme::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<&'static str> {
        read(text).1.into_iter().map(|finding| finding.code.as_str()).collect()
    }

    #[test]
    fn schemes_are_judged_as_a_browser_reads_them() {
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\tscript:alert(1)",
            "\u{1}javascript:x",
            " javascript:x",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "//evil.example",
            "\\\\evil.example",
            "/\\evil.example",
            "ht\ntps://evil.example",
            "https:evil.example",
            "https:\\\\evil.example",
            "http:///evil.example",
            "https://",
            "blob:x",
        ] {
            assert!(!matches!(scheme(bad), Scheme::Allowed | Scheme::None), "{bad:?}");
        }
        for good in ["https://a.example/?q=a:b", "mailto:a@b.example", "HTTP://a.example"] {
            assert_eq!(scheme(good), Scheme::Allowed, "{good:?}");
        }
        for good in ["../a.md", "a.md#b:c", "#x", "?a=b:c", ""] {
            assert_eq!(scheme(good), Scheme::None, "{good:?}");
        }
    }

    #[test]
    fn obfuscated_links_do_not_pass() {
        for bad in [
            "[x](javascript:alert&lpar;1&rpar;)",
            "[x](&#106;avascript:alert(1))",
            "[x](<java\tscript:alert(1)>)",
            "![x](data:text/html;base64,AAAA)",
            "[x][r]\n\n[r]: vbscript:x",
            "<javascript:alert(1)>",
            "[x](javascript&colon;alert(1))",
        ] {
            assert_eq!(codes(bad), ["link/scheme"], "{bad:?}");
        }
    }

    #[test]
    fn raw_html_passes_only_by_the_list() {
        for good in [
            "<kbd>Ctrl</kbd>",
            "x<br>y",
            "<details>\n<summary>More</summary>\n\ntext\n\n</details>",
        ] {
            assert_eq!(codes(good), Vec::<&str>::new(), "{good:?}");
        }
        for bad in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=y>",
            "a <kbd onclick=x>k</kbd>",
            "<kbd>k",
            "a <b>b</b>",
            "<iframe src=x>",
            "a <kbd style=x>k</kbd>",
            "a </div>",
            "<svg onload=x>",
            "<details ontoggle=x>\n</details>",
            "a <details>x</details>",
        ] {
            assert!(codes(bad).iter().all(|code| *code == "markdown/html"), "{bad:?}");
            assert_ne!(codes(bad), Vec::<&str>::new(), "{bad:?}");
        }
    }

    #[test]
    fn what_is_not_allowed_becomes_text() {
        let (events, _) = read("a <img src=x>");
        let is_raw = |event: &Event<'_>| matches!(event, Event::Html(_) | Event::InlineHtml(_));
        assert!(!events.iter().any(|(event, _)| is_raw(event)));
    }
}
