//! What other pages and programs can send to `askbook serve`: raw requests to the running server.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::commands::on_disk;
use crate::sample::Sample;

pub(crate) struct Server {
    child: Child,
    _guide: tempfile::TempDir,
    /// `127.0.0.1:PORT`
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::listening_at("127.0.0.1")
    }

    fn listening_at(host: &str) -> Self {
        let guide = on_disk(&Sample::new());
        let mut child = Command::new(env!("CARGO_BIN_EXE_askbook"))
            .args(["serve", "--host", host, "--port", "0", "--root"])
            .arg(guide.path())
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut said = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let address = said.find_map(|line| {
            let line = line.expect("text");
            line.trim().strip_prefix("http://").map(|rest| rest.trim_end_matches('/').to_owned())
        });
        // Whatever it says later is read, or it would one day wait for somebody to do so.
        std::thread::spawn(move || said.for_each(drop));
        Self { child, _guide: guide, address: address.expect("it says where it listens") }
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Sends bytes, gives what comes back until the server closes or is silent. A request that has no
    /// end is ended by closing; one that has is not, or the server would take the client for gone.
    pub(crate) fn answer(&self, request: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let patience = Some(Duration::from_secs(10));
        stream.set_read_timeout(patience).expect("a timeout");
        stream.set_write_timeout(patience).expect("a timeout");
        // The server may close before it has read everything.
        let has_end = request.windows(4).any(|part| part == b"\r\n\r\n");
        if stream.write_all(request).is_ok() && !has_end {
            drop(stream.shutdown(std::net::Shutdown::Write));
        }
        Self::rest(stream)
    }

    /// Sends bytes and closes, whatever they are.
    pub(crate) fn throw(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
        if stream.write_all(bytes).is_ok() {
            drop(stream.shutdown(std::net::Shutdown::Write));
        }
        Self::rest(stream)
    }

    fn rest(stream: TcpStream) -> Vec<u8> {
        let mut answer = Vec::new();
        drop(stream.take(1 << 20).read_to_end(&mut answer));
        answer
    }

    /// The status, or 0 if there was none, and the whole answer.
    fn status(&self, request: &[u8]) -> (u16, String) {
        let answer = String::from_utf8_lossy(&self.answer(request)).into_owned();
        let status = answer.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3));
        (status.and_then(|status| status.parse().ok()).unwrap_or(0), answer)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().expect("it runs until it is killed");
        self.child.wait().expect("it ends");
    }
}

/// A path, further headers, and the status; `Host` is the server's own.
const PATHS: &[(&str, &str, u16)] = &[
    ("/", "", 200),
    ("/questions/joins/", "", 200),
    ("/questions/joins", "", 301),
    ("/questions/joins/?q=%3Cscript%3E", "", 200),
    ("/askbook.toml", "", 404),
    ("/content/questions/sql/joins.md", "", 404),
    ("/../askbook.toml", "", 404),
    ("/questions/../../askbook.toml", "", 404),
    ("/./askbook.toml", "", 404),
    ("/%2e%2e/askbook.toml", "", 404),
    ("/%2E%2E%2Faskbook.toml", "", 404),
    ("/%252e%252e%252faskbook.toml", "", 404),
    ("/..%5caskbook.toml", "", 404),
    ("/..\\askbook.toml", "", 404),
    ("/..;/askbook.toml", "", 404),
    ("/%c0%ae%c0%ae/askbook.toml", "", 404),
    ("//etc/passwd", "", 404),
    ("/etc/passwd", "", 404),
    ("/C:/Windows/win.ini", "", 404),
    ("/%00", "", 404),
    ("/index.html%00.css", "", 404),
    ("/.askbook/cache.bin", "", 404),
    ("/.git/config", "", 404),
    ("/public/index.html", "", 404),
    ("/__askbook/../askbook.toml", "", 404),
    ("/__askbook/", "", 404),
    ("/__askbook/problems", "", 200),
    ("/__askbook/reload.js", "", 200),
    ("/index.html", "", 200),
    ("/INDEX.HTML", "", 404),
    ("/", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n", 403),
    ("/", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\n", 403),
    ("/", "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: no-cors\r\n", 403),
    ("/", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n", 200),
    ("/", "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\n", 200),
    ("/__askbook/problems", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\n", 403),
    ("/", "Origin: https://evil.example\r\n", 200),
    ("/", "X-Forwarded-Host: evil.example\r\n", 200),
    ("/", "Range: bytes=0-18446744073709551615\r\n", 200),
    ("/", "Content-Length: 0\r\n", 200),
];

/// Values of `Host` that are not this server's.
const HOSTS: &[&str] = &[
    "evil.example",
    "evil.example:PORT",
    "localhost",
    "127.0.0.1",
    "localhost:1",
    "127.0.0.1.evil.example:PORT",
    "localhost.evil.example:PORT",
    "[::1]",
    "0.0.0.0:PORT",
    "2130706433:PORT",
    "127.1:PORT",
    "",
    "localhost:PORT@evil.example",
    "evil.example, localhost:PORT",
];

const METHODS: &[&str] =
    &["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"];

#[test]
fn a_hostile_request_gets_no_file_and_no_consent() {
    let server = Server::start();
    let port = server.address.rsplit(':').next().expect("a port");
    let request = |method: &str, path: &str, host: &str, more: &str| {
        format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n{more}Connection: close\r\n\r\n")
            .into_bytes()
    };
    let own = server.address.as_str();
    let mut wrong = Vec::new();
    let mut count = 0;
    let mut expect = |what: String, request: &[u8], expected: &[u16]| {
        count += 1;
        let (status, answer) = server.status(request);
        let lower = answer.to_ascii_lowercase();
        if !expected.contains(&status) {
            wrong.push(format!("{what}: {status}"));
        }
        if lower.contains("access-control-allow") {
            wrong.push(format!("{what} is allowed to other origins"));
        }
        if lower.contains("root:x:0") || lower.contains("description = \"a guide") {
            wrong.push(format!("{what} shows a file"));
        }
        // What is not HTTP at all is answered before there is a page to protect.
        if status != 0
            && status != 400
            && status != 431
            && status != 414
            && !lower.contains("default-src 'self'")
        {
            wrong.push(format!("{what} has no policy"));
        }
    };
    for (path, more, status) in PATHS {
        expect(format!("{path} {more}"), &request("GET", path, own, more), &[*status]);
    }
    for host in HOSTS {
        let host = host.replace("PORT", port);
        expect(format!("the host {host}"), &request("GET", "/", &host, ""), &[421]);
    }
    for method in METHODS {
        // A CONNECT to a path is no request at all.
        expect((*method).to_owned(), &request(method, "/", own, ""), &[405, 400]);
    }
    let long = "x".repeat(1 << 20);
    let many = "X: y\r\n".repeat(5_000);
    let odd: &[(&str, Vec<u8>, &[u16])] = &[
        ("no host", b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n".to_vec(), &[421, 400]),
        ("two hosts", request("GET", "/", own, "Host: evil.example\r\n"), &[200, 400, 421]),
        (
            "an absolute address",
            request("GET", "http://evil.example/", "evil.example", ""),
            &[421, 400],
        ),
        (
            "a megabyte of path",
            request("GET", &format!("/{long}"), own, ""),
            &[0, 400, 404, 414, 431],
        ),
        (
            "a megabyte of header",
            request("GET", "/", own, &format!("X: {long}\r\n")),
            &[0, 400, 431],
        ),
        ("five thousand headers", request("GET", "/", own, &many), &[0, 400, 431]),
        ("no HTTP", b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03".to_vec(), &[0, 400]),
        ("an old HTTP", b"GET /\r\n\r\n".to_vec(), &[0, 400]),
        ("a folded header", request("GET", "/", own, "A: b\r\n c: d\r\n"), &[0, 400]),
        (
            "two lengths",
            request("GET", "/", own, "Content-Length: 1\r\nContent-Length: 2\r\n"),
            &[0, 400],
        ),
        ("a split header", request("GET", "/", own, "A: b\rSet-Cookie: x\r\n"), &[0, 400]),
        ("half a request", b"GET / HTTP/1.1\r\nHost:".to_vec(), &[0, 400]),
    ];
    for (what, request, expected) in odd {
        expect((*what).to_owned(), request, expected);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 70, "{count}");
}

/// Readers on the network know the machine by its address; a name can be pointed here by anybody.
#[test]
fn a_server_at_every_address_answers_to_addresses_and_to_no_name() {
    let server = Server::listening_at("0.0.0.0");
    let (told, port) = server.address.split_once(':').expect("a port");
    assert_eq!(told, "127.0.0.1", "it tells an address that can be opened");
    let status = |host: &str| {
        let host = host.replace("PORT", port);
        let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        server.status(request.as_bytes()).0
    };
    for host in ["127.0.0.1:PORT", "localhost:PORT", "192.168.0.20:PORT", "[2001:db8::1]:PORT"] {
        assert_eq!(status(host), 200, "{host}");
    }
    // Whoever comes to 0.0.0.0 has come here.
    for host in HOSTS.iter().filter(|host| **host != "0.0.0.0:PORT") {
        assert_eq!(status(host), 421, "{host}");
    }
    for host in ["laptop.local:PORT", "192.168.0.20", "192.168.0.20:1", "[::1:PORT", "::1:PORT"] {
        assert_eq!(status(host), 421, "{host}");
    }
}

#[test]
fn slow_clients_do_not_keep_others_waiting() {
    let server = Server::start();
    let slow: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = TcpStream::connect(&server.address).expect("it listens");
            stream.write_all(b"GET / HTTP/1.1\r\nHost: ").expect("it reads");
            stream
        })
        .collect();
    let request =
        format!("GET / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address);
    assert_eq!(server.status(request.as_bytes()).0, 200);
    drop(slow);
}
