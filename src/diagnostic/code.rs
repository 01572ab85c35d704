//! The list of all mistakes that askbook can find.
//!
//! A code is added here once, with its severity, its scope, what it means and how it is mended;
//! `example.rs` shows it, and the compiler and `tests/suite/mistakes.rs` ask for the rest.

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
    ($($name:ident = $code:literal, $severity:ident, $scope:ident, $about:literal, $mend:literal;)+) => {
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

            /// What the mistake is and why it matters.
            pub fn about(self) -> &'static str {
                match self { $(Self::$name => $about,)+ }
            }

            /// How it is mended.
            pub fn mend(self) -> &'static str {
                match self { $(Self::$name => $mend,)+ }
            }
        }
    };
}

codes! {
    FileUnreadable = "file/unreadable", Error, Always, "A file of the project could not be read.", "Check its permissions, and that it still exists.";
    FileEncoding = "file/encoding", Error, Always, "A text file is not valid UTF-8.", "Save it as UTF-8 in your editor.";
    FileTooLarge = "file/too-large", Error, Always, "A file, a line of it, or all drawings of a page together are larger than the limit in `[limits]`.", "Split the page, shrink the picture, or raise the limit on purpose.";
    FileSymlink = "file/symlink", Error, Always, "A symbolic link stands in the content or theme. Links could lead out of the project, so none is followed.", "Put the file itself there.";
    FileName = "file/name", Error, Always, "A file name has a character that some system or host refuses.", "Use letters a-z, digits, hyphens, dots and underscores.";
    FileMisplaced = "file/misplaced", Error, Always, "A Markdown file stands where no page is read from.", "Put questions into `content/questions/<topic>/`, written pages into `content/guide/`.";
    TomlSyntax = "toml/syntax", Error, Always, "Settings, a vocabulary or front matter are not valid TOML.", "The message says what was expected at the place shown. Text stands in quotation marks, a list in square brackets.";
    SettingsMissing = "settings/missing", Error, Always, "There is no `askbook.toml` in the project folder.", "Run `askbook init` for a new guide, or name the folder with `--root`.";
    SettingsValue = "settings/value", Error, Always, "A setting has a value that cannot be used.", "Take one of the values that the help line names.";
    FieldUnknown = "field/unknown", Error, Always, "A key is not known here. Unknown keys are refused because a typing mistake would otherwise be ignored in silence.", "Respell it, or take it out.";
    FieldMissing = "field/missing", Error, Always, "A key without which the page or the guide cannot be published is missing.", "Add it.";
    FieldType = "field/type", Error, Always, "A key has a value of the wrong type, such as a number where text is meant.", "Write a value of the type that the message asks for.";
    FieldValue = "field/value", Error, Always, "A key has a value that is not one of those possible: a slug that no vocabulary holds, a status that does not exist.", "Take one of those that the help line names, or add a term to the vocabulary.";
    FieldEmpty = "field/empty", Error, Always, "A key that needs text has none.", "Give it a text, or take the key out.";
    FrontMatterMissing = "front-matter/missing", Error, Always, "A page does not begin with TOML between two `+++` lines.", "`askbook new` writes a page that does.";
    FrontMatterUnclosed = "front-matter/unclosed", Error, Always, "The `+++` line that ends the front matter is missing.", "Write `+++` on a line of its own behind the TOML.";
    FrontMatterTooLarge = "front-matter/too-large", Error, Always, "The front matter of a page is larger than `limits.front_matter_bytes`.", "Move text into the body.";
    FrontMatterSlug = "front-matter/slug", Error, Always, "The slug of a question is its permanent address and has to equal its file name.", "Rename one of them, and add an alias if the page was already published.";
    FrontMatterOrder = "front-matter/order", Warning, PageModel, "The keys of the front matter do not stand in the order of the page model, which is that of the table in the page on writing.", "`askbook check --fix` sorts them.";
    VocabularyMissing = "vocabulary/missing", Error, Always, "One of `categories.toml`, `levels.toml`, `topics.toml` is missing or empty. Each lists the terms that questions may use.", "Write it; `askbook init` in an empty folder makes one to copy.";
    VocabularyDuplicate = "vocabulary/duplicate", Error, Always, "Two terms of one vocabulary have the same slug.", "Rename one of them, also in the questions that use it.";
    QuestionDuplicate = "question/duplicate", Error, Always, "Two files claim the same slug, and so the same address. Both are shown.", "Rename one of the files.";
    QuestionOrphan = "question/orphan", Warning, PageModel, "No other page links to a question, so that readers come to it only by search and lists.", "Name it under `related` of a question near to it, or link to it in a text.";
    QuestionSimilar = "question/similar", Warning, PageModel, "Two questions ask nearly the same: they share a wording, or most of their titles, other wordings and short answers.", "Join them, tell them apart, or accept the pair under `[check]`.";
    QuestionLookalike = "question/lookalike", Warning, Rule, "The addresses of two pages are told apart only by letters and figures that look alike, such as `l` and `1` or `rn` and `m`.", "Rename one of them.";
    GlossaryDuplicate = "glossary/duplicate", Error, Always, "Two entries of the glossary explain the same term, or claim the same form of a word in `aliases`. Both are shown.", "Keep one.";
    GlossaryUnknown = "glossary/unknown", Error, Always, "A term, question or page that `content/glossary.toml` names in `see`, or a term that a page links to, is not there.", "Respell it, or write what it names.";
    GlossaryUnused = "glossary/unused", Warning, Rule, "No page uses a term of the glossary.", "Add the form that pages use to its `aliases`, take the entry out, or keep it for looking up with `mark = false`.";
    GuideTooLarge = "guide/too-large", Error, Always, "The guide has more pages than `limits.pages`.", "Make two guides of it, or raise the limit on purpose.";
    GuideEmpty = "guide/empty", Warning, Rule, "The guide has no question yet, or only drafts.", "`askbook new` writes a first one.";
    MarkdownHtml = "markdown/html", Error, Always, "Raw HTML outside the allow-list (`abbr`, `br`, `details`, `kbd`, `sub`, `summary`, `sup`) could run script in a reader's browser.", "Write Markdown instead.";
    MarkdownMath = "markdown/math", Warning, Rule, "Text between dollar signs looks like TeX mathematics, which is published as it is written.", "Write the formula in words or code, or escape the dollar signs.";
    MarkdownHeading = "markdown/heading", Error, Rule, "A heading skips a level or has the level of the page's own title, and screen readers navigate by levels.", "Use `##` for sections and `###` below them.";
    MarkdownHeadingAttribute = "markdown/heading-attribute", Error, Always, "Headings may carry an id (`{#name}`) and nothing else: classes and attributes could change how a page behaves.", "Keep the id and take the rest out.";
    MarkdownNesting = "markdown/nesting", Error, Always, "Lists and quotations are nested deeper than `limits.nesting`. Nobody can read that, and some programs cannot survive it.", "Take some levels out.";
    MarkdownEvents = "markdown/events", Error, Always, "A page has more parts than `limits.events`.", "Split it.";
    CodeUnlabelled = "code/unlabelled", Error, Rule, "A code block does not name its language.", "Write it behind the fence, ```` ```python ````; `text` is a language too.";
    CodeLanguage = "code/language", Error, Always, "The language of a code block is not known, so it cannot be coloured or labelled.", "Respell it, or write `text`.";
    CodeAttribute = "code/attribute", Error, Always, "What stands behind the language of a code fence is not understood.", "Known are `title=\"…\"`, `tab=\"…\"`, `numbers`, `mark=\"1,3-5\"`, `add=\"…\"`, `del=\"…\"`, `run`, `run=\"name\"`, `not-run`, `output`, `output=pattern`, `output=varies`, `file=\"…\"`, `region=\"…\"` and `transcript`.";
    CodeTooLarge = "code/too-large", Error, Always, "A code block or one of its lines is longer than `limits.code_bytes` or `limits.line_characters`, or all code of the page than four such blocks.", "Show the part that matters.";
    CodeInvisible = "code/invisible", Error, Rule, "An invisible character stands in code, so that what runs is not what is read.", "Take it out; where the sample is about it, write it as an escape of the language.";
    CodeLookalike = "code/lookalike", Error, Rule, "A word of code mixes Latin letters with Cyrillic or Greek ones that look like them: two names that seem to be one.", "Write the Latin letter; where the sample is about it, write it as an escape of the language.";
    CodeFile = "code/file", Error, Always, "A code block names a file beside its page that is not there, has no such region, or holds another text.", "Change the file, not the page; `askbook check --fix` then writes the file's text into the page.";
    PictureAlt = "picture/alt", Error, Rule, "A picture has no text alternative.", "Say between the brackets what it shows, for those who do not see it.";
    PictureFormat = "picture/format", Error, Always, "A picture is not what its name says, or of a kind that browsers do not all show.", "Use SVG, PNG, JPEG, GIF, WebP or AVIF.";
    PictureTooLarge = "picture/too-large", Error, Always, "A picture is wider or higher than `limits.picture_pixels`. A small file can unpack to gigabytes in a reader's browser.", "Make it smaller, or draw it as SVG.";
    PictureUnsafe = "picture/unsafe", Error, Always, "An SVG picture holds something that can run or load: a script, a style, a foreign object, an event handler, or a reference to another file.", "Draw with shapes and text only.";
    LinkScheme = "link/scheme", Error, Always, "A link uses a scheme other than `https`, `http` and `mailto`. Others can run script or read local files.", "Link to an address on the web, or to a file of the guide.";
    LinkBroken = "link/broken", Error, Always, "A link names a file that is not there.", "Write the relative path to the `.md` file.";
    LinkAnchor = "link/anchor", Error, Always, "A link names a heading that its page does not have.", "Take one of the headings that the help line names.";
    LinkDraft = "link/draft", Error, Always, "A published page links to a draft, which will not be there.", "Publish the draft or take the link out.";
    LinkAddress = "link/address", Error, Always, "A link is written as an address of the site (`/questions/…`).", "Link to the `.md` file instead: askbook then knows the page, checks the anchor, and the site works under any path.";
    LinkGone = "link/gone", Error, Rule, "A link leads to an address of which its server says that there is nothing. Only `askbook check --external` asks.", "Link to where it is now or to a copy in an archive, or take the link out.";
    LinkMoved = "link/moved", Warning, Rule, "A link leads to an address that has moved for good, and redirects do not live for ever. Only `askbook check --external` asks.", "Write the new address, which the help line names, if it still says what the page needs.";
    LinkUnreachable = "link/unreachable", Warning, Rule, "A link could not be checked: its server did not answer, refused programs, or was out of order. Only `askbook check --external` asks.", "Open it in a browser. Nothing is wrong with it for certain, and the next run asks again.";
    LinkPrivate = "link/private", Error, Rule, "A link leads to an address in a private network or of a single machine, which readers cannot come to. It is not asked.", "Link to an address that everybody can come to.";
    SectionUnknown = "section/unknown", Error, PageModel, "A second-level heading is not one of the sections of the page model. A reader who knows one page should know all of them.", "Use a heading of the model, or one of the third level.";
    SectionOrder = "section/order", Error, PageModel, "The sections of a page do not stand in the order of the page model.", "Move them; `askbook check --fix` does it.";
    SectionDuplicate = "section/duplicate", Error, PageModel, "A section stands twice on one page.", "Join the two.";
    SectionMissing = "section/missing", Error, PageModel, "A section that the page model asks of this category is missing.", "Write it under the heading that the message names.";
    SectionEmpty = "section/empty", Error, Rule, "A heading has nothing below it, or no text.", "Write what it announces, or take it out.";
    SectionLength = "section/length", Warning, PageModel, "A section is shorter or longer than the page model allows. Code does not count.", "Say more, or move what is too much into another section.";
    SectionForm = "section/form", Warning, PageModel, "A section does not have the form that lets askbook read it.", "Write `What each level adds` as one paragraph per level that begins with the level's name in bold, `Follow-up questions` as a list of italic questions with a hint behind each.";
    SectionLevel = "section/level", Error, PageModel, "A paragraph of `What each level adds` begins with a word that is no level of the guide or stands twice or out of order, or a level from the question's own on has none.", "Write one paragraph for each level of `levels.toml` from the question's own on, in that order, which begins with its name: `**Senior.**`.";
    PageLength = "page/length", Warning, PageModel, "A page is shorter or longer than the page model allows for its category.", "Below, it says too little; above, split it.";
    ModelField = "model/field", Error, PageModel, "A key that the page model asks of every question is missing.", "Add it.";
    ModelLength = "model/length", Error, PageModel, "The text or list of a key is shorter or longer than the page model allows.", "The help line names both bounds: write a text or list between them.";
    RubricShape = "rubric/shape", Error, Rule, "A signal of a rubric has more or fewer than four descriptors.", "Write one descriptor for each of the scores 1 to 4.";
    RubricAdjective = "rubric/adjective", Warning, PageModel, "A descriptor of a rubric is a bare adjective such as \"good\" or \"excellent\", which two interviewers understand in two ways.", "Write what somebody with this score says or does.";
    SourceFew = "source/few", Error, PageModel, "A technical or design question names fewer sources than the page model asks.", "Name primary sources as `[[source]]` tables: specifications, manuals, papers.";
    RelatedUnknown = "related/unknown", Error, Rule, "A related question is neither a page nor listed in `content/wanted.toml`.", "Respell its slug, write it, or list it as wanted.";
    RelatedSelf = "related/self", Error, Rule, "A question names itself as related.", "Take its slug out of the list.";
    RelatedOneWay = "related/one-way", Warning, PageModel, "All related questions of a page are written, and none of them leads back to it.", "Name it under `related` of one of them, or choose nearer ones.";
    WantedWritten = "wanted/written", Warning, Rule, "A question that is listed as wanted has been written.", "Take it out of `content/wanted.toml`.";
    DateFuture = "date/future", Error, Rule, "The date of last change lies in the future.", "Write the day of the change.";
    DateUnknown = "date/unknown", Warning, Rule, "A page has no `updated` date and git could not tell one, so none is shown.", "Add `updated = 2026-11-22`, with the day of the last change.";
    AliasInvalid = "alias/invalid", Error, Always, "An alias is not an address that a page of this site can have had.", "Write it as `/questions/old-name/`.";
    SampleOutput = "sample/output", Error, Always, "A code sample prints something else than the page shows.", "`askbook test --bless` writes the real output; a sample that prints something else each time has its output marked `output=varies`.";
    SampleFailed = "sample/failed", Error, Always, "A code sample ended with an error, could not be started, or ran too long.", "Mend it, or mark it `not-run` if it is a fragment.";
    SampleRunner = "sample/runner", Error, Always, "Samples could not be run because their language has no runner in `askbook.toml` or the runner is not installed here.", "Add `[runners.<language>]`, or install what it names.";
    TextControl = "text/control", Error, Always, "A control character stands in the text. Browsers must not show it, and terminals obey some of them.", "Take it out.";
    TextBidirectional = "text/bidirectional", Error, Rule, "A character that reverses the direction of text hides what the text says.", "Take it out.";
    TextInvisible = "text/invisible", Warning, Rule, "An invisible character stands in the text. It breaks searching and copying.", "Take it out.";
    TextLookalike = "text/lookalike", Warning, Rule, "A word mixes Latin letters with Cyrillic or Greek ones that look like them. Nobody finds it by searching.", "Write the Latin letter.";
    TextTrailing = "text/trailing", Warning, Rule, "A line ends with spaces or tabs, which nobody sees and every comparison of versions shows.", "Take them out; for a line break write a backslash.";
    TextSpelling = "text/spelling", Warning, PageModel, "A word has its American spelling in a guide in British English. Code, quotations and names are left alone, and so are guides with `language = \"en-US\"`.", "Write the British spelling; `askbook check --fix` does it.";
    TextFiller = "text/filler", Warning, PageModel, "A phrase says nothing: the sentence is better without it.", "Say it without; `filler` under `[check]` lists phrases that a guide does not want beside those that askbook knows.";
    TextPlaceholder = "text/placeholder", Error, Rule, "Something is still to be written: a mark such as `TODO:`, dummy text, or a comment that begins with `<!-- guidance:`.", "Write it, or take it out.";
    ThemeMissing = "theme/missing", Error, Always, "The theme named in `askbook.toml`, or the theme that it extends, is neither in `themes/` nor built in.", "Put it there, or use `folio`.";
    ThemeManifest = "theme/manifest", Error, Always, "The `theme.toml` of a theme is missing, extends itself, or names a file that is not there.", "Mend the line that is shown.";
    ThemeString = "theme/string", Error, Always, "The language file of a theme lacks a string that askbook or a template needs.", "Add it; the language file of `folio` shows how it is used.";
    ThemeTemplate = "theme/template", Error, Always, "A template has a mistake, or uses a value that the page does not have.", "The place is in the template, and the page that was being made is named: use a value that the message lists.";
    OutputCollision = "output/collision", Error, Always, "Two things claim the same file of the site. Names that differ only by case are the same file on some systems.", "Rename one of the two that are shown.";
    OutputLanding = "output/landing", Error, Always, "A link of a finished page leads to no page, file or anchor of the site. Links of content are checked earlier: this one comes from the theme.", "Mend the template that writes it.";
    OutputNesting = "output/nesting", Error, Always, "A finished page nests its elements deeper than the minifier survives.", "Take some levels out of the page or its template.";
    OutputMinify = "output/minify", Warning, Rule, "Minifying would have changed the text of a page, so the page is published as it is.", "Please report it.";
    CommandRoot = "command/root", Error, Always, "The folder that `--root` names is not there.", "Name the folder that holds `askbook.toml`.";
    CommandOutput = "command/output", Error, Always, "A folder cannot be written to: it holds what askbook has not written, is the guide or lies around it, is a file or a link, or another build is publishing there.", "Name another folder, or empty this one yourself.";
    CommandValue = "command/value", Error, Always, "A word or an option of a command names nothing that there is, or has a form that cannot be used. Options that are not known are told without a code.", "The help line names what is near or how it is written; `askbook COMMAND --help` lists the options.";
}

impl Code {
    /// The id of its heading on the page of rules.
    pub fn anchor(self) -> String {
        format!("h-{}", self.as_str().replace('/', "-"))
    }

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
