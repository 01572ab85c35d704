//! A guide in which one page says the same of itself in other words.
//!
//! Takes a guide and a newer version of one of its pages, gives the guide with that version in it, if
//! nothing can differ but the page itself. What other pages show of it, link to in it or are told by
//! it has to be the same: otherwise only all documents together give the new guide.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Destination, Guide, Page, Question, QuestionId};
use crate::document::{Document, Link};

/// Which page of a guide was reworded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reworded {
    /// A question.
    Question(QuestionId),
    /// A written page, by its position.
    Page(usize),
}

impl Guide {
    /// The guide with another version of a page; the guide as it was if more than the page may differ.
    pub fn reworded(mut self, document: &Arc<Document>) -> (Self, Option<Reworded>) {
        let is_it = |old: &Document| old.source.path() == document.source.path();
        let question = self.questions.iter().position(|one| is_it(&one.document));
        if let Some(index) = question {
            let Question { document: old, destinations, .. } = &mut self.questions[index];
            let done = replace(old, destinations, document);
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
    let matter = |document: &Document| document.source.text()[..document.body.offset].to_owned();
    let ids = |document: &Document| {
        let headings = document.body.headings.iter();
        headings.map(|one| (one.id.clone(), one.written_id.clone())).collect::<Vec<_>>()
    };
    let (before, after) = (&old.body.links, &new.body.links);
    let leads_as_before = before.len() == after.len()
        && before.iter().zip(after).all(|(a, b)| (a.kind, &a.written) == (b.kind, &b.written));
    // What an excerpt shows is another file's.
    let has_excerpt = new.body.code.iter().any(|block| block.fence.file.is_some());
    if !leads_as_before || has_excerpt || matter(old) != matter(new) || ids(old) != ids(new) {
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
