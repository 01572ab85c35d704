//! Files made from the guide for programs: one file per format.
//!
//! Takes the guide and its settings, gives the text of a [`Format`] of the whole guide, or the
//! [`twin`] of one question; a new format is a new file here and a line in each function of [`Format`].
//! None of them sees a theme.

mod feed;
pub mod host;
mod json;
mod llms;
mod markdown;
mod robots;
mod sitemap;

pub use self::markdown::{twin, twin_url};
use crate::config::Config;
use crate::guide::Guide;
use crate::path::UrlPath;

/// A format of the whole guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The metadata of every question.
    Questions,
    /// The guide as a list of Markdown files.
    Llms,
    /// What crawlers may read.
    Robots,
    /// The pages changed last.
    Feed,
    /// Every page with its day of change.
    Sitemap,
}

impl Format {
    /// The formats of a guide.
    ///
    /// Feed and sitemap name absolute addresses, so a guide without `base_url` has neither.
    pub fn of(config: &Config) -> Vec<Self> {
        let mut formats = vec![Self::Questions, Self::Llms, Self::Robots];
        if config.base_url.is_some() {
            formats.extend([Self::Feed, Self::Sitemap]);
        }
        formats
    }

    /// Where it is published.
    pub fn url(self) -> UrlPath {
        UrlPath::new(match self {
            Self::Questions => "/questions.json",
            Self::Llms => llms::ADDRESS,
            Self::Robots => "/robots.txt",
            Self::Feed => feed::ADDRESS,
            Self::Sitemap => "/sitemap.xml",
        })
    }

    /// Its text.
    pub fn text(self, guide: &Guide, config: &Config) -> String {
        let base_url = config.base_url.as_deref().unwrap_or_default();
        match self {
            Self::Questions => json::questions(guide, config),
            Self::Llms => llms::index(guide, config),
            Self::Robots => robots::robots(config),
            Self::Feed => feed::atom(guide, config, base_url),
            Self::Sitemap => sitemap::sitemap(guide, config, base_url),
        }
    }
}

/// An absolute address.
fn absolute(base_url: &str, url: &UrlPath) -> String {
    format!("{}{}", base_url.trim_end_matches('/'), url)
}

/// Text for XML content and attributes; characters that XML forbids are dropped.
fn xml(text: &str) -> String {
    let allowed = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    crate::markup::escaped(&text.chars().filter(allowed).collect::<String>())
}
