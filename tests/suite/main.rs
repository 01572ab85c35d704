//! One binary for all integration tests: they share the builder of small guides and compile once.
//!
//! `SNAPSHOTS=overwrite cargo test --test suite` writes the expectations beside the tests anew.

mod commands;
mod commonmark;
mod dialogue;
mod fences;
mod fixes;
mod github;
mod hosts;
mod kills;
mod mistakes;
mod pages;
mod palette;
mod properties;
mod sample;
mod samples;
mod schema;
mod settings;
mod vectors;
mod wording;
