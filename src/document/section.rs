//! The closed list of second-level headings, and the two sections whose form can be read.
//!
//! Takes events, gives typed sections; how long a section should be is a rule, not decided here.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};
use serde::{Deserialize, Serialize};

use super::body::plain_text;
use super::markdown::Events;
use crate::table::Spanned;
use crate::text::Span;

/// What a section of a question is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// What this question tests.
    Tests,
    /// Short answer.
    ShortAnswer,
    /// Full answer.
    FullAnswer,
    /// How to structure your answer.
    Structure,
    /// Worked example.
    Example,
    /// What each level adds.
    Levels,
    /// Mistakes and red flags.
    Mistakes,
    /// Follow-up questions.
    FollowUps,
    /// A heading that is not on the list.
    Other,
}

impl Role {
    /// The roles of the page model, in its order.
    pub const MODEL: [Self; 8] = [
        Self::Tests,
        Self::ShortAnswer,
        Self::FullAnswer,
        Self::Structure,
        Self::Example,
        Self::Levels,
        Self::Mistakes,
        Self::FollowUps,
    ];

    /// The heading that stands for the role.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Tests => "What this question tests",
            Self::ShortAnswer => "Short answer",
            Self::FullAnswer => "Full answer",
            Self::Structure => "How to structure your answer",
            Self::Example => "Worked example",
            Self::Levels => "What each level adds",
            Self::Mistakes => "Mistakes and red flags",
            Self::FollowUps => "Follow-up questions",
            Self::Other => "",
        }
    }

    /// The name in templates, and the anchor: it stays when the heading is translated.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tests => "tests",
            Self::ShortAnswer => "short-answer",
            Self::FullAnswer => "full-answer",
            Self::Structure => "structure",
            Self::Example => "example",
            Self::Levels => "levels",
            Self::Mistakes => "mistakes",
            Self::FollowUps => "follow-ups",
            Self::Other => "other",
        }
    }

    /// The role of a heading.
    pub fn of_heading(heading: &str) -> Self {
        Self::MODEL.into_iter().find(|role| role.heading() == heading).unwrap_or(Self::Other)
    }
}

/// What could be read of a section's form; ranges count events of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// Text without a form of its own.
    Prose,
    /// `**Junior.** …` paragraphs, after an introduction that may be empty.
    LevelNotes {
        /// What stands before the first note.
        introduction: Range<usize>,
        /// The notes.
        notes: Vec<LevelNote>,
    },
    /// `- *Question?* Hint.` items.
    FollowUps(Vec<FollowUp>),
}

/// What an answer at one level adds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelNote {
    /// The level's name as written, without the full stop; the place is that of the bold text.
    pub name: Spanned<String>,
    /// The paragraph without its bold beginning, and what follows it.
    pub body: Range<usize>,
}

/// A follow-up question and its hint; both are inline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// The question, without the emphasis around it.
    pub question: Range<usize>,
    /// What stands behind it.
    pub hint: Range<usize>,
}

/// Reads the form that `role` has; the text of the events stands `offset` bytes into its file.
pub(super) fn form(role: Role, events: &Events<'_>, body: Range<usize>, offset: usize) -> Form {
    let read = match role {
        Role::Levels => level_notes(events, body, offset),
        Role::FollowUps => follow_ups(events, body).map(Form::FollowUps),
        Role::Tests
        | Role::ShortAnswer
        | Role::FullAnswer
        | Role::Structure
        | Role::Example
        | Role::Mistakes
        | Role::Other => None,
    };
    read.unwrap_or(Form::Prose)
}

/// The events between a start event and its end.
fn inside(events: &Events<'_>, start: usize, limit: usize) -> Range<usize> {
    let mut depth = 0_usize;
    for (at, (event, _)) in events[start..limit].iter().enumerate() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return start + 1..start + at;
        }
    }
    start + 1..limit
}

/// `Some` if at least one top-level paragraph begins with bold text that ends in a full stop.
fn level_notes(events: &Events<'_>, body: Range<usize>, offset: usize) -> Option<Form> {
    let mut notes: Vec<LevelNote> = Vec::new();
    let mut introduction = body.start..body.end;
    let mut at = body.start;
    while at < body.end {
        let block = inside(events, at, body.end);
        let is_note = matches!(events[at].0, Event::Start(Tag::Paragraph))
            && matches!(events.get(at + 1), Some((Event::Start(Tag::Strong), _)));
        if is_note {
            let strong = inside(events, at + 1, block.end);
            let name = plain_text(&events[strong.clone()]);
            let value = name.trim().strip_suffix('.')?.to_owned();
            let name = Spanned { value, span: Span::shifted(&events[at + 1].1, offset) };
            match notes.last_mut() {
                Some(last) => last.body.end = at,
                None => introduction.end = at,
            }
            notes.push(LevelNote { name, body: strong.end + 1..body.end });
        }
        at = match events[at].0 {
            Event::Start(_) => block.end + 1,
            _ => at + 1,
        };
    }
    (!notes.is_empty()).then_some(Form::LevelNotes { introduction, notes })
}

/// `Some` if the section is one list whose every item is emphasis and then text.
fn follow_ups(events: &Events<'_>, body: Range<usize>) -> Option<Vec<FollowUp>> {
    let (first, _) = events.get(body.start)?;
    let list = inside(events, body.start, body.end);
    if !matches!(first, Event::Start(Tag::List(_))) || list.end + 1 != body.end {
        return None;
    }
    let mut follow_ups = Vec::new();
    let mut at = list.start;
    while at < list.end {
        let item = inside(events, at, list.end);
        let mut content = item.clone();
        if matches!(events[content.start].0, Event::Start(Tag::Paragraph)) {
            content = inside(events, content.start, item.end);
            if content.end + 1 != item.end {
                return None;
            }
        }
        if !matches!(events.get(content.start)?.0, Event::Start(Tag::Emphasis)) {
            return None;
        }
        let question = inside(events, content.start, content.end);
        let hint = question.end + 1..content.end;
        let has_block = events[hint.clone()].iter().any(|(event, _)| {
            matches!(event, Event::Start(Tag::List(_) | Tag::CodeBlock(_) | Tag::Paragraph))
        });
        if hint.is_empty() || has_block {
            return None;
        }
        follow_ups.push(FollowUp { question, hint });
        at = item.end + 1;
        debug_assert!(matches!(events[item.end].0, Event::End(TagEnd::Item)));
    }
    Some(follow_ups)
}

#[cfg(test)]
mod tests {
    use super::super::markdown::read;
    use super::*;

    fn form_of(role: Role, text: &str) -> (Form, String) {
        let (events, _) = read(text);
        let form = form(role, &events, 0..events.len(), 0);
        let shown = match &form {
            Form::Prose => String::new(),
            Form::LevelNotes { introduction, notes } => {
                let mut shown = plain_text(&events[introduction.clone()]);
                for note in notes {
                    shown +=
                        &format!("|{}:{}", note.name.value, plain_text(&events[note.body.clone()]));
                }
                shown
            }
            Form::FollowUps(list) => list
                .iter()
                .map(|one| {
                    let question = plain_text(&events[one.question.clone()]);
                    format!("|{question}:{}", plain_text(&events[one.hint.clone()]))
                })
                .collect(),
        };
        (form, shown)
    }

    #[test]
    fn level_paragraphs_are_told_apart() {
        let (_, shown) =
            form_of(Role::Levels, "Rare.\n\n**Mid-level.** Knows.\n\nMore.\n\n**Senior.** Asks.");
        assert_eq!(shown, "Rare.|Mid-level: Knows.More.|Senior: Asks.");
    }

    #[test]
    fn follow_ups_are_questions_with_hints() {
        assert_eq!(
            form_of(Role::FollowUps, "- *Why?* So.\n- *How?* Thus `x`.").1,
            "|Why?: So.|How?: Thus x."
        );
        assert_eq!(
            form_of(Role::FollowUps, "- *Why?* So.\n\n- *How?* Thus.").1,
            "|Why?: So.|How?: Thus."
        );
    }

    #[test]
    fn anything_else_stays_prose() {
        for text in
            ["- Why?", "*Why?* So.", "- *Why?*", "- *Why?* So.\n\nAnd.", "", "- *Why?* So.\n  - x"]
        {
            assert_eq!(form_of(Role::FollowUps, text).0, Form::Prose, "{text:?}");
        }
        assert_eq!(form_of(Role::Levels, "Just text.").0, Form::Prose);
    }
}
