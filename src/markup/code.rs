//! Colours for code, at build time.
//!
//! Takes a language and code, gives HTML in which tokens carry one-letter classes. The emitter works
//! on syntect's parse operations and merges runs of one class: syntect's own class output is more
//! than twenty times the size of the code, this is about twice.

use std::collections::HashMap;
use std::sync::LazyLock;

use pulldown_cmark_escape::escape_html_body_text;
use syntect::parsing::{
    BasicScopeStackOp, ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet,
};

use crate::document::Language;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// What a scope means for the text inside it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Whatever the scope around it means.
    Around,
    /// Plain text, whatever is around it: code inside a string.
    Plain,
    /// A token with this class.
    Token(char),
}

/// The class of each scope that has one; the longest prefix wins.
///
/// The letters are those of `themes/*/static/css/code.css`: k keyword, s string, e escape, n number,
/// c comment, f function, t type, v variable, b constant, o operator, a attribute, g tag,
/// i inserted, d deleted, h heading.
const CLASSES: [(&str, Class); 52] = [
    ("comment", Class::Token('c')),
    ("constant", Class::Token('b')),
    ("constant.character", Class::Token('e')),
    ("constant.numeric", Class::Token('n')),
    ("constant.other.placeholder", Class::Token('e')),
    ("entity.name", Class::Token('t')),
    ("entity.name.constant", Class::Token('b')),
    ("entity.name.function", Class::Token('f')),
    ("entity.name.function.decorator", Class::Token('a')),
    ("entity.name.label", Class::Token('b')),
    ("entity.name.section", Class::Token('h')),
    ("entity.name.tag", Class::Token('g')),
    ("entity.other.attribute-name", Class::Token('a')),
    ("entity.other.inherited-class", Class::Token('t')),
    ("keyword", Class::Token('k')),
    ("keyword.operator", Class::Token('o')),
    ("keyword.operator.logical.python", Class::Token('k')),
    ("keyword.operator.logical.sql", Class::Token('k')),
    ("keyword.operator.word", Class::Token('k')),
    ("keyword.operator.new", Class::Token('k')),
    ("markup.deleted", Class::Token('d')),
    ("markup.heading", Class::Token('h')),
    ("markup.inserted", Class::Token('i')),
    ("markup.raw", Class::Token('s')),
    ("meta.annotation", Class::Token('a')),
    ("meta.decorator", Class::Token('a')),
    ("meta.diff.header", Class::Token('h')),
    ("meta.interpolation", Class::Plain),
    ("meta.preprocessor", Class::Token('a')),
    ("meta.template.expression", Class::Plain),
    ("meta.toc-list", Class::Around),
    ("punctuation.definition.annotation", Class::Token('a')),
    ("source", Class::Plain),
    ("storage", Class::Token('k')),
    ("string", Class::Token('s')),
    ("string.regexp", Class::Token('e')),
    ("string.unquoted", Class::Plain),
    ("string.unquoted.heredoc", Class::Token('s')),
    ("support.class", Class::Token('t')),
    ("support.constant", Class::Token('b')),
    ("support.function", Class::Token('f')),
    ("support.macro", Class::Token('f')),
    ("support.type", Class::Token('t')),
    ("support.type.property-name", Class::Token('v')),
    ("text.html", Class::Plain),
    ("variable.annotation", Class::Token('a')),
    ("variable.function", Class::Token('f')),
    ("variable.language", Class::Token('b')),
    ("variable.other.constant", Class::Token('b')),
    ("variable.other.member", Class::Token('v')),
    ("variable.parameter", Class::Token('v')),
    ("variable.parameter.option", Class::Token('a')),
];

static SCOPES: LazyLock<Vec<(Scope, Class)>> = LazyLock::new(|| {
    let scope = |name| Scope::new(name).expect("the list holds valid scope names");
    CLASSES.iter().map(|(name, class)| (scope(name), *class)).collect()
});

/// The syntax that colours a language.
fn syntax(language: &Language) -> Option<&'static SyntaxReference> {
    SYNTAXES.find_syntax_by_name(language.syntax?)
}

/// Code as HTML, one entry a line without its line end; every element is closed on its line.
pub fn highlight(language: Option<&Language>, code: &str) -> Vec<String> {
    let lines = code.split_inclusive('\n');
    match language.and_then(syntax) {
        Some(syntax) => coloured(syntax, lines),
        None => lines.map(|line| html(line.trim_end_matches('\n'))).collect(),
    }
}

fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_html_body_text(&mut out, text).expect("writing to a string cannot fail");
    out
}

fn coloured<'a>(syntax: &SyntaxReference, lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut state = ParseState::new(syntax);
    let mut scopes = ScopeStack::new();
    let mut classes = ClassStack::default();
    let mut coloured = Vec::new();
    for line in lines {
        let mut emitter = Emitter::default();
        // A grammar that fails leaves the line plain: colours are never worth a failed build.
        let operations = state.parse_line(line, &SYNTAXES).unwrap_or_default();
        let mut done = 0;
        for (at, operation) in &operations {
            emitter.text(&line[done..*at], classes.current());
            done = *at;
            let applied = scopes.apply_with_hook(operation, |basic, _| classes.apply(&basic));
            if applied.is_err() {
                classes = ClassStack::default();
            }
        }
        emitter.text(&line[done..], classes.current());
        coloured.push(emitter.finish());
    }
    coloured
}

/// The classes of the scopes that are open, kept beside syntect's own stack.
#[derive(Default)]
struct ClassStack {
    open: Vec<Class>,
    known: HashMap<Scope, Class>,
}

impl ClassStack {
    fn apply(&mut self, operation: &BasicScopeStackOp) {
        match operation {
            BasicScopeStackOp::Push(scope) => {
                let class = *self.known.entry(*scope).or_insert_with(|| class_of(*scope));
                self.open.push(class);
            }
            BasicScopeStackOp::Pop => {
                self.open.pop();
            }
        }
    }

    fn current(&self) -> Option<char> {
        let meant = self.open.iter().rev().find(|class| **class != Class::Around);
        match meant {
            Some(Class::Token(letter)) => Some(*letter),
            Some(Class::Around | Class::Plain) | None => None,
        }
    }
}

fn class_of(scope: Scope) -> Class {
    SCOPES
        .iter()
        .filter(|(prefix, _)| prefix.is_prefix_of(scope))
        .max_by_key(|(prefix, _)| prefix.len())
        .map_or(Class::Around, |(_, class)| *class)
}

/// Writes one line, joining neighbours of one class; white space takes the class before it.
#[derive(Default)]
struct Emitter {
    out: String,
    open: Option<char>,
}

impl Emitter {
    fn text(&mut self, text: &str, class: Option<char>) {
        let text = text.trim_end_matches('\n');
        if text.is_empty() {
            return;
        }
        let is_blank = text.chars().all(char::is_whitespace);
        if !is_blank && class != self.open {
            self.close();
            if let Some(letter) = class {
                self.out.push_str("<span class=\"");
                self.out.push(letter);
                self.out.push_str("\">");
            }
            self.open = class;
        }
        escape_html_body_text(&mut self.out, text).expect("writing to a string cannot fail");
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.out.push_str("</span>");
        }
    }

    fn finish(mut self) -> String {
        self.close();
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::LANGUAGES;

    #[test]
    fn every_language_has_the_syntax_it_names() {
        for language in LANGUAGES.iter().filter(|language| language.syntax.is_some()) {
            assert!(syntax(language).is_some(), "{} has no syntax", language.name);
        }
    }

    #[test]
    fn runs_of_one_class_are_one_element() {
        let lines = highlight(Language::named("python"), "def f(x):\n    return 'a'  # b\n");
        assert_eq!(
            lines,
            [
                "<span class=\"k\">def </span><span class=\"f\">f</span>(<span class=\"v\">x</span>):",
                "    <span class=\"k\">return </span><span class=\"s\">'a'  </span><span class=\"c\"># b</span>",
            ]
        );
    }

    #[test]
    fn code_is_escaped_in_every_language() {
        for language in LANGUAGES {
            let text = highlight(Some(language), "<script>alert(\"&\")</script>\n").join("\n");
            let bare = text.replace("<span class=\"", "").replace("</span>", "");
            assert!(!bare.contains('<'), "{}: {text}", language.name);
        }
    }
}
