//! `askbook build`: check, build, publish.

use super::{Exit, Report, World, exit_of, findings, project_root};
use crate::bundle::Bundle;
use crate::cache::Cache;
use crate::cli::{BuildArgs, HostName};
use crate::config::check_base_url;
use crate::export::host::{self, Host};
use crate::guide::Drafts;
use crate::pipeline::Options;
use crate::project;
use crate::publish::{self, Target};

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
    let cache_path = project::cache_path(root);
    let cache = if args.no_cache { Cache::default() } else { Cache::load(&cache_path) };
    let outcome = project::build(root, &cache, &options);
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
    if !args.no_cache {
        // A cache that cannot be written costs the next build time and nothing else.
        if let Err(error) = cache.save(&cache_path) {
            err.push_str(&format!("warning: the cache was not written: {error}\n"));
        }
    }
    let questions = outcome.guide.map_or(0, |guide| guide.questions.len());
    let verified = if args.verify { "; a cold build gives the same bytes" } else { "" };
    let out = format!(
        "published {questions} questions to {}: {} files written, {} unchanged, {} removed{verified}\n",
        output.display(),
        report.written,
        report.unchanged,
        report.removed,
    );
    Report { out, err, exit: Exit::Fine }
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
