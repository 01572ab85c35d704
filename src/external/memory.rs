//! Answers of earlier days.
//!
//! Takes an address and a day, gives what was learnt not long before; the day is part of an answer's key,
//! so that what has grown too old is not found, and with the next saving is gone.

use super::Answer;
use crate::cache::{Cache, Key};

/// The days for which an answer holds after that on which it was given.
const DAYS: u64 = 7;

fn key(url: &str, day: u64) -> Key {
    Key::new("external link", &[url.as_bytes(), &day.to_le_bytes()])
}

/// The answer of this day or one of the days before it; that something is missing holds for its day alone.
pub(super) fn find(known: &Cache, url: &str, day: u64) -> Option<Answer> {
    let given = |back: u64| Some((back, known.find(key(url, day.checked_sub(back)?))?));
    let (back, text) = (0..=DAYS).find_map(given)?;
    let (kind, rest) = text.split_once(' ')?;
    match (kind, back) {
        ("there", _) => Some(Answer::There),
        ("moved", _) => Some(Answer::Moved(rest.to_owned())),
        ("gone", 0) => Some(Answer::Gone(rest.to_owned())),
        _ => None,
    }
}

/// Keeps what is certain: that something could not be learnt is not.
pub(super) fn keep(known: &Cache, url: &str, day: u64, answer: &Answer) {
    let text = match answer {
        Answer::There => "there ".to_owned(),
        Answer::Moved(to) => format!("moved {to}"),
        Answer::Gone(why) => format!("gone {why}"),
        Answer::Unknown(_) | Answer::Private => return,
    };
    known.insert(key(url, day), &text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_news_hold_for_a_week_and_bad_ones_for_a_day() {
        let cache = Cache::default();
        let url = "https://a.example/";
        for (answer, lasts) in [
            (Answer::There, DAYS),
            (Answer::Moved("https://b.example/".to_owned()), DAYS),
            (Answer::Gone("the server says 404".to_owned()), 0),
        ] {
            keep(&cache, url, 100, &answer);
            assert_eq!(find(&cache, url, 100 + lasts), Some(answer));
            assert_eq!(find(&cache, url, 101 + lasts), None);
        }
        keep(&cache, url, 200, &Answer::Unknown("no answer".to_owned()));
        keep(&cache, url, 200, &Answer::Private);
        assert_eq!(find(&cache, url, 200), None);
    }
}
