//! The page of rules in the guide is the list of codes, written out.
//!
//! `SNAPSHOTS=overwrite cargo test --test rules_page` writes the page anew.

use std::fs;

use askbook::diagnostic::{Code, Example, Scope};
use askbook::document::{self, Limits};
use askbook::path::ContentPath;
use askbook::text::SourceText;

const PAGE: &str = "content/guide/rules.md";

const BEGINNING: &str = "+++
title = \"Rules\"
summary = \"Every finding that askbook check can report: its code, its level, who may change the level, what it means and how it is mended.\"
order = 86
updated = 2026-11-22
+++

`askbook check` reads the whole guide and reports every mistake in one run. Each finding has a code; this page lists them all, with an example where a few lines can show the mistake, and `askbook explain CODE` says the same in the terminal. The examples are the cases of askbook's own tests. The codes of samples come from `askbook test`, four about links to other sites from `askbook check --external`, those of commands from any command that is asked for what cannot be, all others from `askbook check`, `build` and `serve` alike. An error stops publishing, a warning does not.

Behind the level stands whether the owner of a guide may change it:

- *always*: no. Publishing, safety or working links depend on it.
- *rule*: yes, under `[check.rules]` in the [settings](settings.md#levels-of-single-rules). Every profile has it on.
- *page model*: yes, in the same way. It is on in the profile `full` and off in `minimal`.

What mends itself for certain is shown as a difference below the finding, and `askbook check --fix` writes it to the files: keys and sections into their order, a key, slug, language or link that can only mean one thing, white space at the ends of lines. Each file is replaced in one step, the guide is checked again, and every change is told with its place. The summary line says how many findings can be mended in this way.

`askbook check --external` also asks other sites whether the links and sources of the guide still lead somewhere. Nothing else of askbook uses a network, and no other command does this by itself, so that nobody's build fails because somebody else's server is down: run it by hand, or as a job of its own once a week. At most eight hosts are asked side by side, each of them one address at a time with half a second between, and for the head of a page before the page. A server that names a time in `Retry-After` is given it, up to 30 seconds; one that wants more, or does not answer within 20 seconds twice, is left alone until the next run. Addresses in private networks are not asked, whatever a name or a redirect says, and proxies are not used. What is there is asked again after a week, what is gone on the next day, what stayed unclear in the next run; the answers are kept in `.askbook/external.bin`, which may be deleted.
";

/// What the part of a code in front of its slash stands for, in the order of the list.
const SUBJECTS: &[(&str, &str)] = &[
    ("file", "Files"),
    ("toml", "TOML"),
    ("settings", "Settings"),
    ("field", "Fields"),
    ("front-matter", "Front matter"),
    ("vocabulary", "Vocabularies"),
    ("glossary", "The glossary"),
    ("question", "Questions"),
    ("guide", "The guide"),
    ("markdown", "Markdown"),
    ("code", "Code"),
    ("picture", "Pictures"),
    ("link", "Links"),
    ("section", "Sections"),
    ("page", "Pages"),
    ("model", "The page model"),
    ("rubric", "Rubrics"),
    ("source", "Sources"),
    ("related", "Related questions"),
    ("wanted", "Wanted questions"),
    ("date", "Dates"),
    ("alias", "Old addresses"),
    ("sample", "Code samples"),
    ("text", "Text"),
    ("theme", "Themes"),
    ("output", "The finished site"),
    ("command", "Commands"),
];

fn subject(code: Code) -> &'static str {
    code.as_str().split('/').next().unwrap_or_default()
}

fn scope(code: Code) -> &'static str {
    match code.scope() {
        Scope::Always => "always",
        Scope::Rule => "rule",
        Scope::PageModel => "page model",
    }
}

/// A text in a code block, whose fence is longer than any in it.
fn block(language: &str, text: &str) -> String {
    let fence = if text.contains("```") { "````" } else { "```" };
    format!("{fence}{language}\n{}\n{fence}\n", text.trim_end())
}

fn page() -> String {
    let mut page = BEGINNING.to_owned();
    for (name, heading) in SUBJECTS {
        page.push_str(&format!("\n## {heading}\n"));
        for code in Code::ALL.iter().filter(|code| subject(**code) == *name) {
            let level = code.default_severity().as_str();
            page.push_str(&format!(
                "\n### `{}`\n\n*{level}, {}.* {}\n",
                code.as_str(),
                scope(*code),
                code.about(),
            ));
            if let Some(Example { part, wrong, right }) = code.example() {
                page.push_str(&format!("\nWrong, {}:\n\n", part.as_str()));
                // What breaks the syntax is not TOML, and is not to be coloured as such.
                let language = match code {
                    Code::TomlSyntax => "text",
                    _ => part.language(),
                };
                page.push_str(&block(language, wrong));
                page.push_str("\nRight:\n\n");
                page.push_str(&block(part.language(), right));
            }
            page.push_str(&format!("\n{}\n", code.mend()));
        }
    }
    page
}

#[test]
fn the_page_of_rules_is_the_list_of_codes() {
    let wanted = page();
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        fs::write(PAGE, &wanted).expect("the guide's folder is writable");
    }
    let found = fs::read_to_string(PAGE).expect("the page is there");
    assert!(found == wanted, "{PAGE} is stale: run `SNAPSHOTS=overwrite cargo test`");
}

#[test]
fn every_code_has_a_section_of_its_own_to_link_to() {
    let source = SourceText::new(ContentPath::new(PAGE), page());
    let document = document::parse(&source, &Limits::default()).value.expect("a page");
    for code in Code::ALL {
        let headings = &document.body.headings;
        let is_there = headings.iter().any(|heading| heading.id == code.anchor());
        assert!(is_there, "{} has no heading", code.as_str());
    }
}

#[test]
fn every_code_stands_under_a_subject() {
    let unplaced: Vec<&str> = Code::ALL
        .iter()
        .filter(|code| !SUBJECTS.iter().any(|(name, _)| *name == subject(**code)))
        .map(|code| code.as_str())
        .collect();
    assert_eq!(unplaced, Vec::<&str>::new());
    for (name, _) in SUBJECTS {
        let is_used = Code::ALL.iter().any(|code| subject(*code) == *name);
        assert!(is_used, "no code begins with `{name}/`");
    }
}
