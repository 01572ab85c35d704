//! Code on pages, run: what a page shows as output is what its code prints.
//!
//! Takes a guide and the runners of its settings, gives findings and the outputs that were seen.
//! Only `askbook test` comes here: building, checking and serving run nothing of a guide.

mod compare;
mod postgres;
mod program;
mod run;
mod transcript;

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use crate::cache::{Cache, Key};
use crate::config::{Runner, Service};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::guide::Guide;
use crate::source::Sources;
use compare::{Difference, difference};
use postgres::Server;
use program::{Form, Program, Shown};
use run::{Job, Ran};

/// Where samples are run.
#[derive(Clone, Copy, Debug)]
pub struct Folders<'a> {
    /// A folder of this run, outside the guide: programs look for settings in the folders above them.
    pub scratch: &'a Path,
    /// A folder that outlasts the run, for the caches of compilers.
    pub kept: &'a Path,
}

/// What running the samples gave.
#[derive(Debug, Default)]
pub struct Tested {
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// How many programs ran or were known from earlier runs.
    pub programs: usize,
    /// How many of those were known.
    pub cached: usize,
    /// Outputs that differ from the page, by place of the page's own text: what `--bless` writes.
    pub outputs: Vec<(Place, String)>,
    /// Samples that print something of which their page shows nothing.
    pub unshown: Vec<Place>,
}

/// Runs every sample of the pages whose path holds `filter`.
pub fn test(
    guide: &Guide,
    sources: &Sources,
    runners: &BTreeMap<String, Runner>,
    filter: &str,
    cache: &Cache,
    folders: &Folders<'_>,
) -> Tested {
    let mut tested = Tested::default();
    let documents = guide.questions.iter().map(|question| &*question.document);
    let documents = documents.chain(guide.pages.iter().map(|page| &*page.document));
    let programs: Vec<Program<'_>> = documents
        .filter(|document| document.source.path().as_str().contains(filter))
        .flat_map(|document| program::of(document, sources))
        .collect();
    let (ready, versions) = ready(&programs, runners, folders, &mut tested.diagnostics);
    let bench = |program: &Program<'_>, server| {
        let runner = *ready.get(program.language.name)?;
        let version = &versions[program.language.name];
        Some(Bench { runner, version, server, cache, folders })
    };
    let waiting: Vec<&Program<'_>> = programs
        .iter()
        .filter(|program| bench(program, None).is_some_and(|bench| bench.waits_for_server(program)))
        .collect();
    let server = server(&waiting, &mut tested.diagnostics);
    let trials: Vec<(&Program<'_>, Trial)> = programs
        .par_iter()
        .filter_map(|program| {
            let bench = bench(program, server.as_ref())?;
            // Without its server it could only fail, and that has been told.
            let can_run = server.is_some() || !bench.waits_for_server(program);
            can_run.then(|| (program, bench.try_program(program)))
        })
        .collect();
    for (program, trial) in trials {
        tested.programs += 1;
        tested.cached += usize::from(trial.was_known);
        if trial.is_unshown {
            tested.unshown.push(program.place.clone());
        }
        match trial.differing {
            Ok(None) => {}
            Ok(Some((output, difference))) => {
                if let Some(shown) = &program.shown {
                    tested.diagnostics.push(differing(shown, &difference));
                    let place = Place::new(&program.document.source, shown.text);
                    tested.outputs.push((place, output));
                }
            }
            Err(diagnostic) => tested.diagnostics.push(*diagnostic),
        }
    }
    crate::diagnostic::sort(&mut tested.diagnostics);
    tested
}

/// The runners that are declared and there, with the version each tells.
fn ready<'a>(
    programs: &[Program<'_>],
    runners: &'a BTreeMap<String, Runner>,
    folders: &Folders<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> (BTreeMap<&'static str, &'a Runner>, BTreeMap<&'static str, String>) {
    let mut ready = BTreeMap::new();
    let mut versions = BTreeMap::new();
    let mut counts: BTreeMap<&'static str, (usize, &Place)> = BTreeMap::new();
    for program in programs {
        counts.entry(program.language.name).or_insert((0, &program.place)).0 += 1;
    }
    for (name, (count, place)) in counts {
        let Some(runner) = runners.get(name) else {
            let message =
                format!("no runner is declared for `{name}`, so {count} samples were not run");
            diagnostics.push(Diagnostic::at(Code::SampleRunner, place.clone(), message).help(
                format!(
                    "add to askbook.toml `[runners.{name}]` with `command`, `file` and `version`, or mark the samples `not-run`"
                ),
            ));
            continue;
        };
        match run::version(runner, folders) {
            Ok(version) => {
                ready.insert(name, runner);
                versions.insert(name, version);
            }
            Err(reason) => {
                let message = format!(
                    "`{name}` cannot be run here, so {count} samples were not run: {reason}"
                );
                let what = match &runner.needs {
                    Some(needs) => needs.clone(),
                    None => format!("`{}`, the program of that language", runner.version[0]),
                };
                diagnostics.push(
                    Diagnostic::at(Code::SampleRunner, place.clone(), message)
                        .help(format!("install {what}; or correct `[runners.{name}]`")),
                );
            }
        }
    }
    (ready, versions)
}

/// A PostgreSQL server of our own, if programs wait for one: it takes seconds to start.
fn server(waiting: &[&Program<'_>], diagnostics: &mut Vec<Diagnostic>) -> Option<Server> {
    let first = waiting.first()?;
    match Server::start() {
        Ok(server) => Some(server),
        Err(reason) => {
            let count = waiting.len();
            let message = format!(
                "no PostgreSQL server could be started, so {count} samples were not run: {reason}"
            );
            diagnostics.push(
                Diagnostic::at(Code::SampleRunner, first.place.clone(), message)
                    .help("install a PostgreSQL server with `initdb` and `pg_ctl`: Debian's package `postgresql`, or https://www.postgresql.org/download/"),
            );
            None
        }
    }
}

/// What trying one program gave.
struct Trial {
    /// The output that should stand on the page, and where the page differs, if it does.
    differing: Result<Option<(String, Difference)>, Box<Diagnostic>>,
    /// Whether the output was known from an earlier run.
    was_known: bool,
    /// Whether it prints something of which the page shows nothing.
    is_unshown: bool,
}

/// Everything one program needs to run.
struct Bench<'a> {
    runner: &'a Runner,
    version: &'a str,
    server: Option<&'a Server>,
    cache: &'a Cache,
    folders: &'a Folders<'a>,
}

impl Bench<'_> {
    /// Whether a program has to be run, and speaks to the server that its runner asks for.
    fn waits_for_server(&self, program: &Program<'_>) -> bool {
        self.runner.service == Some(Service::Postgresql)
            && program.asks_database()
            && self.cache.find(self.key(program, &program.code)).is_none()
    }

    /// The key of what some code of a program prints.
    fn key(&self, program: &Program<'_>, code: &str) -> Key {
        let mut inputs: Vec<&[u8]> = vec![self.version.as_bytes(), code.as_bytes()];
        inputs.extend([setup(program).as_bytes(), self.runner.file.as_bytes()]);
        let words = self.runner.command.iter().chain(self.runner.session.iter().flatten());
        inputs.extend(words.map(String::as_bytes));
        for (name, bytes) in &program.files {
            inputs.extend([name.as_bytes(), bytes]);
        }
        Key::new("sample", &inputs)
    }

    /// What to do, and what the samples of the language need beside what is here.
    fn needed(&self, help: &str) -> String {
        let here = self.version.lines().next().unwrap_or_default();
        match &self.runner.needs {
            Some(needs) => format!("{help}; here is `{here}`, and samples need {needs}"),
            None => help.to_owned(),
        }
    }

    /// The output of a program if it is not what the page shows, and whether it was known.
    fn try_program(&self, program: &Program<'_>) -> Trial {
        match self.output(program, &program.code) {
            Ok((whole, was_known)) => {
                // What an earlier block of the session prints is that block's to show.
                let is_unshown = program.shown.is_none()
                    && program.before.is_empty()
                    && !whole.trim().is_empty();
                Trial { differing: self.differing(program, whole), was_known, is_unshown }
            }
            Err(diagnostic) => {
                Trial { differing: Err(diagnostic), was_known: false, is_unshown: false }
            }
        }
    }

    /// What the block itself added to the output of its session, if that is not what the page shows.
    fn differing(
        &self,
        program: &Program<'_>,
        whole: String,
    ) -> Result<Option<(String, Difference)>, Box<Diagnostic>> {
        let Some(shown) = &program.shown else { return Ok(None) };
        let added = if program.before.is_empty() || program.form == Form::Transcript {
            whole
        } else {
            let (before, _) = self.output(program, &program.before)?;
            beyond(&whole, &before)
        };
        let expected = &program.document.source.text()[shown.text.range()];
        let difference = difference(expected, &added, shown.output);
        Ok(difference.map(|difference| (added, difference)))
    }

    /// What some code of a program prints, from the cache or by running it.
    fn output(&self, program: &Program<'_>, code: &str) -> Result<(String, bool), Box<Diagnostic>> {
        let key = self.key(program, code);
        if let Some(known) = self.cache.find(key) {
            // Another block of the session may have run the same code a moment ago.
            return Ok((known.to_string(), self.cache.knew(key)));
        }
        let failure = |code: Code, message: String, help: &str| {
            Box::new(Diagnostic::at(code, program.place.clone(), message).help(help))
        };
        let ran = run::run(&Job {
            runner: self.runner,
            form: program.form,
            code,
            before: setup(program),
            files: &program.files,
            server: self.server,
            folders: self.folders,
        });
        match ran.map_err(|reason| {
            failure(
                Code::SampleFailed,
                format!("the sample could not be run: {reason}"),
                &self.needed("see that the program of its runner can be started"),
            )
        })? {
            Ran::Printed(output) => {
                self.cache.insert(key, &output);
                Ok((output, false))
            }
            Ran::Failed { status, error } => Err(failure(
                Code::SampleFailed,
                format!("the sample ended with {status}: {error}"),
                &self.needed("mend the code, or mark it `not-run` if it is a fragment"),
            )),
            Ran::TookTooLong(seconds) => Err(failure(
                Code::SampleFailed,
                format!("the sample ran for more than {seconds} seconds"),
                "make it shorter: it is stopped after that time",
            )),
        }
    }
}

/// What a transcript finds done.
fn setup<'a>(program: &'a Program<'_>) -> &'a str {
    match program.form {
        Form::File => "",
        Form::Transcript => &program.before,
    }
}

/// What a session printed beyond what it had printed before.
///
/// The two runs differ where an earlier block prints other figures each time; then only the number
/// of its lines is left to go by.
fn beyond(whole: &str, before: &str) -> String {
    match whole.strip_prefix(before) {
        Some(rest) => rest.to_owned(),
        None => whole.split_inclusive('\n').skip(before.lines().count()).collect(),
    }
}

fn differing(shown: &Shown, difference: &Difference) -> Diagnostic {
    let Difference { number, page, printed } = difference;
    let message = format!("the output differs from what the code prints, from line {number} on");
    Diagnostic::at(Code::SampleOutput, shown.place.clone(), message).help(format!(
        "the page shows `{page}`, the code prints `{printed}`; `askbook test --bless` writes the real output"
    ))
}
