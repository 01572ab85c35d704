//! One request to another site.
//!
//! Takes an address, gives what its server replies, without following where it sends; reads no more than
//! the head of a reply, and speaks to nothing that is out of reach.

use std::time::Duration;

use fluent_uri::{Uri, UriRef};
use ureq::Agent;
use ureq::http::header::{LOCATION, RETRY_AFTER};
use ureq::http::{HeaderMap, HeaderName};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;

use super::reach::{Guarded, Manners, OutOfReach, Trust};
use crate::text::percent_encoded;

/// What servers are told who asks.
const USER_AGENT: &str = concat!(
    "askbook/",
    env!("CARGO_PKG_VERSION"),
    " (checks links; +",
    env!("CARGO_PKG_REPOSITORY"),
    ")"
);

/// The longest address to which a redirect is followed.
const LONGEST_ADDRESS: usize = 2_000;

/// What a server says of one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// It is there.
    There,
    /// It is to be found elsewhere.
    Elsewhere { to: String, lasts: Lasts },
    /// There is nothing.
    Gone(String),
    /// Something about this address is wrong that need not be so tomorrow.
    Unclear(String),
    /// The host cannot answer now, and may be asked again after this time if it says so.
    NotNow { why: String, wait: Option<Duration> },
    /// The host is out of reach.
    Private,
}

/// For how long a redirect is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lasts {
    /// From now on.
    Always,
    /// This time.
    Once,
}

/// What makes requests: it follows no redirect, knows no proxy, keeps no cookie.
pub(super) fn agent(manners: &Manners) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .user_agent(USER_AGENT)
        .timeout_global(Some(manners.patience))
        .tls_config(TlsConfig::builder().root_certs(authorities(&manners.trust)).build())
        .build();
    let resolver = Guarded { reach: manners.reach, inner: DefaultResolver::default() };
    Agent::with_parts(config, DefaultConnector::default(), resolver)
}

fn authorities(trust: &Trust) -> RootCerts {
    match trust {
        Trust::Web => RootCerts::WebPki,
        Trust::Only(pem) => {
            let certificate =
                Certificate::from_pem(pem.as_bytes()).expect("a certificate of a test");
            RootCerts::from(vec![certificate])
        }
    }
}

/// Asks for the head of a page, and for the page where a server does not know heads.
pub(super) fn ask(agent: &Agent, url: &str) -> Reply {
    // What browsers would do with an address that has spaces or letters of other scripts in it.
    let address = percent_encoded(url, "%!#$&'()*+,/:;=?@[]");
    let reply = |response: ureq::http::Response<ureq::Body>| {
        reply(&address, response.status().as_u16(), response.headers())
    };
    let head = agent.head(&address).call().map(reply);
    match head.unwrap_or_else(failure) {
        Reply::Gone(_) | Reply::Unclear(_) => {
            agent.get(&address).call().map(reply).unwrap_or_else(failure)
        }
        told => told,
    }
}

fn reply(address: &str, status: u16, headers: &HeaderMap) -> Reply {
    let said = || format!("the server says {status}");
    match status {
        200..=299 | 304 => Reply::There,
        301 | 308 => elsewhere(address, headers, Lasts::Always),
        300 | 302 | 303 | 307 => elsewhere(address, headers, Lasts::Once),
        404 | 410 => Reply::Gone(said()),
        429 | 503 => {
            let seconds = header(headers, RETRY_AFTER).and_then(|text| text.trim().parse().ok());
            Reply::NotNow { why: said(), wait: seconds.map(Duration::from_secs) }
        }
        _ => Reply::Unclear(said()),
    }
}

fn elsewhere(address: &str, headers: &HeaderMap, lasts: Lasts) -> Reply {
    let to = header(headers, LOCATION).and_then(|location| joined(address, location));
    match to {
        Some(to) => Reply::Elsewhere { to, lasts },
        None => Reply::Unclear("it redirects to no address on the web".to_owned()),
    }
}

/// The address that a redirect names (RFC 9110, 10.2.2), if it is one on the web.
fn joined(base: &str, location: &str) -> Option<String> {
    let location = percent_encoded(location, "%!#$&'()*+,/:;=?@[]");
    let base = Uri::parse(base).ok()?;
    let to = UriRef::parse(location.as_str()).ok()?.resolve_against(&base).ok()?;
    let is_web = matches!(to.scheme().as_str(), "https" | "http");
    let text = to.as_str();
    (is_web && text.len() <= LONGEST_ADDRESS).then(|| text.to_owned())
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn failure(error: ureq::Error) -> Reply {
    match error {
        ureq::Error::Other(reason) if reason.is::<OutOfReach>() => Reply::Private,
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
            Reply::Unclear("it is not an address that can be asked".to_owned())
        }
        ureq::Error::Timeout(_) => {
            Reply::NotNow { why: "the server did not answer in time".to_owned(), wait: None }
        }
        ureq::Error::Io(error) => {
            Reply::NotNow { why: format!("no connection: {error}"), wait: None }
        }
        other => Reply::NotNow { why: other.to_string(), wait: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_leads_on_from_where_it_was_met() {
        let base = "https://a.example/docs/old.html?x=1";
        for (location, to) in [
            ("new.html", Some("https://a.example/docs/new.html")),
            ("/new/", Some("https://a.example/new/")),
            ("//b.example/", Some("https://b.example/")),
            ("http://b.example/a b", Some("http://b.example/a%20b")),
            ("../é", Some("https://a.example/%C3%A9")),
            ("ftp://b.example/", None),
            ("javascript:alert(1)", None),
        ] {
            assert_eq!(joined(base, location).as_deref(), to, "{location}");
        }
        assert_eq!(joined(base, &format!("/{}", "x".repeat(LONGEST_ADDRESS))), None);
    }
}
