//! Every mistake that has a code: the guide that makes it, the line it is told at, and how it reads.
//!
//! A code without a case here fails `every_code_has_a_case`. `SNAPSHOTS=overwrite cargo test` writes
//! `mistakes.txt` anew, in which all of them can be read.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use askbook::diagnostic::{self, Code, Diagnostic, Example, Format, Origin, Part};
use rayon::prelude::*;

use crate::sample::{Built, QUESTION, Sample};

struct Case {
    code: Code,
    /// The line of the first finding of the code; 0 if it is about a whole file or the guide.
    line: usize,
    sample: Sample,
}

fn case(code: Code, line: usize, sample: Sample) -> Case {
    Case { code, line, sample }
}

fn good() -> Sample {
    Sample::new()
}

/// The sample with text at the end of its first question's full answer.
fn body(text: &str) -> Sample {
    good().edit(QUESTION, "### Meaning\n", &format!("### Meaning\n\n{text}\n"))
}

fn settings(text: &str) -> Sample {
    let whole = good().text("askbook.toml");
    good().with("askbook.toml", &format!("{text}\n{whole}"))
}

/// The sample with a glossary of two terms; `more` stands with the first.
fn glossary(more: &str) -> Sample {
    let text = format!(
        "title = \"Glossary\"\nupdated = 2026-11-20\n\n[[term]]\nterm = \"Row\"\n\
         definition = \"What a table is made of.\"\n{more}\n[[term]]\nterm = \"Joins\"\n\
         definition = \"Rows side by side.\"\nmark = false\n"
    );
    good().with("content/glossary.toml", &text)
}

const SVG: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><title>T</title><desc>D</desc>";

/// One-pixel PNG.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 10, b'I', b'D', b'A', b'T',
    0x78, 0x9c, 0x63, 0x60, 0, 0, 0, 2, 0, 1, 0x48, 0xaf, 0xa4, 0x71, 0, 0, 0, 0, b'I', b'E', b'N',
    b'D', 0xae, 0x42, 0x60, 0x82,
];

/// The same picture, which says that it is 60,000 pixels wide.
fn enormous() -> Vec<u8> {
    let mut bytes = PNG.to_vec();
    bytes.splice(16..20, 60_000_u32.to_be_bytes());
    bytes
}

/// The lines at which the examples that people are shown are told.
const EXAMPLES: &[(Code, usize)] = &[
    (Code::TomlSyntax, 6),
    (Code::SettingsValue, 1),
    (Code::FieldUnknown, 9),
    (Code::FieldMissing, 2),
    (Code::FieldType, 5),
    (Code::FieldValue, 6),
    (Code::FieldEmpty, 5),
    (Code::FrontMatterSlug, 3),
    (Code::FrontMatterOrder, 6),
    (Code::MarkdownHtml, 54),
    (Code::MarkdownMath, 54),
    (Code::MarkdownHeading, 54),
    (Code::MarkdownHeadingAttribute, 54),
    (Code::CodeUnlabelled, 54),
    (Code::CodeLanguage, 54),
    (Code::CodeAttribute, 54),
    (Code::LinkScheme, 54),
    (Code::LinkBroken, 54),
    (Code::LinkAnchor, 54),
    (Code::LinkAddress, 54),
    (Code::SectionUnknown, 78),
    (Code::SectionEmpty, 54),
    (Code::SectionLevel, 76),
    (Code::ModelLength, 10),
    (Code::RubricShape, 17),
    (Code::RubricAdjective, 19),
    (Code::RelatedUnknown, 13),
    (Code::RelatedSelf, 13),
    (Code::DateFuture, 14),
    (Code::AliasInvalid, 16),
    (Code::TextSpelling, 54),
    (Code::TextFiller, 54),
    (Code::TextPlaceholder, 54),
];

/// The sample with an example in its place: for the text that is there, below the key that is there,
/// in front of the settings, or in the full answer.
fn with_example(part: Part, right: &str, text: &str) -> Sample {
    let line = right.split_inclusive('\n').next().expect("an example has a line");
    match part {
        Part::Settings => settings(text),
        _ if good().text(QUESTION).contains(right) => good().edit(QUESTION, right, text),
        Part::Matter => good().edit(QUESTION, line, text),
        Part::Body => body(text),
    }
}

fn examples() -> Vec<Case> {
    let of = |(code, line): &(Code, usize)| {
        let Example { part, wrong, right } = code.example().expect("it has one");
        case(*code, *line, with_example(part, right, wrong))
    };
    EXAMPLES.iter().map(of).collect()
}

fn files() -> Vec<Case> {
    let theme = |files: &[(&str, &str)]| {
        let mut sample = settings("theme = \"mine\"");
        for (path, text) in files {
            sample = sample.with(&format!("themes/mine/{path}"), text);
        }
        sample
    };
    let mine = "name = \"mine\"\nextends = \"folio\"\n";
    vec![
        case(
            Code::FileEncoding,
            0,
            good().with_bytes("content/questions/sql/joins.md", b"+++\n\xff\n+++\n"),
        ),
        case(Code::FileTooLarge, 34, settings("limits.page_bytes = 1000")),
        case(
            Code::FileName,
            54,
            body(&format!("![x]({}/a.png)", "deep".repeat(45)))
                .with_bytes(&format!("content/questions/sql/{}/a.png", "deep".repeat(45)), PNG),
        ),
        case(Code::FileMisplaced, 0, good().with("content/notes.md", "+++\ntitle = \"x\"\n+++\n")),
        case(Code::SettingsMissing, 0, good().without("askbook.toml")),
        case(Code::FrontMatterMissing, 1, good().with(QUESTION, "# Joins\n")),
        case(Code::FrontMatterUnclosed, 1, good().with(QUESTION, "+++\ntitle = \"x\"\n")),
        case(Code::FrontMatterTooLarge, 2, settings("limits.front_matter_bytes = 10")),
        case(Code::VocabularyMissing, 0, good().without("content/levels.toml")),
        case(
            Code::VocabularyDuplicate,
            19,
            good().append(
                "content/topics.toml",
                "\n[[topic]]\nslug = \"sql\"\nname = \"x\"\nsummary = \"y\"\n",
            ),
        ),
        case(Code::GlossaryDuplicate, 7, glossary("aliases = [\"Joins\"]")),
        case(Code::GlossaryUnknown, 7, glossary("see = [\"jions\"]")),
        case(
            Code::GlossaryUnused,
            5,
            glossary("").edit("content/glossary.toml", "Row\"", "Tuple\""),
        ),
        case(
            Code::QuestionDuplicate,
            1,
            good().with("content/questions/zoo/joins.md", &good().text(QUESTION)),
        ),
        case(Code::GuideTooLarge, 1, settings("limits.pages = 1")),
        case(
            Code::GuideEmpty,
            0,
            good().without(QUESTION).without("content/questions/sql/nulls.md").edit(
                "content/guide/about.md",
                "[tests](../questions/sql/joins.md#short-answer)",
                "tests",
            ),
        ),
        case(Code::ThemeMissing, 1, settings("theme = \"absent\"")),
        case(
            Code::ThemeManifest,
            4,
            theme(&[(
                "theme.toml",
                &format!("{mine}[bundles]\n\"folio.css\" = [\"css/absent.css\"]\n"),
            )]),
        ),
        case(
            Code::ThemeString,
            1,
            theme(&[("theme.toml", mine), ("i18n/en.toml", "home = \"Home\"\n")]),
        ),
        case(
            Code::ThemeTemplate,
            1,
            theme(&[("theme.toml", mine), ("templates/not_found.html", "{{ page.tilte }}\n")]),
        ),
        case(
            Code::OutputLanding,
            0,
            theme(&[
                ("theme.toml", mine),
                ("templates/not_found.html", "<a href=\"nowhere/\">x</a>\n"),
            ]),
        ),
        case(
            Code::OutputNesting,
            0,
            theme(&[("theme.toml", mine), ("templates/not_found.html", &"<b>".repeat(600))]),
        ),
        case(
            Code::OutputMinify,
            0,
            theme(&[
                ("theme.toml", mine),
                ("templates/not_found.html", "<!-- old --><div><b>a</b> <b>b</b></div>"),
            ]),
        ),
        case(
            Code::OutputCollision,
            15,
            good().edit(QUESTION, "status =", "aliases = [\"/questions/NULLS/\"]\nstatus ="),
        ),
    ]
}

fn markdown() -> Vec<Case> {
    vec![
        case(Code::MarkdownNesting, 54, body(&format!("{} deep", ">".repeat(120)))),
        case(Code::MarkdownEvents, 48, settings("limits.events = 10")),
        case(Code::CodeFile, 54, body("```python file=\"a.py\"\ncode\n```")),
        case(Code::CodeTooLarge, 54, body(&format!("```text\n{}\n```", "x".repeat(10_001)))),
        case(
            Code::PictureAlt,
            54,
            body("![](dot.png)").with_bytes("content/questions/sql/dot.png", PNG),
        ),
        case(
            Code::PictureFormat,
            54,
            body("![dot](dot.jpg)").with_bytes("content/questions/sql/dot.jpg", PNG),
        ),
        case(
            Code::PictureTooLarge,
            54,
            body("![dot](dot.png)").with_bytes("content/questions/sql/dot.png", &enormous()),
        ),
        case(
            Code::PictureUnsafe,
            54,
            body("![dot](dot.svg)").with(
                "content/questions/sql/dot.svg",
                &format!("{SVG}<script>alert(1)</script></svg>"),
            ),
        ),
        case(
            Code::LinkDraft,
            54,
            body("[x](nulls.md)").edit(
                "content/questions/sql/nulls.md",
                "\"reviewed\"",
                "\"draft\"",
            ),
        ),
        case(Code::TextBidirectional, 54, body("safe\u{202e}efas")),
        case(Code::TextControl, 54, body("a\u{8}b")),
        case(Code::TextInvisible, 54, body("in\u{200b}visible")),
        case(Code::TextLookalike, 54, body("The p\u{430}ssword of a row.")),
        case(Code::CodeInvisible, 55, body("```python not-run\nis_\u{200b}admin = False\n```")),
        case(Code::CodeLookalike, 54, body("Never `\u{430}dmin` and `admin`.")),
        case(
            Code::QuestionLookalike,
            1,
            good()
                .with("content/questions/sql/jo1ns.md", &crate::sample::question("jo1ns"))
                .with("content/questions/sql/jolns.md", &crate::sample::question("jolns")),
        ),
        case(Code::TextTrailing, 54, body("One line  \nand another.")),
    ]
}

fn model() -> Vec<Case> {
    let section = "## Mistakes and red flags";
    let moved = good().text(QUESTION).replace(section, "## Short answer");
    let order = {
        let text = good().text(QUESTION);
        let (before, after) = text.split_once("## What this question tests").expect("it has one");
        let (tests, after) = after.split_once("## Short answer").expect("it has one");
        let (short, after) = after.split_once("## Full answer").expect("it has one");
        format!(
            "{before}## Short answer{short}## What this question tests{tests}## Full answer{after}"
        )
    };
    vec![
        case(Code::SectionOrder, 46, good().with(QUESTION, &order)),
        case(Code::SectionDuplicate, 78, good().with(QUESTION, &moved)),
        case(Code::SectionMissing, 86, good().edit(QUESTION, section, "### Errors")),
        case(Code::SectionLength, 78, good().edit(QUESTION, section, "## Mistakes and red flags\n\nFew.\n\n### More")
            .edit(QUESTION, "### More", "## Follow-up questions")),
        case(Code::SectionForm, 68, good().edit(QUESTION, "**Junior.**", "Junior").edit(QUESTION, "**Mid-level.**", "Mid")
            .edit(QUESTION, "**Senior.**", "Senior").edit(QUESTION, "**Lead.**", "Lead")),
        case(Code::PageLength, 2, body(&"word ".repeat(1_500))),
        case(Code::ModelField, 2, good().edit(QUESTION, "evaluates = \"Knows what the words mean\"\n", "")),
        case(
            Code::QuestionOrphan,
            2,
            good().edit(QUESTION, "\"nulls\", ", ""),
        ),
        case(
            Code::QuestionSimilar,
            2,
            good().with(
                "content/questions/sql/joints.md",
                &good().text(QUESTION).replace("\"joins\"", "\"joints\""),
            ),
        ),
        case(
            Code::RelatedOneWay,
            13,
            good()
                .edit(QUESTION, "[\"nulls\", \"outer-joins\", \"self-joins\"]", "[\"nulls\"]")
                .edit("content/questions/sql/nulls.md", "\"joins\", ", ""),
        ),
        case(Code::SourceFew, 31, good().edit(QUESTION, "\n[[source]]\ntitle = \"PostgreSQL documentation: SELECT\"\nurl = \"https://www.postgresql.org/docs/current/sql-select.html\"\n", "")),
        case(
            Code::WantedWritten,
            15,
            good().append("content/wanted.toml", "\n[[question]]\nslug = \"joins\"\ntitle = \"x\"\n"),
        ),
        case(Code::DateUnknown, 0, good().edit("content/guide/about.md", "updated = 2026-11-19\n", "")),
    ]
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> =
        examples().into_iter().chain(files()).chain(markdown()).chain(model()).collect();
    cases.sort_by_key(|case| case.code);
    cases
}

/// Every case with what its build gives, made once for all tests.
fn built() -> &'static [(Case, Built)] {
    static BUILT: LazyLock<Vec<(Case, Built)>> = LazyLock::new(|| {
        let build = |case: Case| {
            let outcome = case.sample.build();
            (case, outcome)
        };
        cases().into_par_iter().map(build).collect()
    });
    &BUILT
}

/// Codes about more than a guide in memory: the test that tells each, and what it needs.
const ELSEWHERE: &[(Code, &str, &str)] = &[
    (Code::FileUnreadable, include_str!("hostile.rs"), "Refused(\"file/unreadable\")"),
    (Code::FileSymlink, include_str!("hostile.rs"), "Refused(\"file/symlink\")"),
    (Code::SampleOutput, include_str!("commands.rs"), "\"error[sample/output]\""),
    (Code::SampleFailed, include_str!("commands.rs"), "\"error[sample/failed]\""),
    (Code::SampleRunner, include_str!("commands.rs"), "\"error[sample/runner]\""),
    (Code::CommandRoot, include_str!("commands.rs"), "error[command/root]: there is no folder"),
    (Code::CommandOutput, include_str!("commands.rs"), "error[command/output]: the output folder"),
    (Code::CommandValue, include_str!("commands.rs"), "error[command/value]: no page has"),
    (Code::LinkGone, include_str!("external.rs"), " error[link/gone]"),
    (Code::LinkMoved, include_str!("external.rs"), " warning[link/moved]"),
    (Code::LinkUnreachable, include_str!("external.rs"), " warning[link/unreachable]"),
    (Code::LinkPrivate, include_str!("external.rs"), "\"error[link/private]\""),
];

fn line(diagnostic: &Diagnostic) -> usize {
    match &diagnostic.origin {
        Origin::Place(place) => place.source.position(place.span.start).line,
        Origin::File(_) | Origin::Guide => 0,
    }
}

#[test]
fn the_sample_guide_has_no_mistake() {
    assert_eq!(good().concise(), "");
}

#[test]
fn every_code_has_a_case() {
    let elsewhere = ELSEWHERE.iter().map(|(code, ..)| *code);
    let tried: BTreeSet<Code> = cases().iter().map(|case| case.code).chain(elsewhere).collect();
    let all: BTreeSet<Code> = Code::ALL.iter().copied().collect();
    assert_eq!(tried, all);
    for (code, test, assertion) in ELSEWHERE {
        assert!(assertion.contains(code.as_str()), "{assertion}");
        assert!(test.contains(assertion), "no test tells {}", code.as_str());
    }
}

#[test]
fn every_code_is_explained() {
    for code in Code::ALL {
        for text in [code.about(), code.mend()] {
            let is_sentence = text.starts_with(|c: char| c.is_uppercase() || c == '`');
            assert!(is_sentence && text.ends_with('.'), "{}: {text}", code.as_str());
        }
        assert_ne!(code.about(), code.mend());
    }
}

#[test]
fn every_mistake_is_told_at_its_line_with_what_to_do() {
    let mut wrong = String::new();
    for (Case { code, line: expected, .. }, outcome) in built() {
        let found = &outcome.diagnostics;
        let name = code.as_str();
        match found.iter().find(|diagnostic| diagnostic.code == *code) {
            None => {
                let told = diagnostic::write(found, Format::Concise);
                wrong.push_str(&format!("{name} was not found, but:\n{told}"));
            }
            Some(diagnostic) => {
                if line(diagnostic) != *expected {
                    wrong.push_str(&format!(
                        "{name} is told at line {}, not {expected}\n",
                        line(diagnostic)
                    ));
                }
                if diagnostic.help.is_none() {
                    wrong.push_str(&format!("{name} does not say what to do\n"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_example_is_right_where_it_says_so() {
    let tried: Vec<Code> = EXAMPLES.iter().map(|(code, _)| *code).collect();
    let shown: Vec<Code> =
        Code::ALL.iter().copied().filter(|code| code.example().is_some()).collect();
    assert_eq!(BTreeSet::from_iter(&tried), BTreeSet::from_iter(&shown));
    for code in shown {
        let Example { part, right, .. } = code.example().expect("it has one");
        let found = with_example(part, right, right).findings();
        let told = diagnostic::write(&found, Format::Concise);
        assert!(found.iter().all(|found| found.code != code), "{}:\n{told}", code.as_str());
    }
}

#[test]
fn errors_publish_nothing_and_warnings_do() {
    for (Case { code, .. }, outcome) in built() {
        let has_errors = diagnostic::has_errors(&outcome.diagnostics);
        assert_eq!(outcome.bundle.is_none(), has_errors, "{}", code.as_str());
    }
}

/// The finding of every case.
fn one_of_each() -> Vec<Diagnostic> {
    let first = |(Case { code, .. }, outcome): &(Case, Built)| {
        outcome.diagnostics.iter().find(|diagnostic| diagnostic.code == *code).cloned()
    };
    built().iter().filter_map(first).collect()
}

#[test]
fn the_wording_is_as_reviewed_in_every_format() {
    let found = one_of_each();
    let written = |format| diagnostic::write(&found, format);
    // The version changes with every release, and the address of the repository may.
    let sarif = written(Format::Sarif)
        .replace(env!("CARGO_PKG_VERSION"), "0.0.0")
        .replace(env!("CARGO_PKG_REPOSITORY"), "https://code.example/askbook");
    snapbox::assert_data_eq!(written(Format::Plain), snapbox::file!["mistakes.txt"].raw());
    snapbox::assert_data_eq!(
        written(Format::Concise),
        snapbox::file!["mistakes/concise.txt"].raw()
    );
    snapbox::assert_data_eq!(
        written(Format::Json),
        snapbox::file!["mistakes/report.json": Text].raw()
    );
    snapbox::assert_data_eq!(sarif, snapbox::file!["mistakes/report.sarif": Text].raw());
    snapbox::assert_data_eq!(written(Format::Github), snapbox::file!["mistakes/github.txt"].raw());
}

/// The keys of a finding are a promise to programs: `content/guide/data.md` lists them.
#[test]
fn a_finding_in_json_has_the_keys_that_are_documented() {
    let report: serde_json::Value =
        serde_json::from_str(&diagnostic::write(&one_of_each(), Format::Json)).expect("JSON");
    let keys = |value: &serde_json::Value| -> BTreeSet<String> {
        value.as_object().expect("an object").keys().cloned().collect()
    };
    let names = |list: &str| list.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
    let place = "line column end_line end_column";
    assert_eq!((report["version"].as_u64(), keys(&report)), (Some(1), names("version findings")));
    let findings = report["findings"].as_array().expect("a list");
    for finding in findings {
        let wanted = format!("code severity message help file {place} fix related");
        assert_eq!(keys(finding), names(&wanted));
        for related in finding["related"].as_array().expect("a list") {
            assert_eq!(keys(related), names(&format!("message file {place}")));
        }
        if !finding["fix"].is_null() {
            assert_eq!(keys(&finding["fix"]), names("message edits"));
            for edit in finding["fix"]["edits"].as_array().expect("a list") {
                assert_eq!(keys(edit), names(&format!("{place} text")));
            }
        }
    }
    assert!(findings.iter().any(|finding| finding["related"][0].is_object()));
    let page = include_str!("../../content/guide/data.md");
    for key in keys(&findings[0]) {
        assert!(page.contains(&format!("`{key}`")), "{key} is not documented");
    }
}

#[test]
fn every_mistake_of_a_page_is_told_in_one_run() {
    let sample = body("[x](absent.md) and [y](nulls.md#absent)\n\n```pyton\nx\n```")
        .edit(QUESTION, "level = \"junior\"", "level = \"junoir\"")
        .edit(QUESTION, "title =", "tilte = \"x\"\ntitle =");
    let codes: Vec<&str> = sample.findings().iter().map(|d| d.code.as_str()).collect();
    assert_eq!(codes, ["field/unknown", "field/value", "code/language"]);
    let mended = sample.edit(QUESTION, "junoir", "junior").edit(QUESTION, "tilte = \"x\"\n", "");
    let codes: Vec<&str> = mended.findings().iter().map(|d| d.code.as_str()).collect();
    assert_eq!(codes, ["link/broken", "link/anchor", "code/language"]);
}

#[test]
fn accepted_pairs_may_be_alike_and_a_guide_has_phrases_of_its_own() {
    let twin = good().with(
        "content/questions/sql/joints.md",
        &good().text(QUESTION).replace("\"joins\"", "\"joints\""),
    );
    assert!(twin.concise().contains("question/similar"), "{}", twin.concise());
    let accepted = twin.append("askbook.toml", "\n[check]\nsimilar = [[\"joints\", \"joins\"]]\n");
    assert!(!accepted.concise().contains("question/similar"), "{}", accepted.concise());
    let own = good().append("askbook.toml", "\n[check]\nfiller = [\"put side by side\"]\n");
    assert!(own.concise().contains(":4:35: warning[text/filler]"), "{}", own.concise());
}

#[test]
fn words_are_judged_in_prose_of_british_english_alone() {
    let prose = "The `color` of <https://color.example/color>, and the Color class.\n\n> A color.\n\n\
                 ```text\ncolor\n```\n\nShould a TODO stay? See `TODO: x`.";
    assert_eq!(body(prose).concise(), "");
    let american = body("The color of a row.").append("askbook.toml", "\n");
    let american = american.edit("askbook.toml", "title =", "language = \"en-US\"\ntitle =");
    assert!(!american.concise().contains("text/spelling"), "{}", american.concise());
    let guidance = body("<!-- guidance: say why -->").concise();
    assert!(guidance.contains(":54:1: error[text/placeholder]"), "{guidance}");
}

#[test]
fn a_template_error_names_the_page_the_value_and_every_template_on_the_way() {
    let sample = settings("theme = \"mine\"")
        .with("themes/mine/theme.toml", "name = \"mine\"\nextends = \"folio\"\n")
        .with("themes/mine/templates/not_found.html", "\n{% include \"partials/note.html\" %}\n")
        .with("themes/mine/partials/note.html", "<p>\n{{ page.tilte }}\n</p>\n");
    let told = diagnostic::write(&sample.findings(), Format::Plain);
    for part in [
        "error[theme/template]: the value `tilte` is not there",
        "themes/mine/partials/note.html:2:",
        "note: `templates/not_found.html` takes it in here",
        "themes/mine/templates/not_found.html:2:1",
        "did you mean `title`?; this happened while rendering `/404.html` with `templates/not_found.html`",
    ] {
        assert!(told.contains(part), "{part} is missing in\n{told}");
    }
}
