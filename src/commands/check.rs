//! `askbook check`: every mistake in one run, and `--fix` for those that mend themselves.

use std::collections::BTreeSet;
use std::mem::ManuallyDrop;
use std::path::Path;
use std::time::Duration;

use super::verdict::Verdict;
use super::{Exit, Report, Tell, World, cache_of, exit_of, format_of, project_root};
use crate::bundle::Nowhere;
use crate::cache::Cache;
use crate::cli::CheckArgs;
use crate::diagnostic::{self, Code, Format, Summary, sarif, write};
use crate::external;
use crate::guide::Drafts;
use crate::mend::{self, Mended};
use crate::pipeline::{Options, Outcome};
use crate::project;
use crate::publish::Failure;
use crate::source;

/// Runs of `--fix` after which no more is tried: a fix may make room for another, but not for ever.
const PASSES: usize = 8;

pub(super) fn run(args: &CheckArgs, world: &World, tell: &Tell<'_>) -> Report {
    let root = match project_root(&args.project) {
        Ok(root) => root,
        Err(report) => return report,
    };
    let began = (world.now)();
    let drafts = if args.drafts { Drafts::Included } else { Drafts::Excluded };
    let options = Options { drafts, base_url: None, today: world.today };
    let discovered = source::discover(root);
    // What was mended is told each time, also that it was nothing; and other sites change by themselves.
    let verdict = match args.fix || args.external {
        true => None,
        false => Verdict::of(&discovered, &options, world, project::checked_path(root)),
    };
    if let Some([questions, pages]) = verdict.as_ref().and_then(|verdict| verdict.numbers(&[])) {
        let err = concluded(questions, pages, began, world, &Summary::default());
        return Report { out: write(&[], format_of(args.format, world)), err, exit: Exit::Fine };
    }
    let cache = cache_of(root, world);
    let outcome = project::build_from(discovered, &cache, &options, &Nowhere);
    // The process ends with this: to give back what it holds piece by piece would only take time.
    let mut outcome = ManuallyDrop::new(outcome);
    let mended = match args.fix {
        true => match fix(root, &cache, &options, &mut outcome) {
            Ok(mended) => Some(mended),
            Err(failure) => return Report::failure(&failure),
        },
        false => None,
    };
    let mut err = mended.as_deref().map(changes).unwrap_or_default();
    if args.external {
        err.push_str(&ask_others(root, &mut outcome, world, tell));
    }
    let summary = Summary::of(&outcome.diagnostics);
    let exit = match exit_of(&outcome) {
        Exit::Fine if summary.errors > 0 => Exit::Findings,
        Exit::Fine if args.deny_warnings && summary.warnings > 0 => Exit::Findings,
        exit => exit,
    };
    let (questions, pages) =
        outcome.guide.as_ref().map_or((0, 0), |guide| (guide.questions.len(), guide.pages.len()));
    err.push_str(&concluded(questions, pages, began, world, &summary));
    let kept = match verdict.filter(|_| outcome.diagnostics.is_empty()) {
        Some(verdict) => verdict.keep(&[], &[questions, pages]),
        None => Ok(()),
    };
    if let Err(error) = cache.save(&project::cache_path(root)).and(kept) {
        err.push_str(&format!("warning: the cache was not written: {error}\n"));
    }
    let out = match format_of(args.format, world) {
        Format::Sarif => sarif(&outcome.diagnostics, rules_page(&outcome).as_deref()),
        format => write(&outcome.diagnostics, format),
    };
    Report { out, err, exit }
}

const SECONDS_OF_A_DAY: u64 = 86_400;

/// Takes the line away that was written last: back to its beginning, and nothing up to its end.
const CLEARED: &str = "\r\u{1b}[K";

/// Asks other sites about the links to them, and gives a line on how much was asked.
fn ask_others(root: &Path, outcome: &mut Outcome, world: &World, tell: &Tell<'_>) -> String {
    let (Some(guide), Some(config)) = (&outcome.guide, &outcome.config) else {
        return String::new();
    };
    let path = project::external_path(root);
    let known = Cache::load(&path);
    let day = (world.now)().as_secs() / SECONDS_OF_A_DAY;
    let progress = |asked: usize, of: usize| {
        if world.is_watched {
            tell(&format!("\rasking other sites: {asked} of {of}"));
        }
    };
    let asked = external::check(guide, &known, day, &world.manners, &progress);
    if world.is_watched {
        tell(CLEARED);
    }
    let (addresses, remembered) = (asked.addresses, asked.remembered);
    outcome.diagnostics.extend(config.rules.apply(asked.diagnostics));
    diagnostic::sort(&mut outcome.diagnostics);
    let mut told = format!(
        "asked {} addresses of other sites, {remembered} of {addresses} were known\n",
        addresses - remembered
    );
    if let Err(error) = known.save(&path) {
        told.push_str(&format!("warning: the answers were not kept: {error}\n"));
    }
    told
}

/// The address of the page of rules, if the guide has one with the headings that findings need.
fn rules_page(outcome: &Outcome) -> Option<String> {
    let base_url = outcome.config.as_ref()?.base_url.as_deref()?;
    let pages = &outcome.guide.as_ref()?.pages;
    let page = pages.iter().find(|page| page.matter().slug == "rules")?;
    let headings = &page.document.body.headings;
    let is_there = |code: &Code| headings.iter().any(|heading| heading.id == code.anchor());
    let path = page.url.as_str().trim_start_matches('/');
    Code::ALL.iter().all(is_there).then(|| format!("{base_url}{path}"))
}

fn concluded(
    questions: usize,
    pages: usize,
    began: Duration,
    world: &World,
    summary: &Summary,
) -> String {
    let seconds = (world.now)().saturating_sub(began).as_secs_f32();
    format!("checked {questions} questions and {pages} pages in {seconds:.2} s: {summary}\n")
}

/// Mends and checks again until nothing is left that mends itself.
fn fix(
    root: &Path,
    cache: &Cache,
    options: &Options,
    outcome: &mut Outcome,
) -> Result<Vec<Mended>, Failure> {
    let mut all = Vec::new();
    for _ in 0..PASSES {
        let mended = mend::mend(root, &outcome.diagnostics)?;
        if mended.is_empty() {
            break;
        }
        all.extend(mended);
        *outcome = project::build(root, cache, options, &Nowhere);
    }
    Ok(all)
}

/// What was changed, a line each.
fn changes(mended: &[Mended]) -> String {
    let mut text = String::new();
    for Mended { path, line, code, title } in mended {
        text.push_str(&format!("mended {path}:{line}: {title} [{code}]\n"));
    }
    let files: BTreeSet<_> = mended.iter().map(|mended| &mended.path).collect();
    match mended.len() {
        0 => text.push_str("nothing could be mended for certain\n"),
        count => {
            let plural = if files.len() == 1 { "" } else { "s" };
            text.push_str(&format!("mended {count} in {} file{plural}\n", files.len()));
        }
    }
    text
}
