//! Samples that are taken from a file, compared by pattern, limited, and told in every shape.

#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::commands::{askbook, command, on_disk};
use crate::sample::{QUESTION, Sample};

const RUNNER: &str = "\n[runners.bash]\ncommand = [\"bash\", \"main.sh\"]\nfile = \"main.sh\"\nversion = [\"true\"]\n";
const SCRIPT: &str = "count=2\n# region show\necho \"count: $count\"\n# endregion\necho done\n";
const PAGE: &str = "content/questions/sql/joins/index.md";

fn body(block: &str) -> Sample {
    Sample::new().append("askbook.toml", RUNNER).edit(
        QUESTION,
        "### Meaning\n",
        &format!("### Meaning\n\n{block}\n"),
    )
}

/// A guide whose question stands beside a script.
fn beside(block: &str) -> Sample {
    let sample = body(block);
    let page = sample.text(QUESTION);
    sample.without(QUESTION).with(PAGE, &page).with("content/questions/sql/joins/show.sh", SCRIPT)
}

fn run(guide: &Path, words: &[&str]) -> (i32, String, String) {
    let output = askbook(guide, words);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_page_shows_a_region_and_the_whole_file_is_run() {
    let block = "```bash run file=\"show.sh\" region=\"show\"\necho \"count: $count\"\n```\n\n\
                 ```text output\ncount: 2\ndone\n```\n";
    let guide = on_disk(&beside(block));
    let (status, out, err) = run(guide.path(), &["test"]);
    assert_eq!(status, 0, "{out}{err}");
    assert!(err.contains("ran 1 sample, 0 of them known"), "{err}");
}

#[test]
fn a_page_that_differs_from_its_file_is_told_and_mended() {
    let guide = on_disk(&beside("```bash run file=\"show.sh\" region=\"show\"\n```\n"));
    let (status, out, _) = run(guide.path(), &["check", "--format", "concise"]);
    assert_eq!(status, 1);
    assert!(out.contains("the block differs from `show.sh`"), "{out}");
    run(guide.path(), &["check", "--fix"]);
    let page = fs::read_to_string(guide.path().join(PAGE)).expect("readable");
    assert!(page.contains("region=\"show\"\necho \"count: $count\"\n```\n"), "{page}");
    let (status, out, _) = run(guide.path(), &["check"]);
    assert_eq!(status, 0, "{out}");
}

#[test]
fn a_file_stands_beside_its_page() {
    for (info, told) in [
        ("file=\"shwo.sh\"", "there is no file `shwo.sh` beside the page"),
        ("file=\"../nulls.md\"", "the attribute `file` of a code block has no usable value"),
        ("file=\"/etc/passwd\"", "the attribute `file` of a code block has no usable value"),
        ("file=\"show.sh\" region=\"hide\"", "`show.sh` has no region `hide`"),
    ] {
        let guide = on_disk(&beside(&format!("```bash {info}\necho\n```\n")));
        let (status, out, _) = run(guide.path(), &["check", "--format", "concise"]);
        assert_eq!(status, 1, "{info}: {out}");
        assert!(out.contains(told), "{info}: {out}");
    }
}

#[test]
fn an_output_is_compared_by_its_pattern() {
    let block = |pattern: &str| {
        format!(
            "```bash run\necho \"took $RANDOM ms\"; echo end\n```\n\n```text output=pattern\n{pattern}\n```\n"
        )
    };
    let good = on_disk(&body(&block("took … ms\nend")));
    assert_eq!(run(good.path(), &["test"]).0, 0);
    let bad = on_disk(&body(&block("took … s\nend")));
    let (status, out, _) = run(bad.path(), &["test"]);
    assert_eq!(status, 1);
    assert!(out.contains("the page shows `took … s`"), "{out}");
}

#[test]
fn a_sample_runs_within_limits_and_outside_the_guide() {
    let block = "```bash run\nulimit -d; ulimit -t\ntest -e ../../askbook.toml || echo away\n```\n\n\
                 ```text output\n4194304\n120\naway\n```\n";
    let guide = on_disk(&body(block));
    let (status, out, err) = run(guide.path(), &["test"]);
    assert_eq!(status, 0, "{out}{err}");
    assert!(!guide.path().join(".askbook/scratch").exists());
}

#[test]
fn what_a_sample_leaves_running_ends_with_it_or_is_told() {
    let ran = |code: &str| {
        let block = format!("```bash run\n{code}\necho end\n```\n\n```text output\nend\n```\n");
        let start = Instant::now();
        let told = run(on_disk(&body(&block)).path(), &["test"]);
        assert!(start.elapsed() < Duration::from_secs(40), "{told:?}");
        told
    };
    let (status, out, err) = ran("sleep 60 &");
    assert_eq!(status, 0, "{out}{err}");
    // It needs a moment to leave the group, which ends with the sample.
    let (status, out, _) = ran("setsid sleep 60 & disown; sleep 1");
    assert_eq!(status, 1);
    assert!(out.contains("left a program running that holds its output open"), "{out}");
}

#[test]
fn nothing_is_left_of_a_run_and_no_command_of_the_guide_sees_the_environment() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let guide = on_disk(&body("```bash run\ntouch file\n```\n").edit(
        "askbook.toml",
        "version = [\"true\"]",
        "version = [\"sh\", \"-c\", \"test -z \\\"$SECRET\\\"\"]",
    ));
    let output = command(guide.path(), &["test"])
        .envs([("TMPDIR", temporary.path().as_os_str()), ("SECRET", "leaked".as_ref())])
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(fs::read_dir(temporary.path()).expect("readable").count(), 0);
}

#[test]
fn a_page_that_is_blessed_keeps_its_line_ends_and_is_whole() {
    let guide = on_disk(&body("```bash run\necho one\n```\n\n```text output\ntwo\n```\n"));
    let page = guide.path().join(QUESTION);
    let old = fs::read_to_string(&page).expect("readable").replace('\n', "\r\n");
    fs::write(&page, &old).expect("writable");
    let (status, out, err) = run(guide.path(), &["test", "--bless"]);
    assert_eq!(status, 0, "{out}{err}");
    let new = fs::read_to_string(&page).expect("readable");
    assert_eq!(new, old.replace("output\r\ntwo", "output\r\none"));
}

#[test]
fn findings_of_samples_take_every_shape_that_findings_have() {
    let guide = on_disk(&body("```bash run\necho one\n```\n\n```text output\ntwo\n```\n"));
    let (status, out, err) = run(guide.path(), &["test", "--format", "json"]);
    assert_eq!(status, 1);
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(json["findings"][0]["code"], "sample/output");
    assert!(err.contains("1 error"), "{err}");
    let (_, out, _) = run(guide.path(), &["test", "--format", "github"]);
    assert!(out.starts_with("::error file=content/questions/sql/joins.md,line="), "{out}");
}

#[test]
fn a_transcript_needs_a_runner_that_can_be_typed_into() {
    let settings =
        "\n[runners.sql]\ncommand = [\"true\"]\nfile = \"main.sql\"\nversion = [\"true\"]\n";
    let block = "```text transcript\nA> SELECT 1;\nA: 1\n```\n";
    let guide = on_disk(&body(block).append("askbook.toml", settings));
    let (status, out, _) = run(guide.path(), &["test"]);
    assert_eq!(status, 1);
    assert!(out.contains("its runner has no `session`"), "{out}");
}

#[test]
fn who_lacks_a_program_is_told_what_to_install_and_who_fails_what_is_needed() {
    let needs = "needs = \"Bash 9 or newer: https://bash.example/\"\n";
    let guide = |version: &str| {
        body("```bash run\nexit 3\n```\n").edit(
            "askbook.toml",
            "version = [\"true\"]\n",
            &format!("version = [\"{version}\"]\n{needs}"),
        )
    };
    let absent = on_disk(&guide("absent-program"));
    let (status, out, _) = run(absent.path(), &["test"]);
    let help = "help: install Bash 9 or newer: https://bash.example/; or correct `[runners.bash]`";
    assert!(status == 1 && out.contains(help), "{out}");
    let failing = on_disk(&guide("pwd"));
    let (status, out, _) = run(failing.path(), &["test"]);
    assert!(
        status == 1 && out.contains("samples need Bash 9 or newer: https://bash.example/"),
        "{out}"
    );
}

#[test]
fn an_output_that_no_block_shows_is_told_when_outputs_are_written() {
    let guide = on_disk(&body("```bash run\necho one\n```\n\n```bash run\ntrue\n```\n"));
    let before = fs::read_to_string(guide.path().join(QUESTION)).expect("readable");
    let (status, out, err) = run(guide.path(), &["test", "--bless"]);
    assert_eq!((status, out.as_str()), (0, ""), "{err}");
    assert!(err.contains("ran 2 samples: 0 outputs written, 2 needed none\n"), "{err}");
    let told = "content/questions/sql/joins.md:54: what this sample prints is not shown; to show it, write an empty block ```text output below it and bless again\n";
    assert!(err.contains(told) && err.matches("is not shown").count() == 1, "{err}");
    let page = before.replace("echo one\n```\n", "echo one\n```\n\n```text output\n```\n");
    fs::write(guide.path().join(QUESTION), page).expect("writable");
    let (status, out, err) = run(guide.path(), &["test", "--bless"]);
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("joins.md: 1 written") && !err.contains("is not shown"), "{out}{err}");
}

#[test]
fn a_file_may_be_named_as_the_shell_completes_it() {
    let guide = on_disk(&body("```bash run\ntrue\n```\n"));
    let absolute = guide.path().join(QUESTION);
    for filter in [QUESTION, &format!("./{QUESTION}"), &absolute.to_string_lossy(), "sql/joins"] {
        let (status, _, err) = run(guide.path(), &["test", filter]);
        assert!(status == 0 && err.contains("ran 1 sample,"), "{filter}: {err}");
    }
    let (status, _, err) = run(guide.path(), &["test", "about"]);
    assert!(status == 0 && err.contains("has a block marked `run`"), "{err}");
    let page = fs::read_to_string(&absolute).expect("readable");
    fs::write(&absolute, page.replacen("title = ", "title: ", 1)).expect("writable");
    let (status, _, err) = run(guide.path(), &["test", "joins"]);
    assert!(status == 1 && err.contains("error[toml/syntax]"), "{err}");
}

#[test]
fn a_database_is_started_for_those_alone_who_speak_to_it() {
    // The name of the variable is not written out: who writes it gets a server.
    let block = "```bash run\nenv | grep -c '^PGHO.T=' || true\n```\n\n```text output\n0\n```\n";
    let guide = on_disk(&body(block).append("askbook.toml", "service = \"postgresql\"\n"));
    let (status, out, err) = run(guide.path(), &["test"]);
    assert_eq!(status, 0, "{out}{err}");
    assert!(err.contains("ran 1 sample,"), "{err}");
}
