//! `askbook test`: the code samples of the guide, run.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Exit, Report, World, cache_of, findings, format_of, project_root};
use crate::cache::Cache;
use crate::cli::TestArgs;
use crate::diagnostic::{Code, Diagnostic, Edit, Summary, write};
use crate::guide::{Drafts, Guide};
use crate::mend::{self, Rewritten};
use crate::path::ContentPath;
use crate::pipeline::{self, Options};
use crate::project;
use crate::samples::{self, Folders, Tested};
use crate::source::{self, Sources};
use crate::text::{SourceText, nearest};

pub(super) fn run(args: &TestArgs, world: &World) -> Report {
    let root = match project_root(&args.project) {
        Ok(root) => root,
        Err(report) => return report,
    };
    let options = Options { drafts: Drafts::Included, base_url: None, today: world.today };
    let sources = source::discover(root).value;
    let outcome = pipeline::read(&sources, &cache_of(root, world), &options);
    let (Some(guide), Some(config)) = (&outcome.guide, &outcome.config) else {
        let err = findings(&outcome.diagnostics);
        return Report { out: String::new(), err, exit: Exit::Usage };
    };
    let filter = &filter(args.filter.as_deref().unwrap_or_default(), root);
    if let Some(report) = nothing_to_run(filter, guide, &sources, &outcome.diagnostics) {
        return report;
    }
    // It is gone at the end, and nobody else could have made it before.
    let scratch = match tempfile::Builder::new().prefix("askbook-samples-").tempdir() {
        Ok(scratch) => scratch,
        Err(error) => {
            let err = format!("error: cannot make a temporary folder: {error}\n");
            return Report { out: String::new(), err, exit: Exit::Machine };
        }
    };
    let folders = Folders { scratch: scratch.path(), kept: &project::compilers_path(root) };
    let cache_path = project::samples_cache_path(root);
    let cache = Cache::load(&cache_path);
    let tested = samples::test(guide, &sources, &config.runners, filter, &cache, &folders);
    let mut err = String::new();
    if let Err(error) = cache.save(&cache_path) {
        err.push_str(&format!("warning: the outputs were not kept: {error}\n"));
    }
    if tested.programs == 0 && tested.diagnostics.is_empty() && !filter.is_empty() {
        err.push_str(&format!("no page with `{filter}` in its path has a block marked `run`\n"));
    }
    if args.bless {
        return bless(root, &tested, err);
    }
    let exit = if tested.diagnostics.is_empty() { Exit::Fine } else { Exit::Findings };
    let out = write(&tested.diagnostics, format_of(args.format, world));
    let plural = if tested.programs == 1 { "" } else { "s" };
    err.push_str(&format!(
        "ran {} sample{plural}, {} of them known from an earlier run: {}\n",
        tested.programs,
        tested.cached,
        Summary::of(&tested.diagnostics)
    ));
    Report { out, err, exit }
}

/// The part of a path that is meant: what begins like a file of the disk is one of the guide's.
fn filter(written: &str, root: &Path) -> String {
    let written = written.replace('\\', "/");
    let path = Path::new(&written);
    let is_of_disk = path.is_absolute() || written.starts_with("./") || written.starts_with("../");
    let inside = path.canonicalize().ok().zip(root.canonicalize().ok()).and_then(|(path, root)| {
        let inside = path.strip_prefix(root).ok()?;
        Some(inside.to_string_lossy().replace('\\', "/"))
    });
    match inside {
        Some(inside) if is_of_disk => inside,
        Some(_) | None => written.trim_start_matches("./").to_owned(),
    }
}

/// What to say if no page that can be read has the filter in its path.
fn nothing_to_run(
    filter: &str,
    guide: &Guide,
    sources: &Sources,
    found: &[Diagnostic],
) -> Option<Report> {
    let questions = guide.questions.iter().map(|question| &question.document);
    let documents = questions.chain(guide.pages.iter().map(|page| &page.document));
    let paths: Vec<&str> = documents.map(|page| page.source.path().as_str()).collect();
    if filter.is_empty() || paths.iter().any(|path| path.contains(filter)) {
        return None;
    }
    let unread = sources.pages.iter().map(|page| page.path()).chain(&sources.unread);
    let unread: Vec<_> = unread.filter(|path| path.as_str().contains(filter)).collect();
    let why = found.iter().filter(|found| found.file().is_some_and(|file| unread.contains(&file)));
    let why: Vec<Diagnostic> = why.cloned().collect();
    if !why.is_empty() {
        return Some(Report { out: String::new(), err: findings(&why), exit: Exit::Findings });
    }
    // A path of the guide, a name of a file, or a slug: whichever comes near.
    let name = |path: &str| {
        path.trim_end_matches("/index.md")
            .trim_end_matches(".md")
            .rsplit('/')
            .next()
            .map(str::to_owned)
    };
    let names: Vec<String> = paths.iter().filter_map(|path| name(path)).collect();
    let near = name(filter)
        .and_then(|meant| nearest(&meant, names.iter().map(String::as_str)).map(str::to_owned));
    let message = format!("no page has `{filter}` in its path");
    Some(Report::usage(
        Code::CommandValue,
        &message,
        &match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name a part of a path: `sql/joins`, or nothing for all".to_owned(),
        },
    ))
}

/// Writes the outputs that were seen into the pages.
fn bless(root: &Path, tested: &Tested, mut err: String) -> Report {
    let mut by_file: BTreeMap<&ContentPath, (&SourceText, Vec<Edit>)> = BTreeMap::new();
    for (place, output) in &tested.outputs {
        let text = format!("{}\n", output.trim_end());
        let edits = by_file.entry(place.source.path()).or_insert((&place.source, Vec::new()));
        edits.1.push(Edit { span: place.span, text });
    }
    let mut out = String::new();
    for (path, (source, mut edits)) in by_file {
        edits.sort();
        match mend::rewrite(root, source, &edits.iter().collect::<Vec<_>>()) {
            Ok(Rewritten::Yes) => out.push_str(&format!("{path}: {} written\n", edits.len())),
            Ok(Rewritten::No) => err.push_str(&format!("error: `{path}` has changed meanwhile\n")),
            Err(failure) => err.push_str(&format!("error: {failure}\n")),
        }
    }
    let right = tested.programs - tested.outputs.len().min(tested.programs);
    err.push_str(&format!(
        "ran {} samples: {} outputs written, {right} needed none\n",
        tested.programs,
        tested.outputs.len()
    ));
    for place in &tested.unshown {
        let line = place.source.position(place.span.start).line;
        err.push_str(&format!(
            "{}:{line}: what this sample prints is not shown; to show it, write an empty block ```text output below it and bless again\n",
            place.source.path()
        ));
    }
    let others: Vec<_> = tested
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.code != Code::SampleOutput)
        .cloned()
        .collect();
    let exit = match (err.contains("error:"), others.is_empty()) {
        (true, _) => Exit::Machine,
        (false, true) => Exit::Fine,
        (false, false) => Exit::Findings,
    };
    out.push_str(&findings(&others));
    Report { out, err, exit }
}
