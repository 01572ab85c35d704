//! Files that try to exhaust, confuse or escape the program: each in a process of its own, with
//! 512 MiB of data and ten seconds of processor time. An error with its code, or a site.
//!
//! `ASKBOOK_PROGRAM=$PWD/target/release/askbook cargo test --test suite hostile` tries an optimised
//! program, and gives it two seconds.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::Command;

use rayon::prelude::*;

use crate::sample::Sample;

const PAGE: &str = "content/questions/sql/hostile.md";

/// What has to happen.
enum Outcome {
    /// An error with this code, and nothing published.
    Refused(&'static str),
    /// A site.
    Built,
}
use Outcome::{Built, Refused};

struct Case {
    name: &'static str,
    outcome: Outcome,
    files: Vec<(String, Vec<u8>)>,
    /// What only a disk can do: links, pipes.
    prepare: fn(&Path),
}

fn matter() -> &'static str {
    "title = \"Hostile?\"\ncategory = \"technical\"\nlevel = \"junior\"\ntopics = [\"sql\"]\nupdated = 2026-11-20\n"
}

fn page(body: &str) -> Vec<u8> {
    format!("+++\n{}+++\n\n{body}\n", matter()).into_bytes()
}

fn nothing(_: &Path) {}

fn files(name: &'static str, outcome: Outcome, files: &[(&str, Vec<u8>)]) -> Case {
    let files = files.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.clone())).collect();
    Case { name, outcome, files, prepare: nothing }
}

fn body(name: &'static str, outcome: Outcome, text: &str) -> Case {
    files(name, outcome, &[(PAGE, page(text))])
}

fn with_matter(name: &'static str, outcome: Outcome, text: &str) -> Case {
    files(name, outcome, &[(PAGE, format!("+++\n{}{text}\n+++\n\nText.\n", matter()).into_bytes())])
}

fn on_disk_only(name: &'static str, outcome: Outcome, prepare: fn(&Path)) -> Case {
    Case { name, outcome, files: Vec::new(), prepare }
}

/// `part` again and again, in lines of about a thousand bytes.
fn lines(part: &str, times: usize) -> String {
    let per_line = (1_000 / part.len()).max(1);
    let mut text = String::with_capacity(part.len() * times + times / per_line);
    for number in 0..times {
        text.push_str(part);
        if number % per_line == per_line - 1 {
            text.push('\n');
        }
    }
    text
}

/// What costs a little for each page of a guide, in a guide of a thousand pages.
fn in_a_large_guide(name: &'static str, outcome: Outcome, text: &str) -> Case {
    let others = (0..1_000).map(|n| {
        let other = matter().replace("Hostile", &format!("Page {n}"));
        let path = format!("content/questions/sql/a-page-with-a-long-name-{n}.md");
        (path, format!("+++\n{other}+++\n\nText.\n").into_bytes())
    });
    let hostile = (PAGE.to_owned(), text.to_owned().into_bytes());
    Case { name, outcome, files: others.chain([hostile]).collect(), prepare: nothing }
}

fn nesting() -> Vec<Case> {
    let staircase: String = (0..200).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect();
    vec![
        body("quotations in quotations", Refused("markdown/nesting"), &">".repeat(5_000)),
        body("lists in lists", Refused("markdown/nesting"), &staircase),
        body("lists in quotations in lists", Refused("markdown/nesting"), &"> - ".repeat(2_000)),
        body("ordered lists in lists", Refused("markdown/nesting"), &"1. ".repeat(5_000)),
        body("emphasis that never ends", Built, &lines("*a **b ", 15_000)),
        body("emphasis in emphasis", Built, &("*_".repeat(400) + "x" + &"_*".repeat(400))),
        body("brackets that never close", Built, &lines("[", 90_000)),
        body("pictures that never close", Built, &lines("![", 45_000)),
        body("links that never close", Built, &lines("[a](", 20_000)),
        body(
            "pictures in pictures",
            Refused("markdown/nesting"),
            &("![a".repeat(400) + &"](x.png)".repeat(400)),
        ),
        body("asterisks", Built, &lines("**", 60_000)),
        body("underscores in words", Built, &lines("a_", 60_000)),
        body("tildes", Built, &lines("~~a ", 20_000)),
        body("dollar signs", Built, &lines("$ ", 40_000)),
        body("ampersands", Built, &lines("&", 90_000)),
        body("backslashes", Built, &lines("\\", 90_000)),
        body(
            "runs of backticks of every length",
            Built,
            &(1..400).map(|n| "x ".to_owned() + &"`".repeat(n) + " x\n").collect::<String>(),
        ),
        body("angle brackets", Built, &lines("<", 90_000)),
        body(
            "comments that never close",
            Refused("markdown/html"),
            &lines("a <!-- b --> <b>", 6_000),
        ),
        body("comment beginnings", Built, &lines("x <!- ", 20_000)),
        body("CDATA beginnings", Built, &lines("x <![CDATA[ ", 10_000)),
        body("declarations", Built, &lines("x <?y ", 20_000)),
        body("tags that never close", Built, &lines("x <kbd title=\"", 8_000)),
        body("elements that never close", Refused("markdown/html"), &lines("<kbd>", 20_000)),
    ]
}

fn counts() -> Vec<Case> {
    let footnotes: String = (0..5_000).map(|n| format!("[^{n}]: x[^{}]\n\n", n + 1)).collect();
    let rings: String = (0..1_000)
        .map(|n| format!("x[^a{n}]\n\n[^a{n}]: [^b{n}]\n\n[^b{n}]: [^a{n}]\n\n"))
        .collect();
    let definitions: String =
        (0..5_000).map(|n| format!("[r{n}]\n\n[r{n}]: https://example.org/{n}\n\n")).collect();
    let expansion =
        format!("{}\n\n[r]: https://example.org/{}\n", lines("[r] ", 3_000), "x".repeat(9_000));
    let row = "|a".repeat(1_000) + "|\n";
    vec![
        body("a million items", Refused("markdown/events"), &"-\n".repeat(1_000_000)),
        body("half a million paragraphs", Refused("markdown/events"), &"x\n\n".repeat(500_000)),
        body("half a million rules", Refused("markdown/events"), &"---\n\n".repeat(400_000)),
        body(
            "a table of a million cells",
            Refused("markdown/events"),
            &(row.clone() + &"|-".repeat(1_000) + "|\n" + &row.repeat(900)),
        ),
        body(
            "a table whose rows are short",
            Built,
            &("|a".repeat(1_000) + "|\n" + &"|-".repeat(1_000) + "|\n" + &"|\n".repeat(2_000)),
        ),
        body("a chain of footnotes", Built, &format!("x[^0]\n\n{footnotes}[^5000]: y")),
        body("footnotes in rings", Built, &rings),
        body(
            "a footnote with thirty thousand references",
            Built,
            &format!("{}\n\n[^1]: x", lines("a[^1] ", 30_000)),
        ),
        body("ten thousand equal headings", Built, &"## a\n\nx\n\n".repeat(10_000)),
        body("thousands of references", Built, &definitions),
        body("one long reference, often", Built, &expansion),
        body(
            "thousands of small blocks of code",
            Built,
            &"```text title=\"&amp;\"\nx\n```\n".repeat(20_000),
        ),
        body(
            "thousands of unknown languages",
            Refused("code/language"),
            &"```&amp;x\nx\n```\n".repeat(20_000),
        ),
        body(
            "thousands of broken links",
            Refused("link/broken"),
            &lines("[x](absent-file-of-a-long-name.md) ", 20_000),
        ),
        body(
            "thousands of lost anchors",
            Refused("link/anchor"),
            &("## a\n\nx\n\n".repeat(2_000) + &lines("[x](#absent) ", 10_000)),
        ),
        body(
            "thousands of forbidden schemes",
            Refused("link/scheme"),
            &lines("[x](javascript:x) ", 20_000),
        ),
        body(
            "thousands of reversing characters",
            Refused("text/bidirectional"),
            &lines("a\u{202e}", 30_000),
        ),
        body("hard breaks", Built, &"x\\\n".repeat(30_000)),
        body("definitions", Built, &"a\n: b\n\n".repeat(8_000)),
        body("tasks", Built, &"- [x] a\n".repeat(15_000)),
        body("addresses", Built, &lines("<https://example.org/> ", 15_000)),
        body("entities that are no characters", Built, &lines("&#1114112;", 9_000)),
        files(
            "more pages than allowed",
            Refused("guide/too-large"),
            &[
                (PAGE, page("x")),
                ("askbook.toml", (settings() + "\n[limits]\npages = 1\n").into_bytes()),
            ],
        ),
    ]
}

fn large_guides() -> Vec<Case> {
    let links: String =
        (0..10_000).map(|n| format!("[x](absent-file-of-a-long-name-{n}.md)\n")).collect();
    let terms: String = (0..10_000)
        .map(|n| format!("[x](../../glossary.toml#a-term-of-a-long-name-{n})\n"))
        .collect();
    let related: String = (0..2_000).map(|n| format!("\"an-absent-page-{n}\", ")).collect();
    let matter = matter();
    vec![
        in_a_large_guide(
            "thousands of links to different files",
            Refused("link/broken"),
            &format!("+++\n{matter}+++\n\n{links}"),
        ),
        files(
            "thousands of lost terms",
            Refused("glossary/unknown"),
            &[(PAGE, page(&terms)), ("content/glossary.toml", glossary(5_000).into_bytes())],
        ),
        in_a_large_guide(
            "thousands of lost relations",
            Refused("related/unknown"),
            &format!("+++\n{matter}related = [{related}]\n+++\n\nText.\n"),
        ),
    ]
}

fn sizes() -> Vec<Case> {
    let members: String = (0..6).map(|n| format!("a{n}.{}\n", "a.".repeat(4_900))).collect();
    let members = format!("```csharp\n{members}```\n");
    let code = |language: &str, line: &str| {
        let line = line.repeat(4_000 / line.len());
        format!("```{language}\n{}```\n", format!("{line}\n").repeat(16))
    };
    vec![
        body("a page of three megabytes", Refused("file/too-large"), &lines("word ", 600_000)),
        body("a line without end", Refused("file/too-large"), &"x".repeat(200_000)),
        body(
            "a giant block of code",
            Refused("code/too-large"),
            &format!("```text\n{}```", "x = 1\n".repeat(12_000)),
        ),
        body(
            "a giant line of code",
            Refused("code/too-large"),
            &format!("```text\n{}\n```", "x".repeat(10_001)),
        ),
        body("brackets as Python", Built, &code("python", "([{")),
        body("tags as HTML", Built, &code("html", "<a b='")),
        body("quotes as Ruby", Built, &code("ruby", "\"#{'")),
        body("expansions as Bash", Built, &code("bash", "${a[$(")),
        body("generics as Rust", Built, &code("rust", "a::<b<")),
        body("regular expressions as JavaScript", Built, &code("javascript", "a /b/[/ ")),
        body("quotes as SQL", Built, &code("sql", "'' \" -- ")),
        body("members as C#", Built, &members),
        body(
            "a page of nothing but code",
            Refused("code/too-large"),
            &format!("```text\n{}```\n\n", "x = 1\n".repeat(9_000)).repeat(5),
        ),
        body("links as Markdown", Built, &code("markdown", "[a](b *c _d ")),
        with_matter(
            "giant front matter",
            Refused("front-matter/too-large"),
            &format!("summary = \"{}\"", "x".repeat(70_000)),
        ),
        with_matter(
            "arrays in arrays",
            Refused("toml/syntax"),
            &format!("x = {}", "[".repeat(10_000)),
        ),
        with_matter(
            "closed arrays in arrays",
            Refused("toml/syntax"),
            &format!("x = {}{}", "[".repeat(5_000), "]".repeat(5_000)),
        ),
        with_matter(
            "tables in tables",
            Refused("toml/syntax"),
            &format!("x = {}", "{a=".repeat(10_000)),
        ),
        with_matter(
            "keys of many parts",
            Refused("toml/syntax"),
            &format!("{}x = 1", "a.".repeat(10_000)),
        ),
        with_matter(
            "thousands of keys",
            Refused("field/unknown"),
            &(0..4_000).map(|n| format!("k{n} = 1\n")).collect::<String>(),
        ),
        files(
            "front matter that is not closed",
            Refused("front-matter/unclosed"),
            &[(PAGE, format!("+++\n{}", lines("x = 1 ", 100_000)).into_bytes())],
        ),
        files(
            "settings in tables in tables",
            Refused("toml/syntax"),
            &[("askbook.toml", format!("x = {}", "[\n".repeat(100_000)).into_bytes())],
        ),
        with_matter(
            "a thousand texts with escapes",
            Refused("text/bidirectional"),
            &format!("asked_as = [{}]", "\"a\\u202eb\", ".repeat(1_000)),
        ),
        files(
            "settings of three megabytes",
            Refused("file/too-large"),
            &[("askbook.toml", (settings() + &"# x\n".repeat(800_000)).into_bytes())],
        ),
        files(
            "settings in one line",
            Refused("file/too-large"),
            &[(
                "askbook.toml",
                format!("lists = {{{}}}", unknown_keys(100_000, ", ")).into_bytes(),
            )],
        ),
        files(
            "a hundred thousand unknown settings",
            Refused("field/unknown"),
            &[("askbook.toml", (unknown_keys(100_000, "\n") + "\n" + &settings()).into_bytes())],
        ),
        files(
            "a vocabulary of three megabytes",
            Refused("file/too-large"),
            &[("content/levels.toml", "# x\n".repeat(800_000).into_bytes())],
        ),
        files(
            "a glossary of three megabytes",
            Refused("file/too-large"),
            &[("content/glossary.toml", "# x\n".repeat(800_000).into_bytes())],
        ),
        files(
            "a glossary of ten thousand terms",
            Built,
            &[("content/glossary.toml", glossary(10_000).into_bytes())],
        ),
        files(
            "a list of wanted questions in one line",
            Refused("file/too-large"),
            &[("content/wanted.toml", format!("wanted = [{}]", "{},".repeat(50_000)).into_bytes())],
        ),
        files(
            "a vocabulary in arrays in arrays",
            Refused("toml/syntax"),
            &[("content/levels.toml", format!("x = {}", "[\n".repeat(100_000)).into_bytes())],
        ),
    ]
}

fn unknown_keys(count: usize, between: &str) -> String {
    (0..count).map(|n| format!("k{n} = 1")).collect::<Vec<_>>().join(between)
}

fn glossary(count: usize) -> String {
    let term = |n| format!("[[term]]\nterm = \"Term {n}\"\ndefinition = \"Meaning {n}.\"\n\n");
    "title = \"Glossary\"\nupdated = 2026-11-20\n\n".to_owned()
        + &(0..count).map(term).collect::<String>()
}

/// A theme over the built-in one, with a file of its own.
fn theme(name: &'static str, outcome: Outcome, path: &str, text: String) -> Case {
    let manifest = b"name = \"Own\"\nextends = \"folio\"\n".to_vec();
    let settings = format!("theme = \"own\"\n{}", settings());
    files(
        name,
        outcome,
        &[
            ("askbook.toml", settings.into_bytes()),
            ("themes/own/theme.toml", manifest),
            (&format!("themes/own/{path}"), text.into_bytes()),
        ],
    )
}

fn themes() -> Vec<Case> {
    let home = "templates/home.html";
    vec![
        theme("a script in brackets", Built, "static/own.js", format!("x={}", "[".repeat(200_000))),
        theme("a script in conditions", Built, "static/own.js", "a?b:".repeat(200_000) + "c"),
        theme(
            "a script of one sum",
            Built,
            "static/own.js",
            format!("x=1{}", "+1".repeat(200_000)),
        ),
        theme(
            "a script of one condition",
            Built,
            "static/own.js",
            format!("if(a){{}}{}", "else if(a){}".repeat(50_000)),
        ),
        theme(
            "a script whose texts close brackets",
            Built,
            "static/own.js",
            format!("x={}1{}", "[\"]\",".repeat(100_000), "]".repeat(100_000)),
        ),
        theme(
            "a script of conditions and commas",
            Built,
            "static/own.js",
            "if(a)b,c;else ".repeat(100_000) + "d()",
        ),
        theme(
            "a style sheet whose texts close blocks",
            Built,
            "static/own.css",
            "a{b:\"}\";".repeat(100_000) + &"}".repeat(100_000),
        ),
        theme("a style sheet in blocks", Built, "static/own.css", "@media print{".repeat(100_000)),
        theme("a style sheet in selectors", Built, "static/own.css", ":not(".repeat(200_000)),
        theme(
            "a script of three megabytes",
            Refused("file/too-large"),
            "static/own.js",
            "a();\n".repeat(600_000),
        ),
        theme(
            "strings of three megabytes",
            Refused("file/too-large"),
            "i18n/en.toml",
            "# x\n".repeat(700_000),
        ),
        theme(
            "a manifest in arrays",
            Refused("toml/syntax"),
            "theme.toml",
            format!("x = {}", "[".repeat(9_000)),
        ),
        theme(
            "a template of many branches",
            Refused("theme/template"),
            home,
            format!("{{% if false %}}{}{{% endif %}}", "{% elif false %}".repeat(50_000)),
        ),
        theme(
            "a template of many conditions",
            Refused("theme/template"),
            home,
            "{% if true %}".repeat(50_000) + &"{% endif %}".repeat(50_000),
        ),
        theme(
            "a template of many brackets",
            Refused("theme/template"),
            home,
            format!("{{{{ {}1{} }}}}", "(".repeat(50_000), ")".repeat(50_000)),
        ),
        theme(
            "a template that includes itself",
            Refused("theme/template"),
            home,
            format!("{{% include \"{home}\" %}}"),
        ),
        theme(
            "a template that extends itself",
            Refused("theme/template"),
            home,
            format!("{{% extends \"{home}\" %}}"),
        ),
        theme(
            "a template that has no end",
            Refused("theme/template"),
            home,
            "{% for a in range(end=1000000000) %}x{% endfor %}".to_owned(),
        ),
    ]
}

fn encodings() -> Vec<Case> {
    let with = |bytes: &[u8]| [page("before").as_slice(), bytes].concat();
    let text = String::from_utf8(page("a\n\n- b\n- c")).expect("text");
    vec![
        files("bytes that are not UTF-8", Refused("file/encoding"), &[(PAGE, with(b"\xff\xfe"))]),
        files("an overlong slash", Refused("file/encoding"), &[(PAGE, with(b"\xc0\xaf"))]),
        files("half of a pair", Refused("file/encoding"), &[(PAGE, with(b"\xed\xa0\x80"))]),
        files("UTF-16", Refused("file/encoding"), &[(PAGE, b"\xff\xfe+\0+\0+\0\n\0".to_vec())]),
        files(
            "settings that are not UTF-8",
            Refused("file/encoding"),
            &[("askbook.toml", b"title = \"\xff\"".to_vec())],
        ),
        body("an invisible character in code", Refused("code/invisible"), "`is_\u{200b}admin`"),
        body("two alphabets in code", Refused("code/lookalike"), "```text\np\u{430}ss\n```"),
        body("a reference that reverses", Refused("text/bidirectional"), "safe&#x202E;efas"),
        body(
            "a title that reverses",
            Refused("text/bidirectional"),
            "[x](https://example.org \"a&#8238;b\")",
        ),
        files("NUL", Refused("text/control"), &[(PAGE, with(b"a\0b\n"))]),
        files("an escape", Refused("text/control"), &[(PAGE, with(b"\x1b[31mred\n"))]),
        files("carriage returns alone", Built, &[(PAGE, text.replace('\n', "\r").into_bytes())]),
        files("both line ends", Built, &[(PAGE, text.replace('\n', "\r\n").into_bytes())]),
        files("a byte-order mark", Built, &[(PAGE, format!("\u{feff}{text}").into_bytes())]),
        files("an empty file", Refused("front-matter/missing"), &[(PAGE, Vec::new())]),
        files("one fence", Refused("front-matter/unclosed"), &[(PAGE, b"+++\n".to_vec())]),
        files(
            "front matter alone",
            Built,
            &[(PAGE, format!("+++\n{}+++\n", matter()).into_bytes())],
        ),
        files(
            "front matter of nothing",
            Refused("field/missing"),
            &[(PAGE, b"+++\n+++\n".to_vec())],
        ),
    ]
}

fn names() -> Vec<Case> {
    let aliased = |slug: &str, alias: &str| {
        let matter = matter().replace("Hostile", slug);
        format!("+++\n{matter}aliases = [\"{alias}\"]\n+++\n\nText.\n").into_bytes()
    };
    let at = |path: &str| [(path.to_owned(), page("x"))];
    let named = |name: &'static str, path: &str| {
        let [(path, bytes)] = at(path);
        files(name, Refused("file/name"), &[(&path, bytes)])
    };
    vec![
        named("a name that Windows keeps", "content/questions/sql/con.md"),
        named("a folder that Windows keeps", "content/questions/aux/x.md"),
        named("a name with a space", "content/questions/sql/a b.md"),
        named("a folder with a space", "content/questions/a b/x.md"),
        named("a name that ends with a dot", "content/questions/sql/x..md."),
        named("a name outside ASCII", "content/questions/sql/café.md"),
        named("a name of 250 characters", &format!("content/questions/sql/{}.md", "x".repeat(245))),
        files(
            "names that differ by case",
            Refused("file/name"),
            &[(PAGE, page("x")), ("content/questions/sql/Hostile.md", page("x"))],
        ),
        files(
            "folders that differ by case",
            Refused("file/name"),
            &[(PAGE, page("x")), ("content/questions/SQL/hostile.md", page("x"))],
        ),
        files(
            "an alias that shadows a page",
            Refused("output/collision"),
            &[(PAGE, aliased("a", "/questions/joins/"))],
        ),
        files(
            "aliases in a ring",
            Refused("output/collision"),
            &[
                (PAGE, aliased("a", "/questions/other/")),
                ("content/questions/sql/other.md", aliased("b", "/questions/hostile/")),
            ],
        ),
        files(
            "an alias claimed twice",
            Refused("output/collision"),
            &[
                (PAGE, aliased("a", "/questions/old/")),
                ("content/questions/sql/other.md", aliased("b", "/questions/old/")),
            ],
        ),
        files(
            "an alias that is the home page of search",
            Refused("output/collision"),
            &[(PAGE, aliased("a", "/search/"))],
        ),
        files(
            "a slug claimed twice",
            Refused("question/duplicate"),
            &[(PAGE, page("x")), ("content/questions/other/hostile.md", page("x"))],
        ),
        body("a path out of the project", Refused("link/broken"), "[x](../../../../../etc/passwd)"),
        body(
            "a picture out of the project",
            Refused("link/broken"),
            "![x](../../../../../etc/passwd.png)",
        ),
        body(
            "a picture of another page's folder",
            Refused("link/broken"),
            "![x](../../guide/x.png)",
        ),
        on_disk_only("a page that is a link", Refused("file/symlink"), |root| {
            link("/etc/passwd", &root.join(PAGE))
        }),
        on_disk_only("a link to itself", Refused("file/symlink"), |root| {
            link("hostile.md", &root.join(PAGE))
        }),
        on_disk_only("a folder that is a link", Refused("file/symlink"), |root| {
            link("/etc", &root.join("content/questions/etc"))
        }),
        on_disk_only("a theme that is a link", Refused("file/symlink"), |root| {
            link("/etc", &root.join("themes"))
        }),
        on_disk_only("a cache that is a link", Built, |root| {
            fs::create_dir(root.join("elsewhere")).expect("writable");
            link("elsewhere", &root.join(".askbook"));
        }),
        on_disk_only("a page that is a pipe", Refused("file/unreadable"), |root| {
            let made = Command::new("mkfifo").arg(root.join(PAGE)).status().expect("mkfifo runs");
            assert!(made.success());
        }),
        on_disk_only("a page that is a socket", Refused("file/unreadable"), |root| {
            drop(std::os::unix::net::UnixListener::bind(root.join(PAGE)).expect("a socket"));
        }),
        on_disk_only("a name that is not text", Refused("file/name"), |root| {
            let name = std::ffi::OsStr::from_bytes(b"content/questions/sql/\xff.md");
            fs::write(root.join(name), "x").expect("writable");
        }),
        on_disk_only("a guide without content", Refused("vocabulary/missing"), |root| {
            fs::remove_dir_all(root.join("content")).expect("it is there");
            fs::create_dir(root.join("content")).expect("writable");
        }),
    ]
}

fn link(to: &str, at: &Path) {
    std::os::unix::fs::symlink(to, at).expect("a link");
}

fn pictures() -> Vec<Case> {
    const BEGIN: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><title>T</title><desc>D</desc>";
    let drawn = |name: &'static str, outcome: Outcome, svg: String, times: usize| {
        files(
            name,
            outcome,
            &[
                (PAGE, page(&"![x](a.svg)\n\n".repeat(times))),
                ("content/questions/sql/a.svg", svg.into_bytes()),
            ],
        )
    };
    let pixels = |name: &'static str, outcome: Outcome, bytes: Vec<u8>| {
        files(name, outcome, &[(PAGE, page("![x](a.png)")), ("content/questions/sql/a.png", bytes)])
    };
    let entities: String = (1..10)
        .map(|n| format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10)))
        .collect();
    let tens = |element: &str| {
        let used = |n: usize| element.replace("ID", &format!("a{n}"));
        let groups = (1..9).map(|n| format!("<g id=\"a{n}\">{}</g>", used(n - 1).repeat(10)));
        let groups: String = groups.collect();
        format!("{BEGIN}<g id=\"a0\"><path d=\"M0 0\"/></g>{groups}{}</svg>", used(8))
    };
    let png = |width: u32, height: u32| {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
        bytes
    };
    vec![
        drawn(
            "a billion laughs",
            Refused("picture/format"),
            format!("<!DOCTYPE svg [<!ENTITY a0 \"ha\">{entities}]>{BEGIN}<text>&a9;</text></svg>"),
            1,
        ),
        drawn("a billion shapes", Refused("picture/format"), tens("<use href=\"#ID\"/>"), 1),
        drawn(
            "masks in masks",
            Refused("picture/format"),
            tens("<path d=\"M0 0\" mask=\"url(#ID)\"/>"),
            1,
        ),
        drawn(
            "markers at the points of markers",
            Refused("picture/format"),
            tens("<path d=\"M0 0\" marker-mid=\"url(#ID)\"/>"),
            1,
        ),
        drawn(
            "a drawing in itself",
            Refused("picture/format"),
            format!("{BEGIN}<g id=\"a\"><use href=\"#a\"/></g></svg>"),
            1,
        ),
        drawn(
            "groups in groups",
            Refused("picture/format"),
            format!("{BEGIN}{}{}</svg>", "<g>".repeat(100_000), "</g>".repeat(100_000)),
            1,
        ),
        drawn(
            "a hundred thousand shapes",
            Refused("picture/format"),
            format!("{BEGIN}{}</svg>", "<path d=\"M0 0\"/>".repeat(100_000)),
            1,
        ),
        drawn(
            "a drawing of three megabytes",
            Refused("file/too-large"),
            format!("{BEGIN}<path d=\"{}\"/></svg>", "M0 0".repeat(800_000)),
            1,
        ),
        drawn(
            "a large drawing, often",
            Refused("file/too-large"),
            format!("{BEGIN}<path d=\"{}\"/></svg>", "M0 0".repeat(200_000)),
            100,
        ),
        drawn("a drawing that is not closed", Refused("picture/format"), BEGIN.to_owned(), 1),
        drawn("an empty drawing", Refused("picture/format"), String::new(), 1),
        drawn(
            "a drawing with thousands of attributes",
            Refused("picture/unsafe"),
            format!(
                "{BEGIN}<path {}/></svg>",
                (0..20_000).map(|n| format!("a{n}=\"\" ")).collect::<String>()
            ),
            1,
        ),
        pixels("a picture of 60,000 by 60,000", Refused("picture/too-large"), png(60_000, 60_000)),
        pixels("a picture without pixels", Refused("picture/format"), png(0, 0)[..12].to_vec()),
        pixels(
            "a picture that is another kind",
            Refused("picture/format"),
            b"GIF89a\x01\0\x01\0\0\0\0".to_vec(),
        ),
        pixels("an empty picture", Refused("picture/format"), Vec::new()),
        pixels(
            "a picture that is a page",
            Refused("picture/format"),
            b"<script>alert(1)</script>".to_vec(),
        ),
        pixels("a picture of three megabytes", Refused("file/too-large"), vec![0; 3 << 20]),
    ]
}

fn settings() -> String {
    Sample::new().text("askbook.toml") + "\n[check]\nprofile = \"minimal\"\n"
}

fn cases() -> Vec<Case> {
    [nesting(), counts(), large_guides(), sizes(), themes(), encodings(), names(), pictures()]
        .into_iter()
        .flatten()
        .collect()
}

/// Builds the guide with a case in it; what is wrong, if anything.
fn problem(case: &Case) -> Option<String> {
    let guide = tempfile::tempdir().expect("a temporary folder");
    let base = Sample::new().with("askbook.toml", &settings());
    let own = case.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
    for (path, bytes) in base.files().chain(own) {
        let full = guide.path().join(path);
        fs::create_dir_all(full.parent().expect("a parent")).expect("writable");
        fs::write(full, bytes).expect("writable");
    }
    (case.prepare)(guide.path());
    let program = std::env::var("ASKBOOK_PROGRAM");
    let seconds = if program.is_ok() { 2 } else { 10 };
    let limits = format!("ulimit -d 524288; ulimit -t {seconds}; exec \"$0\" build --no-cache");
    let output = Command::new("sh")
        .args(["-c", &limits])
        .arg(program.as_deref().unwrap_or(env!("CARGO_BIN_EXE_askbook")))
        .current_dir(guide.path())
        .env("SOURCE_DATE_EPOCH", "1795305600")
        .env("RAYON_NUM_THREADS", "2")
        .output()
        .expect("the program runs");
    let told = String::from_utf8_lossy(&output.stderr);
    let is_published = guide.path().join("public").exists();
    let status = output.status.code();
    let is_as_expected = match case.outcome {
        Built => status == Some(0) && is_published,
        Refused(code) => {
            matches!(status, Some(1 | 2))
                && !is_published
                && told.contains(&format!("error[{code}]"))
        }
    };
    let expected = match case.outcome {
        Built => "a site",
        Refused(code) => code,
    };
    let told: String = told.chars().take(600).collect();
    (!is_as_expected)
        .then(|| format!("{}: {expected} was expected, not {status:?}:\n{told}", case.name))
}

#[test]
fn hostile_files_end_in_an_error_with_its_code_or_in_a_site() {
    let cases = cases();
    assert!(cases.len() >= 100, "{}", cases.len());
    let problems: Vec<String> = cases.par_iter().filter_map(problem).collect();
    assert!(problems.is_empty(), "{} of {}:\n{}", problems.len(), cases.len(), problems.join("\n"));
}
