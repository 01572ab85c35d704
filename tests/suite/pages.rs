//! What pages say: links, JSON-LD, exports, drafts, aliases, pagers.

#![expect(clippy::print_stderr, reason = "a test that cannot run here has to say so")]

use std::fs;
use std::path::Path;

use askbook::cache::Cache;
use askbook::source;

use crate::sample::{Built, QUESTION, Sample, question};

#[test]
fn a_link_to_a_file_becomes_a_link_to_its_page() {
    let sample = Sample::new().edit(
        QUESTION,
        "### Meaning\n",
        "### Meaning\n\n[n](nulls.md#short-answer)\n",
    );
    let page = sample.published("questions/joins/index.html");
    assert!(
        page.contains("href=../nulls/#short-answer")
            || page.contains("href=\"../nulls/#short-answer\""),
        "{page}"
    );
}

/// Scripts that others have written are long, and written in every way.
#[test]
fn a_large_script_of_a_theme_is_minified() {
    let bundle = "tests/browser/node_modules/axe-core/axe.min.js";
    let Ok(text) = fs::read_to_string(bundle) else {
        eprintln!("SKIPPED: this needs `npm ci` in tests/browser");
        return;
    };
    assert!(text.len() > 500_000);
    let settings = format!("theme = \"own\"\n{}", Sample::new().text("askbook.toml"));
    let built = Sample::new()
        .with("askbook.toml", &settings)
        .with("themes/own/theme.toml", "name = \"Own\"\nextends = \"folio\"\n")
        .with("themes/own/static/own.js", &text)
        .build();
    let bundle = built.bundle.expect("it is built");
    let is_it = |path: &str| path.starts_with("assets/own.") && path.ends_with(".js");
    let (_, bytes) = bundle.files().find(|(path, _)| is_it(path.as_str())).expect("published");
    assert!(bytes.len() < text.len(), "{} bytes", bytes.len());
}

#[test]
fn drafts_are_left_out_of_everything_unless_they_are_asked_for() {
    let draft = Sample::new().edit("content/questions/sql/nulls.md", "\"reviewed\"", "\"draft\"");
    for path in [
        "questions/index.html",
        "feed.xml",
        "sitemap.xml",
        "questions.json",
        "llms.txt",
        "topics/sql/index.html",
    ] {
        assert!(!draft.published(path).contains("nulls"), "{path}");
    }
    assert!(draft.with_drafts().published("questions/nulls/index.html").contains("noindex"));
}

#[test]
fn an_alias_is_a_page_that_leads_on() {
    let sample =
        Sample::new().edit(QUESTION, "status =", "aliases = [\"/questions/old/\"]\nstatus =");
    let page = sample.published("questions/old/index.html");
    assert!(page.contains("url=../../questions/joins/"), "{page}");
    assert!(page.contains("https://guide.example/questions/joins/"), "{page}");
}

#[test]
fn data_in_pages_cannot_end_its_element() {
    let sample = Sample::new().edit(
        QUESTION,
        "Rows of two tables are",
        "</script><script>alert(1)</script> & are",
    );
    let page = sample.published("questions/joins/index.html");
    for token in html5gum::Tokenizer::new(&page) {
        let Ok(token) = token;
        if let html5gum::Token::StartTag(tag) = token
            && tag.name.as_slice() == b"script"
        {
            let is_known = |name: &[u8]| {
                tag.attributes.iter().any(|(attribute, _)| attribute.as_slice() == name)
            };
            assert!(is_known(b"src") || is_known(b"type"), "a script of the content: {page}");
        }
    }
    assert!(page.contains("\\u003c/script\\u003e"), "{page}");
}

#[test]
fn template_syntax_in_content_is_text() {
    let sample = Sample::new().edit(
        QUESTION,
        "### Meaning\n",
        "### Meaning\n\n{{ site.title }} {% raw %}\n",
    );
    assert!(sample.published("questions/joins/index.html").contains("{{ site.title }} {% raw %}"));
}

#[test]
fn long_lists_are_cut_into_pages_that_see_only_their_own_entries() {
    let mut sample = Sample::new().append("askbook.toml", "\n[lists]\npage_size = 2\n");
    for slug in ["a", "b", "c"] {
        sample = sample.with(&format!("content/questions/sql/{slug}.md"), &question(slug));
    }
    let first = sample.published("topics/sql/index.html");
    let third = sample.published("topics/sql/page/3/index.html");
    assert_eq!(
        first.matches("class=card-title").count() + first.matches("class=\"card-title\"").count(),
        2
    );
    assert_eq!(
        third.matches("class=card-title").count() + third.matches("class=\"card-title\"").count(),
        1
    );
}

#[test]
fn a_guide_without_a_base_address_has_no_absolute_addresses() {
    let sample = Sample::new().edit("askbook.toml", "base_url = \"https://guide.example/\"\n", "");
    let bundle = sample.build().bundle.expect("it builds");
    for (path, bytes) in bundle.files() {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("guide.example"), "{path}");
        assert!(!["feed.xml", "sitemap.xml"].contains(&path.as_str()));
    }
}

#[test]
fn below_a_path_the_lost_page_names_the_path() {
    let sample =
        Sample::new().edit("askbook.toml", "https://guide.example/", "https://guide.example/book/");
    let page = sample.published("404.html");
    assert!(page.contains("/book/questions/"), "{page}");
    let home = sample.published("index.html");
    assert!(!home.contains("=/book/") && !home.contains("\"/book/"), "{home}");
}

#[test]
fn a_folder_of_foreign_questions_builds_with_four_fields() {
    let foreign = "+++\ntitle = \"What is a mutex?\"\ncategory = \"technical\"\nlevel = \"mid\"\ntopics = [\"sql\"]\n+++\n\n\
        ## Answer\n\nA lock.\n\n## Notes of my own\n\n- one\n- two\n";
    let sample = Sample::new()
        .append("askbook.toml", "\n[check]\nprofile = \"minimal\"\n")
        .with("content/questions/mutex.md", foreign);
    let told = sample.concise();
    assert_eq!(told.lines().filter(|line| line.contains("error")).count(), 0, "{told}");
    assert!(told.contains("date/unknown"), "{told}");
    let page = sample.published("questions/mutex/index.html");
    for part in ["What is a mutex?", "A lock.", "Notes of my own"] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn a_theme_may_override_one_file_of_another() {
    let sample = Sample::new()
        .edit("askbook.toml", "title =", "theme = \"mine\"\ntitle =")
        .with("themes/mine/theme.toml", "name = \"mine\"\nextends = \"folio\"\n")
        .with("themes/mine/partials/footer.html", "<footer><p>Made with care</p></footer>\n");
    let page = sample.published("questions/joins/index.html");
    assert!(page.contains("Made with care"));
    assert!(page.contains("Short answer"));
}

#[test]
fn the_interface_speaks_german_too() {
    let sample = Sample::new().edit("askbook.toml", "title =", "language = \"de\"\ntitle =");
    let page = sample.published("topics/sql/index.html");
    assert!(page.contains("lang=de") || page.contains("lang=\"de\""));
    assert!(page.contains("2 Fragen"), "{page}");
}

#[test]
fn exports_are_as_reviewed() {
    let sample = Sample::new().edit(QUESTION, "### Meaning\n", "### Meaning\n\n[n](nulls.md)\n");
    let mut text = String::new();
    for path in [
        "robots.txt",
        "sitemap.xml",
        "feed.xml",
        "llms.txt",
        "questions.json",
        "questions/joins/index.md",
    ] {
        text.push_str(&format!("=== {path}\n{}\n", sample.published(path)));
    }
    snapbox::assert_data_eq!(text, snapbox::file!["exports.txt"]);
}

#[test]
fn every_construct_is_written_as_reviewed() {
    let constructs = include_str!("constructs.md");
    let sample = Sample::new()
        .edit(QUESTION, "### Meaning\n", &format!("### Meaning\n\n{constructs}\n"))
        .with("content/questions/sql/ring.svg", RING)
        .with_bytes("content/questions/sql/dot.png", DOT)
        .with("content/questions/sql/files/sample.sql", "SELECT 1;\n");
    let told = sample.concise();
    assert!(!told.contains("error["), "{told}");
    let page = sample.published("questions/joins/index.html");
    let (_, rest) = page.split_once("<h3 id=h-meaning").expect("the section is there");
    let (section, _) = rest.split_once("<h3 id=h-behind").expect("the section behind it is there");
    snapbox::assert_data_eq!(section.replace("><", ">\n<"), snapbox::file!["constructs.html"]);
}

const RING: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 10\"><title>Ring</title>\
    <desc>A circle</desc><circle cx=\"5\" cy=\"5\" r=\"4\" stroke=\"currentColor\" fill=\"none\"/></svg>";

/// One grey pixel.
const DOT: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 10, b'I', b'D', b'A', b'T',
    0x78, 0x9c, 0x63, 0x60, 0, 0, 0, 2, 0, 1, 0x48, 0xaf, 0xa4, 0x71, 0, 0, 0, 0, b'I', b'E', b'N',
    b'D', 0xae, 0x42, 0x60, 0x82,
];

/// minify-html removes nothing worth a name from what is published, so that our one pass over a page
/// may stand in for its several.
#[test]
fn pages_are_as_small_as_minify_html_makes_them() {
    let sources = source::discover(Path::new(env!("CARGO_MANIFEST_DIR"))).value;
    let mut options = Sample::new().options();
    // The pages change, and none of them in the future.
    options.today = "2100-01-01".parse().expect("a day");
    let bundle = Built::from(&sources, &Cache::default(), &options).bundle.expect("no mistake");
    let configuration = minify_html::Cfg {
        keep_closing_tags: true,
        keep_html_and_head_opening_tags: true,
        ..minify_html::Cfg::default()
    };
    let pages = bundle.files().filter(|(path, _)| path.extension() == "html");
    let sizes =
        pages.map(|(_, page)| (page.len(), minify_html::minify(page, &configuration).len()));
    let (ours, theirs) = sizes.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    assert!(ours > 1_000_000 && ours * 100 <= theirs * 101, "{ours} bytes, minified {theirs}");
}

const GLOSSARY: &str = r##"title = "Words"
updated = 2026-11-20

[[term]]
term = "Row"
definition = "What a `table` is made of."
aliases = ["rows"]
see = ["joins", "guide/about", "#table"]

[[term]]
term = "Table"
definition = "Rows of one kind."
aliases = ["tables"]
"##;

fn with_glossary() -> Sample {
    Sample::new().with("content/glossary.toml", GLOSSARY)
}

/// How often `part` stands in `text`.
fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

#[test]
fn the_first_use_of_a_term_is_linked_to_what_it_means() {
    let page = with_glossary().published("questions/joins/index.html");
    assert_eq!(count(&page, "class=term "), 2, "{page}");
    assert_eq!(count(&page, "href=../../guide/glossary/#term-row"), 1);
    assert_eq!(count(&page, "aria-describedby=means-row"), 1);
    assert_eq!(count(&page, "id=means-row"), 1);
    let first = page.find("class=term ").expect("a term");
    let short_answer = page.find("part-short-answer").expect("a short answer");
    let full_answer = page.find("part-full-answer").expect("a full answer");
    assert!(short_answer < first && first < full_answer, "the first use is in the short answer");
}

#[test]
fn terms_are_not_linked_in_code_headings_links_and_follow_ups() {
    let sample = with_glossary()
        .edit("content/guide/about.md", "A guide for", "[rows](https://a.example) `rows` and")
        .edit("content/guide/about.md", "## Purpose", "## Rows");
    assert_eq!(count(&sample.published("guide/about/index.html"), "class=term "), 0);
}

#[test]
fn a_link_to_an_entry_tells_what_it_means() {
    let sample = with_glossary().edit(
        "content/guide/about.md",
        "A guide for",
        "[lines](../glossary.toml#row) of",
    );
    let page = sample.published("guide/about/index.html");
    assert!(page.contains("<a class=term href=../glossary/#term-row"), "{page}");
    assert!(page.contains("id=means-row"), "{page}");
    let unknown = sample.edit("content/guide/about.md", "#row", "#raw");
    assert!(unknown.concise().contains("glossary/unknown"), "{}", unknown.concise());
}

#[test]
fn the_glossary_is_a_page_of_the_guide() {
    let sample = with_glossary();
    let page = sample.published("guide/glossary/index.html");
    for part in
        ["kind-glossary", "id=h-r", "id=term-row", "href=#term-table", "href=../../guide/about/"]
    {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    assert!(page.contains("<code>table</code>"));
    assert!(sample.published("guide/index.html").contains("guide/glossary/"));
    assert!(sample.published("sitemap.xml").contains("/guide/glossary/"));
}

#[test]
fn exports_know_nothing_of_marked_terms() {
    let marked = with_glossary().published("feed.xml");
    assert_eq!(marked, Sample::new().published("feed.xml"));
}

#[test]
fn a_number_leads_to_the_part_of_the_topic_that_lists_the_questions() {
    let page = Sample::new().published("matrix/index.html");
    assert!(page.contains("href=../topics/sql/#level-junior"), "{page}");
    assert!(page.contains("data-slugs=\"joins nulls\""), "{page}");
    let topics = Sample::new().published("topics/index.html");
    assert!(topics.contains("href=../topics/sql/#level-junior"), "{topics}");
    assert!(Sample::new().published("topics/sql/index.html").contains("id=level-junior"));
    // A level that begins on the second page of a topic is there.
    let long = Sample::new().append("askbook.toml", "\n[lists]\npage_size = 1\n").edit(
        QUESTION,
        "level = \"junior\"",
        "level = \"senior\"",
    );
    let page = long.published("matrix/index.html");
    assert!(page.contains("href=../topics/sql/page/2/#level-senior"), "{page}");
    assert!(long.published("topics/sql/page/2/index.html").contains("id=level-senior"));
    assert!(Sample::new().published("sitemap.xml").contains("https://guide.example/matrix/"));
}

#[test]
fn a_topic_lists_guests_at_their_level_and_says_where_they_are_at_home() {
    let nulls = "content/questions/sql/nulls.md";
    let guest = Sample::new().edit(nulls, "topics = [\"sql\"]", "topics = [\"career\", \"sql\"]");
    let page = guest.published("topics/sql/index.html");
    assert_eq!(count(&page, "id=level-"), 1, "{page}");
    assert_eq!(count(&page, "At home in Career"), 1, "{page}");
    assert!(!guest.published("topics/career/index.html").contains("At home in"));
}

#[test]
fn a_guide_without_offline_reading_publishes_no_worker() {
    let paths = |sample: &Sample| -> Vec<String> {
        let bundle = sample.build().bundle.expect("a site");
        bundle.files().map(|(path, _)| path.as_str().to_owned()).collect()
    };
    let files = ["offline.html", "offline.json", "service-worker.js"];
    let is_there = |paths: &[String]| files.map(|file| paths.iter().any(|path| path == file));
    assert_eq!(is_there(&paths(&Sample::new())), [true; 3]);
    let without = Sample::new().edit("askbook.toml", "title =", "offline = false\ntitle =");
    assert_eq!(is_there(&paths(&without)), [false; 3]);
    for path in ["index.html", "your-data/index.html", "404.html"] {
        let page = without.published(path);
        assert!(!page.contains("service-worker") && !page.contains("name=offline"), "{page}");
    }
}

#[test]
fn a_related_question_says_why_it_is_related() {
    let nulls = "content/questions/sql/nulls.md";
    let reason = |sample: &Sample| {
        let page = sample.published("questions/joins/index.html");
        let at = page.find("card-reason").expect("a reason");
        page[at..].split(['>', '<']).nth(1).expect("text").to_owned()
    };
    assert_eq!(reason(&Sample::new()), "Also about SQL");
    let higher = Sample::new().edit(nulls, "level = \"junior\"", "level = \"senior\"");
    assert_eq!(reason(&higher), "Goes further in SQL, at the level Senior");
    let elsewhere = Sample::new().edit(nulls, "topics = [\"sql\"]", "topics = [\"career\"]");
    assert_eq!(reason(&elsewhere), "The same kind of question: Concept explained");
    let linked = elsewhere.edit(nulls, "### Meaning\n", "### Meaning\n\n[j](joins.md)\n");
    assert_eq!(reason(&linked), "It links to this page");
}

#[test]
fn blocks_in_tabs_that_follow_each_other_are_one_group() {
    let block = |info: &str| format!("```{info}\nx\n```\n\n");
    let text = format!(
        "### Meaning\n\n{}{}{}between\n\n{}",
        block("python tab=\"Python\" not-run"),
        block("text tab=\"Python\" output"),
        block("go tab=\"Go\" not-run"),
        block("go tab=\"Go\" not-run"),
    );
    let page = Sample::new()
        .edit(QUESTION, "### Meaning\n", &text)
        .published("questions/joins/index.html");
    let groups: Vec<usize> =
        page.split("<div class=tabs>").skip(1).map(|group| count(group, "data-tab=")).collect();
    assert_eq!(groups, [3, 1], "{page}");
}
