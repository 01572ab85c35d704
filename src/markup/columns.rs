//! How wide the columns of a table are, known before its first row arrives.
//!
//! Takes the events of one table, gives a width for every column: one in a narrow place, one where
//! there is room. The style sheet turns them into lengths and lets them grow in proportion; this
//! module writes no HTML and knows no font, only how wide the letters of a wide one are.

use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

/// A place in which a table stands; its lengths are in `ch`, the width of a digit of the table's font.
struct Place {
    /// The width that the columns share, unless what cannot be broken needs more.
    room: u32,
    /// The width above which the table has to be scrolled.
    limit: u32,
    /// The widths that `prose.css` has a class for.
    sizes: &'static [u32],
    /// What a column of running text has at least.
    least: u32,
    /// The same in a table that has to be scrolled anyway.
    least_scrolled: u32,
    /// Space behind a column, in thousandths.
    gap: u32,
}

/// A phone of 320 px has room for 31 digits of a wide font, one of 360 px for 36.
const NARROW: Place = Place {
    room: 31,
    limit: 36,
    sizes: &[3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18, 20, 24, 28],
    least: 10,
    least_scrolled: 13,
    gap: 1600,
};
/// The narrowest place that is no phone's, 34rem; `prose.css` asks for it.
const WIDE: Place = Place {
    room: 60,
    limit: 60,
    sizes: &[4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 28, 32, 36, 40, 44, 48, 52],
    least: 10,
    least_scrolled: 14,
    gap: 2600,
};

/// Sizes of text, of names of columns, which are bold, and of code, in thousandths of the table's.
const TEXT: u32 = 1000;
const HEAD: u32 = 1130;
const CODE: u32 = 860;

/// Widths of a table's columns.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Columns {
    /// In digits, in a narrow and in a wide place.
    widths: Vec<(u32, u32)>,
    /// Whether the table would fill a wide place, or more.
    is_full: bool,
}

impl Columns {
    /// Measures the table whose first event comes first.
    pub(super) fn of(events: &[(Event<'_>, Range<usize>)]) -> Self {
        let measures = measures(events);
        let narrow = NARROW.widths(&measures);
        let wide = WIDE.widths(&measures);
        let is_full = wide.iter().sum::<u32>() + 4 > WIDE.room;
        Self { widths: narrow.into_iter().zip(wide).collect(), is_full }
    }

    /// The start of the table, with its columns.
    pub(super) fn open(&self, out: &mut String) {
        out.push_str(if self.is_full { "<table>\n" } else { "<table class=\"short\">\n" });
        out.push_str("<colgroup>");
        for (narrow, wide) in &self.widths {
            write!(out, "<col class=\"n{narrow} w{wide}\">")
                .expect("writing to a string cannot fail");
        }
        out.push_str("</colgroup>\n");
    }
}

impl Place {
    /// Gives every column what its words need, and what is left to those that gain most from it.
    fn widths(&self, measures: &[Measure]) -> Vec<u32> {
        let mut widths = self.floor(measures, self.least);
        if widths.iter().sum::<u32>() > self.limit {
            widths = self.floor(measures, self.least_scrolled);
        }
        loop {
            let left = self.room.saturating_sub(widths.iter().sum());
            // The more text it has for its width, the more a column gains.
            let next = (0..widths.len())
                .filter(|at| widths[*at] < self.whole(measures[*at].line))
                .filter(|at| {
                    self.size(widths[*at] + 1).is_some_and(|next| next - widths[*at] <= left)
                })
                .max_by_key(|at| measures[*at].text / u64::from(widths[*at]).pow(3));
            match next.and_then(|at| Some((at, self.size(widths[at] + 1)?))) {
                Some((at, wider)) => widths[at] = wider,
                None => return widths,
            }
        }
    }

    /// The smallest widths in which no word is broken and none is less than `least` without need.
    /// A word that is longer than the largest size is broken.
    fn floor(&self, measures: &[Measure], least: u32) -> Vec<u32> {
        let floor = |column: &Measure| {
            let needed = self.whole(column.word).max(least.min(self.whole(column.line)));
            self.size(needed).or(self.sizes.last().copied()).unwrap_or(needed)
        };
        measures.iter().map(floor).collect()
    }

    /// The smallest size that is not less than a length.
    fn size(&self, length: u32) -> Option<u32> {
        self.sizes.iter().copied().find(|size| *size >= length)
    }

    /// A length with its gap, in whole digits.
    fn whole(&self, thousandths: u32) -> u32 {
        (thousandths + self.gap).div_ceil(1000)
    }
}

/// What one column holds, in thousandths of a digit.
#[derive(Debug, Default)]
struct Measure {
    /// The longest piece that cannot be broken.
    word: u32,
    /// The longest cell, written in one line.
    line: u32,
    /// The squares of all its cells: long cells count more, since each makes its row high.
    text: u64,
}

fn measures(events: &[(Event<'_>, Range<usize>)]) -> Vec<Measure> {
    let mut columns: Vec<Measure> = Vec::new();
    let (mut column, mut cell) = (0, Cell::default());
    for (event, _) in events {
        match event {
            Event::Start(Tag::TableHead) => cell.size = HEAD,
            Event::Start(Tag::TableRow) => (column, cell.size) = (0, TEXT),
            Event::Text(text) => cell.text(text),
            Event::Code(code) => cell.code(code),
            Event::Html(html) | Event::InlineHtml(html) if html.starts_with("<br") => {
                cell.end_line();
            }
            Event::End(TagEnd::TableCell) => {
                let (word, line) = cell.end();
                if columns.len() == column {
                    columns.push(Measure::default());
                }
                let measure = &mut columns[column];
                measure.word = measure.word.max(word);
                measure.line = measure.line.max(line);
                measure.text += u64::from(line).pow(2);
                column += 1;
            }
            Event::End(TagEnd::Table) => break,
            _ => {}
        }
    }
    columns
}

/// A cell that is being measured, in thousandths of a digit.
#[derive(Debug, Default)]
struct Cell {
    /// The size of its text.
    size: u32,
    word: u32,
    line: u32,
    longest_word: u32,
    longest_line: u32,
}

impl Cell {
    fn text(&mut self, text: &str) {
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            self.wider(width(letter) * self.size / 1000);
            let may_break = letter.is_whitespace()
                || is_ideograph(letter)
                || (letter == '-' && letters.peek().is_some_and(|next| next.is_alphabetic()));
            if may_break {
                self.word = 0;
            }
        }
    }

    /// Code is broken at its spaces only; it has a margin of 0.3 of its size.
    fn code(&mut self, code: &str) {
        self.wider(CODE * 470 / 1000);
        for letter in code.chars() {
            if letter == ' ' {
                self.word = 0;
            }
            self.wider(CODE * 950 / 1000);
        }
        self.wider(CODE * 470 / 1000);
    }

    fn wider(&mut self, by: u32) {
        self.word += by;
        self.line += by;
        self.longest_word = self.longest_word.max(self.word);
        self.longest_line = self.longest_line.max(self.line);
    }

    fn end_line(&mut self) {
        (self.word, self.line) = (0, 0);
    }

    /// Its longest word and line; the next cell begins.
    fn end(&mut self) -> (u32, u32) {
        let longest = (self.longest_word, self.longest_line);
        *self = Self { size: self.size, ..Self::default() };
        longest
    }
}

/// How wide a letter is, in thousandths of a digit: no less than in Roboto, Segoe UI and DejaVu Sans.
fn width(letter: char) -> u32 {
    match letter {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '!' | '|' | '\'' | 'I' => 460,
        'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '/' | ' ' | '-' => 640,
        's' | 'c' | 'z' => 930,
        'w' => 1340,
        'm' | 'M' | 'W' | '%' | '—' | '…' | '→' => 1600,
        letter if is_ideograph(letter) => 1900,
        letter if letter.is_uppercase() => 1150,
        _ => 1000,
    }
}

/// Letters that are as wide as high, between which a line may break.
fn is_ideograph(letter: char) -> bool {
    matches!(letter, '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read_markdown;

    fn columns(markdown: &str) -> Columns {
        let (events, _) = read_markdown(markdown);
        Columns::of(&events)
    }

    /// A table of one head and one row.
    fn row(cells: &[&str]) -> String {
        let dashes = vec!["-"; cells.len()].join("|");
        format!("|{}|\n|{dashes}|\n|{}|\n", vec!["a"; cells.len()].join("|"), cells.join("|"))
    }

    fn narrow(markdown: &str) -> Vec<u32> {
        columns(markdown).widths.iter().map(|(narrow, _)| *narrow).collect()
    }

    #[test]
    fn short_cells_make_a_short_table() {
        let columns = columns("| Level | Years |\n|---|---|\n| Mid | 3 |\n| Senior | 6 |\n");
        assert_eq!(columns, Columns { widths: vec![(7, 8), (7, 8)], is_full: false });
    }

    #[test]
    fn text_takes_the_room_that_labels_leave() {
        let prose = "what a reader of one long sentence in a table has to be given room for";
        let columns = columns(&row(&["label", prose]));
        assert_eq!(columns, Columns { widths: vec![(6, 8), (24, 52)], is_full: true });
        let alike = narrow(&row(&[prose, prose]));
        assert!(alike[0].abs_diff(alike[1]) <= 2, "{alike:?}");
    }

    #[test]
    fn a_column_is_as_wide_as_its_longest_word() {
        let prose = "many short words that may go to the next line, one after the other";
        let words = narrow(&row(&["the authentication of a caller", prose, prose]));
        assert_eq!(words[0], 16);
        assert_eq!(narrow(&row(&["`lock_timeout` of a statement", prose, prose]))[0], 13);
        // What is written with hyphens is broken behind them.
        assert_eq!(narrow(&row(&["never-before-seen, so to say", prose, prose]))[0], 10);
    }

    #[test]
    fn a_word_longer_than_a_phone_takes_the_largest_size() {
        let long = "pneumonoultramicroscopicsilicovolcanoconiosis";
        assert_eq!(narrow(&row(&[long, "b"])), [28, 3]);
    }

    #[test]
    fn columns_that_have_to_be_scrolled_are_wide_enough_to_be_read() {
        let prose = "some words that may be broken where they will";
        assert_eq!(narrow(&row(&[prose; 3])).iter().sum::<u32>(), 31);
        assert_eq!(narrow(&row(&[prose; 5])), [13; 5]);
    }

    #[test]
    fn every_size_has_its_class_in_the_style_sheet() {
        let sheet = include_str!("../../themes/folio/static/css/prose.css");
        for (letter, place) in [("n", NARROW), ("w", WIDE)] {
            for size in place.sizes {
                let rule = format!(".{letter}{size} {{ inline-size: {size}ch; }}");
                assert!(sheet.contains(&rule), "{rule}");
            }
        }
    }
}
