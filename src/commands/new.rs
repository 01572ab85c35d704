//! `askbook new`: a question file that passes the check as a draft.

use std::fs;
use std::io::ErrorKind;

use super::{Exit, Report, World, project_root};
use crate::cache::Cache;
use crate::cli::NewArgs;
use crate::guide::{Drafts, Guide, Taxonomy, Wanted};
use crate::pipeline::Options;
use crate::project;
use crate::scaffold::{self, Draft};
use crate::slug::{is_slug, slugify};
use crate::table::backticked;
use crate::text::nearest;

pub(super) fn run(args: &NewArgs, world: &World) -> Report {
    let root = match project_root(&args.project) {
        Ok(root) => root,
        Err(report) => return report,
    };
    let options = Options { drafts: Drafts::Included, base_url: None, today: world.today };
    let outcome = project::build(root, &Cache::default(), &options);
    let Some(guide) = &outcome.guide else {
        let err = super::findings(&outcome.diagnostics);
        return Report { out: String::new(), err, exit: Exit::Usage };
    };
    match draft(args, guide, world) {
        Ok(draft) => write(&draft, root, guide),
        Err(report) => report,
    }
}

/// What is asked for, from the words typed and from the list of wanted questions.
fn draft(args: &NewArgs, guide: &Guide, world: &World) -> Result<Draft, Report> {
    let title = args.title.trim();
    if title.is_empty() {
        return Err(Report::usage(
            "the title is empty",
            "write the question as an interviewer would say it",
        ));
    }
    let wanted = guide.vocabularies.wanted.iter().find(|wanted| {
        wanted.title == title || wanted.slug == title || Some(&wanted.slug) == args.slug.as_ref()
    });
    let slug = match (&args.slug, wanted) {
        (Some(slug), _) => slug.clone(),
        (None, Some(wanted)) => wanted.slug.clone(),
        (None, None) => short_slug(title),
    };
    if !is_slug(&slug) {
        let message = format!("`{slug}` is not a slug");
        return Err(Report::usage(
            &message,
            "name the page with `--slug`: lower-case words joined by hyphens",
        ));
    }
    let from = |typed: &Option<String>, wanted_value: fn(&Wanted) -> Option<String>| {
        typed.clone().or_else(|| wanted.and_then(wanted_value))
    };
    let topic = from(&args.topic, |wanted| wanted.topics.first().cloned());
    let category = from(&args.category, |wanted| wanted.category.clone());
    let level = from(&args.level, |wanted| wanted.level.clone());
    let kind = from(&args.kind, |wanted| wanted.kind.clone());
    if let Some(kind) = &kind {
        known("kind", kind, guide.vocabularies.kinds.iter().map(|kind| kind.slug.as_str()))?;
    }
    let [topic, category, level] = terms(
        guide,
        [(Taxonomy::Topics, topic), (Taxonomy::Categories, category), (Taxonomy::Levels, level)],
    )?;
    Ok(Draft {
        title: wanted.map_or(title, |wanted| wanted.title.as_str()).to_owned(),
        category,
        level,
        topics: match wanted.filter(|wanted| wanted.topics.first() == Some(&topic)) {
            Some(wanted) => wanted.topics.clone(),
            None => vec![topic],
        },
        kind,
        slug,
        today: world.today,
    })
}

/// The first six words of a title: long enough to tell pages apart, short enough to type.
fn short_slug(title: &str) -> String {
    slugify(title).split('-').filter(|word| word.is_ascii()).take(6).collect::<Vec<_>>().join("-")
}

/// The slugs of one vocabulary.
fn slugs(guide: &Guide, taxonomy: Taxonomy) -> Vec<&str> {
    guide.vocabularies.terms(taxonomy).iter().map(|term| term.slug.as_str()).collect()
}

/// The three terms that every question has; all that are missing are told at once.
fn terms(guide: &Guide, given: [(Taxonomy, Option<String>); 3]) -> Result<[String; 3], Report> {
    let (mut missing, mut choices) = (Vec::new(), Vec::new());
    for (taxonomy, slug) in &given {
        let name = taxonomy.singular();
        match slug {
            Some(slug) => known(name, slug, slugs(guide, *taxonomy).into_iter())?,
            None => {
                missing.push(format!("--{name}"));
                choices
                    .push(format!("`--{name}` is one of {}", backticked(&slugs(guide, *taxonomy))));
            }
        }
    }
    if missing.is_empty() {
        return Ok(given.map(|(_, slug)| slug.unwrap_or_default()));
    }
    let verb = if missing.len() == 1 { "is" } else { "are" };
    let message = format!("{} {verb} missing", backticked(&missing));
    Err(Report::usage(&message, &choices.join("\n        ")))
}

fn known<'a>(
    what: &str,
    slug: &str,
    slugs: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), Report> {
    if slugs.clone().any(|known| known == slug) {
        return Ok(());
    }
    let help = match nearest(slug, slugs.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it is one of {}", backticked(&slugs.collect::<Vec<_>>())),
    };
    Err(Report::usage(&format!("there is no {what} `{slug}`"), &help))
}

fn write(draft: &Draft, root: &std::path::Path, guide: &Guide) -> Report {
    let taken = guide.questions.iter().find(|question| question.matter().slug == draft.slug);
    if let Some(question) = taken {
        let message = format!(
            "the question `{}` is there already: {}",
            draft.slug,
            question.document.source.path()
        );
        return Report::usage(&message, "change that page, or choose another name with `--slug`");
    }
    let path = format!("content/questions/{}/{}.md", draft.topics[0], draft.slug);
    let full = root.join(&path);
    let folder = full.parent().unwrap_or(root);
    let written = fs::create_dir_all(folder).and_then(|()| {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&full)?;
        std::io::Write::write_all(&mut file, scaffold::question(draft).as_bytes())
    });
    match written {
        Ok(()) => Report::fine(format!(
            "wrote {path}\n\nIt is a draft: `askbook serve --drafts` shows it, and `askbook check --drafts` says what \
             is still missing.\n"
        )),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Report::usage(
            &format!("`{path}` is there already"),
            "choose another name with `--slug`",
        ),
        Err(error) => Report {
            out: String::new(),
            err: format!("error: cannot write `{path}`: {error}\n"),
            exit: Exit::Machine,
        },
    }
}
