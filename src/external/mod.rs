//! Links to other sites, asked whether they still lead somewhere.
//!
//! Takes the links of a guide and what was learnt on earlier days, gives findings. Nothing but
//! `askbook check --external` may come here: all else works without a network.

mod ask;
mod memory;
mod reach;
mod round;

use std::collections::BTreeMap;

pub use reach::{Manners, Reach, Trust};

use crate::cache::Cache;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::document::{Document, Matter, Written};
use crate::guide::Guide;

/// What is known of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is there.
    There,
    /// It is there, and says that from now on it is to be found at another address.
    Moved(String),
    /// Its server says that there is nothing.
    Gone(String),
    /// It could not be learnt, for this reason.
    Unknown(String),
    /// It is not one that every reader can come to.
    Private,
}

/// What was found, and how much was asked for it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Findings, sorted as all are.
    pub diagnostics: Vec<Diagnostic>,
    /// Addresses that the guide links to.
    pub addresses: usize,
    /// Of these, those that were known from earlier days.
    pub remembered: usize,
}

/// What is told while others are asked: how many addresses have been, and of how many.
pub type Progress<'a> = dyn Fn(usize, usize) + Sync + 'a;

/// Asks every address of another site, or remembers; `day` counts from any fixed day.
pub fn check(
    guide: &Guide,
    known: &Cache,
    day: u64,
    manners: &Manners,
    progress: &Progress<'_>,
) -> Asked {
    let links = links(guide);
    let mut answers: BTreeMap<&str, Answer> = BTreeMap::new();
    for url in links.keys() {
        if let Some(answer) = memory::find(known, url, day) {
            answers.insert(url, answer);
        }
    }
    let remembered = answers.len();
    let unknown = links.keys().map(String::as_str).filter(|url| !answers.contains_key(url));
    let new = round::ask_all(unknown.collect(), manners, progress);
    for (url, answer) in &new {
        memory::keep(known, url, day, answer);
    }
    answers.extend(new);
    let mut diagnostics: Vec<Diagnostic> = answers
        .iter()
        .flat_map(|(url, answer)| {
            links[*url].iter().filter_map(|place| finding(url, answer, place.clone()))
        })
        .collect();
    crate::diagnostic::sort(&mut diagnostics);
    Asked { diagnostics, addresses: links.len(), remembered }
}

/// Every address on the web that a page links to, without what stands behind `#`, and where it is
/// written.
fn links(guide: &Guide) -> BTreeMap<String, Vec<Place>> {
    let mut links: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    let questions = guide.questions.iter().map(|question| &question.document);
    for document in questions.chain(guide.pages.iter().map(|page| &page.document)) {
        for (url, place) in of_document(document) {
            let address = url.split('#').next().unwrap_or(url);
            let scheme = address.split(':').next().unwrap_or_default();
            if scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http") {
                links.entry(address.to_owned()).or_default().push(place);
            }
        }
    }
    links
}

fn of_document(document: &Document) -> impl Iterator<Item = (&str, Place)> {
    let sources = match &document.matter {
        Matter::Question(matter) => matter.sources.as_slice(),
        Matter::Guide(_) => &[],
    };
    let sources =
        sources.iter().map(|source| (source.url.value.as_str(), document.place(source.url.span)));
    let texts = document.body.links.iter().filter_map(|link| match &link.written {
        Written::External(url) => Some((url.as_str(), document.place(link.span))),
        Written::Relative { .. } => None,
    });
    sources.chain(texts)
}

fn finding(url: &str, answer: &Answer, place: Place) -> Option<Diagnostic> {
    let (code, message, help) = match answer {
        Answer::There => return None,
        Answer::Moved(to) => {
            (Code::LinkMoved, format!("`{url}` has moved for good"), format!("it is now at `{to}`"))
        }
        Answer::Gone(why) => (
            Code::LinkGone,
            format!("`{url}` is not there: {why}"),
            "link to where it is now or to a copy in an archive, or take the link out".to_owned(),
        ),
        Answer::Unknown(why) => (
            Code::LinkUnreachable,
            format!("`{url}` could not be checked: {why}"),
            "open it in a browser; it is asked again in the next run".to_owned(),
        ),
        Answer::Private => (
            Code::LinkPrivate,
            format!("`{url}` leads into a private network"),
            "link to an address that every reader can come to".to_owned(),
        ),
    };
    Some(Diagnostic::at(code, place, message).help(help))
}
