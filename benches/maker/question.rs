//! One question: full front matter and the eight sections of the page model, each long enough.

use std::fmt::Write as _;

use super::random::Random;
use super::vocabulary::{CATEGORIES, KINDS, LEVELS, TOPICS, slug};
use super::words::{
    capital, phrase, plain_sentence, prose, quality, question, sentence, thing, title,
};
use super::{Maker, code};

const INFALLIBLE: &str = "writing to a string cannot fail";
/// The code blocks of a page; half of them stand in the full answer, half in the worked example.
const BLOCKS: usize = 4;

/// What other pages know of a question without making it.
pub(super) struct Name {
    pub(super) slug: String,
    /// Position in the list of topics.
    pub(super) home: usize,
}

impl Name {
    /// The name of a question by its number.
    pub(super) fn of(maker: &Maker, number: usize) -> Self {
        let mut random = Random::new(maker.seed, 2 * number);
        let slug = format!("{}-{}-{number}", quality(&mut random), thing(&mut random));
        Self { slug, home: random.below(TOPICS.len()) }
    }

    /// Where the file stands below `content/questions/`.
    pub(super) fn path(&self) -> String {
        format!("{}/{}.md", slug(TOPICS[self.home]), self.slug)
    }
}

/// The text of a question's file.
pub(super) fn text(maker: &Maker, number: usize) -> String {
    let mut random = Random::new(maker.seed, 2 * number + 1);
    // Most questions of an interview are technical.
    let category = match random.below(100) {
        0..65 => 0,
        65..75 => 1,
        75..85 => 2,
        85..95 => 3,
        _ => 4,
    };
    let samples = random.different(BLOCKS, code::SAMPLES.len());
    let text = String::with_capacity(12 << 10);
    let mut page = Page { maker, number, category, samples, random, text };
    page.front_matter();
    page.body();
    page.text
}

/// A page that is being written.
struct Page<'a> {
    maker: &'a Maker,
    number: usize,
    category: usize,
    samples: Vec<usize>,
    random: Random,
    text: String,
}

impl Page<'_> {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn front_matter(&mut self) {
        let random = &mut self.random;
        let name = Name::of(self.maker, self.number);
        let mut topics = vec![name.home];
        topics.extend(random.different(2, TOPICS.len()).into_iter().filter(|t| *t != name.home));
        let topics: Vec<String> = topics.into_iter().map(|topic| slug(TOPICS[topic])).collect();
        let related: Vec<String> =
            self.neighbours().map(|number| Name::of(self.maker, number).slug).collect();
        let mut languages: Vec<&str> =
            self.samples.iter().map(|sample| code::SAMPLES[*sample].0).collect();
        languages.retain(|language| *language != "text");
        let random = &mut self.random;
        let asked_as = [question(random), question(random), question(random)];
        let summary: String = plain_sentence(random).chars().take(190).collect();
        write!(
            self.text,
            "+++\ntitle = \"{}\"\nslug = \"{}\"\nsummary = \"{summary}\"\ncategory = \"{}\"\n\
             level = \"{}\"\ntopics = {topics:?}\nkind = \"{}\"\nevaluates = \"{}\"\n\
             asked_as = {asked_as:?}\nlanguages = {languages:?}\n\
             verified_with = [\"PostgreSQL 17.{}\", \"Python 3.{}\"]\nrelated = {related:?}\n\
             updated = 2026-{:02}-{:02}\nstatus = \"reviewed\"\n",
            title(random),
            name.slug,
            slug(CATEGORIES[self.category]),
            slug(LEVELS[random.below(LEVELS.len())]),
            slug(KINDS[random.below(KINDS.len())]),
            phrase(random),
            random.below(10),
            random.below(15),
            1 + random.below(6),
            1 + random.below(28),
        )
        .expect(INFALLIBLE);
        if self.number.is_multiple_of(20) {
            writeln!(self.text, "aliases = [\"/old/{}/\"]", name.slug).expect(INFALLIBLE);
        }
        self.rubric();
        self.sources();
        self.push("+++\n\n");
    }

    /// Two questions before and two after: each leads back, and all are led to.
    fn neighbours(&self) -> impl Iterator<Item = usize> + use<> {
        let (number, pages) = (self.number, self.maker.pages);
        [pages - 2, pages - 1, 1, 2].into_iter().map(move |step| (number + step) % pages)
    }

    fn rubric(&mut self) {
        for _ in 0..3 {
            let signal = phrase(&mut self.random);
            writeln!(self.text, "\n[[rubric]]\nsignal = \"{signal}\"\nscores = [")
                .expect(INFALLIBLE);
            for _ in 0..4 {
                let score = phrase(&mut self.random);
                writeln!(self.text, "  \"{score}, and says so\",").expect(INFALLIBLE);
            }
            self.push("]\n");
        }
    }

    fn sources(&mut self) {
        for _ in 0..3 {
            let random = &mut self.random;
            let (title, path, number) = (phrase(random), thing(random), random.below(9_000));
            writeln!(
                self.text,
                "\n[[source]]\ntitle = \"{title}\"\nurl = \"https://example.org/{path}/{number}\""
            )
            .expect(INFALLIBLE);
        }
    }

    /// The eight sections; design and behavioural questions are longer, as the page model asks.
    fn body(&mut self) {
        let extra_words = match CATEGORIES[self.category] {
            "System design" => 530,
            "Behavioural" => 110,
            _ => 0,
        };
        self.section("What this question tests", 42);
        self.section("Short answer", 42);
        self.full_answer(extra_words);
        self.push("## How to structure your answer\n\n");
        for step in 1..=5 {
            let prose = prose(&mut self.random, 12);
            writeln!(self.text, "{step}. {prose}").expect(INFALLIBLE);
        }
        self.push("\n");
        self.section("Worked example", 60);
        self.block(2);
        self.paragraph(20);
        self.block(3);
        self.push("## What each level adds\n\n");
        for level in LEVELS {
            let prose = prose(&mut self.random, 26);
            write!(self.text, "**{level}.** {prose}\n\n").expect(INFALLIBLE);
        }
        self.push("## Mistakes and red flags\n\n");
        for _ in 0..5 {
            let prose = prose(&mut self.random, 12);
            writeln!(self.text, "- {prose}").expect(INFALLIBLE);
        }
        self.push("\n## Follow-up questions\n\n");
        for _ in 0..4 {
            let (question, hint) = (question(&mut self.random), prose(&mut self.random, 14));
            writeln!(self.text, "- *{question}* {hint}").expect(INFALLIBLE);
        }
    }

    fn section(&mut self, heading: &str, words: usize) {
        write!(self.text, "## {heading}\n\n").expect(INFALLIBLE);
        self.paragraph(words);
    }

    fn full_answer(&mut self, extra_words: usize) {
        self.push("## Full answer\n\n");
        self.paragraph(40);
        self.heading();
        self.linked_paragraph();
        self.block(0);
        self.heading();
        self.paragraph(30);
        self.table();
        self.linked_paragraph();
        self.heading();
        self.paragraph(40 + extra_words / 2);
        self.push("> [!NOTE]\n> ");
        self.paragraph(15);
        self.block(1);
        self.paragraph(30 + extra_words / 2);
    }

    fn heading(&mut self) {
        let heading = phrase(&mut self.random);
        write!(self.text, "### {heading}\n\n").expect(INFALLIBLE);
    }

    fn paragraph(&mut self, words: usize) {
        let prose = prose(&mut self.random, words);
        write!(self.text, "{prose}\n\n").expect(INFALLIBLE);
    }

    /// A paragraph that leads to a section of another question and to a page elsewhere.
    fn linked_paragraph(&mut self) {
        let other = self.random.below(self.maker.pages - 1);
        let path = Name::of(self.maker, self.other(other)).path();
        let random = &mut self.random;
        let anchor = random.of(&["", "#short-answer", "#full-answer", "#example"]);
        let (before, after) = (sentence(random), sentence(random));
        let (words, elsewhere, number) = (phrase(random), thing(random), random.below(9_000));
        write!(
            self.text,
            "{before} {} is [a question of its own](../{path}{anchor}), after the \
             [{elsewhere} manual](https://example.org/manual/{number}). {after}\n\n",
            capital(&words),
        )
        .expect(INFALLIBLE);
    }

    fn table(&mut self) {
        self.push("| Part | Reads | Writes | Cost |\n|---|:---:|:---:|--:|\n");
        for _ in 0..4 {
            let random = &mut self.random;
            let (quality, thing, reads) = (quality(random), thing(random), random.below(900));
            let (writes, cost) = (phrase(random), random.below(9_000));
            writeln!(self.text, "| {quality} `{thing}` | {reads} | {writes} | {cost} ms |")
                .expect(INFALLIBLE);
        }
        self.push("\n");
    }

    fn block(&mut self, position: usize) {
        let block = code::block(&mut self.random, self.samples[position]);
        writeln!(self.text, "{block}").expect(INFALLIBLE);
    }

    /// The number of the question at this position among all but this one.
    fn other(&self, position: usize) -> usize {
        position + usize::from(position >= self.number)
    }
}
