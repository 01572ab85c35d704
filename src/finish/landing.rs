//! Where the links of finished pages lead.
//!
//! Takes links as pages write them, gives those that have no target, with the reason. Paths are looked
//! up while a page is finished, so that only links to a place on another page wait for the end.

use std::collections::HashSet;

use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};

use crate::cache::Key;
use crate::path::UrlPath;

/// What links may lead to.
#[derive(Debug)]
pub struct Targets {
    /// By address, which is what links name.
    addresses: HashSet<UrlPath, RandomState>,
    base_path: String,
    key: Key,
}

impl Targets {
    /// Every file of a site, by the address that a host serves it under.
    ///
    /// `base_path` is what stands in front of every address on the host: `/`, or `/guide/`.
    pub fn new(addresses: impl IntoIterator<Item = UrlPath>, base_path: &str) -> Self {
        let addresses: Vec<UrlPath> = addresses.into_iter().collect();
        let mut parts: Vec<&[u8]> =
            addresses.iter().map(|address| address.as_str().as_bytes()).collect();
        parts.push(base_path.as_bytes());
        let key = Key::new("targets", &parts);
        Self { addresses: addresses.into_iter().collect(), base_path: base_path.to_owned(), key }
    }

    /// The digest of all of it.
    pub fn key(&self) -> &Key {
        &self.key
    }
}

/// Where a link leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Landing {
    /// To another site.
    Elsewhere,
    /// To a file of the site.
    Page,
    /// To a file of the theme.
    Asset(UrlPath),
    /// To a place on a page, which has to be looked for when every page is finished.
    Place(PlaceLink),
}

/// A link to a place on a page.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PlaceLink {
    pub(super) written: String,
    pub(super) target: UrlPath,
    pub(super) fragment: String,
}

/// Follows a link of a page.
///
/// # Errors
///
/// Completes "the link … of …".
pub(super) fn follow(page: &UrlPath, link: &str, targets: &Targets) -> Result<Landing, String> {
    if link.is_empty() {
        return Err("leads nowhere".to_owned());
    }
    let is_elsewhere =
        ["https://", "http://", "mailto:"].iter().any(|scheme| link.starts_with(scheme));
    if is_elsewhere {
        return Ok(Landing::Elsewhere);
    }
    let (address, fragment) = link.split_once('#').unwrap_or((link, ""));
    let address = address.split('?').next().unwrap_or(address);
    let target = match address {
        "" => page.as_str().to_owned(),
        _ => resolve(page.as_str(), address, &targets.base_path).ok_or("leaves the site")?,
    };
    let known = target.strip_suffix("index.html").filter(|folder| folder.ends_with('/'));
    if !targets.addresses.contains(known.unwrap_or(&target)) {
        return Err("leads to no file of the site".to_owned());
    }
    let is_page = target.ends_with('/') || target.ends_with(".html");
    Ok(if target.starts_with("/assets/") {
        Landing::Asset(UrlPath::new(&target))
    } else if fragment.is_empty() || !is_page {
        Landing::Page
    } else {
        Landing::Place(PlaceLink {
            written: link.to_owned(),
            target: UrlPath::new(&target),
            fragment: fragment.to_owned(),
        })
    })
}

/// Resolves an address as a browser does (WHATWG URL, without schemes and hosts).
fn resolve(page: &str, address: &str, base_path: &str) -> Option<String> {
    if let Some(inside) = address.strip_prefix(base_path) {
        return Some(format!("/{inside}"));
    }
    if address.starts_with('/') {
        return None;
    }
    let mut folder = page[..=page.rfind('/')?].to_owned();
    for segment in address.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                let above = folder.strip_suffix('/')?.rfind('/')?;
                folder.truncate(above + 1);
            }
            name => {
                folder.push_str(name);
                folder.push('/');
            }
        }
    }
    if !address.ends_with(['/', '.']) {
        folder.pop();
    }
    Some(folder)
}
