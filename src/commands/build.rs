//! `askbook build`: check, build, publish.

use std::io;
use std::path::{Path, PathBuf};

use super::verdict::Verdict;
use super::{Exit, Report, World, exit_of, findings, project_root};
use crate::bundle::Bundle;
use crate::cache::Cache;
use crate::cli::{BuildArgs, HostName};
use crate::config::{self, check_base_url};
use crate::diagnostic::Checked;
use crate::export::host::{self, Host};
use crate::guide::Drafts;
use crate::pipeline::Options;
use crate::project;
use crate::publish::{self, Target};
use crate::source::{self, Sources};

pub(super) fn run(args: &BuildArgs, world: &World) -> Report {
    let root = match project_root(&args.project) {
        Ok(root) => root,
        Err(report) => return report,
    };
    let base_url = match args.base_url.as_deref().map(check_base_url).transpose() {
        Ok(base_url) => base_url,
        Err(help) => return Report::usage("`--base-url` cannot be used", &help),
    };
    let drafts = if args.drafts { Drafts::Included } else { Drafts::Excluded };
    let options = Options { drafts, base_url, today: world.today };
    let discovered = source::discover(root);
    let published = Published::of(args, &discovered, &options, world);
    if let Some(report) = published.as_ref().and_then(Published::report) {
        return report;
    }
    let cache_path = project::cache_path(root);
    let cache = if args.no_cache { Cache::default() } else { Cache::load(&cache_path) };
    let outcome = project::build_from(discovered, &cache, &options);
    let is_clean = outcome.diagnostics.is_empty();
    let mut err = findings(&outcome.diagnostics);
    let exit = exit_of(&outcome);
    let (Some(bundle), Some(config)) = (outcome.bundle, outcome.config) else {
        err.push_str("nothing was published\n");
        return Report { out: String::new(), err, exit };
    };
    if args.verify {
        let cold = project::build(root, &Cache::default(), &options).bundle;
        if let Some(difference) =
            cold.as_ref().map_or(Some("everything".to_owned()), |cold| difference(&bundle, cold))
        {
            let message =
                format!("a build with the cache and one without it differ in {difference}");
            return Report::usage(
                &message,
                "nothing was published; please report this, and build with `--no-cache`",
            );
        }
    }
    let redirects = outcome.guide.as_ref().map_or(&[][..], |guide| &guide.redirects);
    let bundle = match args.host.map(host_of) {
        Some(host) => host::prepare(&bundle, redirects, host, &config.base_path()),
        None => bundle,
    };
    let output = args.output.clone().unwrap_or_else(|| root.join(&config.output));
    let protected: Vec<_> = std::iter::once(root.to_owned()).chain(world.home.clone()).collect();
    let report = match publish::publish(&bundle, &Target { output: &output, protected: &protected })
    {
        Ok(report) => report,
        Err(failure) => {
            let mut report = Report::failure(&failure);
            report.err.insert_str(0, &err);
            return report;
        }
    };
    let questions = outcome.guide.map_or(0, |guide| guide.questions.len());
    if !args.no_cache {
        let kept = match published.filter(|_| is_clean) {
            Some(published) => published.keep(&output, questions, bundle.files().len()),
            None => Ok(()),
        };
        // A cache that cannot be written costs the next build time and nothing else.
        if let Err(error) = cache.save(&cache_path).and(kept) {
            err.push_str(&format!("warning: the cache was not written: {error}\n"));
        }
    }
    let verified = if args.verify { "; a cold build gives the same bytes" } else { "" };
    Report { out: told(questions, &output, &report, verified), err, exit: Exit::Fine }
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
    output: Option<PathBuf>,
}

impl Published {
    /// A build that is to prove something starts from nothing.
    fn of(
        args: &BuildArgs,
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
        let config = config::load(discovered.value.settings.as_ref()).value;
        let output = args.output.clone().or_else(|| Some(root.join(config?.output)));
        Some(Self { verdict, asked, output })
    }

    fn report(&self) -> Option<Report> {
        let output = self.output.as_deref()?;
        let signature = publish::signature(output)?;
        let [questions, files] =
            self.verdict.numbers(&[self.asked.as_bytes(), signature.as_bytes()])?;
        let report = publish::Report { written: 0, unchanged: files, removed: 0 };
        let out = told(questions, output, &report, "");
        Some(Report { out, err: String::new(), exit: Exit::Fine })
    }

    fn keep(self, output: &Path, questions: usize, files: usize) -> io::Result<()> {
        match publish::signature(output) {
            Some(signature) => self
                .verdict
                .keep(&[self.asked.as_bytes(), signature.as_bytes()], &[questions, files]),
            None => Ok(()),
        }
    }
}

fn host_of(name: HostName) -> Host {
    match name {
        HostName::Netlify => Host::Netlify,
        HostName::Cloudflare => Host::Cloudflare,
        HostName::Vercel => Host::Vercel,
        HostName::Github => Host::Github,
        HostName::Nginx => Host::Nginx,
        HostName::Caddy => Host::Caddy,
    }
}

/// The first file in which two sites differ.
fn difference(one: &Bundle, other: &Bundle) -> Option<String> {
    let lengths_differ = one.files().len() != other.files().len();
    let differing = one.files().find(|(path, bytes)| other.file(path) != Some(*bytes));
    match differing {
        Some((path, _)) => Some(format!("`{path}`")),
        None => lengths_differ.then(|| "the number of files".to_owned()),
    }
}
