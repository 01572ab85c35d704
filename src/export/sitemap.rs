//! `sitemap.xml` after <https://www.sitemaps.org/protocol.html>: every page with its day of change.

use super::{absolute, xml};
use crate::config::Config;
use crate::date::Date;
use crate::guide::{self, Guide, Taxonomy};
use crate::path::UrlPath;

pub(super) fn sitemap(guide: &Guide, config: &Config, base_url: &str) -> String {
    let mut entries: Vec<(UrlPath, Option<Date>)> =
        vec![(UrlPath::home(), guide.updated()), (UrlPath::new("/questions/"), guide.updated())];
    for taxonomy in Taxonomy::ALL {
        entries.push((UrlPath::new(&format!("/{}/", taxonomy.as_str())), None));
        for (index, term) in guide.vocabularies.terms(taxonomy).iter().enumerate() {
            let questions = guide.questions_of(taxonomy, index);
            let newest = questions.iter().filter_map(|id| guide.question(*id).updated).max();
            entries.push((Guide::term_url(taxonomy, term), newest));
        }
    }
    entries.push((UrlPath::new("/matrix/"), guide.updated()));
    entries.extend(guide::help_wanted(config).map(|url| (url, guide.updated())));
    if !guide.pages.is_empty() {
        entries.push((UrlPath::new("/guide/"), None));
    }
    entries.extend(guide.questions.iter().map(|question| (question.url.clone(), question.updated)));
    entries.extend(guide.pages.iter().map(|page| (page.url.clone(), page.updated)));
    entries.sort();
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for (url, updated) in entries {
        let address = xml(&absolute(base_url, &url));
        let changed = updated.map(|day| format!("<lastmod>{day}</lastmod>")).unwrap_or_default();
        text.push_str(&format!("<url><loc>{address}</loc>{changed}</url>\n"));
    }
    text.push_str("</urlset>\n");
    text
}
