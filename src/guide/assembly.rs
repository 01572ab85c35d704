//! Documents, put together.
//!
//! Takes documents, vocabularies and files beside pages, gives the [`Guide`] in which every reference is
//! resolved, and what cannot be. What a guide is, and what may be asked of it, stands in `guide`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::{
    Drafts, Guide, Page, Question, QuestionId, Redirect, Taxonomy, Vocabularies, excerpt, glossary,
    help_wanted, link, vocabulary,
};
use crate::config::Config;
use crate::date::Date;
use crate::diagnostic::{Checked, Code, Diagnostic, Fix, Place, Severity};
use crate::document::{Document, Matter, QuestionMatter};
use crate::path::{ContentPath, UrlPath};
use crate::source::{CONTENT, Dates, Sources};
use crate::table::Spanned;
use crate::text::{SUGGESTIONS, nearest, only_near};

/// Puts documents together.
pub fn assemble(
    documents: Vec<Arc<Document>>,
    sources: &Sources,
    config: &Config,
    drafts: Drafts,
) -> Checked<Guide> {
    let mut diagnostics = Vec::new();
    diagnostics.extend(config.bounds.too_many_pages(&documents));
    let vocabularies = vocabulary::read(sources, &mut diagnostics);
    let (mut glossary, documents) =
        glossary::read(documents, sources, &config.limits, &mut diagnostics);
    let terms = glossary.clone();
    let unread = unread(&documents, sources, &diagnostics);
    let catalogue = link::Catalogue::new(&documents, &terms, &unread, drafts, help_wanted(config));
    let is_whole = unread.is_empty();
    let mut assembly =
        Assembly { vocabularies, diagnostics, sources, unread: &unread, drafts, is_whole };
    let mut questions = assembly.questions(&documents);
    let mut pages = assembly.pages(&documents);
    let by_term = by_term(&questions, &assembly.vocabularies);
    for ((taxonomy, term), ids) in &by_term {
        if *taxonomy == Taxonomy::Topics {
            set_neighbours(&mut questions, *term, ids);
        }
    }
    assembly.resolve_related(&mut questions, &documents);
    let shown = questions.iter().map(|question| &question.document);
    for document in shown.chain(pages.iter().map(|page| &page.document)) {
        excerpt::check(document, sources, &mut assembly.diagnostics);
    }
    let names =
        glossary::Names::new(&assembly.vocabularies, &documents, &unread, &questions, &pages);
    glossary.resolve(&names, &mut assembly.diagnostics);
    let mut attachments = BTreeMap::new();
    let files = link::Files { sources, bounds: &config.bounds };
    let resolve = |document: &Arc<Document>, url: &UrlPath| {
        let mut diagnostics = Vec::new();
        (link::resolve(document, url, &catalogue, &files, &mut diagnostics), diagnostics)
    };
    let of_questions: Vec<_> =
        questions.par_iter().map(|one| resolve(&one.document, &one.url)).collect();
    let of_pages: Vec<_> = pages.par_iter().map(|one| resolve(&one.document, &one.url)).collect();
    let places = questions.iter_mut().map(|question| &mut question.destinations);
    let places = places.chain(pages.iter_mut().map(|page| &mut page.destinations));
    for (place, (resolved, diagnostics)) in places.zip(of_questions.into_iter().chain(of_pages)) {
        *place = resolved.destinations;
        attachments.extend(resolved.attachments);
        assembly.diagnostics.extend(diagnostics);
    }
    link::set_backlinks(&mut questions);
    let redirects = assembly.redirects(&questions, &pages);
    if questions.is_empty() && assembly.is_whole {
        let message = "the guide has no question to publish";
        let help = "`askbook new \"TITLE\" --topic T --category C --level L` writes one";
        assembly.diagnostics.push(Diagnostic::of_guide(Code::GuideEmpty, message).help(help));
    }
    let Assembly { vocabularies, diagnostics, is_whole, .. } = assembly;
    let guide = Guide {
        questions,
        pages,
        vocabularies,
        glossary,
        attachments,
        redirects,
        is_whole,
        by_term,
    };
    Checked { value: guide, diagnostics }
}

/// Files that are there and could not be read, or not whole: what seems to be missing may stand in them.
fn unread(
    documents: &[Arc<Document>],
    sources: &Sources,
    diagnostics: &[Diagnostic],
) -> BTreeSet<ContentPath> {
    let read: BTreeSet<_> = documents.iter().map(|document| document.source.path()).collect();
    let pages = sources.pages.iter().map(|page| page.path()).filter(|page| !read.contains(page));
    let is_error = |found: &&Diagnostic| found.code.default_severity() == Severity::Error;
    let files = diagnostics.iter().filter(is_error).filter_map(Diagnostic::file);
    let files = files.filter(|file| sources.vocabularies.contains_key(file));
    sources.unread.iter().chain(pages).chain(files).cloned().collect()
}

struct Assembly<'a> {
    vocabularies: Vocabularies,
    diagnostics: Vec<Diagnostic>,
    sources: &'a Sources,
    unread: &'a BTreeSet<ContentPath>,
    drafts: Drafts,
    is_whole: bool,
}

impl Assembly<'_> {
    /// Whether a file of the vocabularies is there and could not be read whole.
    fn is_unread(&self, vocabulary: &str) -> bool {
        self.unread.contains(&ContentPath::new(&format!("{CONTENT}/{vocabulary}.toml")))
    }

    /// Whether a document is no part of this guide: then neither are its mistakes.
    fn is_left_out(&self, document: &Document) -> bool {
        document.is_draft() && self.drafts == Drafts::Excluded
    }

    fn questions(&mut self, documents: &[Arc<Document>]) -> Vec<Question> {
        let mut seen: BTreeMap<&str, &Arc<Document>> = BTreeMap::new();
        let mut questions = Vec::new();
        for document in documents {
            let Matter::Question(matter) = &document.matter else { continue };
            if self.is_left_out(document) {
                continue;
            }
            if let Some(first) = seen.get(matter.slug.as_str()) {
                let message = format!("two files claim the question `{}`", matter.slug);
                self.diagnostics.push(
                    Diagnostic::at(
                        Code::QuestionDuplicate,
                        Place::start_of(&document.source),
                        message,
                    )
                    .related(Place::start_of(&first.source), "the other file")
                    .help("rename one of the files"),
                );
                continue;
            }
            seen.insert(&matter.slug, document);
            match self.question(document, matter) {
                Some(question) => questions.push(question),
                None => self.is_whole = false,
            }
        }
        questions.sort_by(|a, b| a.matter().slug.cmp(&b.matter().slug));
        questions
    }

    fn question(&mut self, document: &Arc<Document>, matter: &QuestionMatter) -> Option<Question> {
        let category = self.term(document, Taxonomy::Categories, &matter.category);
        let level = self.term(document, Taxonomy::Levels, &matter.level);
        let mut topics: Vec<usize> = Vec::new();
        for written in &matter.topics {
            match self.term(document, Taxonomy::Topics, written) {
                Some(topic) if topics.contains(&topic) => {
                    let message = format!("the topic `{}` is named twice", written.value);
                    self.diagnostics.push(
                        Diagnostic::at(Code::FieldValue, document.place(written.span), message)
                            .help("take one out"),
                    );
                }
                topic => topics.extend(topic),
            }
        }
        let kind = matter.kind.as_ref().and_then(|kind| self.kind(document, kind));
        if topics.is_empty() {
            return None;
        }
        Some(Question {
            document: Arc::clone(document),
            url: UrlPath::new(&format!("/questions/{}/", matter.slug)),
            category: category?,
            level: level?,
            topics,
            kind,
            related: Vec::new(),
            backlinks: Vec::new(),
            previous: None,
            next: None,
            updated: self.updated(document, matter.updated.as_ref()),
            destinations: BTreeMap::new(),
        })
    }

    fn pages(&mut self, documents: &[Arc<Document>]) -> Vec<Page> {
        let mut pages = Vec::new();
        for document in documents {
            let Matter::Guide(matter) = &document.matter else { continue };
            if self.is_left_out(document) {
                continue;
            }
            pages.push(Page {
                document: Arc::clone(document),
                url: UrlPath::new(&format!("/guide/{}/", matter.slug)),
                updated: self.updated(document, matter.updated.as_ref()),
                destinations: BTreeMap::new(),
            });
        }
        pages.sort_by(|a, b| {
            let key = |page: &Page| (page.matter().order, page.matter().slug.clone());
            key(a).cmp(&key(b))
        });
        pages
    }

    fn term(
        &mut self,
        document: &Arc<Document>,
        taxonomy: Taxonomy,
        written: &Spanned<String>,
    ) -> Option<usize> {
        let found = self.vocabularies.position(taxonomy, &written.value);
        let terms = self.vocabularies.terms(taxonomy);
        // A vocabulary that is missing, or lacks terms that could not be read, has been reported as such.
        if found.is_none() && !terms.is_empty() && !self.is_unread(taxonomy.as_str()) {
            let slugs: Vec<&str> = terms.iter().map(|term| term.slug.as_str()).collect();
            let what = taxonomy.singular();
            self.diagnostics.push(unknown_slug(document, what, written, &slugs));
        }
        found
    }

    fn kind(&mut self, document: &Arc<Document>, written: &Spanned<String>) -> Option<usize> {
        let kinds = &self.vocabularies.kinds;
        let found = kinds.iter().position(|kind| kind.slug == written.value);
        if found.is_none() && !self.is_unread("kinds") {
            let slugs: Vec<&str> = kinds.iter().map(|kind| kind.slug.as_str()).collect();
            self.diagnostics.push(unknown_slug(document, "kind", written, &slugs));
        }
        found
    }

    fn updated(&mut self, document: &Document, written: Option<&Spanned<Date>>) -> Option<Date> {
        if let Some(written) = written {
            return Some(written.value);
        }
        let path = document.source.path();
        let written = match &document.matter {
            Matter::Question(matter) => &matter.written,
            Matter::Guide(matter) => &matter.written,
        };
        // A day that is written and could not be read has been reported where it stands.
        if self.unread.contains(path) || written.iter().any(|key| key == "updated") {
            return None;
        }
        let reason = match &self.sources.dates {
            Dates::Known(dates) => match dates.get(path) {
                Some(date) => return Some(*date),
                None => "the file is not in the git history yet".to_owned(),
            },
            Dates::Unknown(reason) => reason.clone(),
        };
        let message = format!("the day of last change is not known: {reason}");
        self.diagnostics.push(
            Diagnostic::in_file(Code::DateUnknown, path, message)
                .help("add `updated = 2026-11-22`, with the day of the last change"),
        );
        None
    }

    /// Related slugs become questions; slugs of drafts and wanted questions wait in silence.
    fn resolve_related(&mut self, questions: &mut [Question], documents: &[Arc<Document>]) {
        let ids: BTreeMap<String, QuestionId> = questions
            .iter()
            .enumerate()
            .map(|(index, question)| (question.matter().slug.clone(), QuestionId(index)))
            .collect();
        let drafts: BTreeSet<&str> = documents
            .iter()
            .filter_map(|document| match &document.matter {
                Matter::Question(matter) => Some(matter.slug.as_str()),
                Matter::Guide(_) => None,
            })
            .collect();
        let wanted: BTreeSet<&str> =
            self.vocabularies.wanted.iter().map(|wanted| wanted.slug.as_str()).collect();
        let unread: BTreeSet<&str> = self.unread.iter().filter_map(link::question).collect();
        let may_be_wanted = self.is_unread("wanted");
        for question in questions {
            let document = Arc::clone(&question.document);
            let Matter::Question(matter) = &document.matter else { continue };
            let mut suggestions = 0;
            for written in matter.related.iter().flat_map(|list| &list.value) {
                let slug = written.value.as_str();
                let at =
                    |code, message| Diagnostic::at(code, document.place(written.span), message);
                if slug == matter.slug {
                    let message = "the question names itself as related";
                    let diagnostic = at(Code::RelatedSelf, message.to_owned());
                    self.diagnostics.push(diagnostic.help("take it out"));
                } else if let Some(id) = ids.get(slug) {
                    question.related.push(*id);
                } else if may_be_wanted || unread.contains(slug) {
                    // The file that could not be read has been reported.
                } else if !drafts.contains(slug) && !wanted.contains(slug) {
                    let help = "write it, or list it in `content/wanted.toml`";
                    let unknown =
                        at(Code::RelatedUnknown, format!("there is no question `{slug}`"));
                    suggestions += 1;
                    if suggestions > SUGGESTIONS {
                        self.diagnostics.push(unknown.help(help));
                        continue;
                    }
                    let known = drafts.iter().chain(&wanted).copied();
                    let diagnostic =
                        unknown.suggest(nearest(slug, known.clone()), || help.to_owned());
                    let taken: Vec<&str> = matter
                        .related
                        .iter()
                        .flat_map(|list| list.value.iter().map(|slug| slug.value.as_str()))
                        .chain([matter.slug.as_str()])
                        .collect();
                    self.diagnostics.push(respelled(diagnostic, written, known, &taken));
                }
            }
        }
    }

    fn redirects(&mut self, questions: &[Question], pages: &[Page]) -> Vec<Redirect> {
        let from_questions = questions.iter().map(|question| {
            let matter = question.matter();
            (&question.document, &question.url, &matter.title.value, &matter.aliases)
        });
        let from_pages = pages.iter().map(|page| {
            let matter = page.matter();
            (&page.document, &page.url, &matter.title.value, &matter.aliases)
        });
        let mut redirects = Vec::new();
        for (document, url, title, aliases) in from_questions.chain(from_pages) {
            for alias in aliases {
                let place = document.place(alias.span);
                // One slash at each end: `//host/` would be an address of another site.
                let inside = alias.value.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
                let is_address = inside.is_some_and(|inside| {
                    inside.split('/').all(|segment| crate::path::check_name(segment).is_ok())
                });
                if is_address {
                    redirects.push(Redirect {
                        from: UrlPath::new(&alias.value),
                        to: url.clone(),
                        title: title.clone(),
                        place,
                    });
                } else {
                    let message = format!("`{}` is not an address of this site", alias.value);
                    self.diagnostics.push(
                        Diagnostic::at(Code::AliasInvalid, place, message)
                            .help("write it as `/questions/old-name/`"),
                    );
                }
            }
        }
        redirects
    }
}

fn unknown_slug(
    document: &Document,
    what: &str,
    written: &Spanned<String>,
    known: &[&str],
) -> Diagnostic {
    let message = format!("there is no {what} `{}`", written.value);
    let diagnostic = Diagnostic::at(Code::FieldValue, document.place(written.span), message)
        .suggest(nearest(&written.value, known.iter().copied()), || {
            format!("known: {}", crate::table::backticked(known))
        });
    let taken: Vec<&str> = match &document.matter {
        Matter::Question(matter) => {
            matter.topics.iter().map(|topic| topic.value.as_str()).collect()
        }
        Matter::Guide(_) => Vec::new(),
    };
    respelled(diagnostic, written, known.iter().copied(), &taken)
}

/// Adds the fix that writes the only slug near to the one written, unless it is taken already.
fn respelled<'a>(
    diagnostic: Diagnostic,
    written: &Spanned<String>,
    known: impl Iterator<Item = &'a str>,
    taken: &[&str],
) -> Diagnostic {
    match only_near(&written.value, known).filter(|near| !taken.contains(near)) {
        Some(near) => {
            let title = format!("write `{near}`");
            diagnostic.fix(Fix::replace(title, written.span, format!("\"{near}\"")))
        }
        None => diagnostic,
    }
}

fn by_term(
    questions: &[Question],
    vocabularies: &Vocabularies,
) -> BTreeMap<(Taxonomy, usize), Vec<QuestionId>> {
    let mut by_term: BTreeMap<(Taxonomy, usize), Vec<QuestionId>> = BTreeMap::new();
    for (index, question) in questions.iter().enumerate() {
        let mut add = |taxonomy, term| {
            by_term.entry((taxonomy, term)).or_default().push(QuestionId(index));
        };
        add(Taxonomy::Categories, question.category);
        add(Taxonomy::Levels, question.level);
        for topic in &question.topics {
            add(Taxonomy::Topics, *topic);
        }
    }
    by_term.par_iter_mut().for_each(|((taxonomy, term), ids)| {
        sort(ids, *taxonomy, *term, questions, vocabularies);
    });
    by_term
}

/// Puts the questions of a term into the order of its page.
fn sort(
    ids: &mut [QuestionId],
    taxonomy: Taxonomy,
    term: usize,
    questions: &[Question],
    vocabularies: &Vocabularies,
) {
    let topics = vocabularies.terms(Taxonomy::Topics);
    let groups: Vec<Option<usize>> =
        topics.iter().map(|topic| vocabularies.group_of(topic)).collect();
    ids.sort_by_cached_key(|id| {
        let question = &questions[id.0];
        let home = question.topics[0];
        let part = match taxonomy {
            Taxonomy::Topics => (question.level, usize::from(home != term)),
            Taxonomy::Levels => (groups[home].unwrap_or(usize::MAX), home),
            Taxonomy::Categories => (question.kind.unwrap_or(usize::MAX), 0),
        };
        (part, question.level, question.matter().title.value.to_lowercase(), *id)
    });
}

/// Finds the place of a question that has another title among those of its terms.
pub(super) fn place_anew(guide: &mut Guide, id: QuestionId) {
    let Question { category, level, topics, .. } = &guide.questions[id.0];
    let topics = topics.iter().map(|topic| (Taxonomy::Topics, *topic));
    let terms = [(Taxonomy::Categories, *category), (Taxonomy::Levels, *level)];
    for (taxonomy, term) in terms.into_iter().chain(topics).collect::<Vec<_>>() {
        let Some(ids) = guide.by_term.get_mut(&(taxonomy, term)) else { continue };
        sort(ids, taxonomy, term, &guide.questions, &guide.vocabularies);
        if taxonomy == Taxonomy::Topics {
            set_neighbours(&mut guide.questions, term, ids);
        }
    }
}

/// Joins the questions that are at home in a topic, in the order of its page.
fn set_neighbours(questions: &mut [Question], topic: usize, ids: &[QuestionId]) {
    let is_at_home = |id: &QuestionId| questions[id.0].topics[0] == topic;
    let at_home: Vec<QuestionId> = ids.iter().copied().filter(is_at_home).collect();
    for (at, id) in at_home.iter().enumerate() {
        questions[id.0].previous = at.checked_sub(1).map(|before| at_home[before]);
        questions[id.0].next = at_home.get(at + 1).copied();
    }
}
