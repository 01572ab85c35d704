//! Contrast of folio's colours, computed from its one file of custom properties.
//!
//! The measure is the contrast ratio of WCAG 2.2, "relative luminance" and "contrast ratio".

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../../themes/folio/static/css/tokens.css");

/// Text colours and what they stand on.
const TEXTS: [&str; 9] =
    ["text", "muted", "accent", "note", "tip", "important", "warning", "caution", "text"];
const PAPERS: [&str; 3] = ["paper", "surface", "accent-surface"];
const CODE: [&str; 16] = [
    "text",
    "keyword",
    "string",
    "escape",
    "number",
    "comment",
    "function",
    "type",
    "variable",
    "constant",
    "operator",
    "attribute",
    "tag",
    "inserted",
    "deleted",
    "heading",
];

type Palette = BTreeMap<String, [u8; 3]>;

/// The colours of the block that begins with `selector`.
fn palette(css: &str, selector: &str) -> Palette {
    let (_, rest) = css.split_once(&format!("{selector} {{")).expect("the block is there");
    let (block, _) = rest.split_once('}').expect("the block is closed");
    block
        .split(';')
        .filter_map(|line| {
            let (name, value) = line.trim().strip_prefix("--")?.split_once(": #")?;
            let number = u32::from_str_radix(value, 16).ok()?;
            let [_, red, green, blue] = number.to_be_bytes();
            Some((name.to_owned(), [red, green, blue]))
        })
        .collect()
}

/// Light colours, dark ones that a reader has chosen, and dark ones that the reader's system prefers.
fn palettes(css: &str) -> [Palette; 3] {
    [
        palette(css, ":root"),
        palette(css, "[data-theme=\"dark\"]"),
        palette(css, ":root:not([data-theme=\"light\"], [data-theme=\"dark\"])"),
    ]
}

/// The first sample of CSS below a heading, each run of white space as one space.
fn shown_in(page: &str, heading: &str) -> String {
    let text = std::fs::read_to_string(page).expect("readable");
    let (_, below) = text.split_once(heading).expect("the heading is there");
    let (_, sample) = below.split_once("```css").expect("a sample of CSS");
    let (_, sample) = sample.split_once('\n').expect("its first line ends");
    let (sample, _) = sample.split_once("```").expect("it is closed");
    sample.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn luminance(colour: [u8; 3]) -> f64 {
    let channel = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(colour[0]) + 0.7152 * channel(colour[1]) + 0.0722 * channel(colour[2])
}

fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    a.max(b) / a.min(b)
}

#[test]
fn black_on_white_is_twenty_one_to_one() {
    assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
}

fn is_readable(palette: &Palette) {
    for text in TEXTS {
        for paper in PAPERS {
            let ratio = contrast(palette[text], palette[paper]);
            assert!(ratio >= 4.5, "--{text} on --{paper}: {ratio:.2}");
        }
    }
    assert!(contrast(palette["on-accent"], palette["accent"]) >= 4.5);
    assert!(contrast(palette["rule-strong"], palette["paper"]) >= 3.0);
}

#[test]
fn every_text_colour_can_be_read_on_every_paper() {
    palettes(TOKENS).iter().for_each(is_readable);
}

/// Nothing measures the colours of other themes, so those that are there to be copied have to be good.
#[test]
fn the_other_look_that_is_documented_can_be_read() {
    let lines = shown_in("themes/folio/README.md", "## Another look in ten lines");
    assert_eq!(lines, shown_in("content/guide/themes.md", "## A rebrand in ten lines"));
    let green = palettes(&lines);
    assert_eq!(green[1], green[2], "the two dark blocks are one palette");
    for (mut palette, changed) in palettes(TOKENS).into_iter().zip(green) {
        assert_eq!(changed.len(), 3);
        palette.extend(changed);
        is_readable(&palette);
    }
}

#[test]
fn every_code_colour_can_be_read_on_code_and_on_marked_lines() {
    for palette in palettes(TOKENS) {
        for name in CODE {
            for paper in ["code-background", "mark", "add", "del"] {
                let ratio = contrast(palette[&format!("code-{name}")], palette[paper]);
                assert!(ratio >= 4.5, "--code-{name} on --{paper}: {ratio:.2}");
            }
        }
    }
}

#[test]
fn the_two_dark_blocks_are_one_palette() {
    let [_, chosen, preferred] = palettes(TOKENS);
    assert_eq!(chosen, preferred);
}
