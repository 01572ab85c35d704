//! The last stage before publishing: pages are made small, and every link is followed.
//!
//! Takes rendered outputs, gives a [`Bundle`]. Making a page small may change bytes, never words. Links
//! are checked in the finished pages, so that a slip in a theme is found as surely as one in content.

mod compact;
mod guarded;
mod landing;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

pub use self::landing::Targets;
use self::landing::{Landing, PlaceLink, follow};
use crate::bundle::Bundle;
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::path::{OutputPath, UrlPath};

/// Elements that may be open at once. minify-html recurses and aborts near 2,200 on the 2 MiB stack
/// of a worker; no page of a person comes near this.
const NESTING_LIMIT: usize = 500;

/// A finished file and what landing needs to know of it.
#[derive(Debug)]
pub struct Finished {
    path: OutputPath,
    bytes: Arc<[u8]>,
    /// Of the bytes, as hexadecimal digits.
    digest: String,
    /// The theme's files that a page asks for.
    assets: Vec<UrlPath>,
    /// Ids, sorted.
    anchors: Vec<String>,
    /// Links to places, which can be followed when every page is finished.
    places: Vec<PlaceLink>,
    diagnostics: Vec<Diagnostic>,
}

impl Finished {
    /// Bytes that are final.
    pub fn file(url: &UrlPath, bytes: Arc<[u8]>) -> Self {
        // Ten hexadecimal digits tell apart every version that a site will ever have.
        let digest = blake3::hash(&bytes).to_hex()[..10].to_owned();
        Self {
            path: url.output(),
            bytes,
            digest,
            assets: Vec::new(),
            anchors: Vec::new(),
            places: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    /// Where it is published.
    pub fn path(&self) -> &OutputPath {
        &self.path
    }

    /// How many bytes it has.
    pub fn size_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Ten hexadecimal digits that tell its versions apart.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The addresses of the theme's files that a page asks for.
    pub fn assets(&self) -> &[UrlPath] {
        &self.assets
    }
}

/// Finishes one output: pages are made small, everything else stays as it is.
pub fn page(url: &UrlPath, bytes: Arc<[u8]>, targets: &Targets) -> Finished {
    if url.output().extension() != "html" {
        return Finished::file(url, bytes);
    }
    let compact = std::str::from_utf8(&bytes).ok().and_then(compact::compact);
    let (done, keeps_text) = match compact {
        Some(done) => (done, true),
        None => guarded::minified(&bytes, NESTING_LIMIT),
    };
    if done.depth > NESTING_LIMIT {
        let message = format!("`{url}` nests {} elements, more than {NESTING_LIMIT}", done.depth);
        let mut finished = Finished::file(url, bytes);
        finished.diagnostics.push(
            Diagnostic::of_guide(Code::OutputNesting, message)
                .help("take some levels of list or quotation out"),
        );
        return finished;
    }
    let mut finished = Finished::file(url, done.html.into());
    if !keeps_text {
        let message = format!("minifying would change the text of `{url}`");
        let help = "the page is published as it is; please report it with the page's text";
        finished.diagnostics.push(Diagnostic::of_guide(Code::OutputMinify, message).help(help));
    }
    for link in done.links.iter().map(String::as_str).collect::<BTreeSet<_>>() {
        match follow(url, link, targets) {
            Ok(Landing::Elsewhere | Landing::Page) => {}
            Ok(Landing::Asset(asset)) => finished.assets.push(asset),
            Ok(Landing::Place(place)) => finished.places.push(place),
            Err(reason) => finished.diagnostics.push(lost(link, url, &reason)),
        }
    }
    finished.anchors = done.anchors;
    finished.anchors.sort_unstable();
    finished
}

fn lost(link: &str, page: &UrlPath, reason: &str) -> Diagnostic {
    let message = format!("the link `{link}` of `{page}` {reason}");
    Diagnostic::of_guide(Code::OutputLanding, message)
        .help("links of content are checked before: look into the theme's templates")
}

/// Puts finished files together and checks where the links to places land.
pub fn bundle(finished: &[Arc<Finished>]) -> Checked<Bundle> {
    let files: HashMap<&str, &Finished> =
        finished.iter().map(|file| (file.path.as_str(), &**file)).collect();
    let astray = |file: &Arc<Finished>| -> Vec<Diagnostic> {
        let page = file.path.url();
        let is_there = |link: &&PlaceLink| {
            let target = files.get(link.target.output().as_str());
            target.is_some_and(|target| target.anchors.binary_search(&link.fragment).is_ok())
        };
        file.places
            .iter()
            .filter(|link| !is_there(link))
            .map(|PlaceLink { written, target, fragment }| {
                let reason =
                    format!("names the anchor `#{fragment}`, which `{target}` does not have");
                lost(written, &page, &reason)
            })
            .collect()
    };
    let mut diagnostics: Vec<Diagnostic> = finished.par_iter().flat_map_iter(astray).collect();
    diagnostics.extend(finished.iter().flat_map(|file| file.diagnostics.iter().cloned()));
    let value = finished.iter().map(|file| (file.path.clone(), Arc::clone(&file.bytes))).collect();
    Checked { value, diagnostics }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(pages: &[(&str, &str)]) -> Vec<Arc<Finished>> {
        let urls: Vec<UrlPath> = pages.iter().map(|(url, _)| UrlPath::new(url)).collect();
        let targets = Targets::new(urls.iter().map(UrlPath::output), "/");
        let finish = |(url, (_, html)): (&UrlPath, &(&str, &str))| {
            Arc::new(page(url, html.as_bytes().into(), &targets))
        };
        urls.iter().zip(pages).map(finish).collect()
    }

    fn lost(pages: &[(&str, &str)]) -> Vec<String> {
        let mut messages: Vec<_> =
            bundle(&finished(pages)).diagnostics.into_iter().map(|d| d.message).collect();
        messages.sort();
        messages
    }

    #[test]
    fn every_kind_of_lost_link_is_found() {
        let home =
            r##"<a href="a/">x</a><a href="b/">x</a><a href="a/#h">x</a><a href="a/#no">x</a>"##;
        let page = r##"<h2 id="h">H</h2><a href="../">x</a><a href="../../x/">x</a><a href="#h">x</a><a href="#g">x</a><img src="p.png">"##;
        let expected = [
            "the link `#g` of `/a/` names the anchor `#g`, which `/a/` does not have",
            "the link `../../x/` of `/a/` leaves the site",
            "the link `a/#no` of `/` names the anchor `#no`, which `/a/` does not have",
            "the link `b/` of `/` leads to no file of the site",
            "the link `p.png` of `/a/` leads to no file of the site",
        ];
        assert_eq!(lost(&[("/", home), ("/a/", page)]), expected);
        let foreign = |html: &str| format!("<!-- a comment -->{html}");
        let (home, page) = (foreign(home), foreign(page));
        assert_eq!(lost(&[("/", &home), ("/a/", &page)]), expected);
    }

    #[test]
    fn a_page_that_minifying_would_change_stays_as_it_is() {
        let html = "<!-- c --><!doctype html><html lang=en><head><title>T</title></head><body><div><b>a</b> <b>b</b></div></body></html>";
        let finished = &finished(&[("/", html)])[0];
        assert_eq!(&*finished.bytes, html.as_bytes());
        assert_eq!(finished.diagnostics.len(), 1);
    }

    #[test]
    fn white_space_between_blocks_is_no_text() {
        let html = "<!-- c --><!doctype html><html lang=en><head><title>T</title></head><body>\n <p>a <b>b</b>\n c</p>\n <pre> x\n  y</pre></body></html>";
        let finished = &finished(&[("/", html)])[0];
        assert!(finished.diagnostics.is_empty());
        assert!(finished.bytes.len() < html.len());
    }

    #[test]
    fn deep_pages_are_refused_and_never_reach_the_minifier() {
        for beginning in ["", "<!-- c -->"] {
            let html = beginning.to_owned() + &"<div>".repeat(20_000) + &"</div>".repeat(20_000);
            assert_eq!(finished(&[("/", &html)])[0].diagnostics[0].code, Code::OutputNesting);
        }
    }
}
