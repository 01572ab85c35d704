//! A page as search shows it: its text, and how closely it is what was asked for.
//!
//! Takes the text of its file, gives [`Shown`] with its tokens; units come from `query`.

use super::analysis::{Analyzer, Shape, Token};
use super::query::Unit;

/// What the file of its text holds of a page.
pub(super) struct Shown {
    pub(super) url: String,
    pub(super) title: Text,
    summary: Text,
    blocks: Vec<Text>,
}

pub(super) struct Text {
    is_heading: bool,
    pub(super) text: String,
    tokens: Vec<Token>,
}

impl Text {
    fn new(is_heading: bool, text: &str, analyzer: &Analyzer) -> Self {
        Self { is_heading, text: text.to_owned(), tokens: analyzer.tokens(text) }
    }
}

impl Shown {
    pub(super) fn read(text: &str, analyzer: &Analyzer) -> Self {
        let mut lines = text.split('\n');
        let url = lines.next().unwrap_or_default().to_owned();
        let title = Text::new(false, lines.next().unwrap_or_default(), analyzer);
        let summary = Text::new(false, lines.next().unwrap_or_default(), analyzer);
        let blocks = lines
            .map(|line| match line.strip_prefix('h') {
                Some(heading) => {
                    let text = heading.split_once('\t').map_or("", |(_, text)| text);
                    Text::new(true, text, analyzer)
                }
                None => Text::new(false, &line[1..], analyzer),
            })
            .collect();
        Self { url, title, summary, blocks }
    }

    fn texts(&self) -> impl Iterator<Item = &Text> {
        [&self.title, &self.summary].into_iter().chain(&self.blocks)
    }

    pub(super) fn has_phrase(&self, phrase: &[String]) -> bool {
        self.texts().any(|text| {
            let words: Vec<&str> = text
                .tokens
                .iter()
                .filter(|token| token.shape == Shape::Word)
                .map(|token| token.stem.as_str())
                .collect();
            words.windows(phrase.len()).any(|window| window.iter().eq(phrase.iter()))
        })
    }

    /// The share of neighbouring units that stand within three words of each other somewhere.
    pub(super) fn proximity(&self, units: &[&Unit]) -> f64 {
        if units.len() < 2 {
            return 0.0;
        }
        let mut found = vec![false; units.len()];
        for text in self.texts() {
            let mut last: Vec<Option<usize>> = vec![None; units.len()];
            for token in &text.tokens {
                for (number, unit) in units.iter().enumerate() {
                    if !unit.is_met_by(token) {
                        continue;
                    }
                    if number > 0
                        && let Some(before) = last[number - 1]
                        && (before + 1..=before + 3).contains(&token.position)
                    {
                        found[number] = true;
                    }
                    last[number] = Some(token.position);
                }
            }
        }
        let together = found.iter().filter(|found| **found).count();
        together as f64 / (units.len() - 1) as f64
    }

    /// The share of the query that the best heading covers.
    pub(super) fn heading(&self, units: &[&Unit]) -> f64 {
        let mut best = 0.0_f64;
        for text in self.blocks.iter().filter(|text| text.is_heading) {
            best = best.max(covered(&text.tokens, units));
        }
        best
    }

    /// 1 if the title is the query, 0.6 if it begins with it, 0.4 if it holds it.
    pub(super) fn exact(&self, units: &[Unit], is_open: bool) -> f64 {
        let words: Vec<&Token> =
            self.title.tokens.iter().filter(|token| token.shape == Shape::Word).collect();
        let last = units.len() - 1;
        let at = words.windows(units.len()).position(|window| {
            window.iter().zip(units).enumerate().all(|(number, (word, unit))| {
                word.stem == unit.stem
                    || (is_open
                        && number == last
                        && unit.surface.encode_utf16().count() > 2
                        && word.surface.starts_with(&unit.surface))
            })
        });
        match at {
            Some(0) if words.len() == units.len() => 1.0,
            Some(0) => 0.6,
            Some(_) => 0.4,
            None => 0.0,
        }
    }
}

fn covered(tokens: &[Token], units: &[&Unit]) -> f64 {
    let mut whole = 0.0;
    let mut met = 0.0;
    for unit in units {
        whole += unit.weight;
        if tokens.iter().any(|token| unit.is_met_by(token)) {
            met += unit.weight;
        }
    }
    if whole > 0.0 { met / whole } else { 0.0 }
}
