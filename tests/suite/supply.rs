//! What may come into the tree of packages.

use std::collections::BTreeSet;
use std::fs;

#[test]
fn every_package_comes_from_the_registry_with_its_digest_or_is_a_patch_that_says_why() {
    let lock: toml::Table =
        fs::read_to_string("Cargo.lock").expect("readable").parse().expect("it is TOML");
    let ours = fs::read_to_string("Cargo.toml").expect("readable");
    let ours: toml::Table = ours.parse().expect("it is TOML");
    let patched = ours["patch"]["crates-io"].as_table().expect("a table");
    for (name, place) in patched {
        let folder = place["path"].as_str().expect("a folder of the repository");
        assert_eq!(folder, format!("patches/{name}"));
        for told in ["README.md", "LICENSE"] {
            assert!(fs::exists(format!("{folder}/{told}")).expect("readable"), "{folder}/{told}");
        }
    }
    let packages = lock["package"].as_array().expect("a list");
    assert!(packages.len() > 100, "{}", packages.len());
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        let Some(source) = package.get("source") else {
            let is_ours = name == "askbook" || patched.contains_key(name);
            assert!(is_ours, "{name} comes from a folder that `Cargo.toml` does not name");
            continue;
        };
        let registry = "registry+https://github.com/rust-lang/crates.io-index";
        assert_eq!(source.as_str(), Some(registry), "{name}");
        assert!(package["checksum"].as_str().is_some_and(|digest| digest.len() == 64), "{name}");
    }
}

#[test]
fn every_accepted_advisory_has_its_reason() {
    let policy: toml::Table =
        fs::read_to_string("deny.toml").expect("readable").parse().expect("it is TOML");
    let accepted = policy["advisories"].get("ignore").and_then(|list| list.as_array());
    for advisory in accepted.into_iter().flatten() {
        let id = advisory.get("id").and_then(|id| id.as_str()).expect("an id, not a bare string");
        let reason = advisory.get("reason").and_then(|reason| reason.as_str());
        assert!(reason.is_some_and(|reason| reason.len() > 30), "{id} has no reason");
    }
    let denied: BTreeSet<&str> = ["unknown-registry", "unknown-git"].into();
    for key in denied {
        assert_eq!(policy["sources"][key].as_str(), Some("deny"), "{key}");
    }
    assert_eq!(policy["bans"]["wildcards"].as_str(), Some("deny"));
}

#[test]
fn nothing_of_ours_runs_while_the_program_is_compiled() {
    // A build script could download; the theme is embedded by a macro that reads one folder.
    assert!(!fs::exists("build.rs").expect("readable"));
}
