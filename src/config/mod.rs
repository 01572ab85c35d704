//! The settings of a guide: `askbook.toml`, read strictly and checked once.
//!
//! Takes the settings file, gives a [`Config`] in which every value can be used as it is. Every key
//! is documented in `content/guide/settings.md`; a test compares the two lists.

mod bounds;
mod fields;
mod rules;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use bounds::{Bounds, Lists};
pub use fields::FIELDS;
pub use rules::{Profile, Rules};

use crate::diagnostic::{Checked, Code, Diagnostic, Place};
use crate::document::{LANGUAGES, Limits};
use crate::path::check_name;
use crate::slug::is_slug;
use crate::table::{self, Spanned, Table};
use crate::text::{SourceText, Span};

/// Checked settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The name of the guide.
    pub title: String,
    /// What it is, in a few words under its name.
    pub tagline: Option<String>,
    /// What it is, in one or two sentences.
    pub description: String,
    /// The address it is published at, with a slash at its end; for canonical links, feed, sitemap.
    pub base_url: Option<String>,
    /// BCP 47 tag of the language the guide is written in.
    pub language: String,
    /// Name of the theme, and where it is written; nowhere if it is the one without being named.
    pub theme: Spanned<String>,
    /// Where `build` writes, relative to the project.
    pub output: String,
    /// Whether readers may keep pages for reading without a network.
    pub has_offline: bool,
    /// Where the sources can be read and changed.
    pub repository: Option<Repository>,
    /// Licence of the text.
    pub licence: Option<Licence>,
    /// How search reads words.
    pub search: Search,
    /// How long lists may get.
    pub lists: Lists,
    /// Bounds on what a page may hold.
    pub limits: Limits,
    /// Bounds on everything else.
    pub bounds: Bounds,
    /// How the samples of each language are run, by the language's name.
    pub runners: BTreeMap<String, Runner>,
    /// Which rules are on.
    pub rules: Rules,
}

/// How `askbook test` runs the samples of a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runner {
    /// The program and its arguments; it runs in a folder that holds the sample.
    pub command: Vec<String>,
    /// The name of the file that holds the sample.
    pub file: String,
    /// A command that tells the version, on which kept outputs depend.
    pub version: Vec<String>,
    /// A program that transcripts are typed into: it reads statements and answers, as `psql` does.
    pub session: Option<Vec<String>>,
    /// What the samples find running.
    pub service: Option<Service>,
    /// What the samples need, with its version and where to get it, for people who lack it.
    pub needs: Option<String>,
}

/// A server that `askbook test` starts for samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// A PostgreSQL server with a fresh database for every sample.
    Postgresql,
}

/// Where `build` writes, if the settings do not say or cannot be read.
pub const OUTPUT: &str = "public";

impl Config {
    /// The part of the base address behind its host: `/`, or `/guide/`.
    pub fn base_path(&self) -> String {
        let address = self.base_url.as_deref().unwrap_or("/");
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        format!("/{}", rest.split_once('/').map_or("", |(_, path)| path))
    }
}

/// A public repository, for "edit this page" and "report a problem".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// Address of its page, without a slash at its end.
    pub url: String,
    /// The branch that is published.
    pub branch: String,
}

/// A licence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Licence {
    /// Its short name.
    pub name: String,
    /// Its text.
    pub url: String,
}

/// How search reads words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// Whether forms of a word find each other; without effect in languages that have no stemmer.
    pub has_stemming: bool,
    /// Words and phrases with others that mean the same.
    pub synonyms: BTreeMap<String, Vec<String>>,
}

/// Reads the settings; the value is `None` if what every page needs is missing.
pub fn load(settings: Option<&Arc<SourceText>>) -> Checked<Option<Config>> {
    let mut diagnostics = Vec::new();
    let value = match settings {
        Some(source) => read(source, &mut diagnostics),
        None => {
            diagnostics.push(
                Diagnostic::of_guide(Code::SettingsMissing, "there is no `askbook.toml` here").help(
                    "run this in the folder of a guide, name it with `--root DIR`, or begin one with `askbook init DIR`",
                ),
            );
            None
        }
    };
    Checked { value, diagnostics }
}

fn read(source: &Arc<SourceText>, diagnostics: &mut Vec<Diagnostic>) -> Option<Config> {
    let mut table = table::parse_file(source, "the settings", diagnostics)?.declared(FIELDS);
    let title = table.required_string("title", diagnostics);
    let description = table.required_string("description", diagnostics);
    let tagline = text(&mut table, "tagline", diagnostics);
    let base_url = base_url(&mut table, diagnostics);
    let language = language(&mut table, diagnostics);
    let theme = theme(&mut table, diagnostics);
    let output = output(&mut table, diagnostics);
    let has_offline = table.boolean("offline", diagnostics).is_none_or(|written| written.value);
    let repository = table
        .table("repository", "`[repository]`", diagnostics)
        .and_then(|table| repository(table, diagnostics));
    let licence = table
        .table("licence", "`[licence]`", diagnostics)
        .and_then(|table| licence(table, diagnostics));
    let search = search(table.table("search", "`[search]`", diagnostics), diagnostics);
    let lists = bounds::lists(table.table("lists", "`[lists]`", diagnostics), diagnostics);
    let (limits, bounds) =
        bounds::limits(table.table("limits", "`[limits]`", diagnostics), diagnostics);
    let runners = table
        .table("runners", "`[runners]`", diagnostics)
        .map(|table| runners(table, diagnostics))
        .unwrap_or_default();
    let rules = table
        .table("check", "`[check]`", diagnostics)
        .map(|table| rules::read(source, table, diagnostics))
        .unwrap_or_default();
    table.finish(diagnostics);
    Some(Config {
        title: title?.value,
        tagline,
        description: description?.value,
        base_url,
        language,
        theme,
        output,
        has_offline,
        repository,
        licence,
        search,
        lists,
        limits,
        bounds,
        runners,
        rules,
    })
}

fn text(
    table: &mut Table<'_>,
    key: &'static str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    table.string(key, diagnostics).map(|text| text.value)
}

/// A folder inside the project: what a pull request changes must not decide what is overwritten
/// elsewhere. `--output`, which the owner types, may name any folder.
fn output(table: &mut Table<'_>, diagnostics: &mut Vec<Diagnostic>) -> String {
    let fallback = OUTPUT.to_owned();
    let Some(written) = table.string("output", diagnostics) else { return fallback };
    let problem = written.value.split('/').find_map(|name| check_name(name).err());
    match problem {
        None => written.value,
        Some(reason) => {
            let message = format!("the output folder `{}` {reason}", written.value);
            let help = "name a folder inside the project, such as `public`; `--output` takes any";
            diagnostics.push(unusable(table.place(written.span), message, help));
            fallback
        }
    }
}

fn unusable(place: Place, message: String, help: &str) -> Diagnostic {
    Diagnostic::at(Code::SettingsValue, place, message).help(help)
}

fn is_web_address(text: &str) -> bool {
    ["https://", "http://"].iter().any(|scheme| {
        text.strip_prefix(scheme).is_some_and(|rest| {
            !rest.starts_with('/')
                && !rest.is_empty()
                && !rest.contains(|c: char| {
                    c.is_whitespace() || c.is_control() || "<>\"'\\".contains(c)
                })
        })
    })
}

/// Checks an address given in settings or on the command line.
///
/// # Errors
///
/// Says what an address looks like.
pub fn check_base_url(text: &str) -> Result<String, String> {
    if is_web_address(text) && !text.contains(['?', '#']) {
        Ok(format!("{}/", text.trim_end_matches('/')))
    } else {
        Err("an address such as `https://guide.example/` is needed".to_owned())
    }
}

fn base_url(table: &mut Table<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let written = table.string("base_url", diagnostics)?;
    match check_base_url(&written.value) {
        Ok(url) => Some(url),
        Err(help) => {
            let message = format!("`{}` is not a base address", written.value);
            diagnostics.push(unusable(table.place(written.span), message, &help));
            None
        }
    }
}

fn language(table: &mut Table<'_>, diagnostics: &mut Vec<Diagnostic>) -> String {
    let fallback = "en".to_owned();
    let Some(written) = table.string("language", diagnostics) else { return fallback };
    let is_tag = written.value.split('-').enumerate().all(|(index, part)| {
        let is_word = part.chars().all(|c| c.is_ascii_alphanumeric());
        is_word
            && if index == 0 {
                (2..=3).contains(&part.len())
            } else {
                (2..=8).contains(&part.len())
            }
    });
    if is_tag {
        return written.value;
    }
    let message = format!("`{}` is not a language tag", written.value);
    diagnostics.push(unusable(table.place(written.span), message, "write `en`, `de`, `pt-BR`"));
    fallback
}

fn theme(table: &mut Table<'_>, diagnostics: &mut Vec<Diagnostic>) -> Spanned<String> {
    let fallback = Spanned { value: "folio".to_owned(), span: Span::default() };
    let Some(written) = table.string("theme", diagnostics) else { return fallback };
    if is_slug(&written.value) {
        return written;
    }
    let message = format!("`{}` is not the name of a theme", written.value);
    let help = "use the name of a folder in `themes/`";
    diagnostics.push(unusable(table.place(written.span), message, help));
    fallback
}

fn repository(mut table: Table<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Repository> {
    let url = table.required_string("url", diagnostics);
    let branch = branch(&mut table, diagnostics);
    let url = url.filter(|url| {
        let is_usable = is_web_address(&url.value);
        if !is_usable {
            let message = format!("`{}` is not a web address", url.value);
            let help = "write the address of the repository's page, `https://…`";
            diagnostics.push(unusable(table.place(url.span), message, help));
        }
        is_usable
    });
    table.finish(diagnostics);
    Some(Repository { url: url?.value.trim_end_matches('/').to_owned(), branch })
}

fn branch(table: &mut Table<'_>, diagnostics: &mut Vec<Diagnostic>) -> String {
    let fallback = "main".to_owned();
    let Some(written) = table.string("branch", diagnostics) else { return fallback };
    if written.value.split('/').all(|name| check_name(name).is_ok()) {
        return written.value;
    }
    let message = format!("`{}` is not the name of a branch", written.value);
    diagnostics.push(unusable(table.place(written.span), message, "write `main`"));
    fallback
}

fn licence(mut table: Table<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Licence> {
    let name = table.required_string("name", diagnostics);
    let url = table.required_string("url", diagnostics);
    let url = url.filter(|url| {
        let is_usable = is_web_address(&url.value);
        if !is_usable {
            let message = format!("`{}` is not a web address", url.value);
            diagnostics.push(unusable(table.place(url.span), message, "write `https://…`"));
        }
        is_usable
    });
    table.finish(diagnostics);
    Some(Licence { name: name?.value, url: url?.value })
}

fn search(table: Option<Table<'_>>, diagnostics: &mut Vec<Diagnostic>) -> Search {
    let mut search = Search { has_stemming: true, synonyms: BTreeMap::new() };
    if let Some(mut table) = table {
        if let Some(written) = table.boolean("stemming", diagnostics) {
            search.has_stemming = written.value;
        }
        if let Some(synonyms) = table.table("synonyms", "`[search.synonyms]`", diagnostics) {
            let lists = synonyms.into_string_lists(diagnostics);
            search.synonyms = lists.into_iter().map(|(word, (_, others))| (word, others)).collect();
        }
        table.finish(diagnostics);
    }
    search
}

fn runners(mut table: Table<'_>, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<String, Runner> {
    let mut runners = BTreeMap::new();
    for language in LANGUAGES {
        if let Some(runner) = table.table(language.name, "a runner", diagnostics)
            && let Some(runner) = runner_of(runner, diagnostics)
        {
            runners.insert(language.name.to_owned(), runner);
        }
    }
    table.finish(diagnostics);
    runners
}

fn runner_of(mut table: Table<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Runner> {
    let file = table.required_string("file", diagnostics);
    for key in ["command", "version"] {
        if table.key_span(key).is_none() {
            table.missing(Code::FieldMissing, key, diagnostics);
        }
    }
    let mut words = |key: &'static str| {
        let list = table.strings(key, diagnostics)?;
        if list.value.is_empty() {
            let message = format!("`{key}` is empty");
            let help = "write the program and its arguments as a list";
            diagnostics.push(unusable(table.place(list.span), message, help));
            return None;
        }
        Some(list.value.into_iter().map(|word| word.value).collect::<Vec<String>>())
    };
    let command = words("command");
    let version = words("version");
    let session = words("session");
    let needs = table.string("needs", diagnostics).map(|needs| needs.value);
    let service = table.string("service", diagnostics).and_then(|service| {
        if service.value == "postgresql" {
            return Some(Service::Postgresql);
        }
        let message = format!("`{}` is not a service", service.value);
        diagnostics.push(unusable(table.place(service.span), message, "write `postgresql`"));
        None
    });
    let file = file.filter(|file| {
        let is_name = check_name(&file.value).is_ok();
        if !is_name {
            let message = format!("`{}` is not a file name", file.value);
            diagnostics.push(unusable(table.place(file.span), message, "write `main.py`"));
        }
        is_name
    });
    table.finish(diagnostics);
    let (command, file, version) = (command?, file?.value, version?);
    Some(Runner { command, file, version, session, service, needs })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Severity;
    use crate::path::ContentPath;

    fn load_text(text: &str) -> (Option<Config>, Vec<String>) {
        let source = SourceText::new(ContentPath::new("askbook.toml"), text);
        let checked = load(Some(&source));
        (checked.value, checked.diagnostics.into_iter().map(|d| d.message).collect())
    }

    const GOOD: &str = "title = \"T\"\ndescription = \"D\"\n";

    #[test]
    fn two_lines_are_enough() {
        let (config, told) = load_text(GOOD);
        assert_eq!(told, Vec::<String>::new());
        assert_eq!(
            config.map(|config| (config.language, config.lists.page_size)),
            Some(("en".into(), 100))
        );
    }

    #[test]
    fn a_base_address_always_ends_with_a_slash() {
        let (config, _) = load_text(&format!("{GOOD}base_url = \"https://a.example/b\""));
        assert_eq!(
            config.and_then(|config| config.base_url).as_deref(),
            Some("https://a.example/b/")
        );
        for bad in [
            "a.example",
            "javascript:x",
            "https://",
            "https://a b",
            "https://a/?q",
            "https://\\\"><x",
        ] {
            let (_, told) = load_text(&format!("{GOOD}base_url = \"{bad}\""));
            assert_eq!(told.len(), 1, "{bad}: {told:?}");
        }
    }

    #[test]
    fn safety_can_not_be_switched_off() {
        let (_, told) = load_text(&format!(
            "{GOOD}[check.rules]\n\"link/broken\" = \"off\"\n\"page/lenght\" = \"off\""
        ));
        assert_eq!(
            told,
            ["`link/broken` can not be switched off", "there is no rule `page/lenght`"]
        );
    }

    #[test]
    fn the_minimal_profile_asks_for_nothing_of_the_page_model() {
        let (config, _) = load_text(&format!(
            "{GOOD}[check]\nprofile = \"minimal\"\nrules.\"page/length\" = \"error\""
        ));
        let rules = config.expect("the settings are good").rules;
        assert_eq!(rules.level(Code::SectionMissing), None);
        assert_eq!(rules.level(Code::PageLength), Some(Severity::Error));
        assert_eq!(rules.level(Code::LinkBroken), Some(Severity::Error));
    }
}
