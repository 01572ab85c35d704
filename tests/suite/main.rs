//! One binary for all integration tests: they share the builder of small guides and compile once.

mod commonmark;
mod mistakes;
mod sample;
