#!/usr/bin/env python3
"""Counts the instructions of whole runs and fails if one takes more than it did.

    benches/instructions.py [--write] [--binary PATH]

Callgrind counts them, on one thread, over a made guide of 100 questions: unlike times they hardly depend
on the machine or on what else it does. `instructions.json` holds what was counted last, with the compiler
that made the program; another compiler needs `--write`. A run may take a twentieth more.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import measure

PINS = Path(__file__).with_name("instructions.json")
QUESTIONS = 100
TOLERANCE = 0.05


def counted(arguments):
    """Runs a program under callgrind; gives its instructions."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    environment = {**os.environ, "RAYON_NUM_THREADS": "1"}
    ended = subprocess.run(
        [*command, *map(str, arguments)], env=environment, capture_output=True, text=True
    )
    found = re.search(r"Collected : (\d+)", ended.stderr)
    if ended.returncode != 0 or not found:
        sys.exit(f"{' '.join(map(str, arguments))} ended with {ended.returncode}\n{ended.stderr}")
    return int(found.group(1))


def runs(binary, maker, folder):
    """Gives the name of each kind of run and its instructions."""
    guide, site = folder / "guide", folder / "site"
    subprocess.run([maker, guide, str(QUESTIONS)], check=True, stdout=subprocess.DEVNULL)
    build = [binary, "build", "--root", guide, "--output", site]
    check = [binary, "check", "--root", guide]
    yield "--help", counted([binary, "--help"])
    yield "check, no cache yet", counted(check)
    shutil.rmtree(guide / ".askbook")
    yield "build --no-cache", counted([*build, "--no-cache"])
    shutil.rmtree(site)
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    yield "build again, nothing changed", counted(build)
    measure.edit(guide)
    yield "build again, one page edited", counted(build)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="keep what is counted now")
    parser.add_argument("--binary", type=Path, help="another askbook to count")
    options = parser.parse_args()
    binary, maker = measure.built_by_cargo()
    binary = (options.binary or binary).resolve()
    compiler = subprocess.run(["rustc", "--version"], check=True, capture_output=True, text=True)
    folder = Path(tempfile.mkdtemp(prefix="askbook-"))
    try:
        found = dict(runs(binary, maker, folder))
    finally:
        shutil.rmtree(folder)
    known = json.loads(PINS.read_text()) if PINS.exists() else {"runs": {}}
    slower = []
    for name, instructions in found.items():
        before = known["runs"].get(name)
        change = f"{instructions / before - 1:+.1%}" if before else "new"
        print(f"{name:32} {instructions:15,} {change}")
        if before and instructions > before * (1 + TOLERANCE):
            slower.append(name)
    if options.write:
        pins = {"compiler": compiler.stdout.strip(), "runs": found}
        PINS.write_text(json.dumps(pins, indent=2) + "\n")
    elif known.get("compiler") != compiler.stdout.strip():
        sys.exit(f"counted with {known.get('compiler')}: `--write` for {compiler.stdout.strip()}")
    elif slower or found.keys() != known["runs"].keys():
        sys.exit(f"takes more than a twentieth more: {', '.join(slower) or 'runs have changed'}")


if __name__ == "__main__":
    main()
