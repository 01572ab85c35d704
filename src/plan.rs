//! The list of everything that will be written, each output path claimed once.
//!
//! Takes the guide, its settings and the theme, gives a [`Plan`]. Two claims on one path are
//! an error that names both; paths that some system takes for the same are the same here.

use std::collections::BTreeMap;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use crate::config::Config;
use crate::diagnostic::{Checked, Code, Diagnostic, Place};
use crate::export::{self, Format};
use crate::guide::{self, Guide, QuestionId, Taxonomy};
use crate::path::{OutputPath, UrlPath};
use crate::search;
use crate::theme::Theme;

/// Every output of a build, in the order of paths.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The outputs.
    pub outputs: Vec<Output>,
}

/// One file to be made.
#[derive(Clone, Debug)]
pub struct Output {
    /// Where it is published.
    pub url: UrlPath,
    /// What asked for it, for people.
    pub origin: String,
    /// Where in the project it was asked for, if it was asked for there.
    pub place: Option<Place>,
    /// What it holds.
    pub content: Content,
}

/// What an output holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// The home page.
    Home,
    /// One page of the list of all questions.
    Questions(Paging),
    /// A question.
    Question(QuestionId),
    /// A question as Markdown.
    Twin(QuestionId),
    /// The index of a taxonomy.
    Index(Taxonomy),
    /// One page of a term.
    Term(Taxonomy, usize, Paging),
    /// Topics by level.
    Matrix,
    /// What the guide lacks, for contributors.
    HelpWanted,
    /// The list of written pages.
    GuidePages,
    /// A written page, by its position.
    GuidePage(usize),
    /// Search, and everything by facet for readers without scripts.
    Search,
    /// What the reader's own browser keeps for the guide.
    YourData,
    /// What is shown for an address that leads nowhere.
    NotFound,
    /// What is shown without a network for a page that has not been kept.
    Unreachable,
    /// An old address, by its position in the guide's redirects.
    Redirect(usize),
    /// The whole guide in a format for programs.
    Export(Format),
    /// Bytes that are already final.
    File(Arc<[u8]>),
    /// The file that names all others of the search index; made beside the pages, with those others.
    SearchRoot,
    /// The script that keeps pages for reading offline; made when all other files are.
    Worker,
    /// The list of files that can be kept; made when all other files are.
    Keepable,
}

/// Which part of a long list a page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    /// The address of the first page.
    pub base: UrlPath,
    /// This page, from 1.
    pub number: usize,
    /// How many pages there are, at least 1.
    pub count: usize,
    /// The entries of this page, as positions in the whole list.
    pub entries: std::ops::Range<usize>,
}

impl Paging {
    /// Cuts a list of `length` entries into pages of `size`; an empty list has one page.
    fn cut(base: &UrlPath, length: usize, size: usize) -> impl Iterator<Item = Self> {
        let count = length.div_ceil(size).max(1);
        (1..=count).map(move |number| Self {
            base: base.clone(),
            number,
            count,
            entries: (number - 1) * size..(number * size).min(length),
        })
    }

    /// The address of a page of the list.
    pub fn url(&self, number: usize) -> UrlPath {
        Self::url_of(&self.base, number)
    }

    /// The address of a page of the list that begins at `base`.
    pub fn url_of(base: &UrlPath, number: usize) -> UrlPath {
        match number {
            1 => base.clone(),
            _ => UrlPath::new(&format!("{base}page/{number}/")),
        }
    }
}

/// Plans a site.
pub fn plan(guide: &Guide, config: &Config, theme: &Theme) -> Checked<Plan> {
    let mut outputs = Vec::new();
    let mut add = |url: UrlPath, origin: String, content: Content| {
        outputs.push(Output { url, origin, place: None, content });
    };
    add(UrlPath::home(), "the home page".to_owned(), Content::Home);
    add(UrlPath::new("/404.html"), "the page for lost readers".to_owned(), Content::NotFound);
    add(UrlPath::new("/search/"), "the search page".to_owned(), Content::Search);
    add(UrlPath::new("/your-data/"), "the page of the reader's data".to_owned(), Content::YourData);
    if theme.worker(config).is_some() {
        let origin = || "reading offline".to_owned();
        add(UrlPath::new("/offline.html"), origin(), Content::Unreachable);
        add(UrlPath::new("/offline.json"), origin(), Content::Keepable);
        add(UrlPath::new("/service-worker.js"), origin(), Content::Worker);
    }
    let all = UrlPath::new("/questions/");
    for paging in Paging::cut(&all, guide.questions.len(), config.lists.page_size) {
        let origin = "the list of all questions".to_owned();
        add(paging.url(paging.number), origin, Content::Questions(paging));
    }
    for taxonomy in Taxonomy::ALL {
        let index = UrlPath::new(&format!("/{}/", taxonomy.as_str()));
        add(index, format!("the index of {}", taxonomy.as_str()), Content::Index(taxonomy));
        for (position, term) in guide.vocabularies.terms(taxonomy).iter().enumerate() {
            let length = guide.questions_of(taxonomy, position).len();
            let base = Guide::term_url(taxonomy, term);
            for paging in Paging::cut(&base, length, config.lists.page_size) {
                let origin = format!("the {} `{}`", taxonomy.singular(), term.slug);
                add(paging.url(paging.number), origin, Content::Term(taxonomy, position, paging));
            }
        }
    }
    add(UrlPath::new("/matrix/"), "the matrix of topics and levels".to_owned(), Content::Matrix);
    if let Some(url) = guide::help_wanted(config) {
        add(url, "the page of help wanted".to_owned(), Content::HelpWanted);
    }
    if !guide.pages.is_empty() {
        add(UrlPath::new("/guide/"), "the list of pages".to_owned(), Content::GuidePages);
    }
    for asset in &theme.assets {
        let origin = format!("the theme's `{}`", asset.name);
        add(asset.path.url(), origin, Content::File(Arc::clone(&asset.bytes)));
    }
    for format in Format::of(config) {
        add(format.url(), "an export".to_owned(), Content::Export(format));
    }
    add(search::root(), "the search index".to_owned(), Content::SearchRoot);
    for (url, (path, bytes)) in &guide.attachments {
        add(url.clone(), format!("the file `{path}`"), Content::File(Arc::clone(bytes)));
    }
    outputs.extend(from_content(guide));
    claim(outputs, config.bounds.path_bytes)
}

/// Outputs that a file of the project asks for.
fn from_content(guide: &Guide) -> impl Iterator<Item = Output> {
    let questions = guide.question_ids().map(|(id, question)| Output {
        url: question.url.clone(),
        origin: format!("the question `{}`", question.matter().slug),
        place: Some(question.document.place(question.matter().title.span)),
        content: Content::Question(id),
    });
    let twins = guide.question_ids().map(|(id, question)| Output {
        url: export::twin_url(question),
        origin: format!("the Markdown of `{}`", question.matter().slug),
        place: Some(question.document.place(question.matter().title.span)),
        content: Content::Twin(id),
    });
    let pages = guide.pages.iter().enumerate().map(|(index, page)| Output {
        url: page.url.clone(),
        origin: format!("the guide page `{}`", page.matter().slug),
        place: Some(page.document.place(page.matter().title.span)),
        content: Content::GuidePage(index),
    });
    let redirects = guide.redirects.iter().enumerate().map(|(index, redirect)| Output {
        url: redirect.from.clone(),
        origin: format!("an alias of `{}`", redirect.to),
        place: Some(redirect.place.clone()),
        content: Content::Redirect(index),
    });
    questions.chain(twins).chain(pages).chain(redirects)
}

/// Gives every path to its first claim and reports the others.
fn claim(outputs: Vec<Output>, limit_bytes: usize) -> Checked<Plan> {
    let mut diagnostics = Vec::new();
    let mut claimed: BTreeMap<String, Output> = BTreeMap::new();
    for output in outputs {
        let path = output.url.output();
        if let Err(reason) = OutputPath::new(path.as_str()) {
            let message = format!("the output path `{path}` of {} {reason}", output.origin);
            diagnostics
                .push(diagnostic(Code::FileName, &output, message).help("choose another name"));
            continue;
        }
        // What is there is named after its content, which is not known yet.
        if path.as_str().starts_with(search::FILES) {
            let message =
                format!("{} claims `{path}`, among the files of the search index", output.origin);
            let help = "choose another address";
            diagnostics.push(diagnostic(Code::OutputCollision, &output, message).help(help));
            continue;
        }
        if path.as_str().len() > limit_bytes {
            let message = format!(
                "the output path `{path}` of {} is longer than {limit_bytes} bytes",
                output.origin
            );
            let help = "choose a shorter name, or raise `limits.path_bytes`";
            diagnostics.push(diagnostic(Code::FileName, &output, message).help(help));
            continue;
        }
        // Some file systems fold case, some normalise: names that meet on any of them collide.
        let key = match path.as_str() {
            path if path.is_ascii() => path.to_ascii_lowercase(),
            path => path.nfc().flat_map(char::to_lowercase).collect(),
        };
        match claimed.get(&key) {
            None => {
                claimed.insert(key, output);
            }
            Some(first) => {
                let message = format!("{} and {} both claim `{path}`", first.origin, output.origin);
                let mut collision =
                    diagnostic(Code::OutputCollision, &output, message).help("rename one of them");
                if let Some(place) = &first.place {
                    collision = collision.related(place.clone(), "the other claim");
                }
                diagnostics.push(collision);
            }
        }
    }
    let mut outputs: Vec<Output> = claimed.into_values().collect();
    outputs.sort_by_key(|output| output.url.output());
    Checked { value: Plan { outputs }, diagnostics }
}

fn diagnostic(code: Code, output: &Output, message: String) -> Diagnostic {
    match &output.place {
        Some(place) => Diagnostic::at(code, place.clone(), message),
        None => Diagnostic::of_guide(code, message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(url: &str, origin: &str) -> Output {
        Output {
            url: UrlPath::new(url),
            origin: origin.to_owned(),
            place: None,
            content: Content::Home,
        }
    }

    #[test]
    fn a_path_claimed_twice_names_both_claims() {
        let checked =
            claim(vec![output("/a/", "one"), output("/b/", "two"), output("/A/", "three")], 200);
        let told: Vec<_> = checked.diagnostics.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(told, ["one and three both claim `A/index.html`"]);
        assert_eq!(checked.value.outputs.len(), 2);
    }

    #[test]
    fn nothing_is_published_among_the_files_of_the_search_index() {
        let checked =
            claim(vec![output("/search/files/a/", "an alias"), output("/b/", "two")], 200);
        let told: Vec<_> = checked.diagnostics.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(
            told,
            ["an alias claims `search/files/a/index.html`, among the files of the search index"]
        );
        assert_eq!(checked.value.outputs.len(), 1);
    }

    #[test]
    fn lists_are_cut_into_pages() {
        let base = UrlPath::new("/topics/sql/");
        let pages: Vec<_> = Paging::cut(&base, 250, 100).map(|page| page.entries).collect();
        assert_eq!(pages, [0..100, 100..200, 200..250]);
        let empty: Vec<_> = Paging::cut(&base, 0, 100).map(|page| page.url(page.number)).collect();
        assert_eq!(empty, [base]);
    }
}
