//! `askbook build`: check, build, publish.

use std::io;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::verdict::Verdict;
use super::{Exit, Report, World, cache_of, exit_of, findings, project_root};
use crate::bundle::{Entry, Manifest, Nowhere, Shelf};
use crate::cache::{Cache, Key};
use crate::cli::BuildArgs;
use crate::config::{self, check_base_url};
use crate::diagnostic::{Checked, Code};
use crate::export::host::{self, Host};
use crate::guide::Drafts;
use crate::guide::Redirect;
use crate::pipeline::Options;
use crate::project;
use crate::publish::{self, Failure, Listing, Staging, Target};
use crate::source::{self, Sources};

pub(super) fn run(args: &BuildArgs, world: &World) -> Report {
    let root = match project_root(&args.project) {
        Ok(root) => root,
        Err(report) => return report,
    };
    let base_url = match args.base_url.as_deref().map(check_base_url).transpose() {
        Ok(base_url) => base_url,
        Err(help) => {
            let written = args.base_url.as_deref().unwrap_or_default();
            return Report::usage(
                Code::CommandValue,
                &format!("`{written}` is not a base address"),
                &help,
            );
        }
    };
    let drafts = if args.drafts { Drafts::Included } else { Drafts::Excluded };
    let options = Options { drafts, base_url, today: world.today };
    let discovered = source::discover(root);
    let output = output_of(args, &discovered);
    let published = Published::of(args, &output, &discovered, &options, world);
    if let Some(report) = published.as_ref().and_then(Published::report) {
        return report;
    }
    let protected: Vec<_> = std::iter::once(root.to_owned()).chain(world.home.clone()).collect();
    // What the owner types may lead anywhere.
    let project = args.output.is_none().then_some(root);
    let target = Target { output: &output, project, protected: &protected };
    let (listing_path, program) = (project::listing_path(root), world.program.as_deref());
    let (cache, listing) = rayon::join(
        || if args.no_cache { Cache::default() } else { cache_of(root, world) },
        // A build that is to prove something reads what it finds.
        || match args.no_cache || args.verify {
            true => Listing::default(),
            false => Listing::kept(&listing_path, program),
        },
    );
    let shelf = ForHost { host: args.host, staging: Staging::new(target, listing) };
    // The same files once more: one that is edited meanwhile is no mistake of the cache.
    let again = args.verify.then(|| discovered.clone());
    // The process ends with this: to give back what it holds piece by piece would only take time.
    let outcome = ManuallyDrop::new(project::build_from(discovered, &cache, &options, &shelf));
    let is_clean = outcome.diagnostics.is_empty();
    let mut err = findings(&outcome.diagnostics);
    let exit = exit_of(&outcome);
    let (Some(manifest), Some(config), Some(guide)) =
        (&outcome.manifest, &outcome.config, &outcome.guide)
    else {
        err.push_str("nothing was published\n");
        return Report { out: String::new(), err, exit };
    };
    if let Some(again) = again
        && let Some(report) = differs_when_cold(again, &options, manifest)
    {
        return report;
    }
    let save = || if args.no_cache { Ok(()) } else { cache.save(&project::cache_path(root)) };
    let publish = || {
        let published = shelf.publish(manifest, &guide.redirects, &config.base_path());
        published.map(|(report, listing)| {
            let kept = if args.no_cache { Ok(()) } else { listing.keep(&listing_path, program) };
            (report, listing.signature(), kept)
        })
    };
    let (done, saved) = rayon::join(publish, save);
    let (report, signature, listed) = match done {
        Ok(done) => done,
        Err(failure) => {
            let mut report = Report::failure(&failure);
            report.err.insert_str(0, &err);
            return report;
        }
    };
    let questions = guide.questions.len();
    if !args.no_cache {
        let kept = match published.filter(|_| is_clean) {
            Some(published) => {
                published.keep(signature, questions, report.written + report.unchanged)
            }
            None => Ok(()),
        };
        // A cache that cannot be written costs the next build time and nothing else.
        if let Err(error) = saved.and(listed).and(kept) {
            err.push_str(&format!("warning: the cache was not written: {error}\n"));
        }
    }
    let verified = if args.verify { "; a cold build gives the same bytes" } else { "" };
    Report { out: told(questions, &output, &report, verified), err, exit: Exit::Fine }
}

/// Where the site goes: what was asked for, or what the settings say.
fn output_of(args: &BuildArgs, discovered: &Checked<Sources>) -> PathBuf {
    args.output.clone().unwrap_or_else(|| {
        // Settings that cannot be read are told by the build, which then writes nothing.
        let config = config::load(discovered.value.settings.as_ref()).value;
        args.project
            .root
            .join(config.map_or_else(|| config::OUTPUT.to_owned(), |config| config.output))
    })
}

/// Says where a build without the cache differs, if it does.
fn differs_when_cold(
    discovered: Checked<Sources>,
    options: &Options,
    manifest: &Manifest,
) -> Option<Report> {
    let cold = project::build_from(discovered, &Cache::default(), options, &Nowhere).manifest;
    let difference = match &cold {
        Some(cold) => difference(manifest, cold)?,
        None => "everything".to_owned(),
    };
    let message = format!("a build with the cache and one without it differ in {difference}");
    let help = "nothing was published; please report this, and build with `--no-cache`";
    let err = format!("error: {message}\n  help: {help}\n");
    Some(Report { out: String::new(), err, exit: Exit::Usage })
}

/// A staging of files as a host has to be given them.
struct ForHost<'a> {
    host: Option<Host>,
    staging: Staging<'a>,
}

impl Shelf for ForHost<'_> {
    fn put(&self, entry: &Entry, bytes: &Arc<[u8]>) {
        match self.host {
            Some(host) if host::changes(host, &entry.path) => {
                let bytes = host::prepared(&entry.path, bytes, host);
                self.staging.put(&Entry::new(entry.path.clone(), &bytes), &bytes);
            }
            Some(_) | None => self.staging.put(entry, bytes),
        }
    }

    fn take(&self, entry: &Entry) -> bool {
        let is_changed = self.host.is_some_and(|host| host::changes(host, &entry.path));
        !is_changed && self.staging.take(entry)
    }
}

impl ForHost<'_> {
    /// Publishes the site with the host's own files in it.
    fn publish(
        self,
        site: &Manifest,
        redirects: &[Redirect],
        base_path: &str,
    ) -> Result<(publish::Report, Listing), Failure> {
        for (path, text) in
            self.host.map(|host| host::files(site, redirects, host, base_path)).unwrap_or_default()
        {
            let bytes: Arc<[u8]> = text.into_bytes().into();
            self.staging.put(&Entry::new(path, &bytes), &bytes);
        }
        self.staging.publish()
    }
}

fn told(questions: usize, output: &Path, report: &publish::Report, verified: &str) -> String {
    let publish::Report { written, unchanged, removed } = report;
    format!(
        "published {questions} questions to {}: {written} files written, {unchanged} unchanged, {removed} removed{verified}\n",
        output.display(),
    )
}

/// What was published last time, if it was from the same sources and is still there untouched.
struct Published {
    verdict: Verdict,
    /// The output folder and the host that were asked for.
    asked: String,
    output: PathBuf,
}

impl Published {
    /// A build that is to prove something starts from nothing.
    fn of(
        args: &BuildArgs,
        output: &Path,
        discovered: &Checked<Sources>,
        options: &Options,
        world: &World,
    ) -> Option<Self> {
        if args.no_cache || args.verify {
            return None;
        }
        let root = &args.project.root;
        let verdict = Verdict::of(discovered, options, world, project::published_path(root))?;
        let asked = format!("{:?} {:?}", args.output, args.host);
        Some(Self { verdict, asked, output: output.to_owned() })
    }

    fn report(&self) -> Option<Report> {
        // To look at every file of the site costs more than all the rest here.
        if !self.verdict.is_known() {
            return None;
        }
        let signature = publish::signature(&self.output)?;
        let [questions, files] =
            self.verdict.numbers(&[self.asked.as_bytes(), signature.as_bytes()])?;
        let report = publish::Report { written: 0, unchanged: files, removed: 0 };
        let out = told(questions, &self.output, &report, "");
        Some(Report { out, err: String::new(), exit: Exit::Fine })
    }

    /// What was published is as it was listed, so the folder need not be looked at again. One that
    /// somebody has changed meanwhile has another signature.
    fn keep(self, signature: Option<Key>, questions: usize, files: usize) -> io::Result<()> {
        match signature {
            Some(signature) => self
                .verdict
                .keep(&[self.asked.as_bytes(), signature.as_bytes()], &[questions, files]),
            None => Ok(()),
        }
    }
}

/// The first file in which two sites differ.
fn difference(one: &Manifest, other: &Manifest) -> Option<String> {
    match one.iter().zip(other).find(|(one, other)| one != other) {
        Some((one, _)) => Some(format!("`{}`", one.path)),
        None => (one.len() != other.len()).then(|| "the number of files".to_owned()),
    }
}
