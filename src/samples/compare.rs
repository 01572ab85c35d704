//! Whether a program printed what its page shows.
//!
//! Takes two texts, gives the first line in which they differ. White space at the end of a line or of
//! the text is nobody's output.

use crate::document::Output;

/// What stands for anything in a pattern.
const ANYTHING: &str = "…";

/// The first line that differs: its number, what the page shows and what was printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) number: usize,
    pub(super) page: String,
    pub(super) printed: String,
}

/// Compares as the output block asks; `None` if the page is right.
pub(super) fn difference(page: &str, printed: &str, output: Output) -> Option<Difference> {
    let shown: Vec<&str> = lines(page).collect();
    let real: Vec<&str> = lines(printed).collect();
    let is_same = match output {
        Output::Varies => true,
        Output::Pattern => fits(&shown, &real),
        Output::Exact | Output::No => shown == real,
    };
    (!is_same).then(|| {
        let is_line = |(a, b): (&&str, &&str)| match output {
            Output::Pattern => line_fits(a, b),
            Output::Exact | Output::No | Output::Varies => a == b,
        };
        let number = shown.iter().zip(&real).take_while(|pair| is_line(*pair)).count();
        let line = |lines: &[&str]| (*lines.get(number).unwrap_or(&"(nothing)")).to_owned();
        Difference { number: number + 1, page: line(&shown), printed: line(&real) }
    })
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.trim_end().lines().map(str::trim_end)
}

/// A line of `…` alone stands for any number of lines.
fn fits(pattern: &[&str], lines: &[&str]) -> bool {
    let Some((first, rest)) = pattern.split_first() else { return lines.is_empty() };
    if first.trim() == ANYTHING {
        return (0..=lines.len()).any(|skipped| fits(rest, &lines[skipped..]));
    }
    let Some((line, others)) = lines.split_first() else { return false };
    line_fits(first, line) && fits(rest, others)
}

/// Inside a line, `…` stands for any characters.
fn line_fits(pattern: &str, line: &str) -> bool {
    let parts: Vec<&str> = pattern.split(ANYTHING).collect();
    let [first, middle @ .., last] = parts.as_slice() else { return pattern == line };
    let Some(mut rest) = line.strip_prefix(first) else { return false };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits_pattern(pattern: &str, printed: &str) -> bool {
        difference(pattern, printed, Output::Pattern).is_none()
    }

    #[test]
    fn a_pattern_leaves_open_what_it_says_and_nothing_else() {
        assert!(fits_pattern("took … ms\nend\n", "took 1.5 ms\nend\n"));
        assert!(!fits_pattern("took … ms\nend\n", "took 1.5 s\nend\n"));
        assert!(fits_pattern("a\n…\nz\n", "a\nb\nc\nz\n"));
        assert!(fits_pattern("a\n…\nz\n", "a\nz\n"));
        assert!(!fits_pattern("a\n…\nz\n", "a\nb\n"));
        assert!(fits_pattern("…=… of …", "x=1 of 2"));
        assert!(!fits_pattern("ab…ba", "aba"));
    }

    #[test]
    fn the_first_line_that_differs_is_told() {
        let told = difference("a\nb\n", "a\nc  \n", Output::Exact).expect("they differ");
        assert_eq!((told.number, told.page.as_str(), told.printed.as_str()), (2, "b", "c"));
        assert_eq!(difference("a\nb\n\n", "a  \nb\n", Output::Exact), None);
        let told = difference("a …\nb\n", "a 1\n", Output::Pattern).expect("they differ");
        assert_eq!((told.number, told.printed.as_str()), (2, "(nothing)"));
    }
}
