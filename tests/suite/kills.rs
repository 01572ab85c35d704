//! A build that is killed leaves the old site whole or the new one whole.
//!
//! `ASKBOOK_KILLS=1000 cargo test --test suite kills` kills more often than the default.

#![expect(clippy::print_stdout, reason = "how often it was killed is the result")]

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::commands::{askbook, assert_nothing_else, command, on_disk, site};
use crate::sample::{QUESTION, Sample};

const KILLS: u64 = 200;
/// Sites that follow one another in turn.
const VERSIONS: u64 = 4;

fn version(number: u64) -> Sample {
    let text = Sample::new().text(QUESTION);
    let (_, rest) = text.split_once("\nslug").expect("it has a slug");
    let mut sample =
        Sample::new().with(QUESTION, &format!("+++\ntitle = \"Version {number}?\"\nslug{rest}"));
    // Pages that come and go make a mixture of two versions visible in the list of files too.
    for index in 0..number % 3 {
        let slug = format!("extra-{number}-{index}");
        sample = sample
            .with(&format!("content/questions/sql/{slug}.md"), &crate::sample::question(&slug));
    }
    sample
}

fn write(sample: &Sample, folder: &Path) {
    fs::remove_dir_all(folder.join("content")).expect("it is there");
    for (path, bytes) in sample.files() {
        let full = folder.join(path);
        fs::create_dir_all(full.parent().expect("a parent")).expect("writable");
        fs::write(full, bytes).expect("writable");
    }
}

#[test]
fn a_killed_build_leaves_one_whole_site() {
    let kills =
        std::env::var("ASKBOOK_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let mut took = Duration::ZERO;
    let expected: Vec<_> = (0..VERSIONS)
        .map(|number| {
            let fresh = on_disk(&version(number));
            let begun = Instant::now();
            assert!(askbook(fresh.path(), &["build"]).status.success());
            took = took.max(begun.elapsed());
            site(&fresh.path().join("public"))
        })
        .collect();
    let project = on_disk(&version(0));
    assert!(askbook(project.path(), &["build"]).status.success());
    let public = project.path().join("public");
    let mut old = &expected[0];
    let mut swapped = 0;
    for number in 1..=kills {
        write(&version(number % VERSIONS), project.path());
        let new = &expected[(number % VERSIONS) as usize];
        let mut child = command(project.path(), &["build"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        // A multiplier without a common divisor spreads the moments over the whole build.
        std::thread::sleep(took.mul_f64((number * 37 % 101) as f64 / 101.0));
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        let found = &site(&public);
        assert!(found == old || found == new, "kill {number} left a mixed site");
        if found == new {
            swapped += 1;
            old = new;
        }
    }
    println!("{kills} kills: {swapped} came after the new site was in place, none left a mixture");
    // The next build succeeds and leaves nothing of the killed ones behind.
    assert!(askbook(project.path(), &["build"]).status.success());
    assert_nothing_else(project.path());
    assert!(swapped < kills || kills == 0, "no kill came early enough: shorten the pause");
}
