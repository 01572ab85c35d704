//! Rules about words: American spellings, phrases that say nothing, what waits to be written.
//!
//! Takes the text of a page and the words to look for, gives a finding for each that stands in prose:
//! not in code, a quotation, an address or a name. One pass over the text looks for all words at once;
//! the Markdown is read again only if one is there.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use super::GUIDANCE;
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::document::{Document, Matter, read_markdown};
use crate::table::Spanned;
use crate::text::Span;

/// American spellings and the British ones.
const SPELLING: &str = include_str!("spelling.txt");
/// Phrases that say nothing.
const FILLER: &str = include_str!("filler.txt");
/// Marks that a writer leaves where something is still to be done.
const MARKS: [&str; 4] = ["TODO", "FIXME", "TBD", "XXX"];
/// The text that stands where text is to come.
const DUMMY: &str = "lorem ipsum";

/// What is looked for.
pub(super) struct Words {
    automaton: AhoCorasick,
    kinds: Vec<Kind>,
}

#[derive(Clone, Copy)]
enum Kind {
    /// An American spelling; this is the British one.
    Spelling(&'static str),
    Filler,
    Mark,
    Dummy,
    Guidance,
}

impl Words {
    /// The words of a guide in a language, with its own phrases; English is taken to be British
    /// unless the language says otherwise.
    pub(super) fn new(language: &str, own: &[String]) -> Self {
        let lines = |text: &'static str| {
            text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
        };
        let mut words: Vec<(&str, Kind)> = MARKS.map(|mark| (mark, Kind::Mark)).to_vec();
        words.extend([(DUMMY, Kind::Dummy), (GUIDANCE, Kind::Guidance)]);
        let primary = language.split('-').next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("en") {
            words.extend(lines(FILLER).map(|phrase| (phrase, Kind::Filler)));
            if !language.eq_ignore_ascii_case("en-US") {
                let pairs = lines(SPELLING).filter_map(|line| line.split_once(' '));
                words.extend(pairs.map(|(american, british)| (american, Kind::Spelling(british))));
            }
        }
        words.extend(own.iter().map(|phrase| (phrase.as_str(), Kind::Filler)));
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(words.iter().map(|(word, _)| word))
            .expect("the lists are far below the limits of the automaton");
        Self { automaton, kinds: words.into_iter().map(|(_, kind)| kind).collect() }
    }
}

/// Reports the words of a page.
pub(super) fn words(document: &Document, words: &Words, diagnostics: &mut Vec<Diagnostic>) {
    let text = document.source.text();
    let mut found = words
        .automaton
        .find_iter(text)
        .map(|found| (words.kinds[found.pattern().as_usize()], Span::from(found.range())))
        .filter(|(kind, span)| is_whole(text, *kind, *span))
        .peekable();
    if found.peek().is_none() {
        return;
    }
    let prose = Prose::of(document);
    for (kind, span) in found {
        let is_there = match kind {
            Kind::Guidance => !prose.is_code(span),
            Kind::Spelling(_) | Kind::Filler | Kind::Mark | Kind::Dummy => prose.holds(span),
        };
        if is_there {
            diagnostics.push(finding(document, kind, span));
        }
    }
}

fn finding(document: &Document, kind: Kind, span: Span) -> Diagnostic {
    let written = &document.source.text()[span.range()];
    let at = |code, message: String| Diagnostic::at(code, document.place(span), message);
    match kind {
        Kind::Spelling(british) => {
            let british = match written.starts_with(|c: char| c.is_ascii_uppercase()) {
                true => capitalised(british),
                false => british.to_owned(),
            };
            at(Code::TextSpelling, format!("`{written}` is the American spelling"))
                .help(format!("write `{british}`"))
                .fix(Fix::replace(format!("write `{british}`"), span, british))
        }
        Kind::Filler => at(Code::TextFiller, format!("`{written}` says nothing"))
            .help("say it without the phrase"),
        Kind::Mark | Kind::Dummy => {
            at(Code::TextPlaceholder, format!("`{written}` marks what is still to be written"))
                .help("write it, or take it out")
        }
        Kind::Guidance => at(Code::TextPlaceholder, "guidance still stands on the page".to_owned())
            .help("write what it asks for, and take the comment out"),
    }
}

fn capitalised(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_ascii_uppercase() + rest
}

/// Whether what was found is a word of its own that means what is looked for.
fn is_whole(text: &str, kind: Kind, span: Span) -> bool {
    if matches!(kind, Kind::Guidance) {
        return true;
    }
    let before = text[..span.start].chars().next_back();
    let mut after = text[span.end..].chars();
    let (next, second) = (after.next(), after.next());
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    // `color.css`, `/center/x`, `@labels`: a name, not a word.
    let is_name = before.is_some_and(|c| "/.@#$&=".contains(c))
        || next.is_some_and(|c| "/.@(=".contains(c)) && is_letter(second);
    if is_letter(before) || is_letter(next) || is_name {
        return false;
    }
    let written = &text[span.range()];
    let line = text[..span.start].rsplit('\n').next().unwrap_or_default();
    match kind {
        Kind::Spelling(_) => {
            let is_capital = written.starts_with(|c: char| c.is_ascii_uppercase());
            let is_shouted = written[1..].contains(|c: char| c.is_ascii_uppercase());
            !is_shouted && (!is_capital || begins_sentence(line))
        }
        // "Should a TODO stay?" speaks of the mark; "TODO: figures" is one.
        Kind::Mark => {
            MARKS.contains(&written)
                && (next.is_none_or(|c| ":(\n".contains(c))
                    || line.trim_start_matches([' ', '-', '*', '>', '[', '(']).is_empty())
        }
        Kind::Filler | Kind::Dummy | Kind::Guidance => true,
    }
}

/// Whether a capital letter behind this much of a line need not be that of a name.
fn begins_sentence(line: &str) -> bool {
    let line = line.trim_end_matches(|c: char| " \"'“‘(*_[".contains(c));
    line.is_empty() || line.ends_with(|c: char| ".?!:|#>-=+".contains(c) || c.is_ascii_digit())
}

/// Where a page has prose, in bytes of its file; the ranges stand in order.
struct Prose {
    text: Vec<Range<usize>>,
    code: Vec<Range<usize>>,
}

impl Prose {
    fn of(document: &Document) -> Self {
        let mut prose = Self { text: Vec::new(), code: Vec::new() };
        prose.matter(document);
        prose.body(document);
        prose
    }

    fn holds(&self, span: Span) -> bool {
        self.text.iter().any(|range| range.start <= span.start && span.end <= range.end)
    }

    fn is_code(&self, span: Span) -> bool {
        self.code.iter().any(|range| range.start <= span.start && span.end <= range.end)
    }

    /// The texts of front matter, without what stands between back-ticks.
    fn matter(&mut self, document: &Document) {
        let mut texts: Vec<&Spanned<String>> = Vec::new();
        let mut spans: Vec<Span> = Vec::new();
        match &document.matter {
            Matter::Question(matter) => {
                texts.push(&matter.title);
                texts.extend(matter.summary.iter().chain(&matter.evaluates));
                texts.extend(matter.asked_as.iter().flat_map(|list| &list.value));
                spans.extend(matter.rubric.iter().flat_map(|row| &row.places));
            }
            Matter::Guide(matter) => {
                texts.push(&matter.title);
                texts.extend(&matter.summary);
            }
        }
        spans.extend(texts.into_iter().map(|text| text.span));
        for span in spans {
            let mut at = span.start;
            for (index, part) in document.source.text()[span.range()].split('`').enumerate() {
                let range = at..at + part.len();
                at = range.end + 1;
                if index % 2 == 0 { &mut self.text } else { &mut self.code }.push(range);
            }
        }
    }

    fn body(&mut self, document: &Document) {
        let offset = document.body.offset;
        let mut silent = 0_usize;
        for (event, range) in read_markdown(document.body_text()).0 {
            let range = range.start + offset..range.end + offset;
            match event {
                Event::Start(Tag::CodeBlock(_)) => {
                    silent += 1;
                    self.code.push(range);
                }
                // A quotation is spelled as its author did, and an address is no word.
                Event::Start(Tag::BlockQuote(None)) => silent += 1,
                Event::Start(Tag::Link { link_type, .. }) if is_bare(link_type) => silent += 1,
                Event::End(TagEnd::CodeBlock | TagEnd::BlockQuote(None)) => silent -= 1,
                Event::End(TagEnd::Link) if self.ends_bare(document, &range) => silent -= 1,
                Event::Code(_) => self.code.push(range),
                Event::Text(_) if silent == 0 => self.text.push(range),
                _ => {}
            }
        }
    }

    /// An end event has the range of its start: an address as its own text is written so.
    fn ends_bare(&self, document: &Document, range: &Range<usize>) -> bool {
        document.source.text()[range.clone()].starts_with('<')
    }
}

fn is_bare(link: LinkType) -> bool {
    matches!(link, LinkType::Autolink | LinkType::Email)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_hold_nothing_twice() {
        for list in [SPELLING, FILLER] {
            let lines: Vec<&str> = list.lines().filter(|line| !line.starts_with('#')).collect();
            let mut sorted = lines.clone();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(lines, sorted);
            assert!(lines.iter().all(|line| *line == line.to_lowercase()));
        }
    }

    #[test]
    fn no_british_spelling_is_an_american_one() {
        let pairs: Vec<(&str, &str)> =
            SPELLING.lines().filter_map(|line| line.split_once(' ')).collect();
        for (american, british) in pairs.iter().filter(|(american, _)| *american != "#") {
            assert!(!pairs.iter().any(|(other, _)| other == british), "{american} {british}");
        }
    }

    #[test]
    fn a_name_is_no_word() {
        let is_found = |text: &str| {
            let words = Words::new("en", &[]);
            words.automaton.find_iter(text).any(|found| {
                let kind = words.kinds[found.pattern().as_usize()];
                is_whole(text, kind, Span::from(found.range()))
            })
        };
        for prose in
            ["a color.", "Color is", "(Color)", "color-coded", "TODO: x", "TBD", "- TODO x"]
        {
            assert!(is_found(prose), "{prose:?}");
        }
        for name in
            ["the Color class", "color.css", "a/color/b", "COLOR", "colorize_it", "a TODO here"]
        {
            assert!(!is_found(name), "{name:?}");
        }
    }
}
