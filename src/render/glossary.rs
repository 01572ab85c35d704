//! Views of the glossary: its page, and what the terms of another page mean.

use super::question::page_neighbour;
use super::view::{Day, GlossaryEntry, GlossaryView, Html, Letter, Meaning, SeeRef};
use super::{Base, Site};
use crate::guide::{Entry, Guide, See};
use crate::markup::{Fragments, Title, escaped};

/// What the terms that a page links to mean, in the order of the glossary.
pub(super) fn meanings<'a>(site: &Site<'a>, fragments: &Fragments<'_>) -> Vec<Meaning<'a>> {
    let entries = &site.guide.glossary.entries;
    let meaning = |entry: &'a Entry| Meaning {
        slug: &entry.slug,
        term_html: Html(escaped(&entry.term)),
        definition_html: Html(Title::new(&entry.definition).html),
    };
    fragments.terms().into_iter().map(|term| meaning(&entries[term])).collect()
}

/// The glossary, by letter.
pub(super) fn page<'a>(site: &Site<'a>, base: &Base, index: usize) -> GlossaryView<'a> {
    let guide = site.guide;
    let glossary = &guide.glossary;
    let page = &guide.pages[index];
    let headings = &page.document.body.headings;
    let letters = glossary.entries.chunk_by(|a, b| a.letter() == b.letter()).zip(headings);
    let letter = |(entries, heading): (&'a [Entry], &crate::document::Heading)| Letter {
        id: heading.id.clone(),
        name: heading.text.clone(),
        entries: entries.iter().map(|entry| view(site, base, entry)).collect(),
    };
    GlossaryView {
        title: &page.matter().title.value,
        summary: page.matter().summary.as_ref().map(|text| text.value.as_str()),
        introduction_html: glossary.introduction.as_deref().map(|text| Html(Title::new(text).html)),
        count: glossary.entries.len(),
        letters: letters.map(letter).collect(),
        updated: page.updated.map(|day| Day::new(day, &site.theme.strings)),
        previous: index.checked_sub(1).and_then(|index| page_neighbour(site, base, index)),
        next: page_neighbour(site, base, index + 1),
    }
}

fn view<'a>(site: &Site<'a>, base: &Base, entry: &'a Entry) -> GlossaryEntry<'a> {
    GlossaryEntry {
        id: entry.anchor(),
        term_html: Html(escaped(&entry.term)),
        definition_html: Html(Title::new(&entry.definition).html),
        aliases: entry.aliases.iter().map(|alias| alias.value.as_str()).collect(),
        see: entry.see.iter().map(|see| reference(site, base, *see)).collect(),
    }
}

fn reference(site: &Site<'_>, base: &Base, see: See) -> SeeRef {
    let Guide { pages, glossary, .. } = site.guide;
    match see {
        See::Question(id) => {
            // Hundreds of links stand on the page: a question is named by its first other wording.
            let question = site.guide.question(id);
            let title = site.title(id);
            let wording = question.matter().wordings().next();
            let wording = wording.filter(|wording| wording.len() < title.text.len());
            SeeRef {
                title_html: Html(wording.map_or_else(|| title.html.clone(), escaped)),
                url: base.to(&question.url),
            }
        }
        See::Page(page) => SeeRef {
            title_html: Html(escaped(&pages[page].matter().title.value)),
            url: base.to(&pages[page].url),
        },
        See::Entry(entry) => SeeRef {
            title_html: Html(escaped(&glossary.entries[entry].term)),
            url: format!("#{}", glossary.entries[entry].anchor()),
        },
    }
}
