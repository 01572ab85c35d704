//! Every key of the vocabularies and of the glossary.
//!
//! Takes nothing, gives the lists by which the readers of this module read and from which schemas for editors
//! are written; a key that is not here is refused.

use crate::field::{Field, Shape, Values};

const SLUG: Field =
    Field::required("slug", Shape::Text, "Its permanent name, in addresses and in front matter.");
const NAME: Field = Field::required("name", Shape::Text, "Its name for readers.");
const SUMMARY: Field = Field::required("summary", Shape::Text, "What it is, in a line.");
const DESCRIPTION: Field =
    Field::optional("description", Shape::Text, "A paragraph at the top of its page.");
const ORDER: Field = Field::optional("order", Shape::Number(0), "Its place in lists.");

/// The keys of `content/categories.toml`.
pub const CATEGORY_FIELDS: &[Field] =
    &[Field::required("category", Shape::Tables(CATEGORY), "The categories.")];

const CATEGORY: &[Field] = &[
    SLUG,
    NAME,
    ORDER,
    Field::optional("question_form", Shape::Text, "How its questions are put."),
    Field::optional("evidence", Shape::Text, "What counts as evidence in an answer."),
    SUMMARY,
    DESCRIPTION,
];

/// The keys of `content/levels.toml`.
pub const LEVEL_FIELDS: &[Field] =
    &[Field::required("level", Shape::Tables(LEVEL), "The levels, from the lowest up.")];

const LEVEL: &[Field] = &[
    SLUG,
    NAME,
    ORDER,
    Field::optional("also_called", Shape::Texts, "Other names that employers use."),
    Field::optional("typical_experience", Shape::Text, "Years, as a rough guide."),
    Field::optional("scope", Shape::Text, "What somebody at this level answers for."),
    Field::optional("autonomy", Shape::Text, "How much help is expected."),
    SUMMARY,
    DESCRIPTION,
    Field::optional(
        "interview_weight",
        Shape::NumberOfEach(Values::Categories),
        "The share of each category in a typical interview, in per cent.",
    ),
];

/// The keys of `content/topics.toml`.
pub const TOPIC_FIELDS: &[Field] = &[
    Field::optional("group", Shape::Tables(&[SLUG, NAME]), "Groups of topics, in their order."),
    Field::required("topic", Shape::Tables(TOPIC), "The topics."),
];

const TOPIC: &[Field] = &[
    SLUG,
    NAME,
    Field::optional("group", Shape::Text, "The slug of the group that it belongs to."),
    ORDER,
    SUMMARY,
    DESCRIPTION,
];

/// The keys of `content/kinds.toml`.
pub const KIND_FIELDS: &[Field] =
    &[Field::required("kind", Shape::Tables(KIND), "The kinds of answer.")];

const KIND: &[Field] = &[
    SLUG,
    NAME,
    Field::optional("prep_seconds", Shape::Number(0), "Seconds to prepare an answer."),
    Field::optional("answer_seconds", Shape::Number(0), "Seconds to give it."),
    Field::optional("structure", Shape::Texts, "The parts of a good answer, in order."),
    SUMMARY,
];

/// The keys of `content/wanted.toml`.
pub const WANTED_FIELDS: &[Field] =
    &[Field::optional("question", Shape::Tables(WANTED), "The questions that are wanted.")];

const WANTED: &[Field] = &[
    Field::required("slug", Shape::Text, "The name that its page will have."),
    Field::required("title", Shape::Text, "The question."),
    Field::optional("category", Shape::One(Values::Categories), "Its category, if it is settled."),
    Field::optional("level", Shape::One(Values::Levels), "Its level, if it is settled."),
    Field::optional("kind", Shape::One(Values::Kinds), "Its kind, if it is settled."),
    Field::optional("topics", Shape::Many(Values::Topics), "Its topics, the home topic first."),
];

/// The keys of `content/glossary.toml`.
pub const GLOSSARY_FIELDS: &[Field] = &[
    Field::required("title", Shape::Text, "The title of the page of terms."),
    Field::optional("summary", Shape::Text, "What the page is, in a sentence."),
    Field::optional("introduction", Shape::Text, "A paragraph above the terms."),
    Field::optional("order", Shape::Number(0), "Its place among the written pages."),
    Field::optional("updated", Shape::Day, "The day of its last change."),
    Field::optional("term", Shape::Tables(TERM), "The terms."),
];

const TERM: &[Field] = &[
    Field::required("term", Shape::Text, "The term as readers write it."),
    Field::required("definition", Shape::Text, "What it means, in a sentence or two."),
    Field::optional("aliases", Shape::Texts, "Other forms under which text uses it."),
    Field::optional(
        "see",
        Shape::Texts,
        "Where to read on: slugs of questions, pages behind `guide/`, terms behind `#`.",
    ),
    Field::optional("mark", Shape::Flag, "Whether text that uses the term is linked to it."),
];
