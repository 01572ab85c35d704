//! Schemas for editors, and the lists of keys that they are written from. `tests/browser` validates
//! every file of the real guide against them.

use std::fs;

use askbook::config;
use askbook::document::{GUIDE_FIELDS, QUESTION_FIELDS};
use askbook::field::Field;
use askbook::guide::{
    CATEGORY_FIELDS, GLOSSARY_FIELDS, KIND_FIELDS, LEVEL_FIELDS, TOPIC_FIELDS, WANTED_FIELDS,
};
use serde_json::Value;

use crate::commands::{askbook, on_disk};
use crate::sample::Sample;

#[test]
fn the_command_prints_one_schema_with_the_vocabularies_of_the_guide() {
    let guide = on_disk(&Sample::new());
    let output = askbook(guide.path(), &["schema", "question"]);
    let schema: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(schema["required"], serde_json::json!(["title", "category", "level", "topics"]));
    assert_eq!(schema["additionalProperties"], Value::Bool(false));
    let (topics, languages) = (&schema["properties"]["topics"], &schema["properties"]["languages"]);
    assert_eq!((&topics["minItems"], &languages["minItems"]), (&Value::from(1), &Value::Null));
    assert_eq!(languages["items"]["enum"][0], "bash");
    let levels = &schema["properties"]["level"];
    assert_eq!(levels["enum"][0], "junior");
    assert_eq!(levels["description"], "The lowest level at which it is asked.");
    assert_eq!(
        levels["enum"].as_array().map(Vec::len),
        levels["x-taplo"]["docs"]["enumValues"].as_array().map(Vec::len)
    );
}

const SUBJECTS: [&str; 9] = [
    "question",
    "guide",
    "settings",
    "categories",
    "levels",
    "topics",
    "kinds",
    "wanted",
    "glossary",
];

#[test]
fn the_command_writes_all_schemas_to_a_folder() {
    let guide = on_disk(&Sample::new());
    assert_eq!(askbook(guide.path(), &["schema"]).status.code(), Some(2));
    let output = askbook(guide.path(), &["schema", "--output", "new/schemas"]);
    assert!(output.status.success());
    for subject in SUBJECTS {
        let path = guide.path().join(format!("new/schemas/{subject}.schema.json"));
        let written = fs::read(path).expect("written");
        assert_eq!(written, askbook(guide.path(), &["schema", subject]).stdout);
    }
}

fn every<'a>(fields: &'a [Field], all: &mut Vec<&'a Field>) {
    for field in fields {
        all.push(field);
        every(field.inner(), all);
    }
}

#[test]
fn the_pages_of_the_guide_name_every_key() {
    let settings = include_str!("../../content/guide/settings.md");
    let writing = include_str!("../../content/guide/writing.md");
    let lists = [
        (config::FIELDS, settings),
        (QUESTION_FIELDS, writing),
        (GUIDE_FIELDS, writing),
        (CATEGORY_FIELDS, writing),
        (LEVEL_FIELDS, writing),
        (TOPIC_FIELDS, writing),
        (KIND_FIELDS, writing),
        (WANTED_FIELDS, writing),
        (GLOSSARY_FIELDS, writing),
    ];
    for (fields, page) in lists {
        let mut all = Vec::new();
        every(fields, &mut all);
        for field in all {
            let key = field.key;
            let names = ["`{}`", "`{} = ", "[{}]", "\n{} = "].map(|form| form.replace("{}", key));
            let is_named = names.iter().any(|name| page.contains(name));
            assert!(is_named, "`{key}` is not documented");
        }
    }
}
