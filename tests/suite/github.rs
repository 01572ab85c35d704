//! What stands in `.github`: forms that the report link fills in, workflows that may only read.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use yaml_rust2::{Yaml, YamlLoader};

use crate::commands::{askbook, on_disk};
use crate::sample::Sample;

fn files(folder: &str) -> Vec<(String, Yaml)> {
    let mut files: Vec<(String, Yaml)> = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.expect("readable").into_path())
        .filter(|path| path.extension().is_some_and(|name| name == "yml" || name == "yaml"))
        .map(|path| (path.to_string_lossy().into_owned(), yaml(&path)))
        .collect();
    files.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(!files.is_empty(), "{folder} has no YAML");
    files
}

fn yaml(path: &Path) -> Yaml {
    let text = fs::read_to_string(path).expect("readable");
    let mut documents = YamlLoader::load_from_str(&text)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(documents.len(), 1, "{}", path.display());
    documents.remove(0)
}

fn texts(list: &Yaml) -> Vec<&str> {
    list.as_vec().into_iter().flatten().filter_map(Yaml::as_str).collect()
}

#[test]
fn every_form_has_known_labels_and_distinct_fields() {
    let labels = yaml(Path::new(".github/labels.yml"));
    let labels: BTreeSet<&str> =
        labels.as_vec().into_iter().flatten().filter_map(|label| label["name"].as_str()).collect();
    assert!(labels.len() > 3, "{labels:?}");
    for (name, form) in files(".github/ISSUE_TEMPLATE") {
        if name.ends_with("config.yml") {
            continue;
        }
        assert!(
            form["name"].as_str().is_some() && form["description"].as_str().is_some(),
            "{name}"
        );
        for label in texts(&form["labels"]) {
            assert!(labels.contains(label), "{name}: {label}");
        }
        let fields = form["body"].as_vec().expect("a form has fields");
        let ids: Vec<&str> = fields.iter().filter_map(|field| field["id"].as_str()).collect();
        assert_eq!(ids.len(), fields.len(), "{name}: every field has an id");
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{name}");
        for field in fields {
            assert!(field["attributes"]["label"].as_str().is_some(), "{name}: a field has a label");
        }
    }
}

#[test]
fn the_report_link_fills_in_fields_that_the_form_has() {
    let page = Sample::new().published("questions/joins/index.html");
    let link = page.split("https://code.example/guide/issues/new?").nth(1).expect("a report link");
    let query = link.split(['"', ' ', '>']).next().expect("an address").replace("&amp;", "&");
    let mut parameters: Vec<(&str, &str)> =
        query.split('&').filter_map(|parameter| parameter.split_once('=')).collect();
    let (key, template) = parameters.remove(0);
    assert_eq!(key, "template");
    let form = yaml(&Path::new(".github/ISSUE_TEMPLATE").join(template));
    let fields = form["body"].as_vec().expect("fields");
    let ids: BTreeSet<&str> = fields.iter().filter_map(|field| field["id"].as_str()).collect();
    let filled: BTreeSet<&str> = parameters.iter().map(|(key, _)| *key).collect();
    assert_eq!(filled, BTreeSet::from(["title", "page", "body"]));
    assert!(ids.contains("page"), "{ids:?}");
}

#[test]
fn workflows_pin_what_they_use_and_may_only_read() {
    for (name, workflow) in files(".github/workflows") {
        assert_eq!(workflow["permissions"]["contents"].as_str(), Some("read"), "{name}");
        assert_eq!(workflow["permissions"].as_hash().map(|map| map.len()), Some(1), "{name}");
        let jobs = workflow["jobs"].as_hash().expect("jobs");
        for (job_name, job) in jobs {
            let job_name = job_name.as_str().expect("a name");
            assert!(job["timeout-minutes"].as_i64().is_some(), "{name}: {job_name} may hang");
            let steps = job["steps"].as_vec().expect("steps");
            let uses: Vec<&str> = steps.iter().filter_map(|step| step["uses"].as_str()).collect();
            for action in &uses {
                let (_, digest) = action.split_once('@').expect("a version");
                let is_digest = digest.len() == 40 && digest.chars().all(|c| c.is_ascii_hexdigit());
                assert!(is_digest, "{name}: {action} is not pinned");
            }
            if let Some(permissions) = job["permissions"].as_hash() {
                // Whoever may publish runs nothing of this repository: it is not even there.
                let used: Vec<&str> =
                    uses.iter().filter_map(|action| action.split('@').next()).collect();
                let expected: &[&str] = match (name.as_str(), job_name) {
                    (".github/workflows/pages.yml", "deploy") => &["actions/deploy-pages"],
                    (".github/workflows/release.yml", "publish") => {
                        &["actions/download-artifact", "actions/attest-build-provenance"]
                    }
                    other => panic!("{other:?} may do more than read: {permissions:?}"),
                };
                assert_eq!(used, expected, "{name}: {job_name}");
                let runs = steps.iter().filter_map(|step| step["run"].as_str());
                for run in runs {
                    assert!(!run.contains("./") && !run.contains("${{"), "{name} runs {run}");
                }
            }
        }
        let text = fs::read_to_string(&name).expect("readable");
        assert!(!text.contains("secrets."), "{name} uses a secret");
        assert!(!text.contains("pull_request_target"), "{name} trusts a stranger's branch");
        let checkouts = text.matches("actions/checkout@").count();
        assert_eq!(checkouts, text.matches("persist-credentials: false").count(), "{name}");
    }
}

/// GitHub Pages sends no headers of ours: without these words the site has no content policy.
#[test]
fn the_site_is_published_with_what_its_host_reads() {
    let pages = fs::read_to_string(".github/workflows/pages.yml").expect("readable");
    assert!(pages.contains("askbook build --host github --base-url "), "{pages}");
    let netlify = fs::read_to_string("netlify.toml").expect("readable");
    assert!(netlify.contains(" build --host netlify\""), "{netlify}");
}

/// It needs nothing but what every Unix has, and nobody reads a job summary that is always the same.
#[cfg(unix)]
#[test]
fn the_report_counts_what_was_published_and_where_it_links() {
    let guide = on_disk(&Sample::new());
    assert!(askbook(guide.path(), &["build"]).status.success());
    let report = Command::new(".github/report").arg(guide.path().join("public")).output();
    let report = report.expect("bash is there");
    let text = String::from_utf8_lossy(&report.stdout).into_owned();
    assert!(report.status.success(), "{text}{}", String::from_utf8_lossy(&report.stderr));
    let row = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(&format!("| {name} | ")));
        line.unwrap_or_else(|| panic!("no row {name} in\n{text}")).to_owned()
    };
    assert!(row("Questions").starts_with("| Questions | 2 | "), "{text}");
    assert!(row("Questions").contains("`questions/"), "{text}");
    let (pages, _) = crate::commands::site(&guide.path().join("public"))
        .into_iter()
        .partition::<Vec<_>, _>(|(path, _)| path.ends_with(".html"));
    let others = format!("| Other pages | {} | ", pages.len() - 2);
    assert!(row("Other pages").starts_with(&others), "{text}");
    assert!(row("Style sheets").contains("assets/"), "{text}");
    // Two questions with two sources each from there.
    assert_eq!(row("www.postgresql.org"), "| www.postgresql.org | 4 |", "{text}");
}

#[test]
fn every_owner_is_a_team_of_the_repository_that_contributors_are_told_of() {
    let owners = fs::read_to_string(".github/CODEOWNERS").expect("readable");
    let contributing = fs::read_to_string("CONTRIBUTING.md").expect("readable");
    let table = |path: &str| -> toml::Table {
        fs::read_to_string(path).expect("readable").parse().expect("TOML")
    };
    let (settings, package) = (table("askbook.toml"), table("Cargo.toml"));
    let repository = settings["repository"]["url"].as_str().expect("an address");
    assert_eq!(package["package"]["repository"].as_str(), Some(repository));
    let organisation = repository.rsplit('/').nth(1).expect("an organisation");
    let named: BTreeSet<&str> = owners
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| line.split_whitespace().skip(1))
        .collect();
    let (_, section) = contributing.split_once("## Owners\n").expect("a section");
    let sentence = section.split("have to be made").next().expect("a list of teams");
    let teams = sentence.split_once("The teams").expect("a list of teams").1;
    let told: BTreeSet<String> =
        teams.split('`').skip(1).step_by(2).map(|team| format!("@{organisation}/{team}")).collect();
    assert_eq!(named, told.iter().map(String::as_str).collect::<BTreeSet<_>>());
}

#[test]
fn every_topic_has_an_owner() {
    let owners = fs::read_to_string(".github/CODEOWNERS").expect("readable");
    let topics: toml::Table =
        toml::from_str(include_str!("../../content/topics.toml")).expect("TOML");
    for topic in topics["topic"].as_array().expect("topics") {
        let (slug, group) = (topic["slug"].as_str(), topic["group"].as_str());
        let line = owners.lines().find(|line| {
            line.split(' ').next()
                == slug.map(|slug| format!("/content/questions/{slug}/")).as_deref()
        });
        let owner = line.and_then(|line| line.split_whitespace().last());
        assert_eq!(owner, group.map(|group| format!("@askbook/{group}")).as_deref(), "{slug:?}");
    }
    assert_eq!(
        owners.matches("/content/questions/").count(),
        topics["topic"].as_array().map_or(0, Vec::len)
    );
}
