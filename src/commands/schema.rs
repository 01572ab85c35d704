//! `askbook schema`: what front matter and settings may hold, for editors.

use std::fs;
use std::path::Path;

use super::{Exit, Report, World, findings, project_root};
use crate::cli::SchemaArgs;
use crate::diagnostic::Code;
use crate::guide::{Drafts, Vocabularies};
use crate::pipeline::Options;
use crate::project;
use crate::schema::{self, Subject};

pub(super) fn run(args: &SchemaArgs, world: &World) -> Report {
    let root = match project_root(&args.project) {
        Ok(root) => root,
        Err(report) => return report,
    };
    let options = Options { drafts: Drafts::Included, base_url: None, today: world.today };
    let outcome = project::read(root, &options);
    let Some(guide) = &outcome.guide else {
        let err = findings(&outcome.diagnostics);
        return Report { out: String::new(), err, exit: Exit::Usage };
    };
    let subjects = args.subject.map_or(Subject::ALL.to_vec(), |subject| vec![subject]);
    match &args.output {
        Some(folder) => write(folder, &subjects, &guide.vocabularies),
        None => {
            let texts = subjects.iter().map(|one| schema::write(*one, &guide.vocabularies));
            Report::fine(texts.collect())
        }
    }
}

fn write(folder: &Path, subjects: &[Subject], vocabularies: &Vocabularies) -> Report {
    if folder.exists() && !folder.is_dir() {
        let message = format!("`{}` is a file", folder.display());
        return Report::usage(Code::CommandOutput, &message, "name a folder for the schemas");
    }
    let mut out = String::new();
    for subject in subjects {
        let path = folder.join(subject.file_name());
        let text = schema::write(*subject, vocabularies);
        if let Err(error) = fs::create_dir_all(folder).and_then(|()| fs::write(&path, text)) {
            let err = format!("error: cannot write `{}`: {error}\n", path.display());
            return Report { out, err, exit: Exit::Machine };
        }
        out.push_str(&format!("wrote {}\n", path.display()));
    }
    Report::fine(out)
}
