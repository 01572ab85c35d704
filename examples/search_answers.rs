//! Writes the search index of a guide to a folder and answers the queries of standard input, one a
//! line, as JSON lines: what the tests in `tests/search` compare `search-core.js` with.
//!
//! `search_answers GUIDE FOLDER [LIMIT]`

use std::error::Error;
use std::io::{BufRead, Write};
use std::path::Path;

use askbook::cache::Cache;
use askbook::date::Date;
use askbook::guide::Drafts;
use askbook::pipeline::Options;
use askbook::project;
use askbook::search::query::{Filters, Searcher};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, guide, folder, rest @ ..] = &arguments[..] else {
        return Err("search_answers GUIDE FOLDER [LIMIT]".into());
    };
    let limit: usize = rest.first().map_or(Ok(10), |text| text.parse())?;
    let options = Options { drafts: Drafts::Excluded, base_url: None, today: Date::from_unix(0) };
    let outcome = project::build(Path::new(guide), &Cache::default(), &options);
    let (Some(guide), Some(config)) = (&outcome.guide, &outcome.config) else {
        return Err(format!("{:#?}", outcome.diagnostics).into());
    };
    let started = std::time::Instant::now();
    let index = askbook::search::index(guide, config, &Cache::default());
    let built = started.elapsed();
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{}",
        json!({ "root": index.root().as_str(), "build_ms": built.as_secs_f64() * 1e3 })
    )?;
    for (url, bytes) in index.outputs() {
        let path = Path::new(folder).join(&url.as_str()[1..]);
        std::fs::create_dir_all(path.parent().ok_or("a file lies in a folder")?)?;
        std::fs::write(path, bytes)?;
    }
    let searcher = Searcher::new(&index);
    for query in std::io::stdin().lock().lines() {
        let answer = searcher.search(&query?, &Filters::new(), limit);
        let results: Vec<_> =
            answer.hits.iter().map(|hit| json!({ "url": hit.url, "score": hit.score })).collect();
        writeln!(
            out,
            "{}",
            json!({ "total": answer.total, "results": results, "facets": answer.facets })
        )?;
    }
    Ok(())
}
