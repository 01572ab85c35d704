//! The one reader of the project: everything a build may depend on, in memory.
//!
//! Takes the root folder, gives [`Sources`] sorted by path. What cannot be read is a finding, and the
//! rest is read all the same. It follows no symbolic link and knows nothing of what files mean.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use crate::cache::Key;
use crate::date::Date;
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::path::{ContentPath, check_name};
use crate::text::SourceText;

/// The settings file at the root.
pub const SETTINGS: &str = "askbook.toml";
/// The folder of pages, vocabularies and the files beside pages.
pub const CONTENT: &str = "content";
/// The folder of themes.
pub const THEMES: &str = "themes";

/// No file of a project is larger; `[limits]` sets the bounds that authors meet.
const FILE_LIMIT_BYTES: u64 = 64 << 20;

/// The files of a project.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// `askbook.toml`.
    pub settings: Option<Arc<SourceText>>,
    /// `content/*.toml`.
    pub vocabularies: BTreeMap<ContentPath, Arc<SourceText>>,
    /// `content/**/*.md`, in the order of paths.
    pub pages: Vec<Arc<SourceText>>,
    /// Every other file below `content`.
    pub attachments: BTreeMap<ContentPath, Arc<[u8]>>,
    /// Every file below `themes`.
    pub themes: BTreeMap<ContentPath, Arc<[u8]>>,
    /// What is there and could not be read: it is told once, and nobody misses it.
    pub unread: BTreeSet<ContentPath>,
    /// Days of last change as git knows them, for pages that do not say.
    pub dates: Dates,
}

impl Sources {
    /// The digest of everything in them.
    pub fn key(&self) -> Key {
        // Pages keep their digests, which the cache needs next.
        self.pages.par_iter().for_each(|page| {
            page.digest();
        });
        let texts = self.settings.iter().chain(self.vocabularies.values()).chain(&self.pages);
        let texts = texts.map(|text| (text.path(), text.digest().as_slice()));
        let others = self.attachments.iter().chain(&self.themes);
        let files = texts.chain(others.map(|(path, bytes)| (path, &**bytes)));
        let mut parts: Vec<&[u8]> =
            files.flat_map(|(path, bytes)| [path.as_str().as_bytes(), bytes]).collect();
        let dates = match &self.dates {
            Dates::Known(dates) => format!("{dates:?}"),
            Dates::Unknown(reason) => reason.clone(),
        };
        parts.push(dates.as_bytes());
        parts.extend(self.unread.iter().map(|path| path.as_str().as_bytes()));
        Key::new("sources", &parts)
    }
}

/// Days of last change by file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dates {
    /// From the history.
    Known(BTreeMap<ContentPath, Date>),
    /// There is no history to ask; why.
    Unknown(String),
}

impl Default for Dates {
    fn default() -> Self {
        Self::Unknown("no history was read".to_owned())
    }
}

/// Reads the project at `root`.
pub fn discover(root: &Path) -> Checked<Sources> {
    let mut diagnostics = Vec::new();
    let mut entries = Vec::new();
    for name in [SETTINGS, CONTENT, THEMES] {
        if root.join(name).symlink_metadata().is_ok() {
            walk(root, name, &mut entries, &mut diagnostics);
        }
    }
    entries.sort();
    let read: Vec<_> = entries.into_par_iter().map(|path| (read(root, &path), path)).collect();
    let mut files = Vec::with_capacity(read.len());
    for (outcome, path) in read {
        match outcome {
            Ok(bytes) => files.push((path, bytes)),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    let unread: Vec<_> = diagnostics.iter().filter_map(Diagnostic::file).cloned().collect();
    let mut sources = collect(files).unpack(&mut diagnostics);
    sources.unread.extend(unread);
    if sources.pages.iter().any(|page| !page.text().contains("\nupdated")) {
        sources.dates = dates(root);
    }
    Checked { value: sources, diagnostics }
}

/// Reads one page as [`discover`] would; `None` if that would have something to say.
pub fn page(root: &Path, path: &ContentPath) -> Option<Arc<SourceText>> {
    // A pipe would be waited for.
    let is_file = root.join(path.as_str()).symlink_metadata().ok()?.is_file();
    let is_inside = link_on_the_way(root, Path::new(path.as_str())).is_none();
    let bytes = (is_file && is_inside).then(|| read(root, path))?.ok()?;
    decode(path, bytes, &mut Vec::new())
}

/// The first symbolic link on the way from a folder to what is inside it, if there is one: a clone can
/// hold links, and what stands behind them is no part of it.
pub fn link_on_the_way(root: &Path, inside: &Path) -> Option<PathBuf> {
    let is_link =
        |path: &PathBuf| path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
    let mut ways: Vec<&Path> = inside.ancestors().filter(|way| *way != Path::new("")).collect();
    ways.reverse();
    ways.into_iter().map(|way| root.join(way)).find(is_link)
}

/// Sorts files that are already in memory into [`Sources`].
pub fn collect(files: impl IntoIterator<Item = (ContentPath, Vec<u8>)>) -> Checked<Sources> {
    let mut sources = Sources::default();
    let mut diagnostics = Vec::new();
    let mut files: Vec<_> = files.into_iter().collect();
    files.sort();
    same_but_for_case(&files, &mut diagnostics);
    for (path, bytes) in files {
        let folder = path.as_str().split('/').next().unwrap_or_default();
        let is_top_level = path.as_str().matches('/').count() == 1;
        match (folder, path.extension()) {
            (SETTINGS, _) => sources.settings = decode(&path, bytes, &mut diagnostics),
            (CONTENT, "md") => sources.pages.extend(decode(&path, bytes, &mut diagnostics)),
            (CONTENT, "toml") if is_top_level => {
                if let Some(text) = decode(&path, bytes, &mut diagnostics) {
                    sources.vocabularies.insert(path.clone(), text);
                }
            }
            (CONTENT, _) => {
                sources.attachments.insert(path.clone(), bytes.into());
            }
            (THEMES, _) => {
                sources.themes.insert(path.clone(), bytes.into());
            }
            (_, _) => {}
        }
    }
    let undecoded = diagnostics.iter().filter(|found| found.code == Code::FileEncoding);
    sources.unread = undecoded.filter_map(Diagnostic::file).cloned().collect();
    Checked { value: sources, diagnostics }
}

/// Two names that are one on some systems: a clone there would lose a file.
fn same_but_for_case(files: &[(ContentPath, Vec<u8>)], diagnostics: &mut Vec<Diagnostic>) {
    let mut folded: BTreeMap<String, &ContentPath> = BTreeMap::new();
    for (path, _) in files {
        if let Some(first) = folded.insert(path.as_str().to_ascii_lowercase(), path) {
            let message = format!("the name differs from that of `{first}` only by case");
            diagnostics.push(
                Diagnostic::in_file(Code::FileName, path, message).help("rename one of them"),
            );
        }
    }
}

fn walk(
    root: &Path,
    name: &str,
    entries: &mut Vec<ContentPath>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let is_hidden = |entry: &DirEntry| entry.file_name().to_string_lossy().starts_with('.');
    let walk = WalkDir::new(root.join(name)).follow_links(false).follow_root_links(false);
    for entry in walk.into_iter().filter_entry(|entry| !is_hidden(entry)) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().map(|path| relative(root, path));
                let path = path.unwrap_or_else(|| ContentPath::new(name));
                diagnostics.push(unreadable(&path, &error.to_string()));
                continue;
            }
        };
        let path = relative(root, entry.path());
        match kind(&entry, name) {
            Kind::File => entries.push(path),
            Kind::Folder => {}
            Kind::Refused(code, message, help) => {
                diagnostics.push(Diagnostic::in_file(code, &path, message).help(help));
            }
        }
    }
}

/// What an entry of a folder is to a build.
enum Kind {
    File,
    Folder,
    Refused(Code, String, &'static str),
}

fn kind(entry: &DirEntry, top: &str) -> Kind {
    let file_type = entry.file_type();
    if entry.path_is_symlink() {
        let message = "a symbolic link, which is not followed".to_owned();
        return Kind::Refused(Code::FileSymlink, message, "put the file itself there");
    }
    // A pipe would be waited for, and a device can be read for ever.
    if !file_type.is_file() && !file_type.is_dir() {
        let message = "neither a file nor a folder".to_owned();
        return Kind::Refused(Code::FileUnreadable, message, "take it away");
    }
    let name = entry.file_name().to_string_lossy();
    match check_name(&name) {
        Err(reason) if name != top => {
            let what = if file_type.is_dir() { "folder" } else { "file" };
            let message = format!("the {what} name {reason}");
            Kind::Refused(Code::FileName, message, "rename it")
        }
        Ok(()) | Err(_) if file_type.is_dir() => Kind::Folder,
        Ok(()) | Err(_) => Kind::File,
    }
}

fn relative(root: &Path, path: &Path) -> ContentPath {
    ContentPath::new(&path.strip_prefix(root).unwrap_or(path).to_string_lossy())
}

fn read(root: &Path, path: &ContentPath) -> Result<Vec<u8>, Box<Diagnostic>> {
    let full = root.join(path.as_str());
    let mut bytes = Vec::new();
    // The size is that of what is read: a file may grow meanwhile.
    File::open(&full)
        .and_then(|file| {
            let expected = file.metadata()?.len().min(FILE_LIMIT_BYTES);
            bytes.reserve_exact(expected as usize + 1);
            file.take(FILE_LIMIT_BYTES + 1).read_to_end(&mut bytes)
        })
        .map_err(|error| Box::new(unreadable(path, &error.to_string())))?;
    if bytes.len() as u64 > FILE_LIMIT_BYTES {
        let message = format!("the file holds more than {FILE_LIMIT_BYTES} bytes");
        let large = Diagnostic::in_file(Code::FileTooLarge, path, message);
        return Err(Box::new(large.help("no file of a guide is larger: take it away")));
    }
    Ok(bytes)
}

fn unreadable(path: &ContentPath, error: &str) -> Diagnostic {
    Diagnostic::in_file(Code::FileUnreadable, path, format!("cannot read the file: {error}"))
        .help("check its permissions, and that it still exists")
}

fn decode(
    path: &ContentPath,
    bytes: Vec<u8>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Arc<SourceText>> {
    match String::from_utf8(bytes) {
        Ok(text) => Some(SourceText::new(path.clone(), text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let message = format!("not valid UTF-8 at byte {at}");
            diagnostics.push(
                Diagnostic::in_file(Code::FileEncoding, path, message).help("save it as UTF-8"),
            );
            None
        }
    }
}

/// One `git log` over the pages; the newest commit that touched a file comes first.
fn dates(root: &Path) -> Dates {
    let shallow = git(root, &["rev-parse", "--is-shallow-repository"]);
    match shallow.as_deref().map(str::trim) {
        Ok("false") => {}
        Ok(_) => return Dates::Unknown("the git history is shallow".to_owned()),
        Err(reason) => return Dates::Unknown(reason.clone()),
    }
    let arguments = [
        "-c",
        "core.quotePath=false",
        "log",
        "--format=%x00%cs",
        "--name-only",
        "--relative",
        "--no-renames",
        "--",
        CONTENT,
    ];
    let log = match git(root, &arguments) {
        Ok(log) => log,
        Err(reason) => return Dates::Unknown(reason),
    };
    let mut dates = BTreeMap::new();
    for commit in log.split('\0').skip(1) {
        let mut lines = commit.lines();
        let Some(date) = lines.next().and_then(|day| day.parse().ok()) else { continue };
        for file in lines.filter(|line| !line.is_empty()) {
            dates.entry(ContentPath::new(file)).or_insert(date);
        }
    }
    Dates::Known(dates)
}

/// What git is told before it reads the settings of anybody else.
const GIT_SETTINGS: [&str; 6] = [
    // A pull request cannot hold a `.git`, but it can hold the files of one, with settings of its own:
    // in a folder below the clone's they would be taken for a repository.
    "safe.bareRepository=explicit",
    "core.fsmonitor=false",
    "log.showSignature=false",
    // The answer may not depend on what somebody likes to see.
    "log.showRoot=true",
    "log.follow=false",
    "color.ui=false",
];

/// Runs git with fixed arguments, without a network, and without settings that could start another program.
fn git(root: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("git")
        .args(GIT_SETTINGS.iter().flat_map(|setting| ["-c", setting]))
        .arg("--no-pager")
        .args(arguments)
        .current_dir(root)
        // A partial clone would fetch what is missing, by a program that its settings name.
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_ALLOW_PROTOCOL", "none")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("TZ", "UTC")
        .output()
        .map_err(|error| format!("git could not be run: {error}"))?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        let reason = reason.lines().next().unwrap_or("no reason given").trim();
        return Err(format!("git said: {reason}"));
    }
    String::from_utf8(output.stdout).map_err(|_| "git wrote names that are not UTF-8".to_owned())
}
