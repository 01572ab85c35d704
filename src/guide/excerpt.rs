//! Code that a page shows from a file beside it, held to that file.
//!
//! Takes the pages and the files beside them, gives what differs, with the fix. The page holds the
//! text itself, so that it reads whole wherever Markdown is read; the file is what is run.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::document::{CodeBlock, Document, excerpt};
use crate::path::ContentPath;
use crate::source::Sources;
use crate::text::nearest;

/// Checks the blocks of one page that name a file.
pub(super) fn check(document: &Document, sources: &Sources, diagnostics: &mut Vec<Diagnostic>) {
    for block in &document.body.code {
        if let Some(name) = &block.fence.file {
            diagnostics.extend(finding(document, block, name, sources));
        }
    }
}

/// The bytes of a file that a page names, which stands in the page's own folder or below it.
pub fn beside<'a>(
    document: &Document,
    name: &str,
    sources: &'a Sources,
) -> Option<(ContentPath, &'a Arc<[u8]>)> {
    let path = ContentPath::new(&format!("{}/{name}", document.source.path().folder()));
    let bytes = sources.attachments.get(&path)?;
    Some((path, bytes))
}

fn finding(
    document: &Document,
    block: &CodeBlock,
    name: &str,
    sources: &Sources,
) -> Option<Diagnostic> {
    let at = |message: String| Diagnostic::at(Code::CodeFile, document.place(block.span), message);
    let Some((path, bytes)) = beside(document, name, sources) else {
        let folder = format!("{}/", document.source.path().folder());
        if sources.unread.contains(&ContentPath::new(&format!("{folder}{name}"))) {
            return None;
        }
        let names = sources.attachments.keys();
        let names = names.filter_map(|path| path.as_str().strip_prefix(folder.as_str()));
        let message = format!("there is no file `{name}` beside the page");
        let help = || "put it into the page's own folder, or below it".to_owned();
        return Some(at(message).suggest(nearest(name, names), help));
    };
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Some(at(format!("`{path}` is not text")).help("show a file of UTF-8 text"));
    };
    let region = block.fence.region.as_deref();
    let Some(shown) = excerpt(&text.replace("\r\n", "\n"), region) else {
        let region = region.unwrap_or_default();
        let message = format!("`{name}` has no region `{region}`");
        let help = format!("begin it with a comment `region {region}`, end it with `endregion`");
        return Some(at(message).help(help));
    };
    let inside = document.code_text(block);
    let written = &document.source.text()[inside.range()];
    (written.trim_end() != shown.trim_end()).then(|| {
        at(format!("the block differs from `{name}`"))
            .help("`askbook check --fix` writes the file's text into the page")
            .fix(Fix::replace("write the file's text", inside, shown))
    })
}
