//! The closed lists of the made guide: 45 topics in 8 groups, 4 levels, 5 categories, 8 kinds.

use std::fmt::Write as _;

use super::random::Random;
use super::words::{plain_sentence, prose};

pub(super) const TOPICS: [&str; 45] = [
    "Arrays",
    "Trees",
    "Graphs",
    "Sorting",
    "Recursion",
    "Numbers",
    "Types",
    "Closures",
    "Errors",
    "Threads",
    "Memory",
    "Processes",
    "Tables",
    "Indexes",
    "Transactions",
    "Replication",
    "Caching",
    "Migrations",
    "Endpoints",
    "Contracts",
    "Pagination",
    "Webhooks",
    "Streams",
    "Queues",
    "Services",
    "Events",
    "Sharding",
    "Consensus",
    "Gateways",
    "Clocks",
    "Passwords",
    "Tokens",
    "Secrets",
    "Encryption",
    "Audits",
    "Permissions",
    "Builds",
    "Releases",
    "Containers",
    "Metrics",
    "Tracing",
    "Incidents",
    "Reviews",
    "Mentoring",
    "Estimates",
];
const GROUPS: [&str; 8] = [
    "Foundations",
    "Languages",
    "Data",
    "Interfaces",
    "Architecture",
    "Security",
    "Delivery",
    "People",
];
pub(super) const LEVELS: [&str; 4] = ["Junior", "Mid-level", "Senior", "Lead"];
pub(super) const CATEGORIES: [&str; 5] =
    ["Technical", "System design", "Behavioural", "Situational", "Competency"];
pub(super) const KINDS: [&str; 8] = [
    "Concept",
    "Comparison",
    "Design exercise",
    "Debugging story",
    "Code exercise",
    "Star story",
    "Scenario walkthrough",
    "Conversation",
];

/// The slug of a name in one of these lists.
pub(super) fn slug(name: &str) -> String {
    name.to_ascii_lowercase().replace(' ', "-")
}

/// `topics.toml`.
pub(super) fn topics(random: &mut Random) -> String {
    let mut toml = String::new();
    for name in GROUPS {
        write!(toml, "[[group]]\nslug = \"{}\"\nname = \"{name}\"\n\n", slug(name)).expect("text");
    }
    for (index, name) in TOPICS.iter().enumerate() {
        toml.push_str(&term("topic", name, index, random));
        let group = slug(GROUPS[index / 6]);
        write!(toml, "group = \"{group}\"\n\n").expect("text");
    }
    toml
}

/// `levels.toml`.
pub(super) fn levels(random: &mut Random) -> String {
    let entry = |(index, name): (usize, &&str)| {
        let shares = "technical = 60, system-design = 10, behavioural = 15, situational = 15";
        format!(
            "{}scope = \"{}\"\nalso_called = [\"{name} developer\"]\n\
             interview_weight = {{ {shares} }}\n\n",
            term("level", name, index, random),
            plain_sentence(random),
        )
    };
    LEVELS.iter().enumerate().map(entry).collect()
}

/// `categories.toml`.
pub(super) fn categories(random: &mut Random) -> String {
    let entry = |(index, name): (usize, &&str)| {
        let term = term("category", name, index, random);
        format!("{term}evidence = \"{}\"\n\n", plain_sentence(random))
    };
    CATEGORIES.iter().enumerate().map(entry).collect()
}

/// `kinds.toml`.
pub(super) fn kinds(random: &mut Random) -> String {
    let entry = |name: &&str| {
        format!(
            "[[kind]]\nslug = \"{}\"\nname = \"{name}\"\nsummary = \"{}\"\nprep_seconds = 45\n\
             answer_seconds = {}\nstructure = [\"say it\", \"show it\", \"bound it\"]\n\n",
            slug(name),
            plain_sentence(random),
            120 + 30 * random.below(20),
        )
    };
    KINDS.iter().map(entry).collect()
}

fn term(table: &str, name: &str, index: usize, random: &mut Random) -> String {
    format!(
        "[[{table}]]\nslug = \"{}\"\nname = \"{name}\"\norder = {}\nsummary = \"{}\"\n\
         description = \"{}\"\n",
        slug(name),
        index + 1,
        plain_sentence(random),
        prose(random, 40).replace(['*', '`'], ""),
    )
}
