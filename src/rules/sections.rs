//! Rules about the sections of a question: which, in which order, how long, in which form.

use std::ops::{Range, RangeInclusive};

use super::{GUIDANCE, Subject};
use crate::diagnostic::{Code, Diagnostic, Fix, Place};
use crate::document::{Form, Heading, Role, Section};
use crate::text::{Span, nearest};

/// Words that a section has in a question of a category, without its code.
pub(crate) fn words(role: Role, category: &str) -> RangeInclusive<usize> {
    match (role, category) {
        (Role::Tests, _) => 40..=90,
        (Role::ShortAnswer, _) => 40..=110,
        (Role::FullAnswer, "system-design") => 600..=1_300,
        (Role::FullAnswer, _) => 300..=900,
        (Role::Structure, _) => 60..=130,
        (Role::Example, _) => 150..=450,
        (Role::Levels, _) => 100..=220,
        (Role::Mistakes, _) => 60..=150,
        (Role::FollowUps, _) => 80..=220,
        (Role::Other, _) => 0..=usize::MAX,
    }
}

/// Words that a whole question has, without its code.
pub(crate) fn page_words(category: &str) -> RangeInclusive<usize> {
    match category {
        "technical" => 700..=1_500,
        "system-design" => 1_200..=2_400,
        "behavioural" => 800..=1_400,
        "situational" | "competency" => 700..=1_300,
        _ => 0..=usize::MAX,
    }
}

fn heading<'a>(subject: &Subject<'a>, section: &Section) -> &'a Heading {
    &subject.question.document.body.headings[section.heading]
}

fn place(subject: &Subject<'_>, section: &Section) -> Place {
    subject.question.document.place(heading(subject, section).span)
}

/// Only the headings of the model, each once, in its order.
pub(super) fn known_and_ordered(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: Vec<&Section> = Vec::new();
    for section in &subject.question.document.body.sections {
        let text = &heading(subject, section).text;
        let place = place(subject, section);
        if section.role == Role::Other {
            let headings = Role::MODEL.map(Role::heading);
            let meant = nearest(text, headings).or(only_meant(subject).map(Role::heading));
            diagnostics.push(
                Diagnostic::at(
                    Code::SectionUnknown,
                    place,
                    format!("`{text}` is not a section of the page model"),
                )
                .suggest(meant, || {
                    format!(
                        "use a third-level heading, or one of {}",
                        crate::table::backticked(&headings)
                    )
                }),
            );
            continue;
        }
        if let Some(first) = seen.iter().find(|first| first.role == section.role) {
            let first = subject.question.document.place(heading(subject, first).span);
            diagnostics.push(
                Diagnostic::at(Code::SectionDuplicate, place, format!("`{text}` stands twice"))
                    .related(first, "it first stands here")
                    .help("join the two"),
            );
            continue;
        }
        if let Some(later) = seen.iter().find(|earlier| earlier.role > section.role) {
            let message = format!("`{text}` stands behind `{}`", heading(subject, later).text);
            let diagnostic = Diagnostic::at(Code::SectionOrder, place, message)
                .help(format!("move it in front of `{}`", heading(subject, later).text));
            diagnostics.push(match sorted(subject) {
                Some(fix) => diagnostic.fix(fix),
                None => diagnostic,
            });
        }
        seen.push(section);
    }
}

/// The one section that is missing where one heading is not of the model: it is what that heading means.
fn only_meant(subject: &Subject<'_>) -> Option<Role> {
    let sections = &subject.question.document.body.sections;
    let unknown = sections.iter().filter(|section| section.role == Role::Other).count();
    let mut missing = missing(subject);
    let first = missing.next()?;
    (unknown == 1 && missing.next().is_none()).then_some(first)
}

/// The sections that the category asks for and the page has not.
fn missing<'a>(subject: &'a Subject<'_>) -> impl Iterator<Item = Role> + 'a {
    let body = &subject.question.document.body;
    Role::MODEL.into_iter().filter(move |role| {
        // A technical page without code needs no worked example.
        let is_optional = *role == Role::Example && subject.category == "technical";
        // A heading of the first level is told as such.
        let is_it = |heading: &Heading| heading.level == 1 && heading.text == role.heading();
        let is_there = body.sections.iter().any(|section| section.role == *role)
            || body.headings.iter().any(is_it);
        !is_there && !is_optional
    })
}

/// Moves the sections into the order of the model; only if it is certain which is which.
fn sorted(subject: &Subject<'_>) -> Option<Fix> {
    let body = &subject.question.document.body;
    let text = subject.question.document.source.text();
    let starts: Vec<usize> =
        body.sections.iter().map(|section| heading(subject, section).span.start).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let mut pieces: Vec<(Role, &str)> = body
        .sections
        .iter()
        .zip(starts.iter().zip(ends))
        .map(|(section, (start, end))| (section.role, text[*start..end].trim_end()))
        .collect();
    pieces.sort_by_key(|(role, _)| *role);
    let is_clear = pieces.windows(2).all(|pair| pair[0].0 != pair[1].0)
        && pieces.iter().all(|(role, _)| *role != Role::Other);
    let span = Span { start: *starts.first()?, end: text.len() };
    let pieces: Vec<&str> = pieces.into_iter().map(|(_, piece)| piece).collect();
    is_clear.then(|| {
        Fix::replace("put the sections into their order", span, pieces.join("\n\n") + "\n")
    })
}

/// Every section that the category asks for.
pub(super) fn complete(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let document = &subject.question.document;
    if only_meant(subject).is_some() {
        return;
    }
    let end = document.source.text().len();
    for role in missing(subject) {
        let mut deeper = document.body.headings.iter();
        let (span, help) = match deeper.find(|heading| heading.text == role.heading()) {
            Some(heading) => {
                (heading.span, format!("begin it with two `#`: `## {}`", role.heading()))
            }
            None => {
                let last = Span { start: end.saturating_sub(1), end };
                (last, format!("add `## {}`", role.heading()))
            }
        };
        let message = format!("the section `{}` is missing", role.heading());
        diagnostics
            .push(Diagnostic::at(Code::SectionMissing, document.place(span), message).help(help));
    }
}

fn has_code(subject: &Subject<'_>, section: &Section) -> bool {
    let blocks = &subject.question.document.body.code;
    blocks.iter().any(|block| section.body.contains(&block.event))
}

/// The bytes of a section, from its heading to the next one.
fn bytes(subject: &Subject<'_>, section: &Section) -> Range<usize> {
    let document = &subject.question.document;
    let headings = &document.body.headings;
    let next = headings[section.heading + 1..].iter().find(|next| next.level == 2);
    let end = next.map_or(document.source.text().len(), |next| next.span.start);
    headings[section.heading].span.start..end
}

/// Whether a section holds something, and nothing in it is still to be written: both are told as such.
fn is_written(subject: &Subject<'_>, section: &Section) -> bool {
    let document = &subject.question.document;
    let bytes = bytes(subject, section);
    let is_begun = section.words > 0 || has_code(subject, section);
    // A heading of the model at another level begins what should be the next section.
    let headings = document.body.headings.iter();
    let mut inside = headings.filter(|heading| bytes.contains(&heading.span.start));
    let is_alone =
        inside.all(|heading| heading.level == 2 || Role::of_heading(&heading.text) == Role::Other);
    is_begun && is_alone && !document.source.text()[bytes].contains(GUIDANCE)
}

/// Words of each section and of the whole.
pub(super) fn lengths(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let body = &subject.question.document.body;
    for section in &body.sections {
        let mut bounds = words(section.role, subject.category);
        if section.role == Role::Example && has_code(subject, section) {
            // The code carries the example, and the prose may be short.
            bounds = 20..=*bounds.end();
        }
        if !bounds.contains(&section.words) && is_written(subject, section) {
            let (low, high) = (bounds.start(), bounds.end());
            let message =
                format!("`{}` has {} words", heading(subject, section).text, section.words);
            diagnostics.push(
                Diagnostic::at(Code::SectionLength, place(subject, section), message)
                    .help(format!("between {low} and {high} are wanted, not counting code")),
            );
        }
    }
    let bounds = page_words(subject.category);
    let is_written = !subject.question.document.body_text().contains(GUIDANCE);
    if !bounds.contains(&body.words) && is_written {
        let (low, high) = (bounds.start(), bounds.end());
        let place = subject.question.document.place(subject.question.matter().title.span);
        diagnostics.push(
            Diagnostic::at(Code::PageLength, place, format!("the page has {} words", body.words))
                .help(format!("between {low} and {high} are wanted, not counting code")),
        );
    }
}

/// The first paragraph of a section that begins in bold and has no full stop there.
fn unpointed(subject: &Subject<'_>, section: &Section) -> Option<Diagnostic> {
    let document = &subject.question.document;
    let Range { start, end } = bytes(subject, section);
    let text = &document.source.text()[..end];
    let bold = |at: usize| {
        let inside = text[at..].strip_prefix("**")?;
        let name = &inside[..inside.find("**")?];
        (!name.ends_with('.') && !name.contains('\n')).then_some((at, name))
    };
    let (at, name) =
        text[start..].match_indices("\n\n").find_map(|(end, _)| bold(start + end + 2))?;
    let span = Span { start: at, end: at + name.len() + 4 };
    let level = name.trim_end_matches([':', ' ', '–', '-']);
    let message = format!("`**{name}**` begins no paragraph for a level");
    let right = format!("**{level}.**");
    let diagnostic = Diagnostic::at(Code::SectionForm, document.place(span), message)
        .help(format!("end the name with a full stop inside the bold text: `{right}`"));
    Some(match subject.vocabularies.level_named(level) {
        Some(_) => diagnostic.fix(Fix::replace(format!("write `{right}`"), span, right)),
        None => diagnostic,
    })
}

/// Sections whose form other pages and tools read.
pub(super) fn forms(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for section in &subject.question.document.body.sections {
        let help = match (section.role, &section.form) {
            (Role::Levels, Form::Prose) => "begin a paragraph for each level with `**Junior.**`",
            (Role::FollowUps, Form::Prose) => "write a list of `- *Question?* Hint.`",
            (_, Form::Prose | Form::LevelNotes { .. } | Form::FollowUps(_)) => continue,
        };
        if !is_written(subject, section) {
            continue;
        }
        if let (Role::Levels, Some(found)) = (section.role, unpointed(subject, section)) {
            diagnostics.push(found);
            continue;
        }
        let message = format!("`{}` cannot be read part by part", heading(subject, section).text);
        diagnostics
            .push(Diagnostic::at(Code::SectionForm, place(subject, section), message).help(help));
    }
}
