//! What git is asked: days of change, and nothing that a stranger's repository could make of the question.

#![cfg(unix)]
#![expect(clippy::print_stderr, reason = "a test that cannot run here has to say so")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::commands::{askbook, command, on_disk};
use crate::sample::Sample;

const ABOUT: &str = "content/guide/about.md";

/// A guide with a page that does not say when it was changed.
fn undated() -> TempDir {
    on_disk(&Sample::new().edit(ABOUT, "updated = 2026-11-19\n", ""))
}

fn git(folder: &Path, words: &[&str]) -> bool {
    let output = Command::new("git")
        .args(["-c", "user.name=T", "-c", "user.email=t@example.org"])
        .args(words)
        .current_dir(folder)
        .env("GIT_AUTHOR_DATE", "2025-03-04T12:00:00Z")
        .env("GIT_COMMITTER_DATE", "2025-03-04T12:00:00Z")
        .output();
    output.is_ok_and(|output| output.status.success())
}

/// Whether there is git, and the folder is a repository with one commit of everything in it.
fn committed(folder: &Path) -> bool {
    if !git(folder, &["init", "-q"]) {
        eprintln!("SKIPPED: this needs git");
        return false;
    }
    assert!(git(folder, &["add", "."]) && git(folder, &["commit", "-q", "-m", "guide"]));
    true
}

fn text(output: &Output) -> String {
    let bytes = [&output.stdout[..], &output.stderr].concat();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn dates_come_from_the_history_where_pages_do_not_say() {
    let guide = undated();
    if !committed(guide.path()) {
        return;
    }
    let output = askbook(guide.path(), &["check", "--deny-warnings"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    // What the owner likes to see of a history changes nothing.
    let home = tempfile::tempdir().expect("a temporary folder");
    let likes = "[log]\nshowRoot = false\nfollow = true\n[color]\nui = always\n";
    fs::write(home.path().join(".gitconfig"), likes).expect("writable");
    let output = command(guide.path(), &["build"]).env("HOME", home.path()).output();
    let output = output.expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    let page =
        fs::read_to_string(guide.path().join("public/guide/about/index.html")).expect("published");
    assert!(page.contains("4 March 2025"), "{page}");
}

#[test]
fn a_shallow_clone_gives_no_dates_rather_than_wrong_ones() {
    let guide = undated();
    if !committed(guide.path()) {
        return;
    }
    assert!(git(guide.path(), &["commit", "-q", "--allow-empty", "-m", "two"]));
    let clone = tempfile::tempdir().expect("a temporary folder");
    let url = format!("file://{}", guide.path().display());
    assert!(git(clone.path(), &["clone", "-q", "--depth", "1", &url, "shallow"]));
    let output = askbook(&clone.path().join("shallow"), &["check", "--format", "concise"]);
    let told = text(&output);
    assert!(output.status.success() && told.contains("warning[date/unknown]"), "{told}");
    assert!(told.contains("shallow"), "{told}");
}

/// The name of an object.
fn name_of(folder: &Path, what: &str) -> String {
    let output = Command::new("git").args(["rev-parse", what]).current_dir(folder).output();
    text(&output.expect("git runs")).trim().to_owned()
}

/// Settings that name a program as the place from which missing objects are fetched.
fn fetching(program: &str) -> String {
    format!(
        "[core]\nrepositoryformatversion = 1\nbare = false\nworktree = .\n\
         [extensions]\npartialClone = origin\n\
         [remote \"origin\"]\npromisor = true\nurl = \"ext::{program}\"\n\
         [protocol \"ext\"]\nallow = always\n"
    )
}

#[test]
fn a_repository_that_came_with_a_pull_request_is_not_opened() {
    let guide = undated();
    if !committed(guide.path()) {
        return;
    }
    // Everything of a `.git` but its name, without the tree of its commit.
    let (own, proof) = (guide.path().join(".git"), guide.path().join("proof"));
    for folder in ["objects", "refs/heads"] {
        fs::create_dir_all(guide.path().join(folder)).expect("writable");
    }
    let commit = name_of(guide.path(), "HEAD");
    let object = format!("objects/{}/{}", &commit[..2], &commit[2..]);
    fs::create_dir_all(guide.path().join(&object[..10])).expect("writable");
    fs::copy(own.join(&object), guide.path().join(&object)).expect("the object is loose");
    fs::write(guide.path().join("HEAD"), "ref: refs/heads/main\n").expect("writable");
    fs::write(guide.path().join("refs/heads/main"), format!("{commit}\n")).expect("writable");
    let settings = fetching(&format!("touch {}", proof.display()));
    fs::write(guide.path().join("config"), &settings).expect("writable");
    fs::rename(&own, guide.path().join("elsewhere")).expect("writable");
    // Git itself would run the program: else this proves nothing.
    assert!(!git(guide.path(), &["log", "--name-only"]) && proof.exists());
    fs::remove_file(&proof).expect("it is there");
    let told = text(&askbook(guide.path(), &["check", "--format", "concise"]));
    assert!(told.contains("warning[date/unknown]"), "{told}");
    assert!(!proof.exists(), "a program of the pull request was run");
}

#[test]
fn what_a_partial_clone_lacks_is_not_fetched() {
    let guide = undated();
    if !committed(guide.path()) {
        return;
    }
    let proof = guide.path().join("proof");
    let tree = name_of(guide.path(), "HEAD^{tree}");
    let settings = fetching(&format!("touch {}", proof.display()));
    fs::write(guide.path().join(".git/config"), settings.replace("worktree = .\n", ""))
        .expect("writable");
    let object = guide.path().join(format!(".git/objects/{}/{}", &tree[..2], &tree[2..]));
    fs::remove_file(object).expect("the object is loose");
    assert!(!git(guide.path(), &["log", "--name-only"]) && proof.exists());
    fs::remove_file(&proof).expect("it is there");
    let told = text(&askbook(guide.path(), &["check", "--format", "concise"]));
    assert!(told.contains("warning[date/unknown]"), "{told}");
    assert!(!proof.exists(), "something was fetched");
}
