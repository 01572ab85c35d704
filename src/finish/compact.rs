//! The minimal form of a page that is written as our own writers and most templates write: one pass.
//!
//! Takes HTML, gives its compact form with its links, ids and depth, or nothing where the page holds
//! something that asks for a real parser (comments, unquoted attributes, capital tags, stray `<`).
//! White space is collapsed as browsers collapse it and dropped where a block begins or ends;
//! attributes lose quotes they do not need. No element, attribute or word is ever left out.

/// What one pass over a page gives.
#[derive(Debug, Default)]
pub(super) struct Compact {
    /// The page.
    pub(super) html: Vec<u8>,
    /// Addresses as written, without entities, in the order of the page.
    pub(super) links: Vec<String>,
    /// Every id.
    pub(super) anchors: Vec<String>,
    /// How many elements are open at once.
    pub(super) depth: usize,
}

/// Elements inside which white space is text.
const PREFORMATTED: [&str; 2] = ["pre", "textarea"];
/// Elements whose content has no tags.
const RAW: [&str; 3] = ["script", "style", "title"];

/// Writes a page in its minimal form.
pub(super) fn compact(html: &str) -> Option<Compact> {
    let mut writer = Writer {
        input: html,
        at: 0,
        done: Compact { html: Vec::with_capacity(html.len()), ..Compact::default() },
        depth: 0,
        preformatted: 0,
        space: Space::Dropped,
    };
    writer.page()?;
    Some(writer.done)
}

/// What becomes of white space at this place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Space {
    /// A block has begun or ended, or a space has just been written: none is needed.
    Dropped,
    /// There was none since the last text.
    None,
    /// There was some: one space, unless a block begins or ends next.
    Waiting,
}

struct Writer<'a> {
    input: &'a str,
    at: usize,
    done: Compact,
    depth: usize,
    preformatted: usize,
    space: Space,
}

impl<'a> Writer<'a> {
    fn page(&mut self) -> Option<()> {
        while self.at < self.input.len() {
            let rest = &self.input[self.at..];
            let text = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
            self.text(&rest[..text]);
            self.at += text;
            if self.at < self.input.len() {
                self.tag()?;
            }
        }
        Some(())
    }

    fn rest(&self) -> &'a [u8] {
        &self.input.as_bytes()[self.at..]
    }

    fn text(&mut self, text: &str) {
        if self.preformatted > 0 {
            self.word(text.as_bytes());
            return;
        }
        let bytes = text.as_bytes();
        let words = bytes.trim_ascii();
        if bytes.first().is_some_and(u8::is_ascii_whitespace) {
            self.white_space();
        }
        if words.is_empty() {
            return;
        }
        if is_plain(words) {
            self.wanted_space();
            self.done.html.extend_from_slice(words);
            self.space = Space::None;
        } else {
            for word in words.split(u8::is_ascii_whitespace) {
                if word.is_empty() {
                    continue;
                }
                self.wanted_space();
                self.word(word);
                self.white_space();
            }
        }
        self.space = match bytes.last().is_some_and(u8::is_ascii_whitespace) {
            true => Space::Waiting,
            false => Space::None,
        };
    }

    fn white_space(&mut self) {
        if self.space == Space::None {
            self.space = Space::Waiting;
        }
    }

    /// A word, or all of a preformatted text, without the entities that text does not need.
    fn word(&mut self, word: &[u8]) {
        let mut rest = word;
        while let Some(at) = memchr::memchr(b'&', rest) {
            let (before, entity) = rest.split_at(at);
            self.done.html.extend_from_slice(before);
            let plain = PLAIN_IN_TEXT.iter().find(|(name, _)| entity.starts_with(name));
            let (name, character) =
                plain.map_or((&b"&"[..], b'&'), |(name, plain)| (*name, *plain));
            self.done.html.push(character);
            rest = &entity[name.len()..];
        }
        self.done.html.extend_from_slice(rest);
        self.space = Space::None;
    }

    fn wanted_space(&mut self) {
        if self.space == Space::Waiting {
            self.done.html.push(b' ');
            self.space = Space::Dropped;
        }
    }

    fn tag(&mut self) -> Option<()> {
        match self.rest().get(1)? {
            b'/' => self.end_tag(),
            b'!' => self.doctype(),
            first if first.is_ascii_lowercase() => self.start_tag(),
            _ => None,
        }
    }

    fn doctype(&mut self) -> Option<()> {
        let doctype = b"<!doctype html>";
        self.rest().starts_with(doctype).then(|| {
            self.done.html.extend_from_slice(doctype);
            self.at += doctype.len();
        })
    }

    fn name(&self, from: usize) -> Option<&'a str> {
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
        let rest = &self.rest()[from..];
        let end = rest.iter().position(|byte| !is_name(byte))?;
        let start = self.at + from;
        (end > 0).then(|| &self.input[start..start + end])
    }

    fn end_tag(&mut self) -> Option<()> {
        let name = self.name(2)?;
        let end = 2 + name.len();
        if self.rest().get(end) != Some(&b'>') {
            return None;
        }
        self.before_end(name);
        self.done.html.extend_from_slice(&self.rest()[..=end]);
        self.at += end + 1;
        self.depth = self.depth.saturating_sub(1);
        if PREFORMATTED.contains(&name) {
            self.preformatted = self.preformatted.saturating_sub(1);
        }
        Some(())
    }

    fn start_tag(&mut self) -> Option<()> {
        let name = self.name(1)?;
        self.before_start(name);
        self.done.html.push(b'<');
        self.done.html.extend_from_slice(name.as_bytes());
        self.at += 1 + name.len();
        let ending = self.attributes()?;
        if is_void(name) {
            self.done.html.push(b'>');
            return Some(());
        }
        self.done.html.extend_from_slice(ending);
        if ending != b">" {
            return Some(());
        }
        self.depth += 1;
        self.done.depth = self.done.depth.max(self.depth);
        if PREFORMATTED.contains(&name) {
            self.preformatted += 1;
        }
        if RAW.contains(&name) {
            return self.raw(name);
        }
        Some(())
    }

    /// Content without tags, as it is, up to the end tag.
    fn raw(&mut self, name: &str) -> Option<()> {
        let end = format!("</{name}>");
        let length = self.input[self.at..].find(&end)?;
        self.done.html.extend_from_slice(&self.rest()[..length]);
        self.at += length;
        Some(())
    }

    /// White space before a start tag: blocks need none on either side of it.
    fn before_start(&mut self, name: &str) {
        if self.preformatted > 0 {
            return;
        }
        if !is_inline(name) {
            self.space = Space::Dropped;
            return;
        }
        self.wanted_space();
        if is_replaced(name) {
            self.space = Space::Dropped;
        } else if is_void(name) {
            self.space = Space::None;
        }
    }

    fn before_end(&mut self, name: &str) {
        let is_inside = self.preformatted > 0 && !PREFORMATTED.contains(&name);
        if is_inside {
            return;
        }
        if is_replaced(name) {
            self.space = Space::None;
        } else if is_inline(name) {
            self.wanted_space();
        } else {
            self.space = Space::Dropped;
        }
    }

    /// Everything up to the end of the tag; gives that end.
    fn attributes(&mut self) -> Option<&'static [u8]> {
        let mut ends_bare = false;
        loop {
            let blank = self.rest().iter().position(|byte| !byte.is_ascii_whitespace())?;
            self.at += blank;
            match self.rest() {
                [b'>', ..] => {
                    self.at += 1;
                    return Some(b">");
                }
                [b'/', b'>', ..] => {
                    self.at += 2;
                    return Some(if ends_bare { b" />" } else { b"/>" });
                }
                _ if blank == 0 => return None,
                _ => ends_bare = self.attribute()?,
            }
        }
    }

    /// One attribute; whether its value ends without a quote.
    fn attribute(&mut self) -> Option<bool> {
        let is_end = |byte: &u8| {
            matches!(byte, b'=' | b'/' | b'>' | b'"' | b'\'' | b'<') || byte.is_ascii_whitespace()
        };
        let length = self.rest().iter().position(is_end).filter(|length| *length > 0)?;
        let name = &self.rest()[..length];
        self.at += length;
        self.done.html.push(b' ');
        self.done.html.extend_from_slice(name);
        if self.rest().first() != Some(&b'=') {
            return Some(false);
        }
        let quote = *self.rest().get(1).filter(|quote| matches!(quote, b'"' | b'\''))?;
        let start = self.at + 2;
        let end = start + memchr::memchr(quote, &self.input.as_bytes()[start..])?;
        let value = &self.input[start..end];
        self.at = end + 1;
        self.note(name, value);
        if value.is_empty() {
            return Some(false);
        }
        self.done.html.push(b'=');
        if value.bytes().any(needs_quotes) {
            self.done.html.push(quote);
            self.done.html.extend_from_slice(value.as_bytes());
            self.done.html.push(quote);
            return Some(false);
        }
        self.done.html.extend_from_slice(value.as_bytes());
        Some(true)
    }

    fn note(&mut self, name: &[u8], value: &str) {
        match name {
            b"href" | b"src" | b"action" => self.done.links.push(decoded(value)),
            b"id" => self.done.anchors.push(decoded(value)),
            _ => {}
        }
    }
}

/// Whether a value with this byte cannot stand without quotes.
fn needs_quotes(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'=' | b'<' | b'>' | b'`') || byte.is_ascii_whitespace()
}

/// Whether a text without white space at its ends is minimal: single spaces, no entity.
fn is_plain(text: &[u8]) -> bool {
    // Without a way out in the middle bytes are looked at side by side.
    let is_odd = text.iter().fold(false, |odd, byte| odd | (*byte == b'&') | (*byte < b' '));
    let is_double = |pair: &[u8]| (pair[0] == b' ') & (pair[1] == b' ');
    !is_odd && !text.windows(2).fold(false, |double, pair| double | is_double(pair))
}

/// Entities that text can do without; `&amp;` and `&lt;` may be needed.
const PLAIN_IN_TEXT: [(&[u8], u8); 5] =
    [(b"&quot;", b'"'), (b"&#x27;", b'\''), (b"&#39;", b'\''), (b"&#x2F;", b'/'), (b"&gt;", b'>')];

/// A value without the entities that escaping writes.
fn decoded(value: &str) -> String {
    if !value.contains('&') {
        return value.to_owned();
    }
    let plain = PLAIN_IN_TEXT.iter().fold(value.to_owned(), |value, (entity, character)| {
        let entity = std::str::from_utf8(entity).expect("the list is ASCII");
        value.replace(entity, char::from(*character).encode_utf8(&mut [0; 4]))
    });
    plain.replace("&lt;", "<").replace("&amp;", "&")
}

/// Whether an element stands in a line of text (HTML, rendering, 15.3), so that space beside it shows.
fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "b"
            | "bdi"
            | "bdo"
            | "button"
            | "canvas"
            | "cite"
            | "code"
            | "del"
            | "dfn"
            | "em"
            | "i"
            | "img"
            | "input"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "meter"
            | "object"
            | "output"
            | "picture"
            | "progress"
            | "q"
            | "ruby"
            | "s"
            | "samp"
            | "select"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "sup"
            | "svg"
            | "text"
            | "textarea"
            | "time"
            | "tspan"
            | "u"
            | "var"
            | "video"
            | "wbr"
    ) || name.contains('-')
}

/// Whether an element stands for a thing in the line, behind which space shows.
fn is_replaced(name: &str) -> bool {
    matches!(
        name,
        "button"
            | "canvas"
            | "meter"
            | "object"
            | "progress"
            | "select"
            | "svg"
            | "textarea"
            | "video"
    )
}

/// Whether an element never has content.
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::guarded::Scan;
    use super::*;

    fn small(html: &str) -> String {
        String::from_utf8(compact(html).expect("a form that is known").html).expect("still UTF-8")
    }

    #[test]
    fn white_space_stays_where_it_shows() {
        let cases = [
            ("<p>\n a\t b </p>\n\n<p>c</p>", "<p>a b</p><p>c</p>"),
            ("<div> <b>a</b> <i> b</i> c </div>", "<div><b>a</b> <i>b</i> c</div>"),
            ("<p>a <img alt=\"\"> b <br>\n c</p>", "<p>a <img alt> b<br>c</p>"),
            ("<p>a <button> b </button> c</p>", "<p>a <button>b</button> c</p>"),
            ("<pre> a\n  <b> c</b>\n</pre> <p>d", "<pre> a\n  <b> c</b>\n</pre><p>d"),
            ("<p>a<textarea> b </textarea> c", "<p>a<textarea> b </textarea> c"),
            ("<title> a  b </title>", "<title> a  b </title>"),
            ("<script type=\"a\"> { \"<b>\" } </script>", "<script type=a> { \"<b>\" } </script>"),
            ("<ul> <li> <a href=\"b/\"> c </a> </li> </ul>", "<ul><li><a href=b/>c </a></li></ul>"),
        ];
        for (html, expected) in cases {
            assert_eq!(small(html), expected, "{html}");
        }
    }

    #[test]
    fn attributes_lose_the_quotes_that_they_do_not_need() {
        let cases = [
            ("<a class=\"b c\"\n id='d'>", "<a class=\"b c\" id=d>"),
            ("<input value='\"' disabled=\"\" name=\"a\" />", "<input value='\"' disabled name=a>"),
            (
                "<svg viewBox=\"0 0 1 1\"><circle r=\"5\"/></svg>",
                "<svg viewBox=\"0 0 1 1\"><circle r=5 /></svg>",
            ),
            ("<a href=\"?a=b\" title=\"a&amp;b\">", "<a href=\"?a=b\" title=a&amp;b>"),
        ];
        for (html, expected) in cases {
            assert_eq!(small(html), expected, "{html}");
        }
    }

    #[test]
    fn text_loses_the_entities_that_it_does_not_need() {
        assert_eq!(
            small("<p>&quot;a&#x27;s&quot; &lt;b&gt; &amp;lt; &copy;"),
            "<p>\"a's\" &lt;b> &amp;lt; &copy;"
        );
    }

    #[test]
    fn what_asks_for_a_parser_is_left_to_one() {
        for html in
            ["<!-- a -->", "<a href=b>", "<P>", "a < b", "<p", "<a b=\"c>", "<script>", "</ p>"]
        {
            assert!(compact(html).is_none(), "{html}");
        }
    }

    #[test]
    fn links_and_ids_are_read_without_entities() {
        let done =
            compact("<a href=\"b?c&amp;d#&#x27;\" id=\"e&lt;\">f</a><img src='g'>").expect("known");
        assert_eq!(
            (done.links, done.anchors),
            (vec!["b?c&d#'".into(), "g".into()], vec!["e<".into()])
        );
    }

    /// Pieces of pages, of which every sequence is a page.
    fn piece() -> impl Strategy<Value = &'static str> {
        proptest::sample::select(vec![
            "a",
            "b  c",
            " ",
            "\n",
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<a href=\"d\">",
            "</a>",
            "&amp;",
            "&quot;",
            "<br>",
            "<img alt=\"e\">",
            "<pre>",
            "</pre>",
            "<ul> <li>",
            "</li> </ul>",
            "<svg> <path d=\"f g\"/> </svg>",
            "<button> h",
            "</button>",
            "<input value=\"\">",
            "<textarea>\ni",
            "</textarea>",
            "<div id=\"j\">",
            "</div>",
        ])
    }

    proptest! {
        #[test]
        fn no_word_is_lost_and_a_second_pass_finds_nothing_to_do(pieces in prop::collection::vec(piece(), 0..40)) {
            let html = pieces.concat();
            let once = small(&html);
            let words = |html: &str| Scan::of(html.as_bytes()).text.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(words(&html), words(&once));
            let (before, after) = (Scan::of(html.as_bytes()), Scan::of(once.as_bytes()));
            prop_assert_eq!((before.links, before.anchors, before.depth), (after.links, after.anchors, after.depth));
        }
    }
}
