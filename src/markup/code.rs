//! Colours for code, at build time.
//!
//! Takes a language and code, gives HTML in which tokens carry one-letter classes. The emitter works
//! on syntect's parse operations and merges runs of one class: syntect's own class output is more
//! than twenty times the size of the code, this is about twice.
//!
//! A grammar reads a line from the state in which the line before has left it, and code repeats its
//! lines: of the blocks of a build each is read once for each state in which it is met.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use pulldown_cmark_escape::escape_html_body_text;
use rayon::prelude::*;
use syntect::parsing::{
    BasicScopeStackOp, ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet,
};

use crate::cache::{Cache, Key};
use crate::document::{CodeBlock, Language};

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

/// Lines that one reader remembers, and states they may begin in: a few megabytes.
const LINE_LIMIT: usize = 20_000;
const STATE_LIMIT: usize = 500;
/// Lines with more bytes stay plain: for each word grammars look for what stands anywhere behind it, so
/// that ten thousand bytes of `a.a.a.` as C# took over a second.
const COLOURED_BYTES: usize = 500;
/// Blocks that one reader reads: many, so that it meets its lines again, yet few enough to share out.
const BLOCKS: usize = 1_000;

/// Code as HTML, from the cache or made now; every element is closed on its line.
pub fn highlight(language: Option<&Language>, code: &str, cache: &Cache) -> Arc<str> {
    cache.text(key(language, code), || match language.and_then(syntax) {
        Some(syntax) => Reader::new(syntax).block(code),
        None => html(code.strip_suffix('\n').unwrap_or(code)),
    })
}

/// Colours blocks that the cache does not have, all of one language together.
pub fn highlight_all<'a>(blocks: impl Iterator<Item = &'a CodeBlock>, cache: &Cache) {
    let mut of_language: BTreeMap<&str, Vec<(Key, &str)>> = BTreeMap::new();
    for CodeBlock { fence, text: code, .. } in blocks {
        let Some(language) = fence.language.filter(|language| language.syntax.is_some()) else {
            continue;
        };
        let key = key(Some(language), code);
        if !cache.holds(key) {
            of_language.entry(language.name).or_default().push((key, code));
        }
    }
    let shares = of_language.iter_mut().flat_map(|(name, wanted)| {
        wanted.sort_unstable();
        wanted.dedup();
        wanted.chunks(BLOCKS).map(|share| (*name, share))
    });
    let shares: Vec<_> = shares.collect();
    shares.into_par_iter().for_each(|(name, share)| {
        let syntax = Language::named(name).and_then(syntax).expect("only those with a syntax");
        let mut reader = Reader::new(syntax);
        for (key, code) in share {
            cache.insert(*key, &reader.block(code));
        }
    });
}

fn key(language: Option<&Language>, code: &str) -> Key {
    let name = language.map_or("", |language| language.name);
    Key::new("highlight", &[name.as_bytes(), code.as_bytes()])
}

fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_html_body_text(&mut out, text).expect("writing to a string cannot fail");
    out
}

/// What a line begins with: the grammar's state, and the scopes that are open.
#[derive(Clone, PartialEq, Eq)]
struct State {
    grammar: ParseState,
    scopes: ScopeStack,
}

/// Reads blocks of one language and remembers their lines.
struct Reader {
    /// States that lines begin in, each with the lines met in it.
    states: Vec<(State, HashMap<Box<str>, Line>)>,
    lines: usize,
    classes: Classes,
}

/// The class of each scope that has been met: looking through the list for each token takes longer.
type Classes = HashMap<Scope, Class>;

/// A line in colours, and the number of the state behind it.
struct Line {
    html: Box<str>,
    next: usize,
}

/// Where the reading of a block has come to.
enum Reached {
    /// A state with a number.
    Known(usize),
    /// A state for which there was no number left.
    Other(Box<State>),
}

impl Reader {
    fn new(syntax: &SyntaxReference) -> Self {
        let first = State { grammar: ParseState::new(syntax), scopes: ScopeStack::new() };
        Self { states: vec![(first, HashMap::new())], lines: 0, classes: Classes::new() }
    }

    fn block(&mut self, code: &str) -> String {
        let mut out = String::with_capacity(code.len() * 2);
        let mut reached = Reached::Known(0);
        for (index, line) in code.split_inclusive('\n').enumerate() {
            if index > 0 {
                out.push('\n');
            }
            reached = self.line(reached, line, &mut out);
        }
        out
    }

    fn line(&mut self, from: Reached, line: &str, out: &mut String) -> Reached {
        let mut state = match from {
            Reached::Other(state) => state,
            Reached::Known(number) => {
                let (state, lines) = &self.states[number];
                if let Some(known) = lines.get(line) {
                    out.push_str(&known.html);
                    return Reached::Known(known.next);
                }
                let mut state = Box::new(state.clone());
                let html = read(&mut state, line, &mut self.classes);
                out.push_str(&html);
                return match self.number(&state) {
                    Some(next) => self.remembered(number, line, &html, next),
                    None => Reached::Other(state),
                };
            }
        };
        out.push_str(&read(&mut state, line, &mut self.classes));
        Reached::Other(state)
    }

    /// The number of a state, if it has one or may get one.
    fn number(&mut self, state: &State) -> Option<usize> {
        let known = self.states.iter().position(|(known, _)| known == state);
        if known.is_none() && self.states.len() < STATE_LIMIT {
            self.states.push((state.clone(), HashMap::new()));
            return Some(self.states.len() - 1);
        }
        known
    }

    fn remembered(&mut self, number: usize, line: &str, html: &str, next: usize) -> Reached {
        if self.lines < LINE_LIMIT {
            self.lines += 1;
            self.states[number].1.insert(line.into(), Line { html: html.into(), next });
        }
        Reached::Known(next)
    }
}

/// Reads one line, and leaves the state behind it.
fn read(state: &mut State, line: &str, known: &mut Classes) -> String {
    if line.len() > COLOURED_BYTES {
        return html(line.strip_suffix('\n').unwrap_or(line));
    }
    let mut classes = ClassStack::of(&state.scopes, known);
    let mut emitter = Emitter::default();
    // A grammar that fails leaves the line plain: colours are never worth a failed build.
    let operations = state.grammar.parse_line(line, &SYNTAXES).unwrap_or_default();
    let mut done = 0;
    for (at, operation) in &operations {
        emitter.text(&line[done..*at], classes.current());
        done = *at;
        let applied =
            state.scopes.apply_with_hook(operation, |basic, _| classes.apply(&basic, known));
        if applied.is_err() {
            classes = ClassStack::default();
        }
    }
    emitter.text(&line[done..], classes.current());
    emitter.finish()
}

/// The classes of the scopes that are open, kept beside syntect's own stack.
#[derive(Default)]
struct ClassStack {
    open: Vec<Class>,
}

impl ClassStack {
    fn of(scopes: &ScopeStack, known: &mut Classes) -> Self {
        Self { open: scopes.as_slice().iter().map(|scope| class_of(*scope, known)).collect() }
    }

    fn apply(&mut self, operation: &BasicScopeStackOp, known: &mut Classes) {
        match operation {
            BasicScopeStackOp::Push(scope) => self.open.push(class_of(*scope, known)),
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

fn class_of(scope: Scope, known: &mut Classes) -> Class {
    *known.entry(scope).or_insert_with(|| {
        SCOPES
            .iter()
            .filter(|(prefix, _)| prefix.is_prefix_of(scope))
            .max_by_key(|(prefix, _)| prefix.len())
            .map_or(Class::Around, |(_, class)| *class)
    })
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
    use proptest::prelude::*;

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
        let code = "def f(x):\n    return 'a'  # b\n";
        let lines = highlight(Language::named("python"), code, &Cache::default());
        assert_eq!(
            lines.split('\n').collect::<Vec<_>>(),
            [
                "<span class=\"k\">def </span><span class=\"f\">f</span>(<span class=\"v\">x</span>):",
                "    <span class=\"k\">return </span><span class=\"s\">'a'  </span><span class=\"c\"># b</span>",
            ]
        );
    }

    #[test]
    fn code_is_escaped_in_every_language() {
        for language in LANGUAGES {
            let code = "<script>alert(\"&\")</script>\n";
            let text = highlight(Some(language), code, &Cache::default());
            let bare = text.replace("<span class=\"", "").replace("</span>", "");
            assert!(!bare.contains('<'), "{}: {text}", language.name);
        }
    }

    /// Lines that open and close strings, comments and brackets, in no order that a person would choose.
    const LINES: [&str; 9] =
        ["a = \"\"\"b\n", "`\n", "/* c\n", "*/ d(\n", ")\n", "\"\"\"\n", "<<EOF\n", "EOF\n", "\n"];

    proptest! {
        #[test]
        fn what_was_read_before_does_not_matter(
            blocks in prop::collection::vec(prop::collection::vec(0..LINES.len(), 0..6), 1..6),
            language in 0..LANGUAGES.len(),
        ) {
            let language = Some(&LANGUAGES[language]);
            let code = |block: Vec<usize>| block.into_iter().map(|line| LINES[line]).collect::<String>();
            let Some(mut reader) = language.and_then(syntax).map(Reader::new) else { return Ok(()) };
            for code in blocks.into_iter().map(code) {
                let alone = highlight(language, &code, &Cache::default());
                prop_assert_eq!(reader.block(&code), &*alone);
            }
        }
    }
}
