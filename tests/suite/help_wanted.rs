//! The page that says what a guide lacks, and the figures that it shares with `askbook stats`.

use std::fs;
use std::process::Command;

use askbook::figures::Figures;
use askbook::path::OutputPath;

use crate::commands::{askbook, on_disk};
use crate::sample::{QUESTION, Sample, question};

const PAGE: &str = "help-wanted/index.html";
const NULLS: &str = "content/questions/sql/nulls.md";

/// A guide with something to do of every sort.
fn wanting() -> Sample {
    let text = question("joins").replace("PostgreSQL 15.18", "PostgreSQL 14.2");
    let text = text.replace("updated = 2026-11-20", "updated = 2024-01-31");
    let at = text.find("\n[[source]]\ntitle = \"SQLite").expect("a second source");
    let end = text.find("+++\n\n## What").expect("an end");
    let text = format!("{}{}", &text[..at + 1], &text[end..]);
    Sample::new()
        .append("askbook.toml", "\n[check]\nprofile = \"minimal\"\n")
        .with(QUESTION, &text)
        .with("content/questions/sql/lonely.md", &question("lonely").replace("[\"joins\", ", "["))
        .edit(NULLS, "status = \"reviewed\"", "status = \"draft\"")
}

/// A guide without a repository.
fn private() -> Sample {
    Sample::new().edit("askbook.toml", "[repository]\nurl = \"https://code.example/guide\"\n", "")
}

#[test]
fn everything_that_wants_help_is_named() {
    let page = wanting().with_drafts().published(PAGE);
    for part in [
        "askbook new outer-joins",
        ">0 <small>few</small>",
        "SQL</a> <small>3</small>",
        "Drafts to finish",
        "31 January 2024",
        "PostgreSQL 14.2 → PostgreSQL 15.18",
        "sources: 1",
        "Pages to which no other page leads",
        "links: ",
        "https://code.example/guide/blob/main/content/wanted.toml",
    ] {
        assert!(page.contains(part), "{part} is missing in\n{page}");
    }
    let home = wanting().published("index.html");
    assert!(home.contains("help-wanted/"), "{home}");
    assert!(wanting().published("sitemap.xml").contains("https://guide.example/help-wanted/"));
}

#[test]
fn a_draft_is_not_told_to_readers() {
    let page = wanting().edit(QUESTION, "related = [\"nulls\", ", "related = [").published(PAGE);
    assert!(!page.contains("Drafts to finish") && !page.contains("nulls"), "{page}");
}

#[test]
fn what_wants_no_help_is_left_out() {
    let page = Sample::new().published(PAGE);
    for part in ["Drafts", "older versions", "few sources", "no other page leads", "read again"] {
        assert!(!page.contains(part), "{part} is in\n{page}");
    }
}

#[test]
fn the_page_is_the_same_tomorrow() {
    let built = |seconds: &str| {
        let guide = on_disk(&wanting());
        let status = Command::new(env!("CARGO_BIN_EXE_askbook"))
            .arg("build")
            .current_dir(guide.path())
            .env("SOURCE_DATE_EPOCH", seconds)
            .status();
        assert!(status.expect("the program runs").success());
        fs::read_to_string(guide.path().join("public").join(PAGE)).expect("the page is there")
    };
    assert_eq!(built("1795305600"), built("1924905600"));
}

#[test]
fn without_a_repository_there_is_nothing_to_send_a_change_to() {
    let sample = private();
    let outcome = sample.build();
    let path = OutputPath::new(PAGE).expect("a good path");
    assert!(outcome.bundle.expect("it is published").file(&path).is_none());
    assert!(!sample.published("index.html").contains("help-wanted"));
}

#[test]
fn a_page_links_to_it_by_the_file_of_what_is_wanted() {
    let link =
        |sample: Sample| sample.append("content/guide/about.md", "\n[Help](../wanted.toml)\n");
    let page = link(Sample::new()).published("guide/about/index.html");
    assert!(page.contains("href=../../help-wanted/>Help"), "{page}");
    let told = link(private()).concise();
    assert!(told.contains("error[link/broken]"), "{told}");
}

#[test]
fn a_german_guide_asks_in_german() {
    let page = wanting()
        .edit("askbook.toml", "description", "language = \"de\"\ndescription")
        .published(PAGE);
    for part in ["<h1>Mithelfen</h1>", "wenige", "31. Januar 2024", "Quellen: 1"] {
        assert!(page.contains(part), "{part} is missing in\n{page}");
    }
}

#[test]
fn every_figure_is_documented_and_the_page_has_the_same() {
    let sample = wanting().with_drafts();
    let outcome = sample.build();
    let guide = outcome.guide.expect("a guide");
    let figures = serde_json::to_value(Figures::of(&guide)).expect("it is serialised");
    let folder = on_disk(&wanting());
    let output = askbook(folder.path(), &["stats", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(told, figures);
    let documented = fs::read_to_string("content/guide/data.md").expect("readable");
    for key in told.as_object().expect("an object").keys() {
        assert!(documented.contains(&format!("\n| `{key}` |")), "`{key}` is not documented");
    }
}
