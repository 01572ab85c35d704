//! What a table of TOML may hold: every key once, with its shape, its values and what it means.
//!
//! Takes nothing, gives the types of which readers make their lists of keys. [`crate::table`] refuses
//! a key that is not on the list, and `schema` writes the list for editors; nothing is read here.

/// One key of a table.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The key.
    pub key: &'static str,
    /// What may stand behind it.
    pub shape: Shape,
    /// Whether nothing can be done without it.
    pub is_required: bool,
    /// What it means, in a sentence for editors to show.
    pub about: &'static str,
    /// Its value as it is written, with `…` for text, where the shape alone does not tell.
    value: Option<&'static str>,
}

/// What may stand behind a key.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Text that is not blank.
    Text,
    /// A whole number, at least this one.
    Number(u64),
    /// `true` or `false`.
    Flag,
    /// A day.
    Day,
    /// A list of texts.
    Texts,
    /// One text of several.
    One(Values),
    /// A list of texts out of several.
    Many(Values),
    /// A table with these keys.
    Table(&'static [Field]),
    /// A list of tables with these keys.
    Tables(&'static [Field]),
    /// A table for each of several names, all with these keys.
    TableOfEach(Values, &'static [Field]),
    /// A text of several for each of several names.
    OneOfEach(Values, Values),
    /// A whole number for each of several names, which may be left out.
    NumberOfEach(Values),
    /// A list of pairs of texts.
    Pairs,
    /// A table whose keys are the author's and whose values are lists of texts.
    TextsByName,
}

/// The texts that are possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// These, for every guide.
    Listed(&'static [&'static str]),
    /// The slugs of `categories.toml`.
    Categories,
    /// The slugs of `levels.toml`.
    Levels,
    /// The slugs of `topics.toml`.
    Topics,
    /// The slugs of `kinds.toml`.
    Kinds,
    /// The languages of code.
    Languages,
    /// The rules whose level an owner may change.
    Rules,
}

impl Field {
    /// A key without which nothing can be done.
    pub const fn required(key: &'static str, shape: Shape, about: &'static str) -> Self {
        Self { key, shape, is_required: true, about, value: None }
    }

    /// A key that may be left out.
    pub const fn optional(key: &'static str, shape: Shape, about: &'static str) -> Self {
        Self { key, shape, is_required: false, about, value: None }
    }

    /// The same key with an example of its value.
    #[must_use]
    pub const fn such_as(self, value: &'static str) -> Self {
        Self { value: Some(value), ..self }
    }

    /// The key as it is written, with `…` where text belongs: a line, or those of a table with what it
    /// needs.
    pub fn form(&self) -> Vec<String> {
        let key = self.key;
        if let Some(value) = self.value {
            return vec![format!("{key} = {value}")];
        }
        let value = match self.shape {
            Shape::Text | Shape::One(_) => "\"…\"".to_owned(),
            Shape::Number(least) => least.to_string(),
            Shape::Flag => "true".to_owned(),
            Shape::Day => "2026-11-22".to_owned(),
            Shape::Texts | Shape::Many(_) => "[\"…\"]".to_owned(),
            Shape::Pairs => "[[\"…\", \"…\"]]".to_owned(),
            Shape::Tables(fields) => return table(format!("[[{key}]]"), fields),
            Shape::Table(fields) => return table(format!("[{key}]"), fields),
            Shape::TableOfEach(..)
            | Shape::OneOfEach(..)
            | Shape::NumberOfEach(_)
            | Shape::TextsByName => return vec![format!("[{key}]")],
        };
        vec![format!("{key} = {value}")]
    }

    /// The keys of the tables below this one.
    pub fn inner(&self) -> &'static [Self] {
        match self.shape {
            Shape::Table(fields) | Shape::Tables(fields) | Shape::TableOfEach(_, fields) => fields,
            Shape::Text
            | Shape::Number(_)
            | Shape::Flag
            | Shape::Day
            | Shape::Texts
            | Shape::One(_)
            | Shape::Many(_)
            | Shape::OneOfEach(..)
            | Shape::NumberOfEach(_)
            | Shape::Pairs
            | Shape::TextsByName => &[],
        }
    }
}

/// The head of a table and the keys that it needs, a line each.
fn table(head: String, fields: &[Field]) -> Vec<String> {
    let needed = fields.iter().filter(|field| field.is_required);
    std::iter::once(head).chain(needed.flat_map(Field::form)).collect()
}
