//! Data and protocol samples of the guide can be parsed: YAML, JSON, TOML and HTTP messages.
//!
//! They are not run, so this is what stands between a slip and a reader who copies it.

use std::path::Path;

use yaml_rust2::YamlLoader;

/// Fenced blocks of one language: file, line, text.
fn blocks(language: &str) -> Vec<(String, usize, String)> {
    let mut blocks = Vec::new();
    for entry in walkdir::WalkDir::new("content").sort_by_file_name() {
        let path = entry.expect("readable").into_path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("readable");
        let mut open: Option<(usize, String)> = None;
        for (index, line) in text.lines().enumerate() {
            match (&mut open, line.strip_prefix("```")) {
                (None, Some(info)) => {
                    if info.split_whitespace().next() == Some(language) {
                        open = Some((index + 1, String::new()));
                    } else {
                        open = Some((0, String::new()));
                    }
                }
                (Some(_), Some("")) => {
                    let (line, block) = open.take().expect("it is open");
                    if line > 0 {
                        blocks.push((path.display().to_string(), line, block));
                    }
                }
                (Some((_, block)), _) => {
                    block.push_str(line);
                    block.push('\n');
                }
                (None, None) => {}
            }
        }
    }
    blocks
}

/// Collects what `check` says of the blocks of a language; there must be some.
fn problems(language: &str, check: impl Fn(&str) -> Result<(), String>) -> Vec<String> {
    let blocks = blocks(language);
    assert!(Path::new("content").is_dir() && !blocks.is_empty(), "no {language} in the guide");
    blocks
        .into_iter()
        .filter_map(|(file, line, text)| {
            check(&text).err().map(|problem| format!("{file}:{line}: {problem}"))
        })
        .collect()
}

#[test]
fn every_yaml_sample_can_be_parsed() {
    let problems = problems("yaml", |text| {
        YamlLoader::load_from_str(text).map(drop).map_err(|error| error.to_string())
    });
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_json_sample_can_be_parsed() {
    let problems = problems("json", |text| {
        // A sample may show several messages, one after the other.
        let mut stream = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
        stream.try_for_each(|value| value.map(drop).map_err(|error| error.to_string()))
    });
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_toml_sample_can_be_parsed() {
    let problems = problems("toml", |text| {
        // Front matter is shown with the fences that stand around it.
        let bare = text.replace("+++\n", "\n");
        bare.parse::<toml::Table>().map(drop).map_err(|error| error.message().to_owned())
    });
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// A line that begins an HTTP message, of a request or of a response (RFC 9112, 3 and 4).
fn is_start_line(line: &str) -> bool {
    let mut words = line.split(' ');
    let first = words.next().unwrap_or_default();
    let is_method = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_response = first.starts_with("HTTP/");
    (is_method
        && words
            .next()
            .is_some_and(|target| target.starts_with(['/', '*']) || target.starts_with("http")))
        || (is_response
            && line
                .split(' ')
                .nth(1)
                .is_some_and(|code| code.len() == 3 && code.parse::<u16>().is_ok()))
}

fn is_header(line: &str) -> bool {
    // A folded line shows a long value over several lines.
    line.starts_with([' ', '\t'])
        || line.split_once(':').is_some_and(|(name, _)| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_!#$%&'*+.^`|~".contains(&byte))
        })
}

#[test]
fn every_http_sample_is_a_message() {
    let problems = problems("http", |text| {
        let mut lines = text.lines().peekable();
        let Some(first) = lines.peek() else { return Err("it is empty".to_owned()) };
        if !is_start_line(first) && !is_header(first) {
            return Err(format!("`{first}` begins no message"));
        }
        let mut in_head = true;
        for line in lines {
            in_head = (in_head && !line.is_empty()) || is_start_line(line);
            if in_head && !is_start_line(line) && !is_header(line) {
                return Err(format!("`{line}` is neither a header nor the start of a message"));
            }
        }
        Ok(())
    });
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
