//! One binary for all integration tests: they share the builder of small guides and compile once.

mod commands;
mod commonmark;
mod golden;
mod mistakes;
mod pages;
mod palette;
mod properties;
mod sample;
mod settings;
