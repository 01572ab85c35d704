//! The view of the page that says what the guide lacks.
//!
//! Takes the figures that `askbook stats` writes, gives lists with titles and addresses; what is counted is
//! not decided here. No age is told in days, which would be others tomorrow.

use std::collections::BTreeMap;

use super::lists::reference;
use super::view::{Day, HelpCell, HelpEntry, HelpList, HelpRow, HelpView, Html, Ref, WantedEntry};
use super::{Base, Site};
use crate::figures::Figures;
use crate::guide::{Guide, QuestionId, Taxonomy, Wanted};
use crate::markup::{Title, escaped};

/// Fewer questions than this in a cell are few.
const FEW: usize = 3;
/// Questions to write that are shown.
const WANTED: usize = 12;
/// Entries of other lists.
const TOP: usize = 10;

/// Everything that somebody could do.
pub(super) fn page<'a>(site: &Site<'a>, base: &Base) -> HelpView<'a> {
    let guide = site.guide;
    let figures = Figures::of(guide);
    let repository = site.config.repository.as_ref();
    let wanted_url =
        repository.map(|at| format!("{}/blob/{}/content/wanted.toml", at.url, at.branch));
    HelpView {
        contribute: contribute(guide, base),
        wanted: wanted(guide, base, &figures),
        wanted_count: guide.vocabularies.wanted.len(),
        wanted_url,
        levels: references(guide, base, Taxonomy::Levels),
        categories: categories(guide, base, &figures),
        topics: topics(guide, base, &figures),
        lists: lists(site, base, &figures),
    }
}

fn contribute(guide: &Guide, base: &Base) -> Option<HelpEntry> {
    let page = guide.pages.iter().find(|page| page.matter().slug == "contribute")?;
    let title_html = Html(escaped(&page.matter().title.value));
    Some(HelpEntry { title_html, url: base.to(&page.url), note: None })
}

fn references<'a>(guide: &'a Guide, base: &Base, taxonomy: Taxonomy) -> Vec<Ref<'a>> {
    let terms = 0..guide.vocabularies.terms(taxonomy).len();
    terms.map(|index| reference(guide, base, taxonomy, index)).collect()
}

/// Wanted questions, those first that would fill the emptiest cells of the table.
fn wanted<'a>(guide: &'a Guide, base: &Base, figures: &Figures<'_>) -> Vec<WantedEntry<'a>> {
    let emptiness = |wanted: &Wanted| {
        let cell = wanted
            .category
            .as_deref()
            .zip(wanted.level.as_deref())
            .and_then(|(category, level)| figures.coverage.get(category)?.get(level).copied());
        let topic = wanted.topics.first().and_then(|topic| figures.topics.get(topic.as_str()));
        (cell.unwrap_or(usize::MAX), topic.copied().unwrap_or(usize::MAX))
    };
    let mut all: Vec<&Wanted> = guide.vocabularies.wanted.iter().collect();
    all.sort_by_key(|wanted| (emptiness(wanted), &wanted.slug));
    let find = |taxonomy: Taxonomy, slug: Option<&String>| {
        let terms = guide.vocabularies.terms(taxonomy);
        let index = terms.iter().position(|term| Some(&term.slug) == slug)?;
        Some(reference(guide, base, taxonomy, index))
    };
    let entry = |wanted: &'a Wanted| WantedEntry {
        slug: &wanted.slug,
        title_html: Html(Title::new(&wanted.title).html),
        level: find(Taxonomy::Levels, wanted.level.as_ref()),
        category: find(Taxonomy::Categories, wanted.category.as_ref()),
        topic: find(Taxonomy::Topics, wanted.topics.first()),
    };
    all.into_iter().take(WANTED).map(entry).collect()
}

fn categories<'a>(guide: &'a Guide, base: &Base, figures: &Figures<'_>) -> Vec<HelpRow<'a>> {
    let levels = guide.vocabularies.terms(Taxonomy::Levels);
    let row = |term: Ref<'a>| {
        let counts = &figures.coverage[term.slug];
        let counts = levels.iter().map(|level| counts[level.slug.as_str()]);
        let cells = counts.map(|count| HelpCell { count, is_few: count < FEW }).collect();
        HelpRow { term, cells }
    };
    references(guide, base, Taxonomy::Categories).into_iter().map(row).collect()
}

/// The topics with the fewest questions.
fn topics(guide: &Guide, base: &Base, figures: &Figures<'_>) -> Vec<HelpEntry> {
    let terms = guide.vocabularies.terms(Taxonomy::Topics);
    let mut by_count: Vec<_> =
        terms.iter().map(|term| (figures.topics[term.slug.as_str()], term)).collect();
    by_count.sort_by_key(|(count, term)| (*count, &term.slug));
    let entry = |(count, term): (usize, &crate::guide::Term)| HelpEntry {
        title_html: Html(escaped(&term.name)),
        url: base.to(&Guide::term_url(Taxonomy::Topics, term)),
        note: Some(count.to_string()),
    };
    by_count.into_iter().take(TOP).map(entry).collect()
}

/// Lists of questions that have something to mend; those without an entry are left out.
fn lists(site: &Site<'_>, base: &Base, figures: &Figures<'_>) -> Vec<HelpList> {
    let strings = &site.theme.strings;
    let day = |date| Some(Day::new(date, strings).text);
    let ids: BTreeMap<&str, QuestionId> = site
        .guide
        .question_ids()
        .map(|(id, question)| (question.matter().slug.as_str(), id))
        .collect();
    let entry = |slug: &str, note: Option<String>| HelpEntry {
        title_html: Html(site.title(ids[slug]).html.clone()),
        url: base.to(&site.guide.question(ids[slug]).url),
        note,
    };
    let newest = site.guide.updated().and_then(day).unwrap_or_default();
    let plain = |slugs: &[&str]| slugs.iter().map(|slug| entry(slug, None)).collect();
    let sources =
        |count: usize| Some(strings.with("help_wanted_sources_count", "n", &count.to_string()));
    let few = figures.without_sources.iter().map(|slug| entry(slug, sources(0)));
    let few =
        few.chain(figures.few_sources.iter().map(|few| entry(few.slug, sources(few.sources))));
    let stale = figures.stale.iter().map(|old| entry(old.slug, day(old.updated)));
    let older = figures.older_versions.iter();
    let older = older.map(|old| entry(old.slug, Some(format!("{} → {}", old.version, old.newest))));
    let linked = figures.most_linked.iter();
    let links =
        |count: usize| Some(strings.with("help_wanted_links_count", "n", &count.to_string()));
    let linked = linked.map(|linked| entry(linked.slug, links(linked.links)));
    let text = |key| strings.text(key).to_owned();
    let lists: [(String, String, Vec<HelpEntry>); 6] = [
        (text("help_wanted_drafts"), text("help_wanted_drafts_text"), plain(&figures.unfinished)),
        (
            text("help_wanted_stale"),
            strings.with("help_wanted_stale_text", "date", &newest),
            stale.collect(),
        ),
        (text("help_wanted_versions"), text("help_wanted_versions_text"), older.collect()),
        (text("help_wanted_sources"), text("help_wanted_sources_text"), few.collect()),
        (
            text("help_wanted_orphans"),
            text("help_wanted_orphans_text"),
            plain(&figures.without_links_to_them),
        ),
        (text("help_wanted_linked"), text("help_wanted_linked_text"), linked.collect()),
    ];
    let cut = |(title, text, mut entries): (String, String, Vec<HelpEntry>)| {
        entries.truncate(TOP);
        HelpList { title, text, entries }
    };
    lists.into_iter().map(cut).filter(|list| !list.entries.is_empty()).collect()
}
