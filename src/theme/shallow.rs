//! Whether a script, a style sheet or a template is nested so little that programs can read it.
//!
//! Takes a text, says yes or no. Parsers of scripts and style sheets call themselves for each level, and
//! a stack that is used up ends the process. This reads no grammar: it counts brackets, and how long
//! an expression goes on. It may take a harmless text for a deep one, never the other way round.

use crate::text::Span;

/// How many brackets may be open at once.
const DEPTH: usize = 200;
/// How many words and signs an expression may have: `a?b:a?b:…` nests without any bracket.
const PARTS: usize = 2_000;
/// How many branches a condition of a template may have, each of which Tera nests in the one before.
const BRANCHES: usize = 200;

/// The two kinds of text, which end an expression in different ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Script,
    StyleSheet,
}

/// Whether a script or a style sheet is shallow.
pub(super) fn is_shallow(text: &str, kind: Kind) -> bool {
    let bytes = text.as_bytes();
    // Parts of the expression that is being read, for each bracket that is open.
    let mut parts = vec![0_usize];
    for (at, byte) in bytes.iter().enumerate() {
        let is_word =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte > 0x7f;
        let open = parts.len() - 1;
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => continue,
            b'(' | b'[' | b'{' => {
                parts[open] += 1;
                parts.push(0);
            }
            b')' | b']' => close(&mut parts),
            b'}' => {
                close(&mut parts);
                restart(&mut parts, kind == Kind::StyleSheet || !goes_on(&bytes[at + 1..]));
            }
            b';' => restart(&mut parts, !goes_on(&bytes[at + 1..])),
            b',' => restart(&mut parts, true),
            // A word counts once.
            byte if is_word(*byte) && at > 0 && is_word(bytes[at - 1]) => continue,
            _ => parts[open] += 1,
        }
        if parts.len() > DEPTH || parts.last().is_some_and(|count| *count > PARTS) {
            return false;
        }
    }
    true
}

/// A bracket that was never opened is one of a text or a regular expression.
fn close(parts: &mut Vec<usize>) {
    if parts.len() > 1 {
        parts.pop();
    }
}

fn restart(parts: &mut [usize], is_end: bool) {
    if let Some(count) = parts.last_mut().filter(|_| is_end) {
        *count = 0;
    }
}

/// Whether what follows belongs to the statement before: `} else if`, `} + {`, `; while`.
fn goes_on(rest: &[u8]) -> bool {
    const WORDS: [&[u8]; 6] = [b"else", b"in", b"instanceof", b"catch", b"finally", b"while"];
    let rest = after_blank(rest);
    let ends = rest.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(rest.len());
    match rest.first() {
        None => false,
        Some(byte) if byte.is_ascii_alphabetic() => WORDS.contains(&&rest[..ends]),
        Some(byte) => !(byte.is_ascii_digit() || b"_$\"'#@})];,".contains(byte)),
    }
}

/// What stands behind white space and comments.
fn after_blank(rest: &[u8]) -> &[u8] {
    let mut rest = rest.trim_ascii_start();
    loop {
        let end = match rest {
            [b'/', b'*', inside @ ..] => {
                inside.windows(2).position(|two| two == b"*/").map(|at| at + 4)
            }
            [b'/', b'/', inside @ ..] => {
                inside.iter().position(|byte| *byte == b'\n').map(|at| at + 3)
            }
            _ => return rest,
        };
        // A comment without an end is one sign, and what it begins with.
        let Some(end) = end else { return rest };
        rest = rest[end..].trim_ascii_start();
    }
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
            "if(a)",
            "a=",
            "1+",
            "a.b",
            "a[0]",
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
        ];
        for part in scripts {
            assert!(!is_shallow(&part.repeat(20_000), Kind::Script), "{part}");
        }
        for part in ["@media print{", "a{", ":not(", "calc(", "a "] {
            assert!(!is_shallow(&part.repeat(20_000), Kind::StyleSheet), "{part}");
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
        ] {
            assert!(is_shallow(&part.repeat(20_000), Kind::Script), "{part}");
        }
        assert!(is_shallow(
            &"a, b > c { color: red; margin: 0 }\n".repeat(20_000),
            Kind::StyleSheet
        ));
        assert!(is_shallow(&"} ) ]".repeat(20_000), Kind::Script));
    }
}
