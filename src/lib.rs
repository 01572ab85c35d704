//! askbook builds *question guides*: static sites whose pages are interview questions.
//!
//! # One sentence
//!
//! Files become **Documents**, Documents become a **Guide**, the Guide becomes a **Plan**, the Plan
//! becomes finished files on a **Shelf**, and what is on the shelf is published.
//!
//! ```text
//!  disk ─ source::discover ─▶ Sources ─ document::parse (per file, parallel) ─▶ Documents
//!                               ├ config::load ─▶ Config                          │
//!                               └ theme::load ──▶ Theme             guide::assemble ▼
//!                                                   │                           Guide ─ rules::check
//!                            plan::plan ◀───────────┴────────────────────────────┤
//!                                 ▼                                               │
//!                               Plan ── render::render (per output, parallel) ─▶ pages
//!                                       search::index(&Guide), beside them ────▶ index
//!             finish::page (compact), offline::files, finish::manifest (landings) ─▶ files, Manifest
//!  disk ◀── publish::Staging (atomic) ◀── a Shelf, on which each file is put ──────┤
//!  browser ◀── serve (the same files, in a Bundle) ────────────────────────────────┘
//! ```
//!
//! [`pipeline::read`] and [`pipeline::build`] read as that list; while an author types, `serve` shows the
//! one page that a [`pipeline::Standing`] makes ahead of it. Everything between `discover` and
//! `publish` is a function from values to a value: no disk, no clock, no environment. Files leave it
//! one by one, as soon as each is final, so that a site need not fit into memory.
//!
//! # Where to begin
//!
//! | To add | Look at | Then |
//! |---|---|---|
//! | a field of front matter | [`document::QuestionMatter`] | `document/fields.rs` declares it, `document/front_matter.rs` reads it, `render/view.rs` shows it to templates |
//! | a check | [`rules`] | a [`diagnostic::Code`], its lines in `diagnostic/example.rs`, a function in `rules/`, a case in `tests/suite/mistakes.rs` |
//! | an output format | [`export`] | one file with one function, its lines in [`export::Format`] |
//! | a value for templates | [`render::view`] | the file of `render/` that fills it |
//! | a rule of search | [`search::analysis`] | both implementations and `tests/search/vectors.json` |
//! | a setting | [`config`] | `config/fields.rs`, `config/mod.rs`, and its line in `content/guide/settings.md` |
//! | a command | [`commands`] | its words in [`cli`], its file in `commands/` |
//!
//! # Floors
//!
//! A module uses only modules of lower floors, or those before it on its own floor. `tests/house.rs`
//! holds the list and checks it.
//!
//! 1. [`path`], [`text`], [`slug`], [`date`] – names, places, days
//! 2. [`diagnostic`], [`bundle`], [`cache`], [`field`], [`table`] – findings, finished files, kept results, keys of tables, strict TOML
//! 3. [`source`], [`drawing`] – the only reader; SVG made safe
//! 4. [`document`] – one page as written
//! 5. [`config`] – settings
//! 6. [`guide`], [`theme`] – everything together; templates and assets
//! 7. [`figures`], [`markup`], [`rules`] – what a guide covers; HTML; what a guide should hold
//! 8. [`export`], [`search`] – files for programs; the index that browsers search
//! 9. [`plan`] – every output path, once
//! 10. [`render`] – views, filled into templates
//! 11. [`finish`], [`offline`], [`publish`], [`mend`] – minified and landed; what browsers may keep; on
//!     disk, atomically; fixes, likewise
//! 12. [`pipeline`] – the stages
//! 13. [`external`], [`project`], [`samples`], [`scaffold`], [`schema`], [`serve`] – links to other sites,
//!     asked; a guide on disk; code samples, run; texts for beginners; keys for editors; the guide in a browser
//! 14. [`cli`], [`commands`] – words, and what they do
//!
//! # Invariants
//!
//! 1. A `Document` depends on its own file's bytes and the Markdown limits, on nothing else.
//! 2. No value is edited after the stage that made it has returned.
//! 3. Only `source` (and `init`, `new`) read the project; only `publish`, `mend` and `cache` (and
//!    `init`, `new`) write; only `serve` and `main` know the clock, the network or the terminal, and only
//!    `external` asks other machines, when `check --external` wants it; nothing in the library prints.
//! 4. An output path is claimed once, with the origin that asked for it.
//! 5. Same sources, same bytes: any machine, any number of threads, warm or cold cache, any folder,
//!    locale or time zone.
//! 6. If anything found is an error, nothing is published and the last good site stays as it was.
//! 7. A template sees views and a few pure functions, never the model. Content is data: it is never
//!    evaluated as a template.
//! 8. No placeholder text. Markdown stays events with spans until every address is known; links are
//!    recorded when parsed, resolved when the guide is assembled, and written once.
//!
//! # Trust
//!
//! Contributors are strangers. What reaches a page has passed one boundary
//! ([`document::read_markdown`]), one rewriter of drawings ([`drawing::rewrite`]), and Tera's
//! escaping; deep or endless input is refused before anything recursive sees it. What a host sends with
//! pages, first of all the content policy, is written by [`export::host`].

pub mod bundle;
pub mod cache;
pub mod cli;
pub mod commands;
pub mod config;
pub mod date;
pub mod diagnostic;
pub mod document;
pub mod drawing;
pub mod export;
pub mod external;
pub mod field;
pub mod figures;
pub mod finish;
pub mod guide;
pub mod markup;
pub mod mend;
pub mod offline;
pub mod path;
pub mod pipeline;
pub mod plan;
pub mod project;
pub mod publish;
pub mod render;
pub mod rules;
pub mod samples;
pub mod scaffold;
pub mod schema;
pub mod search;
pub mod serve;
pub mod slug;
pub mod source;
pub mod table;
pub mod text;
pub mod theme;
