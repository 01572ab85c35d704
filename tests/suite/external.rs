//! Links to other sites, against a server of the test's own: no test here needs a network.
//!
//! `tls/` holds an authority for these tests alone, whose key is gone, and the certificate of `localhost`
//! that it signed until 2126; nothing but a test can make askbook believe it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use askbook::cli::Cli;
use askbook::commands::{self, Exit, Report, Tell, World};
use askbook::external::{Manners, Reach, Trust};
use clap::Parser;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::commands::{askbook, on_disk};
use crate::sample::{QUESTION, Sample};

/// What the server was asked, and how many requests it has answered at once.
#[derive(Default)]
struct Log {
    requests: Vec<String>,
    agents: Vec<String>,
    open: usize,
    most_open: usize,
    times: BTreeMap<String, usize>,
}

struct Server {
    port: u16,
    log: Arc<Mutex<Log>>,
}

impl Server {
    /// Listens at a free port of this machine for as long as the process lives.
    fn start() -> Self {
        Self::speaking(None)
    }

    /// The same, with the certificate of `localhost`.
    fn start_tls() -> Self {
        let certificate = CertificateDer::from_pem_slice(include_bytes!("tls/localhost.pem"));
        let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/localhost.key"));
        let tls = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.expect("PEM")], key.expect("PEM"))
            .expect("a certificate and its key");
        Self::speaking(Some(Arc::new(tls)))
    }

    fn speaking(tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let log = Arc::new(Mutex::new(Log::default()));
        let shared = Arc::clone(&log);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let log = Arc::clone(&shared);
                let tls = tls.clone();
                thread::spawn(move || match tls {
                    None => serve(stream, port, &log),
                    Some(tls) => {
                        let connection = ServerConnection::new(tls).expect("good settings");
                        serve(StreamOwned::new(connection, stream), port, &log);
                    }
                });
            }
        });
        Self { port, log }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn requests(&self) -> Vec<String> {
        let mut requests = self.log.lock().expect("no panic").requests.clone();
        requests.sort();
        requests
    }
}

fn serve(stream: impl Read + Write, port: u16, log: &Mutex<Log>) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if !reader.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
                return;
            }
            if line == "\r\n" {
                break;
            }
            head.push(line.trim_end().to_owned());
        }
        let mut words = head[0].split(' ');
        let (method, path) = (words.next().expect("a method"), words.next().expect("a path"));
        let time = {
            let mut log = log.lock().expect("no panic");
            log.requests.push(format!("{method} {path}"));
            let agent = head.iter().find(|line| line.to_lowercase().starts_with("user-agent:"));
            log.agents.push(agent.cloned().unwrap_or_default());
            log.open += 1;
            log.most_open = log.most_open.max(log.open);
            let time = log.times.entry(path.to_owned()).or_default();
            *time += 1;
            *time
        };
        thread::sleep(Duration::from_millis(5));
        if path == "/slow" {
            thread::sleep(Duration::from_millis(1_500));
        }
        let to = |place: &str| format!("Location: {place}\r\n");
        let (status, header) = match (method, path) {
            (_, "/moved") => (301, to("/renamed")),
            (_, "/renamed") => (308, to("fine?x=1")),
            (_, "/then") => (301, to("/found")),
            (_, "/found") => (302, to(&format!("http://localhost:{port}/fine"))),
            (_, "/circle") => (302, to("/circle")),
            (_, "/lost") => (301, to("/gone")),
            (_, "/away") => (302, to("file:///etc/passwd")),
            (_, "/gone") => (410, String::new()),
            (_, "/missing") => (404, String::new()),
            (_, "/broken") => (500, String::new()),
            ("HEAD", "/no-head") => (405, String::new()),
            ("HEAD", "/no-programs") => (403, String::new()),
            (_, "/later") if time == 1 => (503, "Retry-After: 0\r\n".to_owned()),
            (_, "/much-later") => (429, "Retry-After: 3600\r\n".to_owned()),
            _ => (200, String::new()),
        };
        log.lock().expect("no panic").open -= 1;
        let reply = format!("HTTP/1.1 {status} x\r\n{header}Content-Length: 0\r\n\r\n");
        let stream = reader.get_mut();
        if stream.write_all(reply.as_bytes()).and_then(|()| stream.flush()).is_err() {
            return;
        }
    }
}

/// The line of the first link of a guide made by [`linking`].
const FIRST: usize = 46;

/// A guide that links to these addresses, a line each, and names the first as its only source too.
fn linking(urls: &[String]) -> tempfile::TempDir {
    let lines: Vec<String> = urls.iter().map(|url| format!("[x]({url})")).collect();
    let mut sample = Sample::new().append("askbook.toml", "\n[check]\nprofile = \"minimal\"\n");
    // The sources of the sample are on other people's servers.
    for path in [QUESTION, "content/questions/sql/nulls.md"] {
        let text = sample.text(path);
        let (before, sources) = text.split_once("\n[[source]]").expect("it has sources");
        let (_, after) = sources.split_once("\n+++\n").expect("front matter ends");
        let source = format!("[[source]]\ntitle = \"x\"\nurl = \"{}\"\n", urls[0]);
        sample = sample.with(path, &format!("{before}\n{source}+++\n{after}"));
    }
    let links = format!("### Meaning\n\n{}\n\n", lines.join("\\\n"));
    on_disk(&sample.edit(QUESTION, "### Meaning\n\n", &links))
}

fn manners() -> Manners {
    Manners {
        reach: Reach::Anywhere,
        trust: Trust::Only(include_str!("tls/authority.pem").to_owned()),
        pause: Duration::from_millis(1),
        patience: Duration::from_millis(700),
        longest_wait: Duration::from_secs(1),
    }
}

fn run(guide: &Path, format: &str, now: fn() -> Duration, manners: Manners) -> Report {
    let world = World { now, manners, ..unwatched() };
    run_in(&world, guide, format, &|text| panic!("nobody watches, and is told {text:?}"))
}

fn run_in(world: &World, guide: &Path, format: &str, tell: &Tell<'_>) -> Report {
    let root = guide.to_string_lossy().into_owned();
    let words = ["askbook", "check", "--external", "--format", format, "--root", &root];
    let words = Cli::try_parse_from(words).expect("words of the program");
    commands::run(words.command, world, tell)
}

fn unwatched() -> World {
    World {
        today: "2026-11-22".parse().expect("a day"),
        home: None,
        now: || Duration::ZERO,
        program: None,
        ask: None,
        is_watched: false,
        is_github_actions: false,
        manners: manners(),
    }
}

fn check(guide: &Path) -> Report {
    run(guide, "concise", || Duration::ZERO, manners())
}

#[test]
fn every_answer_of_a_server_becomes_what_it_means() {
    let server = Server::start();
    let paths = [
        "/fine",
        "/moved",
        "/then",
        "/circle",
        "/lost",
        "/away",
        "/gone",
        "/missing",
        "/broken",
        "/no-head",
        "/no-programs",
        "/later",
    ];
    let urls: Vec<String> = paths.iter().map(|path| server.url(path)).collect();
    let guide = linking(&urls);
    let report = check(guide.path());
    assert_eq!(report.exit, Exit::Findings, "{}", report.err);
    let port = server.port.to_string();
    let mut told = report.out.replace(&port, "PORT").replace("content/questions/sql/joins.md", "q");
    for (index, path) in paths.iter().enumerate() {
        told = told.replace(&format!("q:{}:1:", FIRST + index), &format!("{path}:"));
    }
    let expected = "\
/moved: warning[link/moved]: `http://127.0.0.1:PORT/moved` has moved for good
/then: warning[link/moved]: `http://127.0.0.1:PORT/then` has moved for good
/circle: warning[link/unreachable]: `http://127.0.0.1:PORT/circle` could not be checked: it redirects more than 10 times
/lost: error[link/gone]: `http://127.0.0.1:PORT/lost` is not there: the server says 410 of `http://127.0.0.1:PORT/gone`, to which it leads
/away: warning[link/unreachable]: `http://127.0.0.1:PORT/away` could not be checked: it redirects to no address on the web
/gone: error[link/gone]: `http://127.0.0.1:PORT/gone` is not there: the server says 410
/missing: error[link/gone]: `http://127.0.0.1:PORT/missing` is not there: the server says 404
/broken: warning[link/unreachable]: `http://127.0.0.1:PORT/broken` could not be checked: the server says 500
";
    assert_eq!(told, expected);
    assert!(
        report.err.contains("asked 12 addresses of other sites, 0 of 12 were known"),
        "{}",
        report.err
    );
    let log = server.log.lock().expect("no panic");
    assert!(log.agents.iter().all(|agent| agent.contains("askbook/")), "{:?}", log.agents);
    assert!(log.requests.contains(&"GET /no-head".to_owned()), "{:?}", log.requests);
    assert!(!log.requests.contains(&"GET /fine".to_owned()), "{:?}", log.requests);
}

/// The page's own lines of what is told of addresses at a server.
fn told_of(paths: &[&str], host: &str, server: &Server, manners: Manners) -> Vec<String> {
    let at = format!("https://{host}:{}", server.port);
    let urls: Vec<String> = paths.iter().map(|path| format!("{at}{path}")).collect();
    let report = run(linking(&urls).path(), "concise", || Duration::ZERO, manners);
    let lines = report.out.lines().filter(|line| line.contains(":1: "));
    lines.map(|line| line.split(":1: ").nth(1).expect("it has").replace(&at, "SITE")).collect()
}

#[test]
fn servers_are_asked_over_https_as_well() {
    let server = Server::start_tls();
    let told = told_of(&["/fine", "/gone", "/moved"], "localhost", &server, manners());
    let expected = [
        "error[link/gone]: `SITE/gone` is not there: the server says 410",
        "warning[link/moved]: `SITE/moved` has moved for good",
    ];
    assert_eq!(told, expected);
    assert!(server.requests().contains(&"HEAD /fine".to_owned()), "{:?}", server.requests());
}

#[test]
fn a_server_that_is_not_who_it_says_is_told_nothing() {
    let server = Server::start_tls();
    // The certificate names `localhost`, and its authority is one that browsers do not know.
    let stranger = Manners { trust: Trust::Web, ..manners() };
    for (host, manners) in [("127.0.0.1", manners()), ("localhost", stranger)] {
        let told = told_of(&["/fine"], host, &server, manners);
        let reason = "warning[link/unreachable]: `SITE/fine` could not be checked: ";
        assert!(told.len() == 1 && told[0].starts_with(reason), "{told:?}");
        assert!(told[0].contains("certificate"), "{told:?}");
    }
    assert_eq!(server.requests(), Vec::<String>::new());
}

#[test]
fn the_new_address_is_the_last_one_that_is_meant_to_stay() {
    let server = Server::start();
    let guide = linking(&[server.url("/moved"), server.url("/then")]);
    let report = run(guide.path(), "github", || Duration::ZERO, manners());
    for place in ["/fine?x=1", "/found"] {
        let help = format!("help: it is now at `{}`", server.url(place));
        assert!(report.out.contains(&help), "{help} is missing in\n{}", report.out);
    }
}

#[test]
fn who_watches_sees_how_many_addresses_have_been_asked() {
    let server = Server::start();
    // The second leads to a third, and that to a fourth.
    let guide = linking(&[server.url("/fine"), server.url("/moved")]);
    let told = Mutex::new(Vec::new());
    let world = World { is_watched: true, ..unwatched() };
    let tell = |text: &str| told.lock().expect("no panic").push(text.to_owned());
    run_in(&world, guide.path(), "concise", &tell);
    let line = |asked: usize, of: usize| format!("\rasking other sites: {asked} of {of}");
    let expected = [line(1, 2), line(2, 2), line(3, 3), line(4, 4), "\r\u{1b}[K".to_owned()];
    assert_eq!(told.into_inner().expect("no panic"), expected);
}

#[test]
fn one_host_is_asked_one_thing_at_a_time() {
    let server = Server::start();
    let urls: Vec<String> = (0..12).map(|number| server.url(&format!("/fine/{number}"))).collect();
    let report = check(linking(&urls).path());
    assert_eq!((report.exit, report.out.as_str()), (Exit::Fine, ""), "{}", report.err);
    let log = server.log.lock().expect("no panic");
    assert_eq!((log.requests.len(), log.most_open), (12, 1));
}

#[test]
fn a_host_that_wants_to_be_left_alone_is_not_asked_again() {
    for path in ["/much-later", "/slow"] {
        let server = Server::start();
        let report = check(linking(&[server.url(path), server.url("/zzz")]).path());
        assert_eq!(report.out.matches("warning[link/unreachable]").count(), 4, "{}", report.out);
        let log = server.log.lock().expect("no panic");
        assert!(!log.times.contains_key("/zzz"), "{:?}", log.requests);
        // One that says when is not asked before; one that says nothing is asked twice.
        let expected = if path == "/slow" { 2 } else { 1 };
        assert_eq!(log.times[path], expected, "{:?}", log.requests);
    }
}

#[test]
fn an_answer_is_kept_and_asked_for_again_when_it_has_grown_old() {
    let server = Server::start();
    let guide = linking(&[server.url("/fine"), server.url("/gone"), server.url("/broken")]);
    let first = check(guide.path());
    let asked = server.requests();
    assert_eq!(asked, ["GET /broken", "GET /gone", "HEAD /broken", "HEAD /fine", "HEAD /gone"]);
    let again = check(guide.path());
    assert_eq!(again.out, first.out);
    assert_eq!(server.requests().len(), asked.len() + 2, "only what was not certain");
    let _next = run(guide.path(), "concise", || Duration::from_secs(86_400), manners());
    assert_eq!(server.requests().len(), asked.len() + 2 + 4, "bad news hold for a day");
    let _much_later = run(guide.path(), "concise", || Duration::from_secs(9 * 86_400), manners());
    assert_eq!(server.requests().iter().filter(|one| *one == "HEAD /fine").count(), 2);
}

#[test]
fn what_is_not_public_is_never_asked() {
    let server = Server::start();
    let name = format!("http://localhost:{}/", server.port);
    let number = format!("http://2130706433:{}/", server.port);
    let urls =
        [server.url("/"), name, number, "http://[::1]/".to_owned(), "http://10.0.0.1/".to_owned()];
    let guide = linking(&urls);
    let report = run(
        guide.path(),
        "concise",
        || Duration::ZERO,
        Manners { reach: Reach::Public, ..manners() },
    );
    assert_eq!(report.out.matches("error[link/private]").count(), 7, "{}", report.out);
    assert_eq!(server.requests(), Vec::<String>::new());
    // The program itself is never anything but careful.
    let output = askbook(guide.path(), &["check", "--external", "--format", "concise"]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(told, report.out);
    assert_eq!(server.requests(), Vec::<String>::new());
}

#[test]
fn nothing_is_asked_unless_it_is_wanted() {
    let server = Server::start();
    let guide = linking(&[server.url("/gone")]);
    for words in [&["check"][..], &["build"], &["stats"], &["test"]] {
        let output = askbook(guide.path(), words);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(server.requests(), Vec::<String>::new());
    for entry in walkdir::WalkDir::new(".github/workflows").into_iter().flatten() {
        if entry.file_type().is_file() {
            let text = std::fs::read_to_string(entry.path()).expect("readable");
            assert!(!text.contains("--external"), "{} asks strangers", entry.path().display());
        }
    }
}
