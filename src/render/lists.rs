//! Views of lists: home, all questions, indexes and terms, and the cards they are made of.

use super::listed::most_linked;
use super::view::{
    Card, CardGroup, Day, Facet, Fact, GuideRef, Home, Html, IndexView, KindRef, LevelCount,
    Listing, Pager, PagerEntry, Ref, TermEntry, TermGroup, TermNeighbour, TermView,
};
use super::{Base, Site};
use crate::guide::{Guide, QuestionId, Taxonomy, Term};
use crate::path::UrlPath;
use crate::plan::Paging;

/// Questions that the search page lists by name.
const SEARCH_LIST: usize = 1000;
/// Cards on the home page.
const HOME_CARDS: usize = 6;
/// Questions of the day, and how many characters their titles and summaries have at most.
const DAYS: usize = 28;
const DAY_TITLE: usize = 110;
const DAY_SUMMARY: usize = 190;

/// A term, named and linked.
pub(super) fn reference<'a>(
    guide: &'a Guide,
    base: &Base,
    taxonomy: Taxonomy,
    index: usize,
) -> Ref<'a> {
    let term = &guide.vocabularies.terms(taxonomy)[index];
    Ref {
        slug: &term.slug,
        name: &term.name,
        url: base.to(&Guide::term_url(taxonomy, term)),
        summary: &term.summary,
        order: index + 1,
    }
}

/// A question in a list.
pub(super) fn card<'a>(site: &Site<'a>, base: &Base, id: QuestionId) -> Card<'a> {
    let guide = site.guide;
    let question = guide.question(id);
    let matter = question.matter();
    let strings = &site.theme.strings;
    Card {
        slug: &matter.slug,
        title_html: Html(site.title(id).html.clone()),
        url: base.to(&question.url),
        summary: matter.summary.as_ref().map(|text| text.value.as_str()),
        category: reference(guide, base, Taxonomy::Categories, question.category),
        level: reference(guide, base, Taxonomy::Levels, question.level),
        topics: question
            .topics
            .iter()
            .map(|topic| reference(guide, base, Taxonomy::Topics, *topic))
            .collect(),
        kind: kind(guide, question.kind),
        updated: question.updated.map(|day| Day::new(day, strings)),
        answer_time: times(site, id).1,
        is_draft: matter.is_draft,
        reason: None,
    }
}

/// A kind of answer, named.
pub(super) fn kind(guide: &Guide, kind: Option<usize>) -> Option<KindRef<'_>> {
    let kind = &guide.vocabularies.kinds[kind?];
    Some(KindRef { slug: &kind.slug, name: &kind.name, summary: &kind.summary })
}

/// Time to prepare and time to answer: the question's own, else its kind's.
pub(super) fn times(site: &Site<'_>, id: QuestionId) -> (Option<String>, Option<String>) {
    let question = site.guide.question(id);
    let kind = question.kind.map(|kind| &site.guide.vocabularies.kinds[kind]);
    let matter = question.matter();
    let prep = matter.prep_seconds.or_else(|| kind.and_then(|kind| kind.prep_seconds));
    let answer = matter.answer_seconds.or_else(|| kind.and_then(|kind| kind.answer_seconds));
    let text = |seconds| site.theme.strings.duration(seconds);
    (prep.map(text), answer.map(text))
}

fn cards<'a>(site: &Site<'a>, base: &Base, ids: &[QuestionId]) -> Vec<Card<'a>> {
    ids.iter().map(|id| card(site, base, *id)).collect()
}

/// Cuts a list where the key changes; neighbours of one key are one group.
fn grouped<'a, K: PartialEq>(
    site: &Site<'a>,
    base: &Base,
    ids: &[QuestionId],
    key: impl Fn(QuestionId) -> K,
    heading: impl Fn(&K) -> (String, String, Option<String>),
) -> Vec<CardGroup<'a>> {
    ids.chunk_by(|a, b| key(*a) == key(*b))
        .map(|chunk| {
            let (id, title, url) = heading(&key(chunk[0]));
            CardGroup { id, title, url, cards: cards(site, base, chunk) }
        })
        .collect()
}

fn pager(base: &Base, paging: &Paging) -> Option<Pager> {
    (paging.count > 1).then(|| Pager {
        current: paging.number,
        total: paging.count,
        previous_url: (paging.number > 1).then(|| base.to(&paging.url(paging.number - 1))),
        next_url: (paging.number < paging.count).then(|| base.to(&paging.url(paging.number + 1))),
        pages: (1..=paging.count)
            .map(|number| PagerEntry {
                number,
                url: base.to(&paging.url(number)),
                current: number == paging.number,
            })
            .collect(),
    })
}

/// All questions, by home topic.
pub(super) fn all_questions<'a>(site: &Site<'a>, base: &Base, paging: &Paging) -> Listing<'a> {
    let guide = site.guide;
    let topics = guide.vocabularies.terms(Taxonomy::Topics);
    let all = &site.listed().all;
    let slice = &all[paging.entries.clone()];
    let heading = |topic: &usize| {
        let term = &topics[*topic];
        let url = base.to(&Guide::term_url(Taxonomy::Topics, term));
        (format!("topic-{}", term.slug), term.name.clone(), Some(url))
    };
    let home_topic = |id: QuestionId| guide.question(id).topics[0];
    Listing {
        count: all.len(),
        groups: grouped(site, base, slice, home_topic, heading),
        pager: pager(base, paging),
    }
}

/// What the search page lists for readers without scripts: every question while that is a page that
/// can be read, and none beyond, where the facets lead on.
pub(super) fn everything<'a>(site: &Site<'a>, base: &Base) -> Listing<'a> {
    let count = site.guide.questions.len();
    let entries = if count <= SEARCH_LIST { 0..count } else { 0..0 };
    let paging = Paging { base: UrlPath::new("/search/"), number: 1, count: 1, entries };
    all_questions(site, base, &paging)
}

/// The three taxonomies with their terms.
pub(super) fn facets<'a>(site: &Site<'a>, base: &Base) -> Vec<Facet<'a>> {
    Taxonomy::ALL
        .into_iter()
        .map(|taxonomy| Facet {
            key: taxonomy.singular(),
            title: site.theme.strings.find(taxonomy.as_str()).unwrap_or_default(),
            groups: term_groups(site, base, taxonomy),
        })
        .collect()
}

/// The index of a taxonomy; topics by their group.
pub(super) fn index<'a>(site: &Site<'a>, base: &Base, taxonomy: Taxonomy) -> IndexView<'a> {
    IndexView {
        taxonomy: taxonomy.as_str(),
        intro: site.theme.strings.find(intro_key(taxonomy)),
        matrix_url: (taxonomy == Taxonomy::Topics).then(|| base.to(&UrlPath::new("/matrix/"))),
        groups: term_groups(site, base, taxonomy),
    }
}

fn intro_key(taxonomy: Taxonomy) -> &'static str {
    match taxonomy {
        Taxonomy::Categories => "categories_intro",
        Taxonomy::Levels => "levels_intro",
        Taxonomy::Topics => "topics_intro",
    }
}

fn term_groups<'a>(site: &Site<'a>, base: &Base, taxonomy: Taxonomy) -> Vec<TermGroup<'a>> {
    let terms = site.guide.vocabularies.terms(taxonomy);
    let entries = |belongs: &dyn Fn(&Term) -> bool| -> Vec<TermEntry<'a>> {
        (0..terms.len())
            .filter(|index| belongs(&terms[*index]))
            .map(|index| term_entry(site, base, taxonomy, index))
            .collect()
    };
    let groups = &site.guide.vocabularies.groups;
    if taxonomy != Taxonomy::Topics || groups.is_empty() {
        return vec![TermGroup { title: None, terms: entries(&|_| true) }];
    }
    let named = groups.iter().map(|group| TermGroup {
        title: Some(&group.name),
        terms: entries(&|term| term.group.as_deref() == Some(group.slug.as_str())),
    });
    let rest = TermGroup {
        title: Some(site.theme.strings.find("other_topics").unwrap_or_default()),
        terms: entries(&|term| term.group.is_none()),
    };
    named.chain([rest]).filter(|group| !group.terms.is_empty()).collect()
}

fn term_entry<'a>(site: &Site<'a>, base: &Base, taxonomy: Taxonomy, index: usize) -> TermEntry<'a> {
    let guide = site.guide;
    let term = &guide.vocabularies.terms(taxonomy)[index];
    let ids = guide.questions_of(taxonomy, index);
    let levels = guide.vocabularies.terms(Taxonomy::Levels);
    let mut counts = vec![0; levels.len()];
    for id in ids {
        counts[guide.question(*id).level] += 1;
    }
    TermEntry {
        term: reference(guide, base, taxonomy, index),
        count: ids.len(),
        description: term.description.as_deref(),
        levels: levels
            .iter()
            .zip(counts)
            .enumerate()
            .map(|(position, (level, count))| LevelCount {
                name: &level.name,
                url: (taxonomy == Taxonomy::Topics).then(|| at_level(site, base, index, position)),
                filtered_url: base.filtered(&[(taxonomy, term), (Taxonomy::Levels, level)]),
                count,
            })
            .collect(),
        facts: facts(site, term),
    }
}

fn facts<'a>(site: &Site<'a>, term: &'a Term) -> Vec<Fact<'a>> {
    let strings = &site.theme.strings;
    let named = |key: &str| strings.find(key).unwrap_or_default();
    let mut facts: Vec<Fact<'a>> = term
        .facts
        .iter()
        .map(|(key, value)| Fact { name: named(&format!("fact_{key}")), value: value.clone() })
        .collect();
    if !term.also_called.is_empty() {
        facts.push(Fact { name: named("fact_also_called"), value: term.also_called.join(", ") });
    }
    if !term.weights.is_empty() {
        let categories = site.guide.vocabularies.terms(Taxonomy::Categories);
        let shares: Vec<String> = categories
            .iter()
            .filter_map(|category| {
                let (_, share) = term.weights.iter().find(|(slug, _)| *slug == category.slug)?;
                Some(format!("{} {share} %", category.name))
            })
            .collect();
        facts.push(Fact { name: named("fact_weights"), value: shares.join(", ") });
    }
    facts
}

/// The page of a term: a topic by level, a level by group of topics, a category by kind.
pub(super) fn term<'a>(
    site: &Site<'a>,
    base: &Base,
    taxonomy: Taxonomy,
    index: usize,
    paging: &Paging,
) -> TermView<'a> {
    let guide = site.guide;
    let terms = guide.vocabularies.terms(taxonomy);
    let term = &terms[index];
    let ids = guide.questions_of(taxonomy, index);
    let listed = site.listed().term(taxonomy, index);
    let neighbour = |index: usize| reference(guide, base, taxonomy, index);
    let neighbours = listed.neighbours.iter();
    let counted =
        |(other, count): &(usize, usize)| TermNeighbour { term: neighbour(*other), count: *count };
    TermView {
        taxonomy: taxonomy.as_str(),
        slug: &term.slug,
        name: &term.name,
        summary: &term.summary,
        description: term.description.as_deref(),
        count: ids.len(),
        facts: facts(site, term),
        start_here: cards(site, base, &listed.start_here),
        groups: term_card_groups(site, base, taxonomy, index, &ids[paging.entries.clone()]),
        neighbours: neighbours.map(counted).collect(),
        previous: index.checked_sub(1).map(neighbour),
        next: (index + 1 < terms.len()).then(|| neighbour(index + 1)),
        pager: pager(base, paging),
    }
}

/// Cards of a part of a term's questions; the guide has them in the order of the groups.
fn term_card_groups<'a>(
    site: &Site<'a>,
    base: &Base,
    taxonomy: Taxonomy,
    index: usize,
    ids: &[QuestionId],
) -> Vec<CardGroup<'a>> {
    let guide = site.guide;
    let vocabularies = &guide.vocabularies;
    let rest = |key: &str| ("other".to_owned(), site.theme.strings.text(key).to_owned(), None);
    match taxonomy {
        Taxonomy::Topics => {
            let levels = vocabularies.terms(Taxonomy::Levels);
            let key = |id: QuestionId| guide.question(id).level;
            let heading =
                |level: &usize| (level_anchor(&levels[*level]), levels[*level].name.clone(), None);
            let mut groups = grouped(site, base, ids, key, heading);
            for (card, id) in groups.iter_mut().flat_map(|group| &mut group.cards).zip(ids) {
                card.reason = guest(site, *id, index);
            }
            groups
        }
        Taxonomy::Levels => {
            let topics = vocabularies.terms(Taxonomy::Topics);
            let group_of =
                |id: QuestionId| vocabularies.group_of(&topics[guide.question(id).topics[0]]);
            let heading = |group: &Option<usize>| match group {
                Some(group) => {
                    let group = &vocabularies.groups[*group];
                    (format!("group-{}", group.slug), group.name.clone(), None)
                }
                None => rest("other_topics"),
            };
            grouped(site, base, ids, group_of, heading)
        }
        Taxonomy::Categories => {
            let kind_of = |id: QuestionId| guide.question(id).kind;
            let heading = |kind: &Option<usize>| match kind {
                Some(kind) => {
                    let kind = &vocabularies.kinds[*kind];
                    (format!("kind-{}", kind.slug), kind.name.clone(), None)
                }
                None => rest("questions"),
            };
            grouped(site, base, ids, kind_of, heading)
        }
    }
}

/// The id of a level's part of a topic's page.
fn level_anchor(level: &Term) -> String {
    format!("level-{}", level.slug)
}

/// Where a topic's page lists its questions of a level; a long list goes on on further pages.
pub(super) fn at_level(site: &Site<'_>, base: &Base, topic: usize, level: usize) -> String {
    let guide = site.guide;
    let ids = guide.questions_of(Taxonomy::Topics, topic);
    let before = ids.iter().take_while(|id| guide.question(**id).level < level).count();
    let url = Guide::term_url(Taxonomy::Topics, &guide.vocabularies.terms(Taxonomy::Topics)[topic]);
    let page = Paging::url_of(&url, before / site.config.lists.page_size + 1);
    let anchor = level_anchor(&guide.vocabularies.terms(Taxonomy::Levels)[level]);
    format!("{}#{anchor}", base.to(&page))
}

/// Says of a question that is at home in another topic which one that is.
fn guest(site: &Site<'_>, id: QuestionId, topic: usize) -> Option<String> {
    let home = site.guide.question(id).topics[0];
    let name = &site.guide.vocabularies.terms(Taxonomy::Topics)[home].name;
    (home != topic).then(|| site.theme.strings.with("topics_guest", "topic", name))
}

/// The list of written pages.
pub(super) fn guides<'a>(site: &Site<'a>, base: &Base) -> Vec<GuideRef<'a>> {
    site.guide
        .pages
        .iter()
        .map(|page| GuideRef {
            title: &page.matter().title.value,
            summary: page.matter().summary.as_ref().map(|text| text.value.as_str()),
            url: base.to(&page.url),
        })
        .collect()
}

/// Questions of the day: a month of them from all over the guide, short enough to take up the same room.
fn days(site: &Site<'_>, all: &[QuestionId]) -> Vec<QuestionId> {
    let is_short = |id: &QuestionId| {
        let summary = site.guide.question(*id).matter().summary.as_ref();
        site.title(*id).text.chars().count() <= DAY_TITLE
            && summary.is_some_and(|text| text.value.chars().count() <= DAY_SUMMARY)
    };
    let short: Vec<QuestionId> = all.iter().copied().filter(is_short).collect();
    let step = short.len().div_ceil(DAYS).max(1);
    short.into_iter().step_by(step).collect()
}

/// The home page.
pub(super) fn home<'a>(site: &Site<'a>, base: &Base) -> Home<'a> {
    let guide = site.guide;
    let all: Vec<QuestionId> = guide.question_ids().map(|(id, _)| id).collect();
    let mut recent = all.clone();
    recent.sort_by_key(|id| {
        (std::cmp::Reverse(guide.question(*id).updated), guide.question(*id).url.clone())
    });
    recent.truncate(HOME_CARDS);
    let entries = |taxonomy: Taxonomy| -> Vec<TermEntry<'a>> {
        let count = guide.vocabularies.terms(taxonomy).len();
        (0..count).map(|index| term_entry(site, base, taxonomy, index)).collect()
    };
    let topics = guide.vocabularies.terms(Taxonomy::Topics).len();
    let mut topic_groups = term_groups(site, base, Taxonomy::Topics);
    for group in &mut topic_groups {
        group.terms.retain(|topic| topic.count > 0);
    }
    topic_groups.retain(|group| !group.terms.is_empty());
    Home {
        question_count: all.len(),
        topic_count: (0..topics)
            .filter(|topic| !guide.questions_of(Taxonomy::Topics, *topic).is_empty())
            .count(),
        categories: entries(Taxonomy::Categories),
        levels: entries(Taxonomy::Levels),
        topic_groups,
        matrix_url: base.to(&UrlPath::new("/matrix/")),
        recent: cards(site, base, &recent),
        start: cards(site, base, &most_linked(guide, &all, HOME_CARDS)),
        days: cards(site, base, &days(site, &all)),
        guides: guides(site, base),
    }
}
