//! Certain fixes: edits of a file that mend a finding and change nothing else.
//!
//! Takes the text of a file and the fixes of its findings, gives the text with as many of them as do
//! not touch each other. It reads and writes no file; `mend` does.

use crate::text::{SourceText, Span};

/// A change that certainly mends a finding: what to put where in the finding's own file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the change does, as an order: "write `colour`".
    pub title: String,
    /// The edits, all of which belong together; none touches another.
    pub edits: Vec<Edit>,
}

/// Other bytes in the place of some.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// The bytes that go.
    pub span: Span,
    /// The text that comes.
    pub text: String,
}

impl Fix {
    /// A fix of one edit.
    pub fn replace(title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        Self { title: title.into(), edits: vec![Edit { span, text: text.into() }] }
    }
}

/// Applies fixes to a text, in the order given; gives the new text and which of them were applied.
///
/// A fix that touches an edit of an earlier one is left for the next run: what it says about the
/// text may hold no longer.
pub fn apply(source: &SourceText, fixes: &[&Fix]) -> (String, Vec<bool>) {
    let mut chosen: Vec<&Edit> = Vec::new();
    let mut applied = Vec::with_capacity(fixes.len());
    for fix in fixes {
        let is_free = fix.edits.iter().all(|edit| {
            edit.span == source.clamp(edit.span)
                && chosen.iter().all(|other| {
                    edit.span.end < other.span.start || other.span.end < edit.span.start
                })
        });
        if is_free {
            chosen.extend(&fix.edits);
        }
        applied.push(is_free);
    }
    chosen.sort();
    let mut text = String::with_capacity(source.text().len());
    let mut at = 0;
    for edit in chosen {
        text.push_str(&source.text()[at..edit.span.start]);
        text.push_str(&edit.text);
        at = edit.span.end;
    }
    text.push_str(&source.text()[at..]);
    (text, applied)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::ContentPath;

    #[test]
    fn fixes_that_touch_wait_for_the_next_run() {
        let source = SourceText::new(ContentPath::new("a.md"), "one two three");
        let at = |start, end, text: &str| Fix::replace("x", Span { start, end }, text);
        let fixes = [at(8, 13, "3"), at(0, 3, "1"), at(2, 5, "?")];
        let (text, applied) = apply(&source, &fixes.iter().collect::<Vec<_>>());
        assert_eq!((text.as_str(), applied), ("1 two 3", vec![true, true, false]));
    }
}
