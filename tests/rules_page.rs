//! The page of rules in the guide is the list of codes, written out.
//!
//! `SNAPSHOTS=overwrite cargo test --test rules_page` writes the page anew.

use std::fs;

use askbook::diagnostic::{Code, Scope};

const PAGE: &str = "content/guide/rules.md";

const BEGINNING: &str = "+++
title = \"Rules\"
summary = \"Every finding that askbook check can report: its code, its level, who may change the level, what it means and how it is mended.\"
order = 86
updated = 2026-11-22
+++

`askbook check` reads the whole guide and reports every mistake in one run. Each finding has a code; this page lists them all, and `askbook explain CODE` says the same in the terminal. The codes of samples come from `askbook test`, all others from `askbook check`, `build` and `serve` alike. An error stops publishing, a warning does not.

The last column says whether the owner of a guide may change the level:

- *always*: no. Publishing, safety or working links depend on it.
- *rule*: yes, under `[check.rules]` in the [settings](settings.md#levels-of-single-rules). Every profile has it on.
- *page model*: yes, in the same way. It is on in the profile `full` and off in `minimal`.
";

const ENDING: &str = "
## Findings as JSON

`askbook check --format json` writes one object: `version`, which is 1, and `findings`, a list. Keys may be added within version 1, none is taken away and none changes its meaning. Lines and columns start at 1, columns count characters, and the end of a range stands behind its last character.

| Key of a finding | Type | Meaning |
|---|---|---|
| `code` | text | One of the codes of this page |
| `severity` | text | `error` or `warning`, as the settings have it |
| `message` | text | What is wrong |
| `help` | text or null | What to do about it |
| `file` | text or null | Path from the folder of the guide; null if it is about the guide as a whole |
| `line` | number | Where it begins; 1 if it is about a whole file or the guide |
| `column` | number | The same, in characters |
| `end_line` | number | Where it ends |
| `end_column` | number | The same, in characters |
| `fix` | object or null | What certainly mends it: a `message`, and `edits` of the same file, each with `line`, `column`, `end_line`, `end_column` and the `text` that takes the place of that range |
| `related` | list | Other places that belong to it, each with a `message`, a `file` and a range of the same four keys |

`--format sarif` writes the same as a [SARIF 2.1.0](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html) log, fixes included, for code scanning; `--format github` writes workflow commands, and is the default inside GitHub Actions.
";

/// What the part of a code in front of its slash stands for, in the order of the list.
const SUBJECTS: &[(&str, &str)] = &[
    ("file", "Files"),
    ("toml", "TOML"),
    ("settings", "Settings"),
    ("field", "Fields"),
    ("front-matter", "Front matter"),
    ("vocabulary", "Vocabularies"),
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
    ("text", "Characters"),
    ("theme", "Themes"),
    ("output", "The finished site"),
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

/// A table cell: a bar would end it, also between back-ticks.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn page() -> String {
    let mut page = BEGINNING.to_owned();
    for (name, heading) in SUBJECTS {
        page.push_str(&format!("\n## {heading}\n\n"));
        page.push_str("| Code | Level | What it means | Scope |\n|---|---|---|---|\n");
        for code in Code::ALL.iter().filter(|code| subject(**code) == *name) {
            page.push_str(&format!(
                "| `{}` | {} | {} | {} |\n",
                code.as_str(),
                code.default_severity().as_str(),
                cell(code.about()),
                scope(*code),
            ));
        }
    }
    page + ENDING
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
