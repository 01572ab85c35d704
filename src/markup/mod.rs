//! From events to HTML and to plain text.
//!
//! Takes the safe events of a document and the destinations of its links, gives the text that
//! stands in a page. It never sees a template and decides no address.

mod code;
mod columns;
mod html;
mod page;
mod terms;
mod title;

pub use code::{highlight, highlight_all};
pub use html::{Dress, Plain, write_whole};
pub use page::{Fragments, PageDress};
pub use title::Title;

/// Text with the characters that HTML reads as markup escaped, for element content and attributes.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    pulldown_cmark_escape::escape_html(&mut escaped, text)
        .expect("writing to a string cannot fail");
    escaped
}

/// An address with the characters that URLs do not have percent-encoded, for attributes.
pub fn escaped_href(address: &str) -> String {
    let mut escaped = String::with_capacity(address.len());
    pulldown_cmark_escape::escape_href(&mut escaped, address)
        .expect("writing to a string cannot fail");
    escaped
}
