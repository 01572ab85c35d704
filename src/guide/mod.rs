//! The guide: all documents together, every reference between them resolved.
//!
//! Takes documents, vocabularies and files beside pages, gives a [`Guide`] in which questions, pages
//! and terms are numbered and ordered for good. It writes no address of its own making into text:
//! links are resolved to addresses, which `markup` writes once.

mod assembly;
mod excerpt;
mod fields;
mod glossary;
mod link;
mod reword;
mod vocabulary;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use assembly::assemble;
pub use excerpt::beside;
pub use fields::{
    CATEGORY_FIELDS, GLOSSARY_FIELDS, KIND_FIELDS, LEVEL_FIELDS, TOPIC_FIELDS, WANTED_FIELDS,
};
pub use glossary::{Entry, Glossary, Mark, See};
pub use link::{Destination, Picture};
pub use reword::Reworded;
pub use vocabulary::{Group, Kind, Taxonomy, Term, Vocabularies, Wanted};

use crate::config::Config;
use crate::date::Date;
use crate::diagnostic::Place;
use crate::document::{CodeBlock, Document, GuideMatter, Matter, QuestionMatter};
use crate::path::{ContentPath, UrlPath};

/// Whether drafts belong to the guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drafts {
    /// Left out, as in a release.
    Excluded,
    /// Shown with a mark, as while writing.
    Included,
}

/// The position of a question in [`Guide::questions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QuestionId(usize);

impl QuestionId {
    /// The position as a number, for values kept beside the guide.
    pub fn index(self) -> usize {
        self.0
    }
}

/// Everything that is known of a guide.
#[derive(Clone, Debug)]
pub struct Guide {
    /// Questions by slug.
    pub questions: Vec<Question>,
    /// Written pages by their order.
    pub pages: Vec<Page>,
    /// Categories, levels, topics, kinds.
    pub vocabularies: Vocabularies,
    /// The terms that the guide explains.
    pub glossary: Glossary,
    /// Files beside pages that a page links to: where they go and where they come from.
    pub attachments: BTreeMap<UrlPath, (ContentPath, Arc<[u8]>)>,
    /// Old addresses and the page each leads to.
    pub redirects: Vec<Redirect>,
    /// Whether every file could be read and placed: else nothing can be said about what is not there.
    pub is_whole: bool,
    by_term: BTreeMap<(Taxonomy, usize), Vec<QuestionId>>,
}

/// A question with its references resolved.
#[derive(Clone, Debug)]
pub struct Question {
    /// The page as written.
    pub document: Arc<Document>,
    /// Its address.
    pub url: UrlPath,
    /// Position in the vocabulary of categories.
    pub category: usize,
    /// Position in the vocabulary of levels.
    pub level: usize,
    /// Positions in the vocabulary of topics; the first is the home topic.
    pub topics: Vec<usize>,
    /// Position in the vocabulary of kinds.
    pub kind: Option<usize>,
    /// Related questions that are written, in the author's order.
    pub related: Vec<QuestionId>,
    /// Questions whose text or list leads here, by slug.
    pub backlinks: Vec<QuestionId>,
    /// The question before it in its home topic.
    pub previous: Option<QuestionId>,
    /// The question after it in its home topic.
    pub next: Option<QuestionId>,
    /// Day of last change.
    pub updated: Option<Date>,
    /// Where each link of the body leads, by event.
    pub destinations: BTreeMap<usize, Destination>,
}

impl Question {
    /// Its front matter.
    pub fn matter(&self) -> &QuestionMatter {
        match &self.document.matter {
            Matter::Question(matter) => matter,
            Matter::Guide(_) => unreachable!("assemble makes questions from question documents"),
        }
    }
}

/// A written page with its references resolved.
#[derive(Clone, Debug)]
pub struct Page {
    /// The page as written.
    pub document: Arc<Document>,
    /// Its address.
    pub url: UrlPath,
    /// Day of last change.
    pub updated: Option<Date>,
    /// Where each link of the body leads, by event.
    pub destinations: BTreeMap<usize, Destination>,
}

impl Page {
    /// Its front matter.
    pub fn matter(&self) -> &GuideMatter {
        match &self.document.matter {
            Matter::Guide(matter) => matter,
            Matter::Question(_) => unreachable!("assemble makes pages from guide documents"),
        }
    }
}

/// An address that a page had before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// The old address.
    pub from: UrlPath,
    /// The page's address.
    pub to: UrlPath,
    /// The page's title, for people whose browser does not follow.
    pub title: String,
    /// Where the alias is written.
    pub place: Place,
}

impl Guide {
    /// One question.
    pub fn question(&self, id: QuestionId) -> &Question {
        &self.questions[id.0]
    }

    /// Every question with its id, by slug.
    pub fn question_ids(&self) -> impl Iterator<Item = (QuestionId, &Question)> {
        self.questions.iter().enumerate().map(|(index, question)| (QuestionId(index), question))
    }

    /// The questions of a term, in the order of its page: those of a topic that are at home there
    /// come first, those of a level by home topic in the order of groups, those of a category by
    /// kind; within each part by level, then title.
    pub fn questions_of(&self, taxonomy: Taxonomy, term: usize) -> &[QuestionId] {
        self.by_term.get(&(taxonomy, term)).map_or(&[], Vec::as_slice)
    }

    /// The address of a term's page.
    pub fn term_url(taxonomy: Taxonomy, term: &Term) -> UrlPath {
        UrlPath::new(&format!("/{}/{}/", taxonomy.as_str(), term.slug))
    }

    /// Every code block, page by page.
    pub fn code(&self) -> impl Iterator<Item = &CodeBlock> {
        let questions = self.questions.iter().map(|question| &question.document);
        let pages = self.pages.iter().map(|page| &page.document);
        questions.chain(pages).flat_map(|document| &document.body.code)
    }

    /// The most recent day of change of any page.
    pub fn updated(&self) -> Option<Date> {
        let questions = self.questions.iter().filter_map(|question| question.updated);
        questions.chain(self.pages.iter().filter_map(|page| page.updated)).max()
    }
}

/// The address of the page that says what the guide lacks: there is one if there is a place to send it to.
pub fn help_wanted(config: &Config) -> Option<UrlPath> {
    config.repository.as_ref().map(|_| UrlPath::new("/help-wanted/"))
}
