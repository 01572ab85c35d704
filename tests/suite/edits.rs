//! Warm builds equal cold ones after any edits, in one process and from one to the next.
//!
//! `ASKBOOK_EDITS=10000 cargo test --test suite edits` makes more edits than the default.

#![expect(clippy::print_stdout, reason = "how many edits were made is the result")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use askbook::bundle::{Bundle, Entry, Memory, Shelf};
use askbook::cache::Cache;
use askbook::diagnostic;
use askbook::path::{ContentPath, OutputPath};
use askbook::pipeline::Standing;
use askbook::text::SourceText;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::sample::{Built, QUESTION, Sample};

/// A finished page.
type Page = (OutputPath, Arc<[u8]>);

const EDITS: usize = 80;
const EDITS_IN_A_ROW: usize = 5;
const OTHER: &str = "content/questions/sql/nulls.md";
const PAGE: &str = "content/guide/about.md";

/// A change of one file; most leave the guide good.
#[derive(Clone, Debug)]
enum Edit {
    Paragraph(&'static str, String),
    Code(String),
    /// A field of front matter becomes another line.
    Field(&'static str, &'static str, String),
    /// A heading with another name has another anchor.
    Heading(u8),
    Link(&'static str, &'static str),
    Term(u8),
    Add(u8),
    Remove(u8),
    Setting(u8),
    TopicName(u8),
}

fn file() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just(QUESTION), Just(OTHER), Just(PAGE)]
}

fn question() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just(QUESTION), Just(OTHER)]
}

fn edit() -> impl Strategy<Value = Edit> {
    let field = |key, values: &'static [&'static str]| {
        (question(), prop::sample::select(values))
            .prop_map(move |(path, value)| Edit::Field(path, key, value.to_owned()))
    };
    let links = prop::sample::select(vec![
        "[the other](nulls.md)",
        "[a place](nulls.md#short-answer)",
        "[the meaning](joins.md#meaning)",
        "[about](../../guide/about.md)",
    ]);
    prop_oneof![
        3 => (file(), "[a-z <>&*_`\\\\]{1,40}").prop_map(|(path, text)| Edit::Paragraph(path, text)),
        2 => "[a-z0-9 =()\"']{1,60}".prop_map(Edit::Code),
        2 => (file(), any::<u8>()).prop_map(|(path, number)| {
            Edit::Field(path, "title", format!("\"Question number {number}?\""))
        }),
        1 => (file(), any::<u8>()).prop_map(|(path, number)| {
            let summary = format!("\"Summary number {number} of a page, as long as one has to be here.\"");
            Edit::Field(path, "summary", summary)
        }),
        1 => field("level", &["\"junior\"", "\"mid\"", "\"senior\"", "\"lead\""]),
        1 => field("topics", &["[\"sql\"]", "[\"career\", \"sql\"]", "[\"sql\", \"career\"]"]),
        1 => field("related", &["[]", "[\"joins\"]", "[\"nulls\", \"more-1\"]"]),
        1 => field("status", &["\"draft\"", "\"reviewed\""]),
        1 => field("kind", &["\"concept\""]),
        1 => field("updated", &["2026-11-18", "2026-11-20", "2026-10-01"]),
        1 => any::<u8>().prop_map(Edit::Heading),
        2 => (question(), links).prop_map(|(path, link)| Edit::Link(path, link)),
        1 => any::<u8>().prop_map(Edit::Term),
        1 => (0u8..4).prop_map(Edit::Add),
        1 => (0u8..4).prop_map(Edit::Remove),
        1 => any::<u8>().prop_map(Edit::Setting),
        1 => any::<u8>().prop_map(Edit::TopicName),
    ]
}

fn with_line(sample: Sample, path: &str, beginning: &str, line: &str) -> Sample {
    let text = sample.text(path);
    let mut is_set = false;
    let lines = text.lines().map(|old| match old.starts_with(beginning) && !is_set {
        true => {
            is_set = true;
            line
        }
        false => old,
    });
    let text = lines.collect::<Vec<_>>().join("\n") + "\n";
    sample.with(path, &text)
}

fn more(number: u8) -> (String, String) {
    let slug = format!("more-{number}");
    (format!("content/questions/sql/{slug}.md"), crate::sample::question(&slug))
}

fn edited(sample: Sample, edit: &Edit) -> Sample {
    match edit {
        Edit::Paragraph(path, text) => {
            sample.edit(path, "\n## ", &format!("\nWord {text} word.\n\n## "))
        }
        Edit::Code(code) => sample.edit(
            QUESTION,
            "```sql title",
            &format!("```python\n{code}\n```\n\n```sql title"),
        ),
        Edit::Field(path, key, value) => {
            with_line(sample, path, &format!("{key} ="), &format!("{key} = {value}"))
        }
        Edit::Heading(number) => {
            let name =
                if number % 4 == 0 { "Meaning".to_owned() } else { format!("Part {number}") };
            with_line(sample, QUESTION, "### ", &format!("### {name}"))
        }
        Edit::Link(path, link) => {
            sample.edit(path, "\n## Short", &format!("\nSee {link}.\n\n## Short"))
        }
        Edit::Term(number) => {
            let term = ["condition", "unknown value", "statement"][usize::from(number % 3)];
            sample.with(
                "content/glossary.toml",
                &format!(
                    "[[term]]\nterm = \"{term}\"\ndefinition = \"Definition number {number}.\"\n"
                ),
            )
        }
        Edit::Add(number) => {
            let (path, text) = more(*number);
            sample.with(&path, &text)
        }
        Edit::Remove(number) => {
            let (path, _) = more(*number);
            let is_there = sample.files().any(|(known, _)| known == path);
            if is_there { sample.without(&path) } else { sample }
        }
        Edit::Setting(number) => {
            with_line(sample, "askbook.toml", "title =", &format!("title = \"Guide {number}\""))
        }
        Edit::TopicName(number) => with_line(
            sample,
            "content/topics.toml",
            "summary =",
            &format!("summary = \"Topic {number}\""),
        ),
    }
}

/// A shelf that takes from the site before it what is the same, as the output folder does.
struct Beside<'a> {
    old: Option<&'a Bundle>,
    new: Memory,
    taken: &'a AtomicUsize,
}

impl Shelf for Beside<'_> {
    fn put(&self, entry: &Entry, bytes: &Arc<[u8]>) {
        self.new.put(entry, bytes);
    }

    fn take(&self, entry: &Entry) -> bool {
        let old = self.old.and_then(|old| old.file(&entry.path));
        let Some(bytes) = old.filter(|bytes| Entry::new(entry.path.clone(), bytes) == *entry)
        else {
            return false;
        };
        self.taken.fetch_add(1, Ordering::Relaxed);
        self.new.put(entry, bytes);
        true
    }
}

/// The one page that an edit has changed, as it is made before the rest, and how the build makes it: both
/// are there if nothing else can have changed and nothing is wrong.
fn ahead(standing: Standing, before: &Sample, after: &Sample, cold: &Built) -> [Option<Page>; 2] {
    let changed = [QUESTION, OTHER, PAGE].map(|path| {
        let (before, after) = (before.text(path), after.text(path));
        (before != after).then(|| SourceText::new(ContentPath::new(path), &after))
    });
    let source = changed.iter().flatten().next();
    let page = source.and_then(|source| standing.page(source, &Cache::default()).1);
    let page = page.map(|page| (page.facts.path().clone(), page.bytes));
    let Some((path, _)) = page.as_ref().filter(|_| !diagnostic::has_errors(&cold.diagnostics))
    else {
        return [None, None];
    };
    let built = cold.bundle.as_ref().and_then(|bundle| bundle.file(path));
    let built = built.map(|bytes| (path.clone(), Arc::clone(bytes)));
    [page, built]
}

/// The first thing in which two builds differ; whole sites would be too much to read.
fn difference(one: &Built, other: &Built) -> Option<String> {
    if one.diagnostics != other.diagnostics {
        return Some(format!("{:?} and {:?}", one.diagnostics, other.diagnostics));
    }
    match (&one.bundle, &other.bundle) {
        (Some(one), Some(other)) => {
            let mut pairs = one.files().zip(other.files());
            let differing = pairs.find(|(one, other)| one != other);
            let more = one.files().len() != other.files().len();
            differing.map(|((path, _), _)| format!("`{path}`")).or(more.then(|| "more".to_owned()))
        }
        (one, other) => (one.is_some() != other.is_some()).then(|| "one failed".to_owned()),
    }
}

#[test]
fn a_page_is_made_before_the_rest_only_if_it_stands_where_it_stood() {
    let before = Sample::new();
    let made_ahead = |after: &Sample| {
        let standing = Standing::of(before.build_onto(&Cache::default(), &Memory::default()));
        let [page, built] = ahead(standing.expect("a good guide"), &before, after, &after.build());
        assert_eq!(page, built);
        page.is_some()
    };
    let edit = |from: &str, to: &str| before.clone().edit(QUESTION, from, to);
    assert!(made_ahead(&edit("twenty words or more", "twenty words and more")), "a word");
    assert!(made_ahead(&edit("SELECT * FROM a", "SELECT a.id FROM a")), "code");
    assert!(made_ahead(&edit("title = \"", "title = \"Why: ")), "a title");
    assert!(made_ahead(&before.clone().append(PAGE, "\nOne sentence more.\n")), "{PAGE}");
    for (from, to) in [
        ("topics = [", "topics = [\"career\", "),
        ("## Short answer", "## Short answer {#short}"),
        ("## Short answer\n\n", "## Short answer\n\n[Nulls](nulls.md) "),
        ("## Short answer\n\n", "## Short answer\n\n<b>Raw</b> "),
    ] {
        assert!(!made_ahead(&edit(from, to)), "{to:?}");
    }
}

#[test]
fn warm_builds_equal_cold_ones_after_any_edits() {
    let edits = std::env::var("ASKBOOK_EDITS").ok().and_then(|text| text.parse().ok());
    let cases = edits.unwrap_or(EDITS).div_ceil(EDITS_IN_A_ROW);
    let cases = u32::try_from(cases).expect("a number of edits that ends");
    let (made, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let shown_ahead = AtomicUsize::new(0);
    let sequences = prop::collection::vec(edit(), EDITS_IN_A_ROW);
    let outcome = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
        .run(&sequences, |edits| {
            let mut memory = Cache::default().keeping_values();
            let mut kept = Cache::default().for_program(Some("this one"));
            let mut old: Option<Bundle> = None;
            let mut standing: Option<Standing> = None;
            let mut sample = Sample::new();
            for edit in &edits {
                let before = sample.clone();
                sample = edited(sample, edit);
                let cold = sample.build();
                if let Some(standing) = standing.take() {
                    let [page, built] = ahead(standing, &before, &sample, &cold);
                    shown_ahead.fetch_add(usize::from(page.is_some()), Ordering::Relaxed);
                    prop_assert_eq!(page, built);
                }
                let warm = sample.build_with(&memory);
                memory = memory.next_generation();
                prop_assert_eq!(difference(&warm, &cold), None);
                let shelf = Beside { old: old.as_ref(), new: Memory::default(), taken: &taken };
                let outcome = sample.build_onto(&kept, &shelf);
                let again = Built::of(outcome, shelf.new);
                standing = Standing::of(sample.build_onto(&Cache::default(), &Memory::default()));
                kept = kept.next_generation();
                prop_assert_eq!(difference(&again, &cold), None);
                old = again.bundle.or(old);
                made.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        });
    outcome.expect("the same bytes");
    let taken = taken.into_inner();
    let shown_ahead = shown_ahead.into_inner();
    assert!(taken > 0, "something is always the same");
    println!(
        "{} edits; {taken} pages were not made again, {shown_ahead} were made before the rest",
        made.into_inner()
    );
}
