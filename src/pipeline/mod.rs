//! A build, from sources in memory to a site on a shelf.
//!
//! The functions [`read`] and [`build`] are the list of stages, in the order in which they run. None of
//! them reads a disk, a clock or the environment: what they need of those is an argument.

mod standing;

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use crate::bundle::{Entry, Manifest, Shelf};
use crate::cache::{Cache, Key};
use crate::config::{self, Config};
use crate::date::Date;
use crate::diagnostic::{self, Checked, Diagnostic};
use crate::document::{self, Document};
use crate::finish::{self, Facts, Finished, Targets};
use crate::guide::{self, Drafts, Guide};
use crate::markup;
use crate::offline;
use crate::path::ContentPath;
use crate::plan::{self, Content, Plan};
use crate::render::{self, Inputs, Site};
use crate::rules;
use crate::search;
use crate::source::{SETTINGS, Sources};
use crate::text::SourceText;
use crate::theme::{self, Theme};

pub use standing::Standing;

/// What a build is told besides its sources.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether drafts are part of the site.
    pub drafts: Drafts,
    /// An address that replaces the one in the settings.
    pub base_url: Option<String>,
    /// The day of the build.
    pub today: Date,
}

/// What a build gives.
#[derive(Debug)]
pub struct Outcome {
    /// Everything found, sorted, at the levels of the settings.
    pub diagnostics: Vec<Diagnostic>,
    /// The settings, if they could be read.
    pub config: Option<Config>,
    /// The guide, if the settings could be read.
    pub guide: Option<Guide>,
    /// The theme, if pages were to be made and it could be read.
    pub theme: Option<Theme>,
    /// What the site consists of; `None` if anything found is an error, and then what is on the shelf
    /// is no site.
    pub manifest: Option<Manifest>,
}

/// Reads a guide, without making pages of it.
pub fn read(sources: &Sources, cache: &Cache, options: &Options) -> Outcome {
    let mut found = Vec::new();
    let Some(config) = settings(sources, options).unpack(&mut found) else {
        return Outcome {
            diagnostics: sorted(found),
            config: None,
            guide: None,
            theme: None,
            manifest: None,
        };
    };
    let mut parsed = parse(sources, &config, cache);
    if options.drafts == Drafts::Excluded {
        excuse_drafts(&mut parsed);
    }
    let documents = parsed.unpack(&mut found);
    let guide = guide::assemble(documents, sources, &config, options.drafts).unpack(&mut found);
    found.extend(rules::check(&guide, &config, options.today, cache));
    let diagnostics = sorted(config.rules.apply(found));
    Outcome { diagnostics, config: Some(config), guide: Some(guide), theme: None, manifest: None }
}

/// Builds a site onto a shelf. The cache is only ever a matter of time.
pub fn build(sources: &Sources, cache: &Cache, options: &Options, shelf: &dyn Shelf) -> Outcome {
    // The settings are read twice, so that the theme need not wait for the guide.
    let (outcome, theme) = rayon::join(
        || read(sources, cache, options),
        || {
            let config = settings(sources, options).value?;
            Some(theme::load(sources, &config.theme, &config.language))
        },
    );
    let (Some(config), Some(guide)) = (&outcome.config, &outcome.guide) else { return outcome };
    let mut found = Vec::new();
    let theme = theme.and_then(|theme| theme.unpack(&mut found));
    let mut found = config.rules.apply(found);
    // A file that could not be read is an error of the reader's, and pages would lack what it holds.
    let is_good = sources.unread.is_empty()
        && !diagnostic::has_errors(&outcome.diagnostics)
        && !diagnostic::has_errors(&found);
    let theme_of_site = theme.as_ref().filter(|_| is_good);
    let (pages, index) = rayon::join(
        || {
            let site = Site::new(guide, config, theme_of_site?, cache);
            outputs(&site, sources, shelf).unpack(&mut found)
        },
        || theme_of_site.map(|_| search::index(guide, config, cache, shelf)),
    );
    let manifest = theme_of_site.zip(pages.zip(index)).map(|(theme, (pages, index))| {
        whole(pages, index, theme.worker(config), shelf).unpack(&mut found)
    });
    let mut found = config.rules.apply(found);
    let manifest = manifest.filter(|_| !diagnostic::has_errors(&found));
    found.extend(outcome.diagnostics);
    Outcome { diagnostics: sorted(found), theme, manifest, ..outcome }
}

fn sorted(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostic::sort(&mut diagnostics);
    diagnostics
}

fn settings(sources: &Sources, options: &Options) -> Checked<Option<Config>> {
    // Settings that are there and could not be read are not missing.
    if sources.settings.is_none() && sources.unread.contains(&ContentPath::new(SETTINGS)) {
        return Checked { value: None, diagnostics: Vec::new() };
    }
    let mut checked = config::load(sources.settings.as_ref());
    if let (Some(config), Some(base_url)) = (&mut checked.value, &options.base_url) {
        config.base_url = Some(base_url.clone());
    }
    checked
}

/// Drops what was found in drafts: what is no part of the site keeps nobody from publishing it.
fn excuse_drafts(parsed: &mut Checked<Vec<Arc<Document>>>) {
    let drafts = parsed.value.iter().filter(|document| document.is_draft());
    let drafts: BTreeSet<_> = drafts.map(|document| document.source.path()).collect();
    parsed.diagnostics.retain(|found| !found.file().is_some_and(|file| drafts.contains(file)));
}

/// Parses every page, in parallel; the order is that of the sources.
pub fn parse(sources: &Sources, config: &Config, cache: &Cache) -> Checked<Vec<Arc<Document>>> {
    let limits = format!("{:?}", config.limits);
    let parse = |source: &Arc<SourceText>| {
        let key = Key::new("document", &[limits.as_bytes(), source.digest()]);
        cache.value(key, || parsed(source, config, key, cache))
    };
    let parsed: Vec<_> = sources.pages.par_iter().map(parse).collect();
    let diagnostics = parsed.iter().flat_map(|checked| checked.diagnostics.iter().cloned());
    let documents = parsed.iter().filter_map(|checked| checked.value.clone());
    Checked { value: documents.collect(), diagnostics: diagnostics.collect() }
}

/// One page, from an earlier run if that found nothing to say about it.
fn parsed(
    source: &Arc<SourceText>,
    config: &Config,
    key: Key,
    cache: &Cache,
) -> Checked<Option<Arc<Document>>> {
    if let Some((matter, body)) = cache.recall(key) {
        let document = Document { source: Arc::clone(source), matter, body };
        return Checked { value: Some(Arc::new(document)), diagnostics: Vec::new() };
    }
    let Checked { value, diagnostics } = document::parse(source, &config.limits);
    if let Some(document) = value.as_ref().filter(|_| diagnostics.is_empty()) {
        cache.remember(key, &(&document.matter, &document.body));
    }
    Checked { value: value.map(Arc::new), diagnostics }
}

/// A file that was finished before from the same inputs, if the shelf has its bytes.
fn taken(key: Key, cache: &Cache, shelf: &dyn Shelf) -> Option<Arc<Facts>> {
    let facts: Facts = cache.recall(key)?;
    shelf.take(facts.entry()).then(|| Arc::new(facts))
}

/// Plans and makes every file of a site but those of the search index; `None` if one could not be made.
fn outputs(
    site: &Site<'_>,
    sources: &Sources,
    shelf: &dyn Shelf,
) -> Checked<Option<Vec<Arc<Facts>>>> {
    let Site { guide, config, theme, cache, .. } = site;
    let mut found = Vec::new();
    let ((plan, inputs), ()) = rayon::join(
        || (plan::plan(guide, config, theme).unpack(&mut found), Inputs::of(site, sources)),
        || markup::highlight_all(guide.code(), cache),
    );
    let Checked { value, diagnostics } = pages(site, &inputs, &plan, cache, shelf);
    // Links to a page that could not be made are not astray.
    let value = diagnostics.is_empty().then_some(value);
    found.extend(diagnostics);
    Checked { value, diagnostics: found }
}

/// Adds what is made when all other files are, and lists the whole site.
fn whole(
    pages: Vec<Arc<Facts>>,
    index: Vec<Entry>,
    worker: Option<&str>,
    shelf: &dyn Shelf,
) -> Checked<Manifest> {
    let mut files = pages;
    files.extend(index.into_iter().map(|entry| Arc::new(Facts::new(entry))));
    if let Some(worker) = worker {
        files.extend(offline::files(&files, worker).iter().map(|file| put(file, shelf)));
    }
    finish::manifest(&files)
}

/// Puts a finished file on the shelf; what is known of it stays.
fn put(file: &Finished, shelf: &dyn Shelf) -> Arc<Facts> {
    shelf.put(file.facts.entry(), &file.bytes);
    Arc::clone(&file.facts)
}

/// Renders and finishes every output of the plan, in parallel, and puts each on the shelf as soon as it
/// is final; what an earlier build made from the same inputs is not made again.
pub fn pages(
    site: &Site<'_>,
    inputs: &Inputs,
    plan: &Plan,
    cache: &Cache,
    shelf: &dyn Shelf,
) -> Checked<Vec<Arc<Facts>>> {
    let addresses = plan.outputs.iter().map(|output| output.url.clone());
    let targets = Targets::new(addresses, &site.config.base_path());
    let made: Vec<_> = plan
        .outputs
        .par_iter()
        .filter(|output| {
            !matches!(output.content, Content::SearchRoot | Content::Worker | Content::Keepable)
        })
        .map(|output| {
            let make = || {
                let bytes = render::render(site, output)?;
                Ok::<_, Box<Diagnostic>>(finish::page(&output.url, bytes, &targets))
            };
            let Some(key) = inputs.key(site, output) else {
                return make().map(|file| put(&file, shelf));
            };
            let key = Key::new("finished page", &[key.as_bytes(), targets.key().as_bytes()]);
            if let Some(facts) = taken(key, cache, shelf) {
                return Ok(facts);
            }
            let finished = cache.try_value(key, make)?;
            if finished.facts.is_good() {
                cache.remember(key, &*finished.facts);
            }
            Ok(put(&finished, shelf))
        })
        .collect();
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let mut finished = Vec::with_capacity(made.len());
    for page in made {
        match page {
            Ok(page) => finished.push(page),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    // A template with a mistake makes the same one on every page it renders.
    diagnostics.sort_by(|a: &Diagnostic, b| a.message.cmp(&b.message));
    diagnostics.dedup_by(|a, b| a.origin == b.origin && a.message == b.message);
    Checked { value: finished, diagnostics }
}
