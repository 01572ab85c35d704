//! What each host of static files reads beside the pages: headers, redirects, caching, compression.
//!
//! Takes the list of a finished site and its redirects, gives the host's own files. The rules are
//! computed from the files that are really there, so none names a folder that the site does not
//! have; it knows nothing of pages, except where a host sends no headers and each page has to carry
//! the policy itself.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::bundle::{Entry, Manifest};
use crate::guide::Redirect;
use crate::path::OutputPath;

/// The policy under which every page works: the site loads from itself and from nowhere else.
pub const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; \
    require-trusted-types-for 'script'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Headers of every answer, which `askbook serve` sends too.
pub const HEADERS: [(&str, &str); 5] = [
    ("Content-Security-Policy", POLICY),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("X-Content-Type-Options", "nosniff"),
];

/// Only hosts send it: on a machine of one's own it would lock `localhost` to TLS for a year.
const TRANSPORT: (&str, &str) = ("Strict-Transport-Security", "max-age=31536000");

/// For files that are named after their content.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// For files that keep their names: kept, and asked about each time.
const REVALIDATED: &str = "no-cache";

/// Media types that are worth compressing.
const COMPRESSED: &str = "application/atom+xml application/javascript application/json \
    application/xml image/svg+xml text/css text/javascript text/markdown text/plain text/xml";

/// A host whose files askbook writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// `_headers` and `_redirects`.
    Netlify,
    /// Cloudflare Pages: `_headers` and `_redirects`.
    Cloudflare,
    /// `vercel.json`.
    Vercel,
    /// GitHub Pages: `.nojekyll`, and the policy in each page.
    Github,
    /// `.askbook-nginx.conf`, to be included in a server block.
    Nginx,
    /// `.askbook-Caddyfile`, to be imported into a site block.
    Caddy,
}

impl Host {
    /// Every host.
    pub const ALL: [Self; 6] =
        [Self::Netlify, Self::Cloudflare, Self::Vercel, Self::Github, Self::Nginx, Self::Caddy];
}

/// The files that `host` reads, beside those of a site.
///
/// `base_path` is the path of the published site, with a slash at both ends; only hosts of one's own
/// serve a site below a path.
pub fn files(
    site: &Manifest,
    redirects: &[Redirect],
    host: Host,
    base_path: &str,
) -> Vec<(OutputPath, String)> {
    let rules = Rules::of(site, redirects);
    let under = base_path.trim_end_matches('/');
    let files = match host {
        Host::Netlify => {
            vec![("_headers", rules.header_file()), ("_redirects", rules.redirect_file("301!"))]
        }
        Host::Cloudflare => {
            vec![("_headers", rules.header_file()), ("_redirects", rules.redirect_file("301"))]
        }
        Host::Vercel => vec![("vercel.json", rules.vercel())],
        Host::Github => vec![(".nojekyll", String::new())],
        Host::Nginx => vec![(".askbook-nginx.conf", rules.nginx(under))],
        Host::Caddy => vec![(".askbook-Caddyfile", rules.caddy(under))],
    };
    files
        .into_iter()
        .filter(|(_, text)| host == Host::Github || !text.is_empty())
        .map(|(name, text)| {
            (OutputPath::new(name).expect("names of host files are good names"), text)
        })
        .collect()
}

/// A file of a site as `host` has to be given it.
pub fn prepared(path: &OutputPath, bytes: &Arc<[u8]>, host: Host) -> Arc<[u8]> {
    match changes(host, path) {
        true => with_policy(bytes),
        false => Arc::clone(bytes),
    }
}

/// Whether `host` has to be given other bytes than those of the site.
pub fn changes(host: Host, path: &OutputPath) -> bool {
    host == Host::Github && path.extension() == "html"
}

/// A page that carries the policy. `frame-ancestors` works in a header only, and browsers complain
/// of it elsewhere.
fn with_policy(page: &Arc<[u8]>) -> Arc<[u8]> {
    let html = String::from_utf8_lossy(page);
    let policy = POLICY.split("; ").filter(|rule| !rule.starts_with("frame-ancestors"));
    let policy = policy.collect::<Vec<_>>().join("; ");
    let tag = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
    // It binds what comes after it, so it stands first.
    let lower = html.to_ascii_lowercase();
    let head = lower.find("<head").or_else(|| lower.find("<!doctype"));
    let at = head.and_then(|start| lower[start..].find('>').map(|end| start + end + 1));
    let (before, after) = html.split_at(at.unwrap_or(0));
    format!("{before}{tag}{after}").into_bytes().into()
}

/// What every host is told, in its own words.
struct Rules<'a> {
    /// Folders of which every file is named after its content, with a slash at both ends.
    immutable: BTreeSet<String>,
    /// Scripts at the root keep their names, and a stale one would outlive the site it belongs to.
    revalidated: Vec<String>,
    /// Old and new addresses.
    redirects: Vec<(&'a str, &'a str)>,
}

impl<'a> Rules<'a> {
    fn of(site: &Manifest, redirects: &'a [Redirect]) -> Self {
        let mut immutable = BTreeSet::new();
        let mut mixed = BTreeSet::new();
        let mut revalidated = Vec::new();
        for Entry { path, .. } in site {
            let (folder, name) = match path.as_str().rsplit_once('/') {
                Some((folder, name)) => (format!("/{folder}/"), name),
                None => ("/".to_owned(), path.as_str()),
            };
            if folder == "/" && path.extension() == "js" {
                revalidated.push(format!("/{name}"));
            }
            let is_named_after_content = match folder.as_str() {
                "/assets/" => name.split('.').any(is_digest),
                "/search/files/" => name.split('-').next().is_some_and(is_digest),
                _ => false,
            };
            let set = if is_named_after_content { &mut immutable } else { &mut mixed };
            set.insert(folder);
        }
        let immutable = immutable.difference(&mixed).cloned().collect();
        let mut redirects: Vec<_> = redirects
            .iter()
            .map(|redirect| (redirect.from.as_str(), redirect.to.as_str()))
            .collect();
        redirects.sort_unstable();
        Self { immutable, revalidated, redirects }
    }

    /// `_headers`. What keeps its name has the host's own rule, `max-age=0, must-revalidate`: a second
    /// `Cache-Control` for the same file would be joined to the first with a comma.
    fn header_file(&self) -> String {
        let mut text = String::from("/*\n");
        for (name, value) in HEADERS.into_iter().chain([TRANSPORT]) {
            writeln!(text, "  {name}: {value}").expect(INFALLIBLE);
        }
        for (path, value) in self.caching("*") {
            writeln!(text, "{path}\n  Cache-Control: {value}").expect(INFALLIBLE);
        }
        text
    }

    /// Paths that do not have the host's own rule, with their `Cache-Control`.
    fn caching(&self, any: &str) -> Vec<(String, &'static str)> {
        let immutable = self.immutable.iter().map(|folder| (format!("{folder}{any}"), IMMUTABLE));
        let revalidated = self.revalidated.iter().map(|path| (path.clone(), REVALIDATED));
        immutable.chain(revalidated).collect()
    }

    /// `_redirects`. Netlify shows a file rather than redirect from its address unless the status has
    /// an exclamation mark, and each old address has a page for hosts that cannot redirect.
    fn redirect_file(&self, status: &str) -> String {
        let mut text = String::new();
        for (from, to) in &self.redirects {
            writeln!(text, "{from} {to} {status}").expect(INFALLIBLE);
        }
        text
    }

    /// `vercel.json`. Without `trailingSlash` the address of a page without its slash would show the
    /// page, whose relative links then lead astray.
    fn vercel(&self) -> String {
        let header = |name: &str, value: &str| serde_json::json!({ "key": name, "value": value });
        let all: Vec<_> = HEADERS
            .into_iter()
            .chain([TRANSPORT])
            .map(|(name, value)| header(name, value))
            .collect();
        let mut headers = vec![serde_json::json!({ "source": "/(.*)", "headers": all })];
        headers.extend(self.caching("(.*)").into_iter().map(|(source, value)| {
            serde_json::json!({ "source": source, "headers": [header("Cache-Control", value)] })
        }));
        let redirects: Vec<_> = self
            .redirects
            .iter()
            .map(|(from, to)| {
                serde_json::json!({ "source": from, "destination": to, "statusCode": 301 })
            })
            .collect();
        let settings = serde_json::json!({
            "$schema": "https://openapi.vercel.sh/vercel.json",
            "trailingSlash": true,
            "headers": headers,
            "redirects": redirects,
        });
        serde_json::to_string_pretty(&settings).expect("strings always serialise") + "\n"
    }

    /// Blocks for a server block. A location with an `add_header` takes none from outside it, so each
    /// has all of them.
    fn nginx(&self, under: &str) -> String {
        let headers = |cache: &str| {
            let all = HEADERS.into_iter().chain([TRANSPORT, ("Cache-Control", cache)]);
            all.map(|(name, value)| format!("    add_header {name} \"{value}\" always;\n"))
                .collect::<String>()
        };
        let mut text = String::from(
            "# Written by askbook. In a server block: root /srv/guide; include /srv/guide/.askbook-nginx.conf;\n\n",
        );
        // A proxy in front of it may have another port.
        text.push_str("absolute_redirect off;\n");
        writeln!(text, "index index.html;\nerror_page 404 {under}/404.html;\ncharset utf-8;")
            .expect(INFALLIBLE);
        writeln!(text, "charset_types {COMPRESSED};").expect(INFALLIBLE);
        writeln!(text, "gzip on;\ngzip_vary on;\ngzip_min_length 512;\ngzip_types {COMPRESSED};\n")
            .expect(INFALLIBLE);
        let kept = headers(REVALIDATED);
        writeln!(text, "location {under}/ {{\n    try_files $uri $uri/ =404;\n{kept}}}")
            .expect(INFALLIBLE);
        writeln!(
            text,
            "location ~ \\.md$ {{\n    types {{}}\n    default_type text/markdown;\n{kept}}}"
        )
        .expect(INFALLIBLE);
        for folder in &self.immutable {
            let forever = headers(IMMUTABLE);
            writeln!(text, "location ^~ {under}{folder} {{\n    try_files $uri =404;\n{forever}}}")
                .expect(INFALLIBLE);
        }
        text.push_str("location ~ /\\.askbook {\n    return 404;\n}\n");
        for (from, to) in &self.redirects {
            writeln!(text, "location = {under}{from} {{\n    return 301 {under}{to};\n}}")
                .expect(INFALLIBLE);
        }
        text
    }

    /// Directives for a site block.
    fn caddy(&self, under: &str) -> String {
        let mut text = String::from(
            "# Written by askbook. In a site block: root * /srv/guide and import /srv/guide/.askbook-Caddyfile\n\n",
        );
        text.push_str("encode zstd gzip\nheader {\n");
        for (name, value) in HEADERS.into_iter().chain([TRANSPORT]) {
            writeln!(text, "\t{name} \"{value}\"").expect(INFALLIBLE);
        }
        text.push_str("}\n");
        let paths: Vec<_> =
            self.immutable.iter().map(|folder| format!("{under}{folder}*")).collect();
        if !paths.is_empty() {
            let paths = paths.join(" ");
            writeln!(text, "@named_after_content path {paths}\n@kept not path {paths}")
                .expect(INFALLIBLE);
            writeln!(text, "header @named_after_content Cache-Control \"{IMMUTABLE}\"")
                .expect(INFALLIBLE);
            writeln!(text, "header @kept Cache-Control {REVALIDATED}").expect(INFALLIBLE);
        }
        text.push_str(
            "@markdown path *.md\nheader @markdown Content-Type \"text/markdown; charset=utf-8\"\n",
        );
        for (from, to) in &self.redirects {
            writeln!(text, "redir {under}{from} {under}{to} 301").expect(INFALLIBLE);
        }
        text.push_str("file_server {\n\thide .askbook-*\n}\nhandle_errors {\n");
        writeln!(
            text,
            "\trewrite * {under}/404.html\n\theader Cache-Control {REVALIDATED}\n\tfile_server\n}}"
        )
        .expect(INFALLIBLE);
        text
    }
}

const INFALLIBLE: &str = "writing to a string cannot fail";

/// Ten digits of a digest, as stand in the names of assets and of files of search.
fn is_digest(part: &str) -> bool {
    part.len() == 10 && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(paths: &[&str]) -> Manifest {
        let path = |path: &&str| OutputPath::new(path).expect("a good path");
        let entry = |path| Entry { path, digest: [0; 32], size_bytes: 0 };
        paths.iter().map(path).map(entry).collect()
    }

    #[test]
    fn only_files_named_after_their_content_are_kept_for_ever() {
        let site = site(&[
            "assets/a.0123456789.css",
            "search/files/abcdef0123-t.idx",
            "search/root.idx",
            "search/index.html",
            "questions/abcdef0123/dot.png",
            "service-worker.js",
        ]);
        let rules = Rules::of(&site, &[]);
        let immutable: Vec<_> = rules.immutable.iter().map(String::as_str).collect();
        assert_eq!(immutable, ["/assets/", "/search/files/"]);
        assert_eq!(rules.revalidated, ["/service-worker.js"]);
    }

    #[test]
    fn a_folder_with_one_file_of_another_name_is_not_kept() {
        for paths in [
            &["assets/a.0123456789.css", "assets/robots.css"][..],
            &["search/files/index.html", "search/files/abcdef0123-t.idx"],
        ] {
            assert!(Rules::of(&site(paths), &[]).immutable.is_empty());
        }
    }

    #[test]
    fn the_policy_of_a_page_stands_before_everything_it_binds() {
        for (page, expected) in [
            ("<!doctype html><html><head><script src=a>", "<!doctype html><html><head><meta http-"),
            (
                "<!doctype html><HTML lang=en><HEAD lang=x><p>",
                "<HTML lang=en><HEAD lang=x><meta http-",
            ),
            ("<!doctype html><title>x</title>", "<!doctype html><meta http-"),
            ("<p>x", "<meta http-"),
        ] {
            let page = with_policy(&page.as_bytes().into());
            let html = String::from_utf8_lossy(&page);
            assert!(html.contains(expected), "{html}");
            assert!(
                html.contains("require-trusted-types-for") && !html.contains("frame-ancestors")
            );
        }
    }
}
