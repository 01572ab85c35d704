//! The list of all mistakes that askbook can find.
//!
//! A code is added here once, with its severity, its scope and two sentences for `askbook explain`;
//! the compiler and `tests/suite/mistakes.rs` then ask for the rest.

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is published.
    Error,
    /// Published, and worth mending.
    Warning,
}

impl Severity {
    /// The word used in messages and settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// Whether the owner of a guide may change the level of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// What publishing or safety needs: never switched off.
    Always,
    /// A rule that every profile has on and `[check.rules]` may change.
    Rule,
    /// A rule of the page model: on in the profile `full`, off in `minimal`.
    PageModel,
}

macro_rules! codes {
    ($($name:ident = $code:literal, $severity:ident, $scope:ident, $about:literal;)+) => {
        /// The name of a kind of mistake.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $about] $name,)+
        }

        impl Code {
            /// Every code, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The name shown in messages and used in settings: `link/broken`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The level it has unless settings say otherwise.
            pub fn default_severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)+ }
            }

            /// Who may change the level.
            pub fn scope(self) -> Scope {
                match self { $(Self::$name => Scope::$scope,)+ }
            }

            /// What the mistake is and how it is mended, for `askbook explain`.
            pub fn about(self) -> &'static str {
                match self { $(Self::$name => $about,)+ }
            }
        }
    };
}

codes! {
    FileUnreadable = "file/unreadable", Error, Always, "A file of the project could not be read. Check its permissions, and that it still exists.";
    FileEncoding = "file/encoding", Error, Always, "A text file is not valid UTF-8. Save it as UTF-8 in your editor.";
    FileTooLarge = "file/too-large", Error, Always, "A file, a line of it, or all drawings of a page together are larger than the limit in `[limits]`. Split the page, shrink the picture, or raise the limit on purpose.";
    FileSymlink = "file/symlink", Error, Always, "A symbolic link stands in the content or theme. Links could lead out of the project, so none is followed: put the file itself there.";
    FileName = "file/name", Error, Always, "A file name has a character that some system or host refuses. Use letters a-z, digits, hyphens, dots and underscores.";
    FileMisplaced = "file/misplaced", Error, Always, "A Markdown file stands where no page is read from. Questions stand in `content/questions/<topic>/`, written pages in `content/guide/`.";
    TomlSyntax = "toml/syntax", Error, Always, "Settings, a vocabulary or front matter are not valid TOML. The message says what was expected at the place shown.";
    SettingsMissing = "settings/missing", Error, Always, "There is no `askbook.toml` in the project folder. Run `askbook init` for a new guide, or name the folder with `--root`.";
    SettingsValue = "settings/value", Error, Always, "A setting has a value that cannot be used. The help line names the values that can.";
    FieldUnknown = "field/unknown", Error, Always, "A key is not known here. Unknown keys are refused because a typing mistake would otherwise be ignored in silence.";
    FieldMissing = "field/missing", Error, Always, "A key without which the page or the guide cannot be published is missing. Add it.";
    FieldType = "field/type", Error, Always, "A key has a value of the wrong type, such as a number where text is meant.";
    FieldValue = "field/value", Error, Always, "A key has a value that is not one of those possible: a slug that no vocabulary holds, a status that does not exist.";
    FieldEmpty = "field/empty", Error, Always, "A key that needs text has none.";
    FrontMatterMissing = "front-matter/missing", Error, Always, "A page does not begin with TOML between two `+++` lines. `askbook new` writes a page that does.";
    FrontMatterUnclosed = "front-matter/unclosed", Error, Always, "The `+++` line that ends the front matter is missing.";
    FrontMatterTooLarge = "front-matter/too-large", Error, Always, "The front matter of a page is larger than `limits.front_matter_bytes`. Text belongs in the body.";
    FrontMatterSlug = "front-matter/slug", Error, Always, "The slug of a question is its permanent address and has to equal its file name. Rename one of them, and add an alias if the page was already published.";
    FrontMatterOrder = "front-matter/order", Warning, PageModel, "The keys of the front matter do not stand in the order of the page model, which is that of the table in the page on writing. `askbook check --fix` sorts them.";
    VocabularyMissing = "vocabulary/missing", Error, Always, "One of `categories.toml`, `levels.toml`, `topics.toml` is missing or empty. Each lists the terms that questions may use.";
    VocabularyDuplicate = "vocabulary/duplicate", Error, Always, "Two terms of one vocabulary have the same slug.";
    GlossaryDuplicate = "glossary/duplicate", Error, Always, "Two entries of the glossary explain the same term, or claim the same form of a word in `aliases`. Both are shown; keep one.";
    GlossaryUnknown = "glossary/unknown", Error, Always, "A term, question or page that `content/glossary.toml` names in `see`, or a term that a page links to, is not there.";
    GlossaryUnused = "glossary/unused", Warning, Rule, "No page uses a term of the glossary. Add the form that pages use to its `aliases`, take the entry out, or keep it for looking up with `mark = false`.";
    QuestionDuplicate = "question/duplicate", Error, Always, "Two files claim the same slug, and so the same address. Both are shown; rename one.";
    QuestionOrphan = "question/orphan", Warning, PageModel, "No other page links to a question, so that readers come to it only by search and lists. Name it under `related` of a question near to it, or link to it in a text.";
    QuestionSimilar = "question/similar", Warning, PageModel, "Two questions ask nearly the same: they share a wording, or most of their titles, other wordings and short answers. Join them, tell them apart, or accept the pair under `[check]`.";
    GuideTooLarge = "guide/too-large", Error, Always, "The guide has more pages than `limits.pages`. Make two guides of it, or raise the limit on purpose.";
    GuideEmpty = "guide/empty", Warning, Rule, "The guide has no question yet, or only drafts. `askbook new` writes a first one.";
    MarkdownHtml = "markdown/html", Error, Always, "Raw HTML outside the allow-list (`abbr`, `br`, `details`, `kbd`, `sub`, `summary`, `sup`) could run script in a reader's browser. Write Markdown instead.";
    MarkdownMath = "markdown/math", Warning, Rule, "Text between dollar signs looks like TeX mathematics, which is published as it is written. Write the formula in words or code, or escape the dollar signs.";
    MarkdownHeading = "markdown/heading", Error, Rule, "A heading skips a level or has the level of the page's own title. Screen readers navigate by levels: use `##` for sections and `###` below them.";
    MarkdownHeadingAttribute = "markdown/heading-attribute", Error, Always, "Headings may carry an id (`{#name}`) and nothing else: classes and attributes could change how a page behaves.";
    MarkdownNesting = "markdown/nesting", Error, Always, "Lists and quotations are nested deeper than `limits.nesting`. Nobody can read that, and some programs cannot survive it.";
    MarkdownEvents = "markdown/events", Error, Always, "A page has more parts than `limits.events`. Split it.";
    CodeUnlabelled = "code/unlabelled", Error, Rule, "A code block does not name its language. Write it behind the fence, ```` ```python ````; `text` is a language too.";
    CodeLanguage = "code/language", Error, Always, "The language of a code block is not known, so it cannot be coloured or labelled.";
    CodeAttribute = "code/attribute", Error, Always, "What stands behind the language of a code fence is not understood. Known are `title=\"…\"`, `tab=\"…\"`, `numbers`, `mark=\"1,3-5\"`, `add=\"…\"`, `del=\"…\"`, `run`, `run=\"name\"`, `not-run`, `output`, `output=pattern`, `output=varies`, `file=\"…\"`, `region=\"…\"` and `transcript`.";
    CodeTooLarge = "code/too-large", Error, Always, "A code block or one of its lines is longer than `limits.code_bytes` or `limits.line_characters`. Show the part that matters.";
    CodeFile = "code/file", Error, Always, "A code block names a file beside its page that is not there, has no such region, or holds another text. `askbook check --fix` writes the file's text into the page.";
    PictureAlt = "picture/alt", Error, Rule, "A picture has no text alternative. Write between the brackets what a reader who cannot see it needs to know.";
    PictureFormat = "picture/format", Error, Always, "A picture is not what its name says, or of a kind that browsers do not all show. Use SVG, PNG, JPEG, GIF, WebP or AVIF.";
    PictureTooLarge = "picture/too-large", Error, Always, "A picture is wider or higher than `limits.picture_pixels`. A small file can unpack to gigabytes in a reader's browser: make it smaller.";
    PictureUnsafe = "picture/unsafe", Error, Always, "An SVG picture holds something that can run or load: a script, a style, a foreign object, an event handler, or a reference to another file.";
    LinkScheme = "link/scheme", Error, Always, "A link uses a scheme other than `https`, `http` and `mailto`. Others can run script or read local files.";
    LinkBroken = "link/broken", Error, Always, "A link names a file that is not there. Links between pages are relative paths to the `.md` file.";
    LinkAnchor = "link/anchor", Error, Always, "A link names a heading that its page does not have.";
    LinkDraft = "link/draft", Error, Always, "A published page links to a draft, which will not be there. Publish the draft or take the link out.";
    LinkAddress = "link/address", Error, Always, "A link is written as an address of the site (`/questions/…`). Link to the `.md` file instead: askbook then knows the page, checks the anchor, and the site works under any path.";
    SectionUnknown = "section/unknown", Error, PageModel, "A second-level heading is not one of the sections of the page model. A reader who knows one page should know all of them.";
    SectionOrder = "section/order", Error, PageModel, "The sections of a page do not stand in the order of the page model.";
    SectionDuplicate = "section/duplicate", Error, PageModel, "A section stands twice on one page.";
    SectionMissing = "section/missing", Error, PageModel, "A section that the page model asks of this category is missing.";
    SectionEmpty = "section/empty", Error, Rule, "A heading has nothing below it.";
    SectionLength = "section/length", Warning, PageModel, "A section is shorter or longer than the page model allows. Code does not count.";
    SectionForm = "section/form", Warning, PageModel, "A section does not have the form that lets askbook read it: `What each level adds` is one paragraph per level that begins with the level's name in bold, `Follow-up questions` is a list of italic questions with a hint behind each.";
    PageLength = "page/length", Warning, PageModel, "A page is shorter or longer than the page model allows for its category. Below, it says too little; above, it wants to be split.";
    ModelField = "model/field", Error, PageModel, "A key that the page model asks of every question is missing.";
    ModelLength = "model/length", Error, PageModel, "The text or list of a key is shorter or longer than the page model allows.";
    RubricShape = "rubric/shape", Error, Rule, "A rubric has signals, and each has exactly four descriptors, for the scores 1 to 4.";
    RubricAdjective = "rubric/adjective", Warning, PageModel, "A descriptor of a rubric is a bare adjective such as \"good\" or \"excellent\", which two interviewers understand in two ways. Write what somebody with this score says or does.";
    SourceFew = "source/few", Error, PageModel, "A technical or design question names fewer sources than the page model asks.";
    RelatedUnknown = "related/unknown", Error, Rule, "A related question is neither a page nor listed in `content/wanted.toml`.";
    RelatedSelf = "related/self", Error, Rule, "A question names itself as related.";
    RelatedOneWay = "related/one-way", Warning, PageModel, "All related questions of a page are written, and none of them leads back to it. Name it under `related` of one of them, or choose nearer ones.";
    WantedWritten = "wanted/written", Warning, Rule, "A question that is listed as wanted has been written. Take it out of `content/wanted.toml`.";
    DateFuture = "date/future", Error, Rule, "The date of last change lies in the future.";
    DateUnknown = "date/unknown", Warning, Rule, "A page has no `updated` date and git could not tell one, so none is shown.";
    AliasInvalid = "alias/invalid", Error, Always, "An alias is an old address of the page on this site, such as `/questions/old-name/`.";
    SampleOutput = "sample/output", Error, Always, "A code sample prints something else than the page shows. `askbook test --bless` writes the real output; a sample that prints something else each time has its output marked `output=varies`.";
    SampleFailed = "sample/failed", Error, Always, "A code sample ended with an error, could not be started, or ran too long. Mend it, or mark it `not-run` if it is a fragment.";
    SampleRunner = "sample/runner", Error, Always, "Samples could not be run because their language has no runner in `askbook.toml` or the runner is not installed here.";
    TextControl = "text/control", Error, Always, "A control character stands in the text. Browsers must not show it, and terminals obey some of them: take it out.";
    TextBidirectional = "text/bidirectional", Error, Rule, "A character that reverses the direction of text hides what the text says. Take it out.";
    TextInvisible = "text/invisible", Warning, Rule, "An invisible character stands in the text. It breaks searching and copying: take it out.";
    TextTrailing = "text/trailing", Warning, Rule, "A line ends with spaces or tabs, which nobody sees and every comparison of versions shows. Take them out; for a line break write a backslash.";
    TextSpelling = "text/spelling", Warning, PageModel, "A word has its American spelling in a guide in British English. `askbook check --fix` respells it; guides with `language = \"en-US\"` are left alone, and so are code, quotations and names.";
    TextFiller = "text/filler", Warning, PageModel, "A phrase says nothing: the sentence is better without it. Say it without; `filler` under `[check]` lists phrases that a guide does not want beside those that askbook knows.";
    TextPlaceholder = "text/placeholder", Error, Rule, "Something is still to be written: a mark such as `TODO:`, dummy text, or a comment that begins with `<!-- guidance:`. Write it, or take it out.";
    ThemeMissing = "theme/missing", Error, Always, "The theme named in `askbook.toml`, or the theme that it extends, is neither in `themes/` nor built in.";
    ThemeManifest = "theme/manifest", Error, Always, "The `theme.toml` of a theme is missing, extends itself, or names a file that is not there.";
    ThemeString = "theme/string", Error, Always, "The language file of a theme lacks a string that askbook or a template needs.";
    ThemeTemplate = "theme/template", Error, Always, "A template has a mistake, or uses a value that the page does not have. The place is in the template; the page that was being made is named.";
    OutputCollision = "output/collision", Error, Always, "Two things claim the same file of the site. Names that differ only by case are the same file on some systems.";
    OutputLanding = "output/landing", Error, Always, "A link of a finished page leads to no page, file or anchor of the site. Links of content are checked earlier: this one comes from the theme.";
    OutputNesting = "output/nesting", Error, Always, "A finished page nests its elements deeper than the minifier survives.";
    OutputMinify = "output/minify", Warning, Rule, "Minifying would have changed the text of a page, so the page is published as it is. Please report it.";
}

impl Code {
    /// The code with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_lead_back_to_their_code() {
        for code in Code::ALL {
            assert_eq!(Code::from_name(code.as_str()), Some(*code));
        }
    }
}
