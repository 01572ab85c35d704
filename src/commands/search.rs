//! `askbook search`: what readers find, and why.
//!
//! JSON: `{ "version": 1, "query", "total", "results": [{ "url", "title", "score", "reasons":
//! { "words": {word: value}, "coverage", "title", "proximity", "heading", "exact" } }],
//! "facets": {facet: {slug: count}} }`. Drafts are left out, as in a release.

use serde_json::{Value, json};

use super::{Exit, Report, World, findings, project_root};
use crate::cli::{SearchArgs, SearchFormat};
use crate::guide::Drafts;
use crate::pipeline::Options;
use crate::project;
use crate::search::Index;
use crate::search::query::{Answer, Filters, Hit, Searcher};

pub(super) fn run(args: &SearchArgs, world: &World) -> Report {
    let root = match project_root(&args.project) {
        Ok(root) => root,
        Err(report) => return report,
    };
    let options = Options { drafts: Drafts::Excluded, base_url: None, today: world.today };
    let outcome = project::read(root, &options);
    let (Some(guide), Some(config)) = (&outcome.guide, &outcome.config) else {
        let err = findings(&outcome.diagnostics);
        return Report { out: String::new(), err, exit: Exit::Usage };
    };
    let index = Index::of(guide, config);
    let answer = Searcher::new(&index).search(&args.query, &Filters::new(), args.limit);
    let out = match args.format {
        SearchFormat::Json => json_text(&args.query, &answer),
        SearchFormat::Table => table(&answer, args.explain),
    };
    Report::fine(out)
}

fn json_text(query: &str, answer: &Answer) -> String {
    let results: Vec<Value> = answer.hits.iter().map(hit_json).collect();
    let value = json!({
        "version": 1,
        "query": query,
        "total": answer.total,
        "results": results,
        "facets": answer.facets,
    });
    format!("{value:#}\n")
}

fn hit_json(hit: &Hit) -> Value {
    let reasons = &hit.reasons;
    let words: Value =
        reasons.words.iter().map(|(word, value)| (word.clone(), json!(value))).collect();
    json!({
        "url": hit.url,
        "title": hit.title,
        "score": hit.score,
        "reasons": {
            "words": words,
            "coverage": reasons.coverage,
            "title": reasons.title,
            "proximity": reasons.proximity,
            "heading": reasons.heading,
            "exact": reasons.exact,
        },
    })
}

fn table(answer: &Answer, explains: bool) -> String {
    let mut out = match answer.total {
        1 => "1 page\n".to_owned(),
        total => format!("{total} pages\n"),
    };
    for hit in &answer.hits {
        out.push_str(&format!("{:8.4}  {}\n          {}\n", hit.score, hit.title, hit.url));
        if explains {
            let reasons = &hit.reasons;
            let words: Vec<String> =
                reasons.words.iter().map(|(word, value)| format!("{word} {value:.2}")).collect();
            out.push_str(&format!(
                "          words: {}; covers {:.2}, title {:.2}; neighbours {:.2}, heading {:.2}, exact {:.2}\n",
                words.join(", "),
                reasons.coverage,
                reasons.title,
                reasons.proximity,
                reasons.heading,
                reasons.exact,
            ));
        }
    }
    out
}
