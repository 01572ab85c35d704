//! Texts for beginners: a draft question and a whole small guide.
//!
//! Gives texts; `commands` writes them. A test builds the guide and checks the draft, so that neither
//! can grow stale.

mod question;

pub use question::{Draft, question};

use crate::date::Date;

/// What a new guide says of itself.
#[derive(Clone, Debug, Default)]
pub struct Introduction {
    /// Its name, if it has one yet.
    pub title: Option<String>,
    /// What it is, in a sentence.
    pub description: Option<String>,
    /// Where it will be published.
    pub base_url: Option<String>,
}

/// The settings of a new guide.
fn settings(introduction: &Introduction) -> String {
    let mut text = include_str!("guide/askbook.toml").to_owned();
    let mut set = |key: &str, value: &Option<String>| {
        let Some(value) = value else { return };
        let line = text.lines().find(|line| line.trim_start_matches("# ").starts_with(key));
        let line = line.expect("the settings of a new guide hold the key").to_owned();
        text = text.replacen(&line, &format!("{key} = {}", quoted(value)), 1);
    };
    set("title", &introduction.title);
    set("description", &introduction.description);
    set("base_url", &introduction.base_url);
    text
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// The files of a new guide.
pub fn guide(introduction: &Introduction, today: Date) -> Vec<(&'static str, String)> {
    let dated = |text: &str| text.replace("{today}", &today.to_string());
    vec![
        ("askbook.toml", settings(introduction)),
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
        (".gitignore", "/public\n/.public.askbook-*\n/.askbook\n".to_owned()),
    ]
}
