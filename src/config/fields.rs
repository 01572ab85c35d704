//! The keys of `askbook.toml`.
//!
//! Gives the list that the settings are read by and that `schema` writes for editors; a test holds
//! `content/guide/settings.md` to it.

use crate::field::{Field, Shape, Values};

/// The settings of a guide.
pub const FIELDS: &[Field] = &[
    Field::required(
        "title",
        Shape::Text,
        "The name of the guide: the header, the title of every page, the feed and the exports.",
    ),
    Field::required(
        "description",
        Shape::Text,
        "One or two sentences for the home page, search engines, the feed and `llms.txt`.",
    ),
    Field::optional("tagline", Shape::Text, "A few words under the name on the home page."),
    Field::optional(
        "base_url",
        Shape::Text,
        "Where the guide is published, such as `https://guide.example/`: canonical links, feed and sitemap need it.",
    ),
    Field::optional(
        "language",
        Shape::Text,
        "The language that the guide is written in, as a tag such as `en`, `de` or `pt-BR`.",
    ),
    Field::optional("theme", Shape::Text, "A folder of `themes`, or the theme built in: `folio`."),
    Field::optional(
        "output",
        Shape::Text,
        "The folder inside the project that `askbook build` publishes to.",
    ),
    Field::optional(
        "offline",
        Shape::Flag,
        "Whether browsers keep pages for reading without a network; true if not said.",
    ),
    Field::optional(
        "repository",
        Shape::Table(REPOSITORY),
        "Where the sources can be read and changed: links to edit a page and to report a problem.",
    ),
    Field::optional("licence", Shape::Table(LICENCE), "The licence of the text."),
    Field::optional("search", Shape::Table(SEARCH), "How search reads words."),
    Field::optional("lists", Shape::Table(LISTS), "Lengths of lists."),
    Field::optional("limits", Shape::Table(LIMITS), "Bounds on what pages and the guide may hold."),
    Field::optional(
        "runners",
        Shape::TableOfEach(Values::Languages, RUNNER),
        "How `askbook test` runs the samples of each language.",
    ),
    Field::optional("check", Shape::Table(CHECK), "What the guide is held to."),
];

const REPOSITORY: &[Field] = &[
    Field::required("url", Shape::Text, "The page of the repository, `https://…`."),
    Field::optional("branch", Shape::Text, "The branch that is published; `main` if not said."),
];

const LICENCE: &[Field] = &[
    Field::required("name", Shape::Text, "Its short name."),
    Field::required("url", Shape::Text, "The address of its text."),
];

const SEARCH: &[Field] = &[
    Field::optional("stemming", Shape::Flag, "Whether forms of a word find each other."),
    Field::optional(
        "synonyms",
        Shape::TextsByName,
        "A word or phrase, and others that mean the same.",
    ),
];

const LISTS: &[Field] = &[
    Field::optional("page_size", Shape::Number(1), "Questions on one page of a list; 100."),
    Field::optional("feed_size", Shape::Number(1), "Entries of `feed.xml`; 20."),
    Field::optional(
        "sidebar_size",
        Shape::Number(1),
        "Questions that the sidebar shows around the current one; 60.",
    ),
];

const LIMITS: &[Field] = &[
    Field::optional("page_bytes", Shape::Number(1), "Size of a Markdown file, in bytes."),
    Field::optional(
        "front_matter_bytes",
        Shape::Number(1),
        "Size of the front matter of a page, in bytes.",
    ),
    Field::optional("events", Shape::Number(1), "Parts of a page."),
    Field::optional("nesting", Shape::Number(1), "How deep lists and quotations may be nested."),
    Field::optional("code_bytes", Shape::Number(1), "Size of one code block, in bytes."),
    Field::optional("line_characters", Shape::Number(1), "Length of a line of code."),
    Field::optional(
        "attachment_bytes",
        Shape::Number(1),
        "Size of a picture or other file beside a page, in bytes.",
    ),
    Field::optional(
        "picture_pixels",
        Shape::Number(1),
        "Width and height of a raster picture, in pixels.",
    ),
    Field::optional("pages", Shape::Number(1), "Pages of the guide."),
    Field::optional("path_bytes", Shape::Number(1), "Length of a path of the site, in bytes."),
];

const RUNNER: &[Field] = &[
    Field::required(
        "command",
        Shape::Texts,
        "The program and its arguments; it starts in a folder that holds the sample.",
    ),
    Field::required("file", Shape::Text, "The name of the file that the sample is written to."),
    Field::required("version", Shape::Texts, "A command that tells the version."),
    Field::optional(
        "session",
        Shape::Texts,
        "The program that transcripts are typed into, such as `psql`.",
    ),
    Field::optional(
        "service",
        Shape::One(Values::Listed(&["postgresql"])),
        "A server started for the run, with a fresh database for every sample.",
    ),
    Field::optional(
        "needs",
        Shape::Text,
        "What the samples need, with its version and where to get it: shown where it is missing.",
    ),
];

const CHECK: &[Field] = &[
    Field::optional(
        "profile",
        Shape::One(Values::Listed(&["full", "minimal"])),
        "Whether the page model is asked for.",
    ),
    Field::optional(
        "rules",
        Shape::OneOfEach(Values::Rules, Values::Listed(&["error", "warning", "off"])),
        "The level of single rules, by their code in quotation marks.",
    ),
    Field::optional(
        "filler",
        Shape::Texts,
        "Phrases that the guide does not want, beside those that askbook knows.",
    ),
    Field::optional("similar", Shape::Pairs, "Pairs of slugs of questions that may be alike."),
];
