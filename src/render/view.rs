//! What templates see: borrowed text, finished HTML, addresses as the page writes them.
//!
//! Every field is described for theme authors in `content/guide/themes.md`. Fields whose name ends in
//! `html` hold markup that is safe to write as it stands; all others are escaped by Tera.
#![allow(missing_docs, reason = "fields are named after what they hold and described in the guide")]

use serde::{Serialize, Serializer};
use tera::Value;

use crate::date::Date;
use crate::theme::Strings;

/// Finished HTML, which Tera does not escape again.
#[derive(Clone, Debug)]
pub struct Html(pub String);

impl Serialize for Html {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::safe_string(&self.0).serialize(serializer)
    }
}

/// A day, for `datetime` and for people.
#[derive(Clone, Debug, Serialize)]
pub struct Day {
    pub iso: Date,
    pub text: String,
}

impl Day {
    /// Both forms of a day.
    pub fn new(date: Date, strings: &Strings) -> Self {
        Self { iso: date, text: strings.date(date) }
    }
}

/// The guide as a whole: `site`.
#[derive(Debug, Serialize)]
pub struct SiteView<'a> {
    pub title: &'a str,
    pub tagline: Option<&'a str>,
    pub description: &'a str,
    pub language: &'a str,
    pub dir: &'a str,
    pub home_url: String,
    pub repository_url: Option<&'a str>,
    pub license_html: Option<Html>,
    pub generator: &'a str,
    pub levels: Vec<Ref<'a>>,
}

/// An entry of the main navigation: `nav`.
#[derive(Debug, Serialize)]
pub struct NavItem<'a> {
    pub title: &'a str,
    pub url: String,
    pub current: bool,
    pub key: &'a str,
}

/// The page itself: `page`.
#[derive(Debug, Serialize)]
pub struct PageView<'a> {
    pub kind: &'a str,
    pub title: String,
    pub head_title: String,
    pub description: String,
    pub canonical: Option<String>,
    pub og_type: &'a str,
    pub root: String,
    /// Address of the search index's root.
    pub search_root: String,
    /// Address of the search page.
    pub search_url: String,
    /// Address of the page of the reader's data.
    pub your_data_url: String,
    /// Address of the page of what the guide lacks, if it has one.
    pub help_wanted_url: Option<String>,
    /// Address of the script that keeps pages for reading offline, if there is one.
    pub worker_url: Option<String>,
    pub breadcrumbs: Vec<Crumb>,
    pub json_ld: Vec<Html>,
    pub feed_url: Option<String>,
    pub alternate_markdown: Option<String>,
    pub edit_url: Option<String>,
    pub report_url: Option<String>,
    pub updated: Option<Day>,
    pub is_draft: bool,
    pub number: usize,
}

#[derive(Clone, Debug, Serialize)]
pub struct Crumb {
    pub title: String,
    pub url: Option<String>,
}

/// A group of the sidebar: `sidebar`.
#[derive(Debug, Serialize)]
pub struct SidebarGroup<'a> {
    pub title: &'a str,
    pub url: Option<String>,
    pub current: bool,
    pub children: Vec<SidebarEntry<'a>>,
}

#[derive(Debug, Serialize)]
pub struct SidebarEntry<'a> {
    pub slug: &'a str,
    pub title: &'a str,
    pub url: String,
    pub current: bool,
    pub level_name: Option<&'a str>,
}

/// A term, named and linked.
#[derive(Clone, Debug, Serialize)]
pub struct Ref<'a> {
    pub slug: &'a str,
    pub name: &'a str,
    pub url: String,
    pub summary: &'a str,
    /// Position in the vocabulary, from 1.
    pub order: usize,
}

/// A kind of answer.
#[derive(Debug, Serialize)]
pub struct KindRef<'a> {
    pub slug: &'a str,
    pub name: &'a str,
    pub summary: &'a str,
}

/// A question in a list.
#[derive(Debug, Serialize)]
pub struct Card<'a> {
    pub slug: &'a str,
    pub title_html: Html,
    pub url: String,
    pub summary: Option<&'a str>,
    pub category: Ref<'a>,
    pub level: Ref<'a>,
    pub topics: Vec<Ref<'a>>,
    pub kind: Option<KindRef<'a>>,
    pub updated: Option<Day>,
    pub answer_time: Option<String>,
    pub is_draft: bool,
    /// Why it stands in this list, where that is not plain.
    pub reason: Option<String>,
}

/// A question's page: `question`.
#[derive(Debug, Serialize)]
pub struct QuestionView<'a> {
    pub slug: &'a str,
    pub title_html: Html,
    pub summary: Option<&'a str>,
    pub category: Ref<'a>,
    pub level: Ref<'a>,
    pub topics: Vec<Ref<'a>>,
    pub kind: Option<KindRef<'a>>,
    pub evaluates: Option<&'a str>,
    pub asked_as: Vec<&'a str>,
    pub prep_time: Option<String>,
    pub answer_time: Option<String>,
    pub languages: Vec<&'a str>,
    pub verified_with: &'a [String],
    pub updated: Option<Day>,
    pub is_draft: bool,
    pub lead_html: Option<Html>,
    pub sections: Vec<SectionView<'a>>,
    pub level_notes: Vec<LevelNoteView<'a>>,
    pub follow_ups: Vec<FollowUpView>,
    pub rubric: Vec<SignalView<'a>>,
    pub rubric_id: &'a str,
    pub sources: Vec<SourceView<'a>>,
    pub sources_id: &'a str,
    pub related: Vec<Card<'a>>,
    pub previous: Option<Neighbour>,
    pub next: Option<Neighbour>,
    pub order_title: &'a str,
    pub outline: Vec<OutlineEntry>,
    pub terms: Vec<Meaning<'a>>,
}

#[derive(Debug, Serialize)]
pub struct SectionView<'a> {
    pub role: &'a str,
    pub id: &'a str,
    pub title_html: Html,
    pub html: Html,
}

#[derive(Debug, Serialize)]
pub struct LevelNoteView<'a> {
    pub level: Option<Ref<'a>>,
    pub name: &'a str,
    pub html: Html,
}

#[derive(Debug, Serialize)]
pub struct FollowUpView {
    pub question_html: Html,
    pub hint_html: Html,
}

#[derive(Debug, Serialize)]
pub struct SignalView<'a> {
    pub signal: &'a str,
    pub scores: &'a [String],
}

#[derive(Debug, Serialize)]
pub struct SourceView<'a> {
    pub title: &'a str,
    pub url: &'a str,
    pub host: &'a str,
}

#[derive(Debug, Serialize)]
pub struct Neighbour {
    pub title: String,
    pub title_html: Html,
    pub url: String,
}

#[derive(Debug, Serialize)]
pub struct OutlineEntry {
    pub id: String,
    pub title_html: Html,
    pub children: Vec<OutlineEntry>,
}

/// A written page: `guide`.
#[derive(Debug, Serialize)]
pub struct GuideView<'a> {
    pub title: &'a str,
    pub summary: Option<&'a str>,
    pub html: Html,
    pub outline: Vec<OutlineEntry>,
    pub terms: Vec<Meaning<'a>>,
    pub updated: Option<Day>,
    pub previous: Option<Neighbour>,
    pub next: Option<Neighbour>,
}

/// Topics by level: `matrix`.
#[derive(Debug, Serialize)]
pub struct MatrixView<'a> {
    pub levels: Vec<Ref<'a>>,
    pub groups: Vec<MatrixGroup<'a>>,
    pub totals: Vec<MatrixCell<'a>>,
    pub count: usize,
}

#[derive(Debug, Serialize)]
pub struct MatrixGroup<'a> {
    pub title: Option<&'a str>,
    pub rows: Vec<MatrixRow<'a>>,
}

#[derive(Debug, Serialize)]
pub struct MatrixRow<'a> {
    #[serde(flatten)]
    pub term: Ref<'a>,
    pub count: usize,
    pub cells: Vec<MatrixCell<'a>>,
}

/// The questions of a topic at a level.
#[derive(Debug, Serialize)]
pub struct MatrixCell<'a> {
    pub level: &'a str,
    pub count: usize,
    pub url: String,
    /// Their slugs with spaces between them, for scripts.
    pub slugs: String,
}

/// What the guide lacks: `help`.
#[derive(Debug, Serialize)]
pub struct HelpView<'a> {
    /// The page on contributing, if the guide has one.
    pub contribute: Option<HelpEntry>,
    pub wanted: Vec<WantedEntry<'a>>,
    /// How many are wanted in all, and where all are listed.
    pub wanted_count: usize,
    pub wanted_url: Option<String>,
    pub levels: Vec<Ref<'a>>,
    pub categories: Vec<HelpRow<'a>>,
    pub topics: Vec<HelpEntry>,
    pub lists: Vec<HelpList>,
}

/// A question that is not written yet.
#[derive(Debug, Serialize)]
pub struct WantedEntry<'a> {
    pub slug: &'a str,
    pub title_html: Html,
    pub level: Option<Ref<'a>>,
    pub category: Option<Ref<'a>>,
    pub topic: Option<Ref<'a>>,
}

/// The questions of a category, a cell a level.
#[derive(Debug, Serialize)]
pub struct HelpRow<'a> {
    #[serde(flatten)]
    pub term: Ref<'a>,
    pub cells: Vec<HelpCell>,
}

/// How many questions there are, and whether that is few.
#[derive(Debug, Serialize)]
pub struct HelpCell {
    pub count: usize,
    pub is_few: bool,
}

/// Questions that want the same.
#[derive(Debug, Serialize)]
pub struct HelpList {
    pub title: String,
    pub text: String,
    pub entries: Vec<HelpEntry>,
}

/// A page and what is to be known of it.
#[derive(Debug, Serialize)]
pub struct HelpEntry {
    pub title_html: Html,
    pub url: String,
    pub note: Option<String>,
}

/// What a term that a page links to means.
#[derive(Debug, Serialize)]
pub struct Meaning<'a> {
    pub slug: &'a str,
    pub term_html: Html,
    pub definition_html: Html,
}

/// The glossary's page: `glossary`.
#[derive(Debug, Serialize)]
pub struct GlossaryView<'a> {
    pub title: &'a str,
    pub summary: Option<&'a str>,
    pub introduction_html: Option<Html>,
    pub count: usize,
    pub letters: Vec<Letter<'a>>,
    pub updated: Option<Day>,
    pub previous: Option<Neighbour>,
    pub next: Option<Neighbour>,
}

/// The terms under one letter.
#[derive(Debug, Serialize)]
pub struct Letter<'a> {
    pub id: String,
    pub name: String,
    pub entries: Vec<GlossaryEntry<'a>>,
}

#[derive(Debug, Serialize)]
pub struct GlossaryEntry<'a> {
    pub id: String,
    pub term_html: Html,
    pub definition_html: Html,
    pub aliases: Vec<&'a str>,
    pub see: Vec<SeeRef>,
}

#[derive(Debug, Serialize)]
pub struct SeeRef {
    pub title_html: Html,
    pub url: String,
}

/// An entry of the list of written pages.
#[derive(Debug, Serialize)]
pub struct GuideRef<'a> {
    pub title: &'a str,
    pub summary: Option<&'a str>,
    pub url: String,
}

/// A list of questions: `listing`.
#[derive(Debug, Serialize)]
pub struct Listing<'a> {
    pub count: usize,
    pub groups: Vec<CardGroup<'a>>,
    pub pager: Option<Pager>,
}

#[derive(Debug, Serialize)]
pub struct CardGroup<'a> {
    pub id: String,
    pub title: String,
    pub url: Option<String>,
    pub cards: Vec<Card<'a>>,
}

#[derive(Debug, Serialize)]
pub struct Pager {
    pub current: usize,
    pub total: usize,
    pub previous_url: Option<String>,
    pub next_url: Option<String>,
    pub pages: Vec<PagerEntry>,
}

#[derive(Debug, Serialize)]
pub struct PagerEntry {
    pub number: usize,
    pub url: String,
    pub current: bool,
}

/// A taxonomy on the search page: `facets`.
#[derive(Debug, Serialize)]
pub struct Facet<'a> {
    pub key: &'a str,
    pub title: &'a str,
    pub groups: Vec<TermGroup<'a>>,
}

/// The index of a taxonomy: `index`.
#[derive(Debug, Serialize)]
pub struct IndexView<'a> {
    pub taxonomy: &'a str,
    pub intro: Option<&'a str>,
    /// Address of the matrix, on the index of topics.
    pub matrix_url: Option<String>,
    pub groups: Vec<TermGroup<'a>>,
}

#[derive(Debug, Serialize)]
pub struct TermGroup<'a> {
    pub title: Option<&'a str>,
    pub terms: Vec<TermEntry<'a>>,
}

/// A term in an index, with its questions counted.
#[derive(Debug, Serialize)]
pub struct TermEntry<'a> {
    #[serde(flatten)]
    pub term: Ref<'a>,
    pub count: usize,
    pub description: Option<&'a str>,
    pub levels: Vec<LevelCount<'a>>,
    pub facts: Vec<Fact<'a>>,
}

#[derive(Debug, Serialize)]
pub struct LevelCount<'a> {
    pub name: &'a str,
    /// The part of a page that lists them; only topics are listed by level.
    pub url: Option<String>,
    /// The list of all questions narrowed down to them, which needs a script.
    pub filtered_url: String,
    pub count: usize,
}

#[derive(Debug, Serialize)]
pub struct Fact<'a> {
    pub name: &'a str,
    pub value: String,
}

/// The page of a term: `term`.
#[derive(Debug, Serialize)]
pub struct TermView<'a> {
    pub taxonomy: &'a str,
    pub slug: &'a str,
    pub name: &'a str,
    pub summary: &'a str,
    pub description: Option<&'a str>,
    pub count: usize,
    pub facts: Vec<Fact<'a>>,
    pub start_here: Vec<Card<'a>>,
    pub groups: Vec<CardGroup<'a>>,
    pub neighbours: Vec<TermNeighbour<'a>>,
    pub previous: Option<Ref<'a>>,
    pub next: Option<Ref<'a>>,
    pub pager: Option<Pager>,
}

#[derive(Debug, Serialize)]
pub struct TermNeighbour<'a> {
    #[serde(flatten)]
    pub term: Ref<'a>,
    pub count: usize,
}

/// The home page: `home`.
#[derive(Debug, Serialize)]
pub struct Home<'a> {
    pub question_count: usize,
    pub topic_count: usize,
    pub categories: Vec<TermEntry<'a>>,
    pub levels: Vec<TermEntry<'a>>,
    pub topic_groups: Vec<TermGroup<'a>>,
    pub matrix_url: String,
    pub recent: Vec<Card<'a>>,
    pub start: Vec<Card<'a>>,
    /// Questions of which a script shows one a day.
    pub days: Vec<Card<'a>>,
    pub guides: Vec<GuideRef<'a>>,
}

/// An old address: `redirect`.
#[derive(Debug, Serialize)]
pub struct Redirect {
    pub url: String,
    pub title: String,
}
