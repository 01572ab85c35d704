//! One binary for all integration tests: they share the builder of small guides and compile once.
//!
//! `SNAPSHOTS=overwrite cargo test --test suite` writes the expectations beside the tests anew.

mod broken;
mod commands;
mod commonmark;
mod dialogue;
mod drafts;
mod edits;
mod external;
mod faults;
mod fences;
mod fixes;
mod fuzz;
mod github;
mod help_wanted;
mod history;
#[cfg(unix)]
mod hostile;
mod hosts;
mod kills;
mod mistakes;
mod newcomer;
mod pages;
mod palette;
mod properties;
mod requests;
mod sample;
mod samples;
mod schema;
mod settings;
mod sources;
mod supply;
mod vectors;
mod wording;
