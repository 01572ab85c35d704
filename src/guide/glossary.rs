//! The glossary: the terms of `content/glossary.toml`, and where text uses them.
//!
//! Takes the file, gives a [`Glossary`] and the [`Document`] of its page: written out as Markdown, the
//! glossary is a page like any other, which is searched, exported and linked to. It never looks at
//! where on a page a term may be marked: `markup` decides that.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};

use super::fields::GLOSSARY_FIELDS;
use super::{Page, Question, QuestionId, Vocabularies, link, vocabulary};
use crate::diagnostic::{Code, Diagnostic, Origin, Place};
use crate::document::{self, Document, Limits, Matter, read_markdown};
use crate::path::{ContentPath, UrlPath};
use crate::slug::slugify;
use crate::source::Sources;
use crate::table::{self, Spanned, Table};
use crate::text::{SourceText, nearest};

/// The file of the glossary, below the folder of content.
pub(super) const FILE: &str = "glossary.toml";
const INFALLIBLE: &str = "writing to a string cannot fail";

/// Every term that a guide explains.
#[derive(Clone, Debug, Default)]
pub struct Glossary {
    /// Entries in the order of the page: by term, whatever its case.
    pub entries: Vec<Entry>,
    /// What stands above the entries.
    pub introduction: Option<String>,
    forms: Option<Forms>,
}

/// One term.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name in anchors and in `see`.
    pub slug: String,
    /// The term as readers write it.
    pub term: String,
    /// What it means, in a sentence or two; only code is marked up in it.
    pub definition: String,
    /// Other forms under which text uses it.
    pub aliases: Vec<Spanned<String>>,
    /// Where to read on.
    pub see: Vec<See>,
    /// Whether text that uses the term is linked to it.
    pub mark: Mark,
    /// Where it is written.
    pub place: Place,
    written_see: Vec<Spanned<String>>,
}

/// Whether a term is looked for in text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Its first use on a page is linked to it.
    Uses,
    /// It has an everyday sense as well, or is kept for looking up.
    Never,
}

/// Where an entry sends its reader on to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum See {
    /// A question.
    Question(QuestionId),
    /// A written page, by its position.
    Page(usize),
    /// Another entry, by its position.
    Entry(usize),
}

impl Entry {
    /// Its anchor on the glossary's page.
    pub fn anchor(&self) -> String {
        format!("term-{}", self.slug)
    }

    /// The letter under which it stands: `#` for whatever is none.
    pub fn letter(&self) -> char {
        let first = self.slug.chars().next().filter(|first| first.is_alphabetic());
        first.map_or('#', |first| first.to_uppercase().next().unwrap_or(first))
    }
}

/// The forms of all terms as one automaton; each pattern knows its entry.
#[derive(Clone, Debug)]
struct Forms {
    automaton: Arc<AhoCorasick>,
    patterns: Vec<(String, usize)>,
}

impl Glossary {
    /// The address of its page.
    pub fn url() -> UrlPath {
        UrlPath::new("/guide/glossary/")
    }

    /// The position of an entry by the anchor on its page.
    pub fn by_anchor(&self, anchor: &str) -> Option<usize> {
        let slug = anchor.strip_prefix("term-")?;
        self.entries.iter().position(|entry| entry.slug == slug)
    }

    /// Uses of terms in a text, in its order: whole words, the longest form where several fit.
    ///
    /// A form with a capital behind its first letter (`REST`, `gRPC`) is found as it is written,
    /// others whatever their case.
    pub fn uses(&self, text: &str) -> Vec<(Range<usize>, usize)> {
        let Some(forms) = &self.forms else { return Vec::new() };
        let mut found: Vec<(Range<usize>, usize)> = forms
            .automaton
            .find_overlapping_iter(text)
            .filter_map(|found| {
                let (pattern, entry) = &forms.patterns[found.pattern().as_usize()];
                let range = found.range();
                let is_spelled = !has_inner_capital(pattern) || text[range.clone()] == **pattern;
                (is_spelled && is_whole_word(text, &range)).then_some((range, *entry))
            })
            .collect();
        found.sort_by_key(|(range, entry)| (range.start, std::cmp::Reverse(range.end), *entry));
        let mut end = 0;
        found.retain(|(range, _)| {
            let is_free = range.start >= end;
            if is_free {
                end = range.end;
            }
            is_free
        });
        found
    }

    /// Fills in where entries send their readers; the guide's questions and pages are known by now.
    pub(super) fn resolve(&mut self, names: &Names, diagnostics: &mut Vec<Diagnostic>) {
        let slugs: Vec<String> = self.entries.iter().map(|entry| entry.slug.clone()).collect();
        for entry in &mut self.entries {
            for written in &entry.written_see {
                let (target, known) = match written.value.strip_prefix('#') {
                    Some(slug) => match slugs.iter().position(|known| known == slug) {
                        Some(at) => (Target::Found(See::Entry(at)), None),
                        None => {
                            let near = nearest(slug, slugs.iter().map(String::as_str));
                            (Target::Unknown(None), near.map(|near| format!("#{near}")))
                        }
                    },
                    None => (names.find(&written.value), None),
                };
                match target {
                    Target::Found(see) => entry.see.push(see),
                    Target::Waits => {}
                    Target::Unknown(near) => {
                        let message =
                            format!("`see` names `{}`, which is not there", written.value);
                        let place = Place { span: written.span, ..entry.place.clone() };
                        diagnostics.push(
                            Diagnostic::at(Code::GlossaryUnknown, place, message).suggest(
                                near.or(known).as_deref(),
                                || {
                                    "name a question, a page as `guide/faq`, or a term as `#acid`"
                                        .to_owned()
                                },
                            ),
                        );
                    }
                }
            }
        }
    }
}

/// What `see` may name besides terms; drafts and wanted questions have a name and lead nowhere yet.
pub(super) struct Names(BTreeMap<String, Option<See>>);

impl Names {
    pub(super) fn new(
        vocabularies: &Vocabularies,
        documents: &[Arc<Document>],
        unread: &BTreeSet<ContentPath>,
        questions: &[Question],
        pages: &[Page],
    ) -> Self {
        let wanted = vocabularies.wanted.iter().map(|wanted| (wanted.slug.clone(), None));
        let unread = unread.iter().filter_map(|path| {
            let page = path.as_str().strip_prefix("content/guide/");
            let page = page.and_then(|page| page.strip_suffix(".md"));
            let page = page.map(|page| format!("guide/{page}"));
            Some((page.or_else(|| link::question(path).map(str::to_owned))?, None))
        });
        let written = documents.iter().map(|document| (name(document), None));
        let mut names: BTreeMap<String, Option<See>> =
            wanted.chain(unread).chain(written).collect();
        names.extend(questions.iter().enumerate().map(|(index, question)| {
            (name(&question.document), Some(See::Question(QuestionId(index))))
        }));
        names.extend(
            pages.iter().enumerate().map(|(at, page)| (name(&page.document), Some(See::Page(at)))),
        );
        Self(names)
    }

    fn find(&self, name: &str) -> Target {
        match self.0.get(name) {
            Some(Some(see)) => Target::Found(*see),
            Some(None) => Target::Waits,
            None => {
                let near = nearest(name, self.0.keys().map(String::as_str));
                Target::Unknown(near.map(str::to_owned))
            }
        }
    }
}

/// What a name in `see` leads to.
enum Target {
    /// It is there.
    Found(See),
    /// It is a draft, or wanted: it will be there.
    Waits,
    /// It is not; perhaps another name was meant.
    Unknown(Option<String>),
}

/// How `see` names a document.
fn name(document: &Document) -> String {
    match &document.matter {
        Matter::Question(matter) => matter.slug.clone(),
        Matter::Guide(matter) => format!("guide/{}", matter.slug),
    }
}

impl Page {
    /// Whether this is the page of the glossary, which is made from its entries.
    pub fn is_glossary(&self) -> bool {
        is_page(&self.document)
    }
}

/// Whether a document is the glossary's page.
pub(super) fn is_page(document: &Document) -> bool {
    document.source.path().as_str() == "content/glossary.toml"
}

fn has_inner_capital(form: &str) -> bool {
    form.chars().skip(1).any(char::is_uppercase)
}

/// Whether neither side of a range goes on with the same word; a hyphen joins words.
fn is_whole_word(text: &str, range: &Range<usize>) -> bool {
    let goes_on = |mut outwards: Box<dyn Iterator<Item = char> + '_>| match outwards.next() {
        Some('-') => outwards.next().is_some_and(char::is_alphanumeric),
        Some(c) => c.is_alphanumeric() || c == '_',
        None => false,
    };
    !goes_on(Box::new(text[..range.start].chars().rev()))
        && !goes_on(Box::new(text[range.end..].chars()))
}

/// Reads the glossary and adds its page to the documents; a guide without the file has an empty one
/// and no page.
pub(super) fn read(
    documents: Vec<Arc<Document>>,
    sources: &Sources,
    limits: &Limits,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Glossary, Vec<Arc<Document>>) {
    let (glossary, page) = read_file(&documents, sources, limits, diagnostics);
    (glossary, documents.into_iter().chain(page.map(Arc::new)).collect())
}

fn read_file(
    documents: &[Arc<Document>],
    sources: &Sources,
    limits: &Limits,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Glossary, Option<Document>) {
    let Some(source) = vocabulary::file(sources, FILE) else {
        return (Glossary::default(), None);
    };
    let Some(table) = table::parse_file(source, "the glossary", diagnostics) else {
        return (Glossary::default(), None);
    };
    let mut table = table.declared(GLOSSARY_FIELDS);
    let title = table.required_string("title", diagnostics);
    let summary = table.string("summary", diagnostics);
    let introduction = plain(&mut table, "introduction", diagnostics);
    let order = table.number("order", diagnostics);
    let updated = table.date("updated", diagnostics);
    let entries = entries(&mut table, diagnostics);
    table.finish(diagnostics);
    let forms = forms(&entries, diagnostics);
    let glossary = Glossary { entries, introduction, forms };
    let document = title.and_then(|title| {
        let mut text = String::from("+++\n");
        let mut key = |name: &str, value: toml::Value| {
            writeln!(text, "{name} = {value}").expect(INFALLIBLE);
        };
        key("title", title.value.into());
        if let Some(summary) = summary {
            key("summary", summary.value.into());
        }
        if let Some(order) = order.and_then(|order| i64::try_from(order.value).ok()) {
            key("order", order.into());
        }
        if let Some(updated) = updated {
            writeln!(text, "updated = {}", updated.value).expect(INFALLIBLE);
        }
        text.push_str("+++\n");
        write_markdown(&glossary, documents, &mut text);
        let written = SourceText::new(source.path().clone(), &text);
        let parsed = document::parse(&written, limits);
        // What is wrong stands in the file, not in the Markdown that was made of it.
        diagnostics.extend(parsed.diagnostics.into_iter().map(|found| Diagnostic {
            origin: Origin::Place(Place::start_of(source)),
            fix: None,
            ..found
        }));
        parsed.value
    });
    (glossary, document)
}

fn entries(table: &mut Table<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Entry> {
    let mut seen: BTreeMap<String, Place> = BTreeMap::new();
    let mut entries = Vec::new();
    for mut row in table.tables("term", "a term", diagnostics) {
        let term = row.required_string("term", diagnostics);
        if row.key_span("definition").is_none() {
            row.missing(Code::FieldMissing, "definition", diagnostics);
        }
        let definition = plain(&mut row, "definition", diagnostics);
        let aliases = row.strings("aliases", diagnostics).map(|list| list.value);
        let written_see = row.strings("see", diagnostics).map(|list| list.value);
        let mark = match row.boolean("mark", diagnostics).map(|mark| mark.value) {
            Some(false) => Mark::Never,
            Some(true) | None => Mark::Uses,
        };
        let place = term.as_ref().map(|term| row.place(term.span));
        row.finish(diagnostics);
        let (Some(term), Some(definition), Some(place)) = (term, definition, place) else {
            continue;
        };
        let slug = slugify(&term.value);
        if slug.is_empty() {
            let message = format!("`{}` has no letter or digit", term.value);
            let help = "write the term as a reader would look it up";
            diagnostics.push(Diagnostic::at(Code::FieldValue, place, message).help(help));
            continue;
        }
        if let Some(first) = seen.get(&slug) {
            diagnostics.push(duplicate(&term.value, place, first));
            continue;
        }
        seen.insert(slug.clone(), place.clone());
        entries.push(Entry {
            slug,
            term: term.value,
            definition,
            aliases: aliases.unwrap_or_default(),
            see: Vec::new(),
            mark,
            place,
            written_see: written_see.unwrap_or_default(),
        });
    }
    entries.sort_by(|a, b| (a.letter(), &a.slug).cmp(&(b.letter(), &b.slug)));
    entries
}

fn duplicate(form: &str, place: Place, first: &Place) -> Diagnostic {
    Diagnostic::at(Code::GlossaryDuplicate, place, format!("`{form}` is explained twice"))
        .related(first.clone(), "it is first explained here")
        .help("keep one of them")
}

/// One paragraph of text in which only code is marked up: it is shown in places that can hold no link.
fn plain(
    table: &mut Table<'_>,
    key: &'static str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    use pulldown_cmark::{Event, Tag, TagEnd};
    let text = table.string(key, diagnostics)?;
    let (events, findings) = read_markdown(&text.value);
    let is_plain = events.iter().enumerate().all(|(index, (event, _))| match event {
        Event::Start(Tag::Paragraph) => index == 0,
        Event::Text(_) | Event::Code(_) | Event::SoftBreak | Event::End(TagEnd::Paragraph) => true,
        _ => false,
    });
    if !(is_plain && findings.is_empty()) {
        let message = format!("`{key}` is more than one paragraph of plain text");
        diagnostics.push(
            Diagnostic::at(Code::FieldValue, table.place(text.span), message)
                .help("take the markup out: only code between back-ticks is shown as such"),
        );
    }
    Some(text.value)
}

/// Collects the forms that text is searched for; a form belongs to one entry.
fn forms(entries: &[Entry], diagnostics: &mut Vec<Diagnostic>) -> Option<Forms> {
    let mut claimed: BTreeMap<String, usize> = BTreeMap::new();
    let mut patterns = Vec::new();
    let terms = entries.iter().enumerate().map(|(at, entry)| (&entry.term, at, entry.place.span));
    let aliases = entries.iter().enumerate().flat_map(|(at, entry)| {
        entry.aliases.iter().map(move |alias| (&alias.value, at, alias.span))
    });
    for (form, at, span) in terms.chain(aliases) {
        let key = if has_inner_capital(form) { form.clone() } else { form.to_lowercase() };
        if let Some(first) = claimed.get(&key) {
            let place = Place { span, ..entries[at].place.clone() };
            diagnostics.push(duplicate(form, place, &entries[*first].place));
            continue;
        }
        claimed.insert(key, at);
        if entries[at].mark == Mark::Uses {
            patterns.push((form.clone(), at));
        }
    }
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .ascii_case_insensitive(true)
        .build(patterns.iter().map(|(form, _)| form))
        .expect("a file of bounded size holds fewer forms than the automaton has states");
    (!patterns.is_empty()).then(|| Forms { automaton: Arc::new(automaton), patterns })
}

/// Writes the page: a heading a letter, below it the terms with their definitions.
fn write_markdown(glossary: &Glossary, documents: &[Arc<Document>], out: &mut String) {
    let pages: BTreeMap<String, (&ContentPath, &str)> = documents
        .iter()
        .filter_map(|document| {
            let title = match &document.matter {
                Matter::Question(matter) => &matter.title.value,
                Matter::Guide(matter) => &matter.title.value,
            };
            let page = (document.source.path(), title.as_str());
            (!document.is_draft()).then(|| (name(document), page))
        })
        .collect();
    if let Some(introduction) = &glossary.introduction {
        writeln!(out, "{introduction}\n").expect(INFALLIBLE);
    }
    for entries in glossary.entries.chunk_by(|a, b| a.letter() == b.letter()) {
        writeln!(out, "## {}\n", heading(entries[0].letter())).expect(INFALLIBLE);
        for entry in entries {
            write!(out, "{}\n: {}", entry.term, entry.definition).expect(INFALLIBLE);
            let links: Vec<String> = entry
                .written_see
                .iter()
                .filter_map(|see| pages.get(&see.value))
                .map(|(path, title)| {
                    let path = path.as_str().strip_prefix("content/").unwrap_or(path.as_str());
                    format!("[{}]({path})", title.replace('[', "\\[").replace(']', "\\]"))
                })
                .collect();
            if !links.is_empty() {
                write!(out, " → {}", links.join(" · ")).expect(INFALLIBLE);
            }
            out.push_str("\n\n");
        }
    }
}

/// A letter as a heading; `#` alone would be an empty one.
fn heading(letter: char) -> String {
    match letter {
        '#' => "0–9".to_owned(),
        letter => letter.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glossary(text: &str) -> (Glossary, Vec<Diagnostic>) {
        let path = ContentPath::new("content/glossary.toml");
        let text = format!("title = \"Glossary\"\n{text}");
        let collected = crate::source::collect([(path, text.into_bytes())]);
        let mut diagnostics = collected.diagnostics;
        let (glossary, _) =
            read(Vec::new(), &collected.value, &Limits::default(), &mut diagnostics);
        (glossary, diagnostics)
    }

    /// The terms that a text uses, as it writes them, with the terms they stand for.
    fn uses(terms: &str, text: &str) -> Vec<(String, String)> {
        let (glossary, diagnostics) = glossary(terms);
        assert_eq!(diagnostics, []);
        let uses = glossary.uses(text).into_iter();
        uses.map(|(range, at)| (text[range].to_owned(), glossary.entries[at].term.clone()))
            .collect()
    }

    const TERMS: &str = "
        [[term]]
        term = \"Cache\"
        definition = \"Kept near.\"
        aliases = [\"caches\"]
        [[term]]
        term = \"Cache stampede\"
        definition = \"Many at once.\"
        [[term]]
        term = \"REST\"
        definition = \"A style.\"
        [[term]]
        term = \"Process\"
        definition = \"A running program.\"
        mark = false
    ";

    #[test]
    fn the_longest_form_of_whole_words_is_found() {
        let text = "A cache stampede empties caches; cached and cache-aside are other words.";
        let found = uses(TERMS, text);
        let found: Vec<_> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(found, [("cache stampede", "Cache stampede"), ("caches", "Cache")]);
    }

    #[test]
    fn acronyms_are_found_as_they_are_written() {
        let found = uses(TERMS, "The rest use REST. CACHES differ.");
        let found: Vec<_> = found.iter().map(|(a, _)| a.as_str()).collect();
        assert_eq!(found, ["REST", "CACHES"]);
    }

    #[test]
    fn a_term_that_is_not_marked_is_not_looked_for() {
        assert_eq!(uses(TERMS, "The interview process."), []);
    }

    #[test]
    fn characters_of_several_bytes_stand_beside_terms() {
        let found = uses(TERMS, "é cache—“cache” écache");
        let found: Vec<_> = found.iter().map(|(a, _)| a.as_str()).collect();
        assert_eq!(found, ["cache", "cache"]);
    }

    #[test]
    fn a_definition_holds_no_markup() {
        let text = "[[term]]\nterm = \"X\"\ndefinition = \"See [this](https://a.example).\"";
        let (_, diagnostics) = glossary(text);
        assert_eq!(diagnostics[0].code, Code::FieldValue);
    }
}
