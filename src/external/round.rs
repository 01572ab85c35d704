//! All addresses, host by host.
//!
//! Takes addresses, gives an answer for each. Requests are made in rounds: in a round several hosts are asked
//! side by side, each one address at a time with a pause between; where a reply sends elsewhere, that is
//! asked in the next round, so that no host ever has two requests at once.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rayon::prelude::*;
use ureq::Agent;

use super::ask::{self, Lasts, Reply};
use super::reach::Manners;
use super::{Answer, Progress};

/// Hosts that are asked side by side.
const HOSTS: usize = 8;

/// Redirects after which a chain is given up, as in browsers' `fetch` it would be after twenty.
const HOPS: usize = 10;

/// An address on its way through redirects.
struct Chase<'a> {
    first: &'a str,
    at: String,
    hops: usize,
    /// The address up to which all redirects are meant to last.
    moved: Option<String>,
    lasts: Lasts,
}

/// What all requests share.
struct Asking<'a> {
    agent: Agent,
    manners: &'a Manners,
    progress: &'a Progress<'a>,
    asked: AtomicUsize,
}

pub(super) fn ask_all<'a>(
    urls: Vec<&'a str>,
    manners: &Manners,
    progress: &Progress<'_>,
) -> BTreeMap<&'a str, Answer> {
    let asking =
        Asking { agent: ask::agent(manners), manners, progress, asked: AtomicUsize::new(0) };
    let begin = |first: &'a str| {
        let at = first.to_owned();
        Chase { first, at, hops: 0, moved: None, lasts: Lasts::Always }
    };
    let mut chases: Vec<Chase<'a>> = urls.into_iter().map(begin).collect();
    let mut replies: BTreeMap<String, Reply> = BTreeMap::new();
    let mut answers = BTreeMap::new();
    while !chases.is_empty() {
        let hosts = by_host(&chases, &replies);
        replies.extend(asking.side_by_side(&hosts));
        let mut next = Vec::new();
        for chase in chases {
            let reply = replies[&chase.at].clone();
            let first = chase.first;
            match step(chase, reply) {
                Step::Answer(answer) => {
                    answers.insert(first, answer);
                }
                Step::On(chase) => next.push(chase),
            }
        }
        chases = next;
    }
    answers
}

/// The addresses of each host that have not been asked yet.
fn by_host<'a>(
    chases: &'a [Chase<'_>],
    replies: &BTreeMap<String, Reply>,
) -> BTreeMap<String, Vec<&'a str>> {
    let mut hosts: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for chase in chases.iter().filter(|chase| !replies.contains_key(&chase.at)) {
        let urls = hosts.entry(host(&chase.at)).or_default();
        if !urls.contains(&chase.at.as_str()) {
            urls.push(&chase.at);
        }
    }
    hosts
}

/// The part of an address that one server stands behind, whatever the port.
fn host(url: &str) -> String {
    let behind = url.split_once("//").map_or(url, |(_, behind)| behind);
    let authority = behind.split(['/', '?', '#']).next().unwrap_or_default();
    let name = authority.rsplit('@').next().unwrap_or_default();
    let name = match name.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => name,
    };
    name.to_ascii_lowercase()
}

impl Asking<'_> {
    fn side_by_side(&self, hosts: &BTreeMap<String, Vec<&str>>) -> Vec<(String, Reply)> {
        // Where replies send elsewhere, more are asked than were known at first.
        let all = self.asked.load(Ordering::Relaxed) + hosts.values().map(Vec::len).sum::<usize>();
        let ask = || hosts.par_iter().flat_map_iter(|(_, urls)| self.one_host(urls, all)).collect();
        match rayon::ThreadPoolBuilder::new().num_threads(HOSTS).build() {
            Ok(pool) => pool.install(ask),
            // Fewer threads take longer and give the same.
            Err(_) => ask(),
        }
    }

    /// Asks one address after the other, until the host wants to be left alone.
    fn one_host(&self, urls: &[&str], all: usize) -> Vec<(String, Reply)> {
        let mut replies = Vec::new();
        let mut silent: Option<Reply> = None;
        for (index, url) in urls.iter().enumerate() {
            let reply = match &silent {
                Some(reply) => reply.clone(),
                None => {
                    if index > 0 {
                        thread::sleep(self.manners.pause);
                    }
                    self.ask_twice(url)
                }
            };
            if matches!(reply, Reply::NotNow { .. }) {
                silent = Some(reply.clone());
            }
            replies.push(((*url).to_owned(), reply));
            (self.progress)(self.asked.fetch_add(1, Ordering::Relaxed) + 1, all);
        }
        replies
    }

    /// Asks, and once more after the time that the server wants if it cannot answer now.
    fn ask_twice(&self, url: &str) -> Reply {
        let reply = ask::ask(&self.agent, url);
        let Reply::NotNow { wait, .. } = &reply else { return reply };
        let wait = wait.unwrap_or(self.manners.pause).max(self.manners.pause);
        if wait > self.manners.longest_wait {
            return reply;
        }
        thread::sleep(wait);
        ask::ask(&self.agent, url)
    }
}

enum Step<'a> {
    Answer(Answer),
    On(Chase<'a>),
}

fn step<'a>(chase: Chase<'a>, reply: Reply) -> Step<'a> {
    let (to, lasts) = match reply {
        Reply::Elsewhere { to, lasts } => (to, lasts),
        Reply::There => {
            return Step::Answer(chase.moved.map_or(Answer::There, Answer::Moved));
        }
        Reply::Gone(why) if chase.hops > 0 => {
            return Step::Answer(Answer::Gone(format!(
                "{why} of `{}`, to which it leads",
                chase.at
            )));
        }
        Reply::Gone(why) => return Step::Answer(Answer::Gone(why)),
        Reply::Unclear(why) | Reply::NotNow { why, .. } => {
            return Step::Answer(Answer::Unknown(why));
        }
        Reply::Private => return Step::Answer(Answer::Private),
    };
    if chase.hops == HOPS {
        return Step::Answer(Answer::Unknown(format!("it redirects more than {HOPS} times")));
    }
    let (moved, lasts) = match (chase.lasts, lasts) {
        (Lasts::Always, Lasts::Always) => (Some(to.clone()), Lasts::Always),
        _ => (chase.moved, Lasts::Once),
    };
    Step::On(Chase { first: chase.first, at: to, hops: chase.hops + 1, moved, lasts })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_one_whatever_the_port_and_the_case() {
        for url in ["https://A.example/x", "http://a.example:8080?y", "https://me@a.example#z"] {
            assert_eq!(host(url), "a.example", "{url}");
        }
        assert_eq!(host("http://[::1]:80/"), "[::1]");
        assert_eq!(host("http://[::1]/"), "[::1]");
    }
}
