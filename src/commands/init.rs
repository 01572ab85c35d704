//! `askbook init`: a guide that builds, in an empty folder.
//!
//! At a terminal it asks what the guide is called and what it is; elsewhere the options say so, and
//! what they leave open can be changed in the settings.

use std::fs;

use super::dialogue;
use super::{Exit, Report, World};
use crate::cli::InitArgs;
use crate::config::check_base_url;
use crate::diagnostic::Code;
use crate::scaffold::{self, Introduction};

pub(super) fn run(args: &InitArgs, world: &World) -> Report {
    let dir = &args.dir;
    let is_used = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if is_used || dir.is_file() {
        let message = format!("`{}` is not an empty folder", dir.display());
        return Report::usage(
            Code::CommandOutput,
            &message,
            "name a folder that is empty or not there yet",
        );
    }
    let introduction = introduction(args, world);
    if let Some(Err(help)) = introduction.base_url.as_deref().map(check_base_url) {
        let url = introduction.base_url.unwrap_or_default();
        return Report::usage(Code::CommandValue, &format!("`{url}` is not a base address"), &help);
    }
    for (path, text) in scaffold::guide(&introduction, world.today) {
        let full = dir.join(path);
        let folder = full.parent().unwrap_or(dir);
        if let Err(error) = fs::create_dir_all(folder).and_then(|()| fs::write(&full, text)) {
            let err = format!("error: cannot write `{}`: {error}\n", full.display());
            return Report { out: String::new(), err, exit: Exit::Machine };
        }
    }
    let shown = dir.display();
    Report::fine(format!(
        "wrote a guide with one question to {shown}\n\n  cd {shown}\n  askbook serve      read it at http://127.0.0.1:4000\n  \
         askbook build      publish it to {shown}/public\n"
    ))
}

/// What the guide says of itself: as typed, or as answered; `None` leaves what the scaffold says.
fn introduction(args: &InitArgs, world: &World) -> Introduction {
    let asked = |typed: &Option<String>, question: &str, proposed: &str| {
        typed.clone().or_else(|| dialogue::text(world.ask?, question, Some(proposed)))
    };
    Introduction {
        title: asked(&args.title, "The name of the guide", "My question guide"),
        description: asked(
            &args.description,
            "What it is, in a sentence",
            "Interview questions with answers for every level.",
        ),
        base_url: asked(
            &args.base_url,
            "Where it will be published, if that is known",
            "not known",
        )
        .filter(|url| url != "not known"),
    }
}
