//! Style sheets and scripts without what only their authors need.
//!
//! Takes the text of an asset, gives the same in fewer bytes. What cannot be parsed, or is nested
//! deeper than a parser survives, stays as it is, for browsers to make the best of.

use std::thread;

use lightningcss::stylesheet::{ParserOptions, PrinterOptions, StyleSheet};
use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions, CommentOptions, LegalComment};
use oxc_minifier::{CompressOptions, MangleOptions, Minifier, MinifierOptions};
use oxc_parser::Parser;
use oxc_span::SourceType;

use super::shallow::{Kind, is_shallow};

/// Room for the deepest text that is still shallow: a level of `:not(` takes 8 KiB, one of a script 2 KiB, in a
/// build without optimisation.
pub(super) const STACK_BYTES: usize = 64 << 20;

/// The smaller text of an asset; `None` if nothing is known about its kind or it cannot be parsed.
pub(super) fn minified(name: &str, text: &str) -> Option<String> {
    let (kind, minify): (_, fn(&str) -> Option<String>) = match name.rsplit_once('.')?.1 {
        "css" => (Kind::StyleSheet, style_sheet),
        "js" => (Kind::Script, script),
        _ => return None,
    };
    let roomy = thread::Builder::new().stack_size(STACK_BYTES);
    // Without the memory for it, or with a parser that gives up, the text is published as it is.
    let minify = || if is_shallow(text, kind) { minify(text) } else { None };
    let smaller =
        thread::scope(|scope| roomy.spawn_scoped(scope, minify).ok()?.join().ok().flatten());
    // Letters beyond ASCII are written as escapes, which can take more than all the rest saves.
    smaller.filter(|smaller| smaller.len() < text.len())
}

fn style_sheet(css: &str) -> Option<String> {
    let sheet = StyleSheet::parse(css, ParserOptions::default()).ok()?;
    let options = PrinterOptions { minify: true, ..PrinterOptions::default() };
    sheet.to_css(options).ok().map(|result| result.code)
}

/// Comments that begin with `/*!` or name a licence stay; names that other scripts could use, too.
fn script(javascript: &str) -> Option<String> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, javascript, SourceType::unambiguous()).parse();
    if parsed.panicked || !parsed.errors.is_empty() {
        return None;
    }
    let mut program = parsed.program;
    let is_module = program.source_type.is_module();
    let mangle = MangleOptions { top_level: is_module, ..MangleOptions::default() };
    let options =
        MinifierOptions { mangle: Some(mangle), compress: Some(CompressOptions::smallest()) };
    let minified = Minifier::new(options).minify(&allocator, &mut program);
    let comments = CommentOptions { legal: LegalComment::Inline, ..CommentOptions::disabled() };
    let printed = Codegen::new()
        .with_options(CodegenOptions { comments, ..CodegenOptions::minify() })
        .with_scoping(minified.scoping)
        .with_private_member_mappings(minified.class_private_mappings)
        .build(&program);
    Some(printed.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_sheet_loses_its_white_space() {
        assert_eq!(minified("a.css", "a {\n  color: red;\n}\n").as_deref(), Some("a{color:red}"));
    }

    #[test]
    fn a_module_keeps_its_exports_and_a_script_its_names() {
        let module = "export function twice(number) { const two = 2; return number * two; }";
        let smaller = minified("a.js", module).expect("a module");
        assert!(smaller.contains("export function twice(") && smaller.len() < module.len());
        let script = "function twice(number) { return number + number; }\nconst unused = 1;";
        let smaller = minified("a.js", script).expect("a script");
        assert!(smaller.contains("function twice(") && smaller.contains("unused"), "{smaller}");
    }

    #[test]
    fn a_licence_stays() {
        let smaller = minified("a.js", "/*! MIT, by us */\n// A remark.\nlet one = 1;\n");
        assert!(smaller.is_some_and(|it| it.contains("MIT, by us") && !it.contains("remark")));
    }

    /// As often as it is still shallow, nearly.
    fn deepest(name: &str, kind: Kind, nested: impl Fn(usize) -> String + Sync) {
        let fits = |count: &usize| is_shallow(&nested(*count), kind);
        let room = thread::Builder::new().stack_size(STACK_BYTES);
        let count = thread::scope(|scope| {
            let search = || {
                (0..15).rev().fold(1, |count, bit| {
                    let more = count + (1 << bit);
                    if fits(&more) { more } else { count }
                })
            };
            room.spawn_scoped(scope, search).expect("a thread").join().expect("it ends well")
        });
        assert!((100..20_000).contains(&count), "{count} of {}", nested(1));
        drop(minified(name, &nested(count)));
        // Far more would use up any stack.
        assert_eq!(minified(name, &nested(100_000)), None, "{}", nested(1));
    }

    #[test]
    fn the_deepest_shallow_texts_fit_into_the_stack() {
        let scripts: [(&str, &str, &str); 14] = [
            ("x=", "[", "]"),
            ("x=", "(", ")"),
            ("x=", "({a:", "})"),
            ("x=", "[\"]\",", "]"),
            ("x=", "`${", "}`"),
            ("x=", "class{a(){x=", "}}"),
            ("x=", "x=>{return ", "}"),
            ("x=", "a?b:", ""),
            ("x=", "b=>", ""),
            ("x=", "!", ""),
            ("x=", "!!!!!!!![", "]"),
            ("x=", "a+", ""),
            ("", "if(a)b,c;else ", ""),
            ("", "for(;;)", ""),
        ];
        for (before, open, close) in scripts {
            deepest("a.js", Kind::Script, |count| {
                format!("{before}{}1{}", open.repeat(count), close.repeat(count))
            });
        }
        for (before, open, inside, close, after) in [
            ("", "a{", "color:red", "}", ""),
            ("", "a{b:\"}\";", "", "}", ""),
            ("", ":not(", "b", ")", "{color:red}"),
            ("", "@media print{", "a{color:red}", "}", ""),
            ("a{width:", "calc(", "1px", ")", "}"),
            ("a{--x:", "(", "", ")", "}"),
            ("", "a ", "b", "", "{color:red}"),
        ] {
            deepest("a.css", Kind::StyleSheet, |count| {
                format!("{before}{}{inside}{}{after}", open.repeat(count), close.repeat(count))
            });
        }
    }

    #[test]
    fn what_would_be_longer_stays() {
        let text = format!("x=\"{}\"", "é".repeat(100));
        assert_eq!(minified("a.js", &text), None);
    }

    #[test]
    fn what_cannot_be_parsed_or_is_unknown_is_left_alone() {
        assert_eq!(minified("a.js", "let let = ;"), None);
        assert_eq!(minified("a.svg", "<svg/>"), None);
        assert_eq!(minified("licence", "text"), None);
    }
}
