//! Writes the search index of a guide to a folder and answers the queries of standard input, as JSON
//! lines: what the tests in `tests/search` compare `search-core.js` with.
//!
//! `search_answers GUIDE FOLDER [LIMIT]`. A query is a line `{"query": "…", "filters": {"level": ["…"]}}`,
//! filters may be missing. The first line of the answer says where the root is and what the index
//! cost; `search-core.js` is written as it is published, minified.

use std::error::Error;
use std::fs;
use std::io::{BufRead, Write};
use std::path::Path;

use askbook::cache::Cache;
use askbook::guide::{self, Drafts};
use askbook::search::Index;
use askbook::search::query::{Filters, Searcher};
use askbook::{config, pipeline, source, theme};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Question {
    query: String,
    #[serde(default)]
    filters: Filters,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, root, folder, rest @ ..] = &arguments[..] else {
        return Err("search_answers GUIDE FOLDER [LIMIT]".into());
    };
    let (folder, limit) = (Path::new(folder), rest.first().map_or(Ok(10), |text| text.parse())?);
    let sources = source::discover(Path::new(root)).value;
    let config = config::load(sources.settings.as_ref());
    let Some(config) = config.value else {
        return Err(format!("{:#?}", config.diagnostics).into());
    };
    let documents = pipeline::parse(&sources, &config, &Cache::default()).value;
    let guide = guide::assemble(documents, &sources, &config, Drafts::Excluded).value;

    let before = processor_ms()?;
    let index = Index::of(&guide, &config);
    let build_ms = processor_ms()? - before;
    for (path, bytes) in index.files() {
        let path = folder.join(path.as_str());
        fs::create_dir_all(path.parent().ok_or("a file lies in a folder")?)?;
        fs::write(path, bytes)?;
    }
    let theme = theme::load(&sources, &config.theme, "en").value.ok_or("the theme is built in")?;
    let core = theme.assets.iter().find(|asset| asset.name == "js/search-core.js");
    fs::write(folder.join("search-core.js"), &core.ok_or("folio has search")?.bytes)?;

    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", json!({ "root": askbook::search::root().as_str(), "build_ms": build_ms }))?;
    let searcher = Searcher::new(&index);
    for line in std::io::stdin().lock().lines() {
        let Question { query, filters } = serde_json::from_str(&line?)?;
        let answer = searcher.search(&query, &filters, limit);
        let results: Vec<_> =
            answer.hits.iter().map(|hit| json!({ "url": hit.url, "score": hit.score })).collect();
        let facets = answer.facets;
        writeln!(
            out,
            "{}",
            json!({ "total": answer.total, "results": results, "facets": facets })
        )?;
    }
    Ok(())
}

/// What this process and its threads have used of the processor, in steps of ten milliseconds; none
/// where the system does not say.
fn processor_ms() -> Result<u64, Box<dyn Error>> {
    let Ok(stat) = fs::read_to_string("/proc/self/stat") else { return Ok(0) };
    let after_name = stat.rsplit(')').next().ok_or("a name in brackets")?;
    let ticks: Result<Vec<u64>, _> =
        after_name.split_whitespace().skip(11).take(2).map(str::parse).collect();
    Ok(ticks?.iter().sum::<u64>() * 10)
}
