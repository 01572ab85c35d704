//! Code blocks: a pattern in each of twelve languages, with names and numbers of its own each time.

use super::random::Random;
use super::words::{capital, thing};
use super::{fill, words};

/// Language, file ending and text; `~a~`, `~b~`, `~c~` are names, `~A~`, `~B~` type names, `~m~`,
/// `~n~` numbers, the same wherever they stand in one block.
pub(super) const SAMPLES: [(&str, &str, &str); 12] = [
    (
        "python",
        "py",
        r#"import sqlite3
from contextlib import closing


def ~a~(path, limit=~n~):
    """Give each ~b~ that is older than the limit."""
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute(
            "SELECT id, ~b~ FROM ~c~ WHERE age > ? ORDER BY id", (limit,)
        )
        return [(row[0], row[1].strip()) for row in rows]


for number, ~b~ in ~a~("~c~.db"):
    print(f"{number:>6} {~b~}")  # ~m~ at most
"#,
    ),
    (
        "sql",
        "sql",
        r#"-- Each ~b~ with the number of its ~c~s in the last ~n~ days.
WITH recent AS (
    SELECT ~b~_id, count(*) AS total, max(created_at) AS latest
    FROM ~c~
    WHERE created_at > now() - interval '~n~ days'
    GROUP BY ~b~_id
)
SELECT b.name, coalesce(r.total, 0) AS total, r.latest
FROM ~b~ AS b
LEFT JOIN recent AS r ON r.~b~_id = b.id
WHERE b.state <> 'closed' AND b.size > ~m~
ORDER BY total DESC, b.name
LIMIT 20;
"#,
    ),
    (
        "rust",
        "rs",
        r#"use std::collections::HashMap;

/// Counts each ~b~ by its name.
fn ~a~(entries: &[(&str, u32)]) -> HashMap<String, u32> {
    let mut totals = HashMap::new();
    for (name, ~c~) in entries {
        *totals.entry((*name).to_owned()).or_insert(~m~) += ~c~;
    }
    totals
}

fn main() {
    let totals = ~a~(&[("~b~", ~n~), ("~c~", ~m~)]);
    println!("{}", totals["~b~"]);
}
"#,
    ),
    (
        "go",
        "go",
        r#"package ~c~

import (
	"context"
	"fmt"
	"time"
)

// ~A~ waits for a ~b~, but not for ever.
func ~A~(ctx context.Context, in <-chan string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, ~n~*time.Millisecond)
	defer cancel()
	select {
	case ~b~ := <-in:
		return ~b~, nil
	case <-ctx.Done():
		return "", fmt.Errorf("~a~ after %d tries: %w", ~m~, ctx.Err())
	}
}
"#,
    ),
    (
        "java",
        "java",
        r#"import java.util.concurrent.atomic.AtomicLong;

/** Counts each ~b~ without a lock. */
public final class ~A~ {
    private static final int LIMIT = ~n~;
    private final AtomicLong ~c~ = new AtomicLong();

    public boolean offer(String ~b~) {
        if (~b~ == null || ~b~.isBlank()) {
            throw new IllegalArgumentException("a ~b~ has a name");
        }
        long seen = ~c~.incrementAndGet();
        return seen % ~m~ != 0 && seen < LIMIT;
    }
}
"#,
    ),
    (
        "javascript",
        "js",
        r#"import { readFile } from "node:fs/promises";

// Retries ~a~ up to ~n~ times with a growing pause.
export async function ~a~(path, tries = ~n~) {
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    try {
      const ~b~ = JSON.parse(await readFile(path, "utf8"));
      return ~b~.~c~ ?? [];
    } catch (error) {
      if (attempt === tries) throw error;
      await new Promise((done) => setTimeout(done, attempt * ~m~));
    }
  }
}
"#,
    ),
    (
        "typescript",
        "ts",
        r#"interface ~A~ {
  readonly id: number;
  ~b~: string;
  ~c~?: ~B~[];
}

type ~B~ = { kind: "open" | "closed"; size: number };

export const ~a~ = (entries: readonly ~A~[]): Map<string, number> => {
  const totals = new Map<string, number>();
  for (const { ~b~, ~c~ = [] } of entries) {
    const size = ~c~.filter((one) => one.kind === "open").length;
    totals.set(~b~, (totals.get(~b~) ?? ~m~) + size);
  }
  return totals;
};
"#,
    ),
    (
        "bash",
        "sh",
        r#"#!/usr/bin/env bash
set -euo pipefail

# Removes every ~b~ that is older than ~n~ days.
~a~() {
  local folder=${1:?name a folder}
  find "$folder" -name '*.~b~' -mtime +~n~ -print0 |
    while IFS= read -r -d '' file; do
      printf 'removing %s\n' "$file"
      rm -- "$file"
    done
}

~a~ "${~C~:-/var/lib/~c~}" || exit ~m~
"#,
    ),
    (
        "yaml",
        "yaml",
        r#"# How the ~a~ is deployed.
services:
  ~b~:
    image: "registry.example.org/~b~:1.~m~"
    restart: unless-stopped
    environment:
      ~C~_LIMIT: "~n~"
      MODE: production
    ports:
      - "127.0.0.1:8~m~:80"
    depends_on: [~c~]
  ~c~:
    image: postgres:17
    healthcheck: { test: [CMD, pg_isready], interval: ~m~s }
"#,
    ),
    (
        "json",
        "json",
        r#"{
  "~a~": {
    "id": ~n~,
    "~b~": "open",
    "limits": { "~c~": ~m~, "seconds": 2.5 },
    "tags": ["~b~", "~c~", null],
    "nested": [{ "state": true }, { "state": false }]
  }
}
"#,
    ),
    (
        "text",
        "txt",
        r"t=0      ~b~ arrives, ~n~ in the ~c~
t=~m~    the ~c~ answers, ~b~ is kept
t=~n~   ~a~ is asked again
          ~b~ 1  ----->  ~c~ ~m~
          ~b~ 2  ----->  ~c~ ~n~
",
    ),
    (
        "toml",
        "toml",
        r#"# Settings of the ~a~.
[~b~]
enabled = true
limit = ~n~
names = ["~c~", "~a~"]

[~b~.~c~]
timeout_seconds = ~m~.5
started = 2026-01-15
"#,
    ),
];

/// A fenced block of the sample with this number; every fence but one in four is dressed.
pub(super) fn block(random: &mut Random, sample: usize) -> String {
    let (language, ending, text) = SAMPLES[sample];
    let [a, b, c] = [name(random), name(random), thing(random).to_owned()];
    let (m, n) = (10 + random.below(90), 100 + random.below(900));
    let code = fill(text, |slot| match slot {
        "a" => a.clone(),
        "b" => b.clone(),
        "c" => c.clone(),
        "A" => camel(&a),
        "B" => camel(&b),
        "C" => c.to_ascii_uppercase(),
        "m" => m.to_string(),
        "n" => n.to_string(),
        other => unreachable!("there is no name `{other}`"),
    });
    let dress = match random.below(4) {
        0 => format!(" title=\"{a}.{ending}\""),
        1 => " numbers".to_owned(),
        2 => format!(" title=\"{b}.{ending}\" mark=\"2,4-5\""),
        _ => String::new(),
    };
    format!("```{language}{dress}\n{code}```\n")
}

fn name(random: &mut Random) -> String {
    format!("{}_{}", words::quality(random), thing(random))
}

fn camel(name: &str) -> String {
    name.split('_').map(capital).collect()
}
