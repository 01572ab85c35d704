//! What is known of a finished file, as text that a cache keeps from one run to the next.
//!
//! Takes [`Facts`], gives lines, and reads them back. Only files about which nothing is to be said are
//! kept, so that no finding is ever told from memory; a text that is not wholly as expected is none.

use super::Facts;
use super::landing::PlaceLink;
use crate::bundle::Entry;
use crate::path::{OutputPath, UrlPath};

impl Facts {
    /// One line for the file, then one for each asset, anchor and link to a place.
    ///
    /// `None` if something was found, or a name holds what divides lines and fields.
    pub fn to_kept(&self) -> Option<String> {
        let mut lines = Vec::new();
        let digest = blake3::Hash::from_bytes(self.entry.digest).to_hex();
        lines.push(
            [self.entry.path.as_str(), &digest, &self.entry.size_bytes.to_string()].join("\t"),
        );
        lines.extend(self.assets.iter().map(|asset| format!("asset\t{asset}")));
        lines.extend(self.anchors.iter().map(|anchor| format!("anchor\t{anchor}")));
        lines.extend(self.places.iter().map(|PlaceLink { written, target, fragment }| {
            format!("place\t{written}\t{target}\t{fragment}")
        }));
        let text = lines.join("\n");
        (Self::from_kept(&text).as_ref() == Some(self)).then_some(text)
    }

    /// Reads what [`to_kept`](Self::to_kept) wrote.
    pub fn from_kept(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let mut first = lines.next()?.split('\t');
        let path = OutputPath::new(first.next()?).ok()?;
        let digest = *blake3::Hash::from_hex(first.next()?).ok()?.as_bytes();
        let entry = Entry { path, digest, size_bytes: first.next()?.parse().ok()? };
        let mut facts = Self::new(entry);
        for line in lines {
            let fields: Vec<&str> = line.split('\t').collect();
            match fields[..] {
                ["asset", asset] => facts.assets.push(UrlPath::new(asset)),
                ["anchor", anchor] => facts.anchors.push(anchor.to_owned()),
                ["place", written, target, fragment] => facts.places.push(PlaceLink {
                    written: written.to_owned(),
                    target: UrlPath::new(target),
                    fragment: fragment.to_owned(),
                }),
                _ => return None,
            }
        }
        Some(facts)
    }
}
