//! The digest of everything that a page is made from.
//!
//! Takes a [`Site`] and an output, gives the [`Key`] under which its finished bytes may be used again. A
//! view that reads more of the guide than is named here has to name it here: `tests/suite/properties.rs`
//! compares builds after random edits with builds from nothing.

use rayon::prelude::*;

use super::frame::beside;
use super::{Site, question};
use crate::cache::Key;
use crate::date::Date;
use crate::document::Document;
use crate::guide::{Question, QuestionId};
use crate::path::UrlPath;
use crate::plan::{Content, Output};
use crate::source::Sources;

/// Digests that many pages share.
#[derive(Debug)]
pub struct Inputs {
    /// Settings, theme, and the files of vocabularies and glossary.
    frame: Key,
    /// What lists show of all pages.
    shape: Key,
    /// What other pages show of each question, by id.
    faces: Vec<Key>,
    /// What each question's own page and Markdown show of it, by id.
    bodies: Vec<Key>,
}

impl Inputs {
    /// The digests of a site.
    pub fn of(site: &Site<'_>, sources: &Sources) -> Self {
        let guide = site.guide;
        let settings = format!("{:?}", site.config);
        let parts = [settings.as_str(), &site.theme.digest];
        let vocabularies = sources.vocabularies.iter();
        let vocabularies = vocabularies.flat_map(|(path, text)| [path.as_str(), text.text()]);
        let frame: Vec<&[u8]> = parts.into_iter().chain(vocabularies).map(str::as_bytes).collect();
        let digests = |one: &Question| (face(&one.document, &one.url, one.updated), body(one));
        let (faces, bodies): (Vec<Key>, Vec<Key>) = guide.questions.par_iter().map(digests).unzip();
        let links: Vec<usize> = guide.questions.iter().map(|one| one.backlinks.len()).collect();
        let redirects: Vec<_> =
            guide.redirects.iter().map(|one| (&one.from, &one.to, &one.title)).collect();
        let rest = format!("{links:?} {redirects:?}");
        let pages = guide.pages.iter();
        let pages: Vec<Key> = pages.map(|one| face(&one.document, &one.url, one.updated)).collect();
        let shape: Vec<&[u8]> =
            faces.iter().chain(&pages).map(Key::as_bytes).chain([rest.as_bytes()]).collect();
        Self { frame: Key::new("frame", &frame), shape: Key::new("shape", &shape), faces, bodies }
    }

    /// The digest of everything that an output is made from; `None` for one that is not rendered, or too
    /// seldom the same.
    pub fn key(&self, site: &Site<'_>, output: &Output) -> Option<Key> {
        let guide = site.guide;
        let frame = self.frame.as_bytes();
        let url = output.url.as_str().as_bytes();
        Some(match &output.content {
            // What help is wanted with is counted from everything, and stands on one page.
            Content::HelpWanted
            | Content::File(_)
            | Content::SearchRoot
            | Content::Worker
            | Content::Keepable => {
                return None;
            }
            Content::Question(id) => {
                let own = self.bodies[id.index()].as_bytes();
                Key::new("question page", &[frame, url, own, &self.others(site, *id)])
            }
            Content::Twin(id) => {
                Key::new("twin", &[frame, url, self.bodies[id.index()].as_bytes()])
            }
            Content::GuidePage(index) => {
                let page = &guide.pages[*index];
                let own = format!("{:?}", page.destinations);
                let text = page.document.source.digest();
                let parts = [frame, url, self.shape.as_bytes(), text, own.as_bytes()];
                Key::new("written page", &parts)
            }
            Content::Questions(paging) => {
                let all = &site.listed().all;
                let which = format!("{paging:?} of {}", all.len());
                let shown = self.shown(&all[paging.entries.clone()]);
                Key::new("list of all", &[frame, url, which.as_bytes(), &shown])
            }
            Content::Term(taxonomy, term, paging) => {
                let ids = guide.questions_of(*taxonomy, *term);
                let listed = site.listed().term(*taxonomy, *term);
                let which = format!("{paging:?} of {} {:?}", ids.len(), listed.neighbours);
                let shown = self.shown(&ids[paging.entries.clone()]);
                let start_here = self.shown(&listed.start_here);
                let parts = [frame, url, which.as_bytes(), &shown, &start_here];
                Key::new("list of a term", &parts)
            }
            Content::Redirect(index) => {
                let redirect = &guide.redirects[*index];
                let (to, title) = (redirect.to.as_str(), redirect.title.as_str());
                Key::new("redirect", &[frame, url, to.as_bytes(), title.as_bytes()])
            }
            // What programs are told of a page stands in its front matter.
            Content::Export(_)
            | Content::Home
            | Content::Index(_)
            | Content::Matrix
            | Content::GuidePages
            | Content::Search
            | Content::YourData
            | Content::NotFound
            | Content::Unreachable => {
                let which = format!("{:?}", output.content);
                Key::new("list", &[frame, url, self.shape.as_bytes(), which.as_bytes()])
            }
        })
    }

    /// What a list shows of its questions.
    fn shown(&self, ids: &[QuestionId]) -> Vec<u8> {
        ids.iter().flat_map(|id| self.faces[id.index()].as_bytes()).copied().collect()
    }

    /// The other questions that a question's page names, each in its place.
    fn others(&self, site: &Site<'_>, id: QuestionId) -> Vec<u8> {
        let own = site.guide.question(id);
        let mut digests = Vec::new();
        let mut add = |role: u8, other: QuestionId| {
            digests.push(role);
            digests.extend_from_slice(self.faces[other.index()].as_bytes());
        };
        own.previous.iter().for_each(|other| add(b'p', *other));
        own.next.iter().for_each(|other| add(b'n', *other));
        beside(site, id).iter().for_each(|other| add(b'b', *other));
        for other in &own.related {
            let leads_here = question::links_to(site.guide.question(*other), own);
            add(if leads_here { b'R' } else { b'r' }, *other);
        }
        digests
    }
}

/// What a question's own page and its Markdown show of it: its text, day and links.
fn body(question: &Question) -> Key {
    let own = format!("{:?} {:?}", question.updated, question.destinations);
    Key::new("body", &[question.document.source.digest(), own.as_bytes()])
}

/// What others show of a page: its front matter, address and day.
fn face(document: &Document, url: &UrlPath, updated: Option<Date>) -> Key {
    let matter = &document.source.text()[..document.body.offset];
    Key::new("face", &[matter.as_bytes(), format!("{url} {updated:?}").as_bytes()])
}
