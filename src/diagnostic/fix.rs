//! Certain fixes: edits of a file that mend a finding and change nothing else.
//!
//! Takes the text of a file and the fixes of its findings, gives the text with as many of them as do
//! not touch each other. It reads and writes no file; `mend` does.

use std::collections::BTreeMap;

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

impl Edit {
    /// Whether its bytes are those of whole characters of the text.
    pub(super) fn fits(&self, source: &SourceText) -> bool {
        self.span == source.clamp(self.span)
    }
}

/// Applies fixes to a text; gives the new text and which of them were applied.
pub fn apply(source: &SourceText, fixes: &[&Fix]) -> (String, Vec<bool>) {
    let (edits, applied) = choose(source, fixes);
    let edits: Vec<Edit> = edits.into_iter().cloned().collect();
    (splice(source.text(), &edits), applied)
}

/// The edits of the fixes that can be applied together, by place, and which fixes those are.
///
/// A fix that touches an edit of an earlier one is left for the next run: what it says about the
/// text may hold no longer.
pub fn choose<'a>(source: &SourceText, fixes: &[&'a Fix]) -> (Vec<&'a Edit>, Vec<bool>) {
    let mut chosen: BTreeMap<usize, &Edit> = BTreeMap::new();
    let mut applied = Vec::with_capacity(fixes.len());
    for fix in fixes {
        let is_free = fix.edits.iter().all(|edit| {
            let before = chosen.range(..=edit.span.end).next_back();
            edit.fits(source) && before.is_none_or(|(_, other)| other.span.end < edit.span.start)
        });
        if is_free {
            chosen.extend(fix.edits.iter().map(|edit| (edit.span.start, edit)));
        }
        applied.push(is_free);
    }
    (chosen.into_values().collect(), applied)
}

/// A text with edits, which stand in the order of their places and do not touch.
pub fn splice(text: &str, edits: &[Edit]) -> String {
    let mut spliced = String::with_capacity(text.len());
    let mut at = 0;
    for Edit { span, text: new } in edits {
        spliced.push_str(&text[at..span.start]);
        spliced.push_str(new);
        at = span.end;
    }
    spliced + &text[at..]
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
