//! Everything in `tests/vectors/vectors.json` that tries to run script in a reader's browser.
//!
//! Each is refused at its place or rendered as plain text; which of the two, and with which code, is
//! kept in `tests/vectors/outcomes.txt`. `tests/browser/vectors.test.mjs` opens those that are
//! rendered in a browser. Queries and fragments (`query`, `hash`) are of the browser's test alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use askbook::cache::Cache;
use askbook::config;
use askbook::diagnostic::{Diagnostic, Origin, Severity};
use askbook::guide::{self, Drafts};
use askbook::path::ContentPath;
use askbook::pipeline;
use askbook::rules;
use askbook::source;
use html5gum::{Token, Tokenizer};

use crate::commands::{askbook, on_disk};
use crate::sample::Sample;

#[derive(serde::Deserialize)]
struct Vector {
    #[serde(rename = "in")]
    place: String,
    text: String,
}

fn vectors() -> Vec<Vector> {
    let text = fs::read_to_string("tests/vectors/vectors.json").expect("readable");
    serde_json::from_str(&text).expect("a list of vectors")
}

const MINIMAL: &str = "\n[check]\nprofile = \"minimal\"\n";
/// Places in the text of a page; all other places have a file of their own.
const BODY: [&str; 13] = [
    "alt",
    "autolink",
    "block",
    "code",
    "footnote",
    "heading",
    "html",
    "image",
    "link",
    "reference",
    "table",
    "title",
    "drawing",
];
const VOCABULARIES: [&str; 5] = ["categories", "kinds", "levels", "topics", "wanted"];

fn path_of(number: usize) -> String {
    format!("content/questions/sql/vector-{number:03}.md")
}

/// A page with one vector in it.
fn page(number: usize, vector: &Vector) -> String {
    let own = format!("title = \"Vector {number}?\"");
    let fields = ["category = \"technical\"", "level = \"junior\"", "topics = [\"sql\"]"];
    let mut matter = String::new();
    for line in [own.as_str(), "updated = 2026-11-20"].into_iter().chain(fields) {
        let key = line.split('=').next().unwrap_or_default();
        if vector.place != "matter" || !vector.text.starts_with(key) {
            matter.push_str(line);
            matter.push('\n');
        }
    }
    match vector.place.as_str() {
        "matter" => format!("+++\n{matter}{}\n+++\n\nText.\n", vector.text),
        "drawing" => format!("+++\n{matter}+++\n\n![drawn](vector-{number:03}.svg)\n"),
        _ => format!("+++\n{matter}+++\n\n{}\n", vector.text),
    }
}

fn with_page(sample: Sample, number: usize, vector: &Vector) -> Sample {
    let sample = match vector.place.as_str() {
        "drawing" => {
            sample.with(&format!("content/questions/sql/vector-{number:03}.svg"), &vector.text)
        }
        _ => sample,
    };
    sample.with(&path_of(number), &page(number, vector))
}

fn is_page(vector: &Vector) -> bool {
    vector.place == "matter" || BODY.contains(&vector.place.as_str())
}

/// What was refused, at its place: `link/scheme 8:1`.
fn told(diagnostic: &Diagnostic) -> (String, String) {
    let code = diagnostic.code.as_str();
    match &diagnostic.origin {
        Origin::Place(place) => {
            let position = place.source.position(place.span.start);
            let path = place.source.path().to_string();
            (path, format!("{code} {}:{}", position.line, position.column))
        }
        Origin::File(path) => (path.to_string(), code.to_owned()),
        Origin::Guide => (String::new(), code.to_owned()),
    }
}

/// Errors by file.
fn refusals(diagnostics: &[Diagnostic]) -> BTreeMap<String, Vec<String>> {
    let mut refusals: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for diagnostic in diagnostics.iter().filter(|found| found.severity == Severity::Error) {
        assert!(diagnostic.help.is_some(), "{} has no help", diagnostic.code.as_str());
        let (path, told) = told(diagnostic);
        refusals.entry(path).or_default().push(told);
    }
    refusals
}

/// Names that scripts look up in the document: no element may have one of them.
const LOOKED_UP: [&str; 9] = [
    "constructor",
    "__proto__",
    "currentScript",
    "location",
    "body",
    "cookie",
    "getElementById",
    "document",
    "onclick",
];
const NEVER: [&str; 16] = [
    "iframe",
    "object",
    "embed",
    "base",
    "frame",
    "applet",
    "style",
    "foreignobject",
    "animate",
    "set",
    "portal",
    "math",
    "audio",
    "video",
    "marquee",
    "handler",
];

/// What could run or load in a page, if anything.
fn active(html: &str) -> Option<String> {
    for token in Tokenizer::new(html) {
        let Ok(Token::StartTag(tag)) = token else { continue };
        let name = String::from_utf8_lossy(&tag.name).to_ascii_lowercase();
        if NEVER.contains(&name.as_str()) {
            return Some(format!("the element {name}"));
        }
        let attributes: BTreeMap<String, String> = tag
            .attributes
            .iter()
            .map(|(key, value)| {
                let key = String::from_utf8_lossy(key).to_ascii_lowercase();
                (key, String::from_utf8_lossy(&value.value).into_owned())
            })
            .collect();
        let is_data = attributes.get("type").is_some_and(|kind| kind == "application/ld+json");
        if name == "script" && !is_data && !attributes.contains_key("src") {
            return Some("an inline script".to_owned());
        }
        for (key, value) in &attributes {
            if let Some(problem) = active_attribute(&name, key, value) {
                return Some(format!("<{name} {key}=\"{value}\">: {problem}"));
            }
        }
    }
    None
}

fn active_attribute(element: &str, key: &str, value: &str) -> Option<&'static str> {
    if key.starts_with("on")
        || matches!(key, "style" | "srcdoc" | "formaction" | "background" | "ping")
    {
        return Some("an attribute that runs or loads");
    }
    if matches!(key, "id" | "name") && LOOKED_UP.contains(&value) {
        return Some("a name that scripts look up");
    }
    let bare: String = value.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    let bare = bare.to_ascii_lowercase();
    let scheme = bare.find([':', '/', '?', '#']).filter(|at| bare[*at..].starts_with(':'));
    let is_absolute = scheme.is_some() || bare.starts_with("//") || bare.contains('\\');
    match key {
        "src" | "srcset" | "poster" | "data" if is_absolute => Some("loads from elsewhere"),
        "href" if matches!(element, "link" | "use" | "image") => {
            let may_be_absolute = element == "link" && bare.starts_with("https://guide.example/");
            (is_absolute && !may_be_absolute).then_some("loads from elsewhere")
        }
        "href" | "action" | "xlink:href" => {
            let is_fine = ["https:", "http:", "mailto:"].iter().any(|good| bare.starts_with(good));
            (is_absolute && !is_fine).then_some("a scheme that is not allowed")
        }
        _ => None,
    }
}

fn assert_inert(sample: &Sample, what: &str) {
    let outcome = sample.build();
    let bundle = outcome.bundle.unwrap_or_else(|| panic!("{what}:\n{}", sample.concise()));
    for (path, bytes) in bundle.files() {
        if path.extension() == "html"
            && let Some(problem) = active(&String::from_utf8_lossy(bytes))
        {
            panic!("{what}: {path} holds {problem}");
        }
    }
}

#[test]
fn the_check_of_pages_sees_what_runs() {
    for bad in [
        "<img src=x onerror=y>",
        "<a href=' JaVa\nscript:x'>",
        "<script>x</script>",
        "<svg onload=x>",
        "<p style=x>",
        "<iframe>",
        "<img src=//evil.example>",
        "<use href='data:x#y'>",
        "<a href='\\\\x'>",
        "<p id=location>",
    ] {
        assert!(active(bad).is_some(), "{bad}");
    }
    let good = "<a href=\"https://x\">&lt;img onerror=x&gt;</a><script src=\"../a.js\"></script>";
    assert_eq!(active(good), None);
}

#[test]
fn there_are_enough_vectors_and_no_two_alike() {
    let all = vectors();
    let distinct: BTreeSet<_> = all.iter().map(|vector| (&vector.place, &vector.text)).collect();
    assert_eq!(distinct.len(), all.len());
    assert!(all.len() >= 500, "{}", all.len());
}

/// Errors of a guide before anything is rendered.
fn refused(sample: &Sample) -> BTreeMap<String, Vec<String>> {
    let files = sample.files().map(|(path, bytes)| (ContentPath::new(path), bytes.to_vec()));
    let sources = source::collect(files).value;
    let loaded = config::load(sources.settings.as_ref());
    let mut found = loaded.diagnostics;
    let Some(config) = loaded.value else { return refusals(&found) };
    let documents = pipeline::parse(&sources, &config, &Cache::default()).unpack(&mut found);
    let guide = guide::assemble(documents, &sources, &config, Drafts::Excluded).unpack(&mut found);
    found.extend(rules::check(&guide, &config, sample.options().today, &Cache::default()));
    refusals(&config.rules.apply(found))
}

#[test]
fn whatever_a_stranger_writes_is_refused_at_its_place_or_inert() {
    let vectors = vectors();
    let base = Sample::new().append("askbook.toml", MINIMAL);
    let mut outcomes: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut all = base.clone();
    for (number, vector) in vectors.iter().enumerate() {
        if is_page(vector) {
            all = with_page(all, number, vector);
        } else if let Some(broken) = elsewhere(&base, number, vector) {
            outcomes.insert(number, refused(&broken).into_values().flatten().collect());
        }
    }
    let mut by_page = refused(&all);
    for (number, _) in vectors.iter().enumerate().filter(|(_, vector)| is_page(vector)) {
        outcomes.insert(number, by_page.remove(&path_of(number)).unwrap_or_default());
    }
    assert!(by_page.is_empty(), "errors outside the pages with vectors: {by_page:?}");

    let mut table = String::new();
    let mut accepted = base;
    let mut settings = Vec::new();
    for (number, codes) in &outcomes {
        let vector = &vectors[*number];
        let said = if codes.is_empty() { "inert".to_owned() } else { codes.join(", ") };
        table.push_str(&format!("{number:03} {}: {said}\n", vector.place));
        if codes.is_empty() {
            if vector.place == "settings" {
                settings.push(vector.text.as_str());
            } else if is_page(vector) {
                accepted = with_page(accepted, *number, vector);
            } else if let Some(with_term) = elsewhere(&accepted, *number, vector) {
                accepted = with_term;
            }
        }
    }
    snapbox::assert_data_eq!(table, snapbox::file!["../vectors/outcomes.txt"]);
    assert_inert(&accepted, "all that is accepted");
    for settings in together(&settings) {
        assert_inert(&Sample::new().with("askbook.toml", &settings), &settings);
    }
}

/// The guide with a vector in its settings or one of its vocabularies.
fn elsewhere(sample: &Sample, number: usize, vector: &Vector) -> Option<Sample> {
    let place = vector.place.as_str();
    if place == "settings" {
        return Some(sample.clone().with("askbook.toml", &settings(&[&vector.text])));
    }
    // Slugs of one vocabulary have to differ.
    let text = vector.text.replace("'odd'", &format!("'odd-{number}'"));
    let text = text.replace("'strange'", &format!("'strange-{number}'"));
    VOCABULARIES
        .contains(&place)
        .then(|| sample.clone().append(&format!("content/{place}.toml"), &format!("\n{text}\n")))
}

/// As few files of settings as hold every one of these lines, no key twice.
fn together(lines: &[&str]) -> Vec<String> {
    let mut by_key: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in lines {
        by_key.entry(line.split(' ').next().unwrap_or_default()).or_default().push(line);
    }
    let files = by_key.values().map(Vec::len).max().unwrap_or_default();
    let file = |index: usize| {
        let lines: Vec<&str> =
            by_key.values().filter_map(|of_key| of_key.get(index).copied()).collect();
        settings(&lines)
    };
    (0..files).map(file).collect()
}

/// Settings with these lines among them.
fn settings(lines: &[&str]) -> String {
    let mut settings = lines.join("\n") + "\n";
    for line in [
        "title = \"Sample guide\"",
        "description = \"A guide for tests.\"",
        "base_url = \"https://guide.example/\"",
    ] {
        let key = line.split('=').next().unwrap_or_default();
        if !lines.iter().any(|own| own.starts_with(key)) {
            settings.push_str(line);
            settings.push('\n');
        }
    }
    settings + MINIMAL
}

#[test]
fn template_syntax_in_content_appears_as_it_is_written() {
    let base = Sample::new().append("askbook.toml", MINIMAL);
    let vector =
        Vector { place: "block".into(), text: "{{ 7919 * 7919 }}{% set x = 1 %}{# x #}".into() };
    let html = with_page(base, 1, &vector).published("questions/vector-001/index.html");
    assert!(
        html.contains("{{ 7919 * 7919 }}{% set x = 1 %}{# x #}") && !html.contains("62710561"),
        "{html}"
    );
}

#[cfg(unix)]
#[test]
fn hostile_file_names_are_refused_and_cannot_speak_for_us() {
    let guide = on_disk(&Sample::new());
    let names: Vec<_> =
        vectors().into_iter().filter(|vector| vector.place == "name").map(|v| v.text).collect();
    for name in &names {
        let path = guide.path().join("content/questions/sql").join(name);
        fs::write(path, "+++\ntitle = \"x\"\n+++\n").expect("such a name is possible here");
    }
    for format in ["human", "concise", "github", "json", "sarif"] {
        let output = askbook(guide.path(), &["check", "--format", format]);
        assert_eq!(output.status.code(), Some(1), "{format}");
        let told = String::from_utf8(output.stdout).expect("text");
        let is_odd =
            |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}');
        // Programs read JSON, where such a character can only stand inside a string.
        if !matches!(format, "json" | "sarif") {
            assert!(!told.contains(is_odd), "{format}: {told:?}");
        }
        if format == "github" {
            assert!(
                told.lines().all(|line| line.starts_with("::error file=")
                    || line.starts_with("::warning file=")
                    || line.starts_with("::error title=")),
                "{told}"
            );
        }
        if format == "concise" {
            assert!(told.lines().count() >= names.len(), "{told}");
        }
    }
}
