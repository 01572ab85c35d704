//! Which questions lists show, worked out once a build.
//!
//! Takes the guide, gives the order of the list of all questions, and of each term what all pages of its
//! list have in common. It writes nothing: what a list shows of a question is for `lists`.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::guide::{Guide, QuestionId, Taxonomy};

/// Cards that a first-time reader is offered.
const START_HERE: usize = 3;
/// Neighbouring topics that a topic names.
const NEIGHBOURS: usize = 6;

/// What lists show.
pub(super) struct Listed {
    /// All questions, by home topic.
    pub(super) all: Vec<QuestionId>,
    terms: BTreeMap<(Taxonomy, usize), TermListed>,
}

/// What every page of a term shows beside its part of the questions.
pub(super) struct TermListed {
    /// Where a reader may begin.
    pub(super) start_here: Vec<QuestionId>,
    /// Other terms, and how many questions each has.
    pub(super) neighbours: Vec<(usize, usize)>,
}

impl Listed {
    pub(super) fn of(guide: &Guide) -> Self {
        let topics = guide.vocabularies.terms(Taxonomy::Topics).len();
        let at_home = |topic: usize| {
            let ids = guide.questions_of(Taxonomy::Topics, topic).iter().copied();
            ids.filter(move |id| guide.question(*id).topics[0] == topic)
        };
        let terms = Taxonomy::ALL.into_iter().flat_map(|taxonomy| {
            let count = guide.vocabularies.terms(taxonomy).len();
            (0..count).map(move |term| ((taxonomy, term), TermListed::of(guide, taxonomy, term)))
        });
        Self { all: (0..topics).flat_map(at_home).collect(), terms: terms.collect() }
    }

    pub(super) fn term(&self, taxonomy: Taxonomy, term: usize) -> &TermListed {
        &self.terms[&(taxonomy, term)]
    }
}

impl TermListed {
    fn of(guide: &Guide, taxonomy: Taxonomy, term: usize) -> Self {
        let ids = guide.questions_of(taxonomy, term);
        // A short list is its own beginning.
        let start_here = match ids.len() > START_HERE * 2 {
            true => most_linked(guide, ids, START_HERE),
            false => Vec::new(),
        };
        Self { start_here, neighbours: neighbours(guide, taxonomy, term) }
    }
}

/// The questions that most others lead to, the easiest first.
pub(super) fn most_linked(guide: &Guide, ids: &[QuestionId], count: usize) -> Vec<QuestionId> {
    let mut ranked = ids.to_vec();
    ranked.sort_by_key(|id| (Reverse(guide.question(*id).backlinks.len()), *id));
    ranked.truncate(count);
    ranked.sort_by_key(|id| (guide.question(*id).level, *id));
    ranked
}

/// Topics that share the most questions with this one; other levels and categories all.
fn neighbours(guide: &Guide, taxonomy: Taxonomy, term: usize) -> Vec<(usize, usize)> {
    let terms = guide.vocabularies.terms(taxonomy);
    let mut shared = vec![usize::from(taxonomy != Taxonomy::Topics); terms.len()];
    if taxonomy == Taxonomy::Topics {
        for id in guide.questions_of(taxonomy, term) {
            for topic in &guide.question(*id).topics {
                shared[*topic] += 1;
            }
        }
    }
    let mut others: Vec<(usize, usize)> = shared
        .into_iter()
        .zip(0..)
        .filter(|(shared, other)| *shared > 0 && *other != term)
        .collect();
    others.sort_by_key(|(shared, other)| (Reverse(*shared), *other));
    others.truncate(NEIGHBOURS);
    let count = |(_, other)| (other, guide.questions_of(taxonomy, other).len());
    others.into_iter().map(count).collect()
}
