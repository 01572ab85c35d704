#!/usr/bin/env python3
"""Measures whole runs of askbook on made guides and prints a Markdown table.

    benches/measure.py [--runs N] [--binary PATH] [PAGES ...]

Processor time (user and system) and peak memory are those of the process, from wait4, as in
`/usr/bin/time -v`; they hardly depend on what else the machine does. Of several runs the one with
the least processor time is shown. Guides and sites stand in /dev/shm where there is one.
"""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEMORY = Path("/dev/shm")


def built_by_cargo(*examples):
    """Builds the program, the guide maker and other examples; gives where they are."""
    examples = ["make_guide", *examples]
    cargo = ["cargo", "build", "--release", "--locked", "--bin", "askbook"]
    named = [word for example in examples for word in ("--example", example)]
    subprocess.run([*cargo, *named], cwd=ROOT, check=True)
    release = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
    return release / "askbook", *(release / "examples" / example for example in examples)


def asked(about, count, times, pages):
    """Reads the options of a benchmark of made guides, `--COUNT N` and PAGES among them.

    Gives how often to measure, the sizes of the guides, the program and the guide maker.
    """
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument(f"--{count}", dest="times", metavar="N", type=int, default=times)
    parser.add_argument("--binary", type=Path, help="another askbook to measure")
    parser.add_argument("pages", type=int, nargs="*", default=pages)
    options = parser.parse_args()
    binary, maker = built_by_cargo()
    return options.times, options.pages, (options.binary or binary).resolve(), maker


@contextlib.contextmanager
def made(maker, pages):
    """Makes a guide of so many pages in a folder of its own, which goes in the end; gives the folder."""
    folder = Path(tempfile.mkdtemp(prefix="askbook-", dir=MEMORY if MEMORY.is_dir() else None))
    try:
        subprocess.run([maker, folder / "guide", str(pages)], check=True)
        yield folder
    finally:
        shutil.rmtree(folder)


def run(arguments, folder=None):
    """Runs a program to its end; gives seconds of the processor and by the clock, and peak memory in MiB."""
    begun = time.monotonic()
    words = [str(one) for one in arguments]
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, arguments))} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - begun, usage.ru_maxrss / 1024


def edit(guide):
    """Adds a sentence to the short answer of one question."""
    page = sorted(guide.glob("content/questions/*/*.md"))[0]
    text = page.read_text()
    page.write_text(text.replace("\n\n## Full answer", " One edit more.\n\n## Full answer"))


def measured(binary, guide, site, runs):
    """Gives the name and the figures of each kind of run."""
    build = [binary, "build", "--root", guide, "--output", site]

    def clean():
        shutil.rmtree(site, ignore_errors=True)
        shutil.rmtree(guide / ".askbook", ignore_errors=True)

    def nothing():
        pass

    kinds = [
        ("`build --no-cache`", clean, [*build, "--no-cache"]),
        ("`build`, no cache yet", clean, build),
        ("`build` again, nothing changed", nothing, build),
        ("`build` again, one page edited", lambda: edit(guide), build),
        ("`check`, one page edited", lambda: edit(guide), [binary, "check", "--root", guide]),
        ("`check` again, nothing changed", nothing, [binary, "check", "--root", guide]),
    ]
    for name, before, arguments in kinds:
        results = []
        for _ in range(runs):
            before()
            results.append(run(arguments))
        yield name, *min(results)


def main():
    runs, sizes, binary, maker = asked(__doc__, "runs", 3, [1_000, 10_000])
    print("| Questions | Run | Processor time | Each question | By the clock | Peak memory |")
    print("|--:|---|--:|--:|--:|--:|")
    for pages in sizes:
        with made(maker, pages) as folder:
            guide, site = folder / "guide", folder / "site"
            for name, seconds, clock, memory in measured(binary, guide, site, runs):
                each = seconds / pages * 1e6
                figures = f"{seconds:.2f} s | {each:,.0f} µs | {clock:.2f} s | {memory:,.0f} MiB"
                print(f"| {pages:,} | {name} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
