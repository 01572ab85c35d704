//! Regions of a file that a page shows.
//!
//! A region begins behind a line whose last words are `region NAME`, whatever comment mark stands
//! before them, and ends before a line whose last word, or last but one, is `endregion`.

/// A part of a file as a page shows it: without lines that mark regions, without common indentation.
/// `None` if the file has no such region.
pub fn excerpt(file: &str, region: Option<&str>) -> Option<String> {
    let mut is_inside = region.is_none();
    let mut was_found = is_inside;
    let mut lines = Vec::new();
    for line in file.lines() {
        match mark(line) {
            Some(Mark::Begin(name)) if Some(name) == region => {
                (is_inside, was_found) = (true, true);
            }
            Some(Mark::End) if region.is_some() => is_inside = false,
            Some(_) => {}
            None if is_inside => lines.push(line),
            None => {}
        }
    }
    was_found.then(|| unindented(&lines))
}

enum Mark<'a> {
    Begin(&'a str),
    End,
}

fn mark(line: &str) -> Option<Mark<'_>> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_end = |word: &&str| *word == "endregion" || *word == "#endregion";
    let is_begin = |word: &str| word == "region" || word == "#region";
    match words[..] {
        // A comment mark and nothing else stands before the word: prose that ends so is no mark.
        [_, "region", name] | ["#region", name] => Some(Mark::Begin(name)),
        [first, ..] if words.len() <= 3 && words.iter().any(is_end) && !is_begin(first) => {
            Some(Mark::End)
        }
        _ => None,
    }
}

fn unindented(lines: &[&str]) -> String {
    let indentation = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let text: Vec<&str> = lines.iter().map(|line| line.get(indentation..).unwrap_or("")).collect();
    let text = text.join("\n");
    format!("{}\n", text.trim_matches('\n').trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "import os\n\nclass A:\n    # region f\n    def f():\n        return 1\n    # endregion\n# region g\ng = 2\n# endregion g\n";

    #[test]
    fn a_region_is_shown_without_its_marks_and_indentation() {
        assert_eq!(excerpt(FILE, Some("f")).as_deref(), Some("def f():\n    return 1\n"));
        assert_eq!(excerpt(FILE, Some("g")).as_deref(), Some("g = 2\n"));
        assert_eq!(excerpt(FILE, Some("h")), None);
    }

    #[test]
    fn a_whole_file_is_shown_without_marks() {
        assert_eq!(
            excerpt(FILE, None).as_deref(),
            Some("import os\n\nclass A:\n    def f():\n        return 1\ng = 2\n")
        );
    }

    #[test]
    fn prose_is_no_mark() {
        assert_eq!(excerpt("x = 1  # the whole region\n", Some("region")), None);
        assert_eq!(excerpt("a\n", Some("a")), None);
    }
}
