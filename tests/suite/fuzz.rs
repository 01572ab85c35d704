//! Mutated inputs: nothing that a stranger can write makes the program panic.
//!
//! Each target takes the seeds in `tests/fuzz/<target>/`, changes them at random and watches for
//! panics for a second of processor time. `ASKBOOK_FUZZ_SECONDS=600 cargo test --test suite fuzz` looks
//! for longer. A finding prints its input as a Rust string; it becomes a seed together with the mending.

#![expect(clippy::print_stdout, reason = "how much was tried is the result")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};
use std::{env, fs};

use askbook::config;
use askbook::diagnostic::{Diagnostic, Format, write};
use askbook::document::{self, Limits, read_markdown};
use askbook::markup::{Plain, write_whole};
use askbook::path::{ContentPath, OutputPath, check_name};
use askbook::search::analysis::Analyzer;
use askbook::search::query::Searcher;
use askbook::text::SourceText;

use crate::requests::Server;
use crate::sample::Sample;

/// A small generator of numbers (xorshift64*): runs are repeated with the same seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

/// Bytes that formats give a meaning to.
const TOKENS: &[&str] = &[
    "+++\n",
    "\n\n",
    "\n",
    "```",
    "~~~",
    "> ",
    "- ",
    "1. ",
    "# ",
    "## ",
    "[",
    "](",
    ")",
    "![",
    "[^1]",
    "[^1]: ",
    "|",
    "|-|\n",
    "<",
    ">",
    "</",
    "<kbd>",
    "<details>\n",
    "&",
    "&#x3a;",
    ";",
    "\\",
    "`",
    "*",
    "**",
    "_",
    "~~",
    "$",
    ": ",
    "\"",
    "'",
    "\"\"\"",
    "'''",
    " = ",
    "[[",
    "]]",
    "{",
    "}",
    "\t",
    "\0",
    "\u{1}",
    "\u{202e}",
    "\u{200b}",
    "\u{feff}",
    "é",
    "𝕏",
    "\u{301}",
    "javascript:",
    "//",
    "../",
    "%2e",
    "%",
    "?",
    "#",
    "title = ",
    "topics = ",
    "level:",
    "-",
    "{#id}",
    "mark=\"1-3\"",
    " HTTP/1.1\r\n",
    "Host: ",
    "\r\n",
    "9999999999999999999999",
    "-1",
    "0x",
    "1979-05-27",
    "inf",
    "nan",
];

fn mutated(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(6) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(24)).min(bytes.len());
        match random.below(7) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.insert(at, random.next() as u8),
            2 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            3 => {
                let part = bytes[at..end].to_vec();
                let times = 1 + random.below(40);
                drop(bytes.splice(at..at, part.repeat(times)));
            }
            4 => {
                let other = &seeds[random.below(seeds.len())];
                let start = random.below(other.len());
                let stop = (start + random.below(60)).min(other.len());
                drop(bytes.splice(at..at, other[start..stop].iter().copied()));
            }
            _ => {
                let token = TOKENS[random.below(TOKENS.len())];
                drop(bytes.splice(at..at, token.bytes()));
            }
        }
    }
    bytes.truncate(64 << 10);
    bytes
}

/// How long a task has worked. Seconds by the clock would be fewer inputs on a machine that has other
/// work; only where the system does not say, they are taken.
struct Worked {
    /// What Linux says of the task: first the nanoseconds on a processor.
    says: String,
    begun: Instant,
}

impl Worked {
    /// `task` is a process, by its first thread, or `thread-self`.
    fn of(task: &str) -> Self {
        Self { says: format!("/proc/{task}/schedstat"), begun: Instant::now() }
    }

    fn time(&self) -> Duration {
        fs::read_to_string(&self.says)
            .ok()
            .and_then(|figures| figures.split(' ').next()?.parse().ok())
            .map_or_else(|| self.begun.elapsed(), Duration::from_nanos)
    }
}

/// Feeds a target until its time is over; at least a hundred inputs whatever the machine does.
fn fuzz(target: &str, check: impl Fn(&[u8])) {
    fuzz_by(&Worked::of("thread-self"), target, check);
}

fn fuzz_by(worked: &Worked, target: &str, check: impl Fn(&[u8])) {
    let folder = format!("tests/fuzz/{target}");
    let mut seeds: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{folder}: {error}"))
        .map(|entry| entry.expect("readable").path())
        .collect();
    seeds.sort();
    let seeds: Vec<Vec<u8>> = seeds.iter().map(|path| fs::read(path).expect("readable")).collect();
    let seconds = env::var("ASKBOOK_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(1));
    let seed = env::var("ASKBOOK_FUZZ_SEED").ok().and_then(|text| text.parse().ok());
    let mut random = Random(seed.unwrap_or(0x5eed_1e55_c0ff_ee01));
    let (begun, mut inputs) = (worked.time(), 0_u64);
    let run = |input: &[u8]| {
        let begun = worked.time();
        let outcome = catch_unwind(AssertUnwindSafe(|| check(input)));
        assert!(outcome.is_ok(), "{target} panics at b\"{}\"", input.escape_ascii());
        let took = worked.time() - begun;
        assert!(
            took < Duration::from_secs(20),
            "{target}: {took:?} for b\"{}\"",
            input.escape_ascii()
        );
    };
    seeds.iter().for_each(|seed| run(seed));
    while inputs < 100 || worked.time() - begun < time {
        run(&mutated(&seeds, &mut random));
        inputs += 1;
    }
    println!("{target}: {inputs} inputs in {:.0?}", worked.time() - begun);
}

fn page(bytes: &[u8]) -> std::sync::Arc<SourceText> {
    let text = String::from_utf8_lossy(bytes);
    SourceText::new(ContentPath::new("content/questions/sql/fuzz.md"), text)
}

/// Every finding says what to do, can be shown with its line, and is mended at a place that is there.
fn tell(source: &SourceText, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        assert!(diagnostic.help.is_some(), "{} has no help", diagnostic.code.as_str());
        for edit in diagnostic.fix.iter().flat_map(|fix| &fix.edits) {
            assert_eq!(edit.span, source.clamp(edit.span), "{}", diagnostic.message);
        }
    }
    assert_eq!(write(diagnostics, Format::Human).is_empty(), diagnostics.is_empty());
}

fn parse(bytes: &[u8]) {
    let source = page(bytes);
    let checked = document::parse(&source, &Limits::default());
    tell(&source, &checked.diagnostics);
    if let Some(document) = checked.value {
        let (events, _) = read_markdown(document.body_text());
        let html = write_whole(&events, &Plain).to_ascii_lowercase();
        for never in ["<script", "<iframe", "href=\"javascript:", "href=\"data:", "href=\"//"] {
            assert!(!html.contains(never), "{never} in {html}");
        }
    }
}

#[test]
fn front_matter() {
    fuzz("front-matter", |bytes| parse(&[b"+++\n", bytes, b"\n+++\ntext\n"].concat()));
}

#[test]
fn markdown_to_page() {
    let matter = "+++\ntitle = \"x\"\ncategory = \"a\"\nlevel = \"b\"\ntopics = [\"c\"]\n+++\n";
    fuzz("markdown", |bytes| parse(&[matter.as_bytes(), bytes].concat()));
}

#[test]
fn settings() {
    fuzz("settings", |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let source = SourceText::new(ContentPath::new("askbook.toml"), text);
        tell(&source, &config::load(Some(&source)).diagnostics);
    });
}

#[test]
fn search_analysis_and_answers() {
    let outcome = Sample::new().build();
    let (guide, config) = (outcome.guide.expect("it is good"), outcome.config.expect("it is good"));
    let index = askbook::search::Index::of(&guide, &config);
    let searcher = Searcher::new(&index);
    let english = Analyzer::new("en", true);
    fuzz("search", |bytes| {
        let text = String::from_utf8_lossy(bytes);
        drop(english.tokens(&text));
        drop(searcher.search(&text.chars().take(200).collect::<String>(), &Default::default(), 10));
    });
}

#[test]
fn drawings() {
    fuzz("drawings", |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(svg) = askbook::drawing::rewrite(&text, "p") {
            let drawn = roxmltree::Document::parse(&svg);
            let drawn = drawn.unwrap_or_else(|error| panic!("{error}: {svg}"));
            for node in drawn.descendants().filter(roxmltree::Node::is_element) {
                let name = node.tag_name().name().to_ascii_lowercase();
                let never = ["script", "style", "foreignobject", "a", "image", "animate", "set"];
                assert!(!never.contains(&name.as_str()), "{name}");
                // Text and titles may say what they like: only what stands in tags can run or load.
                for attribute in node.attributes() {
                    let (key, value) = (attribute.name(), attribute.value().to_ascii_lowercase());
                    assert!(!key.starts_with("on") && key != "style", "{key}");
                    let is_own = |reference: &str| reference.trim().starts_with("#p-");
                    assert!(value.split("url(").skip(1).all(is_own), "{key}={value}");
                    assert!(key != "href" || is_own(&value), "{key}={value}");
                }
            }
        }
    });
}

#[test]
fn request_lines() {
    let server = Server::start();
    let good = format!("GET / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address);
    // The server does the work, not the thread that asks.
    fuzz_by(&Worked::of(&server.process().to_string()), "requests", |bytes| {
        let answer = server.throw(bytes);
        assert!(!answer.windows(8).any(|part| part == b"root:x:0"));
        let (answered, shown) = (server.answer(good.as_bytes()), &bytes[..bytes.len().min(200)]);
        assert!(answered.starts_with(b"HTTP/1.1 200"), "it is gone after {}", shown.escape_ascii());
    });
}

#[test]
fn paths() {
    fuzz("paths", |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let page = ContentPath::new("content/questions/sql/joins.md");
        if let Some(target) = page.resolve(&text) {
            assert!(target.as_str().split('/').all(|part| part != ".."), "{target}");
            assert!(
                !target.as_str().starts_with('/') && !target.as_str().contains('\\'),
                "{target}"
            );
        }
        if let Ok(output) = OutputPath::new(&text) {
            assert!(output.as_str().split('/').all(|name| check_name(name).is_ok()), "{output}");
            let url = output.url();
            assert_eq!(url.output(), output);
        }
    });
}
