//! A draft question: every section of the page model, with a word on what its category and kind want.
//!
//! Takes what is known of the question, gives the page's text. What is still to be written stands in
//! comments that begin with `guidance:`, which are refused until they are replaced; the pages of a
//! release hold none of them.

use super::quoted;
use crate::date::Date;
use crate::document::Role;

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

fn front_matter(draft: &Draft) -> String {
    let mut text = String::from("+++\n");
    let mut line = |key: &str, value: String| text.push_str(&format!("{key} = {value}\n"));
    line("title", quoted(&draft.title));
    line("slug", quoted(&draft.slug));
    line("# summary", "\"…\"   # the answer in one sentence of 60 to 200 characters".to_owned());
    line("category", quoted(&draft.category));
    line("level", quoted(&draft.level));
    let topics: Vec<String> = draft.topics.iter().map(|topic| quoted(topic)).collect();
    line("topics", format!("[{}]", topics.join(", ")));
    match &draft.kind {
        Some(kind) => line("kind", quoted(kind)),
        None => line("# kind", "\"…\"   # a slug of kinds.toml".to_owned()),
    }
    line("# evaluates", "\"…\"   # what the interviewer learns".to_owned());
    line("# asked_as", "[\"…\", \"…\"]   # two to five other wordings".to_owned());
    line("# related", "[\"…\", \"…\", \"…\"]   # slugs of three to five questions".to_owned());
    line("updated", draft.today.to_string());
    line("status", quoted("draft"));
    text.push_str(
        "\n# Three to five signals, each something that can be heard or seen, with four descriptions of\n\
         # behaviour. Take the marks away and write.\n\
         # [[rubric]]\n# signal = \"…\"\n# scores = [\n#   \"…\",\n#   \"…\",\n#   \"…\",\n#   \"…\",\n# ]\n",
    );
    if is_sourced(draft) {
        text.push_str(
            "\n# Three primary sources or more: specifications, manuals, papers.\n\
             # [[source]]\n# title = \"…\"\n# url = \"https://…\"\n",
        );
    }
    text.push_str("+++\n");
    text
}

/// Whether the page model asks sources of the category.
fn is_sourced(draft: &Draft) -> bool {
    matches!(draft.category.as_str(), "technical" | "system-design")
}

/// What a section holds, for somebody who writes the first one.
fn guidance(role: Role, draft: &Draft) -> Vec<String> {
    let text = match role {
        Role::Tests => {
            "two or three sentences to the candidate, 40 to 90 words: what the interviewer learns, and what a poor answer would hide"
        }
        Role::ShortAnswer if draft.category == "system-design" => {
            "the first minute of the answer, 40 to 110 words: scope, the decisive number, the shape of the design"
        }
        Role::ShortAnswer => "what you would say aloud in thirty seconds, 40 to 110 words",
        Role::FullAnswer => return full_answer(draft),
        Role::Structure => return structure(draft),
        Role::Example => example(draft),
        Role::Levels => {
            "one paragraph for each level, 100 to 220 words together; each adds to the one before and repeats nothing"
        }
        Role::Mistakes => {
            "a list, 60 to 150 words, of things that people really say; one may be addressed to interviewers"
        }
        Role::FollowUps => {
            "a list of 3 to 6 questions in italics, each with a hint of one or two sentences: - *Why?* Because."
        }
        Role::Other => return Vec::new(),
    };
    vec![text.to_owned()]
}

fn full_answer(draft: &Draft) -> Vec<String> {
    let words = if draft.category == "system-design" { "600 to 1,300" } else { "300 to 900" };
    let mut lines = vec![format!(
        "the answer with its reasons, {words} words, under third-level headings of your choice; say where it stops being true"
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

fn structure(draft: &Draft) -> Vec<String> {
    let mut lines =
        vec!["a numbered list, 60 to 130 words, that would suit no other question".to_owned()];
    if !draft.structure.is_empty() {
        lines.push(format!("a good answer of this kind has: {}", draft.structure.join("; ")));
    }
    lines
}

fn example(draft: &Draft) -> &'static str {
    match draft.category.as_str() {
        "system-design" => "sums and a sketch of the design, 150 to 450 words",
        "behavioural" => {
            "a story, marked as invented, with plausible figures, in fewer than 420 words"
        }
        "situational" => "a dialogue or a timeline, 150 to 450 words",
        "competency" => {
            "one instance, told with what was done and what came of it, 150 to 450 words"
        }
        _ => {
            "code that has run with its real output; a technical page without code may leave this section out"
        }
    }
}
