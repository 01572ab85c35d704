//! A small good guide in memory, and ways to break it.

use std::collections::BTreeMap;

use askbook::bundle::{Bundle, Memory, Shelf};
use askbook::cache::Cache;
use askbook::config::Config;
use askbook::date::Date;
use askbook::diagnostic::{self, Diagnostic, Format};
use askbook::guide::{Drafts, Guide};
use askbook::path::{ContentPath, OutputPath};
use askbook::pipeline::{self, Options, Outcome};
use askbook::source::{self, Sources};

/// The question that most tests break.
pub(crate) const QUESTION: &str = "content/questions/sql/joins.md";

/// Files of a guide by path.
#[derive(Clone)]
pub(crate) struct Sample {
    files: BTreeMap<String, Vec<u8>>,
    drafts: Drafts,
}

impl Sample {
    /// A guide with two questions and a page, about which nothing is to be said.
    pub(crate) fn new() -> Self {
        let mut sample = Self { files: BTreeMap::new(), drafts: Drafts::Excluded };
        for (path, text) in [
            ("askbook.toml", SETTINGS),
            ("content/categories.toml", CATEGORIES),
            ("content/levels.toml", LEVELS),
            ("content/topics.toml", TOPICS),
            ("content/kinds.toml", KINDS),
            ("content/wanted.toml", WANTED),
            ("content/guide/about.md", ABOUT),
        ] {
            sample = sample.with(path, text);
        }
        sample
            .with(QUESTION, &question("joins"))
            .with("content/questions/sql/nulls.md", &question("nulls"))
    }

    /// The same guide with one file more, or another text in it.
    pub(crate) fn with(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.to_owned(), text.as_bytes().to_vec());
        self
    }

    /// The same with a file of bytes.
    pub(crate) fn with_bytes(mut self, path: &str, bytes: &[u8]) -> Self {
        self.files.insert(path.to_owned(), bytes.to_vec());
        self
    }

    /// The same without a file.
    pub(crate) fn without(mut self, path: &str) -> Self {
        assert!(self.files.remove(path).is_some(), "there is no {path}");
        self
    }

    /// The same with a part of a file replaced.
    pub(crate) fn edit(self, path: &str, from: &str, to: &str) -> Self {
        let text = self.text(path);
        assert!(text.contains(from), "{path} does not hold {from:?}");
        self.with(path, &text.replacen(from, to, 1))
    }

    /// The same with text at the end of a file.
    pub(crate) fn append(self, path: &str, text: &str) -> Self {
        let text = self.text(path) + text;
        self.with(path, &text)
    }

    /// The same with drafts published.
    pub(crate) fn with_drafts(mut self) -> Self {
        self.drafts = Drafts::Included;
        self
    }

    /// The text of a file.
    pub(crate) fn text(&self, path: &str) -> String {
        String::from_utf8(self.files[path].clone()).expect("text")
    }

    /// Every file.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// Builds with a cache.
    pub(crate) fn build_with(&self, cache: &Cache) -> Built {
        let memory = Memory::default();
        Built::of(self.build_onto(cache, &memory), memory)
    }

    /// Builds onto a shelf.
    pub(crate) fn build_onto(&self, cache: &Cache, shelf: &dyn Shelf) -> Outcome {
        let files = self.files.iter().map(|(path, bytes)| (ContentPath::new(path), bytes.clone()));
        let collected = source::collect(files);
        let mut outcome = pipeline::build(&collected.value, cache, &self.options(), shelf);
        outcome.diagnostics.extend(collected.diagnostics);
        diagnostic::sort(&mut outcome.diagnostics);
        outcome
    }

    /// What a build of the guide is told.
    pub(crate) fn options(&self) -> Options {
        let today = Date { year: 2026, month: 11, day: 22 };
        Options { drafts: self.drafts, base_url: None, today }
    }

    /// Builds.
    pub(crate) fn build(&self) -> Built {
        self.build_with(&Cache::default())
    }

    /// What is found.
    pub(crate) fn findings(&self) -> Vec<Diagnostic> {
        self.build().diagnostics
    }

    /// What is found, a line each.
    pub(crate) fn concise(&self) -> String {
        diagnostic::write(&self.findings(), Format::Concise)
    }

    /// A published file; everything found is shown if there is none.
    pub(crate) fn published(&self, path: &str) -> String {
        let outcome = self.build();
        let told = diagnostic::write(&outcome.diagnostics, Format::Plain);
        let bundle = outcome.bundle.unwrap_or_else(|| panic!("nothing was published:\n{told}"));
        let path = OutputPath::new(path).expect("a good path");
        let bytes = bundle.file(&path).unwrap_or_else(|| panic!("there is no {path}"));
        String::from_utf8_lossy(bytes).into_owned()
    }
}

/// What a build in memory gives.
pub(crate) struct Built {
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) config: Option<Config>,
    pub(crate) guide: Option<Guide>,
    /// The site; `None` if anything found is an error.
    pub(crate) bundle: Option<Bundle>,
}

impl Built {
    pub(crate) fn from(sources: &Sources, cache: &Cache, options: &Options) -> Self {
        let memory = Memory::default();
        Self::of(pipeline::build(sources, cache, options, &memory), memory)
    }

    /// An outcome, and what was put on the shelf.
    pub(crate) fn of(outcome: Outcome, memory: Memory) -> Self {
        let Outcome { diagnostics, config, guide, manifest, .. } = outcome;
        let bundle = manifest.map(|manifest| {
            let bundle = memory.into_bundle();
            let listed: Vec<_> = manifest.iter().map(|entry| entry.path.clone()).collect();
            let held: Vec<_> = bundle.files().map(|(path, _)| path.clone()).collect();
            assert_eq!(listed, held, "the list and the shelf agree");
            bundle
        });
        Self { diagnostics, config, guide, bundle }
    }
}

/// A question that follows the page model to the letter.
pub(crate) fn question(slug: &str) -> String {
    let other = if slug == "joins" { "nulls" } else { "joins" };
    let words = |count: usize| {
        // Nine words; no two questions share three in a row.
        let sentence = match slug {
            "joins" => "Rows of two tables meet where a condition holds. ".to_owned(),
            "nulls" => "An unknown value is equal to no other one. ".to_owned(),
            _ => format!("Each {slug} of a {slug} has the {slug} behind. "),
        };
        sentence.repeat(count.div_ceil(9)).trim_end().to_owned()
    };
    format!(
        r#"+++
title = "What does `{slug}` mean in SQL?"
slug = "{slug}"
summary = "Rows of two tables are put side by side wherever a condition on both of them holds true."
category = "technical"
level = "junior"
topics = ["sql"]
kind = "concept"
evaluates = "Knows what the words mean"
asked_as = ["What is {slug}?", "Explain {slug}"]
languages = ["sql"]
verified_with = ["PostgreSQL 15.18"]
related = ["{other}", "outer-joins", "self-joins"]
updated = 2026-11-20
status = "reviewed"

[[rubric]]
signal = "Says what it means"
scores = ["Cannot say", "Says a part", "Says all of it", "Says where it ends"]

[[rubric]]
signal = "Shows an example"
scores = ["Has none", "Has one that fails", "Has one that works", "Has one that surprises"]

[[rubric]]
signal = "Knows the limits"
scores = ["Knows none", "Knows one when asked", "Names one", "Names several"]

[[source]]
title = "PostgreSQL documentation: Joins"
url = "https://www.postgresql.org/docs/current/tutorial-join.html"

[[source]]
title = "SQLite documentation: SELECT"
url = "https://www.sqlite.org/lang_select.html"

[[source]]
title = "PostgreSQL documentation: SELECT"
url = "https://www.postgresql.org/docs/current/sql-select.html"
+++

## What this question tests

{}

## Short answer

{}

## Full answer

### Meaning

{}

## How to structure your answer

1. {}

## Worked example

One statement, twenty words or more, which says what the code below it does and why that is so here.

```sql title="{slug}.sql"
SELECT * FROM a JOIN b ON a.id = b.id;
```

## What each level adds

**Junior.** {}

**Mid-level.** {}

**Senior.** {}

**Lead.** {}

## Mistakes and red flags

- {}

## Follow-up questions

- *Why?* {}
- *When?* {}
- *Where?* {}
"#,
        words(50),
        words(60),
        words(400),
        words(80),
        words(30),
        words(30),
        words(30),
        words(30),
        words(80),
        words(40),
        words(40),
        words(40),
    )
}

const SETTINGS: &str = r#"title = "Sample guide"
description = "A guide for tests."
base_url = "https://guide.example/"

[repository]
url = "https://code.example/guide"

[licence]
name = "CC BY 4.0"
url = "https://creativecommons.org/licenses/by/4.0/"
"#;

const CATEGORIES: &str = r#"[[category]]
slug = "technical"
name = "Technical"
order = 1
summary = "What you know"

[[category]]
slug = "behavioural"
name = "Behavioural"
order = 2
summary = "What you did"
"#;

const LEVELS: &str = r#"[[level]]
slug = "junior"
name = "Junior"
order = 1
summary = "Begins"

[[level]]
slug = "mid"
name = "Mid-level"
order = 2
summary = "Delivers"

[[level]]
slug = "senior"
name = "Senior"
order = 3
summary = "Decides"

[[level]]
slug = "lead"
name = "Lead"
order = 4
summary = "Leads"
"#;

const TOPICS: &str = r#"[[group]]
slug = "data"
name = "Data"

[[topic]]
slug = "sql"
name = "SQL"
group = "data"
order = 1
summary = "Asking a database"

[[topic]]
slug = "career"
name = "Career"
order = 2
summary = "Choosing well"
"#;

const KINDS: &str = r#"[[kind]]
slug = "concept"
name = "Concept explained"
summary = "Say what it is"
prep_seconds = 30
answer_seconds = 150
"#;

const WANTED: &str = r#"[[question]]
slug = "outer-joins"
title = "What does an outer join add?"
category = "technical"
level = "junior"
kind = "concept"
topics = ["sql"]

[[question]]
slug = "self-joins"
title = "When does a table meet itself?"
topics = ["sql"]
"#;

const ABOUT: &str = r#"+++
title = "About"
summary = "What this is, whom it is for, and how somebody can add to it or correct it."
order = 1
updated = 2026-11-19
+++

## Purpose

A guide for [tests](../questions/sql/joins.md#short-answer).
"#;
