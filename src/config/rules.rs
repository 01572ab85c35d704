//! The settings of `[check]`: which rules are on, and what single rules are told.
//!
//! Takes the table, gives [`Rules`]; which rules there are is the business of
//! [`diagnostic`](crate::diagnostic).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::unusable;
use crate::diagnostic::{Code, Diagnostic, Place, Scope, Severity};
use crate::table::Table;
use crate::text::{SourceText, nearest};

/// Levels of the rules that an owner may change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    profile: Profile,
    levels: BTreeMap<Code, Option<Severity>>,
    /// Phrases that the guide does not want, beside those that nobody wants.
    pub filler: Vec<String>,
    /// Pairs of slugs, each sorted, of questions that may be alike.
    similar: BTreeSet<(String, String)>,
}

/// Which rules are on before `[check.rules]` is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// All, with the page model.
    #[default]
    Full,
    /// Only what publishing, safety and accessibility need.
    Minimal,
}

impl Rules {
    /// The level at which a code is reported; `None` if it is off.
    pub fn level(&self, code: Code) -> Option<Severity> {
        if let Some(level) = self.levels.get(&code) {
            return *level;
        }
        match (code.scope(), self.profile) {
            (Scope::PageModel, Profile::Minimal) => None,
            (Scope::PageModel, Profile::Full) | (Scope::Always | Scope::Rule, _) => {
                Some(code.default_severity())
            }
        }
    }

    /// Whether two questions may be alike.
    pub fn is_accepted_pair(&self, one: &str, other: &str) -> bool {
        self.similar.contains(&pair(one, other))
    }

    /// Gives every finding its level and drops those that are off.
    #[must_use]
    pub fn apply(&self, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let with_level = |mut diagnostic: Diagnostic| {
            diagnostic.severity = self.level(diagnostic.code)?;
            Some(diagnostic)
        };
        diagnostics.into_iter().filter_map(with_level).collect()
    }
}

/// A pair without an order of its own.
fn pair(one: &str, other: &str) -> (String, String) {
    (one.min(other).to_owned(), one.max(other).to_owned())
}

/// Reads `[check]`.
pub(super) fn read(
    source: &Arc<SourceText>,
    mut table: Table<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Rules {
    let mut rules = Rules::default();
    if let Some(profile) = table.string("profile", diagnostics) {
        match profile.value.as_str() {
            "full" => rules.profile = Profile::Full,
            "minimal" => rules.profile = Profile::Minimal,
            other => {
                let message = format!("`{other}` is not a profile");
                let help = "write `full` or `minimal`";
                diagnostics.push(unusable(table.place(profile.span), message, help));
            }
        }
    }
    let levels = table.table("rules", "`[check.rules]`", diagnostics);
    for (name, (key_span, level)) in
        levels.map(|table| table.into_strings(diagnostics)).unwrap_or_default()
    {
        let key = Place::new(source, key_span);
        let Some(code) = Code::from_name(&name) else {
            let names = Code::ALL.iter().map(|code| code.as_str());
            let near = nearest(&name, names);
            diagnostics.push(
                Diagnostic::at(Code::SettingsValue, key, format!("there is no rule `{name}`"))
                    .suggest(near, || "`askbook explain` lists the rules".to_owned()),
            );
            continue;
        };
        if code.scope() == Scope::Always {
            let message = format!("`{name}` can not be switched off");
            let help = "safety and working links are not a matter of taste: take the line out";
            diagnostics.push(unusable(key, message, help));
            continue;
        }
        let severity = match level.value.as_str() {
            "error" => Some(Severity::Error),
            "warning" => Some(Severity::Warning),
            "off" => None,
            other => {
                let message = format!("`{other}` is not a level");
                let help = "write `error`, `warning` or `off`";
                diagnostics.push(unusable(Place::new(source, level.span), message, help));
                continue;
            }
        };
        rules.levels.insert(code, severity);
    }
    if let Some(filler) = table.strings("filler", diagnostics) {
        rules.filler = filler.value.into_iter().map(|phrase| phrase.value).collect();
    }
    for slugs in table.string_lists("similar", diagnostics) {
        match &slugs.value[..] {
            [one, other] => {
                rules.similar.insert(pair(&one.value, &other.value));
            }
            _ => {
                let message = format!("{} slugs are no pair", slugs.value.len());
                let help = "write the slugs of two questions: `[\"a\", \"b\"]`";
                diagnostics.push(unusable(Place::new(source, slugs.span), message, help));
            }
        }
    }
    table.finish(diagnostics);
    rules
}
