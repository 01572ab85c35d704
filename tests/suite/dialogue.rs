//! `new` and `init` at a terminal: what is asked, and what becomes of the answers.

use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::time::Duration;

use askbook::cli::Cli;
use askbook::commands::{self, Report, World};
use askbook::external::Manners;
use clap::Parser;

use crate::commands::{askbook, on_disk};
use crate::sample::Sample;

thread_local! {
    static ANSWERS: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    static ASKED: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn ask(question: &str) -> Option<String> {
    ASKED.with_borrow_mut(|asked| asked.push(question.to_owned()));
    ANSWERS.with_borrow_mut(|answers| {
        (!answers.is_empty()).then(|| format!("{}\n", answers.remove(0)))
    })
}

/// Runs a command with somebody at the terminal; gives the report and what was asked.
fn with_answers(words: &[&str], answers: &[&'static str]) -> (Report, Vec<String>) {
    ANSWERS.with_borrow_mut(|queue| *queue = answers.to_vec());
    ASKED.with_borrow_mut(Vec::clear);
    let cli = Cli::try_parse_from([&["askbook"], words].concat()).expect("words of the program");
    let world = World {
        today: "2026-11-22".parse().expect("a day"),
        home: None,
        now: || Duration::ZERO,
        program: None,
        ask: Some(ask),
        is_watched: false,
        is_github_actions: false,
        manners: Manners::default(),
    };
    let report = commands::run(cli.command, &world, &|_| {});
    assert!(ANSWERS.with_borrow(Vec::is_empty), "not all answers were asked for");
    (report, ASKED.with_borrow_mut(std::mem::take))
}

fn root(guide: &Path) -> String {
    guide.to_string_lossy().into_owned()
}

#[test]
fn what_is_missing_is_asked_for() {
    let guide = on_disk(&Sample::new());
    let root = root(guide.path());
    let (report, asked) = with_answers(
        &["new", "--root", &root],
        &["Why is a zebra striped?", "zebra-stripes", "1", "juniro", "junior", "sql", "concept"],
    );
    assert_eq!(report.exit, commands::Exit::Fine, "{}", report.err);
    assert!(asked[0].starts_with("The question"), "{asked:?}");
    assert!(asked[4].contains("did you mean `junior`?"), "{asked:?}");
    let path = guide.path().join("content/questions/sql/zebra-stripes.md");
    let page = fs::read_to_string(path).expect("written");
    assert!(
        page.contains("level = \"junior\"\n") && page.contains("kind = \"concept\"\n"),
        "{page}"
    );
    assert!(page.contains("<!-- guidance: this kind of question wants a definition"), "{page}");
}

#[test]
fn similar_questions_are_offered_first() {
    let sample = Sample::new();
    // The same wording would be refused: the page is there.
    let title = {
        let page = sample.text(crate::sample::QUESTION);
        let line = page.lines().find(|line| line.starts_with("title = ")).expect("a title");
        format!("{} exactly", line.trim_start_matches("title = ").trim_matches('"'))
    };
    let guide = on_disk(&sample);
    let root = root(guide.path());
    let words = ["new", &title, "--root", &root, "--slug", "another"];
    let (report, asked) = with_answers(&words, &["n"]);
    assert!(asked[0].contains("content/questions/sql/joins.md"), "{asked:?}");
    assert_eq!(report.out, "nothing was written\n");
    let words =
        [&words[..], &["--topic", "sql", "--category", "technical", "--level", "junior"]].concat();
    let output = askbook(guide.path(), &words);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && told.contains("similar questions are there"), "{told}");
}

#[test]
fn the_end_of_input_leaves_what_the_options_say() {
    let guide = on_disk(&Sample::new());
    let root = root(guide.path());
    let (report, _) =
        with_answers(&["new", "Why is a zebra striped?", "--root", &root], &["zebra"]);
    assert_eq!(report.exit, commands::Exit::Usage);
    assert!(
        report.err.contains("`--category`, `--level`, `--topic` are missing"),
        "{}",
        report.err
    );
}

#[test]
fn a_new_guide_is_called_what_its_owner_says() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let guide = folder.path().join("guide");
    let (report, _) = with_answers(
        &["init", &root(&guide)],
        &["Questions \"we\" ask", "", "https://guide.example/sub"],
    );
    assert_eq!(report.exit, commands::Exit::Fine, "{}", report.err);
    let settings = fs::read_to_string(guide.join("askbook.toml")).expect("written");
    let settings: toml::Table = toml::from_str(&settings).expect("TOML");
    assert_eq!(settings["title"].as_str(), Some("Questions \"we\" ask"));
    assert_eq!(settings["base_url"].as_str(), Some("https://guide.example/sub"));
    assert!(askbook(&guide, &["check", "--deny-warnings"]).status.success());
    let bad = folder.path().join("bad");
    let output = askbook(folder.path(), &["init", &root(&bad), "--base-url", "example"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!bad.exists());
}

#[test]
fn a_draft_has_what_its_category_and_kind_want() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let guide = folder.path().join("guide");
    assert!(askbook(folder.path(), &["init", &root(&guide)]).status.success());
    let words = ["new", "Tell me about a zebra", "--slug", "zebra", "--topic", "career"];
    let more = ["--category", "behavioural", "--level", "senior", "--kind", "star-story"];
    assert!(askbook(&guide, &[&words[..], &more].concat()).status.success());
    let page =
        fs::read_to_string(guide.join("content/questions/career/zebra.md")).expect("written");
    for wanted in [
        "a story of 150 to 450 words, marked as invented",
        "situation; task; action; result",
        "\n**Senior.** <!--",
        "\n**Lead.** <!--",
        "# [[rubric]]",
    ] {
        assert!(page.contains(wanted), "{wanted} in {page}");
    }
    assert!(!page.contains("**Junior.**") && !page.contains("[[source]]"), "{page}");
    assert!(askbook(&guide, &["check", "--deny-warnings"]).status.success());
    let output = askbook(&guide, &["check", "--drafts"]);
    assert_eq!(output.status.code(), Some(1));
}
