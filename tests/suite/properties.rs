//! Properties that hold for every guide: warm equals cold, threads do not matter, names do not matter.

use std::path::Path;
use std::sync::Arc;

use askbook::bundle::Bundle;
use askbook::document::{self, Limits, read_markdown};
use askbook::markup::{Plain, write_whole};
use askbook::path::ContentPath;
use askbook::text::SourceText;
use proptest::prelude::*;

use crate::sample::{QUESTION, Sample};

fn bundle(sample: &Sample) -> Bundle {
    sample.build().bundle.expect("the sample is good")
}

#[test]
fn one_thread_and_eight_give_the_same_bytes() {
    let with_threads = |count| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(count).build().expect("threads");
        pool.install(|| bundle(&Sample::new()))
    };
    assert_eq!(with_threads(1), with_threads(8));
}

#[test]
fn line_ends_and_a_byte_order_mark_do_not_matter() {
    let mut other = Sample::new();
    for (path, bytes) in Sample::new().files() {
        let text = String::from_utf8_lossy(bytes).replace('\n', "\r\n");
        other = other.with(path, &format!("\u{feff}{text}"));
    }
    assert_eq!(bundle(&Sample::new()), bundle(&other));
}

#[test]
fn every_output_stays_inside_the_folder() {
    for (path, _) in bundle(&Sample::new()).files() {
        let path = Path::new(path.as_str());
        assert!(
            path.components().all(|part| matches!(part, std::path::Component::Normal(_))),
            "{path:?}"
        );
    }
}

proptest! {
    #[test]
    fn no_markdown_makes_the_reader_panic_or_leave_raw_tags(text in "[ -~\n]{0,200}") {
        let (events, _) = read_markdown(&text);
        let html = write_whole(&events, &Plain);
        for forbidden in ["<script", "<iframe", " onclick=", "href=\"javascript:"] {
            prop_assert!(!html.to_lowercase().contains(forbidden), "{html}");
        }
    }

    #[test]
    fn every_span_of_a_page_can_be_sliced(text in "\\PC{0,120}") {
        let page = format!("+++\ntitle = \"x\"\ncategory = \"a\"\nlevel = \"b\"\ntopics = [\"c\"]\n+++\n{text}\n");
        let source = SourceText::new(ContentPath::new("content/questions/c/x.md"), &page);
        let checked = document::parse(&source, &Limits::default());
        if let Some(document) = checked.value {
            for heading in &document.body.headings {
                prop_assert!(source.text().get(heading.span.range()).is_some());
            }
            for link in &document.body.links {
                prop_assert!(source.text().get(link.span.range()).is_some());
            }
        }
    }

    #[test]
    fn no_front_matter_makes_the_reader_panic(text in "[ -~\n]{0,200}") {
        let source = SourceText::new(ContentPath::new("content/questions/c/x.md"), format!("+++\n{text}\n+++\n"));
        drop(document::parse(&source, &Limits::default()));
    }
}

#[test]
fn a_file_shared_by_two_guides_is_read_alike() {
    let source = |folder: &str| {
        SourceText::new(
            ContentPath::new(&format!("content/questions/{folder}/joins.md")),
            Sample::new().text(QUESTION),
        )
    };
    let outline = |source: &Arc<SourceText>| {
        let document = document::parse(source, &Limits::default()).value.expect("a good page");
        format!("{:?}", document.body)
    };
    assert_eq!(outline(&source("sql")), outline(&source("other")));
}

#[test]
fn an_edit_of_a_text_changes_its_page_and_what_search_has_of_it_and_nothing_else() {
    let before = bundle(&Sample::new());
    let now = bundle(&Sample::new().append(QUESTION, "\nAn aubergine.\n"));
    let changed: Vec<_> = now
        .files()
        .filter(|(path, bytes)| before.file(path) != Some(*bytes))
        .map(|(path, _)| match path.as_str().rsplit_once('-') {
            Some((digest, kind)) if digest.starts_with("search/files/") => kind,
            _ => path.as_str(),
        })
        .collect();
    let expected = [
        "offline.json",
        "questions/joins/index.html",
        "questions/joins/index.md",
        "t.idx",
        "p0.idx",
        "p1.idx",
        "p2.idx",
        "w.idx",
        "search/root.idx",
        "service-worker.js",
    ];
    assert_eq!(changed, expected);
}
