//! What browsers need to keep pages for reading offline: the theme's worker, and a list of files.
//!
//! Takes every other file of the site, finished, gives `/service-worker.js` and `/offline.json`. Both
//! are computed last, because they name what the site consists of; what is kept, when, and for how
//! long is decided by the worker, in the reader's browser.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::json;

use crate::finish::{Facts, Finished};
use crate::path::UrlPath;

/// The path of the worker.
pub const WORKER: &str = "service-worker.js";
/// The page that the worker shows in place of a page that it has not kept.
const UNREACHABLE: &str = "offline.html";

/// The worker and the list of files that can be kept.
///
/// The worker's first line names the list's digest, so that browsers see a new worker whenever any
/// page or asset has changed.
pub fn files(site: &[Arc<Facts>], worker: &str) -> [Finished; 2] {
    let mut entries: Vec<_> = site.iter().filter(|file| is_keepable(file)).collect();
    entries.par_sort_by(|a, b| a.path().cmp(b.path()));
    let entry = |file: &&Arc<Facts>| {
        (address(&file.path().url()), file.short_digest(), file.entry().size_bytes)
    };
    let files: Vec<(String, String, usize)> = entries.par_iter().map(entry).collect();
    let list = BTreeMap::from([("files", files)]);
    let list = serde_json::to_vec(&list).expect("strings and numbers always serialise");
    let list = Finished::file(&UrlPath::new("/offline.json"), list.into());
    let script = format!(
        "const BUILD=\"{}\",SHELL={};\n{worker}",
        list.facts.short_digest(),
        json!(shell(site))
    );
    let script = Finished::file(&UrlPath::new(&format!("/{WORKER}")), script.into_bytes().into());
    [list, script]
}

/// An address as seen from the worker, which stands at the root of the site.
fn address(url: &UrlPath) -> String {
    url.as_str()[1..].to_owned()
}

/// What is kept before anything has been read: the page for pages that were not, and its assets.
fn shell(site: &[Arc<Facts>]) -> Vec<String> {
    let Some(page) = site.iter().find(|file| file.path().as_str() == UNREACHABLE) else {
        return Vec::new();
    };
    let mut shell: Vec<String> = page.assets().iter().map(address).collect();
    shell.push(UNREACHABLE.to_owned());
    shell.sort();
    shell.dedup();
    shell
}

/// Pages, assets, the search index and pictures; exports for programs are not for readers.
fn is_keepable(file: &Facts) -> bool {
    let path = file.path();
    let is_part_of_pages = ["assets/", "search/"].iter().any(|it| path.as_str().starts_with(it));
    let is_for_programs = ["json", "md", "txt", "xml"].contains(&path.extension());
    path.as_str() != "404.html" && (is_part_of_pages || !is_for_programs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finish::{self, Targets};

    fn finished(files: &[(&str, &str)]) -> Vec<Arc<Facts>> {
        let urls = || files.iter().map(|(url, _)| UrlPath::new(url));
        let targets = Targets::new(urls(), "/");
        let page = |(url, (_, text)): (UrlPath, &(&str, &str))| {
            finish::page(&url, text.as_bytes().into(), &targets).facts
        };
        urls().zip(files).map(page).collect()
    }

    fn texts(made: [Finished; 2]) -> Vec<String> {
        made.iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).collect()
    }

    const SITE: [(&str, &str); 7] = [
        ("/", "<a href=./questions/a/>a</a>"),
        ("/404.html", "<p>lost</p>"),
        ("/assets/folio.1a2b3c4d5e.css", "a{color:red}"),
        (
            "/offline.html",
            "<link rel=stylesheet href=/assets/folio.1a2b3c4d5e.css><a href=/>home</a>",
        ),
        ("/questions/a/", "<p>a</p>"),
        ("/questions/a/index.md", "a"),
        ("/sitemap.xml", "<urlset/>"),
    ];

    #[test]
    fn the_list_holds_what_a_reader_reads() {
        let list = &texts(files(&finished(&SITE), "worker()"))[0];
        let list: serde_json::Value = serde_json::from_str(list).expect("JSON");
        let names: Vec<&str> = list["files"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|entry| entry[0].as_str().expect("an address"))
            .collect();
        assert_eq!(names, ["assets/folio.1a2b3c4d5e.css", "", "offline.html", "questions/a/"]);
        assert_eq!(list["files"][0][2], 12);
    }

    #[test]
    fn the_worker_keeps_the_page_for_pages_that_were_not_kept() {
        let worker = &texts(files(&finished(&SITE), "worker()"))[1];
        let shell = "SHELL=[\"assets/folio.1a2b3c4d5e.css\",\"offline.html\"];\nworker()";
        assert!(worker.ends_with(shell), "{worker}");
    }

    #[test]
    fn the_worker_changes_with_any_page_and_with_nothing_else() {
        let worker = |site: &[(&str, &str)]| texts(files(&finished(site), "worker()")).remove(1);
        let mut changed = SITE;
        changed[6].1 = "<urlset></urlset>";
        assert_eq!(worker(&SITE), worker(&changed));
        changed[4].1 = "<p>b</p>";
        assert_ne!(worker(&SITE), worker(&changed));
    }
}
