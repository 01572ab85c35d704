//! A strict reader of TOML tables that reports every mistake, not only the first.
//!
//! Takes TOML text (a whole file or front matter inside one), gives typed values with their spans.
//! A key that nobody asked for is an error when the table is [finished](Table::finish). Serde would
//! stop at the first mistake; an author wants them all.

mod copied;
mod file;
mod syntax;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use toml::de::{DeTable, DeValue};

pub use file::parse_file;

use crate::date::Date;
use crate::diagnostic::{Code, Diagnostic, Fix, Place, escaped};
use crate::field::{Field, Shape};
use crate::text::{SourceText, Span, nearest, only_near};

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place in the file.
    pub span: Span,
}

/// A table being read: what is left in it has not been asked for yet.
#[derive(Debug)]
pub struct Table<'a> {
    source: &'a Arc<SourceText>,
    /// Bytes of the file before the TOML text.
    offset: usize,
    /// What the table is, for messages: "a question".
    what: &'static str,
    span: Span,
    entries: BTreeMap<String, (Span, Spanned<DeValue<'a>>)>,
    asked: Vec<&'static str>,
    /// Those of them that were there.
    found: Vec<&'static str>,
    keys: Keys,
}

/// What is known beforehand of the keys of a table.
#[derive(Clone, Copy, Debug)]
enum Keys {
    /// Nothing: what is asked for is known.
    Undeclared,
    /// All of them.
    Declared(&'static [Field]),
    /// They are names, and behind each stands a table with these keys.
    Each(&'static [Field]),
}

/// Parses `text`, which stands `offset` bytes into `source`.
///
/// A text that is not TOML gives its slips and no table: what could be read of it is anybody's guess, and
/// findings about that would only hide the slip.
pub fn parse<'a>(
    source: &'a Arc<SourceText>,
    text: Span,
    what: &'static str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Table<'a>> {
    let (table, errors) = DeTable::parse_recoverable(&source.text()[text.range()]);
    let slips = syntax::slips(source, text, &errors);
    let is_toml = slips.is_empty();
    diagnostics.extend(slips);
    is_toml.then(|| Table::new(source, text.start, what, text, table.into_inner()))
}

impl<'a> Table<'a> {
    fn new(
        source: &'a Arc<SourceText>,
        offset: usize,
        what: &'static str,
        span: Span,
        table: DeTable<'a>,
    ) -> Self {
        let entries = table
            .into_iter()
            .map(|(key, value)| {
                let key_span = Span::shifted(&key.span(), offset);
                let span = Span::shifted(&value.span(), offset);
                let value = Spanned { value: value.into_inner(), span };
                (key.into_inner().into_owned(), (key_span, value))
            })
            .collect();
        Self {
            source,
            offset,
            what,
            span,
            entries,
            asked: Vec::new(),
            found: Vec::new(),
            keys: Keys::Undeclared,
        }
    }

    /// The same table with all its keys declared: reading another one is a mistake of ours.
    #[must_use]
    pub fn declared(self, fields: &'static [Field]) -> Self {
        Self { keys: Keys::Declared(fields), ..self }
    }

    /// What a table below this one, behind `key`, may hold.
    fn keys_below(&self, key: &str) -> Keys {
        let field = match self.keys {
            Keys::Undeclared => None,
            Keys::Declared(fields) => fields.iter().find(|field| field.key == key),
            Keys::Each(fields) => return Keys::Declared(fields),
        };
        match field.map(|field| field.shape) {
            Some(Shape::Table(fields) | Shape::Tables(fields)) => Keys::Declared(fields),
            Some(Shape::TableOfEach(_, fields)) => Keys::Each(fields),
            Some(_) | None => Keys::Undeclared,
        }
    }

    /// Makes sure that a reader and the list of keys, from which schemas are written, agree.
    fn assert_declared(&self, key: &str, is_read_as: impl Fn(&Field) -> bool) {
        if let Keys::Declared(fields) = self.keys {
            let is_declared = fields.iter().any(|field| field.key == key && is_read_as(field));
            debug_assert!(is_declared, "`{key}` is not declared as it is read in {}", self.what);
        }
    }

    /// A place in the table's file.
    pub fn place(&self, span: Span) -> Place {
        Place::new(self.source, span)
    }

    /// Where the whole table stands; of front matter, its first line.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Where a key stands that has not been taken yet.
    pub fn key_span(&self, key: &str) -> Option<Span> {
        self.entries.get(key).map(|(span, _)| *span)
    }

    /// The keys that have not been taken yet, with the span from key to value, in the order of the text.
    pub fn keys(&self) -> Vec<(String, Span)> {
        let whole = |(key, (span, value)): (&String, &(Span, Spanned<DeValue<'a>>))| {
            (key.clone(), Span { start: span.start, end: value.span.end.max(span.end) })
        };
        let mut keys: Vec<(String, Span)> = self.entries.iter().map(whole).collect();
        keys.sort_by_key(|(_, span)| *span);
        keys
    }

    /// Reports that a required key is missing.
    ///
    /// A key that is misspelt is reported as unknown, with what it should be.
    pub fn missing(&self, code: Code, key: &str, diagnostics: &mut Vec<Diagnostic>) {
        let is_misspelt = self.entries.keys().any(|other| nearest(other, [key]).is_some());
        if is_misspelt {
            return;
        }
        let first_line = Span { start: self.span.start, end: self.span.start };
        diagnostics.push(
            Diagnostic::at(
                code,
                self.place(first_line),
                format!("`{key}` is missing in {}", self.what),
            )
            .help(match self.keys {
                Keys::Declared(fields) => addition(fields, key),
                Keys::Undeclared | Keys::Each(_) => format!("add `{key} = \"…\"`"),
            }),
        );
    }

    fn take(&mut self, key: &'static str) -> Option<Spanned<DeValue<'a>>> {
        self.asked.push(key);
        let (_, value) = self.entries.remove(key)?;
        self.found.push(key);
        Some(value)
    }

    fn wrong_type(
        &self,
        key: &str,
        expected: &str,
        found: &Spanned<DeValue<'_>>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let message = format!("`{key}` is {}, not {expected}", described(&found.value));
        diagnostics.push(
            Diagnostic::at(Code::FieldType, self.place(found.span), message)
                .help(format!("write {expected}")),
        );
    }

    /// Text that is not blank.
    pub fn string(
        &mut self,
        key: &'static str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Spanned<String>> {
        self.assert_declared(key, |field| matches!(field.shape, Shape::Text | Shape::One(_)));
        let found = self.take(key)?;
        let text = match found.value {
            DeValue::String(text) => text.into_owned(),
            value => {
                let found = Spanned { value, span: found.span };
                self.wrong_type(key, "text in quotes", &found, diagnostics);
                return None;
            }
        };
        if text.trim().is_empty() {
            let empty = Diagnostic::at(
                Code::FieldEmpty,
                self.place(found.span),
                format!("`{key}` is empty"),
            );
            diagnostics.push(empty.help(format!("give `{key}` a value or take it out")));
            return None;
        }
        escaped(self.source, found.span, &text, diagnostics);
        Some(Spanned { value: text, span: found.span })
    }

    /// Text without which nothing can be done.
    pub fn required_string(
        &mut self,
        key: &'static str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Spanned<String>> {
        self.assert_declared(key, |field| field.is_required);
        if !self.entries.contains_key(key) {
            self.asked.push(key);
            self.missing(Code::FieldMissing, key, diagnostics);
            return None;
        }
        self.string(key, diagnostics)
    }

    /// A whole number that is not negative.
    pub fn number(
        &mut self,
        key: &'static str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Spanned<u64>> {
        self.assert_declared(key, |field| matches!(field.shape, Shape::Number(_)));
        let found = self.take(key)?;
        let number = whole_number(&found.value);
        if number.is_none() {
            self.wrong_type(key, "a whole number from 0", &found, diagnostics);
        }
        number.map(|value| Spanned { value, span: found.span })
    }

    /// `true` or `false`.
    pub fn boolean(
        &mut self,
        key: &'static str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Spanned<bool>> {
        self.assert_declared(key, |field| matches!(field.shape, Shape::Flag));
        let found = self.take(key)?;
        if let DeValue::Boolean(value) = found.value {
            return Some(Spanned { value, span: found.span });
        }
        self.wrong_type(key, "`true` or `false`", &found, diagnostics);
        None
    }

    /// A day, written bare or in quotes.
    pub fn date(
        &mut self,
        key: &'static str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Spanned<Date>> {
        self.assert_declared(key, |field| matches!(field.shape, Shape::Day));
        let found = self.take(key)?;
        // What looks like a day and is none has no value that could be asked.
        let written = self.source.text()[found.span.range()].trim_matches(['"', '\'']);
        match written.parse() {
            Ok(value) => return Some(Spanned { value, span: found.span }),
            Err(reason) if syntax::is_day(written, 0) => diagnostics.push(
                Diagnostic::at(
                    Code::FieldValue,
                    self.place(found.span),
                    format!("`{written}` is no day: {reason}"),
                )
                .help("write year, month and day, such as `2026-11-22`"),
            ),
            Err(_) => self.wrong_type(key, "a day such as 2026-11-22", &found, diagnostics),
        }
        None
    }

    /// A list of texts.
    pub fn strings(
        &mut self,
        key: &'static str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Spanned<Vec<Spanned<String>>>> {
        self.assert_declared(key, |field| matches!(field.shape, Shape::Texts | Shape::Many(_)));
        let found = self.take(key)?;
        self.texts(key, found, diagnostics)
    }

    /// A list of lists of texts.
    pub fn string_lists(
        &mut self,
        key: &'static str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<Spanned<Vec<Spanned<String>>>> {
        self.assert_declared(key, |field| matches!(field.shape, Shape::Pairs));
        let Some(found) = self.take(key) else { return Vec::new() };
        let DeValue::Array(items) = found.value else {
            self.wrong_type(key, "a list of lists of texts", &found, diagnostics);
            return Vec::new();
        };
        let mut lists = Vec::with_capacity(items.len());
        for item in items {
            let span = Span::shifted(&item.span(), self.offset);
            let item = Spanned { value: item.into_inner(), span };
            lists.extend(self.texts(key, item, diagnostics));
        }
        lists
    }

    fn texts(
        &self,
        key: &str,
        found: Spanned<DeValue<'_>>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Spanned<Vec<Spanned<String>>>> {
        let DeValue::Array(items) = found.value else {
            self.wrong_type(key, "a list of texts", &found, diagnostics);
            return None;
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            let span = Span::shifted(&item.span(), self.offset);
            match item.into_inner() {
                DeValue::String(text) if !text.trim().is_empty() => {
                    escaped(self.source, span, &text, diagnostics);
                    texts.push(Spanned { value: text.into_owned(), span });
                }
                value => {
                    let item = Spanned { value, span };
                    self.wrong_type(key, "a list of texts", &item, diagnostics);
                }
            }
        }
        Some(Spanned { value: texts, span: found.span })
    }

    /// A table inside this one.
    pub fn table(
        &mut self,
        key: &'static str,
        what: &'static str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Table<'a>> {
        self.assert_declared(key, |field| {
            matches!(
                field.shape,
                Shape::Table(_)
                    | Shape::TableOfEach(..)
                    | Shape::OneOfEach(..)
                    | Shape::NumberOfEach(_)
                    | Shape::TextsByName
            )
        });
        let keys = self.keys_below(key);
        let found = self.take(key)?;
        match found.value {
            DeValue::Table(table) => {
                let table = Table::new(self.source, self.offset, what, found.span, table);
                Some(Table { keys, ..table })
            }
            value => {
                let found = Spanned { value, span: found.span };
                self.wrong_type(key, "a table", &found, diagnostics);
                None
            }
        }
    }

    /// A list of tables, written as `[[key]]`.
    pub fn tables(
        &mut self,
        key: &'static str,
        what: &'static str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<Table<'a>> {
        self.assert_declared(key, |field| matches!(field.shape, Shape::Tables(_)));
        let keys = self.keys_below(key);
        let Some(found) = self.take(key) else { return Vec::new() };
        let DeValue::Array(items) = found.value else {
            self.wrong_type(key, "a list of tables (`[[…]]`)", &found, diagnostics);
            return Vec::new();
        };
        let mut tables = Vec::with_capacity(items.len());
        for item in items {
            let span = Span::shifted(&item.span(), self.offset);
            match item.into_inner() {
                DeValue::Table(table) => {
                    let table = Table::new(self.source, self.offset, what, span, table);
                    tables.push(Table { keys, ..table });
                }
                value => {
                    let item = Spanned { value, span };
                    self.wrong_type(key, "a list of tables (`[[…]]`)", &item, diagnostics);
                }
            }
        }
        tables
    }

    /// All that is left, as texts by key: for tables whose keys are the author's.
    pub fn into_strings(
        mut self,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> BTreeMap<String, (Span, Spanned<String>)> {
        let entries = std::mem::take(&mut self.entries);
        let mut texts = BTreeMap::new();
        for (key, (key_span, value)) in entries {
            match value.value {
                DeValue::String(text) => {
                    escaped(self.source, value.span, &text, diagnostics);
                    let text = Spanned { value: text.into_owned(), span: value.span };
                    texts.insert(key, (key_span, text));
                }
                _ => self.wrong_type(&key, "text in quotes", &value, diagnostics),
            }
        }
        texts
    }

    /// All that is left, as lists of texts by key.
    pub fn into_string_lists(
        mut self,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> BTreeMap<String, (Span, Vec<String>)> {
        let mut lists = BTreeMap::new();
        for (key, (key_span, value)) in std::mem::take(&mut self.entries) {
            if let Some(list) = self.texts(&key, value, diagnostics) {
                let texts = list.value.into_iter().map(|text| text.value).collect();
                lists.insert(key, (key_span, texts));
            }
        }
        lists
    }

    /// All that is left, as numbers by key, in the order of keys.
    pub fn into_numbers(mut self, diagnostics: &mut Vec<Diagnostic>) -> Vec<(String, u64)> {
        let mut numbers = Vec::new();
        for (key, (_, value)) in std::mem::take(&mut self.entries) {
            match whole_number(&value.value) {
                Some(number) => numbers.push((key, number)),
                None => self.wrong_type(&key, "a whole number from 0", &value, diagnostics),
            }
        }
        numbers
    }

    /// Reports every key that nobody asked for.
    pub fn finish(self, diagnostics: &mut Vec<Diagnostic>) {
        if let Keys::Declared(fields) = self.keys {
            let unread = fields.iter().find(|field| !self.asked.contains(&field.key));
            debug_assert!(unread.is_none(), "{unread:?} is declared and not read in {}", self.what);
        }
        for (key, (span, _)) in &self.entries {
            let unknown = format!("unknown key `{key}` in {}", self.what);
            let known = || format!("known keys: {}", backticked(&self.asked));
            let diagnostic = Diagnostic::at(Code::FieldUnknown, self.place(*span), unknown)
                .suggest(nearest(key, self.asked.iter().copied()), known);
            // A key that is there already would stand twice.
            let only = only_near(key, self.asked.iter().copied())
                .filter(|near| !self.found.contains(near));
            diagnostics.push(match only {
                Some(near) => diagnostic.fix(Fix::replace(format!("write `{near}`"), *span, near)),
                None => diagnostic,
            });
        }
    }
}

/// What to write for a key that is missing, as the author would.
pub fn addition(fields: &[Field], key: &str) -> String {
    let form = fields.iter().find(|field| field.key == key).map(Field::form).unwrap_or_default();
    match &form[..] {
        [line] => format!("add `{line}`"),
        lines => format!("add below the other keys, a line each: {}", backticked(lines)),
    }
}

/// Names as a list for a message: `a`, `b`, `c`.
pub fn backticked<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}

fn whole_number(value: &DeValue<'_>) -> Option<u64> {
    match value {
        DeValue::Integer(integer) => u64::from_str_radix(integer.as_str(), integer.radix()).ok(),
        _ => None,
    }
}

fn described(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::ContentPath;

    fn read(text: &str) -> (Option<String>, Option<u64>, Vec<String>) {
        let source = SourceText::new(ContentPath::new("t.toml"), text);
        let mut diagnostics = Vec::new();
        let whole = Span { start: 0, end: source.text().len() };
        let mut table = parse(&source, whole, "a test", &mut diagnostics).expect("TOML");
        let title = table.required_string("title", &mut diagnostics).map(|t| t.value);
        let count = table.number("count", &mut diagnostics).map(|n| n.value);
        table.finish(&mut diagnostics);
        let told = diagnostics.into_iter().map(|d| d.code.as_str().to_owned()).collect();
        (title, count, told)
    }

    #[test]
    fn every_mistake_of_a_table_is_told_at_once() {
        let (title, count, told) = read("tilte = \"x\"\ncount = \"y\"\n");
        assert_eq!((title, count), (None, None));
        assert_eq!(told, ["field/type", "field/unknown"]);
        let (_, _, told) = read("count = 1\n");
        assert_eq!(told, ["field/missing"]);
    }

    #[test]
    fn a_good_table_is_read_without_a_word() {
        let read = read("title = \"x\"\ncount = 0x10\n");
        assert_eq!(read, (Some("x".to_owned()), Some(16), Vec::new()));
    }
}
