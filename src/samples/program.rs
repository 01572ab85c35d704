//! The programs of a page: its blocks that are run, with all that each continues.
//!
//! Takes a document and the files beside it, gives programs in the page's order. Nothing is run here.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::run::Files;
use super::transcript;
use crate::diagnostic::Place;
use crate::document::{CodeBlock, Document, Language, Output, Run};
use crate::guide::beside;
use crate::source::Sources;
use crate::text::Span;

/// A block that is run, with all that it continues.
pub(super) struct Program<'a> {
    pub(super) document: &'a Document,
    pub(super) language: &'static Language,
    pub(super) place: Place,
    /// The code of the session up to and with this block; of a transcript, what is typed.
    pub(super) code: String,
    /// The code of the session before this block.
    pub(super) before: String,
    pub(super) form: Form,
    /// The output that the page shows, if it shows one.
    pub(super) shown: Option<Shown>,
    pub(super) files: Files,
}

impl Program<'_> {
    /// Whether it speaks to a database server: SQL does, other code if it names what tells where that is.
    pub(super) fn asks_database(&self) -> bool {
        let names = |text: &str| ["DSN", "PGHOST", "psql"].iter().any(|name| text.contains(name));
        let of_file = |bytes: &Arc<[u8]>| std::str::from_utf8(bytes).is_ok_and(names);
        self.form == Form::Transcript
            || self.language.name == "sql"
            || names(&self.code)
            || self.files.values().any(of_file)
    }
}

/// How a program is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As one file.
    File,
    /// Line by line, in several sessions of a database.
    Transcript,
}

/// An output block of a page.
pub(super) struct Shown {
    pub(super) place: Place,
    /// The span of its text, without the fences.
    pub(super) text: Span,
    pub(super) output: Output,
}

/// The programs of one page, in its order.
pub(super) fn of<'a>(document: &'a Document, sources: &Sources) -> Vec<Program<'a>> {
    let mut sessions: BTreeMap<(&str, &str), String> = BTreeMap::new();
    let mut programs = Vec::new();
    let blocks = &document.body.code;
    for (index, block) in blocks.iter().enumerate() {
        let form = if block.fence.is_transcript { Form::Transcript } else { Form::File };
        let language = match form {
            Form::Transcript => Language::named("sql"),
            Form::File => block.fence.language,
        };
        let Some(language) = language else { continue };
        let text = &document.source.text()[document.code_text(block).range()];
        let own = match form {
            Form::Transcript => transcript::typed(text),
            Form::File => whole_file(document, block, sources).unwrap_or_else(|| text.to_owned()),
        };
        let (before, code) = match (&block.fence.run, form) {
            (Run::Never, _) | (Run::Unsaid, Form::File) => continue,
            (Run::Alone, _) | (Run::Unsaid, Form::Transcript) => (String::new(), own),
            (Run::Session(name), Form::Transcript) => {
                (sessions.get(&(language.name, name.as_str())).cloned().unwrap_or_default(), own)
            }
            (Run::Session(name), Form::File) => {
                let session = sessions.entry((language.name, name)).or_default();
                let before = session.clone();
                session.push_str(&own);
                (before, session.clone())
            }
        };
        let shown = match form {
            Form::Transcript => Some(shown(document, block)),
            Form::File => {
                let next = blocks.get(index + 1).filter(|next| next.fence.output != Output::No);
                next.map(|next| shown(document, next))
            }
        };
        let place = document.place(block.span);
        let files = files(document, sources);
        programs.push(Program { document, language, place, code, before, form, shown, files });
    }
    programs
}

fn shown(document: &Document, block: &CodeBlock) -> Shown {
    let output = block.fence.output;
    Shown { place: document.place(block.span), text: document.code_text(block), output }
}

/// The text of the file that a block shows a part of: all of it is run.
fn whole_file(document: &Document, block: &CodeBlock, sources: &Sources) -> Option<String> {
    let (_, bytes) = beside(document, block.fence.file.as_deref()?, sources)?;
    std::str::from_utf8(bytes).map(str::to_owned).ok()
}

/// The files that stand in the page's own folder, by their path inside it.
fn files(document: &Document, sources: &Sources) -> Files {
    let path = document.source.path();
    if path.file_name() != "index.md" {
        return Files::new();
    }
    let folder = format!("{}/", path.folder());
    sources
        .attachments
        .iter()
        .filter_map(|(path, bytes)| {
            let inside = path.as_str().strip_prefix(&folder)?;
            Some((inside.to_owned(), Arc::clone(bytes)))
        })
        .collect()
}
