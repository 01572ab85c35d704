//! Words of English that search treats each in its own way: irregular forms, and words that say little.
//!
//! Takes folded words in lower case, gives what is known of them. `search-core.js` has the same lists,
//! and a test compares them.

/// Plurals and forms that the stemmer does not bring together, and their stems; sorted.
const IRREGULARS: [(&str, &str); 18] = [
    ("appendices", "appendix"),
    ("axes", "axi"),
    ("began", "begin"),
    ("begun", "begin"),
    ("children", "child"),
    ("criteria", "criterion"),
    ("indexes", "index"),
    ("indices", "index"),
    ("matrices", "matrix"),
    ("mice", "mous"),
    ("people", "person"),
    ("queries", "queri"),
    ("ran", "run"),
    ("schemata", "schema"),
    ("sent", "send"),
    ("vertices", "vertex"),
    ("written", "write"),
    ("wrote", "write"),
];

/// Words of English that say little, sorted: found, but nearly without weight.
const STOP_WORDS: [&str; 81] = [
    "a", "about", "am", "an", "and", "are", "as", "at", "be", "been", "between", "but", "by",
    "can", "could", "did", "do", "does", "for", "from", "had", "has", "have", "he", "her", "his",
    "how", "i", "if", "in", "into", "is", "it", "its", "me", "might", "must", "my", "no", "not",
    "of", "on", "or", "our", "ours", "she", "should", "so", "some", "such", "than", "that", "the",
    "their", "them", "then", "there", "these", "they", "this", "to", "up", "us", "was", "we",
    "were", "what", "when", "where", "whether", "which", "while", "who", "whom", "why", "will",
    "with", "would", "you", "your", "yours",
];

/// Stop words that words are made with: `log in`, `on call`, `no sql`; sorted.
const PARTICLES: [&str; 6] = ["by", "in", "no", "on", "to", "up"];

/// The stem of an irregular form.
pub(super) fn irregular(word: &str) -> Option<&'static str> {
    let found = IRREGULARS.binary_search_by(|(form, _)| (*form).cmp(word));
    found.ok().map(|at| IRREGULARS[at].1)
}

/// Whether a word says next to nothing.
pub(super) fn is_stop_word(surface: &str) -> bool {
    STOP_WORDS.binary_search(&surface).is_ok()
}

/// Whether a stop word is one that words are made with.
pub(super) fn is_particle(surface: &str) -> bool {
    PARTICLES.binary_search(&surface).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_for_looking_up() {
        assert!(IRREGULARS.is_sorted());
        assert!(STOP_WORDS.is_sorted());
        assert!(PARTICLES.is_sorted());
    }
}
