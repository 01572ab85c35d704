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

/// Room for the deepest text that is still shallow, in a build without optimisation too.
const STACK_BYTES: usize = 64 << 20;

/// The smaller text of an asset; `None` if nothing is known about its kind or it cannot be parsed.
pub(super) fn minified(name: &str, text: &str) -> Option<String> {
    let (kind, minify): (_, fn(&str) -> Option<String>) = match name.rsplit_once('.')?.1 {
        "css" => (Kind::StyleSheet, style_sheet),
        "js" => (Kind::Script, script),
        _ => return None,
    };
    if !is_shallow(text, kind) {
        return None;
    }
    let roomy = thread::Builder::new().stack_size(STACK_BYTES);
    // Without the memory for it, or with a parser that gives up, the text is published as it is.
    thread::scope(|scope| roomy.spawn_scoped(scope, || minify(text)).ok()?.join().ok().flatten())
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

    #[test]
    fn the_deepest_shallow_texts_fit_into_the_stack() {
        for (name, text) in [
            ("a.js", format!("x={}1{}", "[".repeat(198), "]".repeat(198))),
            ("a.js", format!("x={}1{}", "(".repeat(198), ")".repeat(198))),
            ("a.js", format!("x={}1", "a?b:".repeat(490))),
            ("a.js", format!("x={}1", "b=>".repeat(650))),
            ("a.js", format!("x={}1", "!".repeat(1_900))),
            ("a.js", format!("x=a{}", "+a".repeat(990))),
            ("a.js", format!("x=a{}", ".b".repeat(990))),
            ("a.js", format!("if(a)b;{}", "else if(a)b;".repeat(390))),
            ("a.css", format!("{}b{{color:red}}{}", "a{".repeat(198), "}".repeat(198))),
            ("a.css", format!("{}b{}{{color:red}}", ":not(".repeat(198), ")".repeat(198))),
            ("a.css", format!("a{{width:{}1px{}}}", "calc(".repeat(190), ")".repeat(190))),
        ] {
            let kind = if name == "a.js" { Kind::Script } else { Kind::StyleSheet };
            assert!(is_shallow(&text, kind), "{text}");
            drop(minified(name, &text));
        }
        for text in ["[".repeat(500_000), "a?b:".repeat(500_000), "1+".repeat(500_000) + "1"] {
            assert_eq!(minified("a.js", &text), None);
        }
    }

    #[test]
    fn what_cannot_be_parsed_or_is_unknown_is_left_alone() {
        assert_eq!(minified("a.js", "let let = ;"), None);
        assert_eq!(minified("a.svg", "<svg/>"), None);
        assert_eq!(minified("licence", "text"), None);
    }
}
