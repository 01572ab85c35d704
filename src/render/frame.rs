//! What every page has around its content: site, navigation, head, breadcrumbs, sidebar.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use tera::{Context, Value};

use super::structured::{self, PageFacts};
use super::view::{Crumb, Day, Html, NavItem, PageView, SidebarEntry, SidebarGroup, SiteView};
use super::{Base, Site, lists};
use crate::export;
use crate::guide::{self, Guide, QuestionId, Taxonomy};
use crate::markup::{Title, escaped, escaped_href};
use crate::path::UrlPath;
use crate::plan::{Content, Output};
use crate::search;
use crate::text::percent_encoded;

/// The parts of the site that every page leads to.
const PARTS: [&str; 5] = ["questions", "topics", "levels", "categories", "guide"];

/// Languages that are written from right to left.
const RIGHT_TO_LEFT: [&str; 6] = ["ar", "fa", "he", "ps", "ur", "yi"];

/// Adds the frame of a page to its context.
pub(super) fn insert(site: &Site<'_>, output: &Output, base: &Base, context: &mut Context) {
    let part = part(&output.content);
    let Furniture { site: about, assets, nav } = site.furniture(base, part);
    context.insert_value("site", about);
    context.insert_value("t", site.words.clone());
    context.insert_value("assets", assets);
    context.insert_value("nav", nav);
    context.insert("sidebar", &sidebar(site, output, base));
    context.insert("page", &page(site, output, base));
}

/// What pages of one depth and one part of the site have in common.
#[derive(Clone)]
pub(super) struct Furniture {
    site: Value,
    assets: Value,
    nav: Value,
}

/// From the root to the further pages of a term, which stand four folders below it.
const DEPTHS: usize = 5;

/// Places for what most pages need, by what their addresses begin with and by part.
pub(super) fn furniture() -> BTreeMap<(String, &'static str), OnceLock<Furniture>> {
    let bases = (0..DEPTHS).map(Base::at);
    let all =
        bases.flat_map(|base| PARTS.map(|part| ((base.prefix.clone(), part), OnceLock::new())));
    all.collect()
}

impl Furniture {
    pub(super) fn of(site: &Site<'_>, base: &Base, part: &str) -> Self {
        let assets = site.theme.assets.iter();
        let assets: BTreeMap<&str, String> =
            assets.map(|asset| (asset.name.as_str(), base.to(&asset.path.url()))).collect();
        Self {
            site: Value::from_serializable(&site_view(site, base)),
            assets: Value::from_serializable(&assets),
            nav: Value::from_serializable(&navigation(site, part, base)),
        }
    }
}

fn site_view<'a>(site: &Site<'a>, base: &Base) -> SiteView<'a> {
    let config = site.config;
    let primary = config.language.split('-').next().unwrap_or_default();
    let licence = config.licence.as_ref().map(|licence| {
        let (url, name) = (escaped_href(&licence.url), escaped(&licence.name));
        Html(format!("<a href=\"{url}\" rel=\"license noopener\">{name}</a>"))
    });
    let levels = site.guide.vocabularies.terms(Taxonomy::Levels);
    SiteView {
        title: &config.title,
        tagline: config.tagline.as_deref(),
        description: &config.description,
        language: &config.language,
        dir: if RIGHT_TO_LEFT.contains(&primary) { "rtl" } else { "ltr" },
        home_url: base.to(&UrlPath::home()),
        repository_url: config.repository.as_ref().map(|repository| repository.url.as_str()),
        license_html: licence,
        generator: concat!("askbook ", env!("CARGO_PKG_VERSION")),
        levels: (0..levels.len())
            .map(|level| lists::reference(site.guide, base, Taxonomy::Levels, level))
            .collect(),
    }
}

/// The part of the site a page belongs to.
fn part(content: &Content) -> &'static str {
    match content {
        Content::Questions(_) | Content::Question(_) => "questions",
        Content::Index(taxonomy) | Content::Term(taxonomy, _, _) => taxonomy.as_str(),
        Content::Matrix => "topics",
        Content::GuidePages | Content::GuidePage(_) | Content::HelpWanted => "guide",
        Content::Home
        | Content::Search
        | Content::YourData
        | Content::NotFound
        | Content::Unreachable
        | Content::Redirect(_)
        | Content::Twin(_)
        | Content::Export(_)
        | Content::File(_)
        | Content::SearchRoot
        | Content::Worker
        | Content::Keepable => "",
    }
}

fn navigation<'a>(site: &'a Site<'_>, current: &str, base: &Base) -> Vec<NavItem<'a>> {
    PARTS
        .into_iter()
        .filter(|part| *part != "guide" || !site.guide.pages.is_empty())
        .map(|key| NavItem {
            title: site.text(key),
            url: base.to(&UrlPath::new(&format!("/{key}/"))),
            current: key == current,
            key,
        })
        .collect()
}

/// Neighbours of a page: the questions of its home topic, or the written pages.
fn sidebar<'a>(site: &'a Site<'_>, output: &Output, base: &Base) -> Vec<SidebarGroup<'a>> {
    match &output.content {
        Content::Question(id) => {
            let topic = site.guide.question(*id).topics[0];
            let term = &site.guide.vocabularies.terms(Taxonomy::Topics)[topic];
            let levels = site.guide.vocabularies.terms(Taxonomy::Levels);
            let children = beside(site, *id)
                .iter()
                .map(|other| {
                    let question = site.guide.question(*other);
                    SidebarEntry {
                        slug: &question.matter().slug,
                        title: &site.title(*other).text,
                        url: base.to(&question.url),
                        current: other == id,
                        level_name: Some(&levels[question.level].name),
                    }
                })
                .collect();
            let url = Some(base.to(&Guide::term_url(Taxonomy::Topics, term)));
            vec![SidebarGroup { title: &term.name, url, current: false, children }]
        }
        // It is a long page with an index of its own.
        Content::GuidePage(index) if site.guide.pages[*index].is_glossary() => Vec::new(),
        Content::GuidePage(index) => {
            let children = site
                .guide
                .pages
                .iter()
                .enumerate()
                .map(|(other, page)| SidebarEntry {
                    slug: &page.matter().slug,
                    title: &page.matter().title.value,
                    url: base.to(&page.url),
                    current: other == *index,
                    level_name: None,
                })
                .collect();
            let url = Some(base.to(&UrlPath::new("/guide/")));
            vec![SidebarGroup { title: site.text("guide"), url, current: false, children }]
        }
        Content::Home
        | Content::Questions(_)
        | Content::Index(_)
        | Content::Term(..)
        | Content::Matrix
        | Content::HelpWanted
        | Content::GuidePages
        | Content::Search
        | Content::YourData
        | Content::NotFound
        | Content::Unreachable
        | Content::Redirect(_)
        | Content::Twin(_)
        | Content::Export(_)
        | Content::File(_)
        | Content::SearchRoot
        | Content::Worker
        | Content::Keepable => Vec::new(),
    }
}

/// The questions that the sidebar of a question's page names: its neighbours in its home topic.
pub(super) fn beside<'a>(site: &Site<'a>, id: QuestionId) -> &'a [QuestionId] {
    let ids = site.guide.questions_of(Taxonomy::Topics, site.guide.question(id).topics[0]);
    let at = ids.iter().position(|other| *other == id).unwrap_or(0);
    window(ids, at, site.config.lists.sidebar_size)
}

/// At most `size` entries around the one at `at`: a list of thousands would weigh more than the page.
fn window<T>(entries: &[T], at: usize, size: usize) -> &[T] {
    let start = at.saturating_sub(size / 2).min(entries.len().saturating_sub(size));
    &entries[start..entries.len().min(start + size)]
}

/// What differs between the kinds of page in their head.
struct Head {
    kind: &'static str,
    title: String,
    description: String,
    crumbs: Vec<Crumb>,
    number: usize,
}

fn head(site: &Site<'_>, output: &Output, base: &Base) -> Head {
    let guide = site.guide;
    let crumb =
        |title: &str, url: &UrlPath| Crumb { title: title.to_owned(), url: Some(base.to(url)) };
    let here = |title: &str| Crumb { title: title.to_owned(), url: None };
    let description = site.config.description.clone();
    match &output.content {
        Content::Home => Head {
            kind: "home",
            title: site.config.title.clone(),
            description,
            crumbs: Vec::new(),
            number: 1,
        },
        Content::Questions(paging) => Head {
            kind: "questions",
            title: site.text("all_questions").to_owned(),
            description: site.text("questions_summary").to_owned(),
            crumbs: vec![here(site.text("questions"))],
            number: paging.number,
        },
        Content::Question(id) => {
            let question = guide.question(*id);
            let matter = question.matter();
            let topic = &guide.vocabularies.terms(Taxonomy::Topics)[question.topics[0]];
            let title = site.title(*id).text.clone();
            Head {
                kind: "question",
                description: matter.summary.as_ref().map_or(description, |text| text.value.clone()),
                crumbs: vec![
                    crumb(site.text("topics"), &UrlPath::new("/topics/")),
                    crumb(&topic.name, &Guide::term_url(Taxonomy::Topics, topic)),
                    here(&title),
                ],
                title,
                number: 1,
            }
        }
        Content::Index(taxonomy) => {
            let title = site.text(taxonomy.as_str());
            Head {
                kind: taxonomy.as_str(),
                title: title.to_owned(),
                description: format!("{title}. {description}"),
                crumbs: vec![here(title)],
                number: 1,
            }
        }
        Content::Term(taxonomy, term, paging) => {
            let index = UrlPath::new(&format!("/{}/", taxonomy.as_str()));
            let term = &guide.vocabularies.terms(*taxonomy)[*term];
            Head {
                kind: taxonomy.singular(),
                title: term.name.clone(),
                description: term.summary.clone(),
                crumbs: vec![crumb(site.text(taxonomy.as_str()), &index), here(&term.name)],
                number: paging.number,
            }
        }
        Content::Matrix => Head {
            kind: "matrix",
            title: site.text("matrix").to_owned(),
            description: site.text("matrix_summary").to_owned(),
            crumbs: vec![
                crumb(site.text("topics"), &UrlPath::new("/topics/")),
                here(site.text("matrix")),
            ],
            number: 1,
        },
        Content::GuidePages => Head {
            kind: "guides",
            title: site.text("guide").to_owned(),
            description,
            crumbs: vec![here(site.text("guide"))],
            number: 1,
        },
        Content::GuidePage(index) => {
            let matter = guide.pages[*index].matter();
            let kind = if guide.pages[*index].is_glossary() { "glossary" } else { "guide" };
            Head {
                kind,
                title: matter.title.value.clone(),
                description: matter.summary.as_ref().map_or(description, |text| text.value.clone()),
                crumbs: vec![
                    crumb(site.text("guide"), &UrlPath::new("/guide/")),
                    here(&matter.title.value),
                ],
                number: 1,
            }
        }
        Content::Search => Head {
            kind: "search",
            title: site.text("search").to_owned(),
            description: site.text("search_summary").to_owned(),
            crumbs: vec![here(site.text("search"))],
            number: 1,
        },
        Content::YourData => Head {
            kind: "your_data",
            title: site.text("your_data").to_owned(),
            description: site.text("your_data_summary").to_owned(),
            crumbs: vec![here(site.text("your_data"))],
            number: 1,
        },
        Content::HelpWanted => Head {
            kind: "help_wanted",
            title: site.text("help_wanted").to_owned(),
            description: site.text("help_wanted_summary").to_owned(),
            crumbs: vec![here(site.text("help_wanted"))],
            number: 1,
        },
        Content::Unreachable => Head {
            kind: "offline",
            title: site.text("offline_title").to_owned(),
            description,
            crumbs: Vec::new(),
            number: 1,
        },
        Content::NotFound => Head {
            kind: "not_found",
            title: site.text("not_found_title").to_owned(),
            description,
            crumbs: Vec::new(),
            number: 1,
        },
        Content::Redirect(index) => Head {
            kind: "redirect",
            title: Title::new(&guide.redirects[*index].title).text,
            description,
            crumbs: Vec::new(),
            number: 1,
        },
        Content::Twin(_)
        | Content::Export(_)
        | Content::File(_)
        | Content::SearchRoot
        | Content::Worker
        | Content::Keepable => {
            unreachable!("a file is not rendered")
        }
    }
}

fn page<'a>(site: &Site<'a>, output: &Output, base: &Base) -> PageView<'a> {
    let Head { kind, title, description, crumbs, number } = head(site, output, base);
    let canonical_url = match &output.content {
        Content::Redirect(index) => Some(&site.guide.redirects[*index].to),
        Content::NotFound | Content::Unreachable => None,
        _ => Some(&output.url),
    };
    let absolute =
        |url: &UrlPath| Some(format!("{}{}", site.config.base_url.as_deref()?, &url.as_str()[1..]));
    let canonical = canonical_url.and_then(absolute);
    let name = match number {
        1 => title.clone(),
        _ => {
            format!("{title}, {}", site.theme.strings.with("page_number", "n", &number.to_string()))
        }
    };
    let head_title = match (&output.content, site.config.tagline.as_deref()) {
        (Content::Home, Some(tagline)) => format!("{name}: {tagline}"),
        (Content::Home, None) => name,
        (_, _) => format!("{name} · {}", site.config.title),
    };
    let document = match &output.content {
        Content::Question(id) => Some(&site.guide.question(*id).document),
        Content::GuidePage(index) => Some(&site.guide.pages[*index].document),
        _ => None,
    };
    let question = match &output.content {
        Content::Question(id) => Some(site.guide.question(*id)),
        _ => None,
    };
    let updated = match &output.content {
        Content::Question(id) => site.guide.question(*id).updated,
        Content::GuidePage(index) => site.guide.pages[*index].updated,
        _ => None,
    };
    let path = document.map(|document| document.source.path().as_str());
    let repository = site.config.repository.as_ref();
    let edit_url = repository
        .zip(path)
        .map(|(repository, path)| format!("{}/edit/{}/{path}", repository.url, repository.branch));
    let report_url = repository.zip(path).map(|(repository, path)| {
        let slug = question.map_or(path, |question| &question.matter().slug);
        format!(
            "{}/issues/new?template=wrong-answer.yml&title={}&page={}&body={}",
            repository.url,
            percent_encoded(&format!("{slug}: "), ""),
            percent_encoded(path, ""),
            // Where there are no forms, the page is named in the text.
            percent_encoded(path, "")
        )
    });
    let is_draft = match &output.content {
        Content::Question(id) => site.guide.question(*id).matter().is_draft,
        Content::GuidePage(index) => site.guide.pages[*index].matter().is_draft,
        _ => false,
    };
    let facts = PageFacts { kind, title: &title, canonical: canonical.as_deref(), question };
    let json_ld = structured::data(site, &crumbs, base, &facts);
    PageView {
        kind,
        head_title,
        description,
        og_type: if document.is_some() { "article" } else { "website" },
        root: base.prefix.clone(),
        search_root: base.to(&search::root()),
        search_url: base.to(&UrlPath::new("/search/")),
        your_data_url: base.to(&UrlPath::new("/your-data/")),
        help_wanted_url: guide::help_wanted(site.config).map(|url| base.to(&url)),
        worker_url: (site.theme.worker(site.config))
            .map(|_| base.to(&UrlPath::new("/service-worker.js"))),
        breadcrumbs: crumbs,
        json_ld,
        feed_url: site.config.base_url.as_ref().map(|_| base.to(&UrlPath::new("/feed.xml"))),
        alternate_markdown: question.map(|question| base.to(&export::twin_url(question))),
        edit_url,
        report_url,
        updated: updated.map(|day| Day::new(day, &site.theme.strings)),
        is_draft,
        number,
        canonical,
        title,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_keeps_its_size_at_both_ends() {
        let entries: Vec<usize> = (0..10).collect();
        assert_eq!(window(&entries, 0, 4), [0, 1, 2, 3]);
        assert_eq!(window(&entries, 5, 4), [3, 4, 5, 6]);
        assert_eq!(window(&entries, 9, 4), [6, 7, 8, 9]);
        assert_eq!(window(&entries, 1, 40), entries);
    }
}
