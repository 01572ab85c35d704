//! A build, from sources in memory to a site in memory.
//!
//! The function [`build`] is the list of stages, in the order in which they run. None of them reads a
//! disk, a clock or the environment: what they need of those is an argument.

use rayon::prelude::*;

use crate::bundle::Bundle;
use crate::cache::{Cache, Key};
use crate::config::{self, Config};
use crate::date::Date;
use crate::diagnostic::{self, Checked, Diagnostic};
use crate::document::{self, Document};
use crate::export;
use crate::finish::{self, Targets};
use crate::guide::{self, Drafts, Guide};
use crate::markup;
use crate::offline;
use crate::plan::{self, Content, Plan};
use crate::render::{self, Site};
use crate::rules;
use crate::search;
use crate::source::Sources;
use crate::theme;

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
    /// The site; `None` if anything found is an error.
    pub bundle: Option<Bundle>,
}

/// Builds a site. The cache is only ever a matter of time.
pub fn build(sources: &Sources, cache: &Cache, options: &Options) -> Outcome {
    let mut found = Vec::new();
    let Some(config) = settings(sources, options).unpack(&mut found) else {
        return Outcome { diagnostics: sorted(found), config: None, guide: None, bundle: None };
    };
    let documents = parse(sources, &config).unpack(&mut found);
    let guide = guide::assemble(documents, sources, &config, options.drafts).unpack(&mut found);
    found.extend(rules::check(&guide, &config, options.today));
    let theme = theme::load(sources, &config.theme, &config.language).unpack(&mut found);
    let mut found = config.rules.apply(found);
    let bundle = theme.filter(|_| !diagnostic::has_errors(&found)).and_then(|theme| {
        let exports = export::all(&guide, &config);
        let index = search::index(&guide, &config, cache);
        let plan = plan::plan(&guide, &config, &theme, exports, &index).unpack(&mut found);
        markup::highlight_all(guide.code(), cache);
        let site = Site::new(&guide, &config, &theme, cache, index.root());
        let bundle = pages(&site, &plan, cache).unpack(&mut found);
        found = config.rules.apply(std::mem::take(&mut found));
        (!diagnostic::has_errors(&found)).then_some(bundle)
    });
    Outcome { diagnostics: sorted(found), config: Some(config), guide: Some(guide), bundle }
}

fn sorted(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostic::sort(&mut diagnostics);
    diagnostics
}

fn settings(sources: &Sources, options: &Options) -> Checked<Option<Config>> {
    let mut checked = config::load(sources.settings.as_ref());
    if let (Some(config), Some(base_url)) = (&mut checked.value, &options.base_url) {
        config.base_url = Some(base_url.clone());
    }
    checked
}

/// Parses every page, in parallel; the order is that of the sources.
pub fn parse(sources: &Sources, config: &Config) -> Checked<Vec<Document>> {
    let parsed: Vec<_> =
        sources.pages.par_iter().map(|source| document::parse(source, &config.limits)).collect();
    let mut diagnostics = Vec::new();
    let value = parsed.into_iter().filter_map(|checked| checked.unpack(&mut diagnostics)).collect();
    Checked { value, diagnostics }
}

/// Renders and finishes every output, in parallel; what the build before finished from the same bytes
/// is not finished again.
pub fn pages(site: &Site<'_>, plan: &Plan, cache: &Cache) -> Checked<Bundle> {
    let paths = plan.outputs.iter().map(|output| output.url.output());
    let targets = Targets::new(paths, &site.config.base_path());
    let made: Vec<_> = plan
        .outputs
        .par_iter()
        .filter(|output| !matches!(output.content, Content::Worker | Content::Keepable))
        .map(|output| {
            let bytes = render::render(site, output)?;
            let inputs = [output.url.as_str().as_bytes(), targets.key().as_bytes(), &bytes];
            let key = Key::new("finished page", &inputs);
            Ok::<_, Box<Diagnostic>>(
                cache.value(key, || finish::page(&output.url, bytes, &targets)),
            )
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
    if diagnostics.is_empty() {
        if let Some(worker) = site.theme.worker(site.config) {
            finished.extend(offline::files(&finished, worker));
        }
        return finish::bundle(&finished);
    }
    Checked { value: Bundle::default(), diagnostics }
}
