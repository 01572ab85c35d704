//! Drawings: SVG files of contributors, rewritten from an allow-list.
//!
//! Takes SVG text, gives SVG that can stand inside a page: nothing in it can run, load or reach
//! outside itself, its ids carry a prefix, and its title and description name it for readers who do
//! not see it. What is not on the list is refused, not dropped, so that an author sees it.

mod load;

use std::fmt::Write as _;

use roxmltree::{Document, Node, ParsingOptions};

use self::load::Endless;

/// Elements that draw.
const ELEMENTS: [&str; 22] = [
    "svg",
    "g",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "title",
    "desc",
    "defs",
    "marker",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "symbol",
    "use",
];

/// Attributes that place and paint. `style`, `class` and every `on…` are not among them.
const ATTRIBUTES: [&str; 72] = [
    "aria-hidden",
    "clip-path",
    "clip-rule",
    "clipPathUnits",
    "cx",
    "cy",
    "d",
    "dominant-baseline",
    "dx",
    "dy",
    "fill",
    "fill-opacity",
    "fill-rule",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "fx",
    "fy",
    "gradientTransform",
    "gradientUnits",
    "height",
    "href",
    "id",
    "letter-spacing",
    "marker-end",
    "marker-mid",
    "marker-start",
    "markerHeight",
    "markerUnits",
    "markerWidth",
    "mask",
    "offset",
    "opacity",
    "orient",
    "paint-order",
    "pathLength",
    "points",
    "preserveAspectRatio",
    "r",
    "refX",
    "refY",
    "role",
    "rotate",
    "rx",
    "ry",
    "spreadMethod",
    "stop-color",
    "stop-opacity",
    "stroke",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-width",
    "text-anchor",
    "textLength",
    "transform",
    "vector-effect",
    "version",
    "viewBox",
    "visibility",
    "width",
    "word-spacing",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
];

/// Attributes of the outermost element that askbook sets itself, whatever the file says.
const ROOT_ATTRIBUTES: [&str; 6] =
    ["role", "width", "height", "version", "aria-labelledby", "aria-describedby"];

/// Deeper drawings are machine-made and could exhaust a stack.
const NESTING_LIMIT: usize = 40;
/// A drawing with more elements would weigh more than the page.
const NODE_LIMIT: u32 = 5_000;
/// How much more may be drawn than is written, by references. An arrow's head at each of fifty lines
/// comes to a tenth of it; a browser that has to draw a million shapes does nothing else.
const REFERENCE_LIMIT: u64 = 20_000;

/// Why a drawing is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong, to be read behind the file's name.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Whether it could have harmed a reader.
    pub is_unsafe: bool,
}

fn problem(message: impl Into<String>, help: &str, is_unsafe: bool) -> Problem {
    Problem { message: message.into(), help: help.to_owned(), is_unsafe }
}

/// Rewrites a drawing; ids become `prefix-id`.
///
/// # Errors
///
/// The first thing that is not on the list, not well-formed, or missing.
pub fn rewrite(svg: &str, prefix: &str) -> Result<String, Problem> {
    let options =
        ParsingOptions { allow_dtd: false, nodes_limit: NODE_LIMIT, ..Default::default() };
    let document = Document::parse_with_options(svg, options).map_err(|error| {
        problem(format!("is not well-formed: {error}"), "open it in a browser to see where", false)
    })?;
    let root = document.root_element();
    let is_svg = root.tag_name().name() == "svg"
        && root.tag_name().namespace() == Some("http://www.w3.org/2000/svg");
    if !is_svg || root.attribute("viewBox").is_none() {
        let help = "begin with `<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 W H\">`";
        return Err(problem("is not an SVG drawing with a `viewBox`", help, false));
    }
    for needed in ["title", "desc"] {
        let is_there = |node: &Node<'_, '_>| {
            node.tag_name().name() == needed
                && node.text().is_some_and(|text| !text.trim().is_empty())
        };
        if !root.children().any(|node| is_there(&node)) {
            let help = "say in `<title>` what is drawn and in `<desc>` what it shows";
            return Err(problem(format!("has no `<{needed}>`"), help, false));
        }
    }
    let mut out = String::with_capacity(svg.len());
    element(root, prefix, 0, &mut out)?;
    check_load(root, svg.len() as u64)?;
    Ok(out)
}

/// A few lines can be a drawing that no browser finishes.
fn check_load(root: Node<'_, '_>, written: u64) -> Result<(), Problem> {
    let (message, help) = match load::load(root, NESTING_LIMIT) {
        Ok(load) if load <= written + REFERENCE_LIMIT => return Ok(()),
        Ok(_) => ("draws too much by its references", "use less of what uses others"),
        Err(Endless::Ring) => ("refers to itself", "refer to what stands outside the reference"),
        Err(Endless::Deep) => ("is nested too deep", "flatten its groups and references"),
    };
    Err(problem(message, help, false))
}

fn element(
    node: Node<'_, '_>,
    prefix: &str,
    depth: usize,
    out: &mut String,
) -> Result<(), Problem> {
    let name = node.tag_name().name();
    if depth > NESTING_LIMIT {
        return Err(problem("is nested too deep", "flatten its groups", false));
    }
    if !ELEMENTS.contains(&name) {
        let help = "draw with shapes and text only; colours come from `currentColor`";
        return Err(problem(format!("holds the element `{name}`"), help, true));
    }
    let is_root = depth == 0;
    write!(out, "<{name}").expect("writing to a string cannot fail");
    if is_root {
        let label = format!(" role=\"img\" aria-labelledby=\"{prefix}-title {prefix}-desc\"");
        out.push_str(&label);
    } else if depth == 1 && matches!(name, "title" | "desc") {
        write!(out, " id=\"{prefix}-{name}\"").expect("writing to a string cannot fail");
    }
    for attribute in node.attributes() {
        let is_ours = is_root && ROOT_ATTRIBUTES.contains(&attribute.name())
            || depth == 1 && matches!(name, "title" | "desc") && attribute.name() == "id";
        if !is_ours {
            let value = checked_value(&attribute, prefix)?;
            write!(out, " {}=\"{}\"", attribute.name(), escaped(&value))
                .expect("writing to a string cannot fail");
        }
    }
    out.push('>');
    for child in node.children() {
        if child.is_element() {
            element(child, prefix, depth + 1, out)?;
        } else if let Some(text) = child.text().filter(|_| child.is_text())
            && matches!(name, "text" | "tspan" | "title" | "desc")
        {
            out.push_str(&escaped(text.trim_matches('\n')));
        }
    }
    write!(out, "</{name}>").expect("writing to a string cannot fail");
    Ok(())
}

/// The value of an allowed attribute; references stay inside the drawing.
fn checked_value(
    attribute: &roxmltree::Attribute<'_, '_>,
    prefix: &str,
) -> Result<String, Problem> {
    let (name, value) = (attribute.name(), attribute.value());
    let is_known = ATTRIBUTES.contains(&name);
    let is_foreign = attribute.namespace().is_some();
    if !is_known || is_foreign {
        let help = "use presentation attributes such as `fill` and `stroke`";
        return Err(problem(format!("holds the attribute `{name}`"), help, true));
    }
    let reference = "refer only to ids of the drawing itself: `#name`, `url(#name)`";
    match name {
        "id" if is_name(value) => Ok(format!("{prefix}-{value}")),
        "id" => {
            let help = "make ids of letters, digits, `-`, `_`, `.` and `:`";
            Err(problem(format!("has the id `{value}`"), help, true))
        }
        "href" => match value.strip_prefix('#').filter(|id| is_name(id)) {
            Some(id) => Ok(format!("#{prefix}-{id}")),
            None => Err(problem("refers to another file", reference, true)),
        },
        _ if value.contains('\\') => Err(problem(
            format!("escapes a character in `{name}`"),
            "write the character itself",
            true,
        )),
        _ if value.to_ascii_lowercase().contains("url(") => {
            let id = value.strip_prefix("url(#").and_then(|rest| rest.strip_suffix(')'));
            match id.filter(|id| is_name(id)) {
                Some(id) => Ok(format!("url(#{prefix}-{id})")),
                None => Err(problem("refers to another file", reference, true)),
            }
        }
        _ => match foreign_function(value) {
            Some(function) => {
                let message = format!("uses `{function}(` in `{name}`");
                Err(problem(message, "colours, transforms and `url(#name)` are allowed", true))
            }
            None => Ok(value.to_owned()),
        },
    }
}

/// Whether an id needs no quotation marks anywhere.
fn is_name(id: &str) -> bool {
    !id.is_empty() && id.chars().all(|c| c.is_alphanumeric() || "-_.:".contains(c))
}

/// Functions of CSS that load nothing. Others do, or will one day: `image-set`, `src`, `cross-fade`.
const FUNCTIONS: [&str; 14] = [
    "rgb",
    "rgba",
    "hsl",
    "hsla",
    "oklch",
    "translate",
    "rotate",
    "scale",
    "matrix",
    "skewx",
    "skewy",
    "calc",
    "var",
    "color-mix",
];

/// The first function in a value that is not on the list.
fn foreign_function(value: &str) -> Option<&str> {
    value.match_indices('(').find_map(|(at, _)| {
        let before = value[..at].trim_end();
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        let start = before
            .rfind(|c| !is_name(c))
            .map_or(0, |last| last + before[last..].chars().next().map_or(0, char::len_utf8));
        let name = &before[start..];
        (!FUNCTIONS.contains(&name.to_ascii_lowercase().as_str())).then_some(name)
    })
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    pulldown_cmark_escape::escape_html(&mut out, text).expect("writing to a string cannot fail");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(inside: &str) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><title>T</title><desc>D</desc>{inside}</svg>"
        )
    }

    #[test]
    fn a_drawing_is_named_and_its_ids_are_its_own() {
        let svg = svg("<defs><marker id=\"a\"/></defs><path d=\"M0 0\" marker-end=\"url(#a)\"/>");
        let out = rewrite(&svg, "ring").expect("all of it is allowed");
        assert!(
            out.starts_with("<svg role=\"img\" aria-labelledby=\"ring-title ring-desc\" viewBox=")
        );
        assert!(out.contains("marker id=\"ring-a\"") && out.contains("url(#ring-a)"));
    }

    #[test]
    fn nothing_that_runs_or_loads_gets_in() {
        for bad in [
            "<script>alert(1)</script>",
            "<rect onload=\"x\"/>",
            "<foreignObject/>",
            "<style>*{}</style>",
            "<use href=\"https://evil.example/x.svg#a\"/>",
            "<rect fill=\"url(https://evil.example/)\"/>",
            "<rect id=\"aURL(/\"/>",
            "<rect id=\"a b\"/>",
            "<use href=\"#a)\"/>",
            "<rect fill=\"URL(https://evil.example/)\"/>",
            "<rect fill=\"u\\72l(https://evil.example/)\"/>",
            "<rect fill=\"image-set('https://evil.example/x' 1x)\"/>",
            "<rect mask=\"red, src ( 'https://evil.example/x' )\"/>",
            "<a href=\"javascript:x\"/>",
            "<image href=\"x.png\"/>",
            "<rect style=\"fill:red\"/>",
            "<animate attributeName=\"href\"/>",
            "<set/>",
            "<use xmlns:xlink=\"http://www.w3.org/1999/xlink\" xlink:href=\"#a\"/>",
        ] {
            assert!(rewrite(&svg(bad), "p").is_err_and(|problem| problem.is_unsafe), "{bad}");
        }
    }

    #[test]
    fn a_drawing_without_words_for_it_is_refused() {
        let bare =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><title>T</title></svg>";
        assert!(rewrite(bare, "p").is_err_and(|problem| !problem.is_unsafe));
        assert!(rewrite("<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>", "p").is_err());
    }
}
