//! What people who write their first page get wrong, each told once, where it is, with what to do.

use askbook::diagnostic::{self, Code, Diagnostic, Origin};
use askbook::text::Position;

use crate::sample::{QUESTION, Sample};

/// What is found, with what to do about it, a line each.
fn all(sample: &Sample) -> String {
    let line = |found: &Diagnostic| {
        let place = match (found.source(), found.span(), found.file()) {
            (Some(source), Some(span), _) => {
                let Position { line, column } = source.position(span.start);
                format!("{}:{line}:{column}", source.path())
            }
            (_, _, file) => file.map(ToString::to_string).unwrap_or_default(),
        };
        let (severity, code) = (found.severity.as_str(), found.code.as_str());
        let help = found.help.as_deref().unwrap_or_default();
        format!("{place}: {severity}[{code}]: {}; help: {help}\n", found.message)
    };
    sample.findings().iter().map(line).collect()
}

/// The same of the sample after one edit of its question.
fn told(from: &str, to: &str) -> String {
    all(&Sample::new().edit(QUESTION, from, to))
}

#[test]
fn a_note_for_no_level_of_the_guide_is_told_with_the_levels_that_there_are() {
    let levels = "the levels are `Junior`, `Mid-level`, `Senior`, `Lead`\n";
    let misspelt = told("**Senior.**", "**Senoir.**");
    assert_eq!(
        misspelt,
        "content/questions/sql/joins.md:74:1: error[section/level]: `Senoir` is not a level of this guide; \
         help: did you mean `Senior`? the levels are `Junior`, `Mid-level`, `Senior`, `Lead`\n"
    );
    let unknown = told("**Lead.**", "**Wizard.**");
    let place = "content/questions/sql/joins.md:76:1: error[section/level]:";
    assert_eq!(
        unknown,
        format!(
            "{place} `Wizard` is not a level of this guide; help: did you mean `Lead`? {levels}"
        )
    );
    let more = told("**Lead.** ", "**Wizard.** Rows.\n\n**Witch.** ");
    assert_eq!(
        more.matches(&format!("is not a level of this guide; help: {levels}")).count(),
        2,
        "{more}"
    );
    assert!(
        more.contains(
            ":68:1: error[section/level]: `What each level adds` has no note for `Lead`; "
        ),
        "{more}"
    );
}

#[test]
fn the_other_name_of_a_level_leads_to_it() {
    let sample = Sample::new().edit(
        "content/levels.toml",
        "name = \"Lead\"",
        "name = \"Lead and staff\"\nalso_called = [\"Staff Engineer\"]",
    );
    assert_eq!(all(&sample), "");
    let told = all(&sample.edit(QUESTION, "**Lead.**", "**Staff.**"));
    assert!(told.contains(":76:1: error[section/level]: `Staff` is not a level of this guide; help: did you mean `Lead`?"), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
}

#[test]
fn every_level_from_that_of_the_question_on_has_one_note_in_its_place() {
    let missing = told("**Senior.** ", "");
    assert!(
        missing.contains(
            "has no note for `Senior`; help: add a paragraph that begins with `**Senior.**`"
        ),
        "{missing}"
    );
    let twice = told("**Senior.**", "**Mid-level.**");
    assert!(
        twice.contains(":74:1: error[section/level]: two notes say what `Mid-level` adds"),
        "{twice}"
    );
    let behind = Sample::new()
        .edit(QUESTION, "**Senior.**", "**Lost.**")
        .edit(QUESTION, "**Mid-level.**", "**Senior.**")
        .edit(QUESTION, "**Lost.**", "**Mid-level.**");
    let behind = all(&behind);
    assert!(
        behind.contains(":74:1: error[section/level]: the note `Mid-level` stands behind `Senior`"),
        "{behind}"
    );
    let higher = Sample::new().edit(QUESTION, "level = \"junior\"", "level = \"senior\"");
    assert_eq!(all(&higher), "", "what a lower level would say may be told");
}

#[test]
fn a_page_that_cannot_be_read_is_missed_by_nobody() {
    // Two pages, the glossary and a wanted list name what the slip makes unreadable.
    let good = Sample::new()
        .with(
            "content/glossary.toml",
            "title = \"Glossary\"\nupdated = 2026-11-20\n\n[[term]]\nterm = \"Row\"\n\
             definition = \"What a table is made of.\"\nsee = [\"joins\", \"guide/about\"]\n\n[[term]]\n\
             term = \"Purpose\"\ndefinition = \"What for.\"\n",
        )
        .edit("content/guide/about.md", "A guide for", "[Rows](../glossary.toml#row): a guide for");
    assert_eq!(all(&good), "");
    for (file, from, to, line) in [
        (QUESTION, "level = \"junior\"", "level = \"junior", "joins.md:6:9: error[toml/syntax]"),
        (QUESTION, "level = \"junior\"\n", "", "joins.md:2:1: error[field/missing]"),
        (QUESTION, "level = \"junior\"", "level = \"chief\"", "joins.md:6:9: error[field/value]"),
        (QUESTION, "+++\ntitle", "title", "joins.md:1:1: error[front-matter/missing]"),
        ("content/guide/about.md", "order = 1", "order 1", "about.md:4:1: error[toml/syntax]"),
        ("content/glossary.toml", "[[term]]", "[[term]", "glossary.toml:4:1: error[toml/syntax]"),
        ("content/wanted.toml", "slug = ", "slug: ", "wanted.toml:2:5: error[toml/syntax]"),
        ("content/kinds.toml", "slug = ", "slug = concept #", "kinds.toml:2:8: error[toml/syntax]"),
        ("content/kinds.toml", "summary = ", "sumary = ", "kinds.toml:4:1: error[field/unknown]"),
        (
            "content/topics.toml",
            "name = \"SQL\"",
            "name = SQL",
            "topics.toml:7:8: error[toml/syntax]",
        ),
        (
            "content/levels.toml",
            "summary = \"Begins\"\n",
            "",
            "levels.toml:1:1: error[field/missing]",
        ),
    ] {
        let told = all(&good.clone().edit(file, from, to));
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines.len(), 1, "{to:?} gives\n{told}");
        assert!(lines[0].contains(line), "{to:?} gives\n{told}");
    }
    let bytes = all(&good.clone().with_bytes(QUESTION, b"+++\n\xff\n+++\n"));
    assert!(bytes.contains("error[file/encoding]") && bytes.lines().count() == 1, "{bytes}");
}

#[test]
fn a_guide_whose_pages_cannot_be_read_is_not_called_empty() {
    let mut sample = Sample::new();
    for page in [QUESTION, "content/questions/sql/nulls.md"] {
        sample = sample.edit(page, "level = ", "level: ");
    }
    let told = all(&sample);
    assert_eq!(told.matches("error[toml/syntax]").count(), 2, "{told}");
    assert!(!told.contains("guide/empty") && told.lines().count() == 2, "{told}");
}

#[test]
fn a_day_that_does_not_exist_is_told_once_with_the_reason() {
    let place = "content/questions/sql/joins.md:14:11: error[field/value]";
    for (written, reason) in [
        ("2026-11-31", "`2026-11-31` is no day: month 11 of 2026 has 30 days"),
        ("\"2026-02-30\"", "`2026-02-30` is no day: month 2 of 2026 has 28 days"),
        ("2026-13-01", "`2026-13-01` is no day: there is no month 13"),
        ("2026-11-2", "`2026-11-2` is no day: it has to have four figures, two and two"),
        ("22.11.2026", "`22.11.2026` is no day: it has to have four figures, two and two"),
        ("2026/11/22", "`2026/11/22` is no day: it has to have four figures, two and two"),
    ] {
        let help = "write year, month and day, such as `2026-11-22`";
        let expected = format!("{place}: {reason}; help: {help}\n");
        assert_eq!(told("updated = 2026-11-20", &format!("updated = {written}")), expected);
    }
    let page = all(&Sample::new().edit("content/guide/about.md", "2026-11-19", "2026-11-31"));
    assert_eq!(page.lines().count(), 1, "{page}");
}

#[test]
fn languages_of_a_page_are_those_that_fences_may_name() {
    let of = |name: &str| told("languages = [\"sql\"]", &format!("languages = [\"{name}\"]"));
    let place = "content/questions/sql/joins.md:11:14: error[field/value]: there is no language";
    assert_eq!(of("pyton"), format!("{place} `pyton`; help: did you mean `python`?\n"));
    assert_eq!(of("JS"), format!("{place} `JS`; help: did you mean `javascript`?\n"));
    let unknown = of("cobol");
    let help = "`cobol`; help: take one that a code fence may name: `bash`, `c`, ";
    assert!(unknown.starts_with(&format!("{place} {help}")), "{unknown}");
}

/// A slip in the front matter of the sample: what is written for what, where it is told, how, and what
/// is to be done.
const SLIPS: &[(&str, &str, &str)] = &[
    (
        "level = \"junior\"",
        "level = \"junior",
        "6:9: the text has no quotation mark at its end; a text begins and ends with `\"` on one line; one of several lines stands between `\"\"\"`",
    ),
    (
        "level = \"junior\"",
        "level = junior\"",
        "6:9: the text has no quotation mark at its beginning; a text begins and ends with `\"` on one line; one of several lines stands between `\"\"\"`",
    ),
    (
        "level = \"junior\"",
        "level = junior",
        "6:9: the text `junior` has no quotation marks; write `level = \"junior\"`",
    ),
    (
        "level = \"junior\"",
        "level = 'junior\"",
        "6:16: the text begins with `'` and ends with `\"`; begin and end a text with the same quotation mark",
    ),
    (
        "level = \"junior\"",
        "level = 'junior",
        "6:16: the text has no `'` at its end; end the text with `'` on the line where it begins, or write `\"` at both ends",
    ),
    (
        "level = \"junior\"",
        "level = “junior”",
        "6:9: `“` is not a quotation mark of TOML; write `level = \"junior\"`",
    ),
    (
        "level = \"junior\"",
        "level = „junior“",
        "6:9: `„` is not a quotation mark of TOML; write `level = \"junior\"`",
    ),
    (
        "level = \"junior\"",
        "level: \"junior\"",
        "6:6: `:` stands behind `level` where TOML has `=`; write `level = \"junior\"`",
    ),
    (
        "level = \"junior\"",
        "level: junior",
        "6:6: `:` stands behind `level` where TOML has `=`; write `level = \"junior\"`",
    ),
    (
        "level = \"junior\"",
        "- level: junior",
        "6:8: `:` stands behind `level` where TOML has `=`; write `level = \"junior\"`",
    ),
    (
        "level = \"junior\"",
        "level \"junior\"",
        "6:1: `=` is missing behind `level`; write `level = \"junior\"`",
    ),
    (
        "level = \"junior\"",
        "level =",
        "6:1: `level` has no value; write a value, or take `level` out",
    ),
    (
        "level = \"junior\"",
        "level = \"junior\"\nlevel = \"mid\"",
        "7:1: `level` stands twice; take one of the two out",
    ),
    (
        "level = \"junior\"",
        "level = \"junior\",",
        "6:17: a comma stands behind a value that is no entry of a list; write `level = \"junior\"`",
    ),
    (
        "topics = [\"sql\"]\nkind",
        "topics = [\"sql\"] kind",
        "7:18: `kind` stands on the line of another key; begin a line for it",
    ),
    (
        "level = \"junior\"",
        "// asked of all\nlevel = \"junior\"",
        "6:1: a comment begins with `#`, not with `//`; write `# asked of all`",
    ),
    (
        "level = \"junior\"",
        "level = \"junior\"\nAsked of all",
        "7:1: this line is neither a key with a value nor a comment; write `key = value`; a text of several lines stands between `\"\"\"`, and a comment begins with `#`",
    ),
    (
        "evaluates = \"Knows what the words mean\"",
        "evaluates = \"Knows \"what\" words mean\"",
        "9:21: the text ends here, and something stands behind it; inside a text write `\\\"` for a quotation mark, or put the text between `'`",
    ),
    (
        "evaluates = \"Knows what the words mean\"",
        "evaluates = \"Knows C:\\temp\\my\"",
        "9:27: `\\m` stands for nothing; write `\\\\` for a backslash, or put the text between `'`, where it needs none",
    ),
    (
        "evaluates = \"Knows what the words mean\"",
        "evaluates = \"Knows what\nthe words mean\"",
        "9:13: the text has no quotation mark at its end; a text begins and ends with `\"` on one line; one of several lines stands between `\"\"\"`",
    ),
    (
        "[\"What is joins?\", \"Explain joins\"]",
        "[\"What is joins?\" \"Explain joins\"]",
        "10:28: a comma is missing between two entries of the list; write `,` behind this one",
    ),
    (
        "[\"What is joins?\", \"Explain joins\"]",
        "[\n  \"What is joins?\"\n  \"Explain joins\",\n]",
        "11:18: a comma is missing between two entries of the list; write `,` behind this one",
    ),
    (
        "[\"What is joins?\", \"Explain joins\"]",
        "[\"What is joins?, \"Explain joins\"]",
        "10:1: a quotation mark is missing in this line; a text begins and ends with `\"` on one line; one of several lines stands between `\"\"\"`",
    ),
    (
        "[\"What is joins?\", \"Explain joins\"]",
        "[\"What is joins?\", \"Explain joins\"",
        "10:12: `[` is not closed; write `]` behind the last entry",
    ),
    (
        "[\"What is joins?\", \"Explain joins\"]",
        "\"What is joins?\", \"Explain joins\"",
        "10:28: `asked_as` has several values and no brackets around them; write `asked_as = [\"What is joins?\", \"Explain joins\"]`",
    ),
    (
        "[\"What is joins?\", ",
        "[\"What is \"joins\"?\", ",
        "10:22: the text ends here, and something stands behind it; inside a text write `\\\"` for a quotation mark, or put the text between `'`",
    ),
    (
        "topics = [\"sql\"]",
        "topics = [sql]",
        "7:11: the text `sql` has no quotation marks; write `topics = [\"sql\"]`",
    ),
    (
        "[[rubric]]",
        "[rubric]",
        "21:3: `[rubric]` begins a second table where there is one; put each entry of a list below `[[rubric]]`, in double brackets",
    ),
    ("[[rubric]]", "[[rubric]", "17:1: a bracket is missing around `rubric`; write `[[rubric]]`"),
    (
        "status = \"reviewed\"",
        "status = \"reviewed\"\naliases = [",
        "16:11: `[` is not closed; write `]` behind the last entry",
    ),
];

#[test]
fn slips_of_toml_are_told_where_they_are_with_what_to_write() {
    let mut wrong = String::new();
    for (from, to, expected) in SLIPS {
        // The line of the list of wordings is that of the sample.
        let found = Sample::new().edit(QUESTION, from, to).findings();
        let told: Vec<String> = found
            .iter()
            .map(|finding| {
                let place = finding
                    .source()
                    .expect("a file")
                    .position(finding.span().expect("a place").start);
                let help = finding.help.as_deref().unwrap_or_default();
                format!("{}:{}: {}; {help}", place.line, place.column, finding.message)
            })
            .collect();
        if told != [expected.to_owned()] {
            wrong.push_str(&format!("{to}\n  gives {told:#?}\n  not {expected}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_mends_a_slip_of_toml_for_certain_leaves_nothing_to_say() {
    let mut mended = 0;
    for (from, to, _) in SLIPS {
        let sample = Sample::new().edit(QUESTION, from, to);
        let found = sample.findings();
        let fixes: Vec<_> = found.iter().filter_map(|finding| finding.fix.as_ref()).collect();
        if fixes.is_empty() {
            continue;
        }
        let (text, _) = diagnostic::apply(found[0].source().expect("a file"), &fixes);
        let told = all(&sample.with(QUESTION, &text));
        assert_eq!(told, "", "{to}");
        mended += 1;
    }
    assert!(mended > 12, "{mended}");
}

#[test]
fn slips_on_several_lines_are_all_told_in_one_run() {
    let sample = Sample::new()
        .edit(QUESTION, "category = \"technical\"", "category: technical")
        .edit(QUESTION, "kind = \"concept\"", "kind = concept")
        .edit(QUESTION, "updated = 2026-11-20", "updated: 2026-11-20");
    let told = all(&sample);
    assert_eq!(told.matches("error[toml/syntax]").count(), 3, "{told}");
    assert_eq!(told.lines().count(), 3, "{told}");
}

#[test]
fn white_space_around_the_first_fence_is_told_as_such() {
    let behind = told("+++\ntitle", "+++ \ntitle");
    assert!(
        behind.contains(":1:4: warning[text/trailing]") && behind.lines().count() == 1,
        "{behind}"
    );
    let before = told("+++\ntitle", "\n+++\ntitle");
    assert!(before.contains("help: take out what stands in front of the first `+++`"), "{before}");
}

#[test]
fn front_matter_of_yaml_is_told_as_such() {
    let told = told("+++\ntitle", "---\ntitle");
    assert!(told.contains(":1:1: error[front-matter/missing]"), "{told}");
    assert!(
        told.contains("help: front matter is TOML between two lines `+++`, not YAML"),
        "{told}"
    );
}

/// What a finding asks to add: the pieces of TOML in its help, up to the first sentence behind them.
fn addition(help: &str) -> String {
    let (_, from) = help.split_once("add ").expect("help that asks to add something");
    let pieces = from.split('`').skip(1).step_by(2);
    let lines = pieces.take_while(|piece| piece.contains(" = ") || piece.starts_with("[["));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn what_help_asks_to_add_can_be_added_as_it_stands() {
    let page = "content/guide/about.md";
    let cases = [
        (QUESTION, "title"),
        (QUESTION, "summary"),
        (QUESTION, "category"),
        (QUESTION, "level"),
        (QUESTION, "topics"),
        (QUESTION, "kind"),
        (QUESTION, "evaluates"),
        (QUESTION, "asked_as"),
        (QUESTION, "languages"),
        (QUESTION, "related"),
        (QUESTION, "updated"),
        (QUESTION, "status"),
        (QUESTION, "rubric"),
        (QUESTION, "source"),
        (QUESTION, "signal"),
        (QUESTION, "scores"),
        (QUESTION, "url"),
        (page, "title"),
        (page, "updated"),
        ("askbook.toml", "title"),
        ("askbook.toml", "description"),
        ("content/categories.toml", "slug"),
        ("content/levels.toml", "name"),
        ("content/topics.toml", "summary"),
        ("content/kinds.toml", "name"),
        ("content/wanted.toml", "title"),
    ];
    for (file, key) in cases {
        let good = Sample::new().text(file);
        // The first line of the key goes; of a list of tables, all of it.
        let text = match key {
            "rubric" | "source" => {
                let parts =
                    good.split("\n[[").filter(|part| !part.starts_with(&format!("{key}]]")));
                let text = parts.collect::<Vec<_>>().join("\n[[");
                if text.matches("\n+++").count() < 1 {
                    text + "\n+++\n" + good.split_once("\n+++\n").expect("a body").1
                } else {
                    text
                }
            }
            _ => {
                let line = good.lines().find(|line| line.starts_with(&format!("{key} = ")));
                good.replacen(&format!("{}\n", line.expect("the key")), "", 1)
            }
        };
        let without = Sample::new().with(file, &text);
        let missing = |sample: &Sample| {
            let found = sample.findings();
            let named = format!("`{key}` is missing");
            found.into_iter().find(|found| {
                found.message.starts_with(&named)
                    || (key == "source" && found.code == Code::SourceFew)
                    || (key == "updated" && found.code == Code::DateUnknown)
            })
        };
        let told = missing(&without)
            .unwrap_or_else(|| panic!("{key} is not missed in {file}: {}", all(&without)));
        let help = told.help.expect("help");
        let addition = addition(&help);
        assert!(!addition.is_empty(), "{help}");
        // A table goes behind all keys, a key to where the finding points.
        let at = match (addition.starts_with("[["), told.origin) {
            (true, _) => text[3..].find("\n+++\n").expect("front matter") + 4,
            (false, Origin::Place(place)) => text[place.span.start..]
                .find("]]\n")
                .filter(|_| text[place.span.start..].starts_with("[["))
                .map_or(place.span.start, |end| place.span.start + end + 3),
            (false, Origin::File(_) | Origin::Guide) => 4,
        };
        let added = format!("{}{addition}{}", &text[..at], &text[at..]);
        // The rule about sources asks for three.
        let added =
            if key == "source" { added.replacen(&addition, &addition.repeat(3), 1) } else { added };
        let sample = without.clone().with(file, &added);
        assert!(missing(&sample).is_none(), "{help}\n{added}\n{}", all(&sample));
        let is_toml = sample.findings().iter().all(|found| found.code != Code::TomlSyntax);
        assert!(is_toml, "{added}\n{}", all(&sample));
    }
}

#[test]
fn a_section_under_another_heading_is_one_finding() {
    let renamed = told("## Mistakes and red flags", "## Pitfalls");
    let expected = "content/questions/sql/joins.md:78:1: error[section/unknown]: `Pitfalls` is not a \
                    section of the page model; help: did you mean `Mistakes and red flags`?\n";
    assert_eq!(renamed, expected);
    let first_level = told("## Short answer", "# Short answer");
    assert!(first_level.contains("error[markdown/heading]"), "{first_level}");
    assert_eq!(first_level.lines().count(), 1, "{first_level}");
    let deeper = told("## Short answer", "### Short answer");
    let missing = "error[section/missing]: the section `Short answer` is missing; help: begin it with two `#`";
    assert!(deeper.contains(missing) && deeper.lines().count() == 1, "{deeper}");
}

#[test]
fn a_level_without_its_full_stop_is_told_at_its_paragraph() {
    let colon = told("**Senior.**", "**Senior:**");
    let expected = "content/questions/sql/joins.md:74:1: warning[section/form]: `**Senior:**` begins no \
                    paragraph for a level; help: end the name with a full stop inside the bold text: \
                    `**Senior.**`\n";
    assert_eq!(colon, expected);
    let outside = told("**Senior.**", "**Senior**.");
    assert!(outside.contains(":74:1: warning[section/form]: `**Senior**` begins no"), "{outside}");
}

#[test]
fn a_fence_that_begins_with_an_attribute_lacks_its_language() {
    let told = told("```sql title", "``` title");
    let expected = "error[code/unlabelled]: a code block without a language; help: write the language in front of `title=\"joins.sql\"`";
    assert!(told.contains(expected), "{told}");
}
