//! Each stage alone, on a made guide of 1,000 questions: `cargo bench --bench stages`.
//!
//! Everything runs on one thread, so that time is processor time; on a machine with other work, the
//! fastest sample says most.

mod maker;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use askbook::bundle::{Bundle, Entry, Memory, Nowhere, Shelf as _};
use askbook::cache::Cache;
use askbook::config::{self, Config};
use askbook::date::Date;
use askbook::document::Document;
use askbook::export::Format;
use askbook::finish::{self, Facts, Targets};
use askbook::guide::{self, Drafts, Guide};
use askbook::markup::{highlight, highlight_all};
use askbook::path::{ContentPath, UrlPath};
use askbook::pipeline::{self, Options};
use askbook::plan::{self, Content, Output, Plan};
use askbook::publish::{self, Listing, Staging, Target};
use askbook::render::{self, Site};
use askbook::rules;
use askbook::search::{self, Index};
use askbook::source::{self, Sources};
use askbook::theme::{self, Theme};
use divan::Bencher;
use divan::counter::ItemsCount;
use maker::Maker;

const PAGES: usize = 1_000;
/// After the day of every page.
const TODAY: Date = Date { year: 2026, month: 12, day: 1 };

static FILES: LazyLock<Vec<(ContentPath, Vec<u8>)>> = LazyLock::new(|| {
    let files = Maker { seed: 1, pages: PAGES }.files();
    files.map(|(path, text)| (ContentPath::new(&path), text.into_bytes())).collect()
});
static SOURCES: LazyLock<Sources> = LazyLock::new(|| source::collect(FILES.clone()).value);
static CONFIG: LazyLock<Config> =
    LazyLock::new(|| config::load(SOURCES.settings.as_ref()).value.expect("the settings are read"));
static GUIDE: LazyLock<Guide> =
    LazyLock::new(|| guide::assemble(documents(), &SOURCES, &CONFIG, Drafts::Excluded).value);
static THEME: LazyLock<Theme> = LazyLock::new(|| {
    theme::load(&SOURCES, &CONFIG.theme, "en").value.expect("the theme is built in")
});
static INDEX: LazyLock<Index> = LazyLock::new(|| Index::of(&GUIDE, &CONFIG));
static PLAN: LazyLock<Plan> = LazyLock::new(|| plan::plan(&GUIDE, &CONFIG, &THEME).value);
/// The code of every block is in it already.
static WARM: LazyLock<Cache> = LazyLock::new(|| {
    let cache = Cache::default();
    rendered(&cache);
    cache.next_generation()
});
static BUNDLE: LazyLock<Bundle> = LazyLock::new(|| built(&WARM));

fn main() {
    rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build_global()
        .expect("the first of the process");
    divan::main();
}

fn documents() -> Vec<Arc<Document>> {
    pipeline::parse(&SOURCES, &CONFIG, &Cache::default()).value
}

fn rendered(cache: &Cache) -> Vec<(UrlPath, Arc<[u8]>)> {
    let site = Site::new(&GUIDE, &CONFIG, &THEME, cache);
    let render = |output| render::render(&site, output).expect("the templates are right");
    // Two files are made when all others are.
    let is_page = |output: &&Output| !matches!(output.content, Content::Worker | Content::Keepable);
    let pages = PLAN.outputs.iter().filter(is_page);
    pages.map(|output| (output.url.clone(), render(output))).collect()
}

fn finished(pages: Vec<(UrlPath, Arc<[u8]>)>) -> Vec<Arc<Facts>> {
    let targets = Targets::new(PLAN.outputs.iter().map(|output| output.url.clone()), "/");
    pages.into_iter().map(|(url, bytes)| finish::page(&url, bytes, &targets).facts).collect()
}

fn built(cache: &Cache) -> Bundle {
    let options = Options { drafts: Drafts::Excluded, base_url: None, today: TODAY };
    let memory = Memory::default();
    let outcome = pipeline::build(&SOURCES, cache, &options, &memory);
    assert!(outcome.manifest.is_some(), "the made guide has no mistake");
    memory.into_bundle()
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn s01_collect(bencher: Bencher<'_, '_>) {
    let bencher = bencher.counter(ItemsCount::new(PAGES));
    bencher.with_inputs(|| FILES.clone()).bench_values(source::collect);
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn s02_parse(bencher: Bencher<'_, '_>) {
    LazyLock::force(&SOURCES);
    bencher.counter(ItemsCount::new(PAGES)).bench(documents);
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn s03_assemble(bencher: Bencher<'_, '_>) {
    let assemble = |documents| guide::assemble(documents, &SOURCES, &CONFIG, Drafts::Excluded);
    bencher.counter(ItemsCount::new(PAGES)).with_inputs(documents).bench_values(assemble);
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn s04_check(bencher: Bencher<'_, '_>) {
    LazyLock::force(&GUIDE);
    bencher
        .counter(ItemsCount::new(PAGES))
        .bench(|| rules::check(&GUIDE, &CONFIG, TODAY, &Cache::default()));
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn s05_theme(bencher: Bencher<'_, '_>) {
    LazyLock::force(&SOURCES);
    bencher.bench(|| theme::load(&SOURCES, &CONFIG.theme, "en"));
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn s06_export(bencher: Bencher<'_, '_>) {
    LazyLock::force(&GUIDE);
    let all = || Format::of(&CONFIG).into_iter().map(|format| format.text(&GUIDE, &CONFIG));
    bencher.counter(ItemsCount::new(PAGES)).bench(|| all().collect::<Vec<_>>());
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn s06_search(bencher: Bencher<'_, '_>) {
    LazyLock::force(&GUIDE);
    bencher
        .counter(ItemsCount::new(PAGES))
        .bench(|| search::index(&GUIDE, &CONFIG, &Cache::default(), &Nowhere));
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn s07_plan(bencher: Bencher<'_, '_>) {
    LazyLock::force(&THEME);
    LazyLock::force(&INDEX);
    bencher.counter(ItemsCount::new(PAGES)).bench(|| plan::plan(&GUIDE, &CONFIG, &THEME));
}

fn coloured(cache: &Cache) -> usize {
    highlight_all(GUIDE.code(), cache);
    GUIDE.code().map(|block| highlight(block.fence.language, &block.text, cache).len()).sum()
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn s08_highlight_cold(bencher: Bencher<'_, '_>) {
    let bencher = bencher.counter(ItemsCount::new(PAGES));
    bencher.with_inputs(Cache::default).bench_values(|cache| coloured(&cache));
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn s09_highlight_cached(bencher: Bencher<'_, '_>) {
    let cache = Cache::default();
    coloured(&cache);
    let cache = cache.next_generation();
    bencher.counter(ItemsCount::new(PAGES)).bench(|| coloured(&cache));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn s10_render(bencher: Bencher<'_, '_>) {
    LazyLock::force(&WARM);
    bencher.counter(ItemsCount::new(PAGES)).bench(|| rendered(&WARM));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn s11_finish_page(bencher: Bencher<'_, '_>) {
    let bencher = bencher.counter(ItemsCount::new(PAGES));
    bencher.with_inputs(|| rendered(&WARM)).bench_values(finished);
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn s12_manifest(bencher: Bencher<'_, '_>) {
    let bencher = bencher.counter(ItemsCount::new(PAGES));
    let inputs = bencher.with_inputs(|| finished(rendered(&WARM)));
    inputs.bench_refs(|finished| finish::manifest(finished));
}

/// A folder in memory where the system has one: a disk's own time is not askbook's.
fn folder(name: &str) -> PathBuf {
    let memory = Path::new("/dev/shm");
    let above = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    above.join(format!("askbook-stages-{}-{name}", std::process::id()))
}

fn publish(output: &Path) -> publish::Report {
    let target = Target { output, project: None, protected: &[] };
    let staging = Staging::new(target, Listing::default());
    for (path, bytes) in BUNDLE.files() {
        staging.put(&Entry::new(path.clone(), bytes), bytes);
    }
    let (report, _) = staging.publish().expect("the folder is writable");
    report
}

fn remove(output: &Path) {
    std::fs::remove_dir_all(output).expect("it was just written");
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn s13_publish_first(bencher: Bencher<'_, '_>) {
    LazyLock::force(&BUNDLE);
    let output = folder("first").join("public");
    let clean = || drop(std::fs::remove_dir_all(&output));
    bencher.counter(ItemsCount::new(PAGES)).with_inputs(clean).bench_values(|()| publish(&output));
    remove(&folder("first"));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn s14_publish_again(bencher: Bencher<'_, '_>) {
    let output = folder("again").join("public");
    publish(&output);
    bencher.counter(ItemsCount::new(PAGES)).bench(|| publish(&output));
    remove(&folder("again"));
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn s15_pipeline_cold(bencher: Bencher<'_, '_>) {
    LazyLock::force(&SOURCES);
    let bencher = bencher.counter(ItemsCount::new(PAGES));
    bencher.with_inputs(Cache::default).bench_values(|cache| built(&cache));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn s16_pipeline_warm(bencher: Bencher<'_, '_>) {
    LazyLock::force(&WARM);
    bencher.counter(ItemsCount::new(PAGES)).bench(|| built(&WARM));
}
