//! What Tera says of a mistake in a template, as a finding.
//!
//! Takes the error, the texts of the theme and the template that was rendered, gives a finding that
//! names the value that is missing, the page that was being made, and every template on the way.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use tera::ErrorKind;

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::text::{SourceText, Span, nearest};

/// What was being made when a template failed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rendering<'a> {
    /// The template that rendering began with.
    pub(super) template: &'a str,
    /// The address of the page.
    pub(super) page: &'a str,
}

/// The finding; `rendering` is none while templates are only read.
pub(super) fn diagnostic(
    error: &tera::Error,
    texts: &BTreeMap<String, Arc<SourceText>>,
    rendering: Option<Rendering<'_>>,
) -> Diagnostic {
    let (text, report) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            (report.message().to_owned(), Some(report))
        }
        _ => (error.to_string(), None),
    };
    let (message, advice) = undefined(&text).unwrap_or((text, None));
    let place = report.and_then(|report| {
        let source = texts.get(report.filename())?;
        Some(Place::new(source, Span::from(report.span().range.clone())))
    });
    let mut diagnostic = match place {
        Some(place) => Diagnostic::at(Code::ThemeTemplate, place, message),
        None => Diagnostic::of_guide(Code::ThemeTemplate, message),
    };
    let Some(Rendering { template, page }) = rendering else {
        return diagnostic
            .help("the templates of a theme are described in `content/guide/themes.md`");
    };
    for (from, place) in chain(template, report.map_or(template, |report| report.filename()), texts)
    {
        diagnostic = diagnostic.related(place, format!("`{from}` takes it in here"));
    }
    let rendered = format!("this happened while rendering `{page}` with `{template}`");
    match advice {
        Some(advice) => diagnostic.help(format!("{advice}; {rendered}")),
        None => diagnostic.help(rendered),
    }
}

/// The value that a page does not have, and what it may have been meant to be.
fn undefined(text: &str) -> Option<(String, Option<String>)> {
    let (start, rest) = text.split_once(" is not defined")?;
    let name = start.strip_suffix('`')?.rsplit('`').next()?;
    let message = format!("the value `{name}` is not there");
    let known: Vec<&str> = rest
        .split_once(": ")
        .map(|(_, names)| names.split(", ").map(str::trim).collect())
        .unwrap_or_default();
    let advice = match (nearest(name, known.iter().copied()), known.is_empty()) {
        (Some(near), _) => Some(format!("did you mean `{near}`?")),
        (None, false) => Some(format!("known: {}", crate::table::backticked(&known))),
        (None, true) => None,
    };
    Some((message, advice))
}

/// The way from one template to another: each template on it with the place that takes in the next.
fn chain(from: &str, to: &str, texts: &BTreeMap<String, Arc<SourceText>>) -> Vec<(String, Place)> {
    let mut ways: VecDeque<(String, Vec<(String, Place)>)> =
        VecDeque::from([(from.to_owned(), Vec::new())]);
    let mut seen = BTreeSet::new();
    while let Some((name, way)) = ways.pop_front() {
        if name == to {
            return way;
        }
        let Some(source) = texts.get(&name).filter(|_| seen.insert(name.clone())) else { continue };
        for (next, span) in taken_in(source.text()) {
            let mut way = way.clone();
            way.push((name.clone(), Place::new(source, span)));
            ways.push_back((next.to_owned(), way));
        }
    }
    Vec::new()
}

/// The templates that a text extends or includes, with the places of the statements.
fn taken_in(text: &str) -> Vec<(&str, Span)> {
    let statement = |(start, _): (usize, &str)| {
        let end = start + text[start..].find("%}")? + 2;
        let inside = text[start + 2..end - 2].trim_matches(['-', ' ']);
        let rest = inside.strip_prefix("extends ").or_else(|| inside.strip_prefix("include "))?;
        let name = rest.split('"').nth(1)?;
        Some((name, Span { start, end }))
    };
    text.match_indices("{%").filter_map(statement).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::ContentPath;

    #[test]
    fn a_chain_names_every_template_on_the_way() {
        let texts: BTreeMap<String, Arc<SourceText>> = [
            ("a.html", "{% extends \"base.html\" %}"),
            ("base.html", "x\n{%- include \"parts/b.html\" -%}"),
            ("parts/b.html", "{{ x }}"),
        ]
        .into_iter()
        .map(|(name, text)| (name.to_owned(), SourceText::new(ContentPath::new(name), text)))
        .collect();
        let way: Vec<(String, usize)> = chain("a.html", "parts/b.html", &texts)
            .into_iter()
            .map(|(name, place)| (name, place.source.position(place.span.start).line))
            .collect();
        assert_eq!(way, [("a.html".to_owned(), 1), ("base.html".to_owned(), 2)]);
        assert!(chain("parts/b.html", "a.html", &texts).is_empty());
    }

    #[test]
    fn a_missing_value_is_named_with_what_it_may_have_been() {
        let told = undefined("Field `tilte` is not defined. Available fields: root, title");
        let message = "the value `tilte` is not there".to_owned();
        assert_eq!(told, Some((message, Some("did you mean `title`?".to_owned()))));
        assert_eq!(undefined("Unexpected end of input"), None);
    }
}
