//! Structured data: what search engines are told about a page, in the words of schema.org.
//!
//! Takes what the frame knows of a page, gives the JSON of its `<script type="application/ld+json">`
//! elements. It claims nothing that the page does not show.

use serde_json::{Value, json};

use super::view::{Crumb, Html};
use super::{Base, Site};
use crate::guide::{Guide, Question, Taxonomy};

/// Schema.org data: the guide on its home page, the breadcrumbs, and a question as a learning resource.
///
/// All of them name absolute addresses, so a guide without `base_url` has none.
pub(super) fn data(
    site: &Site<'_>,
    crumbs: &[Crumb],
    base: &Base,
    page: &PageFacts<'_>,
) -> Vec<Html> {
    let (Some(base_url), Some(canonical)) = (site.config.base_url.as_deref(), page.canonical)
    else {
        return Vec::new();
    };
    let mut data = Vec::new();
    if page.kind == "home" {
        data.push(json!({
            "@context": "https://schema.org",
            "@type": "WebSite",
            "name": site.config.title,
            "url": base_url,
            "description": site.config.description,
            "inLanguage": site.config.language,
        }));
    }
    if !crumbs.is_empty() {
        data.push(breadcrumbs(site, crumbs, base, (base_url, canonical)));
    }
    if let Some(question) = page.question {
        data.push(learning_resource(site, question, page.title, (base_url, canonical)));
    }
    data.iter().map(|value| Html(json_for_html(value))).collect()
}

/// What structured data says of a page.
pub(super) struct PageFacts<'a> {
    pub(super) kind: &'a str,
    pub(super) title: &'a str,
    pub(super) canonical: Option<&'a str>,
    pub(super) question: Option<&'a Question>,
}

/// The way from the home page to this one.
fn breadcrumbs(
    site: &Site<'_>,
    crumbs: &[Crumb],
    base: &Base,
    (base_url, canonical): (&str, &str),
) -> Value {
    let address = |crumb: &Crumb| {
        let inside = crumb.url.as_deref().and_then(|url| url.strip_prefix(&base.prefix));
        inside.map_or(canonical.to_owned(), |path| format!("{base_url}{path}"))
    };
    let home = (site.text("home"), base_url.to_owned());
    let way = crumbs.iter().map(|crumb| (crumb.title.as_str(), address(crumb)));
    let items: Vec<Value> = std::iter::once(home)
        .chain(way)
        .enumerate()
        .map(|(index, (name, item))| {
            json!({ "@type": "ListItem", "position": index + 1, "name": name, "item": item })
        })
        .collect();
    json!({
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": items,
    })
}

/// A question with its editorial answer. `QAPage` and `FAQPage` are for other kinds of page: the rules of
/// search engines keep them for answers of users, and for institutions.
fn learning_resource(
    site: &Site<'_>,
    question: &Question,
    title: &str,
    (base_url, canonical): (&str, &str),
) -> Value {
    let matter = question.matter();
    let level = &site.guide.vocabularies.terms(Taxonomy::Levels)[question.level];
    let topics = site.guide.vocabularies.terms(Taxonomy::Topics);
    let about = question.topics.iter().map(|topic| {
        let topic = &topics[*topic];
        let url = format!("{base_url}{}", &Guide::term_url(Taxonomy::Topics, topic).as_str()[1..]);
        json!({ "@type": "DefinedTerm", "name": topic.name, "url": url })
    });
    let mut resource = json!({
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "name": title,
        "url": canonical,
        "inLanguage": site.config.language,
        "learningResourceType": "Interview question",
        "educationalLevel": level.name,
        "about": about.collect::<Vec<_>>(),
        "isPartOf": { "@type": "WebSite", "name": site.config.title, "url": base_url },
    });
    if let Some(summary) = &matter.summary {
        resource["description"] = json!(summary.value);
    }
    if let Some(evaluates) = &matter.evaluates {
        resource["assesses"] = json!(evaluates.value);
    }
    if let Some(updated) = question.updated {
        resource["dateModified"] = json!(updated.to_string());
    }
    if let Some(licence) = &site.config.licence {
        resource["license"] = json!(licence.url);
    }
    resource
}

/// JSON that cannot end the element it stands in, nor a line of a script.
fn json_for_html(value: &Value) -> String {
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_a_page_cannot_end_its_element() {
        let text = json_for_html(&json!({ "a": "</script><!-- & \u{2028}" }));
        assert!(!text.contains(['<', '>', '&', '\u{2028}']));
        let back: Value = serde_json::from_str(&text).expect("still JSON");
        assert_eq!(back["a"], "</script><!-- & \u{2028}");
    }
}
