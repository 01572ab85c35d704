//! Rules about the list of wanted questions.

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::guide::Guide;

/// A wanted question that has been written is wanted no more.
pub(super) fn written(guide: &Guide, diagnostics: &mut Vec<Diagnostic>) {
    for wanted in &guide.vocabularies.wanted {
        let written = guide
            .questions
            .binary_search_by(|question| question.matter().slug.as_str().cmp(&wanted.slug));
        if let Ok(at) = written {
            let source = &guide.questions[at].document.source;
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
