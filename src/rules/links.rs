//! Rules about who leads to whom.
//!
//! Takes the whole guide with its links resolved, gives a finding for each question that readers of
//! other pages do not come to.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::guide::{Destination, Guide, Question};
use crate::path::UrlPath;

/// A question that no other page links to is found only by search and in lists.
pub(super) fn orphan(guide: &Guide, diagnostics: &mut Vec<Diagnostic>) {
    // Of one question nothing else could lead to it; a page that could not be read may do so.
    if guide.questions.len() < 2 || !guide.is_whole {
        return;
    }
    let pages = guide.pages.iter().flat_map(|page| page.destinations.values());
    let from_pages: BTreeSet<&UrlPath> = pages
        .filter_map(|destination| match destination {
            Destination::Page { url, .. } => Some(url),
            Destination::External(_)
            | Destination::File(_)
            | Destination::Picture(_)
            | Destination::Nowhere => None,
        })
        .collect();
    for question in &guide.questions {
        if question.backlinks.is_empty() && !from_pages.contains(&question.url) {
            let title = &question.matter().title;
            diagnostics.push(
                Diagnostic::at(
                    Code::QuestionOrphan,
                    question.document.place(title.span),
                    "no other page links to this question",
                )
                .help("name it under `related` of a question near to it, or link to it in a text"),
            );
        }
    }
}

/// Two addresses that a reader takes for one: `level-1` and `level-l`, `modern` and `modem`.
pub(super) fn lookalike(guide: &Guide, diagnostics: &mut Vec<Diagnostic>) {
    let questions = guide.questions.iter().map(|question| (&question.url, &question.document));
    let pages = guide.pages.iter().map(|page| (&page.url, &page.document));
    let mut seen: BTreeMap<String, &UrlPath> = BTreeMap::new();
    for (url, document) in questions.chain(pages) {
        let shape = url.as_str().replace("rn", "m").replace("vv", "w");
        let shape = shape.replace('0', "o").replace('1', "l");
        if let Some(first) = seen.insert(shape, url) {
            let message = format!("the address `{url}` looks like `{first}`");
            let place = Place::start_of(&document.source);
            diagnostics.push(
                Diagnostic::at(Code::QuestionLookalike, place, message).help("rename one of them"),
            );
        }
    }
}

/// Related questions that are all written, and none of which leads back.
///
/// One that is wanted or a draft cannot lead back yet, so the judgement waits for it.
pub(super) fn one_way(guide: &Guide, diagnostics: &mut Vec<Diagnostic>) {
    for (id, question) in guide.question_ids() {
        let Some(related) = &question.matter().related else { continue };
        let is_whole = question.related.len() == related.value.len();
        let leads_back =
            |other: &Question| other.related.contains(&id) || links_to(other, question);
        let returns = question.related.iter().any(|other| leads_back(guide.question(*other)));
        if is_whole && !question.related.is_empty() && !returns {
            diagnostics.push(
                Diagnostic::at(
                    Code::RelatedOneWay,
                    question.document.place(related.span),
                    "none of the related questions leads back here",
                )
                .help("name this question under `related` of one of them, or choose nearer ones"),
            );
        }
    }
}

fn links_to(from: &Question, to: &Question) -> bool {
    from.destinations.values().any(|destination| match destination {
        Destination::Page { url, .. } => *url == to.url,
        Destination::External(_)
        | Destination::File(_)
        | Destination::Picture(_)
        | Destination::Nowhere => false,
    })
}
