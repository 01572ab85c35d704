//! House rules that a machine can check: floors, who reads and writes, who prints, what is forbidden.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Modules from the ground floor up; a module uses only those before it in this list.
const FLOORS: &[&[&str]] = &[
    &["path", "text", "slug", "date"],
    &["diagnostic", "bundle", "cache", "field", "table"],
    &["source", "drawing"],
    &["document"],
    &["config"],
    &["guide", "theme"],
    &["figures", "markup", "rules"],
    &["export", "search"],
    &["plan"],
    &["render"],
    &["finish", "offline", "publish", "mend"],
    &["pipeline"],
    &["external", "project", "samples", "scaffold", "schema", "serve"],
    &["cli", "commands"],
];

/// Every source file: its module and its text without comments and tests.
fn sources() -> Vec<(String, String, String)> {
    fn walk(folder: &Path, files: &mut Vec<(String, String, String)>) {
        let mut entries: Vec<_> = fs::read_dir(folder)
            .expect("readable")
            .map(|entry| entry.expect("readable").path())
            .collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let inside =
                    path.strip_prefix("src").expect("below src").to_string_lossy().into_owned();
                let module = inside.split(['/', '.']).next().expect("a name").to_owned();
                let text = fs::read_to_string(&path).expect("readable");
                files.push((inside, module, text));
            }
        }
    }
    let mut files = Vec::new();
    walk(Path::new("src"), &mut files);
    files
}

/// The text up to the unit tests, without comments.
fn code(text: &str) -> String {
    let before_tests = text.split("#[cfg(test)]").next().unwrap_or(text);
    before_tests
        .lines()
        .map(|line| match line.find("//") {
            Some(at) if !line[..at].contains('"') => &line[..at],
            _ => line,
        })
        .collect::<Vec<_>>()
        .join("\n")
}

fn rank(module: &str) -> Option<usize> {
    FLOORS.iter().flat_map(|floor| floor.iter()).position(|known| *known == module)
}

/// Modules that a file names as `crate::module`.
fn uses(code: &str) -> BTreeSet<String> {
    code.split("crate::")
        .skip(1)
        .map(|rest| {
            rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>()
        })
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn a_module_uses_only_modules_below_it() {
    let mut broken = Vec::new();
    for (file, module, text) in sources() {
        if matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        let Some(own) = rank(&module) else {
            broken.push(format!("{file}: the module `{module}` has no floor"));
            continue;
        };
        // `use crate::{a, b}` is spelled out one module a line in this code base.
        assert!(!code(&text).contains("crate::{"), "{file} groups imports of several modules");
        for used in uses(&code(&text)) {
            match rank(&used) {
                Some(other) if other < own || used == module => {}
                Some(_) => broken.push(format!("{file} uses `{used}`, which is above it")),
                None => broken.push(format!("{file} uses `{used}`, which has no floor")),
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_floor_is_described_in_the_architecture() {
    let text = fs::read_to_string("src/lib.rs").expect("readable");
    let declared: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let listed: BTreeSet<&str> = FLOORS.iter().flat_map(|floor| floor.iter()).copied().collect();
    assert_eq!(declared, listed);
    let floors: Vec<&str> = text
        .lines()
        .filter(|line| {
            line.strip_prefix("//! ").is_some_and(|rest| {
                rest.split_once(". [`").is_some_and(|(number, _)| number.parse::<u8>().is_ok())
            })
        })
        .collect();
    assert_eq!(floors.len(), FLOORS.len(), "lib.rs lists the floors");
    for (line, floor) in floors.iter().zip(FLOORS) {
        for module in *floor {
            assert!(line.contains(&format!("[`{module}`]")), "{module} is missing in {line}");
        }
    }
}

/// Words and the only files that may hold them.
const RESERVED: &[(&str, &[&str])] = &[
    ("println!", &[]),
    ("eprintln!", &[]),
    ("print!(", &[]),
    ("stdout()", &["main.rs"]),
    ("stderr()", &["main.rs"]),
    ("SystemTime", &["main.rs"]),
    ("Instant", &["samples/run.rs", "samples/transcript.rs", "serve/builder.rs"]),
    ("env::var", &["main.rs", "samples/postgres.rs", "samples/run.rs"]),
    ("TcpListener", &["serve/mod.rs"]),
    ("TcpStream", &[]),
    ("ureq", &["external/ask.rs", "external/reach.rs", "external/round.rs"]),
    ("external::", &["commands/check.rs", "commands/mod.rs", "main.rs"]),
    ("Command::new", &["samples/postgres.rs", "samples/run.rs", "serve/mod.rs", "source.rs"]),
    (
        "fs::read",
        &[
            "cache/temporary.rs",
            "commands/init.rs",
            "mend.rs",
            "publish/listing.rs",
            "publish/mod.rs",
            "samples/postgres.rs",
        ],
    ),
    ("fs::write", &["commands/init.rs", "commands/schema.rs", "samples/run.rs"]),
    ("File::create", &["mend.rs", "publish/mod.rs", "publish/spare.rs"]),
    ("File::open", &["source.rs"]),
    ("OpenOptions", &["commands/new.rs"]),
    (
        "fs::remove",
        &[
            "cache/temporary.rs",
            "mend.rs",
            "publish/mod.rs",
            "publish/spare.rs",
            "publish/swap.rs",
            "samples/run.rs",
        ],
    ),
    // Shelves take files from all threads; a page is shown while the rest is built.
    (
        "Mutex",
        &["bundle.rs", "cache/file.rs", "cache/mod.rs", "publish/mod.rs", "serve/builder.rs"],
    ),
    ("RwLock", &["serve/mod.rs"]),
    ("RefCell", &[]),
    ("static mut", &[]),
    (".unwrap()", &[]),
    ("filter_map(Result::ok)", &["serve/http.rs"]),
    ("let _ = ", &[]),
    ("todo!", &[]),
    ("unimplemented!", &[]),
    ("dbg!", &[]),
];

#[test]
fn only_the_edges_touch_the_world() {
    let mut broken = Vec::new();
    for (file, _, text) in sources() {
        let code = code(&text);
        for (word, allowed) in RESERVED {
            if code.contains(word) && !allowed.contains(&file.as_str()) {
                broken.push(format!("{file} holds `{word}`"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn what_is_reserved_is_used_where_it_is_allowed() {
    let files: BTreeMap<String, String> =
        sources().into_iter().map(|(file, _, text)| (file, code(&text))).collect();
    for (word, allowed) in RESERVED {
        for file in *allowed {
            let holds = files.get(*file).is_some_and(|code| code.contains(word));
            assert!(holds, "{file} does not hold `{word}`: take it off the list");
        }
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for (file, _, text) in sources() {
        assert!(text.starts_with("//! "), "{file} has no header");
    }
}

#[test]
fn files_stay_short_enough_to_read() {
    const LINES: usize = 560;
    for (file, _, text) in sources() {
        let lines = text.split("#[cfg(test)]").next().unwrap_or(&text).lines().count();
        assert!(lines <= LINES, "{file} has {lines} lines");
    }
}

#[test]
fn no_glob_imports() {
    for (file, _, text) in sources() {
        // Rayon's traits are meant to be imported together.
        let code = code(&text).replace("rayon::prelude::*;", "");
        assert!(!code.contains("::*;"), "{file} imports a glob");
    }
}

#[test]
fn templates_hold_no_markup_of_their_own_making() {
    fn walk(folder: &Path, check: &mut dyn FnMut(&Path, &str)) {
        for entry in fs::read_dir(folder).expect("readable") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                walk(&path, check);
            } else if path.extension().is_some_and(|extension| extension == "html") {
                check(&path, &fs::read_to_string(&path).expect("readable"));
            }
        }
    }
    walk(Path::new("themes"), &mut |path, text| {
        let path = path.display();
        for word in ["| safe", "style=\"", "<style", "javascript:", " onclick", " onload"] {
            assert!(!text.contains(word), "{path} holds `{word}`");
        }
        for script in text.split("<script").skip(1) {
            let is_data = script.starts_with(" type=\"application/ld+json\"");
            assert!(is_data || script.starts_with(" src="), "{path} holds an inline script");
        }
    });
}

#[test]
fn every_interface_string_that_code_asks_for_is_required_of_themes() {
    let strings = fs::read_to_string("src/theme/strings.rs").expect("readable");
    let mut missing = Vec::new();
    for (file, _, text) in sources() {
        for call in [".text(\"", ".with(\"", ".find(\"", "site.text(\""] {
            for rest in code(&text).split(call).skip(1) {
                let key = rest.split('"').next().unwrap_or_default();
                let is_key = !key.is_empty()
                    && key.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '_' | '0'..='9'));
                if is_key && !file.starts_with("theme/") && !strings.contains(&format!("\"{key}\""))
                {
                    missing.push(format!("{file}: {key}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_suite_of_pages_is_run() {
    let verify = fs::read_to_string("verify").expect("readable");
    let suites = fs::read_dir("tests/browser").expect("readable").filter_map(|entry| {
        let name = entry.expect("readable").file_name().into_string().ok()?;
        name.strip_suffix(".test.mjs").map(str::to_owned)
    });
    let words: BTreeSet<&str> = verify.split([' ', ';', '\n']).collect();
    let forgotten: Vec<String> = suites.filter(|name| !words.contains(name.as_str())).collect();
    assert!(forgotten.is_empty(), "./verify does not run {forgotten:?}");
}
