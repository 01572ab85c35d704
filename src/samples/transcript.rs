//! Several sessions of one database, typed into in turn.
//!
//! Takes lines such as `A> BEGIN;`, gives the transcript: each line typed, then what its session
//! answers, `A: BEGIN`. A statement that another session holds up is `B: ... waits`, and what it
//! answers later is `B: (resumes) …`. Whether a session waits is asked of the server, not guessed from
//! the time, so that a busy machine writes the same transcript.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::postgres::Database;

/// How long an answer may take that nobody holds up.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);
/// How often a silent session is asked after.
const PATIENCE: Duration = Duration::from_millis(100);

/// The lines of a transcript that are typed or are comments; the others are answers.
pub(super) fn typed(text: &str) -> String {
    let is_answer = |line: &&str| !line.is_empty() && session_of(line, ": ").is_some();
    let lines: Vec<&str> = text.lines().filter(|line| !is_answer(line)).collect();
    lines.join("\n") + "\n"
}

/// The name of the session and the rest of a line.
fn session_of<'a>(line: &'a str, mark: &str) -> Option<(char, &'a str)> {
    let name = line.chars().next().filter(char::is_ascii_uppercase)?;
    Some((name, line[1..].strip_prefix(mark)?))
}

/// Types the lines; `start` makes a program that reads statements and answers on standard output.
///
/// # Errors
///
/// If a session cannot be started, ends, or does not answer in time.
pub(super) fn run(
    lines: &str,
    database: &Database<'_>,
    start: impl Fn() -> Command,
) -> io::Result<String> {
    let mut sessions: BTreeMap<char, Session> = BTreeMap::new();
    let mut transcript = String::new();
    for line in lines.lines() {
        let Some((name, statement)) = session_of(line, "> ") else {
            transcript.push_str(&format!("{line}\n"));
            continue;
        };
        let session = match sessions.entry(name) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(Session::start(name, start())?),
        };
        if session.is_pending() {
            session.finish("(resumes) ", &mut transcript)?;
        }
        transcript.push_str(&format!("{line}\n"));
        session.send(statement)?;
        session.collect("", database, &mut transcript)?;
        if session.is_pending() {
            transcript.push_str(&format!("{name}: ... waits\n"));
        }
        for (_, other) in sessions.iter_mut().filter(|(other, _)| **other != name) {
            if other.is_pending() {
                other.collect("(resumes) ", database, &mut transcript)?;
            }
        }
    }
    Ok(transcript)
}

/// One program that is typed into.
struct Session {
    name: char,
    child: Child,
    input: ChildStdin,
    answers: Receiver<String>,
    /// The number that the server knows the session by.
    process: String,
    sent: usize,
    /// What is printed behind the last answer, until it was.
    mark: Option<String>,
}

impl Session {
    fn start(name: char, mut command: Command) -> io::Result<Self> {
        let mut child = command.spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("the session has no input or output"));
        };
        let (sender, answers) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let process = String::new();
        let mut session = Self { name, child, input, answers, process, sent: 0, mark: None };
        // Headings and command tags are part of what a reader learns; row counts and settings are not.
        writeln!(session.input, "\\pset footer off\n\\set QUIET off")?;
        session.send("SELECT pg_backend_pid();")?;
        let mut told = String::new();
        session.finish("", &mut told)?;
        let number = told.split_whitespace().find(|word| word.parse::<u32>().is_ok());
        session.process = number.ok_or_else(|| session.failure("does not answer"))?.to_owned();
        Ok(session)
    }

    fn failure(&self, what: &str) -> io::Error {
        io::Error::other(format!("session {} {what}", self.name))
    }

    fn is_pending(&self) -> bool {
        self.mark.is_some()
    }

    fn send(&mut self, statement: &str) -> io::Result<()> {
        self.sent += 1;
        let mark = format!("--answered-{}--", self.sent);
        writeln!(self.input, "{statement}\n\\echo {mark}")?;
        self.mark = Some(mark);
        self.input.flush()
    }

    /// Waits for the answer, or until the server says that another session holds it up.
    fn collect(
        &mut self,
        prefix: &str,
        database: &Database<'_>,
        transcript: &mut String,
    ) -> io::Result<()> {
        let start = Instant::now();
        while self.is_pending() && start.elapsed() < ANSWER_LIMIT {
            if !self.read(prefix, transcript)? && database.is_held_up(&self.process)? {
                return Ok(());
            }
        }
        if self.is_pending() { Err(self.failure("did not answer in time")) } else { Ok(()) }
    }

    /// Waits for the answer, whoever holds it up.
    fn finish(&mut self, prefix: &str, transcript: &mut String) -> io::Result<()> {
        let start = Instant::now();
        while self.is_pending() && start.elapsed() < ANSWER_LIMIT {
            self.read(prefix, transcript)?;
        }
        if self.is_pending() { Err(self.failure("did not answer in time")) } else { Ok(()) }
    }

    /// Reads one line; `false` if there was none for a while.
    fn read(&mut self, prefix: &str, transcript: &mut String) -> io::Result<bool> {
        match self.answers.recv_timeout(PATIENCE) {
            Ok(line) if Some(&line) == self.mark.as_ref() => self.mark = None,
            Ok(line) if line.is_empty() => {}
            Ok(line) => transcript.push_str(&format!("{}: {prefix}{line}\n", self.name)),
            Err(RecvTimeoutError::Timeout) => return Ok(false),
            Err(RecvTimeoutError::Disconnected) => return Err(self.failure("ended")),
        }
        Ok(true)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A session that has ended need not be stopped.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_from_what_is_typed() {
        let text = "-- both read\nA> SELECT 1;\nA: ?column?\nA: 1\n\nB> COMMIT;\nB: ... waits\n";
        assert_eq!(typed(text), "-- both read\nA> SELECT 1;\n\nB> COMMIT;\n");
    }
}
