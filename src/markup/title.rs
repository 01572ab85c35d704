//! Titles: one line of Markdown in front matter, as HTML and as plain text.

use pulldown_cmark::Event;

use super::escaped;
use crate::document::read_markdown;

/// A title in both forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// With `<code>` around what stood between back-ticks.
    pub html: String,
    /// Without markup.
    pub text: String,
}

impl Title {
    /// Reads a title; only code is marked up in it, everything else is text.
    pub fn new(markdown: &str) -> Self {
        let (events, _) = read_markdown(markdown);
        let mut title = Self { html: String::new(), text: String::new() };
        for (event, _) in &events {
            match event {
                Event::Code(code) => {
                    title.html.push_str(&format!("<code>{}</code>", escaped(code)));
                    title.text.push_str(code);
                }
                Event::Text(text) => {
                    title.html.push_str(&escaped(text));
                    title.text.push_str(text);
                }
                Event::SoftBreak | Event::HardBreak => {
                    title.html.push(' ');
                    title.text.push(' ');
                }
                _ => {}
            }
        }
        title
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_shows_code_and_escapes_the_rest() {
        let title = Title::new("Is `a < b` <i>true</i> for 'x' & \"y\"?");
        assert_eq!(title.text, "Is a < b <i>true</i> for 'x' & \"y\"?");
        assert!(title.html.starts_with("Is <code>a &lt; b</code> &lt;i&gt;true"));
    }
}
