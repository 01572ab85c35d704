//! A mistake and how it looks when it is mended, for every code that a few lines can show.
//!
//! The examples are the cases of `tests/suite/mistakes.rs`: there the wrong text is found in the right
//! line, and the right one passes. `askbook explain` and the page of rules show the same texts.

use super::Code;

/// A part of a file, wrong and right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// What kind of text it is.
    pub part: Part,
    /// With the mistake.
    pub wrong: &'static str,
    /// Without.
    pub right: &'static str,
}

/// Where an example stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The settings.
    Settings,
    /// The front matter of a question.
    Matter,
    /// The text of a question.
    Body,
}

impl Part {
    /// The language of the text, as a code fence names it.
    pub fn language(self) -> &'static str {
        match self {
            Self::Settings | Self::Matter => "toml",
            Self::Body => "markdown",
        }
    }

    /// The part in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Settings => "in askbook.toml",
            Self::Matter => "in front matter",
            Self::Body => "in a text",
        }
    }
}

impl Code {
    /// The mistake as a few lines show it; none if it is not one of a text alone.
    pub fn example(self) -> Option<Example> {
        let (_, part, wrong, right) = EXAMPLES.iter().find(|(code, ..)| *code == self)?;
        Some(Example { part: *part, wrong, right })
    }
}

const EXAMPLES: &[(Code, Part, &str, &str)] = &[
    (Code::TomlSyntax, Part::Matter, "level = junior", "level = \"junior\""),
    (Code::SettingsValue, Part::Settings, "language = \"English\"", "language = \"en\""),
    (
        Code::FieldUnknown,
        Part::Matter,
        "evalautes = \"Knows what the words mean\"",
        "evaluates = \"Knows what the words mean\"",
    ),
    (
        Code::FieldMissing,
        Part::Matter,
        "category = \"technical\"\n",
        "category = \"technical\"\nlevel = \"junior\"\n",
    ),
    (Code::FieldType, Part::Matter, "category = 5", "category = \"technical\""),
    (Code::FieldValue, Part::Matter, "level = \"junoir\"", "level = \"junior\""),
    (Code::FieldEmpty, Part::Matter, "category = \" \"", "category = \"technical\""),
    (Code::FrontMatterSlug, Part::Matter, "slug = \"join\"", "slug = \"joins\""),
    (
        Code::FrontMatterOrder,
        Part::Matter,
        "level = \"junior\"\ncategory = \"technical\"\n",
        "category = \"technical\"\nlevel = \"junior\"\n",
    ),
    (Code::MarkdownHtml, Part::Body, "Press <b onclick=x>this</b>.", "Press **this**."),
    (Code::MarkdownMath, Part::Body, "The sum is $a+b$.", "The sum is `a+b`."),
    (Code::MarkdownHeading, Part::Body, "##### Too deep\n\nText.", "#### One deeper\n\nText."),
    (
        Code::MarkdownHeadingAttribute,
        Part::Body,
        "### Named {#name .class}\n\nText.",
        "### Named {#name}\n\nText.",
    ),
    (Code::CodeUnlabelled, Part::Body, "```\ncode\n```", "```text\ncode\n```"),
    (Code::CodeLanguage, Part::Body, "```pyton\ncode\n```", "```python\ncode\n```"),
    (
        Code::CodeAttribute,
        Part::Body,
        "```python tilte=\"a.py\"\ncode\n```",
        "```python title=\"a.py\"\ncode\n```",
    ),
    (Code::LinkScheme, Part::Body, "[x](javascript:alert(1))", "[x](https://example.org/)"),
    (Code::LinkBroken, Part::Body, "[nulls](nuls.md)", "[nulls](nulls.md)"),
    (
        Code::LinkAnchor,
        Part::Body,
        "[nulls](nulls.md#short-anwser)",
        "[nulls](nulls.md#short-answer)",
    ),
    (Code::LinkAddress, Part::Body, "[nulls](/questions/nulls/)", "[nulls](nulls.md)"),
    (Code::SectionUnknown, Part::Body, "## Errors", "## Mistakes and red flags"),
    (Code::SectionLevel, Part::Body, "**Staff.**", "**Lead.**"),
    (Code::SectionEmpty, Part::Body, "###", "### Why it is so\n\nText."),
    (
        Code::ModelLength,
        Part::Matter,
        "asked_as = [\"What is joins?\"]",
        "asked_as = [\"What is joins?\", \"Explain joins\"]",
    ),
    (
        Code::RubricShape,
        Part::Matter,
        "scores = [\"Cannot say\", \"Says a part\", \"Says all of it\"]",
        "scores = [\"Cannot say\", \"Says a part\", \"Says all of it\", \"Says where it ends\"]",
    ),
    (
        Code::RubricAdjective,
        Part::Matter,
        "scores = [\"Very poor\", \"Says a part\", \"Says all of it\", \"Says where it ends\"]",
        "scores = [\"Cannot say\", \"Says a part\", \"Says all of it\", \"Says where it ends\"]",
    ),
    (
        Code::RelatedUnknown,
        Part::Matter,
        "related = [\"nulls\", \"outer-join\", \"self-joins\"]",
        "related = [\"nulls\", \"outer-joins\", \"self-joins\"]",
    ),
    (
        Code::RelatedSelf,
        Part::Matter,
        "related = [\"nulls\", \"joins\", \"self-joins\"]",
        "related = [\"nulls\", \"outer-joins\", \"self-joins\"]",
    ),
    (Code::DateFuture, Part::Matter, "updated = 2062-11-20", "updated = 2026-11-20"),
    (
        Code::AliasInvalid,
        Part::Matter,
        "status = \"reviewed\"\naliases = [\"old\"]\n",
        "status = \"reviewed\"\naliases = [\"/questions/old/\"]\n",
    ),
    (Code::TextSpelling, Part::Body, "The color of a row.", "The colour of a row."),
    (Code::TextFiller, Part::Body, "It is worth noting that rows meet.", "Rows meet."),
    (Code::TextPlaceholder, Part::Body, "TODO: say why.", "Because both have the key."),
];
