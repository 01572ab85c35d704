//! Every example of the CommonMark specification 0.31.2 through our reader and writer.
//!
//! `commonmark/spec.txt` is the specification itself (CC BY-SA 4.0, John MacFarlane and others). Output
//! is compared as tags and words: white space that no browser shows does not count.

use std::collections::{BTreeMap, BTreeSet};

use askbook::document::read_markdown;
use askbook::markup::{Plain, write_whole};
use html5gum::{Token, Tokenizer};

const SPECIFICATION: &str = include_str!("commonmark/spec.txt");

/// Examples whose output differs, by the reason for it.
const DEVIATIONS: &[(&str, &[usize])] = &[
    (
        "raw HTML outside the allow-list is shown as text, and comments are dropped: raw HTML can run \
         script in a reader's browser",
        &[
            21, 31, 148, 149, 150, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 164,
            166, 167, 168, 169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182,
            183, 184, 185, 186, 187, 188, 189, 190, 191, 201, 308, 309, 344, 475, 476, 477, 491,
            494, 524, 536, 613, 614, 615, 616, 617, 623, 625, 626, 627, 628, 629, 630, 631, 642,
            643,
        ],
    ),
    (
        "schemes other than https, http and mailto are refused, and so is whatever a browser might read \
         as one: `javascript:` would run, `irc:` starts programs",
        &[500, 596, 598, 599, 601],
    ),
    (
        "back slashes in destinations are refused: browsers read them as slashes, so that `\\\\host` \
         leads to another site",
        &[202, 502],
    ),
];

struct Example {
    number: usize,
    markdown: String,
    html: String,
}

fn examples() -> Vec<Example> {
    let fence = "`".repeat(32);
    let mut examples = Vec::new();
    for part in SPECIFICATION.split(&format!("\n{fence} example\n")).skip(1) {
        let (example, _) = part.split_once(&format!("\n{fence}")).expect("every example is closed");
        let example = format!("\n{example}\n").replace('→', "\t");
        let (markdown, html) = example.split_once("\n.\n").expect("every example has two parts");
        let markdown = format!("{}\n", &markdown[1..]);
        examples.push(Example { number: examples.len() + 1, markdown, html: html.to_owned() });
    }
    examples
}

/// Tags and words of HTML; attributes sorted, self-closing marks and invisible space dropped.
fn normalised(html: &str) -> String {
    let mut out = String::new();
    let mut preformatted = 0_usize;
    for token in Tokenizer::new(html) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                preformatted += usize::from(name == "pre");
                trim(&mut out, &name, preformatted);
                let attributes: BTreeMap<String, String> = tag
                    .attributes
                    .iter()
                    .map(|(name, value)| {
                        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                        (text(name), text(&value.value))
                    })
                    .collect();
                out.push_str(&format!("<{name}{attributes:?}>"));
            }
            Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                preformatted = preformatted.saturating_sub(usize::from(name == "pre"));
                trim(&mut out, &name, preformatted);
                out.push_str(&format!("</{name}>"));
            }
            Token::String(text) => {
                let text = String::from_utf8_lossy(&text);
                if preformatted > 0 {
                    out.push_str(&text);
                } else {
                    for c in text.chars() {
                        match c {
                            ' ' | '\n' | '\t' if out.ends_with([' ', '>']) => {}
                            ' ' | '\n' | '\t' => out.push(' '),
                            c => out.push(c),
                        }
                    }
                }
            }
            Token::Comment(text) => {
                out.push_str(&format!("<!--{}-->", String::from_utf8_lossy(&text)));
            }
            Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    out.trim().to_owned()
}

/// White space before a block's tag is invisible.
fn trim(out: &mut String, name: &str, preformatted: usize) {
    let is_inline = matches!(name, "a" | "em" | "strong" | "code" | "img" | "br" | "del");
    if !is_inline && preformatted == 0 {
        out.truncate(out.trim_end().len());
    }
}

#[test]
fn the_specification_has_652_examples() {
    assert_eq!(examples().len(), 652);
}

#[test]
fn all_examples_but_the_listed_ones_pass() {
    let listed: BTreeSet<usize> =
        DEVIATIONS.iter().flat_map(|(_, numbers)| *numbers).copied().collect();
    let mut differing = BTreeSet::new();
    let mut shown = String::new();
    for Example { number, markdown, html } in examples() {
        let (events, _) = read_markdown(&markdown);
        let written = normalised(&write_whole(&events, &Plain));
        let expected = normalised(&html);
        if written != expected {
            differing.insert(number);
            if !listed.contains(&number) {
                shown.push_str(&format!("{number}: {markdown:?}\n  {written}\n  {expected}\n"));
            }
        }
    }
    assert!(shown.is_empty(), "these differ and are not listed:\n{shown}");
    let agreeing: Vec<_> = listed.difference(&differing).collect();
    assert!(agreeing.is_empty(), "listed as different, but they agree: {agreeing:?}");
}
