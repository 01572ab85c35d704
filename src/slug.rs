//! Slugs: the lower-case words with hyphens that name pages, terms and anchors.
//!
//! Takes any text, gives a slug; knows nothing of where the slug will be used.

use std::collections::BTreeMap;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Whether `text` is `[a-z0-9]+(-[a-z0-9]+)*`.
pub fn is_slug(text: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    text.split('-').all(is_word)
}

/// The slug of `text`: marks stripped, lower case, everything but letters and digits a hyphen.
///
/// Letters outside ASCII stay, so that headings in any script have readable anchors.
pub fn slugify(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if matches!(c, '\'' | '’') {
            // An apostrophe belongs to its word: "don't" is one word, not two.
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// Hands out anchors that are unique on one page.
#[derive(Debug, Default)]
pub struct Anchors(BTreeMap<String, usize>);

impl Anchors {
    /// `wanted`, or `wanted-2`, `wanted-3`, … if it is taken.
    pub fn claim(&mut self, wanted: &str) -> String {
        let wanted = if wanted.is_empty() { "section" } else { wanted };
        let Some(last) = self.0.get(wanted).copied() else {
            self.0.insert(wanted.to_owned(), 1);
            return wanted.to_owned();
        };
        // Counting on from the last number keeps a page of equal headings linear.
        let mut count = last + 1;
        while self.0.contains_key(&format!("{wanted}-{count}")) {
            count += 1;
        }
        let anchor = format!("{wanted}-{count}");
        self.0.insert(wanted.to_owned(), count);
        self.0.insert(anchor.clone(), 1);
        anchor
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn punctuation_and_marks_fall_away() {
        assert_eq!(slugify("What does C++'s `new` do?"), "what-does-c-s-new-do");
        assert_eq!(slugify("Café — naïve"), "cafe-naive");
        assert_eq!(slugify("索引"), "索引");
        assert_eq!(slugify("!?"), "");
    }

    #[test]
    fn anchors_of_one_page_differ() {
        let mut anchors = Anchors::default();
        let claimed: Vec<_> =
            ["a", "a", "a-2", "a", ""].iter().map(|wanted| anchors.claim(wanted)).collect();
        assert_eq!(claimed, ["a", "a-2", "a-2-2", "a-3", "section"]);
    }

    proptest! {
        #[test]
        fn slugs_are_idempotent(text in "\\PC{0,40}") {
            let once = slugify(&text);
            prop_assert_eq!(slugify(&once), once);
        }

        #[test]
        fn anchors_never_repeat(wanted in proptest::collection::vec("[ab]{0,2}(-[12])?", 0..30)) {
            let mut anchors = Anchors::default();
            let claimed: Vec<_> = wanted.iter().map(|w| anchors.claim(w)).collect();
            let distinct: std::collections::BTreeSet<_> = claimed.iter().collect();
            prop_assert_eq!(distinct.len(), claimed.len());
        }
    }
}
