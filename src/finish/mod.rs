//! The last stage before publishing: pages are made small, and every link is followed.
//!
//! Takes rendered outputs, gives pages with what is known of them, and the
//! [`Manifest`] of all. Making a page small may change bytes, never words. Links
//! are checked in the finished pages, so that a slip in a theme is found as surely as one in content.

mod compact;
mod guarded;
mod landing;

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub use self::landing::Targets;
use self::landing::{Landing, PlaceLink, follow};
use crate::bundle::{Entry, Manifest};
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::path::{OutputPath, UrlPath};

/// Elements that may be open at once. minify-html recurses and aborts near 2,200 on the 2 MiB stack
/// of a worker; no page of a person comes near this.
const NESTING_LIMIT: usize = 500;

/// A finished file and what is known of it.
#[derive(Debug)]
pub struct Finished {
    /// What is known of it.
    pub facts: Arc<Facts>,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

/// What the rest of a site needs to know of a finished file; its bytes may be elsewhere by then.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    entry: Entry,
    /// The theme's files that a page asks for.
    assets: Vec<UrlPath>,
    /// Ids, sorted.
    anchors: Vec<String>,
    /// Links to places on other pages, which can be followed when every page is finished.
    places: Vec<PlaceLink>,
    /// What is wrong with it; only facts without are remembered, so that nothing is told from memory.
    #[serde(skip)]
    diagnostics: Vec<Diagnostic>,
}

impl Facts {
    fn of(url: &UrlPath, bytes: &[u8]) -> Self {
        Self::new(Entry::new(url.output(), bytes))
    }

    /// Those of a file that is no page.
    pub fn new(entry: Entry) -> Self {
        Self {
            entry,
            assets: Vec::new(),
            anchors: Vec::new(),
            places: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    /// Which file it is.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// Where it is published.
    pub fn path(&self) -> &OutputPath {
        &self.entry.path
    }

    /// Ten hexadecimal digits, which tell apart every version that a site will ever have.
    pub fn short_digest(&self) -> String {
        blake3::Hash::from_bytes(self.entry.digest).to_hex()[..10].to_owned()
    }

    /// Whether there is nothing to be said about it.
    pub fn is_good(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// The addresses of the theme's files that a page asks for.
    pub fn assets(&self) -> &[UrlPath] {
        &self.assets
    }
}

impl Finished {
    /// Bytes that are final.
    pub fn file(url: &UrlPath, bytes: Arc<[u8]>) -> Self {
        Self { facts: Arc::new(Facts::of(url, &bytes)), bytes }
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
        let mut facts = Facts::of(url, &bytes);
        facts.diagnostics.push(
            Diagnostic::of_guide(Code::OutputNesting, message)
                .help("take some levels of list or quotation out"),
        );
        return Finished { facts: Arc::new(facts), bytes };
    }
    let bytes: Arc<[u8]> = done.html.into();
    let mut facts = Facts::of(url, &bytes);
    if !keeps_text {
        let message = format!("minifying would change the text of `{url}`");
        let help = "the page is published as it is; please report it with the page's text";
        facts.diagnostics.push(Diagnostic::of_guide(Code::OutputMinify, message).help(help));
    }
    facts.anchors = done.anchors;
    facts.anchors.sort_unstable();
    let mut links = done.links;
    links.sort_unstable();
    links.dedup();
    for link in &links {
        match follow(url, link, targets) {
            Ok(Landing::Elsewhere | Landing::Page) => {}
            Ok(Landing::Asset(asset)) => facts.assets.push(asset),
            // Most places are on the page itself, and can be looked for now.
            Ok(Landing::Place(place)) if place.target == *url => {
                facts.diagnostics.extend(astray(&place, url, &facts));
            }
            Ok(Landing::Place(place)) => facts.places.push(place),
            Err(reason) => facts.diagnostics.push(lost(link, url, &reason)),
        }
    }
    Finished { facts: Arc::new(facts), bytes }
}

fn lost(link: &str, page: &UrlPath, reason: &str) -> Diagnostic {
    let message = format!("the link `{link}` of `{page}` {reason}");
    Diagnostic::of_guide(Code::OutputLanding, message)
        .help("links of content are checked before: look into the theme's templates")
}

/// What is wrong with a link of a page to a place on another or the same, whose facts are these.
fn astray(link: &PlaceLink, page: &UrlPath, of_target: &Facts) -> Option<Diagnostic> {
    let PlaceLink { written, target, fragment } = link;
    let is_there = of_target.anchors.binary_search(fragment).is_ok();
    let reason = || format!("names the anchor `#{fragment}`, which `{target}` does not have");
    (!is_there).then(|| lost(written, page, &reason()))
}

/// Lists the files of a site and checks where their links to places land.
pub fn manifest(site: &[Arc<Facts>]) -> Checked<Manifest> {
    let anchored = site.iter().filter(|file| !file.anchors.is_empty());
    let anchored: HashMap<UrlPath, &Facts, RandomState> =
        anchored.map(|file| (file.path().url(), &**file)).collect();
    let nothing = Facts::of(&UrlPath::home(), &[]);
    let strays = |file: &Arc<Facts>| -> Vec<Diagnostic> {
        let page = file.path().url();
        let of_target = |link: &PlaceLink| anchored.get(&link.target).copied().unwrap_or(&nothing);
        file.places.iter().filter_map(|link| astray(link, &page, of_target(link))).collect()
    };
    let with_places = site.par_iter().filter(|file| !file.places.is_empty());
    let mut diagnostics: Vec<Diagnostic> = with_places.flat_map_iter(strays).collect();
    diagnostics.extend(site.iter().flat_map(|file| file.diagnostics.iter().cloned()));
    let mut value: Manifest = site.iter().map(|file| file.entry.clone()).collect();
    value.par_sort_by(|a, b| a.path.cmp(&b.path));
    Checked { value, diagnostics }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(pages: &[(&str, &str)]) -> Vec<Finished> {
        let urls: Vec<UrlPath> = pages.iter().map(|(url, _)| UrlPath::new(url)).collect();
        let targets = Targets::new(urls.iter().cloned(), "/");
        let finish = |(url, (_, html)): (&UrlPath, &(&str, &str))| {
            page(url, html.as_bytes().into(), &targets)
        };
        urls.iter().zip(pages).map(finish).collect()
    }

    fn lost(pages: &[(&str, &str)]) -> Vec<String> {
        let site: Vec<_> = finished(pages).into_iter().map(|page| page.facts).collect();
        let mut messages: Vec<_> =
            manifest(&site).diagnostics.into_iter().map(|d| d.message).collect();
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
        assert_eq!(finished.facts.diagnostics.len(), 1);
    }

    #[test]
    fn white_space_between_blocks_is_no_text() {
        let html = "<!-- c --><!doctype html><html lang=en><head><title>T</title></head><body>\n <p>a <b>b</b>\n c</p>\n <pre> x\n  y</pre></body></html>";
        let finished = &finished(&[("/", html)])[0];
        assert!(finished.facts.diagnostics.is_empty());
        assert!(finished.bytes.len() < html.len());
    }

    #[test]
    fn deep_pages_are_refused_and_never_reach_the_minifier() {
        for beginning in ["", "<!-- c -->"] {
            let html = beginning.to_owned() + &"<div>".repeat(20_000) + &"</div>".repeat(20_000);
            assert_eq!(finished(&[("/", &html)])[0].facts.diagnostics[0].code, Code::OutputNesting);
        }
    }
}
