//! `/questions/<slug>/index.md`: a question as Markdown that stands alone.
//!
//! The body is the author's own text with links between pages rewritten to the Markdown files of the
//! site; what front matter adds to the page (rubric, sources) follows it.

use crate::document::Written;
use crate::guide::{Destination, Guide, Question, Taxonomy};
use crate::path::UrlPath;

/// Where the twin of a question is published.
pub fn twin_url(question: &Question) -> UrlPath {
    UrlPath::new(&format!("{}index.md", question.url))
}

/// A question as Markdown.
pub fn twin(guide: &Guide, question: &Question) -> String {
    let matter = question.matter();
    let name = |taxonomy, term: usize| guide.vocabularies.terms(taxonomy)[term].name.as_str();
    let topics: Vec<&str> =
        question.topics.iter().map(|topic| name(Taxonomy::Topics, *topic)).collect();
    let mut text = format!("# {}\n\n", matter.title.value);
    let mut fact = |label: &str, value: &str| text.push_str(&format!("- {label}: {value}\n"));
    fact("Category", name(Taxonomy::Categories, question.category));
    fact("Level", name(Taxonomy::Levels, question.level));
    fact("Topics", &topics.join(", "));
    if let Some(evaluates) = &matter.evaluates {
        fact("Evaluates", &evaluates.value);
    }
    if let Some(updated) = question.updated {
        fact("Last changed", &updated.to_string());
    }
    if !matter.verified_with.is_empty() {
        fact("Code run with", &matter.verified_with.join(", "));
    }
    text.push('\n');
    text.push_str(body(question).trim());
    text.push('\n');
    if !matter.rubric.is_empty() {
        text.push_str("\n## Rubric\n\n| Signal | 1 | 2 | 3 | 4 |\n|---|---|---|---|---|\n");
        for row in &matter.rubric {
            let cell = |text: &String| text.replace('|', "\\|");
            let scores: Vec<String> = row.scores.iter().map(cell).collect();
            text.push_str(&format!("| {} | {} |\n", cell(&row.signal), scores.join(" | ")));
        }
    }
    if !matter.sources.is_empty() {
        text.push_str("\n## Sources\n\n");
        for source in &matter.sources {
            text.push_str(&format!("- [{}]({})\n", source.title, source.url.value));
        }
    }
    text
}

/// The body with the destinations of its links replaced, from the last to the first.
fn body(question: &Question) -> String {
    let document = &question.document;
    let mut text = document.source.text().to_owned();
    for link in document.body.links.iter().rev() {
        let Written::Relative { path, .. } = &link.written else { continue };
        let address = match question.destinations.get(&link.event) {
            Some(Destination::Page { url, .. }) if *url != question.url => {
                let address = url.relative_to(&question.url);
                let is_question = url.as_str().starts_with("/questions/");
                if is_question { format!("{address}index.md") } else { address }
            }
            Some(
                Destination::Page { .. }
                | Destination::External(_)
                | Destination::File(_)
                | Destination::Picture(_)
                | Destination::Nowhere,
            )
            | None => continue,
        };
        let span = link.span;
        // A reference link's destination stands elsewhere in the file and is left as it is.
        if let Some(at) = text[span.range()].rfind(path.as_str()).filter(|_| !path.is_empty()) {
            text.replace_range(span.start + at..span.start + at + path.len(), &address);
        }
    }
    text.split_off(document.body.offset)
}
