//! How much a browser has to draw for a drawing.
//!
//! Takes a drawing, gives the number of its elements, coordinates and letters, each as often as it is
//! drawn: ten elements that use ten others, which use ten others, are ten lines and a thousand shapes.
//! Knows nothing of what is allowed in a drawing.

use std::collections::BTreeMap;

use roxmltree::Node;

/// Why a load cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endless {
    /// Something refers to itself, or to what refers to it.
    Ring,
    /// Elements in elements, or references to references, more than the limit.
    Deep,
}

/// The load of `root`, in which references and elements may nest `limit` deep.
pub(super) fn load(root: Node<'_, '_>, limit: usize) -> Result<u64, Endless> {
    let mut targets = BTreeMap::new();
    for node in root.descendants() {
        if let Some(id) = node.attribute("id") {
            // Of two elements with one id, references find the first.
            targets.entry(id).or_insert(node);
        }
    }
    Loads { targets, limit, known: BTreeMap::new() }.of(root, 0)
}

struct Loads<'a, 'input> {
    targets: BTreeMap<&'a str, Node<'a, 'input>>,
    limit: usize,
    /// `None` while the load of the element is being told.
    known: BTreeMap<u32, Option<u64>>,
}

impl Loads<'_, '_> {
    fn of(&mut self, node: Node<'_, '_>, depth: usize) -> Result<u64, Endless> {
        match self.known.insert(node.id().get(), None) {
            Some(Some(load)) => {
                self.known.insert(node.id().get(), Some(load));
                return Ok(load);
            }
            Some(None) => return Err(Endless::Ring),
            None if depth > self.limit => return Err(Endless::Deep),
            None => {}
        }
        let mut load = 1 + own(node);
        for child in node.children().filter(Node::is_element) {
            load = load.saturating_add(self.of(child, depth + 1)?);
        }
        let mut markers = 0_u64;
        for attribute in node.attributes() {
            let Some(target) = reference(attribute.value(), attribute.name() == "href") else {
                continue;
            };
            let Some(target) = self.targets.get(target).copied() else { continue };
            let drawn = self.of(target, depth + 1)?;
            match attribute.name().starts_with("marker-") {
                true => markers = markers.saturating_add(drawn),
                false => load = load.saturating_add(drawn),
            }
        }
        // A marker stands at each point of a line, and of every line inside.
        load = load.saturating_add(load.saturating_mul(markers));
        self.known.insert(node.id().get(), Some(load));
        Ok(load)
    }
}

/// The coordinates and letters of an element itself.
fn own(node: Node<'_, '_>) -> u64 {
    let coordinates = ["d", "points"]
        .into_iter()
        .filter_map(|name| node.attribute(name))
        .flat_map(|value| value.split(|c: char| !c.is_ascii_digit()))
        .filter(|digits| !digits.is_empty())
        .count();
    let letters: usize = node
        .children()
        .filter(Node::is_text)
        .filter_map(|text| text.text())
        .map(|text| text.trim().len())
        .sum();
    (coordinates + letters) as u64
}

/// The id that a value refers to.
fn reference(value: &str, is_address: bool) -> Option<&str> {
    match is_address {
        true => value.strip_prefix('#'),
        false => value.strip_prefix("url(#")?.strip_suffix(')'),
    }
}

#[cfg(test)]
mod tests {
    use roxmltree::Document;

    use super::*;

    fn of(inside: &str) -> Result<u64, Endless> {
        let svg = format!("<svg>{inside}</svg>");
        load(Document::parse(&svg).expect("it is well-formed").root_element(), 40)
    }

    #[test]
    fn what_is_referred_to_counts_each_time() {
        assert_eq!(of("<path d=\"M0 0\"/>"), Ok(1 + 3));
        assert_eq!(of("<text>abc</text>"), Ok(1 + 4));
        let used = "<g id=\"a\"><rect/><rect/></g><use href=\"#a\"/><use href=\"#a\"/>";
        assert_eq!(of(used), Ok(1 + 3 + 2 * 4));
        let masked = "<mask id=\"m\"><rect/></mask><rect mask=\"url(#m)\"/>";
        assert_eq!(of(masked), Ok(1 + 2 + 3));
    }

    #[test]
    fn a_marker_stands_at_each_point() {
        let marker = "<marker id=\"m\"><rect/></marker>";
        let line = format!("{marker}<path d=\"M0 0 1 1\" marker-mid=\"url(#m)\"/>");
        assert_eq!(of(&line), Ok(1 + 2 + 5 + 5 * 2));
        let group = format!("{marker}<g marker-mid=\"url(#m)\"><path d=\"M0 0 1 1\"/></g>");
        assert_eq!(of(&group), Ok(1 + 2 + 6 + 6 * 2));
    }

    #[test]
    fn what_has_no_end_is_told() {
        assert_eq!(of("<g id=\"a\"><use href=\"#a\"/></g>"), Err(Endless::Ring));
        assert_eq!(
            of("<use id=\"a\" href=\"#b\"/><use id=\"b\" href=\"#a\"/>"),
            Err(Endless::Ring)
        );
        let chain: String =
            (0..50).map(|n| format!("<use id=\"a{n}\" href=\"#a{}\"/>", n + 1)).collect();
        assert_eq!(of(&chain), Err(Endless::Deep));
    }
}
