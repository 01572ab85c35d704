//! Questions to the person at a terminal: a text, one of several, yes or no.
//!
//! Takes the way to ask that `main` gives, gives answers. An end of input is no answer, and every
//! caller then does what it does without a terminal.

use crate::text::nearest;

/// Shows a text at the terminal and reads a line; `None` at the end of input.
pub type Ask = fn(&str) -> Option<String>;

/// Text; an empty answer is what stands in brackets.
pub(super) fn text(ask: Ask, question: &str, proposed: Option<&str>) -> Option<String> {
    let shown = match proposed {
        Some(proposed) => format!("{question} [{proposed}]: "),
        None => format!("{question}: "),
    };
    loop {
        let answer = ask(&shown)?;
        match (answer.trim(), proposed) {
            ("", Some(proposed)) => return Some(proposed.to_owned()),
            ("", None) => {}
            (answer, _) => return Some(answer.to_owned()),
        }
    }
}

/// A slug of several, by itself or by its number; asked again until it is one of them.
pub(super) fn choice(ask: Ask, what: &str, options: &[(&str, &str)]) -> Option<String> {
    let mut shown = format!("\nThe {what}:\n");
    for (number, (slug, name)) in options.iter().enumerate() {
        shown.push_str(&format!("{:>4}  {slug:24} {name}\n", number + 1));
    }
    shown.push_str("Number or name: ");
    loop {
        let answer = ask(&shown)?;
        let answer = answer.trim();
        let by_number = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let chosen = by_number
            .and_then(|at| options.get(at))
            .or_else(|| options.iter().find(|(slug, _)| *slug == answer));
        if let Some((slug, _)) = chosen {
            return Some((*slug).to_owned());
        }
        shown = match nearest(answer, options.iter().map(|(slug, _)| *slug)) {
            Some(near) => format!("There is no {what} `{answer}`; did you mean `{near}`? "),
            None => format!("There is no {what} `{answer}`. Number or name: "),
        };
    }
}

/// Whether the answer begins with `y`.
pub(super) fn confirms(ask: Ask, question: &str) -> bool {
    ask(&format!("{question} [y/N]: "))
        .is_some_and(|answer| answer.trim_start().starts_with(['y', 'Y']))
}
