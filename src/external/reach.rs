//! Which addresses may be asked, and how.
//!
//! Takes a host's name, gives the addresses of it that are open to everybody; what is resolved is what is
//! connected to, so that a name cannot be public when it is checked and private when it is used.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// How strangers' servers are treated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manners {
    /// Which addresses are asked at all.
    pub reach: Reach,
    /// Who is believed about the names of servers.
    pub trust: Trust,
    /// The time between two requests to one host.
    pub pause: Duration,
    /// The time that an answer may take.
    pub patience: Duration,
    /// The longest time to wait if a server asks for it.
    pub longest_wait: Duration,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            reach: Reach::Public,
            trust: Trust::Web,
            pause: Duration::from_millis(500),
            patience: Duration::from_secs(20),
            longest_wait: Duration::from_secs(30),
        }
    }
}

/// The part of the network that may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// What everybody can come to: a link of a stranger must not knock at the doors of a private network.
    Public,
    /// This machine and its neighbours too, for tests against a server of their own.
    Anywhere,
}

/// The authorities whose certificates are believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Those that browsers believe, by Mozilla's list.
    Web,
    /// One alone, by its certificate in PEM, for tests against a server of their own.
    Only(String),
}

/// Resolves names, and refuses those that lead out of reach.
#[derive(Debug)]
pub(super) struct Guarded {
    pub(super) reach: Reach,
    pub(super) inner: DefaultResolver,
}

/// The reason of a refusal.
#[derive(Debug)]
pub(super) struct OutOfReach;

impl std::fmt::Display for OutOfReach {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the address is not public")
    }
}

impl std::error::Error for OutOfReach {}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let addresses = self.inner.resolve(uri, config, timeout)?;
        let is_open = |ip: IpAddr| match self.reach {
            Reach::Public => is_public(ip),
            Reach::Anywhere => true,
        };
        // One private address among public ones is reason enough: such a name is no accident.
        match addresses.iter().all(|address| is_open(address.ip())) {
            true => Ok(addresses),
            false => Err(ureq::Error::Other(Box::new(OutOfReach))),
        }
    }
}

/// Whether an address is reachable from everywhere, by the IANA registries of special-purpose addresses
/// (RFC 6890).
fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (18..20).contains(&b))
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99))
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let embedded = |high: u16, low: u16| {
        let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match (a, b) {
        // Networks without IPv4 translate it to this prefix (RFC 6052).
        (0x64, 0xff9b) if (c, d, e, f) == (0, 0, 0, 0) => embedded(g, h),
        // 6to4 holds an IPv4 address behind its prefix.
        (0x2002, _) => embedded(b, c),
        // Teredo and other experiments, and documentation.
        (0x2001, 0..=0x1ff | 0xdb8) | (0x3fff, 0..=0xfff) => false,
        // All of what is given out so far.
        _ => a & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_everybody_can_reach_is_public() {
        for ip in
            ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
        {
            assert!(is_public(ip.parse().expect("an address")), "{ip}");
        }
        for ip in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a00:1::",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(ip.parse().expect("an address")), "{ip}");
        }
    }
}
