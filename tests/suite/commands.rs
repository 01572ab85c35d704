//! The program as people type it: words, places, exit statuses.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::sample::{QUESTION, Sample};

pub(crate) fn askbook(folder: &Path, words: &[&str]) -> Output {
    command(folder, words).output().expect("the program runs")
}

/// The program with these words, not yet started.
pub(crate) fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_askbook"));
    command
        .args(words)
        .current_dir(folder)
        .env("SOURCE_DATE_EPOCH", "1795305600")
        .env("NO_COLOR", "1")
        .env_remove("GITHUB_ACTIONS");
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Status, standard output, standard error.
fn run(folder: &Path, words: &[&str]) -> (i32, String, String) {
    let output = askbook(folder, words);
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

pub(crate) fn on_disk(sample: &Sample) -> tempfile::TempDir {
    let folder = folder();
    for (path, bytes) in sample.files() {
        let full = folder.path().join(path);
        fs::create_dir_all(full.parent().expect("a parent")).expect("writable");
        fs::write(full, bytes).expect("writable");
    }
    folder
}

pub(crate) fn site(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.expect("readable"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let inside =
                entry.path().strip_prefix(folder).expect("inside").to_string_lossy().into_owned();
            (inside, fs::read(entry.path()).expect("readable"))
        })
        .collect();
    files.sort();
    files
}

/// Beside a site stands nothing but what the next build begins with, which is part of the site.
pub(crate) fn assert_nothing_else(guide: &Path) {
    let live = site(&guide.join("public"));
    let spare = guide.join(".public.askbook-new");
    let found = if spare.exists() { site(&spare) } else { Vec::new() };
    for file in found {
        let is_sign = matches!(file.0.as_str(), ".gitignore" | "CACHEDIR.TAG");
        assert!(is_sign || live.contains(&file), "{} was left", file.0);
    }
}

#[test]
fn a_new_guide_builds_checks_and_takes_a_draft() {
    let folder = folder();
    let (status, out, err) = run(folder.path(), &["init", "guide"]);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    let guide = folder.path().join("guide");
    let (status, out, err) = run(&guide, &["check", "--deny-warnings"]);
    assert_eq!(status, 0, "{out}{err}");
    let (status, _, err) = run(&guide, &["build", "--verify"]);
    assert_eq!(status, 0, "{err}");
    assert!(guide.join("public/index.html").is_file());
    let title = "How do you \"quote\" a title?";
    let (status, out, err) = run(
        &guide,
        &["new", title, "--topic", "sql", "--category", "technical", "--level", "junior"],
    );
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("content/questions/sql/how-do-you-quote-a-title.md"), "{out}");
    let (status, out, err) = run(&guide, &["check", "--deny-warnings"]);
    assert_eq!(status, 0, "{out}{err}");
    let (status, _, err) = run(
        &guide,
        &["new", title, "--topic", "sql", "--category", "technical", "--level", "junior"],
    );
    assert_eq!(status, 2);
    assert!(err.contains("this is asked already"), "{err}");
    let slug = ["--slug", "how-do-you-quote-a-title", "--topic", "sql", "--category", "technical"];
    let words = [&["new", "Why do you quote?", "--level", "junior"], &slug[..]].concat();
    let (status, _, err) = run(&guide, &words);
    assert_eq!(status, 2);
    assert!(err.contains("is there already") && !err.contains("similar"), "{err}");
    let (status, _, err) = run(folder.path(), &["init", "guide"]);
    assert_eq!(status, 2);
    assert!(err.contains("not an empty folder"), "{err}");
}

#[test]
fn a_wanted_question_brings_its_own_fields() {
    let guide = on_disk(&Sample::new());
    let (status, out, err) = run(guide.path(), &["new", "outer-joins"]);
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("content/questions/sql/outer-joins.md"), "{out}");
    let text = fs::read_to_string(guide.path().join("content/questions/sql/outer-joins.md"))
        .expect("written");
    assert!(text.contains("title = \"What does an outer join add?\""), "{text}");
    assert!(text.contains("kind = \"concept\""), "{text}");
}

#[test]
fn wrong_words_and_wrong_places_get_a_helpful_answer() {
    let empty = folder();
    let guide = on_disk(&Sample::new());
    let inside = guide.path().join("content");
    let long = &"Why and how ".repeat(15);
    let cases: &[(&Path, &[&str], i32, &str)] = &[
        (empty.path(), &["build"], 2, "begin one with `askbook init DIR`"),
        (empty.path(), &["build"], 2, "error[settings/missing]: there is no `askbook.toml` in"),
        (&inside, &["build"], 2, "the guide around it is `--root "),
        (
            guide.path(),
            &["build", "--root", "nowhere"],
            2,
            "error[command/root]: there is no folder `nowhere`",
        ),
        (guide.path(), &["biuld"], 2, "build"),
        (guide.path(), &["build", "--base-url", "guide.example"], 2, "https://guide.example/"),
        (guide.path(), &["build", "--output", "."], 2, "error[command/output]: the output folder"),
        (guide.path(), &["build", "--output", "content"], 2, "was not written by askbook"),
        (guide.path(), &["new", "x", "--topic", "sqll"], 2, "did you mean `sql`?"),
        (guide.path(), &["new", "outer-join"], 2, "did you mean `askbook new outer-joins`?"),
        (guide.path(), &["new", "x"], 2, "`--category`, `--level`, `--topic` are missing"),
        (guide.path(), &["new", "x", "--topic", "sqll"], 2, "`--category`, `--level` are missing"),
        (guide.path(), &["new", "Что это?", "--topic", "sql"], 2, "can be made of the title"),
        (guide.path(), &["new", long, "--topic", "sql"], 2, "more than 170"),
        (
            guide.path(),
            &["new", "explain joins?"],
            2,
            "asked already: content/questions/sql/joins.md",
        ),
        (guide.path(), &["new", " "], 2, "the title is empty"),
        (guide.path(), &["new", "x", "--slug", "A b", "--topic", "sql"], 2, "is not a slug"),
        (guide.path(), &["explain", "link/brokn"], 2, "did you mean `link/broken`?"),
        (guide.path(), &["explain", "link"], 2, "`link/broken`"),
        (guide.path(), &["check", "--format", "xml"], 2, "human"),
        (guide.path(), &["build", "guide"], 2, "--root guide"),
        (guide.path(), &["serve", "--host", "localhost"], 2, "127.0.0.1 is this machine"),
        (guide.path(), &["serve", "--host", "192.0.2.1"], 3, "`--host 127.0.0.1` is this machine"),
        (
            guide.path(),
            &["test", "sqll"],
            2,
            "error[command/value]: no page has `sqll` in its path",
        ),
        (guide.path(), &["test", "./content/questions/sql/jions.md"], 2, "did you mean `joins`?"),
        (guide.path(), &["schema", "--output", "askbook.toml"], 2, "is a file"),
        (guide.path(), &["init", "other", "--base-url", "nope"], 2, "`nope` is not a base address"),
    ];
    for (place, words, status, part) in cases {
        let (found, out, err) = run(place, words);
        assert_eq!(found, *status, "{words:?}: {out}{err}");
        assert!(err.contains(part), "{words:?}: {err}");
    }
}

#[test]
fn a_mistake_publishes_nothing_and_keeps_the_old_site() {
    let guide = on_disk(&Sample::new());
    assert_eq!(run(guide.path(), &["build"]).0, 0);
    let before = site(&guide.path().join("public"));
    let broken = Sample::new().edit(QUESTION, "level = \"junior\"", "level = \"junoir\"");
    fs::write(guide.path().join(QUESTION), broken.text(QUESTION)).expect("writable");
    let (status, out, err) = run(guide.path(), &["build"]);
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(
        err.contains("did you mean `junior`?") && err.contains("nothing was published"),
        "{err}"
    );
    assert_eq!(site(&guide.path().join("public")), before);
    let (status, out, _) = run(guide.path(), &["check", "--format", "concise"]);
    assert_eq!(status, 1);
    assert_eq!(out, format!("{QUESTION}:6:9: error[field/value]: there is no level `junoir`\n"));
}

#[test]
fn warnings_pass_unless_they_are_denied() {
    let guide = on_disk(&Sample::new().edit(
        QUESTION,
        "### Meaning\n",
        "### Meaning\n\nIt is $a+b$ then.\n",
    ));
    assert_eq!(run(guide.path(), &["check"]).0, 0);
    assert_eq!(run(guide.path(), &["check", "--deny-warnings"]).0, 1);
    assert_eq!(run(guide.path(), &["build"]).0, 0);
}

#[test]
fn in_actions_findings_are_annotations() {
    let guide = on_disk(&Sample::new().edit(QUESTION, "level = \"junior\"", "level = \"junoir\""));
    let output = Command::new(env!("CARGO_BIN_EXE_askbook"))
        .arg("check")
        .current_dir(guide.path())
        .env("GITHUB_ACTIONS", "true")
        .output()
        .expect("the program runs");
    assert!(
        text(&output.stdout).starts_with("::error file=content/questions/sql/joins.md,line=6,")
    );
}

#[test]
fn folder_time_zone_and_locale_do_not_matter() {
    let (one, two) = (on_disk(&Sample::new()), on_disk(&Sample::new()));
    assert_eq!(run(one.path(), &["build"]).0, 0);
    let output = Command::new(env!("CARGO_BIN_EXE_askbook"))
        .args(["build", "--root"])
        .arg(two.path())
        .current_dir("/")
        .env("TZ", "Pacific/Kiritimati")
        .env("LC_ALL", "tr_TR.UTF-8")
        .env("RAYON_NUM_THREADS", "1")
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(site(&one.path().join("public")), site(&two.path().join("public")));
}

#[test]
fn what_was_published_and_has_not_changed_is_not_built_again() {
    let guide = on_disk(&Sample::new());
    let built = |guide: &Path| run(guide, &["build"]).1;
    let first = built(guide.path());
    let before = site(&guide.path().join("public"));
    let cache = guide.path().join(".askbook/cache.bin");
    fs::remove_file(&cache).expect("written");
    let second = built(guide.path());
    assert!(!cache.exists(), "nothing was built");
    assert!(second.contains(": 0 files written") && first != second, "{first}{second}");
    let (status, _, err) = run(guide.path(), &["check"]);
    assert_eq!((status, cache.exists()), (0, true), "{err}");
    fs::remove_file(&cache).expect("written");
    let (status, _, err) = run(guide.path(), &["check"]);
    assert_eq!((status, cache.exists()), (0, false), "{err}");
    fs::write(guide.path().join("public/index.html"), "spoilt").expect("writable");
    assert!(built(guide.path()).contains(": 1 files written"));
    assert_eq!(site(&guide.path().join("public")), before);
    let page = guide.path().join(QUESTION);
    let text = fs::read_to_string(&page).expect("a page");
    fs::write(&page, text.replace("## Short answer\n", "## Short answr\n")).expect("writable");
    assert_eq!(run(guide.path(), &["check"]).0, 1);
    assert_eq!(run(guide.path(), &["build"]).0, 1);
    assert_eq!(run(guide.path(), &["check"]).0, 1, "a mistake is told each time");
}

#[test]
fn a_damaged_cache_changes_nothing() {
    let guide = on_disk(&Sample::new());
    assert_eq!(run(guide.path(), &["build"]).0, 0);
    let before = site(&guide.path().join("public"));
    let cache = guide.path().join(".askbook/cache.bin");
    let mut bytes = fs::read(&cache).expect("written");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&cache, bytes).expect("writable");
    assert_eq!(run(guide.path(), &["build"]).0, 0);
    assert_eq!(site(&guide.path().join("public")), before);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_of_the_clone() {
    let guide = on_disk(&Sample::new());
    let outside = tempfile::tempdir().expect("a temporary folder");
    let link = |at: &str| {
        std::os::unix::fs::symlink(outside.path(), guide.path().join(at)).expect("a link");
    };
    link("public");
    let (status, _, err) = run(guide.path(), &["build"]);
    assert_eq!(status, 2);
    assert!(err.contains("`./public`, on the way to the output folder, is a symbolic"), "{err}");
    fs::rename(guide.path().join("content/questions/sql"), guide.path().join("sql"))
        .expect("there");
    link("content/questions/sql");
    let question = ["--topic", "sql", "--category", "technical", "--level", "junior"];
    let (status, _, err) =
        run(guide.path(), &[&["new", "What is a view?"][..], &question].concat());
    assert_eq!(status, 2, "{err}");
    assert!(err.contains("`./content/questions/sql` is a symbolic link"), "{err}");
    assert_eq!(fs::read_dir(outside.path()).expect("readable").count(), 0);
}

#[test]
fn statistics_can_be_read_by_people_and_programs() {
    let guide = on_disk(&Sample::new());
    let (status, out, _) = run(guide.path(), &["stats"]);
    assert_eq!(status, 0);
    assert!(out.starts_with("2 questions, 0 of them drafts"), "{out}");
    let (_, out, _) = run(guide.path(), &["stats", "--format", "json"]);
    assert!(out.contains("\"technical\": {"), "{out}");
    let versions = |nulls: &str| {
        let nulls = format!("\"PostgreSQL {nulls}\"");
        let sample = Sample::new();
        on_disk(&sample.edit("content/questions/sql/nulls.md", "\"PostgreSQL 15.18\"", &nulls))
    };
    let (_, out, _) = run(versions("15.9").path(), &["stats", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(json["coverage_by_topic"]["sql"]["technical"]["junior"], 2);
    assert_eq!(json["most_linked"][0]["links"], 1, "{out}");
    assert_eq!(json["longest_unchanged"].as_array().map(Vec::len), Some(2));
    assert_eq!(json["older_versions"].as_array().map(Vec::len), Some(1));
    assert_eq!(json["older_versions"][0]["slug"], "nulls");
    let (_, out, _) = run(versions("16.0").path(), &["stats"]);
    assert!(out.contains("joins: PostgreSQL 15.18, newest PostgreSQL 16.0"), "{out}");
}

#[test]
fn search_answers_people_and_programs_and_says_why() {
    let guide = on_disk(&Sample::new());
    let (status, out, err) = run(guide.path(), &["search", "joins"]);
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(out.contains("questions/joins/") && !out.contains("words:"), "{out}");
    let (_, out, _) = run(guide.path(), &["search", "joins", "--explain"]);
    assert!(out.contains("words: joins ") && out.contains("covers 1.00"), "{out}");

    let (_, all, _) = run(guide.path(), &["search", "", "--format", "json", "--limit", "1"]);
    let all: serde_json::Value = serde_json::from_str(&all).expect("JSON");
    assert_eq!((&all["version"], &all["total"]), (&1.into(), &3.into()), "two questions, a page");
    assert_eq!(all["results"].as_array().map(Vec::len), Some(1));
    assert_eq!(all["facets"]["category"]["technical"], 2);
    let (_, found, _) = run(guide.path(), &["search", "joins", "--format", "json"]);
    let found: serde_json::Value = serde_json::from_str(&found).expect("JSON");
    let first = &found["results"][0];
    assert_eq!(first["url"], "questions/joins/");
    assert!(first["reasons"]["words"]["joins"].as_f64() > Some(0.0), "{first}");

    let (status, out, _) = run(guide.path(), &["search", "zzqqxx"]);
    assert_eq!((status, out.as_str()), (0, "0 pages\n"));
    let (status, _, err) = run(folder().path(), &["search", "joins"]);
    assert_eq!(status, 2, "{err}");
}

#[test]
fn every_code_is_explained() {
    let folder = folder();
    let (status, list, _) = run(folder.path(), &["explain"]);
    assert_eq!(status, 0);
    let (_, about, _) = run(folder.path(), &["explain", "link/broken"]);
    assert!(
        list.contains("link/broken\n") && about.contains("It cannot be switched off."),
        "{about}"
    );
}

#[cfg(unix)]
#[test]
fn symbolic_links_and_unreadable_files_are_told_and_not_followed() {
    let guide = on_disk(&Sample::new());
    let link = guide.path().join("content/questions/sql/passwd.md");
    std::os::unix::fs::symlink("/etc/passwd", link).expect("a link");
    let (status, out, _) = run(guide.path(), &["check", "--format", "concise"]);
    assert_eq!(status, 1);
    assert!(out.contains("error[file/symlink]"), "{out}");
    assert_eq!(run(guide.path(), &["build"]).0, 1);
    assert!(!guide.path().join("public").exists());
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_panic() {
    use std::process::Stdio;
    let guide = on_disk(&Sample::new());
    let mut child = Command::new(env!("CARGO_BIN_EXE_askbook"))
        .args(["stats", "--format", "json"])
        .current_dir(guide.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(!text(&output.stderr).contains("panicked"), "{}", text(&output.stderr));
}

#[cfg(unix)]
fn with_sample(block: &str) -> tempfile::TempDir {
    let runner = "\n[runners.bash]\ncommand = [\"sh\", \"main.sh\"]\nfile = \"main.sh\"\nversion = [\"true\"]\n";
    on_disk(&Sample::new().append("askbook.toml", runner).edit(
        QUESTION,
        "### Meaning\n",
        &format!("### Meaning\n\n{block}\n"),
    ))
}

#[cfg(unix)]
#[test]
fn samples_print_what_their_page_shows() {
    let good = "```bash run\necho one  \n```\n\n```text output\none\n```\n\n\
        ```bash run=\"s\"\nX=1; echo first\n```\n\n```text output\nfirst\n```\n\n\
        ```bash run=\"s\"\necho \"X is $X\"\n```\n\n```text output\nX is 1\n```\n\n\
        ```bash run\ndate +%N\n```\n\n```text output=varies\n123\n```\n\n```bash not-run\nexit 1\n```\n";
    let guide = with_sample(good);
    let (status, out, err) = run(guide.path(), &["test"]);
    assert_eq!((status, out.as_str()), (0, ""), "{err}");
    assert!(err.contains("ran 4 samples, 0 of them known"), "{err}");
    let (status, _, err) = run(guide.path(), &["test"]);
    assert_eq!(status, 0);
    assert!(err.contains("ran 4 samples, 4 of them known"), "{err}");
    let (_, _, err) = run(guide.path(), &["test", "nulls"]);
    assert!(err.contains("ran 0 samples"), "{err}");
}

#[cfg(unix)]
#[test]
fn a_block_that_varies_does_not_spoil_the_next_one_of_its_session() {
    // The code runs once for each block, so the first block prints another figure each time.
    let guide = with_sample(
        "```bash run=\"s\"\ndate +%N\n```\n\n```text output=varies\n123\n```\n\n\
            ```bash run=\"s\"\necho fixed\n```\n\n```text output\nfixed\n```\n",
    );
    let (status, out, err) = run(guide.path(), &["test"]);
    assert_eq!((status, out.as_str()), (0, ""), "{err}");
}

#[cfg(unix)]
#[test]
fn a_wrong_output_is_told_and_can_be_blessed() {
    let guide =
        with_sample("```bash run\necho one; echo two\n```\n\n```text output\none\n2\n```\n");
    let (status, out, _) = run(guide.path(), &["test"]);
    assert_eq!(status, 1);
    assert!(out.contains("error[sample/output]") && out.contains("the page shows `2`"), "{out}");
    let (status, out, err) = run(guide.path(), &["test", "--bless"]);
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("joins.md: 1 written"), "{out}");
    assert_eq!(run(guide.path(), &["test"]).0, 0);
    let page = fs::read_to_string(guide.path().join(QUESTION)).expect("readable");
    assert!(page.contains("```text output\none\ntwo\n```"), "{page}");
}

#[cfg(unix)]
#[test]
fn samples_that_fail_or_cannot_run_are_told() {
    let failing = with_sample("```bash run\necho gone wrong >&2; exit 3\n```\n");
    let (status, out, _) = run(failing.path(), &["test"]);
    assert_eq!(status, 1);
    assert!(out.contains("error[sample/failed]") && out.contains("gone wrong"), "{out}");
    let undeclared = with_sample("```python run\nprint(1)\n```\n");
    let (status, out, _) = run(undeclared.path(), &["test"]);
    assert_eq!(status, 1);
    assert!(out.contains("error[sample/runner]"), "{out}");
    assert!(out.contains("no runner is declared for `python`"), "{out}");
    let absent = with_sample("```bash run\necho\n```\n");
    let settings = fs::read_to_string(absent.path().join("askbook.toml")).expect("readable");
    fs::write(
        absent.path().join("askbook.toml"),
        settings.replace("[\"true\"]", "[\"absent-program\"]"),
    )
    .expect("writable");
    let (status, out, _) = run(absent.path(), &["test"]);
    assert_eq!(status, 1);
    assert!(out.contains("`bash` cannot be run here"), "{out}");
}

#[cfg(unix)]
#[test]
fn samples_see_nothing_of_the_environment() {
    let guide = with_sample(
        "```bash run\necho \"${SECRET:-unset} $HOME\" | sed \"s|$PWD|here|\"\n```\n\n```text output\nunset here\n```\n",
    );
    let output = Command::new(env!("CARGO_BIN_EXE_askbook"))
        .arg("test")
        .current_dir(guide.path())
        .env("SECRET", "leaked")
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}
