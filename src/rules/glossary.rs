//! Rules about the glossary.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::guide::{Destination, Glossary, Guide, Mark, See};

/// A term that no page uses explains nothing.
pub(super) fn unused(guide: &Guide, diagnostics: &mut Vec<Diagnostic>) {
    // A page that could not be read may use the term.
    if !guide.is_whole {
        return;
    }
    let glossary = &guide.glossary;
    let mut used: BTreeSet<usize> = BTreeSet::new();
    let questions =
        guide.questions.iter().map(|question| (&question.document, &question.destinations));
    let pages = guide.pages.iter().filter(|page| !page.is_glossary());
    let pages = pages.map(|page| (&page.document, &page.destinations));
    for (document, destinations) in questions.chain(pages) {
        used.extend(glossary.uses(document.body_text()).into_iter().map(|(_, term)| term));
        used.extend(destinations.values().filter_map(|destination| linked(glossary, destination)));
    }
    used.extend(glossary.entries.iter().flat_map(|entry| &entry.see).filter_map(|see| match see {
        See::Entry(other) => Some(*other),
        See::Question(_) | See::Page(_) => None,
    }));
    for (index, entry) in glossary.entries.iter().enumerate() {
        if entry.mark == Mark::Uses && !used.contains(&index) {
            diagnostics.push(
                Diagnostic::at(
                    Code::GlossaryUnused,
                    entry.place.clone(),
                    format!("no page uses the term `{}`", entry.term),
                )
                .help("add the form that pages use to `aliases`, or keep the entry for looking up with `mark = false`"),
            );
        }
    }
}

/// The term that a link leads to.
fn linked(glossary: &Glossary, destination: &Destination) -> Option<usize> {
    match destination {
        Destination::Page { url, anchor: Some(anchor) } if *url == Glossary::url() => {
            glossary.by_anchor(anchor)
        }
        Destination::Page { .. }
        | Destination::External(_)
        | Destination::File(_)
        | Destination::Picture(_)
        | Destination::Nowhere => None,
    }
}
