//! What `askbook new` writes: a page that asks for what is missing until it is there.

use askbook::diagnostic::{Code, Origin};
use askbook::scaffold::{self, Draft};

use crate::commands::{askbook, on_disk};
use crate::sample::{Sample, question};

const CATEGORIES: &str = include_str!("../../content/categories.toml");
const KINDS: &str = include_str!("../../content/kinds.toml");
const LEVELS: &str = include_str!("../../content/levels.toml");
const BEGINNING: &str = "<!-- guidance:";

fn slugs(text: &str, key: &str) -> Vec<String> {
    let table: toml::Table = text.parse().expect("TOML");
    let rows = table[key].as_array().expect("a list");
    rows.iter().map(|row| row["slug"].as_str().expect("a slug").to_owned()).collect()
}

/// A fresh page of each category and kind of the guide, and one of each category without a kind.
fn drafts() -> Vec<Draft> {
    let kinds: Vec<Option<String>> =
        slugs(KINDS, "kind").into_iter().map(Some).chain([None]).collect();
    let draft = |category: &String, kind: &Option<String>| Draft {
        title: format!("What is {category} {kind:?}?"),
        slug: format!("{category}-{}", kind.as_deref().unwrap_or("plain")),
        category: category.clone(),
        level: "junior".to_owned(),
        levels: vec!["Junior".to_owned(), "Mid-level".to_owned()],
        topics: vec!["sql".to_owned()],
        kind: kind.clone(),
        structure: vec!["First".to_owned(), "Then".to_owned()],
        today: "2026-11-20".parse().expect("a day"),
    };
    let of = |category: &String| kinds.iter().map(|kind| draft(category, kind)).collect::<Vec<_>>();
    slugs(CATEGORIES, "category").iter().flat_map(of).collect()
}

fn path(draft: &Draft) -> String {
    format!("content/questions/sql/{}.md", draft.slug)
}

/// The lines at which each page is told to hold something that is still to be written.
fn placeholders(pages: &[(String, String)]) -> Vec<(String, usize)> {
    let mut sample = Sample::new()
        .with("content/categories.toml", CATEGORIES)
        .with("content/kinds.toml", KINDS)
        .with("content/levels.toml", LEVELS);
    for (path, text) in pages {
        sample = sample.with(path, text);
    }
    let found = sample.with_drafts().findings();
    let found = found.iter().filter(|found| found.code == Code::TextPlaceholder);
    let mut places: Vec<_> = found
        .map(|found| match &found.origin {
            Origin::Place(place) => {
                let line = place.source.position(place.span.start).line;
                (place.source.path().as_str().to_owned(), line)
            }
            Origin::File(_) | Origin::Guide => panic!("a placeholder has a place"),
        })
        .collect();
    places.sort();
    places
}

#[test]
fn every_word_of_guidance_is_refused_until_it_is_replaced() {
    let pages: Vec<(String, String)> =
        drafts().iter().map(|draft| (path(draft), scaffold::question(draft))).collect();
    assert!(pages.len() >= 40, "{}", pages.len());
    let mut expected = Vec::new();
    for (path, text) in &pages {
        let lines = text.lines().enumerate().filter(|(_, line)| line.contains(BEGINNING));
        let before = expected.len();
        expected.extend(lines.map(|(index, _)| (path.clone(), index + 1)));
        // Eight sections ask for something, and so does each level.
        assert!(expected.len() - before >= 10, "{path}: {text}");
    }
    expected.sort();
    assert_eq!(placeholders(&pages), expected);
    let written = |text: &str| {
        let parts = text.split(BEGINNING).enumerate().map(|(index, part)| match index {
            0 => part.to_owned(),
            _ => format!("Written{}", &part[part.find("-->").expect("an end") + 3..]),
        });
        parts.collect::<String>()
    };
    let pages: Vec<_> = pages.into_iter().map(|(path, text)| (path, written(&text))).collect();
    assert_eq!(placeholders(&pages), Vec::new());
}

const DRAFT: &str = "content/questions/sql/unfinished.md";

/// A guide with a draft in which something is replaced.
fn unfinished(from: &str, to: &str) -> Sample {
    Sample::new()
        .with(DRAFT, &question("unfinished"))
        .edit(DRAFT, "\"reviewed\"", "\"draft\"")
        .edit(DRAFT, from, to)
}

#[test]
fn what_is_wrong_with_a_draft_waits_until_drafts_are_asked_for() {
    for (from, to, code) in [
        ("## Short answer", "<b>x</b>\n\n## Short answer", Code::MarkdownHtml),
        ("level = \"junior\"", "level = \"novice\"", Code::FieldValue),
        ("## Short answer", "[x](nowhere.md)\n\n## Short answer", Code::LinkBroken),
        ("status = ", "surprise = 1\nstatus = ", Code::FieldUnknown),
    ] {
        let guide = unfinished(from, to);
        assert_eq!(guide.findings(), Vec::new(), "{to}");
        guide.published("index.html");
        let found = guide.with_drafts().findings();
        assert!(found.iter().any(|found| found.code == code), "{to}: {found:?}");
    }
}

#[test]
fn a_draft_of_a_page_waits_as_well() {
    let page = "+++\ntitle = \"T\"\nstatus = \"draft\"\n+++\n\n<b>x</b>\n";
    let guide = Sample::new().with("content/guide/unfinished.md", page);
    assert_eq!(guide.findings(), Vec::new());
    assert!(guide.with_drafts().findings().iter().any(|found| found.code == Code::MarkdownHtml));
}

#[test]
fn a_draft_takes_no_slug_from_a_question_that_is_published() {
    let guide = Sample::new().with("content/questions/a/joins.md", &question("joins")).edit(
        "content/questions/a/joins.md",
        "\"reviewed\"",
        "\"draft\"",
    );
    assert_eq!(guide.findings(), Vec::new());
    let found = guide.with_drafts().findings();
    assert!(found.iter().any(|found| found.code == Code::QuestionDuplicate), "{found:?}");
}

/// A page whose front matter cannot be read might be one that readers miss.
#[test]
fn a_page_that_may_be_a_draft_is_told_of() {
    for (from, to) in [("status = ", "status == "), ("title = ", "titel = ")] {
        let found = unfinished(from, to).findings();
        assert!(found.iter().any(|found| found.file().is_some_and(|file| file.as_str() == DRAFT)));
    }
}

#[test]
fn a_fresh_page_stops_nobody_and_cannot_be_published() {
    let guide = on_disk(&Sample::new().with("content/questions/sql/other.md", &question("other")));
    let words =
        ["new", "What is fresh?", "--topic", "sql", "--category", "technical", "--level", "junior"];
    assert!(askbook(guide.path(), &words).status.success());
    assert_eq!(askbook(guide.path(), &["check"]).status.code(), Some(0));
    let refused = askbook(guide.path(), &["check", "--drafts", "--format", "concise"]);
    let told = String::from_utf8_lossy(&refused.stdout).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{told}");
    assert!(told.contains("error[text/placeholder]: guidance still stands on the page"), "{told}");
}
