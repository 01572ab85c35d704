//! `robots.txt`: everything may be read.

use super::File;
use crate::config::Config;
use crate::path::UrlPath;

pub(super) fn robots(config: &Config) -> File {
    let mut text = String::from("User-agent: *\nAllow: /\n");
    if let Some(base_url) = &config.base_url {
        text.push_str(&format!("\nSitemap: {base_url}sitemap.xml\n"));
    }
    File { url: UrlPath::new("/robots.txt"), text }
}
