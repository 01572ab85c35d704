//! Files made from the guide for programs: one file per format.
//!
//! Each format of a whole guide is a pure function from it to a [`File`]; a new one is a new file here
//! and a line in [`all`]. What is made of each question, its [`twin`], is made when it is published. None
//! of them sees a theme.

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

/// An exported file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it is published.
    pub url: UrlPath,
    /// Its text.
    pub text: String,
}

/// Every export of a whole guide.
///
/// Feed and sitemap name absolute addresses, so a guide without `base_url` has neither.
pub fn all(guide: &Guide, config: &Config) -> Vec<File> {
    let mut files =
        vec![json::questions(guide, config), llms::index(guide, config), robots::robots(config)];
    if let Some(base_url) = &config.base_url {
        files.push(feed::atom(guide, config, base_url));
        files.push(sitemap::sitemap(guide, config, base_url));
    }
    files
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
