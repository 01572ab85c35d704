//! Writes a guide of any size to a folder: `cargo run --release --example make_guide -- DIR PAGES`.

#[path = "../benches/maker/mod.rs"]
mod maker;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use maker::Maker;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, pages] = &arguments[..] else { return ExitCode::from(2) };
    let Ok(pages) = pages.parse() else { return ExitCode::from(2) };
    for (path, text) in (Maker { seed: 1, pages }).files() {
        let path = Path::new(folder).join(path);
        let above = path.parent().expect("a file of a guide stands in a folder");
        fs::create_dir_all(above).expect("the folder can be made");
        fs::write(&path, text).expect("the file can be written");
    }
    ExitCode::SUCCESS
}
