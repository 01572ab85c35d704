//! `askbook explain`: what a finding means.

use super::Report;
use crate::cli::ExplainArgs;
use crate::diagnostic::{Code, Scope};
use crate::text::nearest;

pub(super) fn run(args: &ExplainArgs) -> Report {
    let Some(name) = &args.code else {
        let list: String = Code::ALL.iter().map(|code| format!("{}\n", code.as_str())).collect();
        return Report::fine(list);
    };
    let Some(code) = Code::from_name(name) else {
        let near = nearest(name, Code::ALL.iter().map(|code| code.as_str()));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`askbook explain` lists all codes".to_owned(),
        };
        return Report::usage(&format!("there is no code `{name}`"), &help);
    };
    let scope = match code.scope() {
        Scope::Always => "It cannot be switched off.",
        Scope::Rule => "`[check.rules]` in askbook.toml can change its level.",
        Scope::PageModel => {
            "It belongs to the page model: on with `check.profile = \"full\"`, off with `\"minimal\"`, \
             and `[check.rules]` can change its level."
        }
    };
    let level = code.default_severity().as_str();
    Report::fine(format!("{}: {level} by default\n\n{}\n\n{scope}\n", code.as_str(), code.about()))
}
