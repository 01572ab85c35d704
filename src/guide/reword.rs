//! A guide in which one page says what it says in other words.
//!
//! Takes a guide and a newer version of one of its pages, gives the guide with that version in it, if
//! that page can be made from it as from all documents together. Other pages may show the title and the
//! summary, and wait for them; where the page stands among them, what it leads to and what leads to a
//! place in it have to be the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Destination, Guide, Page, Question, QuestionId, assembly};
use crate::document::{Document, Link, Matter, QuestionMatter};
use crate::table::Spanned;

/// Which page of a guide was reworded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reworded {
    /// A question.
    Question(QuestionId),
    /// A written page, by its position.
    Page(usize),
}

impl Guide {
    /// The guide with another version of a page; the guide as it was if that may have changed the guide.
    pub fn reworded(mut self, document: &Arc<Document>) -> (Self, Option<Reworded>) {
        let is_it = |old: &Document| old.source.path() == document.source.path();
        let question = self.questions.iter().position(|one| is_it(&one.document));
        if let Some(index) = question {
            let title = self.questions[index].matter().title.value.clone();
            let Question { document: old, destinations, .. } = &mut self.questions[index];
            let done = replace(old, destinations, document);
            // Lists are long: a sentence more need not wait for their order.
            if done && self.questions[index].matter().title.value != title {
                assembly::place_anew(&mut self, QuestionId(index));
            }
            return (self, done.then_some(Reworded::Question(QuestionId(index))));
        }
        // The Markdown of the glossary is made from another file.
        let page = self.pages.iter().position(|one| is_it(&one.document) && !one.is_glossary());
        let done = page.filter(|index| {
            let Page { document: old, destinations, .. } = &mut self.pages[*index];
            replace(old, destinations, document)
        });
        (self, done.map(Reworded::Page))
    }
}

/// Puts the new version in the place of the old one, if it looks the same from outside.
fn replace(
    old: &mut Arc<Document>,
    destinations: &mut BTreeMap<usize, Destination>,
    new: &Arc<Document>,
) -> bool {
    let ids = |document: &Document| {
        let headings = document.body.headings.iter();
        headings.map(|one| (one.id.clone(), one.written_id.clone())).collect::<Vec<_>>()
    };
    let (before, after) = (&old.body.links, &new.body.links);
    let leads_as_before = before.len() == after.len()
        && before.iter().zip(after).all(|(a, b)| (a.kind, &a.written) == (b.kind, &b.written));
    // What an excerpt shows is another file's.
    let has_excerpt = new.body.code.iter().any(|block| block.fence.file.is_some());
    if !leads_as_before || has_excerpt || !stands_as_before(old, new) || ids(old) != ids(new) {
        return false;
    }
    let moved = |(before, after): (&Link, &Link)| {
        destinations.get(&before.event).map(|leads| (after.event, leads.clone()))
    };
    let moved = before.iter().zip(after).filter_map(moved).collect();
    *destinations = moved;
    *old = Arc::clone(new);
    true
}

/// Whether the front matter of two versions says the same of where the page stands in the guide.
fn stands_as_before(old: &Document, new: &Document) -> bool {
    if let (Matter::Question(old), Matter::Question(new)) = (&old.matter, &new.matter) {
        return standing(old) == standing(new);
    }
    let matter = |document: &Document| document.source.text()[..document.body.offset].to_owned();
    matter(old) == matter(new)
}

/// What a question says of where it stands; whether it has a rubric and sources, others can link to.
fn standing(matter: &QuestionMatter) -> impl PartialEq + use<> {
    let value = |text: &Spanned<String>| text.value.clone();
    let values = |list: &[Spanned<String>]| list.iter().map(value).collect::<Vec<_>>();
    (
        [value(&matter.category), value(&matter.level), matter.slug.clone()],
        [values(&matter.topics), values(&matter.aliases)],
        matter.kind.as_ref().map(value),
        matter.related.as_ref().map(|related| values(&related.value)),
        matter.updated.as_ref().map(|day| day.value),
        [matter.is_draft, matter.rubric.is_empty(), matter.sources.is_empty()],
    )
}
