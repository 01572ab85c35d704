//! SARIF 2.1.0: findings for code scanning and for editors that read it.
//!
//! Takes diagnostics, gives one JSON object as in
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>: every rule that was broken,
//! then every finding with its place. Columns count characters.

use serde_json::{Value, json};

use super::write::escaped;
use super::{Code, Diagnostic, Edit, Fix, Origin, Place};
use crate::path::ContentPath;
use crate::text::{SourceText, Span, percent_encoded};

/// One log with one run; `page` is the address of the page of rules, if it is published.
pub fn sarif(diagnostics: &[Diagnostic], page: Option<&str>) -> String {
    let mut rules: Vec<Code> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    rules.sort_unstable();
    rules.dedup();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules.iter().map(|code| rule(*code, page)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": diagnostics.iter().map(|one| result(one, &rules)).collect::<Vec<_>>(),
        }],
    });
    escaped(&format!("{log:#}\n"))
}

fn rule(code: Code, page: Option<&str>) -> Value {
    let mut rule = json!({
        "id": code.as_str(),
        "fullDescription": { "text": code.about() },
        "help": { "text": code.mend() },
        "defaultConfiguration": { "level": code.default_severity().as_str() },
    });
    if let Some(page) = page {
        rule["helpUri"] = format!("{page}#{}", code.anchor()).into();
    }
    rule
}

fn result(diagnostic: &Diagnostic, rules: &[Code]) -> Value {
    let text = match &diagnostic.help {
        Some(help) => format!("{}\n{help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let mut result = json!({
        "ruleId": diagnostic.code.as_str(),
        "ruleIndex": rules.binary_search(&diagnostic.code).unwrap_or_default(),
        "level": diagnostic.severity.as_str(),
        "message": { "text": text },
        "locations": match &diagnostic.origin {
            Origin::Place(place) => vec![json!({ "physicalLocation": location(place) })],
            Origin::File(path) => {
                vec![json!({ "physicalLocation": { "artifactLocation": { "uri": uri(path) } } })]
            }
            Origin::Guide => Vec::new(),
        },
    });
    if !diagnostic.related.is_empty() {
        let related = diagnostic.related.iter().map(|(place, label)| {
            json!({ "physicalLocation": location(place), "message": { "text": label } })
        });
        result["relatedLocations"] = related.collect();
    }
    if let Some((fix, source)) = diagnostic.fix.as_ref().zip(diagnostic.source()) {
        result["fixes"] = json!([fix_of(fix, source)]);
    }
    result
}

fn fix_of(fix: &Fix, source: &SourceText) -> Value {
    let replacement = |Edit { span, text }: &Edit| json!({ "deletedRegion": region(source, *span), "insertedContent": { "text": text } });
    json!({
        "description": { "text": fix.title },
        "artifactChanges": [{
            "artifactLocation": { "uri": uri(source.path()) },
            "replacements": fix.edits.iter().map(replacement).collect::<Vec<_>>(),
        }],
    })
}

fn location(place: &Place) -> Value {
    json!({
        "artifactLocation": { "uri": uri(place.source.path()) },
        "region": region(&place.source, place.span),
    })
}

fn region(source: &SourceText, span: Span) -> Value {
    let from = source.position(span.start);
    let to = source.position(span.end);
    json!({
        "startLine": from.line,
        "startColumn": from.column,
        "endLine": to.line,
        "endColumn": to.column,
    })
}

/// A path as a relative reference.
fn uri(path: &ContentPath) -> String {
    percent_encoded(path.as_str(), "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_has_its_rule_its_place_and_its_relations() {
        let source = SourceText::new(ContentPath::new("content/a b.md"), "éé tilte\n");
        let place = Place::new(&source, Span { start: 5, end: 10 });
        let first = Diagnostic::at(Code::FieldUnknown, place.clone(), "unknown key")
            .help("did you mean `title`?")
            .related(place, "the other");
        let second = Diagnostic::of_guide(Code::SettingsMissing, "no settings");
        let log: Value =
            serde_json::from_str(&sarif(&[first, second], Some("https://a.example/guide/rules/")))
                .expect("valid JSON");
        let run = &log["runs"][0];
        let [found, other] = [&run["results"][0], &run["results"][1]];
        let region = json!({ "startLine": 1, "startColumn": 4, "endLine": 1, "endColumn": 9 });
        assert_eq!(log["version"], "2.1.0");
        assert_eq!(found["locations"][0]["physicalLocation"]["region"], region);
        assert_eq!(
            found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            "content/a%20b.md"
        );
        assert_eq!(found["relatedLocations"][0]["message"]["text"], "the other");
        for result in [found, other] {
            let index = result["ruleIndex"].as_u64().expect("a number") as usize;
            assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        }
        assert_eq!(other["locations"], json!([]));
        let help = "https://a.example/guide/rules/#h-field-unknown";
        assert!(
            run["tool"]["driver"]["rules"]
                .as_array()
                .is_some_and(|rules| { rules.iter().any(|rule| rule["helpUri"] == help) })
        );
    }
}
