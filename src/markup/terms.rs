//! Where a page's text uses terms of the glossary for the first time.
//!
//! Takes events and the glossary, gives [`Marks`] by event. A term is marked once a page, in running
//! text only: never in code, headings, links, the names of tables' columns or what opens a fold.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::document::{Body, Events, Form, Role};
use crate::guide::Glossary;

/// First uses of terms, by the event whose text holds them.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    by_event: BTreeMap<usize, Vec<(Range<usize>, usize)>>,
}

impl Marks {
    /// The uses to mark in the text of an event: ranges of that text, and entries of the glossary.
    pub(super) fn of(&self, event: usize) -> &[(Range<usize>, usize)] {
        self.by_event.get(&event).map_or(&[], Vec::as_slice)
    }

    /// Every entry that is marked.
    pub(super) fn entries(&self) -> impl Iterator<Item = usize> {
        self.by_event.values().flatten().map(|(_, entry)| *entry)
    }
}

/// Finds the first use of every term, in the order in which a page is read: its short answer first.
pub(super) fn first_uses(events: &Events<'_>, body: &Body, glossary: &Glossary) -> Marks {
    let mut marks = Marks::default();
    if glossary.entries.is_empty() {
        return marks;
    }
    let short = body.sections.iter().find(|section| section.role == Role::ShortAnswer);
    let short = short.map_or(0..0, |section| section.body.clone());
    let folds = fold_titles(body);
    let mut seen = BTreeSet::new();
    for range in [short, 0..events.len()] {
        let mut closed = 0_usize;
        for (index, (event, _)) in events.iter().enumerate().take(range.end).skip(range.start) {
            match event {
                Event::Start(tag) if holds_no_marks(tag) => closed += 1,
                Event::End(end) if ends_no_marks(end) => closed -= 1,
                Event::Html(html) | Event::InlineHtml(html) if html.starts_with("<summary") => {
                    closed += 1;
                }
                Event::Html(html) | Event::InlineHtml(html) if html.starts_with("</summary") => {
                    closed = closed.saturating_sub(1);
                }
                Event::Text(text) if closed == 0 && !folds.iter().any(|f| f.contains(&index)) => {
                    let mut uses = glossary.uses(text);
                    uses.retain(|(_, entry)| seen.insert(*entry));
                    if !uses.is_empty() {
                        marks.by_event.insert(index, uses);
                    }
                }
                _ => {}
            }
        }
    }
    marks
}

/// Follow-up questions: each opens the fold of its hint.
fn fold_titles(body: &Body) -> Vec<Range<usize>> {
    let titles = body.sections.iter().filter_map(|section| match &section.form {
        Form::FollowUps(list) => Some(list.iter().map(|one| one.question.clone())),
        _ => None,
    });
    titles.flatten().collect()
}

fn holds_no_marks(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Heading { .. }
            | Tag::Link { .. }
            | Tag::Image { .. }
            | Tag::CodeBlock(_)
            | Tag::TableHead
            | Tag::DefinitionListTitle
    )
}

fn ends_no_marks(end: &TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Heading(_)
            | TagEnd::Link
            | TagEnd::Image
            | TagEnd::CodeBlock
            | TagEnd::TableHead
            | TagEnd::DefinitionListTitle
    )
}
