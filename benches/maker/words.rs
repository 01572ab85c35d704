//! Sentences about backends that nobody has to believe: patterns with slots, and words for the slots.

use super::fill;
use super::random::Random;

const THINGS: [&str; 48] = [
    "queue",
    "register",
    "cache",
    "replica",
    "lock",
    "transaction",
    "token",
    "session",
    "worker",
    "scheduler",
    "migration",
    "table",
    "column",
    "partition",
    "message",
    "consumer",
    "producer",
    "gateway",
    "client",
    "request",
    "response",
    "header",
    "timeout",
    "retry",
    "buffer",
    "pool",
    "connection",
    "thread",
    "snapshot",
    "backup",
    "log",
    "metric",
    "signal",
    "dashboard",
    "release",
    "pipeline",
    "container",
    "cluster",
    "node",
    "leader",
    "follower",
    "schema",
    "contract",
    "webhook",
    "batch",
    "stream",
    "cursor",
    "checksum",
];
const QUALITIES: [&str; 32] = [
    "stale", "slow", "shared", "busy", "bare", "nested", "remote", "local", "signed", "dated",
    "partial", "sorted", "sparse", "crowded", "bounded", "resting", "noisy", "silent", "pinned",
    "warm", "cold", "wide", "narrow", "lazy", "hasty", "fragile", "steady", "hidden", "public",
    "private", "broken", "spare",
];
const ACTS: [&str; 32] = [
    "waits",
    "fails",
    "grows",
    "drifts",
    "retries",
    "blocks",
    "expires",
    "restarts",
    "overflows",
    "commits",
    "aborts",
    "splits",
    "merges",
    "returns",
    "stalls",
    "repeats",
    "recovers",
    "warms up",
    "falls behind",
    "catches up",
    "shrinks",
    "moves",
    "answers",
    "starves",
    "rotates",
    "lags",
    "settles",
    "fills",
    "drains",
    "breaks",
    "succeeds",
    "ends",
];
const DOINGS: [&str; 24] = [
    "measure", "bound", "replace", "split", "move", "cache", "log", "test", "explain", "rename",
    "delete", "encrypt", "compress", "version", "document", "review", "throttle", "isolate",
    "repeat", "sort", "count", "sign", "trace", "profile",
];
const PEOPLE: [&str; 16] = [
    "the reviewer",
    "a colleague",
    "the person on call",
    "the product owner",
    "an auditor",
    "the other team",
    "a new starter",
    "the customer",
    "the database administrator",
    "a tester",
    "the team lead",
    "support",
    "an operator",
    "the author",
    "a partner",
    "the interviewer",
];
const TIMES: [&str; 16] = [
    "at night",
    "after a deployment",
    "during the sale",
    "within a second",
    "on the first day",
    "before lunch",
    "once a week",
    "under load",
    "after a restart",
    "in the rush hour",
    "at the end of the month",
    "while a backup runs",
    "in testing",
    "in production",
    "on a quiet Sunday",
    "twice an hour",
];

/// Sentences; `~slot~` is filled by [`word`].
const SENTENCES: [&str; 40] = [
    "A ~quality~ ~thing~ ~acts~ ~time~, and nobody notices until the ~thing~ ~acts~ too.",
    "Before you ~doing~ the ~thing~, ask ~person~ why the ~thing~ was ~quality~ in the first place.",
    "The ~thing~ holds about ~number~ entries, which is enough until the ~quality~ ~thing~ ~acts~.",
    "When ~person~ asks for a faster ~thing~, **~doing~ the ~thing~ first** and read what it says.",
    "It is tempting to ~doing~ every ~thing~; a ~quality~ one costs ~number~ milliseconds ~time~.",
    "If the `~thing~` ~acts~ ~time~, the ~quality~ ~thing~ behind it has to wait for its turn.",
    "Two ~quality~ copies of one ~thing~ are worse than a single ~thing~ that ~acts~ now and then.",
    "*~Quality~* here means that a ~thing~ ~acts~ without telling the ~thing~ that depends on it.",
    "Say what you would ~doing~ and what you would leave, because ~person~ will ask about both.",
    "Out of ~number~ runs the ~thing~ ~acts~ in ~number~, always ~time~ and never elsewhere.",
    "The cheapest test is to ~doing~ the ~thing~ on a copy and see whether the ~thing~ ~acts~.",
    "A ~thing~ that is ~quality~ and a ~thing~ that is ~quality~ look the same on a ~thing~.",
    "Nothing is lost if the ~thing~ ~acts~, as long as the ~quality~ ~thing~ is written down first.",
    "~Person~ keeps a ~quality~ ~thing~ for this case, and it has been needed ~number~ times.",
    "Keep the ~thing~ and the ~thing~ apart: one ~acts~ ~time~, the other only when you ~doing~ it.",
    "With `~thing~_limit = ~number~` the ~thing~ ~acts~ early, which is what you want ~time~.",
    "There is no need to ~doing~ a ~thing~ that ~acts~ by itself; there is a need to count it.",
    "Whoever has to ~doing~ the ~thing~ ~time~ will thank you for a ~quality~ name and one example.",
    "The plan was to ~doing~ the ~quality~ ~thing~, and the result was a ~thing~ that ~acts~.",
    "Read the ~thing~ from the bottom: the ~quality~ ~thing~ is usually the first one that ~acts~.",
    "Three things can be wrong: the ~thing~ ~acts~, the ~thing~ is ~quality~, or the clock ~acts~.",
    "A good answer stays with one ~thing~ and says how far it carries before it ~acts~.",
    "Most teams ~doing~ the ~thing~ and forget the ~thing~, although the second costs more ~time~.",
    "Suppose that ~number~ clients share a ~thing~; each of them sees a ~quality~ ~thing~ ~time~.",
    "This holds for one ~thing~, and stops being true as soon as a ~quality~ ~thing~ ~acts~.",
    "You can ~doing~ it later, but a ~thing~ with a ~quality~ ~thing~ inside is hard to ~doing~.",
    "Because the ~thing~ ~acts~ ~time~, ~person~ decided to ~doing~ it and to tell everybody.",
    "Measured over a week, the ~quality~ ~thing~ took ~number~ seconds and the ~thing~ almost none.",
    "A ~thing~ is not a promise: it says what should happen ~time~, not what the ~thing~ does.",
    "Ask what happens to the ~thing~ while the ~quality~ ~thing~ ~acts~, and who is told about it.",
    "The ~thing~ itself is simple, and the trouble begins where a ~thing~ meets a ~quality~ ~thing~.",
    "Every ~quality~ ~thing~ was once a small ~thing~ that ~person~ did not want to ~doing~.",
    "If you have to ~doing~ the same ~thing~ twice, put a number on it and ~doing~ the cause.",
    "One sentence is enough: the ~thing~ ~acts~, so the ~quality~ ~thing~ has nothing to read.",
    "A limit of ~number~ is a guess, and a guess that ~person~ can change ~time~ is a fair start.",
    "The ~quality~ path is the one that ~acts~ ~time~, and it is the one that nobody has tested.",
    "Neither the ~thing~ nor the ~thing~ knows that the other ~acts~, and that is by design.",
    "It helps to draw the ~thing~, mark where it ~acts~, and ~doing~ one arrow after the other.",
    "Some would ~doing~ the ~thing~ here; with ~number~ users and a ~quality~ ~thing~ it is too early.",
    "Write the ~thing~ so that ~person~ can ~doing~ it ~time~ without reading the ~thing~ beside it.",
];

const TITLES: [&str; 16] = [
    "Why does a ~quality~ ~thing~ that ~acts~ ~time~ hurt the ~thing~ behind it?",
    "How would you ~doing~ a ~quality~ ~thing~ when the ~thing~ ~acts~ ~time~?",
    "What is the difference between a ~quality~ `~thing~` and a ~quality~ `~thing~`?",
    "A ~thing~ ~acts~ ~time~. What do you look at first, and what do you leave alone?",
    "When would you ~doing~ a ~quality~ ~thing~ instead of a ~quality~ ~thing~?",
    "Tell me about a time when ~person~ wanted to ~doing~ the ~quality~ ~thing~ against advice.",
    "~Person~ says that the ~quality~ ~thing~ ~acts~ ~time~. How do you find out whether it is true?",
    "Design a ~quality~ ~thing~ for ~number~ clients that neither ~acts~ nor loses a ~thing~.",
    "How do you explain a ~quality~ ~thing~ to ~person~ who only knows the ~thing~?",
    "Which ~thing~ would you ~doing~ first if a ~quality~ ~thing~ ~acts~ in ~number~ places?",
    "What can go wrong when you ~doing~ a ~quality~ ~thing~ ~time~?",
    "How do you know that a ~quality~ ~thing~ is large enough for ~number~ users?",
    "Suppose that the ~quality~ ~thing~ ~acts~ ~time~. What do you tell ~person~?",
    "How do you test a ~thing~ that ~acts~ only when the ~thing~ is ~quality~?",
    "What does a ~quality~ ~thing~ cost, and who pays for it when the ~thing~ ~acts~?",
    "Would you ~doing~ the ~thing~ or the ~thing~ when both are ~quality~ ~time~?",
];

const QUESTIONS: [&str; 12] = [
    "What if the ~thing~ ~acts~ ~time~?",
    "Would a ~quality~ ~thing~ do instead?",
    "How do you ~doing~ the ~thing~ safely?",
    "Who is told when the ~thing~ ~acts~?",
    "Which ~thing~ would you ~doing~ next?",
    "How large may the ~quality~ ~thing~ grow?",
    "What does ~person~ see while it ~acts~?",
    "Why not ~doing~ the ~thing~ ~time~?",
    "When is a ~quality~ ~thing~ acceptable?",
    "How would you measure the ~quality~ ~thing~?",
    "What is left of the ~thing~ when it ~acts~?",
    "Can two of them ~doing~ one ~thing~?",
];

const PHRASES: [&str; 16] = [
    "~Doing~ the ~quality~ ~thing~ first",
    "Name the ~thing~ that ~acts~ ~time~",
    "Ask ~person~ about the ~thing~",
    "Say where the ~thing~ ~acts~",
    "Compare a ~quality~ ~thing~ with a ~quality~ one",
    "Leave the ~thing~ alone ~time~",
    "Give the ~thing~ a limit of ~number~",
    "Show how the ~thing~ ~acts~ and why",
    "~Doing~ nothing before the ~thing~ ~acts~",
    "Keep a ~quality~ copy of the ~thing~",
    "Tell ~person~ that the ~thing~ ~acts~",
    "Put a number on the ~quality~ ~thing~",
    "Count each ~thing~ that ~acts~ ~time~",
    "Repeat the ~quality~ test ~time~",
    "Write down why the ~thing~ is ~quality~",
    "Take the ~quality~ ~thing~ out again",
];

fn word(slot: &str, random: &mut Random) -> String {
    match slot {
        "thing" => random.of(&THINGS).to_owned(),
        "quality" => random.of(&QUALITIES).to_owned(),
        "acts" => random.of(&ACTS).to_owned(),
        "doing" => random.of(&DOINGS).to_owned(),
        "person" => random.of(&PEOPLE).to_owned(),
        "time" => random.of(&TIMES).to_owned(),
        "number" => (2 + random.below(998)).to_string(),
        "Quality" => capital(random.of(&QUALITIES)),
        "Doing" => capital(random.of(&DOINGS)),
        "Person" => capital(random.of(&PEOPLE)),
        other => unreachable!("there are no words for `{other}`"),
    }
}

/// A text with its first letter in upper case; the lists are ASCII.
pub(super) fn capital(text: &str) -> String {
    text[..1].to_ascii_uppercase() + &text[1..]
}

/// A noun, for names in code and cells of tables.
pub(super) fn thing(random: &mut Random) -> &'static str {
    random.of(&THINGS)
}

/// An adjective.
pub(super) fn quality(random: &mut Random) -> &'static str {
    random.of(&QUALITIES)
}

/// A question of an interview.
pub(super) fn title(random: &mut Random) -> String {
    let pattern = random.of(&TITLES);
    fill(pattern, |slot| word(slot, random))
}

/// A short question.
pub(super) fn question(random: &mut Random) -> String {
    let pattern = random.of(&QUESTIONS);
    fill(pattern, |slot| word(slot, random))
}

/// A few words without a full stop.
pub(super) fn phrase(random: &mut Random) -> String {
    let pattern = random.of(&PHRASES);
    fill(pattern, |slot| word(slot, random))
}

/// One sentence.
pub(super) fn sentence(random: &mut Random) -> String {
    let pattern = random.of(&SENTENCES);
    fill(pattern, |slot| word(slot, random))
}

/// A sentence without inline markup, for front matter.
pub(super) fn plain_sentence(random: &mut Random) -> String {
    sentence(random).replace(['*', '`'], "")
}

/// Sentences of at least `words` words together, with fewer than twenty-five to spare.
pub(super) fn prose(random: &mut Random, words: usize) -> String {
    let mut prose = sentence(random);
    while prose.split_whitespace().count() < words {
        prose.push(' ');
        prose.push_str(&sentence(random));
    }
    prose
}
