//! The info string of a code fence: language first, then attributes.
//!
//! ```` ```python run title="withdraw.py" mark="2,4-6" ````
//!
//! Takes the text behind the back-ticks, gives a [`Fence`] and the parts that were not understood.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::language::{LANGUAGES, Language};
use crate::diagnostic::Code;
use crate::path::check_name;
use crate::slug::is_slug;
use crate::text::{nearest, only_near};

/// What a fence says about its block.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Fence {
    /// The language; `None` if the fence names none that is known.
    pub language: Option<&'static Language>,
    /// A caption, usually a file name.
    pub title: Option<String>,
    /// The name of its tab, beside those of the blocks next to it.
    pub tab: Option<String>,
    /// Whether line numbers are shown.
    pub has_numbers: bool,
    /// Lines to draw attention to.
    pub marked: Lines,
    /// Lines that a change adds.
    pub added: Lines,
    /// Lines that a change takes away.
    pub removed: Lines,
    /// Whether and how `askbook test` runs the block.
    pub run: Run,
    /// Whether the block is the output of the one before it.
    pub output: Output,
    /// The file beside the page that the block is taken from; it is what is run.
    pub file: Option<String>,
    /// The region of that file.
    pub region: Option<String>,
    /// Whether the block is what several sessions of a database show.
    pub is_transcript: bool,
}

/// Line numbers of a block, from 1.
pub type Lines = BTreeSet<usize>;

/// How a block is run.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Run {
    /// Nothing is said.
    #[default]
    Unsaid,
    /// It stands alone.
    Alone,
    /// It continues the blocks of the same name above it.
    Session(String),
    /// It is a fragment, not to be run.
    Never,
}

/// Whether a block is output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Output {
    /// It is code.
    #[default]
    No,
    /// It is exactly what the code above prints.
    Exact,
    /// It is what the code above prints, where `…` stands for what differs from run to run.
    Pattern,
    /// It is what one run printed; others differ.
    Varies,
}

/// A part of the info string that is wrong: its offset, the code, what, and the help.
pub(super) struct FenceProblem {
    pub(super) at: usize,
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) help: String,
    /// The word that stands there, and the only one that can be meant instead.
    pub(super) respelled: Option<(String, &'static str)>,
}

const ATTRIBUTES: [&str; 12] = [
    "title",
    "tab",
    "numbers",
    "mark",
    "add",
    "del",
    "run",
    "not-run",
    "output",
    "file",
    "region",
    "transcript",
];

impl Fence {
    /// Reads an info string; what is not understood is left out, and was reported when the page was
    /// parsed.
    pub fn parse(info: &str) -> Self {
        parse(info).0
    }
}

/// Reads an info string.
pub(super) fn parse(info: &str) -> (Fence, Vec<FenceProblem>) {
    let mut fence = Fence::default();
    let mut problems = Vec::new();
    for (index, (at, word)) in words(info).into_iter().enumerate() {
        if index == 0 {
            fence.language = language(at, word, &mut problems);
            continue;
        }
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.trim_matches('"'))),
            None => (word, None),
        };
        let mut bad_value = |expected: &str| {
            problems.push(FenceProblem {
                at,
                code: Code::CodeAttribute,
                message: format!("the attribute `{name}` of a code block has no usable value"),
                help: format!("write `{name}={expected}`"),
                respelled: None,
            });
        };
        match (name, value) {
            ("title", Some(title)) if !title.is_empty() => fence.title = Some(title.to_owned()),
            ("title", _) => bad_value("\"withdraw.py\""),
            ("tab", Some(tab)) if !tab.is_empty() => fence.tab = Some(tab.to_owned()),
            ("tab", _) => bad_value("\"Python\""),
            ("numbers", None) => fence.has_numbers = true,
            ("run", None) => fence.run = Run::Alone,
            ("run", Some(name)) if !name.is_empty() => fence.run = Run::Session(name.to_owned()),
            ("not-run", None) => fence.run = Run::Never,
            ("output", None) => fence.output = Output::Exact,
            ("output", Some("varies")) => fence.output = Output::Varies,
            ("output", Some("pattern")) => fence.output = Output::Pattern,
            ("output", Some(_)) => bad_value("varies"),
            ("file", Some(path)) if is_beside(path) => fence.file = Some(path.to_owned()),
            ("file", _) => bad_value("\"transfer.py\""),
            ("region", Some(name)) if is_slug(name) => fence.region = Some(name.to_owned()),
            ("region", _) => bad_value("\"the-part\""),
            ("transcript", None) => fence.is_transcript = true,
            ("mark" | "add" | "del", value) => match value.and_then(lines) {
                Some(lines) if name == "mark" => fence.marked = lines,
                Some(lines) if name == "add" => fence.added = lines,
                Some(lines) => fence.removed = lines,
                None => bad_value("\"2,4-6\""),
            },
            (_, _) => problems.push(FenceProblem {
                at,
                code: Code::CodeAttribute,
                message: format!("`{word}` is not an attribute of code blocks"),
                help: match nearest(name, ATTRIBUTES) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known attributes: {}", ATTRIBUTES.join(", ")),
                },
                respelled: only_near(name, ATTRIBUTES).map(|near| (name.to_owned(), near)),
            }),
        }
    }
    (fence, problems)
}

/// Whether a path leads to a file in the page's own folder or below it.
fn is_beside(path: &str) -> bool {
    path.split('/').all(|part| check_name(part).is_ok() && !part.starts_with('.'))
}

fn language(at: usize, name: &str, problems: &mut Vec<FenceProblem>) -> Option<&'static Language> {
    let found = Language::named(name);
    let is_attribute = name.split('=').next().is_some_and(|name| ATTRIBUTES.contains(&name));
    if found.is_none() && is_attribute {
        problems.push(FenceProblem {
            at,
            code: Code::CodeUnlabelled,
            message: "a code block without a language".to_owned(),
            help: format!("write the language in front of `{name}`"),
            respelled: None,
        });
    } else if found.is_none() {
        let names = || LANGUAGES.iter().flat_map(|l| l.aliases.iter().copied().chain([l.name]));
        problems.push(FenceProblem {
            at,
            code: Code::CodeLanguage,
            message: format!("the language `{name}` is not known"),
            help: match nearest(&name.to_lowercase(), names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "use `text` for anything without a language of its own".to_owned(),
            },
            respelled: only_near(&name.to_lowercase(), names()).map(|near| (name.to_owned(), near)),
        });
    }
    found
}

/// Splits at spaces outside quotation marks; gives each word with its offset.
fn words(info: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let (mut start, mut is_quoted) = (None, false);
    for (at, c) in info.char_indices() {
        match c {
            '"' => {
                is_quoted = !is_quoted;
                start.get_or_insert(at);
            }
            ' ' | '\t' if !is_quoted => {
                if let Some(start) = start.take() {
                    words.push((start, &info[start..at]));
                }
            }
            _ => {
                start.get_or_insert(at);
            }
        }
    }
    words.extend(start.map(|start| (start, &info[start..])));
    words
}

/// Reads `2,4-6`; no block has more lines than a person would mark.
fn lines(text: &str) -> Option<Lines> {
    const LAST: usize = 9_999;
    let mut lines = Lines::new();
    for part in text.split(',') {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (from, to): (usize, usize) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
        if from == 0 || from > to || to > LAST {
            return None;
        }
        lines.extend(from..=to);
    }
    Some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_says_all_it_can() {
        let (fence, problems) =
            parse("py run=\"a\" title=\"two words.py\" numbers mark=\"2,4-6\" del=\"1\"");
        assert!(problems.is_empty());
        assert_eq!(fence.language.map(|language| language.name), Some("python"));
        assert_eq!(fence.title.as_deref(), Some("two words.py"));
        assert_eq!(fence.run, Run::Session("a".to_owned()));
        assert_eq!(fence.marked, Lines::from([2, 4, 5, 6]));
        assert!(fence.has_numbers);
    }

    #[test]
    fn a_tab_has_a_name() {
        let (fence, problems) = parse("go tab=\"Go 1.22\"");
        assert!(problems.is_empty());
        assert_eq!(fence.tab.as_deref(), Some("Go 1.22"));
        let (_, problems) = parse("go tab");
        assert_eq!(problems[0].help, "write `tab=\"Python\"`");
    }

    #[test]
    fn what_is_not_understood_is_told_with_its_place() {
        let (_, problems) = parse("pyton tilte=\"x\" mark=\"6-4\"");
        let told: Vec<_> = problems.iter().map(|p| (p.at, p.help.as_str())).collect();
        assert_eq!(
            told,
            [
                (0, "did you mean `python`?"),
                (6, "did you mean `title`?"),
                (16, "write `mark=\"2,4-6\"`"),
            ]
        );
    }
}
