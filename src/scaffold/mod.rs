//! Texts for beginners: a draft question and a whole small guide.
//!
//! Gives texts; `commands` writes them. A test builds the guide and checks the draft, so that neither
//! can grow stale.

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
    /// Slugs of its topics, the home topic first.
    pub topics: Vec<String>,
    /// Slug of its kind, if it is settled.
    pub kind: Option<String>,
    /// The day it is begun.
    pub today: Date,
}

/// A draft question: all sections, each with a word on what belongs there.
pub fn question(draft: &Draft) -> String {
    let mut text = String::from("+++\n");
    let mut line = |key: &str, value: String| text.push_str(&format!("{key} = {value}\n"));
    line("title", quoted(&draft.title));
    line("slug", quoted(&draft.slug));
    line("category", quoted(&draft.category));
    line("level", quoted(&draft.level));
    let topics: Vec<String> = draft.topics.iter().map(|topic| quoted(topic)).collect();
    line("topics", format!("[{}]", topics.join(", ")));
    if let Some(kind) = &draft.kind {
        line("kind", quoted(kind));
    }
    line("updated", draft.today.to_string());
    line("status", quoted("draft"));
    text.push_str("+++\n");
    for role in Role::MODEL {
        text.push_str(&format!("\n## {}\n\n{}\n", role.heading(), guidance(role)));
    }
    text
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// What a section of the page model holds, for somebody who writes the first one.
fn guidance(role: Role) -> &'static str {
    match role {
        Role::Tests => {
            "Two or three sentences to the candidate: what the interviewer learns, and what a poor answer would hide."
        }
        Role::ShortAnswer => "What you would say aloud in thirty seconds.",
        Role::FullAnswer => {
            "The answer with its reasons, under third-level headings of your choice. Say where it stops being true."
        }
        Role::Structure => "1. A numbered list that would suit no other question.",
        Role::Example => "Code that has run with its real output, sums, a dialogue or a story.",
        Role::Levels => {
            "**Junior.** What is expected at the lowest level.\n\n**Mid-level.** What is added.\n\n**Senior.** What is added.\n\n**Lead.** What is added."
        }
        Role::Mistakes => "- Something that people really say.",
        Role::FollowUps => "- *A question that goes deeper?* A hint in one or two sentences.",
        Role::Other => "",
    }
}

/// The files of a new guide.
pub fn guide(today: Date) -> Vec<(&'static str, String)> {
    let dated = |text: &str| text.replace("{today}", &today.to_string());
    vec![
        ("askbook.toml", include_str!("guide/askbook.toml").to_owned()),
        ("content/categories.toml", include_str!("guide/categories.toml").to_owned()),
        ("content/levels.toml", include_str!("guide/levels.toml").to_owned()),
        ("content/topics.toml", include_str!("guide/topics.toml").to_owned()),
        ("content/kinds.toml", include_str!("guide/kinds.toml").to_owned()),
        ("content/wanted.toml", include_str!("guide/wanted.toml").to_owned()),
        (
            "content/questions/sql/where-or-having.md",
            dated(include_str!("guide/where-or-having.md")),
        ),
        ("content/guide/about.md", dated(include_str!("guide/about.md"))),
        ("netlify.toml", include_str!("guide/netlify.toml").to_owned()),
        (".gitignore", "/public\n/.askbook\n".to_owned()),
    ]
}
