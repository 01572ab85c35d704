//! Answers to browsers, from memory.
//!
//! A request is answered when its `Host` is an address that is served (a page of another site that
//! has pointed its name here is not) and when it does not come from another site. Headers are those
//! of production, so that a violation of the policy shows while writing.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::BroadcastStream;

use super::{Shared, Shown};
use crate::export::host::HEADERS;
use crate::path::OutputPath;

/// Everything of our own stands below this address, which no guide can have.
const OWN: &str = "/__askbook/";
const RELOAD_SCRIPT: &str = include_str!("reload.js");
const RELOAD_STYLE: &str = include_str!("reload.css");

struct Server {
    shared: Arc<Shared>,
    address: SocketAddr,
}

pub(super) fn router(shared: Arc<Shared>, address: SocketAddr) -> Router {
    Router::new().fallback(answer).with_state(Arc::new(Server { shared, address }))
}

/// Whether a value of `Host` means the server that listens at `address`.
///
/// A page of another site can point its own name here, but nobody can point an address elsewhere: so
/// every address may stand for a server that listens at all of them, and no name but `localhost`.
fn is_here(host: &str, address: SocketAddr) -> bool {
    let (ip, port) = (address.ip(), address.port());
    // Browsers leave out the port that belongs to the protocol.
    let without_port = host.strip_suffix(&format!(":{port}"));
    let Some(name) = without_port.or((port == 80).then_some(host)) else { return false };
    if name == "localhost" {
        return ip.is_loopback() || ip.is_unspecified();
    }
    let literal = match name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inside) => inside.parse().map(IpAddr::V6),
        None => name.parse().map(IpAddr::V4),
    };
    literal.is_ok_and(|named| {
        ip.is_unspecified() || named == ip || (named.is_loopback() && ip.is_loopback())
    })
}

/// The address at which this machine's own browser finds a server that listens at `address`.
pub(super) fn url(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}/", SocketAddr::new(ip, address.port()))
}

async fn answer(State(server): State<Arc<Server>>, request: Request) -> Response {
    let mut response = match refusal(&server, &request) {
        Some(status) => status.into_response(),
        None => page_or_own(&server, request.uri().path()),
    };
    let headers = response.headers_mut();
    headers.extend(HEADERS.map(|(name, value)| {
        let name = HeaderName::try_from(name).expect("names of our own headers are good names");
        (name, HeaderValue::from_static(value))
    }));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

fn refusal(server: &Server, request: &Request) -> Option<StatusCode> {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    if !host.is_some_and(|host| is_here(host, server.address)) {
        return Some(StatusCode::MISDIRECTED_REQUEST);
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Some(StatusCode::METHOD_NOT_ALLOWED);
    }
    // A link from another site may lead here; a script of another site may not read from here.
    let site = request.headers().get("sec-fetch-site").and_then(|site| site.to_str().ok());
    let mode = request.headers().get("sec-fetch-mode").and_then(|mode| mode.to_str().ok());
    let is_foreign = matches!(site, Some("cross-site" | "same-site"));
    (is_foreign && mode != Some("navigate")).then_some(StatusCode::FORBIDDEN)
}

fn page_or_own(server: &Server, path: &str) -> Response {
    let shown = server.shared.shown();
    match path.strip_prefix(OWN) {
        Some("reload.js") => typed("text/javascript; charset=utf-8", RELOAD_SCRIPT),
        Some("reload.css") => typed("text/css; charset=utf-8", RELOAD_STYLE),
        Some("problems") => typed("text/plain; charset=utf-8", shown.problems.to_string()),
        Some("changes") => changes(server, shown.revision),
        Some(_) => StatusCode::NOT_FOUND.into_response(),
        None => file(&shown, path),
    }
}

/// The revision now, and each later one when it is there.
fn changes(server: &Server, revision: u64) -> Response {
    let later = BroadcastStream::new(server.shared.changes.subscribe()).filter_map(Result::ok);
    let stream = tokio_stream::once(revision)
        .chain(later)
        .map(|revision| Ok::<_, Infallible>(Event::default().data(revision.to_string())));
    Sse::new(stream).keep_alive(KeepAlive::default()).into_response()
}

fn file(shown: &Shown, path: &str) -> Response {
    // Addresses of a guide are plain ASCII: whatever is encoded is not one of them.
    let inside = path.trim_start_matches('/');
    let name = match inside.is_empty() || inside.ends_with('/') {
        true => format!("{inside}index.html"),
        false => inside.to_owned(),
    };
    if let Ok(name) = OutputPath::new(&name) {
        if let Some(bytes) = shown.file(&name) {
            return page(StatusCode::OK, name.extension(), bytes, shown.revision);
        }
        if let Ok(folder) = OutputPath::new(&format!("{inside}/index.html"))
            && shown.file(&folder).is_some()
        {
            let location = format!("/{inside}/");
            return (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, location)]).into_response();
        }
    }
    let not_found = OutputPath::new("404.html").ok();
    match not_found.and_then(|name| shown.file(&name).cloned()) {
        Some(bytes) => page(StatusCode::NOT_FOUND, "html", &bytes, shown.revision),
        // There has been no good build yet: the page that says so, and reloads when there is one.
        None => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            page(status, "html", FIRST_BUILD.as_bytes(), shown.revision)
        }
    }
}

const FIRST_BUILD: &str = "<!doctype html><html lang=\"en\"><head><title>askbook</title></head>\
    <body><p>The guide has mistakes, and there is no earlier version to show.</p></body></html>";

fn page(status: StatusCode, extension: &str, bytes: &[u8], revision: u64) -> Response {
    let body = match extension {
        "html" => Body::from(with_reload_script(bytes, revision)),
        _ => Body::from(bytes.to_vec()),
    };
    (status, [(header::CONTENT_TYPE, media_type(extension))], body).into_response()
}

/// A page with the reload script before the end of its head; the bundle keeps the page as it is.
fn with_reload_script(bytes: &[u8], revision: u64) -> Vec<u8> {
    const TAGS: &str = "<link rel=\"stylesheet\" href=\"/__askbook/reload.css\">\
        <script src=\"/__askbook/reload.js\" defer></script>";
    // It says which build the page is of: another may be there before the page asks for changes. And it
    // keeps folio from letting a worker between the author and the page.
    let mark = format!("<meta name=\"askbook-served\" content=\"{revision}\">");
    let html = String::from_utf8_lossy(bytes);
    match html.split_once("</head>") {
        Some((head, rest)) => format!("{head}{mark}{TAGS}</head>{rest}").into_bytes(),
        None => bytes.to_vec(),
    }
}

fn typed(media_type: &'static str, body: impl Into<Body>) -> Response {
    (StatusCode::OK, [(header::CONTENT_TYPE, media_type)], body.into()).into_response()
}

fn media_type(extension: &str) -> &'static str {
    match extension {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "xml" => "application/xml",
        "md" => "text/markdown; charset=utf-8",
        "bin" => "application/octet-stream",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Bundle;
    use std::sync::RwLock;
    use tokio::sync::broadcast;

    fn server() -> Arc<Server> {
        let page = "<html><head></head><body>page</body></html>";
        let files =
            [("index.html", page), ("a/index.html", page), ("404.html", page), ("f.css", "x")];
        let bundle: Bundle = files
            .iter()
            .map(|(path, text)| {
                (OutputPath::new(path).expect("a good path"), text.as_bytes().into())
            })
            .collect();
        let shown = Shown { bundle: Arc::new(bundle), ..Shown::default() };
        let (changes, _) = broadcast::channel(1);
        let shared = Arc::new(Shared { shown: RwLock::new(shown), changes });
        Arc::new(Server { shared, address: "127.0.0.1:4000".parse().expect("an address") })
    }

    fn status(method: &str, path: &str, headers: &[(&str, &str)]) -> u16 {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("a request that can be made");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(answer(State(server()), request)).status().as_u16()
    }

    #[test]
    fn only_requests_for_this_server_are_answered() {
        let here = ("host", "localhost:4000");
        type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], u16);
        let cases: &[Case<'_>] = &[
            ("GET", "/", &[here], 200),
            ("HEAD", "/f.css", &[here], 200),
            ("GET", "/a", &[here], 301),
            ("GET", "/", &[("host", "127.0.0.1:4000")], 200),
            ("GET", "/", &[], 421),
            ("GET", "/", &[("host", "evil.example")], 421),
            ("GET", "/", &[("host", "localhost:4000.evil.example")], 421),
            ("GET", "/", &[("host", "localhost")], 421),
            ("POST", "/", &[here], 405),
            ("OPTIONS", "/", &[here], 405),
            (
                "GET",
                "/",
                &[here, ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")],
                403,
            ),
            (
                "GET",
                "/",
                &[here, ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")],
                200,
            ),
            (
                "GET",
                "/",
                &[here, ("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors")],
                200,
            ),
            ("GET", "/../Cargo.toml", &[here], 404),
            ("GET", "/%2e%2e/Cargo.toml", &[here], 404),
            ("GET", "/..%5cCargo.toml", &[here], 404),
            ("GET", "/a/../../etc/passwd", &[here], 404),
            ("GET", "//etc/passwd", &[here], 404),
            ("GET", "/%00", &[here], 404),
            ("GET", "/index.html%00.css", &[here], 404),
            ("GET", "/__askbook/../Cargo.toml", &[here], 404),
            ("GET", "/__askbook/problems", &[here], 200),
            ("GET", "/askbook.toml", &[here], 404),
        ];
        for (method, path, headers, expected) in cases {
            assert_eq!(status(method, path, headers), *expected, "{method} {path} {headers:?}");
        }
    }

    #[test]
    fn a_host_is_an_address_at_which_the_server_listens() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            (
                "127.0.0.1:4000",
                &["127.0.0.1:4000", "[::1]:4000", "localhost:4000"],
                &["192.168.0.20:4000", "0.0.0.0:4000", "localhost", "[::1]", "::1:4000"],
            ),
            (
                "0.0.0.0:4000",
                &["192.168.0.20:4000", "[fe80::1]:4000", "127.0.0.1:4000", "localhost:4000"],
                &[
                    "192.168.0.20",
                    "192.168.0.20:4001",
                    "192.168.0.20:14000",
                    "fe80::1:4000",
                    "[fe80::1:4000",
                    "[192.168.0.20]:4000",
                    "3232235540:4000",
                    "0xc0.168.0.20:4000",
                    "0300.168.0.20:4000",
                    "192.168.20:4000",
                    "192.168.0.20.:4000",
                    "192.168.0.20.nip.io:4000",
                    "192.168.0.20:4000.evil.example",
                    "evil.example@192.168.0.20:4000",
                    "evil.example:4000",
                    "laptop:4000",
                    "laptop.local:4000",
                    ":4000",
                    "",
                ],
            ),
            ("[::]:4000", &["192.168.0.20:4000", "[2001:db8::1]:4000"], &["evil.example:4000"]),
            (
                "192.168.0.20:4000",
                &["192.168.0.20:4000"],
                &["192.168.0.21:4000", "127.0.0.1:4000", "localhost:4000"],
            ),
            (
                "127.0.0.1:80",
                &["localhost", "localhost:80", "127.0.0.1", "[::1]"],
                &["evil.example", ""],
            ),
        ];
        for (address, here, elsewhere) in cases {
            let address: SocketAddr = address.parse().expect("an address");
            for (hosts, expected) in [(here, true), (elsewhere, false)] {
                for host in *hosts {
                    assert_eq!(is_here(host, address), expected, "{host:?} at {address}");
                }
            }
        }
    }

    #[test]
    fn the_address_that_is_told_is_one_that_is_answered() {
        for (address, expected) in [
            ("127.0.0.1:4000", "http://127.0.0.1:4000/"),
            ("0.0.0.0:4000", "http://127.0.0.1:4000/"),
            ("[::]:4000", "http://[::1]:4000/"),
            ("192.168.0.20:4000", "http://192.168.0.20:4000/"),
        ] {
            let address: SocketAddr = address.parse().expect("an address");
            let url = url(address);
            assert_eq!(url, expected);
            let host = url.trim_start_matches("http://").trim_end_matches('/');
            assert!(is_here(host, address), "{host}");
        }
    }

    #[test]
    fn the_reload_script_is_only_in_the_response() {
        let html =
            String::from_utf8(with_reload_script(b"<html><head></head></html>", 3)).expect("text");
        assert!(html.contains("reload.js"));
        assert!(html.contains("content=\"3\""), "it says which build it is of: {html}");
    }
}
