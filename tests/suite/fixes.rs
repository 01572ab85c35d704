//! Certain fixes: they mend what they say, lose nothing else, and a second run has nothing to do.

use std::collections::BTreeMap;
use std::fs;

use askbook::diagnostic::{Code, Diagnostic, Fix, apply};
use proptest::prelude::*;

use crate::commands::{askbook, on_disk};
use crate::sample::{QUESTION, Sample};

/// A slip in a good page, and how it is made.
const SLIPS: &[(&str, &str)] = &[
    // Keys and slugs that are typed wrong.
    ("evaluates =", "evalautes ="),
    ("topics = [\"sql\"]", "topics = [\"slq\"]"),
    ("level = \"junior\"", "level = \"junoir\""),
    ("category = \"technical\"", "category = \"technicla\""),
    ("kind = \"concept\"", "kind = \"concpet\""),
    ("\"outer-joins\"", "\"outer-jions\""),
    ("status = \"reviewed\"", "status = \"reveiwed\""),
    // Keys out of order, one with a comment above it.
    (
        "title = \"What does `joins` mean in SQL?\"\nslug = \"joins\"\n",
        "slug = \"joins\"\n# as it is asked\ntitle = \"What does `joins` mean in SQL?\"\n",
    ),
    (
        "updated = 2026-11-20\nstatus = \"reviewed\"\n",
        "status = \"reviewed\"\nupdated = 2026-11-20\n",
    ),
    // White space at the ends of lines: of text, as a line break, in code, in front matter.
    ("### Meaning\n", "### Meaning  \n"),
    ("One statement, twenty words or more", "One statement,  \ntwenty words or more"),
    ("- *When?* Rows", "- *When?* Rows of tables  \n  meet. "),
    ("SELECT * FROM a", "SELECT *  \nFROM a"),
    ("\n[[source]]", " \n[[source]] "),
    // American spellings.
    ("**Lead.** ", "**Lead.** Colors of favorite rows. "),
    // Languages, attributes, links.
    ("```sql title", "```slq title"),
    ("title=\"joins.sql\"", "tilte=\"joins.sql\""),
    ("**Junior.** Rows", "**Junior.** [Nulls](nulls.md#short-anwser) Rows"),
    ("**Senior.** Rows", "**Senior.** [About](about.md) Rows"),
];

/// What is read is not what is written there, so that nobody can say what to replace.
#[test]
fn what_stands_behind_an_entity_or_a_mended_slip_is_not_replaced() {
    let entity = "```sql title=\"a&#x3a;b\" numbres\nSELECT 1\n```\n\n```sql title";
    let page = Sample::new().edit(QUESTION, "```sql title", entity);
    let told = page.build().diagnostics;
    let attribute = told.iter().find(|found| found.code == Code::CodeAttribute);
    assert_eq!(attribute.expect("`numbres` is none").fix, None);
    let slips = "q = { a = # 1 }\nx.y.z = 1979-05-27T07:32:00Z\nu [[= \"a\"s_\n";
    let settings = Sample::new().with("askbook.toml", slips).build().diagnostics;
    assert!(
        !settings.is_empty() && settings.iter().all(|found| found.fix.is_none()),
        "{settings:?}"
    );
}

/// The page with the slips whose numbers are given.
fn slipped(numbers: &[usize]) -> Sample {
    let mut text = Sample::new().text(QUESTION);
    for number in numbers {
        let (good, bad) = SLIPS[*number];
        text = text.replacen(good, bad, 1);
    }
    Sample::new().with(QUESTION, &text)
}

/// The page with its sections turned round, from the one with this number to the last.
fn turned(sample: Sample, from: usize) -> Sample {
    let text = sample.text(QUESTION);
    let mut parts: Vec<String> = text.split("\n## ").map(str::to_owned).collect();
    let last = parts.last_mut().expect("there are sections");
    *last = last.trim_end().to_owned() + "\n";
    parts[from..].reverse();
    sample.with(QUESTION, &parts.join("\n## "))
}

#[test]
fn a_link_to_a_page_that_nobody_has_written_is_led_to_no_other() {
    let link = |target: &str| {
        let text = format!("**Junior.** [A page]({target}) Rows");
        let findings = Sample::new().edit(QUESTION, "**Junior.** Rows", &text).findings();
        let broken = findings.into_iter().find(|found| found.code == Code::LinkBroken);
        let broken = broken.expect("it leads nowhere");
        (broken.fix.is_some(), broken.help.unwrap_or_default())
    };
    // The folder is right, but that says nothing of the name.
    let (is_mended, help) = link("transactions.md");
    assert!(!is_mended && !help.contains("did you mean"), "{help}");
    for near in ["nuls.md", "../../guide/nulls.md", "../nosql/nulls.md"] {
        let (is_mended, help) = link(near);
        assert!(is_mended && help.contains("did you mean `nulls.md`"), "{near}: {help}");
    }
}

/// The same guide after every fix, and how often fixes were applied.
fn mended(mut sample: Sample) -> (Sample, usize) {
    for round in 0..8 {
        let findings = sample.findings();
        let mut fixes: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
        for found in findings.iter().filter(|found| found.fix.is_some()) {
            fixes.entry(found.file().expect("a file").as_str()).or_default().push(found);
        }
        if fixes.is_empty() {
            return (sample, round);
        }
        for (path, found) in fixes {
            let fixes: Vec<&Fix> = found.iter().filter_map(|found| found.fix.as_ref()).collect();
            let (text, applied) = apply(found[0].source().expect("a text"), &fixes);
            assert!(applied[0], "the first fix of a file can always be applied");
            sample = sample.with(path, &text);
        }
    }
    panic!("fixes make room for each other without end:\n{}", sample.concise());
}

/// The words of the page in any order, those that slips and their fixes respell left out.
fn words(sample: &Sample) -> Vec<String> {
    let text = sample.text(QUESTION).replace("\\\n", "\n");
    let is_slip_of = |word: &str, (right, wrong): &(&str, &str)| {
        let holds = |text: &str| text.split(is_mark).any(|part| part == word);
        holds(right) != holds(wrong)
    };
    let mut words: Vec<String> = text
        .split(is_mark)
        .filter(|word| !SLIPS.iter().any(|slip| is_slip_of(word, slip)))
        // What the links and the spellings are mended to.
        .filter(|word| !["answer", "guide", "Colours", "favourite"].contains(word))
        .map(str::to_owned)
        .collect();
    words.sort();
    words
}

fn is_mark(c: char) -> bool {
    !c.is_alphanumeric()
}

/// What one sorted list has more often than the other.
fn difference(left: &[String], right: &[String]) -> BTreeMap<String, isize> {
    let mut counts = BTreeMap::new();
    for (list, step) in [(left, 1), (right, -1)] {
        for word in list.iter().filter(|word| !word.is_empty()) {
            *counts.entry(word.clone()).or_default() += step;
        }
    }
    counts.retain(|_, count| *count != 0);
    counts
}

#[test]
fn every_slip_mends_itself_alone() {
    for (number, (good, bad)) in SLIPS.iter().enumerate() {
        let slipped = slipped(&[number]);
        let (mended, _) = mended(slipped.clone());
        let left: Vec<String> = mended.concise().lines().map(str::to_owned).collect();
        assert_eq!(left, Vec::<String>::new(), "{good:?} became {bad:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn fixes_mend_all_slips_and_lose_no_word(
        numbers in proptest::sample::subsequence((0..SLIPS.len()).collect::<Vec<_>>(), 0..SLIPS.len()),
        from in 1_usize..8,
    ) {
        let bad = turned(slipped(&numbers), from);
        let (good, _) = mended(bad.clone());
        prop_assert_eq!(good.concise(), "");
        let (again, rounds) = mended(good.clone());
        prop_assert_eq!((again.text(QUESTION), rounds), (good.text(QUESTION), 0));
        let lost = difference(&words(&bad), &words(&good));
        prop_assert!(lost.is_empty(), "lost or made: {lost:?}");
    }
}

#[test]
fn white_space_that_means_something_stays() {
    for text in ["```text\nkept  \n```", "a `code \nspan` here"] {
        let sample =
            Sample::new().edit(QUESTION, "### Meaning\n", &format!("### Meaning\n\n{text}\n"));
        assert_eq!(sample.concise(), "", "{text:?}");
    }
    let kept = "asked_as = [\"\"\"one  \ntwo\"\"\", \"three\"]";
    let sample =
        Sample::new().edit(QUESTION, "asked_as = [\"What is joins?\", \"Explain joins\"]", kept);
    assert_eq!(sample.concise(), "");
}

#[test]
fn files_are_mended_on_disk_and_keep_their_line_ends() {
    let slipped = slipped(&[2, 8, 10]);
    let windows = format!("\u{feff}{}", slipped.text(QUESTION).replace('\n', "\r\n"));
    let guide = on_disk(&slipped.with(QUESTION, &windows));
    let told = |output: &std::process::Output| {
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (status, err) = told(&askbook(guide.path(), &["check"]));
    assert_eq!(status, Some(1), "{err}");
    assert!(err.contains("`askbook check --fix` mends 2"), "{err}");
    let (status, err) = told(&askbook(guide.path(), &["check", "--fix", "--deny-warnings"]));
    assert_eq!(status, Some(0), "{err}");
    assert!(err.contains("joins.md:6: write `junior` [field/value]"), "{err}");
    assert!(err.contains("in 1 file\n") && err.contains("nothing to mend"), "{err}");
    let mended = fs::read_to_string(guide.path().join(QUESTION)).expect("it is there");
    let wanted = Sample::new().edit(
        QUESTION,
        "One statement, twenty words or more",
        "One statement,\\\ntwenty words or more",
    );
    assert_eq!(mended, format!("\u{feff}{}", wanted.text(QUESTION).replace('\n', "\r\n")));
    let (status, err) = told(&askbook(guide.path(), &["check", "--fix"]));
    assert_eq!(status, Some(0), "{err}");
    assert!(err.contains("nothing could be mended for certain"), "{err}");
    assert_eq!(fs::read_to_string(guide.path().join(QUESTION)).expect("it is there"), mended);
    let left: Vec<_> = fs::read_dir(guide.path().join("content/questions/sql"))
        .expect("readable")
        .map(|entry| entry.expect("readable").file_name())
        .collect();
    assert_eq!(left.len(), 2, "{left:?}");
}
