//! The tokens of a script, as the parser of browsers sees them.
//!
//! Takes a script, gives words, values, brackets and signs, one after the other. Where a slash could be a
//! division or begin a regular expression, and only a grammar could tell which, it gives up: what it
//! takes for the inside of a text or a pattern is certainly that.

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name, a keyword or a number.
    Word(&'a str),
    /// A text, or a piece of a template.
    Text,
    /// A regular expression, with its brackets.
    Pattern {
        brackets: usize,
    },
    Open,
    /// A bracket that closes; whether it is a brace, which can end a statement.
    Close {
        is_brace: bool,
    },
    /// Every other sign, of which `;` and `,` matter.
    Sign(char),
}

/// A script that cannot be told apart without its grammar, or is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unclear;

/// What a slash means behind a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// Something that can be divided.
    Operand,
    /// Something behind which an operand is missing.
    Operator,
    Unclear,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bracket {
    /// `(`, and whether it is that of `if (…)`, which no division follows.
    Round {
        is_head: bool,
    },
    Square,
    Brace,
    /// `${` in a template.
    Piece,
}

/// Keywords that want an operand.
const WANTING: [&str; 13] = [
    "case",
    "default",
    "delete",
    "do",
    "else",
    "extends",
    "in",
    "instanceof",
    "new",
    "return",
    "throw",
    "typeof",
    "void",
];
/// Words that are names in one place and want an operand in another.
const EITHER: [&str; 3] = ["await", "of", "yield"];
/// Keywords whose brackets a statement follows.
const HEADS: [&str; 4] = ["for", "if", "while", "with"];

pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    before: Before,
    /// The word that was the last token, unless it names a member.
    word: Option<&'a str>,
    is_after_dot: bool,
    /// Whether the bracket that comes next is that of `for await (…)`.
    is_for: bool,
    /// Whether a line has ended since the last token.
    pub(super) is_on_new_line: bool,
    brackets: Vec<Bracket>,
    is_in_template: bool,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            before: Before::Operator,
            word: None,
            is_after_dot: false,
            is_for: false,
            is_on_new_line: true,
            brackets: Vec::new(),
            is_in_template: false,
        }
    }

    /// The next token; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Token<'a>>, Unclear> {
        if std::mem::take(&mut self.is_in_template) {
            self.is_on_new_line = false;
            return self.template().map(Some);
        }
        self.is_on_new_line = self.at == 0;
        self.skip_blank()?;
        let Some(next) = self.rest().chars().next() else {
            return if self.brackets.is_empty() { Ok(None) } else { Err(Unclear) };
        };
        let token = match next {
            '"' | '\'' => self.quoted(next)?,
            '`' => {
                self.at += 1;
                self.template()?
            }
            '/' => self.slash()?,
            '(' | '[' | '{' => self.open(next),
            ')' | ']' | '}' => self.close(next)?,
            _ if name_length(self.rest()) > 0 => self.name(),
            // Whatever else is written in escapes would have to be read.
            '\\' => return Err(Unclear),
            _ => self.sign(next)?,
        };
        Ok(Some(token))
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_blank(&mut self) -> Result<(), Unclear> {
        loop {
            let rest = self.rest();
            let blank = rest.find(|c: char| !is_blank(c)).unwrap_or(rest.len());
            self.is_on_new_line |= rest[..blank].contains(is_line_end);
            self.at += blank;
            let rest = self.rest();
            let comment = if rest.starts_with("//") {
                rest.find(is_line_end).unwrap_or(rest.len())
            } else if let Some(inside) = rest.strip_prefix("/*") {
                inside.find("*/").map(|end| end + 4).ok_or(Unclear)?
            } else if ["<!--", "#!"].iter().any(|sign| rest.starts_with(sign))
                || (self.is_on_new_line && rest.starts_with("-->"))
            {
                // Comments in one place, and signs in another.
                return Err(Unclear);
            } else {
                return Ok(());
            };
            self.is_on_new_line |= rest[..comment].contains(is_line_end);
            self.at += comment;
        }
    }

    /// Notes what a token means for the slash behind it.
    fn noted(&mut self, token: Token<'a>, before: Before) -> Token<'a> {
        self.before = before;
        self.word = None;
        self.is_after_dot = false;
        self.is_for = false;
        token
    }

    fn quoted(&mut self, quote: char) -> Result<Token<'a>, Unclear> {
        let mut signs = self.rest().char_indices().skip(1);
        while let Some((at, sign)) = signs.next() {
            match sign {
                // The line feed behind an escaped carriage return is a blank that does no harm.
                '\\' if self.rest()[at..].starts_with("\\\r\n") => {
                    signs.nth(1);
                }
                '\\' => {
                    signs.next();
                }
                '\n' | '\r' => return Err(Unclear),
                _ if sign == quote => {
                    self.at += at + 1;
                    return Ok(self.noted(Token::Text, Before::Operand));
                }
                _ => {}
            }
        }
        Err(Unclear)
    }

    /// Reads a template up to its end or to the next `${`.
    fn template(&mut self) -> Result<Token<'a>, Unclear> {
        let mut signs = self.rest().char_indices();
        while let Some((at, sign)) = signs.next() {
            match sign {
                '\\' => {
                    signs.next();
                }
                '`' => {
                    self.at += at + 1;
                    return Ok(self.noted(Token::Text, Before::Operand));
                }
                '$' if self.rest()[at + 1..].starts_with('{') => {
                    self.at += at + 2;
                    self.brackets.push(Bracket::Piece);
                    return Ok(self.noted(Token::Open, Before::Operator));
                }
                _ => {}
            }
        }
        Err(Unclear)
    }

    fn slash(&mut self) -> Result<Token<'a>, Unclear> {
        match (self.before, self.is_on_new_line) {
            (Before::Operand, false) => {
                self.at += 1;
                Ok(self.noted(Token::Sign('/'), Before::Operator))
            }
            (Before::Operator, _) => self.pattern(),
            // In a new line it may begin a statement: behind `var a`, not behind `a`.
            (Before::Operand, true) | (Before::Unclear, _) => Err(Unclear),
        }
    }

    fn pattern(&mut self) -> Result<Token<'a>, Unclear> {
        let (mut brackets, mut is_in_class) = (0, false);
        let mut signs = self.rest().char_indices().skip(1);
        while let Some((at, sign)) = signs.next() {
            match sign {
                '\\' if signs.next().is_none_or(|(_, next)| is_line_end(next)) => {
                    return Err(Unclear);
                }
                '\\' => {}
                '[' | '(' => {
                    brackets += 1;
                    is_in_class |= sign == '[';
                }
                ']' => is_in_class = false,
                '/' if !is_in_class => {
                    self.at += at + 1;
                    let flags = self.rest().find(|c: char| !is_of_name(c));
                    self.at += flags.unwrap_or(self.rest().len());
                    return Ok(self.noted(Token::Pattern { brackets }, Before::Operand));
                }
                _ if is_line_end(sign) => return Err(Unclear),
                _ => {}
            }
        }
        Err(Unclear)
    }

    fn open(&mut self, sign: char) -> Token<'a> {
        let is_head = self.is_for || self.word.is_some_and(|word| HEADS.contains(&word));
        self.at += 1;
        self.brackets.push(match sign {
            '(' => Bracket::Round { is_head },
            '[' => Bracket::Square,
            _ => Bracket::Brace,
        });
        self.noted(Token::Open, Before::Operator)
    }

    fn close(&mut self, sign: char) -> Result<Token<'a>, Unclear> {
        self.at += 1;
        let before = match (sign, self.brackets.pop()) {
            (')', Some(Bracket::Round { is_head: true })) => Before::Operator,
            (')', Some(Bracket::Round { is_head: false })) | (']', Some(Bracket::Square)) => {
                Before::Operand
            }
            // Of a block or of an object.
            ('}', Some(Bracket::Brace)) => Before::Unclear,
            ('}', Some(Bracket::Piece)) => {
                self.is_in_template = true;
                Before::Unclear
            }
            _ => return Err(Unclear),
        };
        let is_brace = sign == '}' && !self.is_in_template;
        Ok(self.noted(Token::Close { is_brace }, before))
    }

    fn name(&mut self) -> Token<'a> {
        let word = &self.rest()[..name_length(self.rest())];
        self.at += word.len();
        if self.is_after_dot {
            return self.noted(Token::Word(word), Before::Operand);
        }
        let before = match word {
            _ if WANTING.contains(&word) => Before::Operator,
            _ if EITHER.contains(&word) => Before::Unclear,
            _ => Before::Operand,
        };
        let is_for = word == "await" && self.word == Some("for");
        let token = self.noted(Token::Word(word), before);
        (self.word, self.is_for) = (Some(word), is_for);
        token
    }

    fn sign(&mut self, sign: char) -> Result<Token<'a>, Unclear> {
        let rest = self.rest();
        if rest.starts_with("++") || rest.starts_with("--") {
            self.at += 2;
            let before = match (self.before, self.is_on_new_line) {
                (_, true) | (Before::Operator, false) => Before::Operator,
                (before, false) => before,
            };
            return Ok(self.noted(Token::Sign(sign), before));
        }
        if rest.starts_with("...") {
            self.at += 3;
            return Ok(self.noted(Token::Sign('.'), Before::Operator));
        }
        self.at += sign.len_utf8();
        // `1./2` is a division.
        let before = if sign == '.' { Before::Unclear } else { Before::Operator };
        let token = self.noted(Token::Sign(sign), before);
        self.is_after_dot = sign == '.';
        Ok(token)
    }

    /// Whether the last token was a name, a number, or a bracket that ends an operand.
    pub(super) fn is_after_operand(&self) -> bool {
        self.before == Before::Operand
    }
}

fn is_blank(sign: char) -> bool {
    sign.is_whitespace() || sign == '\u{feff}'
}

fn is_line_end(sign: char) -> bool {
    matches!(sign, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// How many bytes at the beginning of a text are a name, of which letters beyond ASCII may be escaped: no
/// keyword has any.
fn name_length(text: &str) -> usize {
    let mut length = 0;
    while let Some(next) = text[length..].chars().next() {
        let escaped = text[length..].strip_prefix("\\u").and_then(|rest| rest.get(..4));
        let code = escaped.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        length += match code {
            Some(0x80..) => 6,
            None if is_of_name(next) => next.len_utf8(),
            Some(_) | None => break,
        };
    }
    length
}

fn is_of_name(sign: char) -> bool {
    sign.is_ascii_alphanumeric()
        || matches!(sign, '_' | '$' | '#')
        || (!sign.is_ascii() && !is_blank(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(script: &str) -> Result<String, Unclear> {
        let mut tokens = Tokens::new(script);
        let mut told = String::new();
        while let Some(token) = tokens.next()? {
            told.push_str(&match token {
                Token::Word(word) => format!("{word} "),
                Token::Text => "T ".to_owned(),
                Token::Pattern { brackets } => format!("P{brackets} "),
                Token::Open => "< ".to_owned(),
                Token::Close { .. } => "> ".to_owned(),
                Token::Sign(sign) => format!("{sign} "),
            });
        }
        Ok(told)
    }

    #[test]
    fn what_stands_in_texts_comments_and_patterns_is_no_bracket() {
        for (script, expected) in [
            (r#"a("]", '\'}')"#, "a < T , T > "),
            ("a // ](\n/* } */ b", "a b "),
            ("x = /[/\\]]\\/(/g;", "x = P2 ; "),
            ("a / b / c", "a / b / c "),
            ("(a) / b / (c)", "< a > / b / < c > "),
            ("if (a) /b(/.c", "if < a > P1 . c "),
            ("a.if (b) / c / (d)", "a . if < b > / c / < d > "),
            ("for await (a of b) /c(/", "for await < a of b > P1 "),
            ("return /(/", "return P1 "),
            ("a.return / b", "a . return / b "),
            ("a[0] / b", "a < 0 > / b "),
            ("a++ / b", "a + / b "),
            ("`a${`}`+{b:`)`}}]` / c", "< T + < b : T > > T / c "),
            ("while (n-->0) n", "while < n - > 0 > n "),
            ("a\u{a0}/ b", "a / b "),
            ("a\\u03b5 / b", "a\\u03b5 / b "),
        ] {
            assert_eq!(told(script).as_deref(), Ok(expected), "{script}");
        }
    }

    #[test]
    fn what_only_a_grammar_could_tell_is_not_guessed() {
        for script in [
            "a = {} / b",
            "var a\n/b`/",
            "#!a`\n`",
            "if (a) {} /b/.c",
            "yield /a/",
            "await / a",
            "a\n++/b/",
            "1./2",
            "r\\u0065turn /a/",
            "<!-- `",
            "\n--> `",
            "'a\n'",
            "`a",
            "/*",
            "(]",
            "(",
            "}",
            "a = /(\n/",
        ] {
            // An increment in front of a pattern is read as what it is.
            let is_prefix = script == "a\n++/b/";
            assert_eq!(told(script).is_err(), !is_prefix, "{script}");
        }
    }
}
