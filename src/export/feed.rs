//! `feed.xml`: the pages changed last, as Atom (RFC 4287).

use super::{absolute, xml};
use crate::config::Config;
use crate::date::Date;
use crate::guide::{Guide, Question, Taxonomy};
use crate::markup::Title;
use crate::path::UrlPath;

pub(super) const ADDRESS: &str = "/feed.xml";

pub(super) fn atom(guide: &Guide, config: &Config, base_url: &str) -> String {
    let mut recent: Vec<(&Question, Date)> =
        guide.questions.iter().filter_map(|question| Some((question, question.updated?))).collect();
    // The newest first; of one day, by address.
    recent.sort_by(|(a, day_a), (b, day_b)| day_b.cmp(day_a).then_with(|| a.url.cmp(&b.url)));
    recent.truncate(config.lists.feed_size);
    // RFC 4287 wants a date even of a feed without entries; the epoch says "nothing yet".
    let updated = recent.first().map_or(Date::from_unix(0), |(_, day)| *day);
    let url = UrlPath::new(ADDRESS);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
         <title>{}</title>\n<subtitle>{}</subtitle>\n<id>{base}</id>\n\
         <link rel=\"self\" href=\"{}\"/>\n<link rel=\"alternate\" href=\"{base}\"/>\n\
         <updated>{}</updated>\n<author><name>{}</name></author>\n",
        xml(&config.language),
        xml(&config.title),
        xml(&config.description),
        xml(&absolute(base_url, &url)),
        moment(updated),
        xml(&config.title),
        base = xml(base_url),
    );
    for (question, day) in recent {
        text.push_str(&entry(guide, question, day, base_url));
    }
    text.push_str("</feed>\n");
    text
}

fn entry(guide: &Guide, question: &Question, day: Date, base_url: &str) -> String {
    let matter = question.matter();
    let address = xml(&absolute(base_url, &question.url));
    let summary = matter.summary.as_ref().map_or("", |summary| summary.value.as_str());
    let topics = guide.vocabularies.terms(Taxonomy::Topics);
    let categories: String = question
        .topics
        .iter()
        .map(|topic| {
            let term = &topics[*topic];
            format!("<category term=\"{}\" label=\"{}\"/>\n", xml(&term.slug), xml(&term.name))
        })
        .collect();
    format!(
        "<entry>\n<title>{}</title>\n<id>{address}</id>\n<link href=\"{address}\"/>\n\
         <updated>{}</updated>\n<summary>{}</summary>\n{categories}</entry>\n",
        xml(&Title::new(&matter.title.value).text),
        moment(day),
        xml(summary),
    )
}

/// A day as the RFC 3339 moment that Atom wants.
fn moment(day: Date) -> String {
    format!("{day}T00:00:00Z")
}
