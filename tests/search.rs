//! Search: analysis against the cases it shares with JavaScript, and what readers find in small guides.
//!
//! The comparison with JavaScript itself needs Node: `node --test tests/search/`.

use std::collections::BTreeSet;

use askbook::date::Date;
use askbook::guide::Drafts;
use askbook::pipeline::Options;
use askbook::project;
use askbook::search::Index;
use askbook::search::analysis::{Analyzer, Shape, composed};
use askbook::search::query::{Answer, Filters, Searcher};
use serde_json::Value;

#[test]
fn every_case_is_read_as_it_is_written_down() {
    let cases: Vec<Value> =
        serde_json::from_str(include_str!("search/vectors.json")).expect("a list of cases");
    assert!(cases.len() >= 400, "{} cases", cases.len());
    let analyzer = Analyzer::new("en", true);
    for case in cases {
        let text = composed(case["text"].as_str().expect("a text"));
        let tokens: Vec<Value> = analyzer
            .tokens(&text)
            .into_iter()
            .map(|token| {
                let shape = match token.shape {
                    Shape::Word => "word",
                    Shape::Part => "part",
                    Shape::Compound(_) => "compound",
                };
                let slice = &text[token.start..token.end];
                serde_json::json!([token.surface, token.stem, token.position, slice, shape])
            })
            .collect();
        assert_eq!(Value::from(tokens), case["tokens"], "{text:?}");
    }
}

const SETTINGS: &str = "title = \"T\"\ndescription = \"D\"\n[check]\nprofile = \"minimal\"\n";

/// Builds a guide of questions (slug, title, level, body) in a folder of its own.
fn searched(settings: &str, questions: &[(&str, &str, &str, &str)], query: &str) -> Answer {
    searched_within(settings, questions, query, &Filters::new())
}

fn searched_within(
    settings: &str,
    questions: &[(&str, &str, &str, &str)],
    query: &str,
    filters: &Filters,
) -> Answer {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        std::fs::write(path, text).expect("a new file");
    };
    write("askbook.toml", &format!("{SETTINGS}{settings}"));
    for (name, key, slugs) in [
        ("categories", "category", vec!["technical"]),
        ("levels", "level", vec!["junior", "senior"]),
        ("topics", "topic", vec!["data"]),
    ] {
        let terms: Vec<String> = slugs
            .iter()
            .enumerate()
            .map(|(order, slug)| {
                format!("[[{key}]]\nslug = \"{slug}\"\nname = \"{slug}\"\norder = {order}\nsummary = \"S\"\n")
            })
            .collect();
        write(&format!("content/{name}.toml"), &terms.join("\n"));
    }
    for (slug, title, level, body) in questions {
        let matter = format!(
            "+++\ntitle = {title:?}\ncategory = \"technical\"\nlevel = \"{level}\"\ntopics = [\"data\"]\nupdated = 2026-01-01\n+++\n\n{body}\n"
        );
        write(&format!("content/questions/data/{slug}.md"), &matter);
    }
    let options = Options { drafts: Drafts::Excluded, base_url: None, today: Date::from_unix(0) };
    let outcome = project::read(folder.path(), &options);
    let guide = outcome.guide.expect("a guide");
    assert_eq!(guide.questions.len(), questions.len(), "{:#?}", outcome.diagnostics);
    let index = Index::of(&guide, &outcome.config.expect("settings"));
    Searcher::new(&index).search(query, filters, 10)
}

fn slugs(answer: &Answer) -> Vec<&str> {
    answer
        .hits
        .iter()
        .map(|hit| hit.url.trim_matches('/').rsplit('/').next().unwrap_or(""))
        .collect()
}

const QUESTIONS: [(&str, &str, &str, &str); 4] = [
    ("locks", "What is a deadlock?", "junior", "Two transactions wait for each other."),
    ("cpp", "Why C++?", "senior", "It compiles to machine code, as C does. Web sockets work too."),
    ("pitr", "How are backups kept?", "senior", "Point in time recovery (PITR) replays a log."),
    ("oauth", "What is OAuth2.0 for?", "junior", "It delegates access. Kubernetes runs it."),
];

#[test]
fn a_misspelt_word_finds_its_page() {
    for typed in ["deadlok", "daedlock", "eadlock", "deadlockk", "deadlcok "] {
        assert_eq!(slugs(&searched("", &QUESTIONS, typed)), ["locks"], "{typed}");
    }
}

#[test]
fn symbols_and_joined_words_are_found() {
    for (typed, slug) in
        [("c++", "cpp"), ("oauth 2.0", "oauth"), ("oauth2.0", "oauth"), ("OAuth", "oauth")]
    {
        assert_eq!(slugs(&searched("", &QUESTIONS, typed)).first(), Some(&slug), "{typed}");
    }
}

#[test]
fn half_a_word_finds_the_forms_of_its_stem() {
    for typed in ["trans", "transac", "transactio", "compil"] {
        assert_eq!(searched("", &QUESTIONS, typed).total, 1, "{typed}");
    }
}

#[test]
fn a_half_typed_word_may_stand_anywhere() {
    assert_eq!(slugs(&searched("", &QUESTIONS, "transac wai ")), ["locks"]);
}

#[test]
fn two_words_without_their_space_are_found() {
    assert_eq!(slugs(&searched("", &QUESTIONS, "machinecode ")), ["cpp"]);
    assert_eq!(searched("", &QUESTIONS, "machinezebra ").total, 0);
}

#[test]
fn an_acronym_and_its_name_find_each_other() {
    let mut questions = QUESTIONS.to_vec();
    questions.push(("short", "When is PITR too slow?", "senior", "When logs are long."));
    let answer = searched("", &questions, "point in time recovery");
    assert_eq!(BTreeSet::from_iter(slugs(&answer)), BTreeSet::from(["pitr", "short"]));
}

#[test]
fn declared_synonyms_find_each_other() {
    let settings = "[search.synonyms]\nk8s = [\"kubernetes\"]\n";
    assert_eq!(slugs(&searched(settings, &QUESTIONS, "k8s")), ["oauth"]);
    assert_eq!(searched("", &QUESTIONS, "k8s").total, 0);
}

#[test]
fn phrases_are_kept_together_and_words_left_out() {
    assert_eq!(slugs(&searched("", &QUESTIONS, "\"machine code\"")), ["cpp"]);
    assert_eq!(searched("", &QUESTIONS, "\"code machine\"").total, 0);
    assert_eq!(slugs(&searched("", &QUESTIONS, "what -deadlock -access")), ["cpp"; 0]);
    assert_eq!(slugs(&searched("", &QUESTIONS, "-deadlock -access -backups")), ["cpp"]);
}

#[test]
fn filters_narrow_down_and_counts_ignore_their_own_facet() {
    let filters = Filters::from([("level".to_owned(), BTreeSet::from(["senior".to_owned()]))]);
    let answer = searched_within("", &QUESTIONS, "", &filters);
    assert_eq!(slugs(&answer), ["cpp", "pitr"]);
    assert_eq!(answer.facets["level"]["junior"], 2);
    assert_eq!(answer.facets["category"]["technical"], 2);
}

#[test]
fn odd_queries_are_answered() {
    for typed in
        ["?", "\"", "-", "--", "__proto__", "constructor", "🙂", &"a".repeat(5000), "\u{0}"]
    {
        assert_eq!(searched("", &QUESTIONS, typed).total, 0, "{typed}");
    }
    assert_eq!(searched("", &QUESTIONS, " ").total, 4);
}
