//! `askbook explain`: what a finding means.

use super::Report;
use crate::cli::ExplainArgs;
use crate::diagnostic::{Code, Example, Scope};
use crate::table::backticked;
use crate::text::nearest;

pub(super) fn run(args: &ExplainArgs) -> Report {
    let Some(name) = &args.code else {
        let list: String = Code::ALL.iter().map(|code| format!("{}\n", code.as_str())).collect();
        return Report::fine(list);
    };
    let Some(code) = Code::from_name(name) else {
        let codes = Code::ALL.iter().map(|code| code.as_str());
        let area = format!("{}/", name.trim_end_matches('/'));
        let inside: Vec<&str> = codes.clone().filter(|code| code.starts_with(&area)).collect();
        let help = match (nearest(name, codes), &inside[..]) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, []) => "`askbook explain` lists all codes".to_owned(),
            (None, inside) => format!("it is one of {}", backticked(inside)),
        };
        return Report::usage(Code::CommandValue, &format!("there is no code `{name}`"), &help);
    };
    Report::fine(explanation(code))
}

/// What the page of rules says of a code, for a terminal.
fn explanation(code: Code) -> String {
    let scope = match code.scope() {
        Scope::Always => "It cannot be switched off.",
        Scope::Rule => "`[check.rules]` in askbook.toml can change its level.",
        Scope::PageModel => {
            "It belongs to the page model: on with `check.profile = \"full\"`, off with `\"minimal\"`, \
             and `[check.rules]` can change its level."
        }
    };
    let level = code.default_severity().as_str();
    let mut text = format!("{}: {level} by default\n\n{}\n\n", code.as_str(), code.about());
    if let Some(Example { part, wrong, right }) = code.example() {
        let place = part.as_str();
        text.push_str(&format!("Wrong, {place}:\n\n{}\n", indented(wrong)));
        text.push_str(&format!("Right:\n\n{}\n", indented(right)));
    }
    text + &format!("To mend it: {}\n\n{scope}\n", code.mend())
}

fn indented(text: &str) -> String {
    let line = |line: &str| match line {
        "" => "\n".to_owned(),
        _ => format!("    {line}\n"),
    };
    text.lines().map(line).collect()
}
