//! `askbook check`: every mistake in one run.

use super::{Exit, Report, World, exit_of, project_root};
use crate::cache::Cache;
use crate::cli::{CheckArgs, CheckFormat};
use crate::diagnostic::{Format, Summary, write};
use crate::guide::Drafts;
use crate::pipeline::Options;
use crate::project;

pub(super) fn run(args: &CheckArgs, world: &World) -> Report {
    let root = match project_root(&args.project) {
        Ok(root) => root,
        Err(report) => return report,
    };
    let format = match args.format {
        Some(CheckFormat::Human) => Format::Human,
        Some(CheckFormat::Concise) => Format::Concise,
        Some(CheckFormat::Json) => Format::Json,
        Some(CheckFormat::Sarif) => Format::Sarif,
        Some(CheckFormat::Github) => Format::Github,
        None if world.is_github_actions => Format::Github,
        None => Format::Human,
    };
    let drafts = if args.drafts { Drafts::Included } else { Drafts::Excluded };
    let options = Options { drafts, base_url: None, today: world.today };
    let cache = Cache::load(&project::cache_path(root));
    let outcome = project::build(root, &cache, &options);
    let summary = Summary::of(&outcome.diagnostics);
    let exit = match exit_of(&outcome) {
        Exit::Fine if args.deny_warnings && summary.warnings > 0 => Exit::Findings,
        exit => exit,
    };
    let guide = outcome.guide.as_ref();
    let (questions, pages) =
        guide.map_or((0, 0), |guide| (guide.questions.len(), guide.pages.len()));
    let err = match cache.save(&project::cache_path(root)) {
        Ok(()) => format!("checked {questions} questions and {pages} pages: {summary}\n"),
        Err(error) => format!(
            "checked {questions} questions and {pages} pages: {summary}\n\
             warning: the cache was not written: {error}\n"
        ),
    };
    Report { out: write(&outcome.diagnostics, format), err, exit }
}
