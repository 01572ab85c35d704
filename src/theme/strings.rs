//! The words of the interface, from `i18n/<language>.toml` of the theme.
//!
//! Takes a theme's files and the language of the guide, gives text by key. The keys that askbook
//! itself uses are listed here and must be there; those of templates are the theme's own affair.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Files;
use crate::date::Date;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::table;
use crate::text::SourceText;

/// Interface strings of one language.
#[derive(Clone, Debug, Default)]
pub struct Strings(Arc<BTreeMap<String, String>>);

/// The keys that askbook uses itself.
const REQUIRED: [&str; 90] = [
    "alert_caution",
    "alert_important",
    "alert_note",
    "alert_tip",
    "alert_warning",
    "all_questions",
    "categories",
    "code_label",
    "code_label_titled",
    "code_not_run",
    "date",
    "fact_also_called",
    "fact_autonomy",
    "fact_evidence",
    "fact_question_form",
    "fact_scope",
    "fact_typical_experience",
    "fact_weights",
    "footnote",
    "footnote_back",
    "footnotes",
    "guide",
    "help_wanted",
    "help_wanted_drafts",
    "help_wanted_drafts_text",
    "help_wanted_linked",
    "help_wanted_linked_text",
    "help_wanted_links_count",
    "help_wanted_orphans",
    "help_wanted_orphans_text",
    "help_wanted_sources",
    "help_wanted_sources_count",
    "help_wanted_sources_text",
    "help_wanted_stale",
    "help_wanted_stale_text",
    "help_wanted_summary",
    "help_wanted_versions",
    "help_wanted_versions_text",
    "home",
    "level",
    "levels",
    "link_to_section",
    "matrix",
    "matrix_summary",
    "minute_one",
    "minute_other",
    "month_1",
    "month_10",
    "month_11",
    "month_12",
    "month_2",
    "month_3",
    "month_4",
    "month_5",
    "month_6",
    "month_7",
    "month_8",
    "month_9",
    "not_found_title",
    "offline_title",
    "other_topics",
    "output",
    "output_varies",
    "page_number",
    "question_one",
    "question_other",
    "questions",
    "questions_summary",
    "related",
    "related_before",
    "related_elsewhere",
    "related_further",
    "related_kind",
    "related_linked",
    "related_links",
    "related_topic",
    "rubric",
    "search",
    "search_summary",
    "second_one",
    "second_other",
    "sources",
    "table",
    "table_in",
    "task_done",
    "task_open",
    "topics",
    "topics_guest",
    "your_data",
    "your_data_summary",
];

impl Strings {
    /// One string; a key that is not there stands for itself.
    pub fn text<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(key).map_or(key, String::as_str)
    }

    /// One string if it is there.
    pub fn find(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// One string with `{name}` replaced.
    pub fn with(&self, key: &str, name: &str, value: &str) -> String {
        self.text(key).replace(&format!("{{{name}}}"), value)
    }

    /// "1 question", "12 questions"; `None` if the strings are not there.
    ///
    /// Two forms serve the languages that have been tried; others need more, and this is where.
    pub fn counted(&self, key: &str, count: u64) -> Option<String> {
        let form = if count == 1 { "one" } else { "other" };
        let text = self.0.get(&format!("{key}_{form}"))?;
        Some(text.replace("{n}", &count.to_string()))
    }

    /// A day as people write it: "22 November 2026".
    pub fn date(&self, date: Date) -> String {
        let month = self.text(&format!("month_{}", date.month)).to_owned();
        self.text("date")
            .replace("{day}", &date.day.to_string())
            .replace("{month}", &month)
            .replace("{year}", &date.year.to_string())
    }

    /// A length of time as people say it: "45 seconds", "2 minutes", "35 minutes".
    pub fn duration(&self, seconds: u64) -> String {
        let (key, count) =
            if seconds < 60 { ("second", seconds) } else { ("minute", seconds.div_ceil(60)) };
        self.counted(key, count).unwrap_or_default()
    }

    /// Every string, for templates.
    pub fn all(&self) -> &BTreeMap<String, String> {
        &self.0
    }
}

/// Reads the language file; the value is `None` if there is none for the language.
pub(super) fn load(
    files: &Files,
    language: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Strings> {
    let primary = language.split('-').next().unwrap_or(language);
    let paths = [language, primary].map(|tag| format!("i18n/{tag}.toml"));
    let Some((path, bytes)) = paths.iter().find_map(|path| files.get(path)) else {
        let message = format!("the theme has no strings for the language `{language}`");
        let help =
            format!("copy `i18n/en.toml` of the theme to `i18n/{primary}.toml` and translate it");
        diagnostics.push(Diagnostic::of_guide(Code::ThemeString, message).help(help));
        return None;
    };
    let source = SourceText::new(path.clone(), String::from_utf8_lossy(bytes));
    let table = table::parse_file(&source, "a language file", diagnostics)?;
    let strings: BTreeMap<String, String> = table
        .into_strings(diagnostics)
        .into_iter()
        .map(|(key, (_, text))| (key, text.value))
        .collect();
    for key in REQUIRED.iter().filter(|key| !strings.contains_key(**key)) {
        let message = format!("the string `{key}` is missing");
        diagnostics.push(
            Diagnostic::at(Code::ThemeString, Place::start_of(&source), message).help(format!(
                "add `{key} = \"…\"`; `i18n/en.toml` of `folio` shows how it is used"
            )),
        );
    }
    Some(Strings(Arc::new(strings)))
}
