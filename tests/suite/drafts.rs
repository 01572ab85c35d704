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

/// How many words a comment of guidance asks for at least: the first number of "40 to 90 words".
fn least(guidance: &str) -> usize {
    let number = |word: &str| word.replace(',', "").trim_matches(':').parse::<usize>().ok();
    let words: Vec<&str> = guidance.split_whitespace().collect();
    let bounds = words.windows(4).find(|words| words[1] == "to" && words[3].starts_with("words"));
    bounds.and_then(|words| number(words[0])).expect("guidance tells how many words")
}

/// What somebody writes who reads nothing but what the fresh page says.
fn filled(draft: &Draft) -> String {
    let text = scaffold::question(draft);
    let (matter, body) = text[4..].split_once("+++\n").expect("front matter");
    let row = |number: usize| {
        format!("{} {}", draft.slug.replace('-', " "), ["one", "two", "three"][number])
    };
    let mut written = String::from("+++\n");
    let mut tables = String::new();
    for line in matter.lines().filter(|line| !line.is_empty()) {
        let Some(line) = line.strip_prefix("# ") else {
            written.push_str(&format!("{line}\n"));
            continue;
        };
        let key = line.split(' ').next().unwrap_or_default();
        let value = match key {
            "summary" => format!(
                "\"{} {}\"",
                draft.slug,
                "is said in one sentence of a hundred letters or so".repeat(2)
            ),
            "kind" => "\"concept\"".to_owned(),
            "evaluates" => "\"Knows what it is\"".to_owned(),
            "asked_as" => format!("[\"Say {}\", \"Tell {}\"]", row(0), row(1)),
            "related" => "[\"nulls\", \"outer-joins\", \"self-joins\"]".to_owned(),
            "languages" | "verified_with" => continue,
            "[[rubric]]" => {
                let scores = "scores = [\"Says none\", \"Says one\", \"Says two\", \"Says all\"]\n";
                let table = |at| format!("\n[[rubric]]\nsignal = \"Says {}\"\n{scores}", row(at));
                tables.extend((0..3).map(table));
                continue;
            }
            "[[source]]" => {
                let table = |at| {
                    format!("\n[[source]]\ntitle = \"{}\"\nurl = \"https://a.example/\"\n", row(at))
                };
                tables.extend((0..3).map(table));
                continue;
            }
            // The keys below the heads of the tables, and sentences.
            _ => continue,
        };
        written.push_str(&format!("{key} = {value}\n"));
    }
    written.push_str(&format!("{tables}+++\n"));
    let words = |count: usize| format!("{} ", draft.slug).repeat(count).trim_end().to_owned();
    let (whole, sections) = body.split_once("\n## ").expect("sections");
    let mut wanting = if whole.contains("the whole page has ") { least(whole) } else { 0 };
    let mut parts = Vec::new();
    for section in sections.split("\n## ") {
        let heading = section.lines().next().expect("a heading");
        let count = least(section);
        wanting = wanting.saturating_sub(count);
        let text = match heading {
            "What each level adds" => {
                let each = count.div_ceil(draft.levels.len());
                draft
                    .levels
                    .iter()
                    .map(|level| format!("**{level}.** {}\n\n", words(each)))
                    .collect()
            }
            "Follow-up questions" => {
                (0..3).map(|_| format!("- *Why?* {}\n", words(count.div_ceil(3)))).collect()
            }
            _ => words(count),
        };
        parts.push((heading, text));
    }
    for (heading, text) in parts {
        // The full answer is as long as the whole page needs.
        let more = if heading == "Full answer" { words(wanting) } else { String::new() };
        written.push_str(&format!("\n## {heading}\n\n{} {more}\n", text.trim_end()));
    }
    written.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[test]
fn who_writes_what_a_fresh_page_asks_for_has_nothing_left_to_mend() {
    for draft in drafts() {
        let mut draft = draft;
        draft.levels = ["Junior", "Mid-level", "Senior", "Lead"].map(str::to_owned).to_vec();
        let page = filled(&draft);
        let sample = Sample::new()
            .with("content/categories.toml", CATEGORIES)
            .with("content/kinds.toml", KINDS)
            .with("content/levels.toml", LEVELS)
            .with(&path(&draft), &page)
            // What the guidance says: a question near to it leads to the page.
            .edit(
                "content/questions/sql/nulls.md",
                "\"outer-joins\"",
                &format!("\"{}\"", draft.slug),
            )
            .with_drafts();
        let told = sample.concise();
        assert_eq!(told, "", "{page}");
    }
}

#[test]
fn a_fresh_page_names_every_key_of_the_page_model() {
    for draft in drafts() {
        let text = scaffold::question(&draft);
        for key in ["summary", "evaluates", "asked_as", "languages", "verified_with", "related"] {
            assert!(text.contains(&format!("\n# {key} = ")), "{key}: {text}");
        }
        let is_sourced = ["technical", "system-design"].contains(&draft.category.as_str());
        assert_eq!(text.contains("\n# [[source]]\n"), is_sourced, "{text}");
    }
}

#[test]
fn what_is_still_to_be_written_is_not_called_too_short() {
    let draft = &drafts()[0];
    let fresh = Sample::new().with(&path(draft), &scaffold::question(draft));
    let fresh = fresh.with("content/levels.toml", LEVELS).with("content/kinds.toml", KINDS);
    let told = fresh.with("content/categories.toml", CATEGORIES).with_drafts().concise();
    for code in ["section/length", "section/form", "page/length"] {
        assert!(!told.contains(code), "{told}");
    }
    assert!(told.contains("text/placeholder"), "{told}");
}
