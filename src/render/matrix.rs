//! The view of the matrix: how many questions each topic has at each level.

use super::lists::{at_level, reference};
use super::view::{MatrixCell, MatrixGroup, MatrixRow, MatrixView};
use super::{Base, Site};
use crate::guide::{Guide, QuestionId, Taxonomy, Term};

/// A guide of more questions does not name them in its cells: the page would be all names.
const NAMED: usize = 2000;

/// Topics by group, each with a cell a level; a question counts in every topic that it names.
pub(super) fn matrix<'a>(site: &Site<'a>, base: &Base) -> MatrixView<'a> {
    let guide = site.guide;
    let topics = guide.vocabularies.terms(Taxonomy::Topics);
    let levels = guide.vocabularies.terms(Taxonomy::Levels);
    let of_level = |level: usize| guide.questions_of(Taxonomy::Levels, level);
    let row = |topic: usize| MatrixRow {
        term: reference(guide, base, Taxonomy::Topics, topic),
        count: guide.questions_of(Taxonomy::Topics, topic).len(),
        cells: (0..levels.len())
            .map(|level| {
                let ids = guide.questions_of(Taxonomy::Topics, topic).iter().copied();
                let ids: Vec<_> = ids.filter(|id| guide.question(*id).level == level).collect();
                cell(site, &ids, levels[level].name.as_str(), at_level(site, base, topic, level))
            })
            .collect(),
    };
    let group = |title: Option<&'a str>, belongs: &dyn Fn(&Term) -> bool| MatrixGroup {
        title,
        rows: (0..topics.len()).filter(|topic| belongs(&topics[*topic])).map(row).collect(),
    };
    let named = guide.vocabularies.groups.iter().map(|known| {
        group(Some(&known.name), &|topic| topic.group.as_deref() == Some(known.slug.as_str()))
    });
    let rest = site.theme.strings.find("other_topics");
    let rest = group(rest, &|topic| topic.group.is_none());
    MatrixView {
        levels: (0..levels.len())
            .map(|level| reference(guide, base, Taxonomy::Levels, level))
            .collect(),
        groups: named.chain([rest]).filter(|group| !group.rows.is_empty()).collect(),
        totals: (0..levels.len())
            .map(|level| {
                let url = base.to(&Guide::term_url(Taxonomy::Levels, &levels[level]));
                cell(site, of_level(level), levels[level].name.as_str(), url)
            })
            .collect(),
        count: guide.questions.len(),
    }
}

fn cell<'a>(site: &Site<'a>, ids: &[QuestionId], level: &'a str, url: String) -> MatrixCell<'a> {
    let guide = site.guide;
    let slugs = ids.iter().map(|id| guide.question(*id).matter().slug.as_str());
    let slugs: Vec<&str> =
        if guide.questions.len() <= NAMED { slugs.collect() } else { Vec::new() };
    MatrixCell { level, count: ids.len(), url, slugs: slugs.join(" ") }
}
