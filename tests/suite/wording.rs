//! The guide's pages are written one by one: no two of them share a run of eight words.
//!
//! Code, headings, addresses and front matter do not count; they repeat on purpose.

use std::collections::HashMap;
use std::path::Path;

/// Shorter runs are idiom, longer ones are copying.
const RUN: usize = 8;

fn pages() -> Vec<(String, String)> {
    walkdir::WalkDir::new("content")
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.expect("readable").into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path: std::path::PathBuf| {
            let text = std::fs::read_to_string(&path).expect("readable");
            (path.display().to_string(), text)
        })
        .collect()
}

/// The words of a page's prose; a heading or a code block breaks a run.
fn runs(text: &str) -> Vec<Vec<String>> {
    let body = text.splitn(3, "+++\n").nth(2).unwrap_or(text);
    let mut runs = vec![Vec::new()];
    let mut in_code = false;
    for line in body.lines() {
        let is_fence = line.trim_start().starts_with("```");
        in_code ^= is_fence;
        if in_code || is_fence || line.starts_with('#') || line.starts_with('|') {
            runs.push(Vec::new());
            continue;
        }
        // The address of a link is no prose.
        let mut prose = String::new();
        for (index, part) in line.split("](").enumerate() {
            prose.push_str(if index == 0 {
                part
            } else {
                part.split_once(')').map_or("", |(_, rest)| rest)
            });
            prose.push(' ');
        }
        let last = runs.last_mut().expect("never empty");
        last.extend(
            prose
                .split(|c: char| !c.is_alphanumeric() && c != '\'')
                .filter(|word| !word.is_empty())
                .map(str::to_lowercase),
        );
    }
    runs
}

#[test]
fn no_two_pages_share_a_run_of_eight_words() {
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut shared = Vec::new();
    for (page, text) in pages() {
        for run in runs(&text) {
            for window in run.windows(RUN) {
                let words = window.join(" ");
                match seen.get(&words) {
                    Some(other) if *other != page => {
                        shared.push(format!("{words:?}\n  {other}\n  {page}"))
                    }
                    Some(_) => {}
                    None => {
                        seen.insert(words, page.clone());
                    }
                }
            }
        }
    }
    assert!(Path::new("content/questions").is_dir());
    assert!(seen.len() > 10_000, "the test found only {} runs: mend the test", seen.len());
    assert!(shared.is_empty(), "{}", shared.join("\n"));
}
