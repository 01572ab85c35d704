//! Whether a script, a style sheet or a template is nested so little that programs can read it.
//!
//! Takes a text, says yes or no. Parsers of scripts and style sheets call themselves for each level, and
//! a stack that is used up ends the process. This reads tokens, as the parsers do, and counts all that
//! could nest: it may take a strange harmless text for a deep one, never the other way round.

use cssparser::{ParseError, Parser, ParserInput, Token as CssToken};

use super::script::{Token, Tokens, Unclear};
use crate::text::Span;

/// How many levels there may be at any place of a text: brackets that are open, and the words and signs of
/// the expressions and statements around it, for `a?b:a?b:…` nests without any bracket.
const LEVELS: usize = 4_000;
/// How many branches a condition of a template may have, each of which Tera nests in the one before.
const BRANCHES: usize = 200;

/// The two kinds of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Script,
    StyleSheet,
}

/// Whether a script or a style sheet is shallow. Style sheets need room on the stack for this as well.
pub(super) fn is_shallow(text: &str, kind: Kind) -> bool {
    match kind {
        Kind::Script => script(text).is_ok_and(|is_shallow| is_shallow),
        Kind::StyleSheet => {
            let mut input = ParserInput::new(text);
            style_sheet(&mut Parser::new(&mut input), &mut Depth::default())
        }
    }
}

/// The levels at a place.
#[derive(Debug)]
struct Depth {
    /// One for each bracket that is open, and one for the text itself.
    around: Vec<Part>,
    levels: usize,
}

/// What has been read of an expression, and of a statement that goes on behind `;` and `,`.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    expression: usize,
    statement: usize,
}

impl Default for Depth {
    fn default() -> Self {
        Self { around: vec![Part::default()], levels: 0 }
    }
}

impl Depth {
    fn part(&mut self) -> &mut Part {
        self.around.last_mut().expect("the text itself is never closed")
    }

    /// Counts something that could nest; `false` if it is one too many.
    #[must_use]
    fn add(&mut self, count: usize) -> bool {
        self.part().expression += count;
        self.levels += count;
        self.levels <= LEVELS
    }

    #[must_use]
    fn add_statement(&mut self) -> bool {
        self.part().statement += 1;
        self.levels += 1;
        self.levels <= LEVELS
    }

    #[must_use]
    fn open(&mut self) -> bool {
        let is_shallow = self.add(1);
        self.around.push(Part::default());
        is_shallow
    }

    fn close(&mut self) {
        if self.around.len() > 1 {
            self.end_statement();
            self.around.pop();
        }
    }

    fn end_expression(&mut self) {
        self.levels -= std::mem::take(&mut self.part().expression);
    }

    fn end_statement(&mut self) {
        self.end_expression();
        self.levels -= std::mem::take(&mut self.part().statement);
    }
}

/// Words with which a statement goes on behind a semicolon or a block.
const CONTINUING: [&str; 4] = ["else", "while", "catch", "finally"];
/// Words with which an expression goes on in a new line.
const JOINING: [&str; 6] = ["in", "instanceof", "of", "extends", "class", "as"];
/// Words that make a statement of the one behind them.
const STATEMENTS: [&str; 6] = ["if", "else", "for", "while", "do", "with"];

/// What may have ended with the last token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    Nothing,
    /// A statement, if none of the words comes that continue it.
    Statement,
    /// A block or an object.
    Brace,
}

fn script(text: &str) -> Result<bool, Unclear> {
    let mut depth = Depth::default();
    let mut ended = Ended::Nothing;
    let (mut tokens, mut is_after_name) = (Tokens::new(text), false);
    while let Some(token) = tokens.next()? {
        begin(token, ended, is_after_name && tokens.is_on_new_line, &mut depth);
        ended = match token {
            Token::Sign(';') => Ended::Statement,
            Token::Close { is_brace: true } => Ended::Brace,
            _ => Ended::Nothing,
        };
        let is_shallow = match token {
            Token::Open => depth.open(),
            Token::Close { .. } => {
                depth.close();
                true
            }
            Token::Sign(',') => {
                depth.end_expression();
                true
            }
            Token::Sign(';') => true,
            Token::Pattern { brackets } => depth.add(brackets + 1),
            Token::Word(word) if STATEMENTS.contains(&word) => depth.add_statement(),
            Token::Word(_) | Token::Text | Token::Sign(_) => depth.add(1),
        };
        if !is_shallow {
            return Ok(false);
        }
        is_after_name = tokens.is_after_operand()
            && match token {
                Token::Word(word) => !KEYWORDS.contains(&word),
                _ => true,
            };
    }
    Ok(true)
}

/// Words behind which the next may stand in a new line and belong to them.
const KEYWORDS: [&str; 13] = [
    "async", "class", "const", "enum", "export", "function", "get", "import", "let", "set",
    "static", "using", "var",
];

/// Forgets what a token shows to have ended.
fn begin(token: Token<'_>, ended: Ended, is_new_line: bool, depth: &mut Depth) {
    let word = match token {
        Token::Word(word) => Some(word),
        _ => None,
    };
    let is_one_of = |words: &[&str]| word.is_some_and(|word| words.contains(&word));
    match ended {
        Ended::Statement if is_one_of(&CONTINUING) => depth.end_expression(),
        Ended::Statement => depth.end_statement(),
        Ended::Brace if is_one_of(&CONTINUING) => depth.end_expression(),
        // Behind an object an expression can go on; behind a block it cannot.
        Ended::Brace if word.is_some() && !is_one_of(&JOINING) => depth.end_statement(),
        Ended::Nothing if word.is_some() && is_new_line => {
            // Two operands in a row are of two statements, if a line has ended between them.
            if !is_one_of(&CONTINUING) && !is_one_of(&JOINING) {
                depth.end_statement();
            }
        }
        Ended::Brace | Ended::Nothing => {}
    }
}

fn style_sheet(parser: &mut Parser<'_, '_>, depth: &mut Depth) -> bool {
    while let Ok(token) = parser.next() {
        let is_shallow = match token {
            CssToken::CurlyBracketBlock => {
                let is_shallow = block(parser, depth);
                depth.end_statement();
                is_shallow
            }
            CssToken::Function(_) | CssToken::ParenthesisBlock | CssToken::SquareBracketBlock => {
                block(parser, depth)
            }
            CssToken::Comma | CssToken::Semicolon => {
                depth.end_statement();
                true
            }
            _ => depth.add(1),
        };
        if !is_shallow {
            return false;
        }
    }
    true
}

/// What stands in the brackets that have just begun.
fn block(parser: &mut Parser<'_, '_>, depth: &mut Depth) -> bool {
    let is_shallow = depth.open()
        && parser
            .parse_nested_block(|inside| Ok::<_, ParseError<'_, ()>>(style_sheet(inside, depth)))
            .is_ok_and(|is_shallow| is_shallow);
    depth.close();
    is_shallow
}

/// The branch of a template that is one too many.
pub(super) fn endless_branch(template: &str) -> Option<Span> {
    let (start, word) = template.match_indices("elif").nth(BRANCHES)?;
    Some(Span { start, end: start + word.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nests_with_or_without_brackets_is_deep() {
        let scripts = [
            "[",
            "(",
            "{",
            "`${",
            "a?b:",
            "!",
            "- ",
            "x=>",
            "x=>{",
            "if(a)",
            "a=",
            "1+",
            "a.b",
            "f()",
            "new ",
            "typeof ",
            "for(;;)",
            "do ",
            "a:",
            "{}+",
            "{} in ",
            "if(a){}else ",
            "if(a)b;else ",
            "a`b`",
            "'a'+",
            "[\"]\",",
            "(')',",
            "[`]`,",
            "[/]/,",
            "{/*}*/",
            "if(a)b,c;else ",
            "a?\";\":",
            "a?b//;\n:",
            "class\nA extends\n",
            "@a\nclass extends ",
            "async x=>",
            "if(a)\n",
            "!!!!!![",
            "a=!!!!!{b:",
            "else\nif(a)",
            "@a\nclass\nextends\n",
        ];
        for part in scripts {
            assert!(!is_shallow(&part.repeat(20_000), Kind::Script), "{part}");
        }
        let sheets = [
            "@media print{",
            "a{",
            ":not(",
            "calc(",
            "a ",
            "a{b:\"}\";",
            "a{/*}*/",
            "a[b=\"]\"",
            "(}",
            "a{b:\\}",
            "a>",
        ];
        for part in sheets {
            roomy(|| assert!(!is_shallow(&part.repeat(20_000), Kind::StyleSheet), "{part}"));
        }
    }

    #[test]
    fn what_is_long_is_not_deep() {
        for part in [
            "let a = [1, 2];\n",
            "function f() { return 1; }\n",
            "/* x */ a(b);\n",
            "// x\nfunction f() {}\n",
            "'a','b',",
            "a()\nb = c[0]\n",
            "if (a) { b } else if (c) { d }\n",
            "if(a)b;else c;",
            "x = 'a ( long text [ of words {';",
            "y = /[(]/.test(z) / 2;",
            "`a ( ${b} [`;",
            "a={b:1,c:function(){return 1}};",
        ] {
            assert!(is_shallow(&part.repeat(20_000), Kind::Script), "{part}");
        }
        for part in [
            "a, b > c { color: red; margin: 0 }\n",
            "@font-face{src:url(data:font/woff2;base64,AA((\"AA)}\n",
            "a::before{content:\"(\"}\n",
        ] {
            let sheet = part.repeat(20_000);
            roomy(|| assert!(is_shallow(&sheet, Kind::StyleSheet), "{part}"));
        }
        let text = format!("x = \"{}\";", "word ".repeat(100_000));
        assert!(is_shallow(&text, Kind::Script));
    }

    fn roomy(run: impl FnOnce() + Send) {
        let room = std::thread::Builder::new().stack_size(super::super::minify::STACK_BYTES);
        std::thread::scope(|scope| {
            room.spawn_scoped(scope, run).expect("a thread").join().expect("it ends well");
        });
    }
}
