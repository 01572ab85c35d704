//! Numbers in settings: how long lists may get, and what a guide and its pages may hold.
//!
//! Takes the tables `[lists]` and `[limits]`, gives numbers that can be used as they are; what a number
//! bounds is enforced where that is made.

use super::unusable;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::document::{Document, Limits};
use crate::table::Table;

/// Lengths of lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lists {
    /// Entries on one page of an index.
    pub page_size: usize,
    /// Entries of the feed.
    pub feed_size: usize,
    /// Entries of the sidebar around the current page.
    pub sidebar_size: usize,
}

/// Bounds on what stands beside pages, and on the guide as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Largest picture or other file beside a page, in bytes; also all drawings of a page together.
    pub attachment_bytes: usize,
    /// Width and height of a raster picture, in pixels.
    pub picture_pixels: usize,
    /// Pages of the guide.
    pub pages: usize,
    /// Length of a path of the finished site, in bytes.
    pub path_bytes: usize,
}

impl Bounds {
    /// What is told of a guide with more pages than it may have, at the first page beyond.
    pub(crate) fn too_many_pages(&self, documents: &[Arc<Document>]) -> Option<Diagnostic> {
        let first = documents.get(self.pages)?;
        let (count, limit) = (documents.len(), self.pages);
        let message = format!("the guide has {count} pages, and this is the first beyond {limit}");
        let place = Place::start_of(&first.source);
        let help = "make two guides of it, or raise `limits.pages`";
        Some(Diagnostic::at(Code::GuideTooLarge, place, message).help(help))
    }
}

pub(super) fn lists(table: Option<Table<'_>>, diagnostics: &mut Vec<Diagnostic>) -> Lists {
    let mut lists = Lists { page_size: 100, feed_size: 20, sidebar_size: 60 };
    if let Some(mut table) = table {
        count(&mut table, "page_size", &mut lists.page_size, diagnostics);
        count(&mut table, "feed_size", &mut lists.feed_size, diagnostics);
        count(&mut table, "sidebar_size", &mut lists.sidebar_size, diagnostics);
        table.finish(diagnostics);
    }
    lists
}

pub(super) fn limits(
    table: Option<Table<'_>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Limits, Bounds) {
    let mut limits = Limits::default();
    let mut bounds = Bounds {
        attachment_bytes: 2 << 20,
        picture_pixels: 8_192,
        pages: 100_000,
        // Windows stops at 260 with the folder in front.
        path_bytes: 200,
    };
    if let Some(mut table) = table {
        count(&mut table, "page_bytes", &mut limits.page_bytes, diagnostics);
        count(&mut table, "front_matter_bytes", &mut limits.front_matter_bytes, diagnostics);
        count(&mut table, "events", &mut limits.events, diagnostics);
        count(&mut table, "nesting", &mut limits.nesting, diagnostics);
        count(&mut table, "code_bytes", &mut limits.code_bytes, diagnostics);
        count(&mut table, "line_characters", &mut limits.line_characters, diagnostics);
        count(&mut table, "attachment_bytes", &mut bounds.attachment_bytes, diagnostics);
        count(&mut table, "picture_pixels", &mut bounds.picture_pixels, diagnostics);
        count(&mut table, "pages", &mut bounds.pages, diagnostics);
        count(&mut table, "path_bytes", &mut bounds.path_bytes, diagnostics);
        table.finish(diagnostics);
    }
    (limits, bounds)
}

/// Reads a number from 1 to a billion into `setting`, which holds the default.
fn count(
    table: &mut Table<'_>,
    key: &'static str,
    setting: &mut usize,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(written) = table.number(key, diagnostics) else { return };
    match usize::try_from(written.value) {
        Ok(value) if (1..=1_000_000_000).contains(&value) => *setting = value,
        Ok(_) | Err(_) => {
            let message = format!("`{key}` cannot be {}", written.value);
            let help = "write a number from 1 to 1000000000";
            diagnostics.push(unusable(table.place(written.span), message, help));
        }
    }
}
