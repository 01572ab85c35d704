//! The programming languages a code block may name.
//!
//! A closed list: an unknown name is a mistake, and every entry has a label for readers and a syntax
//! in the highlighter (a test of `markup` asserts that).

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One language.
#[derive(Debug, PartialEq, Eq)]
pub struct Language {
    /// The name in the fence and in `data-language`.
    pub name: &'static str,
    /// The name for readers.
    pub label: &'static str,
    /// Other names in the fence.
    pub aliases: &'static [&'static str],
    /// The syntect syntax that colours it; `None` leaves it plain.
    pub syntax: Option<&'static str>,
}

impl Language {
    /// The language that a fence names.
    pub fn named(name: &str) -> Option<&'static Self> {
        LANGUAGES.iter().find(|language| language.name == name || language.aliases.contains(&name))
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.name.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for &'static Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = <&str>::deserialize(deserializer)?;
        Language::named(name).ok_or_else(|| D::Error::custom("a language of the list"))
    }
}

macro_rules! languages {
    ($($name:literal, $label:literal, [$($alias:literal),*], $syntax:expr;)+) => {
        /// Every language, by name.
        pub const LANGUAGES: &[Language] = &[
            $(Language { name: $name, label: $label, aliases: &[$($alias),*], syntax: $syntax },)+
        ];
    };
}

languages! {
    "bash", "Shell", ["sh", "shell", "zsh"], Some("Bourne Again Shell (bash)");
    "c", "C", ["h"], Some("C");
    "console", "Console", ["shell-session"], None;
    "cpp", "C++", ["c++", "cc"], Some("C++");
    "csharp", "C#", ["cs", "c#"], Some("C#");
    "css", "CSS", [], Some("CSS");
    "diff", "Diff", ["patch"], Some("Diff");
    "dockerfile", "Dockerfile", ["docker"], Some("Dockerfile");
    "elixir", "Elixir", ["ex"], Some("Elixir");
    "erlang", "Erlang", ["erl"], Some("Erlang");
    "go", "Go", ["golang"], Some("Go");
    "graphql", "GraphQL", ["gql"], Some("GraphQL");
    "groovy", "Groovy", [], Some("Groovy");
    "haskell", "Haskell", ["hs"], Some("Haskell");
    "hcl", "HCL", ["terraform", "tf"], Some("Terraform");
    "html", "HTML", [], Some("HTML");
    "http", "HTTP", [], Some("HTTP Request and Response");
    "ini", "INI", ["conf"], Some("INI");
    "java", "Java", [], Some("Java");
    "javascript", "JavaScript", ["js", "mjs", "node"], Some("JavaScript");
    "json", "JSON", ["jsonc"], Some("JSON");
    "kotlin", "Kotlin", ["kt"], Some("Kotlin");
    "lua", "Lua", [], Some("Lua");
    "makefile", "Makefile", ["make"], Some("Makefile");
    "markdown", "Markdown", ["md"], Some("Markdown");
    "nginx", "nginx", [], Some("nginx");
    "php", "PHP", [], Some("PHP");
    "powershell", "PowerShell", ["ps1"], Some("PowerShell");
    "properties", "Properties", [], Some("Java Properties");
    "protobuf", "Protocol Buffers", ["proto"], Some("Protocol Buffer");
    "python", "Python", ["py", "python3"], Some("Python");
    "ruby", "Ruby", ["rb"], Some("Ruby");
    "rust", "Rust", ["rs"], Some("Rust");
    "scala", "Scala", [], Some("Scala");
    "sql", "SQL", ["postgresql", "mysql"], Some("SQL");
    "sqlite", "SQLite", ["sqlite3"], Some("SQL");
    "swift", "Swift", [], Some("Swift");
    "text", "Text", ["txt", "plain"], None;
    "toml", "TOML", [], Some("TOML");
    "typescript", "TypeScript", ["ts"], Some("TypeScript");
    "xml", "XML", [], Some("XML");
    "yaml", "YAML", ["yml"], Some("YAML");
}
