//! Rules about what a question says for each level.
//!
//! Takes a question whose section could be read note by note, gives a finding for each note that
//! belongs to no level of the guide, stands in the wrong place, or is not there.

use std::collections::BTreeSet;

use super::Subject;
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::document::{Form, LevelNote, Role};
use crate::guide::Taxonomy;
use crate::table::{Spanned, backticked};
use crate::text::{nearest, only_near};

/// A note for every level from the question's own on, in their order, and for nothing that is no level.
pub(super) fn notes(subject: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let document = &subject.question.document;
    let mut sections = document.body.sections.iter();
    let Some(section) = sections.find(|section| section.role == Role::Levels) else { return };
    let Form::LevelNotes { notes, .. } = &section.form else { return };
    let names = subject.vocabularies.level_names();
    let level_of = |note: &LevelNote| subject.vocabularies.level_named(&note.name.value);
    in_order(subject, &names, notes, diagnostics);
    let noted: BTreeSet<usize> = notes.iter().filter_map(level_of).collect();
    let own = subject.question.level;
    let mut missing: Vec<usize> =
        (own..names.len()).filter(|level| !noted.contains(level)).collect();
    let unknown: Vec<&LevelNote> = notes.iter().filter(|note| level_of(note).is_none()).collect();
    for note in &unknown {
        // The one name that is wrong stands for the one level that is not there.
        let only = (unknown.len() == 1 && missing.len() == 1).then(|| missing[0]);
        let meant = meant(subject, &names, &note.name.value).or(only);
        diagnostics.push(not_a_level(subject, &names, &note.name, meant, &noted));
        missing.retain(|level| Some(*level) != meant);
    }
    let missing: Vec<&str> = missing.into_iter().map(|level| names[level]).collect();
    if let Some(first) = missing.first() {
        let heading = &document.body.headings[section.heading];
        let message = format!("`{}` has no note for {}", heading.text, backticked(&missing));
        let level = &subject.question.matter().level.value;
        diagnostics.push(
            Diagnostic::at(Code::SectionLevel, document.place(heading.span), message).help(format!(
                "add a paragraph that begins with `**{first}.**`: a question of level `{level}` has {}",
                backticked(&names[own..])
            )),
        );
    }
}

/// Each level once, from the lowest to the highest.
fn in_order(
    subject: &Subject<'_>,
    names: &[&str],
    notes: &[LevelNote],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut highest: Option<usize> = None;
    for note in notes {
        let Some(level) = subject.vocabularies.level_named(&note.name.value) else { continue };
        let told = match highest {
            Some(last) if last == level => (
                format!("two notes say what `{}` adds", names[level]),
                "join the two, or name the level that is meant".to_owned(),
            ),
            Some(last) if last > level => (
                format!("the note `{}` stands behind `{}`", names[level], names[last]),
                format!("the order is {}", backticked(names)),
            ),
            Some(_) | None => {
                highest = Some(level);
                continue;
            }
        };
        let place = subject.question.document.place(note.name.span);
        diagnostics.push(Diagnostic::at(Code::SectionLevel, place, told.0).help(told.1));
    }
}

/// The level that is meant by a name which no level has.
fn meant(subject: &Subject<'_>, names: &[&str], written: &str) -> Option<usize> {
    let near = nearest(written, names.iter().copied());
    let by_name = near.and_then(|near| names.iter().position(|name| *name == near));
    // "Staff" begins "Staff Engineer", which is what some call a lead.
    let is_called = |other: &String| other == written || other.split(' ').next() == Some(written);
    by_name.or_else(|| {
        let mut levels = subject.vocabularies.terms(Taxonomy::Levels).iter();
        levels.position(|level| level.also_called.iter().any(is_called))
    })
}

fn not_a_level(
    subject: &Subject<'_>,
    names: &[&str],
    written: &Spanned<String>,
    meant: Option<usize>,
    noted: &BTreeSet<usize>,
) -> Diagnostic {
    let place = subject.question.document.place(written.span);
    let message = format!("`{}` is not a level of this guide", written.value);
    let diagnostic = Diagnostic::at(Code::SectionLevel, place, message).help(match meant {
        Some(level) => {
            format!("did you mean `{}`? the levels are {}", names[level], backticked(names))
        }
        None => format!("the levels are {}", backticked(names)),
    });
    match only_near(&written.value, names.iter().copied()) {
        Some(only) if meant.is_some_and(|level| !noted.contains(&level)) => {
            let title = format!("write `{only}`");
            diagnostic.fix(Fix::replace(title, written.span, format!("**{only}.**")))
        }
        Some(_) | None => diagnostic,
    }
}
