//! A draft question: every section of the page model, with a word on what its category and kind want.
//!
//! Takes what is known of the question, gives the page's text. What is still to be written stands in
//! comments that begin with `guidance:`, which are refused until they are replaced; the pages of a
//! release hold none of them.

use std::ops::RangeInclusive;

use super::quoted;
use crate::date::Date;
use crate::document::{QUESTION_FIELDS, Role};
use crate::field::Field;
use crate::rules::{LONGEST_TITLE, needs_sources, page_words, words};

/// What `askbook new` was asked for.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The question.
    pub title: String,
    /// Its permanent name.
    pub slug: String,
    /// Slug of its category.
    pub category: String,
    /// Slug of its level.
    pub level: String,
    /// Names of the levels from that one on.
    pub levels: Vec<String>,
    /// Slugs of its topics, the home topic first.
    pub topics: Vec<String>,
    /// Slug of its kind, if it is settled.
    pub kind: Option<String>,
    /// The parts of a good answer of that kind, in order.
    pub structure: Vec<String>,
    /// The day it is begun.
    pub today: Date,
}

/// The text of a draft: all sections, each with a word on what belongs there.
pub fn question(draft: &Draft) -> String {
    let mut text = front_matter(draft);
    for line in whole_page(draft) {
        text.push_str(&format!("\n<!-- guidance: {line} -->\n"));
    }
    for role in Role::MODEL {
        text.push_str(&format!("\n## {}\n", role.heading()));
        for line in guidance(role, draft) {
            text.push_str(&format!("\n<!-- guidance: {line} -->\n"));
        }
        if role == Role::Levels {
            for level in &draft.levels {
                text.push_str(&format!("\n**{level}.** <!-- guidance: what this level adds -->\n"));
            }
        }
    }
    text
}

/// Every key of a question in its order: written if it is known, else as a comment that says what it is.
fn front_matter(draft: &Draft) -> String {
    let topics: Vec<String> = draft.topics.iter().map(|topic| quoted(topic)).collect();
    let mut text = String::from("+++\n");
    for field in QUESTION_FIELDS {
        let known = match field.key {
            "title" => Some(quoted(&draft.title)),
            "slug" => Some(quoted(&draft.slug)),
            "category" => Some(quoted(&draft.category)),
            "level" => Some(quoted(&draft.level)),
            "topics" => Some(format!("[{}]", topics.join(", "))),
            "kind" => draft.kind.as_deref().map(quoted),
            "updated" => Some(draft.today.to_string()),
            "status" => Some(quoted("draft")),
            // The kind has times of its own, and a new page no old address.
            "prep_seconds" | "answer_seconds" | "aliases" => continue,
            "source" if !needs_sources(&draft.category) => continue,
            _ => None,
        };
        match known {
            Some(value) => text.push_str(&format!("{} = {value}\n", field.key)),
            None => text.push_str(&asked(field)),
        }
    }
    text.push_str("+++\n");
    text
}

/// A key that is still to be written: its form as a comment, and what it is.
fn asked(field: &Field) -> String {
    let form = field.form();
    let about = match field.key {
        "languages" | "verified_with" => format!("If there is code: {}", lower(field.about)),
        "kind" => "A slug of `kinds.toml`.".to_owned(),
        _ => field.about.to_owned(),
    };
    match &form[..] {
        [line] => format!("# {line}   # {about}\n"),
        lines => {
            let lines: String = lines.iter().map(|line| format!("# {line}\n")).collect();
            format!("\n# {about} For each, without the marks:\n{lines}")
        }
    }
}

/// A sentence as the second half of one.
fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters
        .next()
        .map_or_else(String::new, |first| format!("{}{}", first.to_lowercase(), letters.as_str()))
}

/// "600 to 1,300 words".
fn bounds(range: &RangeInclusive<usize>) -> String {
    let number = |number: usize| match number {
        0..1_000 => number.to_string(),
        _ => format!("{},{:03}", number / 1_000, number % 1_000),
    };
    format!("{} to {} words", number(*range.start()), number(*range.end()))
}

/// What holds for the page as a whole.
fn whole_page(draft: &Draft) -> Vec<String> {
    let words = page_words(&draft.category);
    let length = match *words.end() {
        usize::MAX => String::new(),
        _ => format!("the whole page has {}, code not counted; ", bounds(&words)),
    };
    let title = format!("the title has {LONGEST_TITLE} characters at most; ");
    let code = "a block of code names its language behind the fence, and `run` if `askbook test` runs it, with an empty `text output` block below, which `askbook test --bless` fills";
    vec![
        format!("{length}{title}British spelling, no phrases that say nothing"),
        code.to_owned(),
        "name this page under `related` of a question near to it, and link to others by the relative path of their file"
            .to_owned(),
    ]
}

/// What a section holds, for somebody who writes the first one.
fn guidance(role: Role, draft: &Draft) -> Vec<String> {
    let words = bounds(&words(role, &draft.category));
    let text = match role {
        Role::Tests => format!(
            "two or three sentences to the candidate, {words}: what the interviewer learns, and what a poor answer would hide"
        ),
        Role::ShortAnswer if draft.category == "system-design" => format!(
            "the first minute of the answer, {words}: scope, the decisive number, the shape of the design"
        ),
        Role::ShortAnswer => format!("what you would say aloud in thirty seconds, {words}"),
        Role::FullAnswer => return full_answer(draft, &words),
        Role::Structure => return structure(draft, &words),
        Role::Example => example(draft, &words),
        Role::Levels => format!(
            "one paragraph for each level, {words} together; each begins with the level's name in bold, adds to the one before and repeats nothing"
        ),
        Role::Mistakes => format!(
            "a list, {words}, of things that people really say; one may be addressed to interviewers"
        ),
        Role::FollowUps => format!(
            "a list of 3 to 6 questions in italics, each with a hint of one or two sentences, {words}: - *Why?* Because."
        ),
        Role::Other => return Vec::new(),
    };
    vec![text]
}

fn full_answer(draft: &Draft, words: &str) -> Vec<String> {
    let mut lines = vec![format!(
        "the answer with its reasons, {words}, under third-level headings of your choice; say where it stops being true"
    )];
    let wanted = match draft.kind.as_deref() {
        Some("concept") => "a definition that stands alone, one concrete example, a limit",
        Some("comparison") => "a table on the axes that matter, then a choice for a named case",
        Some("design-exercise") => {
            "requirements and non-goals, an estimate with its sums, interface, data, a drawing, failures, the next bottleneck, two alternatives with their price"
        }
        Some("debugging-story") => {
            "a timeline of evidence: symptom, hypothesis, cheapest test, result; then cause and prevention"
        }
        Some("code-exercise") => {
            "a complete program with its output, its cost in time and memory, and one improvement"
        }
        Some("star-story") => {
            "how to choose a story of your own, a table of its parts, and why the example works"
        }
        Some("scenario-walkthrough") => {
            "what to ask first, steps in order with reasons, words you would use, when to escalate"
        }
        Some("conversation") => {
            "a pattern, two short examples for different people, what to leave out"
        }
        Some(_) | None => return lines,
    };
    lines.push(format!("this kind of question wants {wanted}"));
    lines
}

fn structure(draft: &Draft, words: &str) -> Vec<String> {
    let mut lines = vec![format!("a numbered list, {words}, that would suit no other question")];
    if !draft.structure.is_empty() {
        lines.push(format!("a good answer of this kind has: {}", draft.structure.join("; ")));
    }
    lines
}

fn example(draft: &Draft, words: &str) -> String {
    match draft.category.as_str() {
        "system-design" => format!("sums and a sketch of the design, {words}"),
        "behavioural" => {
            format!("a story of {words}, marked as invented, with plausible figures")
        }
        "situational" => format!("a dialogue or a timeline, {words}"),
        "competency" => {
            format!("one instance, told with what was done and what came of it, {words}")
        }
        _ => format!(
            "code that has run with its real output, and 20 words or more about it; without code {words}, and a technical page may leave this section out"
        ),
    }
}
