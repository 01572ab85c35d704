//! The guide asks more of itself than the page model does: every question rests on three sources.
//!
//! The model's rule, `source/few`, covers technical and design questions; stories and plans claim facts too.

use std::collections::BTreeSet;

const WANTED: usize = 3;

#[test]
fn every_question_of_the_guide_names_three_sources() {
    let mut questions = 0;
    let mut short = Vec::new();
    for entry in walkdir::WalkDir::new("content/questions").sort_by_file_name() {
        let path = entry.expect("readable").into_path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        questions += 1;
        let text = std::fs::read_to_string(&path).expect("readable");
        let front_matter = text.split("+++\n").nth(1).expect("front matter");
        // The same address twice is one source.
        let addresses: BTreeSet<&str> = front_matter
            .split("[[source]]")
            .skip(1)
            .filter_map(|source| source.lines().find_map(|line| line.strip_prefix("url = ")))
            .collect();
        if addresses.len() < WANTED {
            short.push(format!("{} names {} sources", path.display(), addresses.len()));
        }
    }
    assert!(questions > 100, "the test found only {questions} questions: mend the test");
    assert!(short.is_empty(), "{}", short.join("\n"));
}
