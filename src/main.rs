//! The `askbook` program: reads the command line, the clock and the environment, and prints.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use askbook::cli::Cli;
use askbook::commands::{self, World};
use askbook::date::Date;
use askbook::external::Manners;
use mimalloc::MiMalloc;

/// Pages are made of many small strings: with the allocator of the C library a cold build takes a sixth longer.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::typed();
    let world = World {
        today: today(),
        home: std::env::home_dir(),
        now: since_epoch,
        program: program(),
        ask: is_dialogue().then_some(ask),
        manners: Manners::default(),
        is_watched: io::stderr().is_terminal(),
        is_github_actions: std::env::var_os("GITHUB_ACTIONS").is_some(),
    };
    let tell = |text: &str| print(&mut anstream::stderr().lock(), text);
    let report = commands::run(cli.command, &world, &tell);
    print(&mut anstream::stdout().lock(), &report.out);
    print(&mut anstream::stderr().lock(), &report.err);
    ExitCode::from(report.exit.status())
}

/// Whether somebody can be asked.
fn is_dialogue() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks at the terminal; standard output stays free for the result.
fn ask(question: &str) -> Option<String> {
    print(&mut anstream::stderr().lock(), question);
    let mut line = String::new();
    match io::stdin().read_line(&mut line) {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(line),
    }
}

/// The day of the build: `SOURCE_DATE_EPOCH` if it is set, else the clock's, in UTC.
fn today() -> Date {
    let fixed = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
    Date::from_unix(fixed.unwrap_or_else(|| since_epoch().as_secs()))
}

/// Version, size and time of the file of this program.
fn program() -> Option<String> {
    let file = std::env::current_exe().and_then(|path| path.metadata()).ok()?;
    let written = file.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!("{} {} {}", env!("CARGO_PKG_VERSION"), file.len(), written.as_nanos()))
}

fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Writes text; a reader that has gone away is no failure of ours.
fn print(stream: &mut impl Write, text: &str) {
    let written = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    if written.is_err_and(|error| error.kind() != io::ErrorKind::BrokenPipe) {
        std::process::exit(i32::from(commands::Exit::Machine.status()));
    }
}
