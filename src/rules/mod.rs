//! Rules: what a guide should hold beyond what publishing needs.
//!
//! Takes a whole [`Guide`], gives findings; changes nothing. Each rule is one function of the list
//! below, in the file of its subject. A new rule is a [`Code`](crate::diagnostic::Code), a function,
//! and a case in `tests/suite/mistakes.rs` that breaks it. Which rules are on is a matter of settings,
//! applied to the findings afterwards.

mod front_matter;
mod glossary;
mod levels;
mod links;
mod prose;
mod sections;
mod similar;
mod text;
mod wanted;

use rayon::prelude::*;

pub(crate) use front_matter::{LONGEST_TITLE, needs_sources};
pub(crate) use sections::{page_words, words};

use crate::cache::{Cache, Key};
use crate::config::Config;
use crate::date::Date;
use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::guide::{Guide, Page, Question, Taxonomy, Vocabularies};

/// How a comment begins that says what is to be written; `askbook new` leaves such comments.
pub const GUIDANCE: &str = "<!-- guidance:";

/// What a rule about one question may look at.
pub struct Subject<'a> {
    /// The question.
    pub question: &'a Question,
    /// Slug of its category.
    pub category: &'a str,
    /// The terms of the guide, of which rules look at levels and at the slugs of kinds alone.
    pub vocabularies: &'a Vocabularies,
    /// The day of the build.
    pub today: Date,
    /// The language of the guide.
    pub language: &'a str,
}

type QuestionRule = fn(&Subject<'_>, &mut Vec<Diagnostic>);
type GuideRule = fn(&Guide, &mut Vec<Diagnostic>);
type DocumentRule = fn(&Document, &mut Vec<Diagnostic>);
type PageRule = fn(&Page, Date, &mut Vec<Diagnostic>);

const QUESTION_RULES: &[QuestionRule] = &[
    front_matter::fields,
    front_matter::lengths,
    front_matter::rubric,
    front_matter::descriptors,
    front_matter::sources,
    front_matter::date,
    sections::known_and_ordered,
    sections::complete,
    sections::lengths,
    sections::forms,
    levels::notes,
];

/// Rules about a page of either kind.
const DOCUMENT_RULES: &[DocumentRule] = &[text::trailing, text::letters];
const GUIDE_RULES: &[GuideRule] =
    &[wanted::written, links::orphan, links::one_way, glossary::unused, links::lookalike];
const PAGE_RULES: &[PageRule] = &[front_matter::page_date, front_matter::page_summary];

/// Runs every rule; those that look at one question are run again only when it has changed.
pub fn check(guide: &Guide, config: &Config, today: Date, cache: &Cache) -> Vec<Diagnostic> {
    let categories = guide.vocabularies.terms(Taxonomy::Categories);
    let words = prose::Words::new(&config.language, &config.rules.filler);
    let of_document = |document: &Document, diagnostics: &mut Vec<Diagnostic>| {
        for rule in DOCUMENT_RULES {
            rule(document, diagnostics);
        }
        prose::words(document, &words, diagnostics);
    };
    let of_question = |question: &Question, category: &str| {
        let vocabularies = &guide.vocabularies;
        let subject =
            Subject { question, category, vocabularies, today, language: &config.language };
        let mut diagnostics = Vec::new();
        for rule in QUESTION_RULES {
            rule(&subject, &mut diagnostics);
        }
        of_document(&question.document, &mut diagnostics);
        diagnostics
    };
    let levels = guide.vocabularies.terms(Taxonomy::Levels).iter();
    let levels: Vec<_> =
        levels.map(|level| (&level.slug, &level.name, &level.also_called)).collect();
    let kinds: Vec<_> = guide.vocabularies.kinds.iter().map(|kind| &kind.slug).collect();
    let settings = (&config.language, &config.rules.filler);
    let common = format!("{today} {settings:?} {levels:?} {kinds:?}");
    let of_question = |question: &Question| {
        let category = categories[question.category].slug.as_str();
        let inputs: [&[u8]; 3] =
            [common.as_bytes(), category.as_bytes(), question.document.source.digest()];
        let key = Key::new("rules of a question", &inputs);
        let findings = cache.value(key, || {
            // What is remembered is that there was nothing to find, so that nothing is told from memory.
            if cache.recall(key) == Some(()) {
                return Vec::new();
            }
            let findings = of_question(question, category);
            if findings.is_empty() {
                cache.remember(key, &());
            }
            findings
        });
        findings.to_vec()
    };
    let of_page = |page: &Page| {
        let mut diagnostics = Vec::new();
        for rule in PAGE_RULES {
            rule(page, today, &mut diagnostics);
        }
        // The Markdown of the glossary is nobody's: its file is what can be mended.
        if !page.is_glossary() {
            of_document(&page.document, &mut diagnostics);
        }
        diagnostics
    };
    let mut diagnostics: Vec<Diagnostic> =
        guide.questions.par_iter().flat_map_iter(of_question).collect();
    diagnostics.par_extend(guide.pages.par_iter().flat_map_iter(of_page));
    for rule in GUIDE_RULES {
        rule(guide, &mut diagnostics);
    }
    similar::similar(guide, &config.rules, cache, &mut diagnostics);
    diagnostics
}
