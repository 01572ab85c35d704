//! What is said of settings that are not understood.

use crate::sample::Sample;

#[test]
fn an_unknown_setting_lists_the_known_ones() {
    let told = askbook::diagnostic::write(
        &Sample::new().append("askbook.toml", "\n[lists]\nzzz = 1\n").findings(),
        askbook::diagnostic::Format::Plain,
    );
    assert!(told.contains("`page_size`, `feed_size`, `sidebar_size`"), "{told}");
}
