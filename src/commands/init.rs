//! `askbook init`: a guide that builds, in an empty folder.

use std::fs;

use super::{Exit, Report, World};
use crate::cli::InitArgs;
use crate::scaffold;

pub(super) fn run(args: &InitArgs, world: &World) -> Report {
    let dir = &args.dir;
    let is_used = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if is_used || dir.is_file() {
        let message = format!("`{}` is not an empty folder", dir.display());
        return Report::usage(&message, "name a folder that is empty or not there yet");
    }
    for (path, text) in scaffold::guide(world.today) {
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
