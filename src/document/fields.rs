//! The keys of front matter, of questions and of written pages.
//!
//! Gives the lists that `front_matter` reads by and `schema` writes for editors. What the page model
//! asks for beyond them is decided in `rules`.

use crate::field::{Field, Shape, Values};

const STATUS: Shape = Shape::One(Values::Listed(&["draft", "reviewed"]));
const STATUS_ABOUT: &str = "A draft is left out unless a command is given `--drafts`; a page that has been reviewed is published.";
const SLUG_ABOUT: &str =
    "The name of the file again: lower-case words joined by hyphens. It is the permanent address.";
const UPDATED_ABOUT: &str = "The day of the last change, such as 2026-11-22; not in the future.";
const ALIASES_ABOUT: &str =
    "Old addresses of the page on this site, such as `/questions/old-name/`; each leads here.";

/// The front matter of a question.
pub const QUESTION_FIELDS: &[Field] = &[
    Field::required(
        "title",
        Shape::Text,
        "The question as an interviewer would say it, up to 170 characters; back-ticks mark code.",
    ),
    Field::optional("slug", Shape::Text, SLUG_ABOUT),
    Field::optional(
        "summary",
        Shape::Text,
        "The answer in one sentence of 60 to 200 characters, for cards, search engines and exports.",
    ),
    Field::required("category", Shape::One(Values::Categories), "How the question is asked."),
    Field::required("level", Shape::One(Values::Levels), "The lowest level at which it is asked."),
    Field::required(
        "topics",
        Shape::Many(Values::Topics),
        "One to four topics; the first is the home topic.",
    ),
    Field::optional("kind", Shape::One(Values::Kinds), "The kind of answer."),
    Field::optional("evaluates", Shape::Text, "What the interviewer learns, up to 120 characters."),
    Field::optional("asked_as", Shape::Texts, "Two to five other wordings of the question.")
        .such_as("[\"…\", \"…\"]"),
    Field::optional(
        "prep_seconds",
        Shape::Number(0),
        "Seconds to prepare an answer, in place of those of the kind.",
    ),
    Field::optional(
        "answer_seconds",
        Shape::Number(0),
        "Seconds to give the answer, in place of those of the kind.",
    ),
    Field::optional(
        "languages",
        Shape::Many(Values::Languages),
        "The languages of the code on the page, by the names that code fences have.",
    ),
    Field::optional(
        "verified_with",
        Shape::Texts,
        "The exact versions that produced the output shown, such as `PostgreSQL 15.18`.",
    ),
    Field::optional(
        "related",
        Shape::Texts,
        "Slugs of three to five questions that are pages or stand in `wanted.toml`.",
    )
    .such_as("[\"…\", \"…\", \"…\"]"),
    Field::optional("updated", Shape::Day, UPDATED_ABOUT),
    Field::optional("status", STATUS, STATUS_ABOUT).such_as("\"draft\""),
    Field::optional("aliases", Shape::Texts, ALIASES_ABOUT),
    Field::optional(
        "rubric",
        Shape::Tables(SIGNAL_FIELDS),
        "What an interviewer scores: three to five signals.",
    ),
    Field::optional(
        "source",
        Shape::Tables(SOURCE_FIELDS),
        "Primary sources; technical and system-design questions name at least three.",
    ),
];

const SIGNAL_FIELDS: &[Field] = &[
    Field::required("signal", Shape::Text, "What can be heard or seen."),
    Field::required(
        "scores",
        Shape::Texts,
        "Four descriptions of behaviour, for the scores 1 to 4.",
    )
    .such_as("[\"…\", \"…\", \"…\", \"…\"]"),
];

const SOURCE_FIELDS: &[Field] = &[
    Field::required("title", Shape::Text, "What the source is."),
    Field::required("url", Shape::Text, "Its address, which begins with `https://`.")
        .such_as("\"https://…\""),
];

/// The front matter of a written page.
pub const GUIDE_FIELDS: &[Field] = &[
    Field::required("title", Shape::Text, "The heading of the page; plain text."),
    Field::optional("slug", Shape::Text, SLUG_ABOUT),
    Field::optional(
        "summary",
        Shape::Text,
        "One sentence for lists and search engines; 60 to 200 characters read well.",
    ),
    Field::optional(
        "order",
        Shape::Number(0),
        "The place in the list of pages, ascending; pages without one come last.",
    ),
    Field::optional("updated", Shape::Day, UPDATED_ABOUT),
    Field::optional("status", STATUS, STATUS_ABOUT).such_as("\"draft\""),
    Field::optional("aliases", Shape::Texts, ALIASES_ABOUT),
];
