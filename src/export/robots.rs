//! `robots.txt`: everything may be read.

use crate::config::Config;

pub(super) fn robots(config: &Config) -> String {
    let mut text = String::from("User-agent: *\nAllow: /\n");
    if let Some(base_url) = &config.base_url {
        text.push_str(&format!("\nSitemap: {base_url}sitemap.xml\n"));
    }
    text
}
