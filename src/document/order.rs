//! The order of keys in front matter.
//!
//! Takes the keys of a page with their places, gives a finding and the fix that sorts them. It moves
//! whole lines with the comments above them and changes none.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Fix, Place};
use crate::field::Field;
use crate::text::{SourceText, Span};

/// Reports the first key that stands behind one of a later rank.
pub(super) fn check(
    source: &Arc<SourceText>,
    matter: Span,
    keys: &[(String, Span)],
    fields: &[Field],
    diagnostics: &mut Vec<Diagnostic>,
) {
    // TOML itself keeps tables behind all other keys, and an unknown key has no place to go to.
    let is_line = |span: &Span| source.text()[..span.start].ends_with('\n');
    let lines = keys.iter().filter(|(_, span)| is_line(span));
    let ranked: Option<Vec<(usize, Span)>> = lines
        .map(|(key, span)| Some((fields.iter().position(|known| known.key == key)?, *span)))
        .collect();
    let Some(ranked) = ranked else { return };
    let misplaced = ranked.iter().enumerate().find_map(|(at, (rank, span))| {
        let (later, _) = ranked[..at].iter().find(|(earlier, _)| earlier > rank)?;
        Some((*rank, *later, *span))
    });
    let Some((rank, later, span)) = misplaced else { return };
    let message = format!("`{}` stands behind `{}`", fields[rank].key, fields[later].key);
    let place =
        Place::new(source, Span { start: span.start, end: span.start + fields[rank].key.len() });
    diagnostics.push(
        Diagnostic::at(Code::FrontMatterOrder, place, message)
            .help(format!("move it in front of `{}`", fields[later].key))
            .fix(sorted(source.text(), matter, ranked)),
    );
}

/// Puts the lines of each key, with what stands above them, into the order of ranks.
fn sorted(text: &str, matter: Span, ranked: Vec<(usize, Span)>) -> Fix {
    let mut start = matter.start;
    let mut pieces: Vec<(usize, &str)> = Vec::with_capacity(ranked.len());
    for (rank, span) in ranked {
        let end = text[span.end..].find('\n').map_or(matter.end, |at| span.end + at + 1);
        pieces.push((rank, &text[start..end]));
        start = end;
    }
    pieces.sort_by_key(|(rank, _)| *rank);
    let whole: String = pieces.into_iter().map(|(_, piece)| piece).collect();
    Fix::replace("sort the keys", Span { start: matter.start, end: start }, whole)
}
