//! The floor under any generator: reads all Markdown of a folder, parses it to HTML and writes that.
//!
//! `cargo run --release --example floor -- FOLDER OUTPUT`; no template, no link, no colour, no index.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use pulldown_cmark::{Options, Parser, html};
use rayon::prelude::*;
use walkdir::WalkDir;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, output] = &arguments[..] else { return ExitCode::from(2) };
    let entries = WalkDir::new(folder).into_iter().map(|entry| entry.expect("a readable folder"));
    let files: Vec<PathBuf> = entries
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    files.par_iter().for_each(|path| {
        let inside = path.strip_prefix(folder).expect("a file of the folder");
        write(path, &Path::new(output).join(inside).with_extension(""));
    });
    ExitCode::SUCCESS
}

/// Writes the page of a file into a folder of its own, as askbook does.
fn write(source: &Path, folder: &Path) {
    let text = fs::read_to_string(source).expect("the file can be read");
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_GFM
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    let mut page = String::with_capacity(text.len() * 2);
    html::push_html(&mut page, Parser::new_ext(&text, options));
    fs::create_dir_all(folder).expect("the folder can be made");
    fs::write(folder.join("index.html"), page).expect("the page can be written");
}
