//! What `build --host` writes, for a real site: kept in `hosts/`, so that a change is seen.

use std::fs;
use std::path::Path;

use askbook::bundle::{Bundle, Entry};
use askbook::export::host::{Host, POLICY, files, prepared};
use askbook::path::OutputPath;

use crate::commands::{askbook, on_disk};
use crate::sample::{QUESTION, Sample};

/// A guide in which a question had two other addresses before.
fn moved() -> Sample {
    Sample::new().edit(
        QUESTION,
        "status =",
        "aliases = [\"/questions/inner-joins/\", \"/old/joins/\"]\nstatus =",
    )
}

fn hosted(host: Host, base_path: &str) -> Bundle {
    let built = moved().build();
    let (bundle, guide) = (built.bundle.expect("it is good"), built.guide.expect("it is good"));
    let site = bundle.files().map(|(path, bytes)| Entry::new(path.clone(), bytes)).collect();
    let own = files(&site, &guide.redirects, host, base_path).into_iter();
    let own = own.map(|(path, text)| (path, text.into_bytes().into()));
    let pages = bundle.files().map(|(path, bytes)| (path.clone(), prepared(path, bytes, host)));
    pages.chain(own).collect()
}

fn text(bundle: &Bundle, path: &str) -> String {
    let path = OutputPath::new(path).expect("a good path");
    let bytes = bundle.file(&path).unwrap_or_else(|| panic!("there is no {path}"));
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[test]
fn every_host_gets_what_it_reads() {
    let kept: &[(Host, &str, &[&str])] = &[
        (Host::Netlify, "netlify.txt", &["_headers", "_redirects"]),
        (Host::Cloudflare, "cloudflare.txt", &["_headers", "_redirects"]),
        (Host::Vercel, "vercel.txt", &["vercel.json"]),
        (Host::Github, "github.txt", &[".nojekyll"]),
        (Host::Nginx, "nginx.txt", &[".askbook-nginx.conf"]),
        (Host::Caddy, "caddy.txt", &[".askbook-Caddyfile"]),
    ];
    let hosts: Vec<Host> = kept.iter().map(|(host, ..)| *host).collect();
    assert_eq!(hosts, Host::ALL);
    let expectations = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/hosts");
    for (host, name, files) in kept {
        let site = hosted(*host, "/");
        let mut told = String::new();
        for file in *files {
            told.push_str(&format!("==> {file}\n{}", text(&site, file)));
        }
        let expected = snapbox::Data::read_from(&expectations.join(name), None);
        snapbox::assert_data_eq!(told, expected);
        let others = site.files().len() - hosted(Host::Github, "/").files().len() + 1;
        assert_eq!(others, files.len(), "{host:?} gets these files and no other");
    }
}

#[test]
fn hosts_of_ones_own_serve_below_a_path() {
    let nginx = text(&hosted(Host::Nginx, "/guide/"), ".askbook-nginx.conf");
    for part in [
        "error_page 404 /guide/404.html;",
        "location /guide/ {",
        "location ^~ /guide/assets/ {",
        "location = /guide/old/joins/ {\n    return 301 /guide/questions/joins/;",
    ] {
        assert!(nginx.contains(part), "{part} is not in\n{nginx}");
    }
    let caddy = text(&hosted(Host::Caddy, "/guide/"), ".askbook-Caddyfile");
    for part in ["/guide/assets/*", "redir /guide/old/joins/ /guide/questions/joins/ 301"] {
        assert!(caddy.contains(part), "{part} is not in\n{caddy}");
    }
}

#[test]
fn what_may_be_kept_for_ever_is_named_after_its_content() {
    for (path, bytes) in hosted(Host::Netlify, "/").files() {
        let Some(name) = path.as_str().strip_prefix("assets/") else { continue };
        let digest = name.rsplit('.').nth(1).expect("a digest before the extension");
        assert_eq!(blake3::hash(bytes).to_hex()[..10], *digest, "{path}");
    }
    // A change of the content gives the index another folder.
    let folder = |sample: Sample| {
        let bundle = sample.build().bundle.expect("it is good");
        let file = bundle.files().find(|(path, _)| path.extension() == "idx").expect("an index");
        file.0.as_str().to_owned()
    };
    let other = Sample::new().edit(QUESTION, "### Meaning\n", "### Meaning\n\nZeugma.\n");
    assert_ne!(folder(Sample::new()), folder(other));
}

#[test]
fn on_github_every_page_carries_the_policy_itself() {
    let mut pages = 0;
    for (path, bytes) in hosted(Host::Github, "/").files() {
        if path.extension() != "html" {
            continue;
        }
        pages += 1;
        let html = String::from_utf8_lossy(bytes);
        let policy = html.find("http-equiv=\"Content-Security-Policy\"").expect("a policy");
        for later in ["<script", "<link", "<style", "<meta charset"] {
            assert!(html.find(later).is_none_or(|at| at > policy), "{later} comes first in {path}");
        }
        assert!(!html.contains("frame-ancestors"), "{path}");
    }
    assert!(pages > 10, "{pages}");
}

#[test]
fn a_site_for_a_host_is_published_whole_and_replaced_by_one_for_another() {
    let guide = on_disk(&moved());
    let public = guide.path().join("public");
    for (host, there, gone) in [
        ("netlify", "_redirects", "vercel.json"),
        ("vercel", "vercel.json", "_redirects"),
        ("nginx", ".askbook-nginx.conf", "vercel.json"),
    ] {
        let output = askbook(guide.path(), &["build", "--host", host]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(public.join(there).is_file(), "{there}");
        assert!(!public.join(gone).exists(), "{gone}");
    }
}

#[test]
fn the_settings_of_netlify_ask_for_its_files_and_repeat_none_of_them() {
    for path in ["netlify.toml", "src/scaffold/guide/netlify.toml"] {
        let text = fs::read_to_string(path).expect("readable");
        let settings: toml::Table = text.parse().expect("it is TOML");
        let command = settings["build"]["command"].as_str().expect("a command");
        assert!(command.ends_with("build --host netlify"), "{path}: {command}");
        assert_eq!(settings["build"]["publish"].as_str(), Some("public"), "{path}");
        // A second list of headers would one day differ from the first.
        assert!(!settings.contains_key("headers") && !settings.contains_key("redirects"), "{path}");
    }
}

#[test]
fn the_policy_in_the_documentation_is_the_one_that_is_sent() {
    let text = fs::read_to_string("content/guide/publishing.md").expect("readable");
    assert!(text.contains(&format!("`{POLICY}`")), "publishing.md shows another policy");
}
