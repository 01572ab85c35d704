//! The dress of pages of the site: anchors, coloured code, resolved links, pictures with their size.
//!
//! Takes one document with its destinations, gives [`Fragments`]: any range of its events as HTML.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::BlockQuoteKind;

use super::code::highlight;
use super::columns::Columns;
use super::html::{self, Dress, FootnoteNumbers, footnote_numbers};
use super::terms::{Marks, first_uses};
use super::{escaped, escaped_href};
use crate::cache::Cache;
use crate::document::{Body, Document, Events, Fence, Output, Run, read_markdown};
use crate::guide::{Destination, Glossary, Picture};
use crate::path::UrlPath;
use crate::theme::Strings;

const INFALLIBLE: &str = "writing to a string cannot fail";

/// Everything that writing a page's text needs to know about the page.
#[derive(Clone, Copy)]
pub struct PageDress<'a> {
    /// The page's outline.
    pub body: &'a Body,
    /// Where its links lead.
    pub destinations: &'a BTreeMap<usize, Destination>,
    /// Its own address.
    pub url: &'a UrlPath,
    /// Words of the interface.
    pub strings: &'a Strings,
    /// Coloured code of this and earlier builds.
    pub cache: &'a Cache,
    /// Terms whose first use on the page is linked to what it means.
    pub glossary: &'a Glossary,
}

/// A document whose parts can be written one by one.
pub struct Fragments<'a> {
    events: Events<'a>,
    numbers: FootnoteNumbers,
    marks: Marks,
    dress: PageDress<'a>,
}

impl<'a> Fragments<'a> {
    /// Reads the document's Markdown again; the events are those its body was read from.
    pub fn new(document: &'a Document, dress: PageDress<'a>) -> Self {
        let (events, _) = read_markdown(document.body_text());
        let numbers = footnote_numbers(&events);
        let marks = first_uses(&events, dress.body, dress.glossary);
        Self { events, numbers, marks, dress }
    }

    /// The terms that the page links to, by their position in the glossary.
    pub fn terms(&self) -> BTreeSet<usize> {
        let linked = self.dress.destinations.values().filter_map(|to| self.linked_term(to));
        self.marks.entries().chain(linked).collect()
    }

    /// The term that a link leads to.
    fn linked_term(&self, destination: &Destination) -> Option<usize> {
        match destination {
            Destination::Page { url, anchor: Some(anchor) } if *url == Glossary::url() => {
                self.dress.glossary.by_anchor(anchor)
            }
            Destination::Page { .. }
            | Destination::External(_)
            | Destination::File(_)
            | Destination::Picture(_)
            | Destination::Nowhere => None,
        }
    }

    /// Begins a link to a term; what it means is told by the element that it names.
    fn open_term(&self, entry: usize, out: &mut String) {
        let entry = &self.dress.glossary.entries[entry];
        let href = escaped_href(&Glossary::url().relative_to(self.dress.url));
        let (anchor, slug) = (escaped_href(&entry.anchor()), escaped(&entry.slug));
        write!(
            out,
            "<a class=\"term\" href=\"{href}#{anchor}\" aria-describedby=\"means-{slug}\">"
        )
        .expect(INFALLIBLE);
    }

    /// A range of events as HTML.
    pub fn html(&self, range: Range<usize>) -> String {
        let mut out = String::new();
        let slice = &self.events[range.clone()];
        html::write(slice, range.start, self, &self.numbers, &mut out);
        out
    }

    /// Inline events as HTML, without the punctuation and space that a bold or italic beginning
    /// leaves in front.
    pub fn inline_html(&self, range: Range<usize>) -> String {
        self.html(range).trim().to_owned()
    }

    /// The whole body as HTML.
    pub fn whole(&self) -> String {
        self.html(0..self.events.len())
    }
}

impl PageDress<'_> {
    fn heading_id(&self, event: usize) -> Option<&str> {
        let headings = &self.body.headings;
        let at = headings.binary_search_by_key(&event, |heading| heading.event).ok()?;
        Some(&headings[at].id)
    }

    fn heading_text(&self, event: usize) -> &str {
        let headings = &self.body.headings;
        match headings.partition_point(|heading| heading.event <= event) {
            0 => "",
            after => &headings[after - 1].text,
        }
    }

    fn caption(&self, fence: &Fence) -> (String, String) {
        let label = match (fence.output, fence.language) {
            (Output::Exact, _) => self.strings.text("output"),
            (Output::Pattern | Output::Varies, _) => self.strings.text("output_varies"),
            (Output::No, Some(language)) => language.label,
            (Output::No, None) => "",
        };
        let described = match (&fence.title, fence.output) {
            (Some(title), _) => {
                self.strings.with("code_label_titled", "language", label).replace("{title}", title)
            }
            (None, Output::No) => self.strings.with("code_label", "language", label),
            (None, Output::Exact | Output::Pattern | Output::Varies) => label.to_owned(),
        };
        (label.to_owned(), described)
    }
}

impl Dress for Fragments<'_> {
    fn text(&self, text: &str, event: usize, out: &mut String) {
        let mut done = 0;
        for (range, entry) in self.marks.of(event) {
            out.push_str(&html::body_escaped(&text[done..range.start]));
            self.open_term(*entry, out);
            out.push_str(&html::body_escaped(&text[range.clone()]));
            out.push_str("</a>");
            done = range.end;
        }
        out.push_str(&html::body_escaped(&text[done..]));
    }

    fn open_heading(&self, level: u8, event: usize, out: &mut String) {
        match self.dress.heading_id(event) {
            Some(id) => {
                let id = escaped(id);
                write!(out, "<div class=\"heading heading-{level}\"><h{level} id=\"{id}\">")
                    .expect(INFALLIBLE);
            }
            None => write!(out, "<h{level}>").expect(INFALLIBLE),
        }
    }

    /// The link to a heading stands beside it: inside, its name would be read as a part of the heading.
    fn close_heading(&self, level: u8, event: usize, out: &mut String) {
        write!(out, "</h{level}>").expect(INFALLIBLE);
        if let Some(id) = self.dress.heading_id(event) {
            let label =
                self.dress.strings.with("link_to_section", "title", self.dress.heading_text(event));
            let (id, label) = (escaped(id), escaped(&label));
            write!(out, " <a class=\"anchor\" href=\"#{id}\" aria-label=\"{label}\">#</a></div>")
                .expect(INFALLIBLE);
        }
        out.push('\n');
    }

    fn code_block(&self, info: &str, code: &str, out: &mut String) {
        let fence = Fence::parse(info);
        let (label, described) = self.dress.caption(&fence);
        let mut classes = String::from("code");
        if fence.output != Output::No {
            classes.push_str(" code-output");
        }
        if fence.has_numbers {
            classes.push_str(" code-numbered");
        }
        let name = fence.language.map_or("text", |language| language.name);
        write!(out, "<figure class=\"{classes}\" data-language=\"{name}\"").expect(INFALLIBLE);
        if let Some(tab) = &fence.tab {
            write!(out, " data-tab=\"{}\"", escaped(tab)).expect(INFALLIBLE);
        }
        out.push_str("><figcaption>");
        if let Some(title) = &fence.title {
            write!(out, "<span class=\"code-title\">{}</span> ", escaped(title)).expect(INFALLIBLE);
        }
        write!(out, "<span class=\"code-language\">{}</span>", escaped(&label)).expect(INFALLIBLE);
        if fence.run == Run::Never && fence.output == Output::No {
            let note = escaped(self.dress.strings.text("code_not_run"));
            write!(out, " <span class=\"code-note\">{note}</span>").expect(INFALLIBLE);
        }
        let described = escaped(&described);
        write!(
            out,
            "</figcaption><pre tabindex=\"0\" role=\"group\" aria-label=\"{described}\"><code>"
        )
        .expect(INFALLIBLE);
        let lines = highlight(fence.language, code, self.dress.cache);
        let has_marks = fence.has_numbers
            || !(fence.marked.is_empty() && fence.added.is_empty() && fence.removed.is_empty());
        if has_marks {
            marked_lines(&fence, &lines, out);
        } else {
            out.push_str(&lines);
        }
        out.push_str("</code></pre></figure>\n");
    }

    fn is_tab(&self, info: &str) -> bool {
        Fence::parse(info).tab.is_some()
    }

    fn open_tabs(&self, out: &mut String) {
        out.push_str("<div class=\"tabs\">\n");
    }

    fn close_tabs(&self, out: &mut String) {
        out.push_str("</div>\n");
    }

    fn open_link(&self, _destination: &str, title: &str, event: usize, out: &mut String) {
        let destination = self.dress.destinations.get(&event);
        if let Some(term) = destination.and_then(|destination| self.linked_term(destination)) {
            return self.open_term(term, out);
        }
        let href = match destination {
            Some(Destination::Page { url, anchor }) => {
                let mut href = match (url == self.dress.url, anchor) {
                    (true, Some(_)) => String::new(),
                    (_, _) => url.relative_to(self.dress.url),
                };
                if let Some(anchor) = anchor {
                    href.push('#');
                    href.push_str(anchor);
                }
                href
            }
            Some(Destination::External(address)) => address.clone(),
            Some(Destination::File(url)) => url.relative_to(self.dress.url),
            Some(Destination::Picture(_) | Destination::Nowhere) | None => String::new(),
        };
        write!(out, "<a href=\"{}\"", escaped_href(&href)).expect(INFALLIBLE);
        if href.starts_with("http") {
            out.push_str(" rel=\"noopener\"");
        }
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
        _destination: &str,
        alternative: &str,
        title: &str,
        event: usize,
        out: &mut String,
    ) {
        let Some(Destination::Picture(picture)) = self.dress.destinations.get(&event) else {
            return;
        };
        let (alternative_text, alternative) = (alternative, escaped(alternative));
        match picture {
            Picture::Raster { url, width, height } => {
                let source = escaped_href(&url.relative_to(self.dress.url));
                write!(
                    out,
                    "<img src=\"{source}\" alt=\"{alternative}\" width=\"{width}\" height=\"{height}\" \
                     loading=\"lazy\" decoding=\"async\">"
                )
                .expect(INFALLIBLE);
            }
            Picture::Drawing { svg, name } => {
                let prefix = format!("d{event}-{name}");
                match crate::drawing::rewrite(svg, &prefix) {
                    Ok(drawing) => out.push_str(&drawing),
                    // It was checked when the guide was assembled.
                    Err(_) => out.push_str(&alternative),
                }
            }
            Picture::Elsewhere(address) => {
                let address = escaped_href(address);
                write!(
                    out,
                    "<a href=\"{address}\" rel=\"noopener\">{}</a>",
                    escaped(alternative_text)
                )
                .expect(INFALLIBLE);
            }
        }
        if !title.is_empty() {
            write!(out, " <span class=\"caption\">{}</span>", escaped(title)).expect(INFALLIBLE);
        }
    }

    fn open_table(&self, event: usize, out: &mut String) {
        let label = match self.dress.heading_text(event) {
            "" => self.dress.strings.text("table").to_owned(),
            heading => self.dress.strings.with("table_in", "title", heading),
        };
        let label = escaped(&label);
        writeln!(out, "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"{label}\">")
            .expect(INFALLIBLE);
        Columns::of(&self.events[event..]).open(out);
    }

    fn close_table(&self, out: &mut String) {
        out.push_str("</div>\n");
    }

    fn open_alert(&self, kind: BlockQuoteKind, out: &mut String) {
        let kind = match kind {
            BlockQuoteKind::Note => "note",
            BlockQuoteKind::Tip => "tip",
            BlockQuoteKind::Important => "important",
            BlockQuoteKind::Warning => "warning",
            BlockQuoteKind::Caution => "caution",
        };
        let key = format!("alert_{kind}");
        let title = escaped(self.dress.strings.text(&key));
        writeln!(
            out,
            "<div class=\"alert alert-{kind}\" role=\"note\"><p class=\"alert-title\">{title}</p>"
        )
        .expect(INFALLIBLE);
    }

    fn task(&self, is_done: bool, out: &mut String) {
        let key = if is_done { "task_done" } else { "task_open" };
        let label = escaped(self.dress.strings.text(key));
        let checked = if is_done { " checked" } else { "" };
        write!(out, "<input type=\"checkbox\" disabled{checked} aria-label=\"{label}\"> ")
            .expect(INFALLIBLE);
    }

    fn footnote_reference(&self, number: usize, occurrence: usize, out: &mut String) {
        let label = escaped(&self.dress.strings.with("footnote", "n", &number.to_string()));
        // The way back leads to the first reference: an id may stand once on a page.
        let id = if occurrence == 1 { format!(" id=\"fnref-{number}\"") } else { String::new() };
        write!(
            out,
            "<sup class=\"footnote-ref\"{id}><a href=\"#fn-{number}\" aria-label=\"{label}\">{number}</a></sup>"
        )
        .expect(INFALLIBLE);
    }

    fn open_footnotes(&self, out: &mut String) {
        let label = escaped(self.dress.strings.text("footnotes"));
        writeln!(out, "<div class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"{label}\">")
            .expect(INFALLIBLE);
    }

    fn footnote_back(&self, number: usize, out: &mut String) {
        let label = escaped(self.dress.strings.text("footnote_back"));
        write!(
            out,
            " <a class=\"footnote-back\" href=\"#fnref-{number}\" aria-label=\"{label}\">↩</a>"
        )
        .expect(INFALLIBLE);
    }
}

fn marked_lines(fence: &Fence, lines: &str, out: &mut String) {
    for (index, line) in lines.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let number = index + 1;
        let mut classes = String::from("line");
        for (lines, class) in
            [(&fence.marked, " mark"), (&fence.added, " add"), (&fence.removed, " del")]
        {
            if lines.contains(&number) {
                classes.push_str(class);
            }
        }
        write!(out, "<span class=\"{classes}\" data-n=\"{number}\">{line}</span>")
            .expect(INFALLIBLE);
    }
}
