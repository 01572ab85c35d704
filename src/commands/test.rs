//! `askbook test`: the code samples of the guide, run.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Exit, Report, World, findings, format_of, project_root};
use crate::cache::Cache;
use crate::cli::TestArgs;
use crate::diagnostic::{Edit, Summary, write};
use crate::guide::Drafts;
use crate::mend::{self, Rewritten};
use crate::path::ContentPath;
use crate::pipeline::{self, Options};
use crate::project;
use crate::samples::{self, Folders, Tested};
use crate::source;
use crate::text::SourceText;

pub(super) fn run(args: &TestArgs, world: &World) -> Report {
    let root = match project_root(&args.project) {
        Ok(root) => root,
        Err(report) => return report,
    };
    let options = Options { drafts: Drafts::Included, base_url: None, today: world.today };
    let sources = source::discover(root).value;
    let outcome = pipeline::read(&sources, &Cache::default(), &options);
    let (Some(guide), Some(config)) = (&outcome.guide, &outcome.config) else {
        let err = findings(&outcome.diagnostics);
        return Report { out: String::new(), err, exit: Exit::Usage };
    };
    let filter = args.filter.as_deref().unwrap_or_default();
    let questions = guide.questions.iter().map(|question| &question.document);
    let mut documents = questions.chain(guide.pages.iter().map(|page| &page.document));
    if !filter.is_empty() && !documents.any(|page| page.source.path().as_str().contains(filter)) {
        let message = format!("no page has `{filter}` in its path");
        return Report::usage(&message, "name a part of a path: `sql/joins`, or nothing for all");
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
    let others: Vec<_> = tested
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.code != crate::diagnostic::Code::SampleOutput)
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
