//! JSON Schemas of front matter and settings, for editors.
//!
//! Takes the lists of keys that the readers read by and the vocabularies of a guide, gives the text
//! of a schema. It adds no key of its own: what is not in those lists is refused here and there alike.

use serde_json::{Map, Value, json};

use crate::config;
use crate::diagnostic::{Code, Scope};
use crate::document::{GUIDE_FIELDS, LANGUAGES, QUESTION_FIELDS};
use crate::field::{Field, Shape, Values};
use crate::guide::{self, Taxonomy, Vocabularies};

/// What a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The front matter of a question.
    Question,
    /// The front matter of a written page.
    Guide,
    /// The settings.
    Settings,
    /// The vocabulary of categories.
    Categories,
    /// The vocabulary of levels.
    Levels,
    /// The vocabulary of topics and their groups.
    Topics,
    /// The kinds of answer.
    Kinds,
    /// The list of wanted questions.
    Wanted,
    /// The glossary.
    Glossary,
}

impl Subject {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Question,
        Self::Guide,
        Self::Settings,
        Self::Categories,
        Self::Levels,
        Self::Topics,
        Self::Kinds,
        Self::Wanted,
        Self::Glossary,
    ];

    /// The name of the file that holds the schema.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Question => "question.schema.json",
            Self::Guide => "guide.schema.json",
            Self::Settings => "settings.schema.json",
            Self::Categories => "categories.schema.json",
            Self::Levels => "levels.schema.json",
            Self::Topics => "topics.schema.json",
            Self::Kinds => "kinds.schema.json",
            Self::Wanted => "wanted.schema.json",
            Self::Glossary => "glossary.schema.json",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Question => "Front matter of a question",
            Self::Guide => "Front matter of a written page",
            Self::Settings => "Settings of a question guide, askbook.toml",
            Self::Categories => "Categories, content/categories.toml",
            Self::Levels => "Levels, content/levels.toml",
            Self::Topics => "Topics and their groups, content/topics.toml",
            Self::Kinds => "Kinds of answer, content/kinds.toml",
            Self::Wanted => "Wanted questions, content/wanted.toml",
            Self::Glossary => "Terms, content/glossary.toml",
        }
    }

    fn fields(self) -> &'static [Field] {
        match self {
            Self::Question => QUESTION_FIELDS,
            Self::Guide => GUIDE_FIELDS,
            Self::Settings => config::FIELDS,
            Self::Categories => guide::CATEGORY_FIELDS,
            Self::Levels => guide::LEVEL_FIELDS,
            Self::Topics => guide::TOPIC_FIELDS,
            Self::Kinds => guide::KIND_FIELDS,
            Self::Wanted => guide::WANTED_FIELDS,
            Self::Glossary => guide::GLOSSARY_FIELDS,
        }
    }
}

/// The text of a schema.
///
/// It is of draft 7 and uses only what that draft has in common with draft 4, because Taplo promises
/// no more than the latter; `x-taplo` is Taplo's own extension, which other programs pass over.
pub fn write(subject: Subject, vocabularies: &Vocabularies) -> String {
    let mut schema = object(subject.fields(), vocabularies);
    schema.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    schema.insert("title".to_owned(), json!(subject.title()));
    serde_json::to_string_pretty(&schema).expect("texts and numbers always serialise") + "\n"
}

fn object(fields: &[Field], vocabularies: &Vocabularies) -> Map<String, Value> {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| {
            let mut property = shape(field.shape, vocabularies);
            property.insert("description".to_owned(), json!(field.about));
            if field.is_required && matches!(field.shape, Shape::Many(_)) {
                property.insert("minItems".to_owned(), json!(1));
            }
            (field.key.to_owned(), Value::Object(property))
        })
        .collect();
    let required: Vec<&str> =
        fields.iter().filter(|field| field.is_required).map(|field| field.key).collect();
    let mut schema = map(json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    }));
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema
}

fn shape(shape: Shape, vocabularies: &Vocabularies) -> Map<String, Value> {
    let text = || json!({ "type": "string", "pattern": "\\S" });
    let inner = |fields| object(fields, vocabularies);
    map(match shape {
        Shape::Text => text(),
        Shape::Number(least) => json!({ "type": "integer", "minimum": least }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Day => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
        Shape::Texts => json!({ "type": "array", "items": text() }),
        Shape::One(values) => choice(values, vocabularies),
        Shape::Many(values) => json!({ "type": "array", "items": choice(values, vocabularies) }),
        Shape::Table(fields) => return inner(fields),
        Shape::Tables(fields) => json!({ "type": "array", "items": inner(fields) }),
        Shape::TableOfEach(names, fields) => {
            named(names, &Value::Object(inner(fields)), vocabularies)
        }
        Shape::OneOfEach(names, values) => {
            named(names, &choice(values, vocabularies), vocabularies)
        }
        Shape::NumberOfEach(names) => {
            named(names, &json!({ "type": "integer", "minimum": 0 }), vocabularies)
        }
        Shape::Pairs => json!({
            "type": "array",
            "items": { "type": "array", "items": text(), "minItems": 2, "maxItems": 2 },
        }),
        Shape::TextsByName => json!({
            "type": "object",
            "additionalProperties": { "type": "array", "items": text() },
        }),
    })
}

/// A table with one thing behind every name.
fn named(names: Values, schema: &Value, vocabularies: &Vocabularies) -> Value {
    let properties: Map<String, Value> = listed(names, vocabularies)
        .into_iter()
        .map(|(name, about)| {
            let mut schema = schema.clone();
            if let (Some(about), Some(schema)) = (about, schema.as_object_mut()) {
                schema.insert("description".to_owned(), json!(about));
            }
            (name, schema)
        })
        .collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn choice(values: Values, vocabularies: &Vocabularies) -> Value {
    let (names, about): (Vec<_>, Vec<_>) = listed(values, vocabularies).into_iter().unzip();
    let mut schema = json!({ "type": "string", "enum": names });
    if about.iter().any(Option::is_some) {
        schema["x-taplo"] = json!({ "docs": { "enumValues": about } });
    }
    schema
}

/// The texts that are possible, each with what it means if that is written somewhere.
fn listed(values: Values, vocabularies: &Vocabularies) -> Vec<(String, Option<String>)> {
    let terms = |taxonomy| {
        let terms = vocabularies.terms(taxonomy).iter();
        terms.map(|term| (term.slug.clone(), Some(term.summary.clone()))).collect()
    };
    match values {
        Values::Listed(texts) => texts.iter().map(|text| ((*text).to_owned(), None)).collect(),
        Values::Categories => terms(Taxonomy::Categories),
        Values::Levels => terms(Taxonomy::Levels),
        Values::Topics => terms(Taxonomy::Topics),
        Values::Kinds => {
            let kinds = vocabularies.kinds.iter();
            kinds.map(|kind| (kind.slug.clone(), Some(kind.summary.clone()))).collect()
        }
        Values::Languages => LANGUAGES.iter().map(|l| (l.name.to_owned(), None)).collect(),
        Values::Rules => Code::ALL
            .iter()
            .filter(|code| code.scope() != Scope::Always)
            .map(|code| (code.as_str().to_owned(), Some(code.about().to_owned())))
            .collect(),
    }
}

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            unreachable!("schemas here are written as objects")
        }
    }
}
