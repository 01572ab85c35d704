//! Certain fixes, written to the files of a guide.
//!
//! Takes findings and the folder of the guide, gives what was changed. A file is written whole beside
//! the old one and takes its place in one step; one that has changed since it was read is left alone,
//! and line ends and a byte-order mark stay as they were.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Edit, Fix, choose, splice};
use crate::path::ContentPath;
use crate::publish::{Failure, during};
use crate::text::{SourceText, Span};

/// One fix that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// The file.
    pub path: ContentPath,
    /// The line of the finding, before the change.
    pub line: usize,
    /// The finding's code.
    pub code: &'static str,
    /// What the fix did.
    pub title: String,
}

/// Writes every fix that touches no other; what is left is for the next run.
///
/// # Errors
///
/// [`Failure::Machine`] if a file cannot be read or written: it is as it was, and files before it in
/// the order of their paths have been mended.
pub fn mend(root: &Path, diagnostics: &[Diagnostic]) -> Result<Vec<Mended>, Failure> {
    let mut mended = Vec::new();
    for (path, (source, findings)) in by_file(diagnostics) {
        let fixes: Vec<&Fix> = findings.iter().filter_map(|found| found.fix.as_ref()).collect();
        let (edits, applied) = choose(source, &fixes);
        if rewrite(root, source, &edits)? == Rewritten::No {
            continue;
        }
        let applied = findings.into_iter().zip(applied).filter(|(_, is_applied)| *is_applied);
        mended.extend(applied.filter_map(|(found, _)| told(path, source, found)));
    }
    Ok(mended)
}

/// Whether a file has been rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rewritten {
    /// It has.
    Yes,
    /// It has changed since it was read, and was left alone.
    No,
}

/// Writes edits of a text, in the order of their places, to the file that it was read from.
///
/// # Errors
///
/// [`Failure::Machine`] if the file cannot be read or written: it is as it was.
pub fn rewrite(root: &Path, source: &SourceText, edits: &[&Edit]) -> Result<Rewritten, Failure> {
    let file = root.join(source.path().as_str());
    let bytes = during("read", &file, fs::read(&file))?;
    let Ok(written) = String::from_utf8(bytes) else { return Ok(Rewritten::No) };
    if SourceText::new(source.path().clone(), &written).text() != source.text() {
        return Ok(Rewritten::No);
    }
    replace(&file, &splice(&written, &as_on_disk(&written, edits)))?;
    Ok(Rewritten::Yes)
}

type Findings<'a> = (&'a Arc<SourceText>, Vec<&'a Diagnostic>);

fn by_file(diagnostics: &[Diagnostic]) -> BTreeMap<&ContentPath, Findings<'_>> {
    let mut files: BTreeMap<&ContentPath, Findings<'_>> = BTreeMap::new();
    for diagnostic in diagnostics {
        if let (Some(source), Some(_)) = (diagnostic.source(), &diagnostic.fix) {
            files.entry(source.path()).or_insert((source, Vec::new())).1.push(diagnostic);
        }
    }
    files
}

fn told(path: &ContentPath, source: &SourceText, found: &Diagnostic) -> Option<Mended> {
    let title = found.fix.as_ref()?.title.clone();
    let line = source.position(found.span()?.start).line;
    Some(Mended { path: path.clone(), line, code: found.code.as_str(), title })
}

/// The same edits for the text with the line ends that the file has.
fn as_on_disk(written: &str, edits: &[&Edit]) -> Vec<Edit> {
    let line_end = match written.find(['\r', '\n']) {
        Some(at) if written[at..].starts_with("\r\n") => "\r\n",
        Some(at) if written[at..].starts_with('\r') => "\r",
        _ => "\n",
    };
    // For each byte of the text as it was read, and for its end, where it stands in the file.
    let mut offsets = Vec::with_capacity(written.len() + 1);
    let mut at = if written.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    while at < written.len() {
        offsets.push(at);
        at += if written[at..].starts_with("\r\n") { 2 } else { 1 };
        while !written.is_char_boundary(at) {
            offsets.push(at);
            at += 1;
        }
    }
    offsets.push(written.len());
    edits
        .iter()
        .map(|Edit { span, text }| Edit {
            span: Span { start: offsets[span.start], end: offsets[span.end] },
            text: text.replace('\n', line_end),
        })
        .collect()
}

/// Puts a new text in the place of a file, in one step.
fn replace(file: &Path, text: &str) -> Result<(), Failure> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    // Names with a dot in front are not read as content, should this one ever be left behind.
    let temporary = file.with_file_name(format!(".{name}.{}.askbook-fix", std::process::id()));
    let metadata = during("read", file, fs::metadata(file))?;
    // A clone can hold a link of this name: writing through it would change a file somewhere else.
    let create = || File::create_new(&temporary)?.write_all(text.as_bytes());
    let written = during("write", &temporary, create())
        .and_then(|()| {
            let permissions = fs::set_permissions(&temporary, metadata.permissions());
            during("set the permissions of", &temporary, permissions)
        })
        .and_then(|()| during("replace", file, fs::rename(&temporary, file)));
    if written.is_err() {
        // The failure that is told is the first one.
        drop(fs::remove_file(&temporary));
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_and_the_byte_order_mark_stay_as_they_were() {
        let written = "\u{feff}é one \r\ntwo\rthree\n";
        let source = SourceText::new(ContentPath::new("a.md"), written);
        assert_eq!(source.text(), "é one \ntwo\nthree\n");
        let edit = |span, text: &str| Edit { span, text: text.to_owned() };
        let edits =
            [edit(Span { start: 6, end: 7 }, ""), edit(Span { start: 12, end: 17 }, "3\n4")];
        let edits = as_on_disk(written, &edits.iter().collect::<Vec<_>>());
        assert_eq!(splice(written, &edits), "\u{feff}é one\r\ntwo\r3\r\n4\n");
    }
}
