//! What a machine does to a build: full disks, lost permissions, other builds, interrupts. The old
//! site stays whole, and what is wrong is said once.

#![cfg(unix)]
#![expect(clippy::print_stderr, reason = "a test that cannot run here has to say so")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::commands::{askbook, assert_nothing_else, command, on_disk, site};
use crate::sample::{QUESTION, Sample};

fn run(folder: &Path, words: &[&str]) -> (Option<i32>, String) {
    let output = askbook(folder, words);
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn done(program: &str, arguments: &[&str]) -> bool {
    let output = Command::new(program).args(arguments).output();
    output.is_ok_and(|output| output.status.success())
}

/// A small file system of its own, unmounted at the end.
struct Disk(tempfile::TempDir);

impl Disk {
    /// `None` where nothing can be mounted: in containers without the right, for users who are not root.
    fn mounted(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().to_string_lossy().into_owned();
        let options = format!("size={size}");
        if done("mount", &["-t", "tmpfs", "-o", &options, "askbook-test", &path]) {
            return Some(Self(folder));
        }
        eprintln!("SKIPPED: this needs the right to mount a file system");
        None
    }

    fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        let path = self.0.path().to_string_lossy().into_owned();
        assert!(done("mount", &["-o", &options, &path]), "cannot remount with {options}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        done("umount", &[&self.0.path().to_string_lossy()]);
    }
}

/// The sample with two megabytes beside a page that nothing can compress.
fn large() -> Sample {
    let noise: Vec<u8> =
        (0..2_000_000_u64).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u8).collect();
    Sample::new()
        .edit(QUESTION, "### Meaning\n", "### Meaning\n\nSee [this](noise.bin).\n")
        .with_bytes("content/questions/sql/noise.bin", &noise)
}

fn write(sample: &Sample, folder: &Path) {
    for (path, bytes) in sample.files() {
        fs::write(folder.join(path), bytes).expect("writable");
    }
}

#[test]
fn a_full_disk_leaves_the_old_site_whole() {
    let Some(disk) = Disk::mounted("3m") else { return };
    let output = disk.0.path().join("site");
    let to = ["build", "--output", &output.to_string_lossy()];
    let guide = on_disk(&Sample::new());
    assert_eq!(run(guide.path(), &to).0, Some(0));
    let before = site(&output);
    write(&large(), guide.path());
    let filling = vec![0; 1_500_000];
    fs::write(disk.0.path().join("others.bin"), filling).expect("there is room");
    let (status, told) = run(guide.path(), &to);
    assert_eq!(status, Some(3), "{told}");
    assert!(told.contains("cannot write") && told.contains("No space left"), "{told}");
    assert_eq!(site(&output), before);
    let beside = fs::read_dir(disk.0.path()).expect("readable").count();
    assert_eq!(beside, 3, "the site, its lock, the other file");
    disk.remount("size=20m");
    let (status, told) = run(guide.path(), &to);
    assert_eq!(status, Some(0), "{told}");
    assert_ne!(site(&output), before);
}

#[test]
fn a_full_disk_leaves_the_old_cache_whole() {
    let Some(disk) = Disk::mounted("2m") else { return };
    let guide = disk.0.path();
    for (path, bytes) in Sample::new().files() {
        let full = guide.join(path);
        fs::create_dir_all(full.parent().expect("a parent")).expect("writable");
        fs::write(full, bytes).expect("writable");
    }
    let output = tempfile::tempdir().expect("a temporary folder");
    let output = output.path().join("site");
    let to = ["build", "--output", &output.to_string_lossy()];
    assert_eq!(run(guide, &to).0, Some(0));
    let cache = guide.join(".askbook/cache.bin");
    let state = || (fs::read(&cache).expect("written"), fs::metadata(&cache).expect("written"));
    let (before, found) = state();
    let text = fs::read_to_string(guide.join(QUESTION)).expect("a page");
    fs::write(guide.join(QUESTION), text.replace("### Meaning\n", "### Meaning\n\nMore.\n"))
        .expect("there is room");
    let filling = guide.join("others.bin");
    assert!(fs::write(&filling, vec![0; 3_000_000]).is_err(), "the disk is full");
    let (status, told) = run(guide, &to);
    assert_eq!(status, Some(0), "{told}");
    assert!(told.contains("warning: the cache was not written: No space left"), "{told}");
    let (after, still) = state();
    assert!(after == before, "{} bytes, now {}", before.len(), after.len());
    assert_eq!(still.modified().expect("a time"), found.modified().expect("a time"));
    fs::remove_file(filling).expect("written");
    let (status, told) = run(guide, &["build", "--verify", "--output", &output.to_string_lossy()]);
    assert_eq!((status, told.contains("warning")), (Some(0), false), "{told}");
    assert!(state().0.len() > before.len(), "what was new has been appended");
}

#[test]
fn an_output_that_is_mounted_is_told_and_left() {
    let Some(disk) = Disk::mounted("3m") else { return };
    let guide = on_disk(&Sample::new());
    let (status, told) =
        run(guide.path(), &["build", "--output", &disk.0.path().to_string_lossy()]);
    assert_eq!(status, Some(2), "{told}");
    assert!(told.contains("it is mounted") && told.contains("a folder inside it"), "{told}");
    assert_eq!(fs::read_dir(disk.0.path()).expect("readable").count(), 0);
}

#[test]
fn an_output_that_cannot_be_written_is_told_and_left() {
    let Some(disk) = Disk::mounted("8m") else { return };
    let output = disk.0.path().join("site");
    let to = ["build", "--output", &output.to_string_lossy()];
    let guide = on_disk(&Sample::new());
    assert_eq!(run(guide.path(), &to).0, Some(0));
    let before = site(&output);
    write(&Sample::new().edit(QUESTION, "### Meaning\n", "### Meaning\n\nMore.\n"), guide.path());
    disk.remount("ro");
    let (status, told) = run(guide.path(), &to);
    assert_eq!(status, Some(3), "{told}");
    assert!(told.contains("Read-only file system") && told.lines().count() < 4, "{told}");
    assert_eq!(site(&output), before);
    disk.remount("rw");
    assert_eq!(run(guide.path(), &to).0, Some(0));
}

#[test]
fn builds_at_once_wait_for_nothing_and_mix_nothing() {
    let guide = on_disk(&large());
    let alone = on_disk(&large());
    assert_eq!(run(alone.path(), &["build"]).0, Some(0));
    let start = || {
        command(guide.path(), &["build", "--no-cache"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts")
    };
    let builds: Vec<Child> = (0..4).map(|_| start()).collect();
    let mut published = 0;
    for build in builds {
        let output = build.wait_with_output().expect("it ends");
        let told = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(0) => published += 1,
            Some(2) => assert!(told.contains("another askbook is publishing"), "{told}"),
            other => panic!("{other:?}: {told}"),
        }
    }
    assert!(published > 0);
    assert_eq!(site(&guide.path().join("public")), site(&alone.path().join("public")));
}

#[test]
fn what_a_killed_build_left_is_cleared() {
    let guide = on_disk(&Sample::new());
    for (path, text) in [
        (".public.askbook-new/questions/half.html", "<p>half"),
        (".public.askbook-lock", "of a process that is no more"),
        (".askbook/cache.4711.tmp", "half a cache"),
    ] {
        let full = guide.path().join(path);
        fs::create_dir_all(full.parent().expect("a parent")).expect("writable");
        fs::write(full, text).expect("writable");
    }
    let (status, told) = run(guide.path(), &["build"]);
    assert_eq!(status, Some(0), "{told}");
    assert!(!guide.path().join(".public.askbook-new").exists());
    assert!(!guide.path().join(".askbook/cache.4711.tmp").exists());
    assert!(!guide.path().join("public/questions/half.html").exists());
}

#[test]
fn files_that_come_and_go_while_they_are_read_are_told_or_published() {
    let guide = on_disk(&Sample::new());
    let path = guide.path().join("content/questions/sql/fleeting.md");
    let text = crate::sample::question("fleeting");
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                fs::write(&path, &text).expect("writable");
                std::thread::yield_now();
                fs::remove_file(&path).expect("it is there");
            }
        });
        for _ in 0..12 {
            let (status, told) = run(guide.path(), &["check"]);
            assert!(matches!(status, Some(0 | 1)) && !told.contains("panicked"), "{told}");
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

/// `askbook serve` and what it has said until it serves.
fn served(command: &mut Command) -> (Child, String) {
    let mut child =
        command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it starts");
    let mut said = String::new();
    let mut lines = BufReader::new(child.stderr.take().expect("it is piped"));
    // It says how it watches after it has said where it listens.
    while !said.contains("watching for") && !said.contains("looking for") {
        let length = lines.read_line(&mut said).expect("readable");
        assert!(length > 0, "it ended:\n{said}");
    }
    (child, said)
}

fn serve(guide: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_askbook"));
    command.args(["serve", "--port", "0", "--root"]).arg(guide);
    command
}

#[test]
fn an_interrupted_server_leaves_nothing_behind() {
    let guide = on_disk(&Sample::new());
    // As a script starts it in the background: with interrupts ignored.
    let mut background = Command::new("sh");
    let script = "trap '' INT; exec \"$0\" serve --port 0 --root \"$1\"";
    background.args(["-c", script, env!("CARGO_BIN_EXE_askbook")]).arg(guide.path());
    let (mut child, _) = served(&mut background);
    assert!(done("kill", &["-INT", &child.id().to_string()]));
    let begun = Instant::now();
    while child.try_wait().expect("it can be asked").is_none() {
        assert!(begun.elapsed() < Duration::from_secs(20), "it does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
    let names = |folder: &Path| -> Vec<String> {
        let entries = fs::read_dir(folder).expect("readable");
        let mut names: Vec<_> = entries
            .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(guide.path()), [".askbook", "askbook.toml", "content"]);
    assert_eq!(names(&guide.path().join(".askbook")), ["cache.bin"]);
}

#[test]
fn an_interrupted_build_leaves_one_whole_site() {
    let guide = on_disk(&Sample::new());
    assert_eq!(run(guide.path(), &["build"]).0, Some(0));
    let before = site(&guide.path().join("public"));
    let after = on_disk(&large());
    assert_eq!(run(after.path(), &["build"]).0, Some(0));
    let after = site(&after.path().join("public"));
    write(&large(), guide.path());
    for moment in 0..6 {
        let mut build = command(guide.path(), &["build", "--no-cache"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        std::thread::sleep(Duration::from_millis(moment * 60));
        // One that has ended already cannot be interrupted.
        done("kill", &["-INT", &build.id().to_string()]);
        build.wait().expect("it ends");
        let found = site(&guide.path().join("public"));
        assert!(found == before || found == after, "a mixed site after {} ms", moment * 60);
    }
    assert_eq!(run(guide.path(), &["build"]).0, Some(0));
    assert!(site(&guide.path().join("public")) == after);
    assert_nothing_else(guide.path());
}

#[test]
fn a_site_that_was_served_has_nothing_of_the_server_when_it_is_published() {
    let guide = on_disk(&Sample::new());
    let (mut child, _) = served(&mut serve(guide.path()));
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    assert_eq!(run(guide.path(), &["build"]).0, Some(0));
    for (path, bytes) in site(&guide.path().join("public")) {
        assert!(!bytes.windows(9).any(|part| part == b"__askbook"), "{path}");
    }
}

#[test]
fn without_notifications_folders_are_polled_and_that_is_said() {
    let guide = on_disk(&Sample::new());
    let own = "echo 0 > /proc/sys/user/max_inotify_watches && exec \"$@\"";
    if !done("unshare", &["-Ur", "sh", "-c", own, "sh", "true"]) {
        eprintln!("SKIPPED: this needs user namespaces");
        return;
    }
    let mut command = Command::new("unshare");
    command.args(["-Ur", "sh", "-c", own, "sh", env!("CARGO_BIN_EXE_askbook")]);
    command.args(["serve", "--port", "0", "--root"]).arg(guide.path());
    let (mut child, said) = served(&mut command);
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    assert!(said.contains("warning: looking for changes twice a second"), "{said}");
}

#[test]
fn the_day_of_the_build_is_what_the_environment_says() {
    let guide = on_disk(&Sample::new());
    let output = Command::new(env!("CARGO_BIN_EXE_askbook"))
        .args(["check", "--format", "concise"])
        .current_dir(guide.path())
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .output()
        .expect("the program runs");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("error[date/future]"), "{told}");
}

/// One guide, built in every way that must not matter.
#[test]
fn the_same_sources_give_the_same_bytes() {
    let sample = large();
    let expected = on_disk(&sample);
    assert_eq!(run(expected.path(), &["build"]).0, Some(0));
    let expected = site(&expected.path().join("public"));
    for (threads, zone, locale) in [
        ("1", "Pacific/Kiritimati", "tr_TR.UTF-8"),
        ("2", "America/St_Johns", "C"),
        ("8", "UTC", "ar_EG"),
    ] {
        // Files written in another order are listed in another order by most file systems.
        let folder = tempfile::Builder::new().prefix("other ü ").tempdir().expect("a folder");
        let mut files: Vec<_> = sample.files().collect();
        files.reverse();
        for (path, bytes) in files {
            let full = folder.path().join(path);
            fs::create_dir_all(full.parent().expect("a parent")).expect("writable");
            fs::write(full, bytes).expect("writable");
        }
        for temperature in ["cold", "warm", "damaged"] {
            let cache = folder.path().join(".askbook/cache.bin");
            if temperature == "damaged" {
                let mut bytes = fs::read(&cache).expect("it is there");
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
                fs::write(&cache, bytes).expect("writable");
            }
            let output = Command::new(env!("CARGO_BIN_EXE_askbook"))
                .args(["build", "--root"])
                .arg(folder.path())
                .current_dir("/")
                .env("RAYON_NUM_THREADS", threads)
                .env("TZ", zone)
                .env("LC_ALL", locale)
                .env("HOME", "/nonexistent")
                .env("USER", "somebody")
                .env("SOURCE_DATE_EPOCH", "1795305600")
                .output()
                .expect("the program runs");
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{told}");
            let made = site(&folder.path().join("public"));
            assert!(made == expected, "{threads} threads, {zone}, {locale}, {temperature} cache");
        }
    }
}
