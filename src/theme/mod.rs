//! A theme: templates ready to render, assets with fingerprinted names, interface strings.
//!
//! Takes the files of `themes/NAME` (or the theme built into the binary, or one on top of the
//! other), gives a [`Theme`]. It knows nothing of the guide: templates get views from `render`.

mod error;
mod minify;
mod script;
mod shallow;
mod strings;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use tera::{Kwargs, State, Tera};

pub use strings::Strings;

use crate::config::Config;
use crate::diagnostic::{Checked, Code, Diagnostic, Place};
use crate::path::{ContentPath, OutputPath};
use crate::source::{Sources, THEMES};
use crate::table::{self, Spanned};
use crate::text::{SourceText, Span};

/// The theme that every binary carries.
static FOLIO: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/folio");
const BUILT_IN: &str = "folio";

/// Templates that every theme has, itself or from the theme it extends.
pub const TEMPLATES: [&str; 16] = [
    "templates/home.html",
    "templates/questions.html",
    "templates/question.html",
    "templates/index.html",
    "templates/term.html",
    "templates/guide.html",
    "templates/guides.html",
    "templates/search.html",
    "templates/your_data.html",
    "templates/glossary.html",
    "templates/matrix.html",
    "templates/help_wanted.html",
    "templates/not_found.html",
    "templates/offline.html",
    "templates/redirect.html",
    "templates/base.html",
];

/// No file of a theme is larger: a font for one alphabet has a fiftieth of it.
const FILE_BYTES: usize = 2 << 20;

/// The file of a theme that keeps pages for reading offline. It stands outside `static/`, because it
/// is published under a name that never changes.
const WORKER: &str = "service-worker.js";

/// A theme that can render pages.
#[derive(Debug)]
pub struct Theme {
    tera: Tera,
    texts: BTreeMap<String, Arc<SourceText>>,
    /// Files for browsers.
    pub assets: Vec<Asset>,
    /// Words of the interface.
    pub strings: Strings,
    /// The script that keeps pages for reading offline; `None` if the theme has none or an empty one.
    worker: Option<String>,
    /// Digest of every file, for cache keys.
    pub digest: String,
}

/// A file for browsers.
#[derive(Clone, Debug)]
pub struct Asset {
    /// The name that templates use: `folio.css`.
    pub name: String,
    /// Where it is published: `assets/folio.1a2b3c4d5e.css`.
    pub path: OutputPath,
    /// Its contents.
    pub bytes: Arc<[u8]>,
}

/// The files of a theme, inherited ones included, by their path inside the theme.
type Files = BTreeMap<String, (ContentPath, Arc<[u8]>)>;
type Bundles = BTreeMap<String, Vec<String>>;
/// Bundles with the places where they are named.
type WrittenBundles = BTreeMap<String, (Span, Vec<String>)>;

/// Loads a theme in the language of the guide.
pub fn load(sources: &Sources, name: &Spanned<String>, language: &str) -> Checked<Option<Theme>> {
    let mut loader = Loader { sources, diagnostics: Vec::new() };
    let value = loader.load(name, language);
    Checked { value, diagnostics: loader.diagnostics }
}

struct Loader<'a> {
    sources: &'a Sources,
    diagnostics: Vec<Diagnostic>,
}

impl Loader<'_> {
    fn load(&mut self, name: &Spanned<String>, language: &str) -> Option<Theme> {
        let settings = self.sources.settings.as_ref();
        let named = settings.map(|settings| Place::new(settings, name.span));
        let (files, bundles) = self.inherited(&name.value, named, &mut Vec::new())?;
        self.small_enough(&files)?;
        let strings = strings::load(&files, language, &mut self.diagnostics)?;
        let assets = self.assets(&files, &bundles);
        let worker = worker(&files);
        let texts = self.texts(&files);
        let tera = self.templates(&texts, &strings)?;
        let mut hasher = blake3::Hasher::new();
        for (path, (_, bytes)) in &files {
            hasher.update(path.as_bytes()).update(&[0]).update(blake3::hash(bytes).as_bytes());
        }
        let digest = hasher.finalize().to_hex().to_string();
        Some(Theme { tera, texts, assets, strings, worker, digest })
    }

    /// Refuses a file that no browser should have to load; `None` if there is one.
    fn small_enough(&mut self, files: &Files) -> Option<()> {
        let Some((path, bytes)) = files.values().find(|(_, bytes)| bytes.len() > FILE_BYTES) else {
            return Some(());
        };
        let message = format!("the file holds {} bytes, more than {FILE_BYTES}", bytes.len());
        let large = match std::str::from_utf8(bytes) {
            Ok(text) => {
                let source = SourceText::new(path.clone(), text);
                let beyond = Span { start: FILE_BYTES, end: FILE_BYTES + 1 };
                Diagnostic::at(Code::FileTooLarge, Place::new(&source, beyond), message)
            }
            Err(_) => Diagnostic::in_file(Code::FileTooLarge, path, message),
        };
        self.diagnostics.push(large.help("make it smaller, or split it"));
        None
    }

    /// The files of a theme, which is named at a place, over those of the theme it extends.
    fn inherited(
        &mut self,
        name: &str,
        named: Option<Place>,
        chain: &mut Vec<String>,
    ) -> Option<(Files, Bundles)> {
        let at_name = |code, message| match named {
            Some(place) => Diagnostic::at(code, place, message),
            None => Diagnostic::of_guide(code, message),
        };
        if chain.iter().any(|seen| seen == name) {
            let message = format!("the theme `{name}` extends itself");
            let help = "take `extends` out of one of the themes";
            self.diagnostics.push(at_name(Code::ThemeManifest, message).help(help));
            return None;
        }
        chain.push(name.to_owned());
        let own = self.files(name);
        let Some((path, manifest)) = own.get("theme.toml").cloned() else {
            let code = if own.is_empty() { Code::ThemeMissing } else { Code::ThemeManifest };
            let message = match code {
                Code::ThemeMissing => format!("there is no theme `{name}`"),
                _ => format!("the theme `{name}` has no `theme.toml`"),
            };
            let help =
                format!("put it into `themes/{name}/`, or use `{BUILT_IN}`, which is built in");
            self.diagnostics.push(at_name(code, message).help(help));
            return None;
        };
        let text = String::from_utf8_lossy(&manifest);
        let source = SourceText::new(path, text);
        let (extends, bundles) = self.manifest(&source);
        let (mut files, mut all_bundles) = match extends {
            Some(parent) => {
                let named = Place::new(&source, parent.span);
                self.inherited(&parent.value, Some(named), chain)?
            }
            None => (Files::new(), Bundles::new()),
        };
        files.extend(own);
        for (bundle, (span, members)) in bundles {
            for member in members.iter().filter(|m| !files.contains_key(&format!("static/{m}"))) {
                let message = format!("the bundle `{bundle}` names `{member}`, which is not there");
                self.diagnostics.push(
                    Diagnostic::at(Code::ThemeManifest, Place::new(&source, span), message)
                        .help(format!("add `static/{member}`, or take it out of the bundle")),
                );
            }
            all_bundles.insert(bundle, members);
        }
        Some((files, all_bundles))
    }

    /// The files of one theme: from the project if it is there, else from the binary.
    fn files(&self, name: &str) -> Files {
        let folder = format!("{THEMES}/{name}/");
        let own: Files = self
            .sources
            .themes
            .iter()
            .filter_map(|(path, bytes)| {
                let inside = path.as_str().strip_prefix(&folder)?;
                Some((inside.to_owned(), (path.clone(), Arc::clone(bytes))))
            })
            .collect();
        if own.is_empty() && name == BUILT_IN { built_in() } else { own }
    }

    fn manifest(&mut self, source: &Arc<SourceText>) -> (Option<Spanned<String>>, WrittenBundles) {
        let Some(mut table) = table::parse_file(source, "a theme", &mut self.diagnostics) else {
            return (None, WrittenBundles::default());
        };
        table.required_string("name", &mut self.diagnostics);
        table.string("description", &mut self.diagnostics);
        let extends = table.string("extends", &mut self.diagnostics);
        let bundles = table
            .table("bundles", "`[bundles]`", &mut self.diagnostics)
            .map(|table| table.into_string_lists(&mut self.diagnostics))
            .unwrap_or_default();
        table.finish(&mut self.diagnostics);
        (extends, bundles)
    }

    /// Joins bundles and names every file after its content.
    fn assets(&self, files: &Files, bundles: &Bundles) -> Vec<Asset> {
        let bundled: BTreeSet<&str> = bundles.values().flatten().map(String::as_str).collect();
        let single = files.iter().filter_map(|(path, (_, bytes))| {
            let name = path.strip_prefix("static/")?;
            (!bundled.contains(name)).then(|| asset(name, Arc::clone(bytes)))
        });
        let joined = bundles.iter().map(|(name, members)| {
            let mut bytes = Vec::new();
            for member in members {
                if let Some((_, part)) = files.get(&format!("static/{member}")) {
                    bytes.extend_from_slice(part);
                    bytes.push(b'\n');
                }
            }
            asset(name, bytes.into())
        });
        single.chain(joined).collect()
    }

    fn texts(&mut self, files: &Files) -> BTreeMap<String, Arc<SourceText>> {
        let mut texts = BTreeMap::new();
        for (path, (place, bytes)) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
            match std::str::from_utf8(bytes) {
                Ok(text) => {
                    texts.insert(path.clone(), SourceText::new(place.clone(), text));
                }
                Err(error) => {
                    let message = format!("not valid UTF-8 at byte {}", error.valid_up_to());
                    self.diagnostics.push(
                        Diagnostic::in_file(Code::FileEncoding, place, message)
                            .help("save it as UTF-8"),
                    );
                }
            }
        }
        texts
    }

    fn templates(
        &mut self,
        texts: &BTreeMap<String, Arc<SourceText>>,
        strings: &Strings,
    ) -> Option<Tera> {
        for template in TEMPLATES.iter().filter(|template| !texts.contains_key(**template)) {
            let message = format!("the theme has no `{template}`");
            let help = format!("add it, or extend `{BUILT_IN}`");
            self.diagnostics.push(Diagnostic::of_guide(Code::ThemeManifest, message).help(help));
        }
        let deep =
            texts.values().find_map(|text| Some((text, shallow::endless_branch(text.text())?)));
        if let Some((text, span)) = deep {
            let message = "a template with more branches than Tera survives";
            let help = "write the branches as an `include` of a name, or let a filter choose";
            let deep = Diagnostic::at(Code::ThemeTemplate, Place::new(text, span), message);
            self.diagnostics.push(deep.help(help));
            return None;
        }
        let mut tera = Tera::new();
        let words = strings.clone();
        tera.register_filter("counted", move |count: u64, arguments: Kwargs, _: &State<'_>| {
            let key = arguments.must_get::<&str>("key")?;
            let missing = || tera::Error::message(format!("no strings `{key}_one`, `{key}_other`"));
            words.counted(key, count).ok_or_else(missing)
        });
        let templates = texts.iter().map(|(path, text)| (path.as_str(), text.text()));
        match tera.add_raw_templates(templates.collect::<Vec<_>>()) {
            Ok(()) => Some(tera),
            Err(error) => {
                self.diagnostics.push(error::diagnostic(&error, texts, None));
                None
            }
        }
    }
}

impl Theme {
    /// The script that keeps pages for reading offline, if there is one and the settings want it.
    pub fn worker(&self, config: &Config) -> Option<&str> {
        self.worker.as_deref().filter(|_| config.has_offline)
    }

    /// Renders one template.
    ///
    /// # Errors
    ///
    /// `theme/template`, placed in the template, naming the page that was being made and every template on the way.
    pub fn render(
        &self,
        template: &str,
        context: &tera::Context,
        page: &str,
    ) -> Result<String, Box<Diagnostic>> {
        self.tera.render(template, context).map_err(|error| {
            let rendering = Some(error::Rendering { template, page });
            Box::new(error::diagnostic(&error, &self.texts, rendering))
        })
    }
}

fn worker(files: &Files) -> Option<String> {
    let (_, bytes) = files.get(WORKER)?;
    let text = String::from_utf8_lossy(bytes);
    let smaller = minify::minified(WORKER, &text).unwrap_or_else(|| text.into_owned());
    (!smaller.trim().is_empty()).then_some(smaller)
}

fn asset(name: &str, bytes: Arc<[u8]>) -> Asset {
    let text = std::str::from_utf8(&bytes).ok();
    let smaller = text.and_then(|text| minify::minified(name, text));
    let bytes = smaller.map_or(bytes.clone(), |text| text.into_bytes().into());
    let file = name.rsplit('/').next().unwrap_or(name);
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, "bin"));
    let digest = blake3::hash(&bytes).to_hex();
    // Ten hexadecimal digits tell apart every version that a site will ever have.
    let path = format!("assets/{stem}.{}.{extension}", &digest[..10]);
    let path = OutputPath::new(&path).expect("theme files have checked names");
    Asset { name: name.to_owned(), path, bytes }
}

fn built_in() -> Files {
    let mut files = Files::new();
    let mut folders = vec![&FOLIO];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        for file in folder.files() {
            let inside = file.path().to_string_lossy().replace('\\', "/");
            let path = ContentPath::new(&format!("{THEMES}/{BUILT_IN}/{inside}"));
            files.insert(inside, (path, file.contents().into()));
        }
    }
    files
}
