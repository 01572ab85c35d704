//! Slips of TOML: what an author most likely did where the parser stopped, and how it is mended.
//!
//! Takes a text and what the parser said of it, gives findings at the author's slips, one for each. What
//! a key means is not its business.

use std::ops::Range;
use std::sync::Arc;

use toml::de::{DeTable, Error};

use super::copied::Copied;
use crate::diagnostic::{Code, Diagnostic, Fix, Place};
use crate::text::{SourceText, Span};

const INNER_QUOTE: &str =
    "inside a text write `\\\"` for a quotation mark, or put the text between `'`";

/// How many slips of one text are told: each costs another reading.
const SLIPS_TOLD: usize = 20;

/// The findings of a text that is not TOML, one for each slip.
///
/// A slip hides those behind it, so each is mended in a copy, which is read again.
pub(super) fn slips(source: &Arc<SourceText>, text: Span, errors: &[Error]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut toml = source.text()[text.range()].to_owned();
    let mut first = first_of(&toml, errors);
    let mut copy = Copied::default();
    while let Some((at, said)) = first.filter(|(at, _)| *at >= copy.read_to()) {
        let mut told = Slip::new(&toml, at, &said).told();
        // What was mended in the copy is not in the text, and cannot be replaced there.
        if told.repair.as_ref().is_some_and(|(range, _)| range.start < copy.read_to()) {
            told.certainty = Certainty::Makeshift;
        }
        let repair = told.repair.clone().filter(|_| found.len() < SLIPS_TOLD);
        found.push(told.diagnostic(
            &|range: &Range<usize>| {
                let span = Span { start: copy.written(range.start), end: copy.written(range.end) };
                Span::shifted(&span.range(), text.start)
            },
            source,
        ));
        let Some((range, new)) = repair else { break };
        copy.mended(&range, new.len());
        toml.replace_range(range, &new);
        first = first_of(&toml, &DeTable::parse_recoverable(&toml).1);
    }
    found
}

/// The first error of a text, which is the author's: those behind it may be the parser's own.
fn first_of(toml: &str, errors: &[Error]) -> Option<(usize, String)> {
    let at = |error: &Error| {
        let at = error.span().map_or(0, |span| span.start.min(toml.len()));
        (0..=at).rev().find(|at| toml.is_char_boundary(*at)).unwrap_or_default()
    };
    let errors = errors.iter().map(|error| (at(error), error));
    let (at, error) = errors.filter(|(at, _)| !is_day(toml, *at)).min_by_key(|(at, _)| *at)?;
    Some((at, error.message().lines().next().unwrap_or("invalid TOML").to_owned()))
}

/// Whether a value looks like a day: reading it as one, or as something else, says what is wrong with it.
pub(super) fn is_day(toml: &str, at: usize) -> bool {
    // The parser stands at the beginning of a date, and inside what begins like a fraction.
    let start = toml[..at].trim_end_matches(is_part_of_day).len();
    let word = toml[start..].split(|c: char| !is_part_of_day(c)).next().unwrap_or_default();
    let parts: Vec<&str> = word.split(['-', '.', '/']).collect();
    parts.len() == 3 && parts.iter().all(|part| matches!(part.len(), 1 | 2 | 4))
}

fn is_part_of_day(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '-' | '.' | '/')
}

/// What is told of a slip; places count bytes of the TOML text.
struct Told {
    at: Range<usize>,
    message: String,
    help: String,
    /// What lets the parser go on.
    repair: Option<(Range<usize>, String)>,
    certainty: Certainty,
    related: Option<(Range<usize>, &'static str)>,
}

/// Whether the repair is what the author would write.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Certainty {
    /// It is a fix.
    Certain,
    /// It only clears the way to the next slip.
    Makeshift,
}

impl Told {
    fn new(at: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        let (message, help, certainty) = (message.into(), help.into(), Certainty::Makeshift);
        Self { at, message, help, repair: None, certainty, related: None }
    }

    fn related(self, at: Range<usize>, label: &'static str) -> Self {
        Self { related: Some((at, label)), ..self }
    }

    fn fixed(self, at: Range<usize>, text: String) -> Self {
        Self { repair: Some((at, text)), certainty: Certainty::Certain, ..self }
    }

    fn repaired(self, repair: Option<(Range<usize>, String)>) -> Self {
        Self { repair, ..self }
    }

    fn diagnostic(
        self,
        written: &dyn Fn(&Range<usize>) -> Span,
        source: &Arc<SourceText>,
    ) -> Diagnostic {
        let place = |range: &Range<usize>| Place::new(source, written(range));
        let mut diagnostic =
            Diagnostic::at(Code::TomlSyntax, place(&self.at), self.message).help(self.help);
        if let Some((range, label)) = self.related {
            diagnostic = diagnostic.related(place(&range), label);
        }
        if let (Some((range, text)), Certainty::Certain) = (self.repair, self.certainty) {
            let title = match text.as_str() {
                "\n" => "begin a line".to_owned(),
                text => format!("write `{text}`"),
            };
            diagnostic = diagnostic.fix(Fix::replace(title, written(&range), text));
        }
        diagnostic
    }
}

/// Where the parser stopped, and what stands there.
struct Slip<'a> {
    toml: &'a str,
    at: usize,
    line: Range<usize>,
    said: &'a str,
}

/// The commonest slips, each of which knows whether it is the one.
const SLIPS: &[fn(&Slip<'_>) -> Option<Told>] = &[
    typographic_quotes,
    foreign_comment,
    colon,
    duplicate,
    unclosed_bracket,
    unclosed_header,
    odd_quotes,
    unquoted,
    no_equals_sign,
    no_comma,
    behind_the_value,
    backslash,
];

impl<'a> Slip<'a> {
    fn new(toml: &'a str, at: usize, said: &'a str) -> Self {
        // At the end of the text, the last line is meant.
        let inside = if toml[at..].trim().is_empty() { toml[..at].trim_end().len() } else { at };
        let slip = Self { toml, at: inside, line: 0..0, said };
        Self { line: slip.line_at(inside), ..slip }
    }

    fn line_at(&self, at: usize) -> Range<usize> {
        let at = at.min(self.toml.len());
        let start = self.toml[..at].rfind('\n').map_or(0, |end| end + 1);
        let end = self.toml[at..].find('\n').map_or(self.toml.len(), |end| at + end);
        start..end
    }

    fn text(&self) -> &'a str {
        &self.toml[self.line.clone()]
    }

    /// The key of the line and the place behind it.
    fn key(&self) -> Option<(&'a str, usize)> {
        let text = self.text();
        let start = text.len() - text.trim_start_matches([' ', '\t', '-']).len();
        let length = text[start..].find(|c: char| !is_bare(c)).unwrap_or(text.len() - start);
        (length > 0).then(|| (&text[start..start + length], self.line.start + start + length))
    }

    /// The character where the parser stopped, and what stands in front of it on the line.
    fn before(&self) -> &'a str {
        &self.toml[self.line.start..self.at.max(self.line.start)]
    }

    fn told(&self) -> Told {
        let known = SLIPS.iter().find_map(|slip| slip(self));
        known.unwrap_or_else(|| {
            let help = "TOML is described at https://toml.io/en/v1.0.0";
            Told::new(self.at..self.at + 1, self.said, help)
        })
    }

    /// Tells that the line should be another one, which is shown and written if it is TOML.
    fn instead(&self, at: Range<usize>, message: String, line: String, help: &str) -> Told {
        let is_good = DeTable::parse(&line).is_ok();
        let help = match is_good && line.chars().count() <= 80 {
            true => format!("write `{line}`"),
            false => help.to_owned(),
        };
        let told = Told::new(at, message, help);
        match is_good {
            true => told.fixed(self.line.clone(), line),
            false => told.repaired(self.without_line()),
        }
    }

    /// Nothing in the place of the line, if no bracket begins or ends there.
    fn without_line(&self) -> Option<(Range<usize>, String)> {
        let count = |brackets: [char; 2]| self.text().matches(brackets).count();
        (count(['[', '{']) == count([']', '}'])).then(|| (self.line.clone(), String::new()))
    }
}

fn is_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// A value as TOML: as it is if it is one, else as text.
fn value(written: &str) -> String {
    let written = written.trim();
    match DeTable::parse(&format!("x = {written}")) {
        Ok(_) => written.to_owned(),
        Err(_) => format!("\"{}\"", written.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

/// How many quotation marks of a line begin or end a text.
fn quotes(line: &str) -> usize {
    line.replace("\\\\", "").replace("\\\"", "").matches('"').count()
}

/// Quotation marks of a word processor.
fn typographic_quotes(slip: &Slip<'_>) -> Option<Told> {
    const MARKS: [char; 7] = ['“', '”', '„', '‟', '«', '»', '″'];
    let first = slip.toml[slip.at..].chars().next().filter(|c| MARKS.contains(c))?;
    let straight = slip.text().replace(MARKS, "\"");
    let message = format!("`{first}` is not a quotation mark of TOML");
    let help = "write straight quotation marks: `\"`";
    Some(slip.instead(slip.at..slip.at + first.len_utf8(), message, straight, help))
}

/// `// a comment`, or one of HTML.
fn foreign_comment(slip: &Slip<'_>) -> Option<Told> {
    let text = slip.text().trim_start();
    let mark = ["//", "<!--", "--", ";"].into_iter().find(|mark| text.starts_with(mark))?;
    let start = slip.line.end - text.len();
    let comment = text[mark.len()..].trim_end_matches("-->").trim();
    let message = format!("a comment begins with `#`, not with `{mark}`");
    let line = format!("# {comment}");
    Some(slip.instead(start..start + mark.len(), message, line, "begin the line with `#`"))
}

/// `level: junior`, as in YAML.
fn colon(slip: &Slip<'_>) -> Option<Told> {
    let (key, behind) = slip.key()?;
    let rest = &slip.toml[behind..slip.line.end];
    let written = rest.trim_start().strip_prefix(':')?;
    let at = slip.line.end - written.len() - 1;
    let line = format!("{key} = {}", value(written));
    let message = format!("`:` stands behind `{key}` where TOML has `=`");
    Some(slip.instead(at..at + 1, message, line, "write `=`, and text in quotation marks"))
}

/// A key that stands twice, or a list of tables in single brackets.
fn duplicate(slip: &Slip<'_>) -> Option<Told> {
    if slip.said != "duplicate key" {
        return None;
    }
    let text = slip.text().trim();
    let length = slip.toml[slip.at..].find(|c: char| !is_bare(c)).unwrap_or(0);
    let at = slip.at..slip.at + length;
    let name = &slip.toml[at.clone()];
    let lines = || slip.toml[..slip.line.start].match_indices('\n').map(|(end, _)| end + 1);
    let earlier = |is_it: &dyn Fn(&str) -> bool| {
        let starts = std::iter::once(0).chain(lines()).filter(|start| *start < slip.line.start);
        let lines = starts.map(|start| slip.line_at(start));
        lines.filter(|line| is_it(slip.toml[line.clone()].trim())).last()
    };
    if text.starts_with('[') {
        let single = format!("[{name}]");
        let first = earlier(&|line| line == single)?;
        let help = format!("put each entry of a list below `[[{name}]]`, in double brackets");
        let message = format!("`[{name}]` begins a second table where there is one");
        let told = Told::new(at, message, help);
        return Some(told.related(first, "in single brackets, this is the only one"));
    }
    let is_key =
        |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('='));
    let first = earlier(&is_key)?;
    let told = Told::new(at, format!("`{name}` stands twice"), "take one of the two out");
    Some(told.related(first, "it first stands here").repaired(slip.without_line()))
}

/// A list without its end: the parser finds the next key in it.
fn unclosed_bracket(slip: &Slip<'_>) -> Option<Told> {
    let text = slip.text().trim();
    let is_head = text.starts_with('[') && text.trim_matches(['[', ']']).chars().all(is_bare);
    let is_key = slip
        .key()
        .is_some_and(|(_, behind)| slip.toml[behind..slip.line.end].trim_start().starts_with('='));
    let is_first = slip.before().trim_matches(['[', ' ', '\t']).is_empty();
    let is_at_end = slip.toml[slip.at..].trim().is_empty();
    let end = match is_first && (is_head || is_key) {
        true => slip.line.start,
        false if is_at_end => slip.at,
        false => return None,
    };
    let open = open_bracket(&slip.toml[..end])?;
    let message = format!("`{}` is not closed", &slip.toml[open..open + 1]);
    let close = if slip.toml[open..].starts_with('[') { ']' } else { '}' };
    let last = slip.toml[..end].trim_end().len();
    let help = format!("write `{close}` behind the last entry");
    let told =
        Told::new(open..open + 1, message, help).repaired(Some((last..last, close.to_string())));
    Some(match end == slip.line.start {
        true => told.related(slip.line.clone(), "this would be a part of it"),
        false => told,
    })
}

/// The innermost bracket of a value that is open at the end of a text.
fn open_bracket(text: &str) -> Option<usize> {
    let mut open = Vec::new();
    let mut quote: Option<char> = None;
    let mut is_comment = false;
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match (c, quote) {
            // What is open at the end of a line has been told as such.
            ('\n', _) => (quote, is_comment, is_escaped) = (None, false, false),
            (_, _) if is_comment => {}
            ('\\', Some('"')) => is_escaped = !is_escaped,
            (_, Some(mark)) => {
                if c == mark && !is_escaped {
                    quote = None;
                }
                is_escaped = false;
            }
            ('"' | '\'', None) => quote = Some(c),
            ('#', None) => is_comment = true,
            ('[' | '{', None) => open.push(at),
            (']' | '}', None) => drop(open.pop()),
            (_, None) => {}
        }
    }
    open.pop()
}

/// `[[rubric]`.
fn unclosed_header(slip: &Slip<'_>) -> Option<Told> {
    let text = slip.text().trim();
    let name = text.strip_prefix('[')?.trim_matches(['[', ']', ' ']);
    let is_name = !name.is_empty() && name.chars().all(|c| is_bare(c) || c == '.');
    let line = match text.contains("[[") || text.contains("]]") {
        true => format!("[[{name}]]"),
        false => format!("[{name}]"),
    };
    (is_name && line != text).then(|| {
        let message = format!("a bracket is missing around `{name}`");
        slip.instead(slip.line.clone(), message, line, "close the brackets")
    })
}

/// A quotation mark that has no other on its line.
fn odd_quotes(slip: &Slip<'_>) -> Option<Told> {
    let text = slip.text();
    if slip.said.starts_with("invalid literal string") {
        let end = slip.line.start + text.trim_end().len();
        let told = match text.trim_end().ends_with('"') {
            true => Told::new(
                end - 1..end,
                "the text begins with `'` and ends with `\"`",
                "begin and end a text with the same quotation mark",
            ),
            false => Told::new(
                end..end,
                "the text has no `'` at its end",
                "end the text with `'` on the line where it begins, or write `\"` at both ends",
            ),
        };
        return Some(told.repaired(slip.without_line()));
    }
    if quotes(text).is_multiple_of(2) || text.contains("\"\"\"") {
        return None;
    }
    let help = "a text begins and ends with `\"` on one line; one of several lines stands between `\"\"\"`";
    let (key, behind) = slip.key().unwrap_or(("", slip.line.start));
    let value = text[behind - slip.line.start..].trim_start().strip_prefix('=').map(str::trim);
    let Some(value) = value.filter(|value| !key.is_empty() && !value.starts_with(['[', '{']))
    else {
        let message = "a quotation mark is missing in this line";
        return Some(Told::new(slip.line.clone(), message, help).repaired(slip.without_line()));
    };
    let end = slip.line.start + text.trim_end().len();
    let start = end - value.len();
    if !value.starts_with('"') {
        let told = Told::new(start..end, "the text has no quotation mark at its beginning", help);
        return Some(told.repaired(slip.without_line()));
    }
    let told = Told::new(start..end, "the text has no quotation mark at its end", help);
    // The next line may be the rest of a text that was meant to go on.
    let next = slip.line_at(slip.line.end + 1);
    let goes_on = !quotes(&slip.toml[next.clone()]).is_multiple_of(2)
        && !slip.toml[next.clone()].contains('=');
    let cut = if goes_on { next.end } else { slip.line.end };
    Some(told.repaired(Some((end..cut, "\"".to_owned()))))
}

/// Text without quotation marks.
fn unquoted(slip: &Slip<'_>) -> Option<Told> {
    if !slip.said.starts_with("string values must be quoted")
        && !slip.said.starts_with("invalid boolean")
    {
        return None;
    }
    let rest = &slip.toml[slip.at..slip.line.end];
    let text = rest.split([',', ']', '}', '#', '"']).next()?;
    let word = text.trim();
    let start = slip.at + text.len() - text.trim_start().len();
    let (key, behind) = slip.key()?;
    if word.is_empty() {
        let help = format!("write a value, or take `{key}` out");
        let at = behind - key.len()..behind;
        let told = Told::new(at, format!("`{key}` has no value"), help);
        return Some(told.repaired(slip.without_line()));
    }
    let at = start..start + word.len();
    let lower = word.to_ascii_lowercase();
    let (message, new) = match lower.as_str() {
        "true" | "false" => (format!("`{word}` is written in small letters"), lower),
        _ => (format!("the text `{word}` has no quotation marks"), value(word)),
    };
    let line = format!("{}{new}{}", slip.before(), &slip.toml[at.end..slip.line.end]);
    let told = slip.instead(at.clone(), message, line, &format!("write `{new}`"));
    // Another word of the same list is another slip.
    Some(Told { repair: Some((at, new)), ..told })
}

/// `level "junior"`, or a line that is no key at all.
fn no_equals_sign(slip: &Slip<'_>) -> Option<Told> {
    if !slip.said.starts_with("key with no value") && !slip.said.starts_with("invalid unquoted key")
    {
        return None;
    }
    let text = slip.text();
    let keyed = slip.key().map(|(key, behind)| (key, slip.toml[behind..slip.line.end].trim()));
    match keyed {
        Some((key, rest)) if rest.starts_with(['"', '\'', '[']) => {
            let line = format!("{key} = {rest}");
            let at = slip.line.start..slip.line.end;
            let message = format!("`=` is missing behind `{key}`");
            Some(slip.instead(at, message, line, "write `key = value`"))
        }
        Some(_) | None => {
            let start = slip.line.end - text.trim_start().len();
            let help = "write `key = value`; a text of several lines stands between `\"\"\"`, and a comment begins with `#`";
            let message = "this line is neither a key with a value nor a comment";
            let told = Told::new(start..slip.line.end, message, help);
            Some(told.repaired(slip.without_line()))
        }
    }
}

/// Two entries of a list side by side.
fn no_comma(slip: &Slip<'_>) -> Option<Told> {
    let what = match slip.said {
        said if said.starts_with("missing comma between array") => "entries of the list",
        said if said.starts_with("missing comma between key-value") => "keys of the table",
        _ => return None,
    };
    let end = slip.toml[..slip.at].trim_end().len();
    let last = slip.toml[..end].chars().next_back()?;
    let at = end - last.len_utf8()..end;
    if last == '"' && slip.toml[end..].starts_with(char::is_alphanumeric) {
        let message = "the text ends here, and something stands behind it";
        return Some(Told::new(at, message, INNER_QUOTE).repaired(slip.without_line()));
    }
    let message = format!("a comma is missing between two {what}");
    let told = Told::new(at.clone(), message, "write `,` behind this one");
    Some(match last {
        '"' | '\'' | ']' | '}' => told.fixed(at, format!("{last},")),
        _ => told,
    })
}

/// Something between a value and the end of its line.
fn behind_the_value(slip: &Slip<'_>) -> Option<Told> {
    if !slip.said.starts_with("unexpected key or value") {
        return None;
    }
    let rest = &slip.toml[slip.at..slip.line.end];
    let at = slip.at..slip.at.max(slip.line.start + slip.text().trim_end().len());
    let (key, behind) = slip.key()?;
    let written = slip.toml[behind..slip.line.end].trim_start().trim_start_matches('=').trim();
    let next = rest.trim_start();
    let next_key = next.find(|c: char| !is_bare(c)).unwrap_or(next.len());
    if rest.trim() == "," {
        let line = slip.before().trim_end().to_owned();
        let message = "a comma stands behind a value that is no entry of a list";
        return Some(slip.instead(at, message.to_owned(), line, "take the comma out"));
    }
    if next.starts_with(',') {
        let line = format!("{key} = [{}]", written.trim_matches(['[', ']']));
        let message = format!("`{key}` has several values and no brackets around them");
        return Some(slip.instead(at, message, line, "put a list between `[` and `]`"));
    }
    if next_key > 0 && next[next_key..].trim_start().starts_with('=') {
        let message = format!("`{}` stands on the line of another key", &next[..next_key]);
        let start = slip.line.start + slip.before().trim_end().len();
        let line_break = start..slip.at + (rest.len() - next.len());
        let told = Told::new(at, message, "begin a line for it");
        return Some(told.fixed(line_break, "\n".to_owned()));
    }
    let message = "the text ends here, and something stands behind it";
    let help =
        if rest.contains('"') { INNER_QUOTE } else { "put it into the text, or behind a `#`" };
    Some(Told::new(at, message, help).repaired(slip.without_line()))
}

/// `\p`, which is no escape.
fn backslash(slip: &Slip<'_>) -> Option<Told> {
    if !slip.said.contains("escape") {
        return None;
    }
    let start = slip.toml[..slip.at].rfind('\\')?;
    let escaped = slip.toml[start + 1..].chars().next()?;
    let at = start..start + 1 + escaped.len_utf8();
    let message = format!("`\\{escaped}` stands for nothing");
    let help = "write `\\\\` for a backslash, or put the text between `'`, where it needs none";
    let repair = Some((at.clone(), String::new()));
    Some(Told::new(at, message, help).repaired(repair))
}
