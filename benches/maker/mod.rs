//! A maker of guides of any size, for benchmarks, tests and trying things by hand.
//!
//! Takes a number of questions and a seed, gives the files of a guide that `askbook check` finds
//! nothing in under `profile = "full"`; the same seed gives the same bytes. It writes nothing to
//! disk: `examples/make_guide.rs` does.

mod code;
mod question;
mod random;
mod vocabulary;
mod words;

use random::Random;
use words::{plain_sentence, prose};

/// Written pages beside the questions.
const GUIDE_PAGES: usize = 3;
const SETTINGS: &str = "\
title = \"Made guide\"
tagline = \"Questions nobody asked\"
description = \"A guide made by askbook's benchmarks.\"
base_url = \"https://made.example.org/\"
language = \"en\"
theme = \"folio\"

[repository]
url = \"https://example.org/made/guide\"
branch = \"main\"

[licence]
name = \"CC BY 4.0\"
url = \"https://creativecommons.org/licenses/by/4.0/\"

[check]
profile = \"full\"

[check.rules]
# Among a thousand questions of few words some are asked alike.
\"question/similar\" = \"off\"
";

/// What a guide is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Maker {
    /// Which guide of this size.
    pub(crate) seed: u64,
    /// How many questions it has; six at least, so that each has others to be related to.
    pub(crate) pages: usize,
}

impl Maker {
    /// Every file of the guide: its path below the root and its text.
    ///
    /// A question has about 1,100 words, four code blocks, a table, two links to other questions, and
    /// every field of front matter; its file has 10 KB, its page some 45 KB. The page model asks for
    /// 700 words at least, and whole sentences go beyond that.
    pub(crate) fn files(&self) -> impl Iterator<Item = (String, String)> + '_ {
        assert!(self.pages >= 6, "a question is related to others");
        let questions = (0..self.pages).map(|number| {
            let path = question::Name::of(self, number).path();
            (format!("content/questions/{path}"), question::text(self, number))
        });
        self.frame().into_iter().chain(questions)
    }

    /// Settings, vocabularies and written pages.
    fn frame(&self) -> Vec<(String, String)> {
        // The streams of questions count from below.
        let mut random = Random::new(self.seed, usize::MAX);
        let mut files = vec![
            ("askbook.toml".to_owned(), SETTINGS.to_owned()),
            ("content/topics.toml".to_owned(), vocabulary::topics(&mut random)),
            ("content/levels.toml".to_owned(), vocabulary::levels(&mut random)),
            ("content/categories.toml".to_owned(), vocabulary::categories(&mut random)),
            ("content/kinds.toml".to_owned(), vocabulary::kinds(&mut random)),
        ];
        for number in 1..=GUIDE_PAGES {
            let (summary, text) = (plain_sentence(&mut random), prose(&mut random, 400));
            let page = format!(
                "+++\ntitle = \"Written page {number}\"\nsummary = \"{summary}\"\n\
                 order = {number}\nupdated = 2026-05-01\n+++\n\n## In short\n\n{text}\n"
            );
            files.push((format!("content/guide/page-{number}.md"), page));
        }
        files
    }
}

/// Replaces each `~slot~` of a pattern.
fn fill(pattern: &str, mut word: impl FnMut(&str) -> String) -> String {
    let parts = pattern.split('~').enumerate();
    // Parts with odd numbers stand between two tildes.
    parts.map(|(at, part)| if at % 2 == 1 { word(part) } else { part.to_owned() }).collect()
}
