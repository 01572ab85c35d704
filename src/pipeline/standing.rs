//! One page made anew, before anybody knows the rest: what an author sees while typing.
//!
//! Takes what the last build has left and the new text of one page, gives that page as the next build
//! will make it. Where the page's place in the guide may have changed, or there is something to say
//! about its text, it gives nothing: the answer is then worth waiting for.

use std::sync::Arc;

use super::Outcome;
use crate::cache::Cache;
use crate::config::Config;
use crate::document;
use crate::finish::{self, Finished, Targets};
use crate::guide::{Guide, Reworded};
use crate::plan::{Content, Output};
use crate::render::{self, Site};
use crate::text::SourceText;
use crate::theme::Theme;

/// What a good build has left.
#[derive(Debug)]
pub struct Standing {
    guide: Guide,
    config: Config,
    theme: Theme,
    targets: Targets,
}

impl Standing {
    /// What pages can be made from after a build, if it has given a site.
    pub fn of(outcome: Outcome) -> Option<Self> {
        let Outcome { guide, config, theme, manifest, .. } = outcome;
        let (guide, config, theme, manifest) = (guide?, config?, theme?, manifest?);
        let addresses = manifest.into_iter().map(|entry| entry.path.url());
        let targets = Targets::new(addresses, &config.base_path());
        Some(Self { guide, config, theme, targets })
    }

    /// The page of a text, if its place in the guide cannot have changed with it.
    pub fn page(self, source: &Arc<SourceText>, cache: &Cache) -> (Self, Option<Finished>) {
        let parsed = document::parse(source, &self.config.limits);
        let Some(document) = parsed.value.filter(|_| parsed.diagnostics.is_empty()) else {
            return (self, None);
        };
        let (guide, reworded) = self.guide.reworded(&Arc::new(document));
        let standing = Self { guide, ..self };
        let page = reworded.and_then(|reworded| standing.finished(reworded, cache));
        (standing, page)
    }

    fn finished(&self, reworded: Reworded, cache: &Cache) -> Option<Finished> {
        let (url, content) = match reworded {
            Reworded::Question(id) => (&self.guide.question(id).url, Content::Question(id)),
            Reworded::Page(index) => (&self.guide.pages[index].url, Content::GuidePage(index)),
        };
        let output = Output { url: url.clone(), origin: String::new(), place: None, content };
        let site = Site::new(&self.guide, &self.config, &self.theme, cache);
        // What a template has to complain of, the build says with everything else.
        let bytes = render::render(&site, &output).ok()?;
        Some(finish::page(url, bytes, &self.targets)).filter(|page| page.facts.is_good())
    }
}
