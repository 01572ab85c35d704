#!/usr/bin/env python3
"""Measures `askbook serve` on made guides, from saving a file to the event that reloads the browser.

    benches/rebuild.py [--edits N] [--binary PATH] [PAGES ...]

Prints a Markdown table: median, 99th percentile (nearest rank) and longest time by the clock, and the
server's processor time for each edit, which hardly depends on what else the machine does. An edit
counts only if what the server then gives has the new text: the page, or the list of all questions that
is made with every other page. Guides stand in /dev/shm where there is one.
"""

import http.client
import math
import os
import queue
import statistics
import subprocess
import sys
import threading
import time

from measure import asked, made

PATIENCE = 120
# Longer than a burst of an editor: what is measured is one edit, not what is left of the one before.
PAUSE = 0.2
# Longer than a build: what is measured is not what is left of the one before.
REST = 5


class Server:
    """A server of one guide, and the events that it sends to browsers."""

    def __init__(self, binary, guide):
        arguments = [binary, "serve", "--root", guide, "--port", "0"]
        self.process = subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if line.strip().startswith("http://"):
                self.address = line.strip().removeprefix("http://").rstrip("/")
            if line.startswith("watching"):
                break
        else:
            sys.exit("the server ended before it listened")
        # What it says later is read, or it would wait for that.
        threading.Thread(target=self.process.stderr.read, daemon=True).start()
        self.events = queue.SimpleQueue()
        threading.Thread(target=self.listen, daemon=True).start()
        # The first event tells what is shown at the time of connecting.
        self.events.get(timeout=PATIENCE)

    def listen(self):
        connection = http.client.HTTPConnection(self.address)
        connection.request("GET", "/__askbook/changes")
        for line in connection.getresponse():
            if line.startswith(b"data:"):
                self.events.put(time.monotonic())

    def page(self, address):
        connection = http.client.HTTPConnection(self.address, timeout=PATIENCE)
        connection.request("GET", address)
        return connection.getresponse().read().decode()

    def processor_time(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="utf-8") as figures:
            user, system = figures.read().rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.kill()
        self.process.wait()


def edit_body(text, mark):
    return text.replace("\n\n## Full answer", f" Edit {mark}.\n\n## Full answer", 1)


def edit_title(text, mark):
    before, title, after = text.partition('title = "')
    return before + title + f"Edit {mark} " + after


def page_of(name):
    return f"/questions/{name}/"


def list_of_all(_):
    return "/questions.json"


def measured(server, guide, edit, seen_at, pause, edits):
    """Gives the seconds that each edit took to reach the browser, and the processor time of all."""
    pages = sorted(guide.glob("content/questions/*/*.md"))
    times, begun = [], server.processor_time()
    for number in range(edits):
        page = pages[number * len(pages) // edits]
        mark = f"{edit.__name__.replace('_', '')}{seen_at.__name__[0]}{number}."
        new = edit(page.read_text(), mark)
        time.sleep(pause)
        saved = time.monotonic()
        page.write_text(new)
        while True:
            seen = server.events.get(timeout=PATIENCE)
            if mark in server.page(seen_at(page.stem)):
                break
            if problems := server.page("/__askbook/problems"):
                sys.exit(problems)
        times.append(seen - saved)
    return times, server.processor_time() - begun


def main():
    edits, sizes, binary, maker = asked(__doc__, "edits", 100, [100, 1_000])
    print(f"| Questions | Edit, {edits} times | Median | 99 of 100 | Longest | Processor time each |")
    print("|--:|---|--:|--:|--:|--:|")
    for pages in sizes:
        with made(maker, pages) as folder:
            guide = folder / "guide"
            server = Server(binary, guide)
            try:
                for name, edit, seen_at, pause in [
                    ("a sentence more", edit_body, page_of, PAUSE),
                    ("another title, on its page", edit_title, page_of, PAUSE),
                    ("another title, everywhere", edit_title, list_of_all, REST),
                ]:
                    times, processor = measured(server, guide, edit, seen_at, pause, edits)
                    times.sort()
                    figures = [
                        statistics.median(times),
                        times[math.ceil(0.99 * len(times)) - 1],
                        times[-1],
                        processor / len(times),
                    ]
                    shown = " | ".join(f"{seconds * 1000:,.0f} ms" for seconds in figures)
                    print(f"| {pages:,} | {name} | {shown} |", flush=True)
            finally:
                server.stop()


if __name__ == "__main__":
    main()
