//! `askbook new`: a question file that passes the check as a draft.
//!
//! At a terminal it shows questions that are similar and asks for what is missing; elsewhere it says
//! what is missing and ends. It opens nothing.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::dialogue::{self, Ask};
use super::{Exit, Report, World, project_root};
use crate::cli::NewArgs;
use crate::config::Config;
use crate::diagnostic::Code;
use crate::guide::{Drafts, Guide, Question, Taxonomy, Wanted};
use crate::pipeline::Options;
use crate::project;
use crate::rules::LONGEST_TITLE;
use crate::scaffold::{self, Draft};
use crate::search::Index;
use crate::search::query::{Filters, Hit, Searcher};
use crate::slug::{is_slug, slugify};
use crate::source::link_on_the_way;
use crate::table::backticked;
use crate::text::nearest;

/// Similar questions that are shown.
const SIMILAR: usize = 3;
/// The share of a title's words, by weight, that a similar question holds.
const COVERAGE: f64 = 0.6;

pub(super) fn run(args: &NewArgs, world: &World) -> Report {
    let root = match project_root(&args.project) {
        Ok(root) => root,
        Err(report) => return report,
    };
    let options = Options { drafts: Drafts::Included, base_url: None, today: world.today };
    let outcome = project::read(root, &options);
    let (Some(guide), Some(config)) = (&outcome.guide, &outcome.config) else {
        let err = super::findings(&outcome.diagnostics);
        return Report { out: String::new(), err, exit: Exit::Usage };
    };
    let title = args.title.clone().or_else(|| {
        dialogue::text(world.ask?, "The question, as an interviewer would say it", None)
    });
    let title = title.unwrap_or_default().trim().to_owned();
    if title.is_empty() {
        return Report::usage(
            Code::CommandValue,
            "the title is empty",
            "write the question as an interviewer would say it: `askbook new \"TITLE\"`",
        );
    }
    let wanted = wanted(&title, args, guide);
    if wanted.is_none()
        && args.topic.is_none()
        && let Some(near) = almost_wanted(&title, guide)
    {
        let help = format!("did you mean `askbook new {near}`?");
        return Report::usage(
            Code::CommandValue,
            &format!("no question `{title}` is wanted"),
            &help,
        );
    }
    if let Some(report) = refused(&title, guide) {
        return report;
    }
    let similar = match wanted {
        Some(_) => String::new(),
        None => similar(&title, guide, config),
    };
    if let (false, Some(ask)) = (similar.is_empty(), world.ask)
        && !goes_on(ask, &similar)
    {
        return Report::fine("nothing was written\n".to_owned());
    }
    let mut report = match draft(&title, wanted, args, guide, world) {
        Ok(draft) => write(&draft, root, guide),
        Err(report) => return report,
    };
    if !similar.is_empty() && world.ask.is_none() && report.exit == Exit::Fine {
        report.err.push_str(&format!("similar questions are there:\n{similar}"));
    }
    report
}

/// The name of a wanted question, if one like it was typed instead of a title.
fn almost_wanted<'a>(title: &str, guide: &'a Guide) -> Option<&'a str> {
    let slugs = guide.vocabularies.wanted.iter().map(|wanted| wanted.slug.as_str());
    if is_slug(title) { nearest(title, slugs) } else { None }
}

/// The entry of the list of wanted questions that is meant.
fn wanted<'a>(title: &str, args: &NewArgs, guide: &'a Guide) -> Option<&'a Wanted> {
    guide.vocabularies.wanted.iter().find(|wanted| {
        wanted.title == title || wanted.slug == title || Some(&wanted.slug) == args.slug.as_ref()
    })
}

/// What to say of a title that no new page can have: it is too long, or a page asks the same.
fn refused(title: &str, guide: &Guide) -> Option<Report> {
    let length = title.chars().count();
    if length > LONGEST_TITLE {
        let message = format!("the title has {length} characters, more than {LONGEST_TITLE}");
        return Some(Report::usage(
            Code::CommandValue,
            &message,
            "ask one thing, and leave the rest to the answer",
        ));
    }
    let words = slugify(title);
    let is_same = |wording: &str| !words.is_empty() && slugify(wording) == words;
    let asks = |question: &&Question| {
        let matter = question.matter();
        is_same(&matter.title.value) || matter.wordings().any(is_same)
    };
    let question = guide.questions.iter().find(asks)?;
    let message = format!("this is asked already: {}", question.document.source.path());
    let help = "change that page, or write a title that tells the two apart";
    Some(Report::usage(Code::CommandValue, &message, help))
}

/// Questions whose titles hold most of the words, a line each, and the file that can be changed.
fn similar(title: &str, guide: &Guide, config: &Config) -> String {
    let index = Index::of(guide, config);
    let answer = Searcher::new(&index).search(title, &Filters::new(), SIMILAR);
    let is_similar = |hit: &&Hit| hit.reasons.title >= COVERAGE;
    let file = |hit: &Hit| {
        let url = format!("/{}", hit.url.trim_start_matches('/'));
        let question = guide.questions.iter().find(|question| question.url.as_str() == url);
        question.map_or(url, |question| question.document.source.path().to_string())
    };
    let line = |hit: &Hit| format!("  {}\n    {}\n", hit.title, file(hit));
    answer.hits.iter().filter(is_similar).map(line).collect()
}

fn goes_on(ask: Ask, similar: &str) -> bool {
    let shown = format!(
        "\nSimilar questions are there:\n{similar}Another wording of one of them belongs into its `asked_as`.\n\
         Begin a new page all the same?"
    );
    dialogue::confirms(ask, &shown)
}

/// What is asked for, from the words typed, from the list of wanted questions and from the terminal.
fn draft(
    title: &str,
    wanted: Option<&Wanted>,
    args: &NewArgs,
    guide: &Guide,
    world: &World,
) -> Result<Draft, Report> {
    let slug = slug(title, wanted, args, world.ask)?;
    let from = |typed: &Option<String>, wanted_value: fn(&Wanted) -> Option<String>| {
        typed.clone().or_else(|| wanted.and_then(wanted_value))
    };
    let topic = from(&args.topic, |wanted| wanted.topics.first().cloned());
    let category = from(&args.category, |wanted| wanted.category.clone());
    let level = from(&args.level, |wanted| wanted.level.clone());
    let kind = from(&args.kind, |wanted| wanted.kind.clone());
    let kinds = &guide.vocabularies.kinds;
    let mut unknown = Vec::new();
    if let Some(kind) = &kind {
        unknown.extend(told("kind", kind, kinds.iter().map(|kind| kind.slug.as_str())));
    }
    let [category, level, topic] = terms(
        guide,
        world.ask,
        [(Taxonomy::Categories, category), (Taxonomy::Levels, level), (Taxonomy::Topics, topic)],
        unknown,
    )?;
    let kind = kind.or_else(|| {
        let options: Vec<(&str, &str)> =
            kinds.iter().map(|kind| (kind.slug.as_str(), kind.name.as_str())).collect();
        (!options.is_empty()).then_some(())?;
        dialogue::choice(world.ask?, "kind", &options)
    });
    Ok(Draft {
        title: wanted.map_or(title, |wanted| wanted.title.as_str()).to_owned(),
        category,
        topics: match wanted.filter(|wanted| wanted.topics.first() == Some(&topic)) {
            Some(wanted) => wanted.topics.clone(),
            None => vec![topic],
        },
        levels: levels_from(guide, &level),
        level,
        structure: kinds
            .iter()
            .find(|known| Some(&known.slug) == kind.as_ref())
            .map(|kind| kind.structure.clone())
            .unwrap_or_default(),
        kind,
        slug,
        today: world.today,
    })
}

/// What pages call the levels, from one on.
fn levels_from(guide: &Guide, level: &str) -> Vec<String> {
    let first = guide.vocabularies.position(Taxonomy::Levels, level).unwrap_or_default();
    guide.vocabularies.level_names()[first..].iter().map(ToString::to_string).collect()
}

/// The name of the page: as typed, as wanted, or made from the title and shown at the terminal.
fn slug(
    title: &str,
    wanted: Option<&Wanted>,
    args: &NewArgs,
    ask: Option<Ask>,
) -> Result<String, Report> {
    let slug = match (&args.slug, wanted) {
        (Some(slug), _) => slug.clone(),
        (None, Some(wanted)) => wanted.slug.clone(),
        (None, None) => {
            let short = short_slug(title);
            ask.and_then(|ask| dialogue::text(ask, "Its permanent name", Some(&short)))
                .unwrap_or(short)
        }
    };
    if is_slug(&slug) {
        return Ok(slug);
    }
    let message = match slug.as_str() {
        "" => "no name of a file can be made of the title".to_owned(),
        slug => format!("`{slug}` is not a slug"),
    };
    let help = "name the page with `--slug`: lower-case words joined by hyphens";
    Err(Report::usage(Code::CommandValue, &message, help))
}

/// The first six words of a title: long enough to tell pages apart, short enough to type.
fn short_slug(title: &str) -> String {
    slugify(title).split('-').filter(|word| word.is_ascii()).take(6).collect::<Vec<_>>().join("-")
}

/// The slugs of one vocabulary.
fn slugs(guide: &Guide, taxonomy: Taxonomy) -> Vec<&str> {
    guide.vocabularies.terms(taxonomy).iter().map(|term| term.slug.as_str()).collect()
}

/// The three terms that every question has; all that are missing or unknown are told at once.
fn terms(
    guide: &Guide,
    ask: Option<Ask>,
    mut given: [(Taxonomy, Option<String>); 3],
    mut unknown: Vec<Unknown>,
) -> Result<[String; 3], Report> {
    let (mut missing, mut choices) = (Vec::new(), Vec::new());
    for (taxonomy, slug) in &mut given {
        let name = taxonomy.singular();
        if slug.is_none() {
            let terms = guide.vocabularies.terms(*taxonomy).iter();
            let options: Vec<(&str, &str)> =
                terms.map(|term| (term.slug.as_str(), term.name.as_str())).collect();
            *slug = ask.and_then(|ask| dialogue::choice(ask, name, &options));
        }
        match slug {
            Some(slug) => unknown.extend(told(name, slug, slugs(guide, *taxonomy).into_iter())),
            None => {
                missing.push(format!("--{name}"));
                choices
                    .push(format!("`--{name}` is one of {}", backticked(&slugs(guide, *taxonomy))));
            }
        }
    }
    if !missing.is_empty() {
        let verb = if missing.len() == 1 { "is" } else { "are" };
        let message = format!("{} {verb} missing", backticked(&missing));
        unknown.push(Unknown { message, help: choices.join("\n        ") });
    }
    if unknown.is_empty() {
        return Ok(given.map(|(_, slug)| slug.unwrap_or_default()));
    }
    let reports =
        unknown.iter().map(|one| Report::usage(Code::CommandValue, &one.message, &one.help));
    let err = reports.map(|report| report.err).collect();
    Err(Report { out: String::new(), err, exit: Exit::Usage })
}

/// A word that no vocabulary holds, or that is missing, and what to do.
struct Unknown {
    message: String,
    help: String,
}

/// What to say of a slug that a vocabulary does not hold.
fn told<'a>(
    what: &str,
    slug: &str,
    slugs: impl Iterator<Item = &'a str> + Clone,
) -> Option<Unknown> {
    if slugs.clone().any(|known| known == slug) {
        return None;
    }
    let help = match nearest(slug, slugs.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it is one of {}", backticked(&slugs.collect::<Vec<_>>())),
    };
    Some(Unknown { message: format!("there is no {what} `{slug}`"), help })
}

fn write(draft: &Draft, root: &Path, guide: &Guide) -> Report {
    let taken = guide.questions.iter().find(|question| question.matter().slug == draft.slug);
    if let Some(question) = taken {
        let message = format!(
            "the question `{}` is there already: {}",
            draft.slug,
            question.document.source.path()
        );
        return Report::usage(
            Code::CommandValue,
            &message,
            "change that page, or choose another name with `--slug`",
        );
    }
    let path = format!("content/questions/{}/{}.md", draft.topics[0], draft.slug);
    if let Some(link) = link_on_the_way(root, Path::new(&path)) {
        let message = format!("`{}` is a symbolic link", link.display());
        return Report::usage(
            Code::CommandValue,
            &message,
            "take it away: links in the content are not followed",
        );
    }
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
            Code::CommandValue,
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
