//! What is wrong with a guide: coded, placed, explained, collected.
//!
//! Every stage gives its findings as [`Diagnostic`] values beside its result ([`Checked`]); nothing
//! here prints. Wording lives with the code that finds the mistake, codes in [`Code`], and the
//! writers turn a sorted list into text.

mod code;
mod example;
mod fix;
mod json;
mod sarif;
mod unseen;
mod write;

use std::sync::Arc;

pub use code::{Code, Scope, Severity};
pub use example::{Example, Part};
pub use fix::{Edit, Fix, apply, choose, splice};
pub use sarif::sarif;
pub(crate) use unseen::{Part as UnclearPart, escaped, obeyed, unclear};
pub use write::{Format, Summary, write};

use crate::path::ContentPath;
use crate::text::{SourceText, Span};

/// A place in a file of the project, able to show its own line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub source: Arc<SourceText>,
    /// The bytes meant.
    pub span: Span,
}

impl Place {
    /// A span of a file; it is clamped to the text.
    pub fn new(source: &Arc<SourceText>, span: Span) -> Self {
        Self { source: Arc::clone(source), span: source.clamp(span) }
    }

    /// The beginning of a file.
    pub fn start_of(source: &Arc<SourceText>) -> Self {
        Self::new(source, Span::default())
    }
}

/// Where a diagnostic points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A span of a text file.
    Place(Place),
    /// A whole file whose text is not at hand: a picture, an unreadable file, an output.
    File(ContentPath),
    /// The guide as a whole.
    Guide,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule was broken.
    pub code: Code,
    /// How much it matters; begins as the code's own severity.
    pub severity: Severity,
    /// Where.
    pub origin: Origin,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// What certainly mends it, if anything does.
    pub fix: Option<Fix>,
    /// Other places that belong to the mistake, each with a word on why.
    pub related: Vec<(Place, String)>,
}

impl Diagnostic {
    /// A finding at a span.
    pub fn at(code: Code, place: Place, message: impl Into<String>) -> Self {
        Self::new(code, Origin::Place(place), message)
    }

    /// A finding about a whole file.
    pub fn in_file(code: Code, path: &ContentPath, message: impl Into<String>) -> Self {
        Self::new(code, Origin::File(path.clone()), message)
    }

    /// A finding about the guide as a whole.
    pub fn of_guide(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Origin::Guide, message)
    }

    fn new(code: Code, origin: Origin, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.default_severity(),
            origin,
            message: message.into(),
            help: None,
            fix: None,
            related: Vec::new(),
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds "did you mean" if there is a candidate, else what `otherwise` says.
    #[must_use]
    pub fn suggest(self, candidate: Option<&str>, otherwise: impl FnOnce() -> String) -> Self {
        match candidate {
            Some(candidate) => self.help(format!("did you mean `{candidate}`?")),
            None => self.help(otherwise()),
        }
    }

    /// Adds what certainly mends it; the edits are of the file in which the finding is placed.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        debug_assert!(matches!(self.origin, Origin::Place(_)), "a fix needs a file");
        self.fix = Some(fix);
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn related(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related.push((place, label.into()));
        self
    }

    /// The file, if it is about one.
    pub fn file(&self) -> Option<&ContentPath> {
        match &self.origin {
            Origin::Place(place) => Some(place.source.path()),
            Origin::File(path) => Some(path),
            Origin::Guide => None,
        }
    }

    /// The text file it is placed in, if it is.
    pub fn source(&self) -> Option<&Arc<SourceText>> {
        match &self.origin {
            Origin::Place(place) => Some(&place.source),
            Origin::File(_) | Origin::Guide => None,
        }
    }

    /// The bytes it is about, if it is placed in a text file.
    pub fn span(&self) -> Option<Span> {
        match &self.origin {
            Origin::Place(place) => Some(place.span),
            Origin::File(_) | Origin::Guide => None,
        }
    }

    fn sort_key(&self) -> (Option<&ContentPath>, Span, Code, &str) {
        (self.file(), self.span().unwrap_or_default(), self.code, &self.message)
    }
}

/// A value and what was found while making it.
#[derive(Clone, Debug)]
pub struct Checked<T> {
    /// The result.
    pub value: T,
    /// The findings, in no particular order.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Checked<T> {
    /// Takes the value and adds the findings to those of an enclosing stage.
    pub fn unpack(self, diagnostics: &mut Vec<Diagnostic>) -> T {
        diagnostics.extend(self.diagnostics);
        self.value
    }
}

/// Sorts findings by file, place and code, and drops repetitions.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    diagnostics.dedup();
}

/// Whether anything found forbids publishing.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}
