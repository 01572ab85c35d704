//! A good page, broken at every field and every heading in turn: the first error names the right line.

use askbook::diagnostic::{Diagnostic, Origin, Severity};

use crate::sample::{QUESTION, Sample};

fn line_of(found: &Diagnostic) -> usize {
    match &found.origin {
        Origin::Place(place) => place.source.position(place.span.start).line,
        Origin::File(_) | Origin::Guide => 0,
    }
}

/// The first error of the page after its line with this number has become another text.
fn first_error(number: usize, line: &str) -> Option<Diagnostic> {
    let text = Sample::new().text(QUESTION);
    let mut lines: Vec<&str> = text.lines().collect();
    lines[number - 1] = line;
    let sample = Sample::new().with(QUESTION, &(lines.join("\n") + "\n"));
    let mut found = sample.findings();
    // A heading that is lost makes the section above it longer: that is a warning.
    found.retain(|found| {
        found.severity == Severity::Error
            && found.file().is_some_and(|path| path.as_str() == QUESTION)
    });
    (!found.is_empty()).then(|| found.remove(0))
}

/// The lines of the page with their numbers, and whether each stands in front matter.
fn lines() -> Vec<(usize, String, bool)> {
    let text = Sample::new().text(QUESTION);
    let mut fences = 0;
    text.lines()
        .enumerate()
        .map(|(index, line)| {
            fences += usize::from(line == "+++");
            (index + 1, line.to_owned(), fences == 1)
        })
        .collect()
}

/// Breaks every line of front matter in one way; what is told must be told at that line.
fn every_field(broken: impl Fn(&str, &str) -> Option<String>) -> usize {
    let mut tried = 0;
    let mut wrong = String::new();
    for (number, line, is_matter) in lines() {
        let Some((key, value)) = line.split_once(" = ").filter(|_| is_matter) else { continue };
        let Some(line) = broken(key, value) else { continue };
        tried += 1;
        match first_error(number, &line) {
            Some(found) if line_of(&found) == number => {}
            Some(found) => {
                let at = line_of(&found);
                wrong.push_str(&format!("{number}: `{line}` is told at {at}: {}\n", found.message));
            }
            None => wrong.push_str(&format!("{number}: `{line}` is not found\n")),
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    tried
}

#[test]
fn a_value_of_the_wrong_type_is_told_at_its_line() {
    assert_eq!(every_field(|key, _| Some(format!("{key} = {{ x = 1 }}"))), 26);
}

#[test]
fn a_value_that_is_not_toml_is_told_at_its_line() {
    assert_eq!(every_field(|key, _| Some(format!("{key} = ?"))), 26);
}

#[test]
fn an_empty_value_is_told_at_its_line() {
    let empty = |key: &str, value: &str| match value.as_bytes()[0] {
        b'"' => Some(format!("{key} = \" \"")),
        _ => None,
    };
    assert_eq!(every_field(empty), 17);
}

#[test]
fn a_key_that_is_misspelt_is_told_at_its_line() {
    assert_eq!(every_field(|key, value| Some(format!("{key}x = {value}"))), 26);
}

#[test]
fn a_heading_that_is_misspelt_is_told_at_its_line() {
    let headings = lines().into_iter().filter(|(_, line, _)| line.starts_with("## "));
    let mut tried = 0;
    for (number, line, _) in headings {
        let found = first_error(number, &format!("{line}x")).expect("it is found");
        assert_eq!(line_of(&found), number, "{line}: {}", found.message);
        assert_eq!(found.code.as_str(), "section/unknown");
        assert!(found.help.is_some_and(|help| help.contains(&line[3..])), "{line}");
        tried += 1;
    }
    assert_eq!(tried, 8);
}

#[test]
fn a_heading_at_the_wrong_level_is_told_at_its_line() {
    for (number, line, _) in lines().into_iter().filter(|(_, line, _)| line.starts_with("## ")) {
        let found = first_error(number, &line.replace("## ", "# ")).expect("it is found");
        assert_eq!(line_of(&found), number, "{line}: {}", found.message);
        assert_eq!(found.code.as_str(), "markdown/heading");
    }
}
