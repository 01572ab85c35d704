//! Views of the pages that people read: questions and written pages.

use std::cmp::Ordering;

use super::lists::{card, kind, reference, times};
use super::view::{
    Card, Day, FollowUpView, GuideView, Html, LevelNoteView, Neighbour, OutlineEntry, QuestionView,
    SectionView, SignalView, SourceView,
};
use super::{Base, Site, glossary};
use crate::document::{Body, Form, Role, Section};
use crate::guide::{Destination, Question, QuestionId, Taxonomy};
use crate::markup::{Fragments, PageDress};

/// Headings that the template adds behind the body.
const RUBRIC: &str = "rubric";
const SOURCES: &str = "sources";

/// The page of a question.
pub(super) fn question<'a>(site: &Site<'a>, base: &Base, id: QuestionId) -> QuestionView<'a> {
    let guide = site.guide;
    let question = guide.question(id);
    let matter = question.matter();
    let document = &question.document;
    let fragments = Fragments::new(
        document,
        PageDress {
            body: &document.body,
            destinations: &question.destinations,
            url: &question.url,
            strings: &site.theme.strings,
            cache: site.cache,
            glossary: &site.guide.glossary,
        },
    );
    let (prep_time, answer_time) = times(site, id);
    let home_topic = reference(guide, base, Taxonomy::Topics, question.topics[0]);
    let neighbour = |id: QuestionId| Neighbour {
        title: site.title(id).text.clone(),
        title_html: Html(site.title(id).html.clone()),
        url: base.to(&guide.question(id).url),
    };
    let lead = fragments.html(document.body.lead.clone());
    QuestionView {
        slug: &matter.slug,
        title_html: Html(site.title(id).html.clone()),
        summary: matter.summary.as_ref().map(|text| text.value.as_str()),
        category: reference(guide, base, Taxonomy::Categories, question.category),
        level: reference(guide, base, Taxonomy::Levels, question.level),
        topics: question
            .topics
            .iter()
            .map(|topic| reference(guide, base, Taxonomy::Topics, *topic))
            .collect(),
        kind: kind(guide, question.kind),
        evaluates: matter.evaluates.as_ref().map(|text| text.value.as_str()),
        asked_as: matter.wordings().collect(),
        prep_time,
        answer_time,
        languages: matter.languages.iter().map(|text| text.value.as_str()).collect(),
        verified_with: &matter.verified_with,
        updated: question.updated.map(|day| Day::new(day, &site.theme.strings)),
        is_draft: matter.is_draft,
        lead_html: (!lead.is_empty()).then_some(Html(lead)),
        sections: sections(&document.body, &fragments),
        level_notes: level_notes(site, base, &document.body, &fragments),
        follow_ups: follow_ups(&document.body, &fragments),
        rubric: matter
            .rubric
            .iter()
            .map(|row| SignalView { signal: &row.signal, scores: &row.scores })
            .collect(),
        rubric_id: RUBRIC,
        sources: matter
            .sources
            .iter()
            .map(|source| SourceView {
                title: &source.title,
                url: &source.url.value,
                host: host(&source.url.value),
            })
            .collect(),
        sources_id: SOURCES,
        related: question.related.iter().map(|other| related(site, base, id, *other)).collect(),
        previous: question.previous.map(neighbour),
        next: question.next.map(neighbour),
        order_title: home_topic.name,
        outline: question_outline(site, id, &fragments),
        terms: glossary::meanings(site, &fragments),
    }
}

/// A related question with the reason: a topic that both have, a link between them, the same kind.
fn related<'a>(site: &Site<'a>, base: &Base, id: QuestionId, other: QuestionId) -> Card<'a> {
    let (guide, strings) = (site.guide, &site.theme.strings);
    let (own, its) = (guide.question(id), guide.question(other));
    let terms = |taxonomy| guide.vocabularies.terms(taxonomy);
    let shared = own.topics.iter().find(|topic| its.topics.contains(topic));
    let with_topic = |key: &str, topic: usize| {
        let level = &terms(Taxonomy::Levels)[its.level].name;
        let topic = &terms(Taxonomy::Topics)[topic].name;
        strings.with(key, "topic", topic).replace("{level}", level)
    };
    let reason = match shared {
        Some(topic) => with_topic(
            match its.level.cmp(&own.level) {
                Ordering::Greater => "related_further",
                Ordering::Less => "related_before",
                Ordering::Equal => "related_topic",
            },
            *topic,
        ),
        None if links_to(own, its) => strings.text("related_linked").to_owned(),
        None if links_to(its, own) => strings.text("related_links").to_owned(),
        None => match its.kind.filter(|kind| own.kind == Some(*kind)) {
            Some(kind) => {
                strings.with("related_kind", "kind", &guide.vocabularies.kinds[kind].name)
            }
            None => with_topic("related_elsewhere", its.topics[0]),
        },
    };
    Card { reason: Some(reason), ..card(site, base, other) }
}

/// Whether the text of a question has a link to another.
pub(super) fn links_to(from: &Question, to: &Question) -> bool {
    from.destinations
        .values()
        .any(|destination| matches!(destination, Destination::Page { url, .. } if *url == to.url))
}

fn sections<'a>(body: &'a Body, fragments: &Fragments<'_>) -> Vec<SectionView<'a>> {
    body.sections
        .iter()
        .map(|section| {
            let heading = &body.headings[section.heading];
            SectionView {
                role: section.role.as_str(),
                id: &heading.id,
                title_html: Html(fragments.html(heading.title.clone())),
                html: Html(fragments.html(section.body.clone())),
            }
        })
        .collect()
}

fn section_with(body: &Body, role: Role) -> Option<&Section> {
    body.sections.iter().find(|section| section.role == role)
}

fn level_notes<'a>(
    site: &Site<'a>,
    base: &Base,
    body: &'a Body,
    fragments: &Fragments<'_>,
) -> Vec<LevelNoteView<'a>> {
    let Some(Form::LevelNotes { introduction, notes }) =
        section_with(body, Role::Levels).map(|section| &section.form)
    else {
        return Vec::new();
    };
    let mut views = Vec::with_capacity(notes.len() + 1);
    if !introduction.is_empty() {
        let html = Html(fragments.html(introduction.clone()));
        views.push(LevelNoteView { level: None, name: "", html });
    }
    for note in notes {
        let level = site.guide.vocabularies.level_named(&note.name.value);
        // The note's text lost the bold beginning of its paragraph, and with it the opening tag.
        let text = fragments.html(note.body.clone());
        views.push(LevelNoteView {
            level: level.map(|level| reference(site.guide, base, Taxonomy::Levels, level)),
            name: &note.name.value,
            html: Html(format!("<p>{}", text.trim_start())),
        });
    }
    views
}

fn follow_ups(body: &Body, fragments: &Fragments<'_>) -> Vec<FollowUpView> {
    let Some(Form::FollowUps(list)) =
        section_with(body, Role::FollowUps).map(|section| &section.form)
    else {
        return Vec::new();
    };
    list.iter()
        .map(|one| FollowUpView {
            question_html: Html(fragments.inline_html(one.question.clone())),
            hint_html: Html(fragments.inline_html(one.hint.clone())),
        })
        .collect()
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest).trim_start_matches("www.")
}

/// Second-level headings with the third-level ones below them.
fn outline(body: &Body, fragments: &Fragments<'_>) -> Vec<OutlineEntry> {
    let mut entries: Vec<OutlineEntry> = Vec::new();
    for heading in &body.headings {
        let entry = OutlineEntry {
            id: heading.id.clone(),
            title_html: Html(fragments.html(heading.title.clone())),
            children: Vec::new(),
        };
        match (heading.level, entries.last_mut()) {
            (2, _) => entries.push(entry),
            (3, Some(last)) => last.children.push(entry),
            (_, _) => {}
        }
    }
    entries
}

fn question_outline(
    site: &Site<'_>,
    id: QuestionId,
    fragments: &Fragments<'_>,
) -> Vec<OutlineEntry> {
    let question = site.guide.question(id);
    let matter = question.matter();
    let mut entries = outline(&question.document.body, fragments);
    let mut add = |id: &str| {
        entries.push(OutlineEntry {
            id: id.to_owned(),
            title_html: Html(crate::markup::escaped(site.text(id))),
            children: Vec::new(),
        });
    };
    if !matter.rubric.is_empty() {
        add(RUBRIC);
    }
    if !matter.sources.is_empty() {
        add(SOURCES);
    }
    entries
}

/// A written page.
pub(super) fn guide_page<'a>(site: &Site<'a>, base: &Base, index: usize) -> GuideView<'a> {
    let page = &site.guide.pages[index];
    let document = &page.document;
    let fragments = Fragments::new(
        document,
        PageDress {
            body: &document.body,
            destinations: &page.destinations,
            url: &page.url,
            strings: &site.theme.strings,
            cache: site.cache,
            glossary: &site.guide.glossary,
        },
    );
    GuideView {
        title: &page.matter().title.value,
        summary: page.matter().summary.as_ref().map(|text| text.value.as_str()),
        html: Html(fragments.whole()),
        terms: glossary::meanings(site, &fragments),
        outline: outline(&document.body, &fragments),
        updated: page.updated.map(|day| Day::new(day, &site.theme.strings)),
        previous: index.checked_sub(1).and_then(|index| page_neighbour(site, base, index)),
        next: page_neighbour(site, base, index + 1),
    }
}

/// A link to a written page, if there is one at this position.
pub(super) fn page_neighbour(site: &Site<'_>, base: &Base, index: usize) -> Option<Neighbour> {
    let page = site.guide.pages.get(index)?;
    let title = &page.matter().title.value;
    Some(Neighbour {
        title: title.clone(),
        title_html: Html(crate::markup::escaped(title)),
        url: base.to(&page.url),
    })
}
