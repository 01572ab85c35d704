//! The three kinds of path: where a file of the project stands, where a page is addressed, where
//! an output is written.
//!
//! Takes strings, gives checked newtypes whose separator is always `/`; never touches the disk.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

/// The longest file name that every common file system accepts, in bytes.
const NAME_LIMIT_BYTES: usize = 255;

/// The longest output path that any system takes, in bytes; `limits.path_bytes` is what authors meet.
const PATH_LIMIT_BYTES: usize = 1_024;

/// A file of the project, relative to its root: `content/questions/sql/joins.md`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentPath(Arc<str>);

impl ContentPath {
    /// Takes a path relative to the project root; back slashes and `.` segments are folded.
    pub fn new(path: &str) -> Self {
        let folded: Vec<&str> =
            path.split(['/', '\\']).filter(|segment| !matches!(*segment, "" | ".")).collect();
        Self(folded.join("/").into())
    }

    /// The path as text, with `/` between segments.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last segment.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The last segment without its extension.
    pub fn file_stem(&self) -> &str {
        let name = self.file_name();
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// What follows the last dot of the file name, or an empty string.
    pub fn extension(&self) -> &str {
        self.file_name().rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// The folder that holds the file, without a slash at its end.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Follows a relative link written in this file; `None` if it leaves the project.
    pub fn resolve(&self, link: &str) -> Option<Self> {
        if link.starts_with('/') || link.contains(['\\', '\0', ':']) {
            return None;
        }
        let mut segments: Vec<&str> =
            self.folder().split('/').filter(|segment| !segment.is_empty()).collect();
        for segment in link.split('/') {
            match segment {
                "" | "." => {}
                ".." => {
                    segments.pop()?;
                }
                name => segments.push(name),
            }
        }
        Some(Self(segments.join("/").into()))
    }
}

impl fmt::Display for ContentPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The address of a page or file on the site, from its root: `/questions/lost-update/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub struct UrlPath(Arc<str>);

impl UrlPath {
    /// Takes an address that begins with `/`; folders end with `/`.
    pub fn new(address: &str) -> Self {
        debug_assert!(address.starts_with('/'), "{address} does not begin with a slash");
        Self(address.into())
    }

    /// The home page.
    pub fn home() -> Self {
        Self::new("/")
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file that a static host serves for the address.
    pub fn output(&self) -> OutputPath {
        let file = self.0.trim_start_matches('/');
        OutputPath(if file.is_empty() || file.ends_with('/') {
            format!("{file}index.html").into()
        } else {
            file.into()
        })
    }

    /// The shortest relative reference from the page at `from`: `../../topics/sql/`.
    pub fn relative_to(&self, from: &Self) -> String {
        let (mut here, mut there) = (&from.0[1..], &self.0[1..]);
        while let (Some(left), Some(right)) = (here.find('/'), there.find('/')) {
            if here[..=left] != there[..=right] {
                break;
            }
            (here, there) = (&here[left + 1..], &there[right + 1..]);
        }
        let ups = here.matches('/').count();
        match (ups, there) {
            (0, "") => "./".to_owned(),
            (_, rest) => "../".repeat(ups) + rest,
        }
    }
}

/// A set of addresses can be asked for a text.
impl Borrow<str> for UrlPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UrlPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A file of the published site, relative to the output folder: `questions/joins/index.html`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OutputPath(Arc<str>);

impl OutputPath {
    /// Takes a path that every host and file system can hold.
    ///
    /// # Errors
    ///
    /// Says in one clause what is wrong with the path.
    pub fn new(path: &str) -> Result<Self, String> {
        if path.len() > PATH_LIMIT_BYTES {
            return Err(format!("is longer than {PATH_LIMIT_BYTES} bytes"));
        }
        for segment in path.split('/') {
            check_name(segment)?;
        }
        Ok(Self(path.into()))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address under which a static host serves the file.
    pub fn url(&self) -> UrlPath {
        UrlPath(match self.0.strip_suffix("index.html") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => {
                format!("/{folder}").into()
            }
            Some(_) | None => format!("/{}", self.0).into(),
        })
    }

    /// What follows the last dot of the file name, or an empty string.
    pub fn extension(&self) -> &str {
        let name = self.0.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or("", |(_, extension)| extension)
    }
}

impl fmt::Display for OutputPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Serialize for UrlPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Checks one segment of a path for what some system or host refuses.
///
/// # Errors
///
/// Says in one clause what is wrong with the name.
pub fn check_name(name: &str) -> Result<(), String> {
    const RESERVED: [&str; 22] = [
        "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
        "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
    ];
    if name.is_empty() || name == "." || name == ".." {
        return Err(format!("has the segment `{name}`, which names no file"));
    }
    if name.len() > NAME_LIMIT_BYTES {
        return Err(format!("has a name longer than {NAME_LIMIT_BYTES} bytes"));
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if let Some(odd) = name.chars().find(|c| !is_plain(*c)) {
        let odd = odd.escape_default();
        return Err(format!(
            "has the character `{odd}`; names are made of a-z, 0-9, `-`, `_`, `.`"
        ));
    }
    if name.ends_with('.') {
        return Err("ends with a dot, which Windows drops".to_owned());
    }
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    if RESERVED.contains(&stem.as_str()) {
        return Err(format!("uses the name `{stem}`, which Windows reserves"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_leaves_the_project_resolves_to_nothing() {
        let page = ContentPath::new("content/questions/sql/joins.md");
        assert_eq!(page.resolve("../../../../etc/passwd"), None);
        assert_eq!(page.resolve("/etc/passwd"), None);
        assert_eq!(page.resolve("c:/windows"), None);
        assert_eq!(page.resolve("..\\x"), None);
        assert_eq!(
            page.resolve("../api/./rest.md"),
            Some(ContentPath::new("content/questions/api/rest.md"))
        );
    }

    #[test]
    fn relative_references_are_the_shortest() {
        let cases = [
            ("/", "/", "./"),
            ("/", "/topics/sql/", "topics/sql/"),
            ("/topics/sql/", "/", "../../"),
            ("/topics/sql/", "/topics/sql/", "./"),
            ("/topics/sql/", "/topics/api/", "../api/"),
            ("/topics/sql/", "/topics/", "../"),
            ("/topics/", "/topics/sql/", "sql/"),
            ("/questions/a/", "/feed.xml", "../../feed.xml"),
            ("/questions/a/", "/questions/a/index.md", "index.md"),
        ];
        for (from, to, expected) in cases {
            assert_eq!(
                UrlPath::new(to).relative_to(&UrlPath::new(from)),
                expected,
                "{from} → {to}"
            );
        }
    }

    #[test]
    fn an_address_and_its_file_name_each_other() {
        for address in ["/", "/topics/sql/", "/404.html", "/questions/a/index.md"] {
            let address = UrlPath::new(address);
            assert_eq!(address.output().url(), address);
        }
    }

    #[test]
    fn names_that_some_system_refuses_are_refused_everywhere() {
        for bad in ["", "..", "a b", "con", "Aux.md", "a.", "é", "a:b", &"x".repeat(256)] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
        for good in ["a", "a-b_c.tar.gz", "console.md", ".well-known"] {
            assert_eq!(check_name(good), Ok(()), "{good}");
        }
    }
}
