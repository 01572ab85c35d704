//! `llms.txt` after <https://llmstxt.org>: the guide as a list of Markdown files.

use crate::config::Config;
use crate::guide::{Guide, Taxonomy};
use crate::markup::Title;
use crate::path::UrlPath;

pub(super) const ADDRESS: &str = "/llms.txt";

pub(super) fn index(guide: &Guide, config: &Config) -> String {
    let url = UrlPath::new(ADDRESS);
    let mut text = format!("# {}\n\n> {}\n", config.title, one_line(&config.description));
    for (index, topic) in guide.vocabularies.terms(Taxonomy::Topics).iter().enumerate() {
        let at_home: Vec<_> = guide
            .questions_of(Taxonomy::Topics, index)
            .iter()
            .map(|id| guide.question(*id))
            .filter(|question| question.topics[0] == index)
            .collect();
        if at_home.is_empty() {
            continue;
        }
        text.push_str(&format!("\n## {}\n\n", topic.name));
        for question in at_home {
            let matter = question.matter();
            let title = Title::new(&matter.title.value).text.replace(['[', ']'], "");
            let address = question.url.relative_to(&url);
            let summary = matter.summary.as_ref().map(|text| one_line(&text.value));
            let summary = summary.map(|summary| format!(": {summary}")).unwrap_or_default();
            text.push_str(&format!("- [{title}]({address}index.md){summary}\n"));
        }
    }
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
