//! The settings page of the guide names every key that the settings have, and no other list exists.

use crate::sample::Sample;

#[test]
fn an_unknown_setting_lists_the_known_ones() {
    let told = askbook::diagnostic::write(
        &Sample::new().append("askbook.toml", "\n[lists]\nzzz = 1\n").findings(),
        askbook::diagnostic::Format::Plain,
    );
    assert!(told.contains("`page_size`, `feed_size`, `sidebar_size`"), "{told}");
}

#[test]
fn every_key_is_documented_in_the_guide() {
    let page = include_str!("../../content/guide/settings.md");
    let source = include_str!("../../src/config/mod.rs");
    let before_tests = source.split("#[cfg(test)]").next().expect("there is code");
    let mut keys = 0;
    for call in ["string(", "text(&mut table, ", "table(", "count(&mut table, ", "required_string("]
    {
        for rest in before_tests.split(call).skip(1) {
            let Some(key) =
                rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next())
            else {
                continue;
            };
            keys += 1;
            assert!(
                page.contains(&format!("`{key}`")) || page.contains(&format!("[{key}]")),
                "`{key}` is not documented"
            );
        }
    }
    assert!(keys > 15, "the test found only {keys} keys: mend the test");
}
