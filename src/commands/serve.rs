//! `askbook serve`: the guide in a browser, while it is written.

use super::{Exit, Report, Tell, World, cache_of, project_root};
use crate::cli::ServeArgs;
use crate::diagnostic::Code;
use crate::guide::Drafts;
use crate::pipeline::Options;
use crate::serve::{self, Failure, Listen};

pub(super) fn run(args: &ServeArgs, world: &World, tell: &Tell<'_>) -> Report {
    let root = match project_root(&args.project) {
        Ok(root) => root,
        Err(report) => return report,
    };
    let drafts = if args.drafts { Drafts::Included } else { Drafts::Excluded };
    let options = Options { drafts, base_url: None, today: world.today };
    let listen = Listen { host: args.host, port: args.port, opens_browser: args.open };
    match serve::serve(root, &listen, options, cache_of(root, world), tell) {
        Ok(()) => Report { out: String::new(), err: "stopped\n".to_owned(), exit: Exit::Fine },
        Err(Failure::PortTaken(port)) => Report::usage(
            Code::CommandValue,
            &format!("port {port} is in use"),
            "choose another with `--port`, or `--port 0` for a free one",
        ),
        Err(Failure::Machine { operation, source }) => {
            let help = "`--host 127.0.0.1` is this machine, and `--port 0` takes a free port";
            let err = format!("error: cannot {operation}: {source}\n  help: {help}\n");
            Report { out: String::new(), err, exit: Exit::Machine }
        }
    }
}
