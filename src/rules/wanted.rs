//! Rules about the list of wanted questions.

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::guide::Guide;

/// A wanted question that has been written is wanted no more.
pub(super) fn written(guide: &Guide, diagnostics: &mut Vec<Diagnostic>) {
    for wanted in &guide.vocabularies.wanted {
        let written = guide
            .questions
            .binary_search_by(|question| question.matter().slug.as_str().cmp(&wanted.slug));
        let published = written.ok().map(|at| &guide.questions[at]);
        // A draft is on its way: it stays wanted until it is published.
        if let Some(question) = published.filter(|question| !question.matter().is_draft) {
            let source = &question.document.source;
            diagnostics.push(
                Diagnostic::at(
                    Code::WantedWritten,
                    wanted.place.clone(),
                    format!("`{}` has been written", wanted.slug),
                )
                .related(Place::start_of(source), "here it is")
                .help("take it out of the list"),
            );
        }
    }
}
