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
    Loads { targets, limit, known: BTreeMap::new() }.of(root, 0).map(|known| known.load)
}

/// What is known of an element.
#[derive(Clone, Copy, Debug)]
struct Known {
    load: u64,
    /// How deep references and elements nest in it.
    depth: usize,
}

struct Loads<'a, 'input> {
    targets: BTreeMap<&'a str, Node<'a, 'input>>,
    limit: usize,
    /// `None` while the load of the element is being told.
    known: BTreeMap<u32, Option<Known>>,
}

impl Loads<'_, '_> {
    fn of(&mut self, node: Node<'_, '_>, around: usize) -> Result<Known, Endless> {
        match self.known.insert(node.id().get(), None) {
            // What was told where it stands by itself may be too deep where it is used.
            Some(Some(known)) if around + known.depth <= self.limit => {
                self.known.insert(node.id().get(), Some(known));
                return Ok(known);
            }
            Some(None) => return Err(Endless::Ring),
            Some(Some(_)) => return Err(Endless::Deep),
            None if around > self.limit => return Err(Endless::Deep),
            None => {}
        }
        let (mut load, mut depth) = (1 + own(node), 0);
        for child in node.children().filter(Node::is_element) {
            let inside = self.of(child, around + 1)?;
            load = load.saturating_add(inside.load);
            depth = depth.max(inside.depth + 1);
        }
        let mut markers = 0_u64;
        for attribute in node.attributes() {
            let Some(target) = reference(attribute.value(), attribute.name() == "href") else {
                continue;
            };
            let Some(target) = self.targets.get(target).copied() else { continue };
            let drawn = self.of(target, around + 1)?;
            depth = depth.max(drawn.depth + 1);
            match attribute.name().starts_with("marker-") {
                true => markers = markers.saturating_add(drawn.load),
                false => load = load.saturating_add(drawn.load),
            }
        }
        // A marker stands at each point of a line, and of every line inside.
        load = load.saturating_add(load.saturating_mul(markers));
        let known = Known { load, depth };
        self.known.insert(node.id().get(), Some(known));
        Ok(known)
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
        let backwards: String =
            (0..50).rev().map(|n| format!("<use id=\"a{n}\" href=\"#a{}\"/>", n + 1)).collect();
        assert_eq!(of(&backwards), Err(Endless::Deep));
    }
}
