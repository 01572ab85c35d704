// What the tests of search share: an index on disk, opened as a browser would, and a seeded chance.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openIndex } from "../../themes/folio/static/js/search-core.js";

export const repository = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const target = process.env.CARGO_TARGET_DIR ?? join(repository, "target");

/** The guide of this repository. */
export const guideFolder = () => process.env.ASKBOOK_GUIDE ?? repository;

/** Indexes a guide into a folder of its own and answers queries in Rust. */
export function answers(guide, queries, limit = 10) {
  const folder = mkdtempSync(join(tmpdir(), "askbook-search-"));
  const programs = ["release", "debug"].map((profile) => join(target, profile, "examples", "search_answers")).filter(existsSync);
  if (!programs.length) throw new Error("run `cargo build --example search_answers` first");
  programs.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  const run = spawnSync(programs[0], [guide, folder, String(limit)], { input: queries.map((query) => `${query}\n`).join(""), maxBuffer: 1 << 30, encoding: "utf8" });
  if (run.status !== 0) throw new Error(run.stderr);
  const [first, ...lines] = run.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  return { folder, buildMs: first.build_ms, root: first.root, answers: lines };
}

/** A `fetch` that reads a folder and counts bytes and requests. */
export function disk(folder) {
  const seen = { bytes: 0, requests: 0 };
  const get = async (address) => {
    const bytes = readFileSync(join(folder, new URL(address).pathname));
    seen.bytes += bytes.length;
    seen.requests += 1;
    return new Response(bytes);
  };
  return { get, seen };
}

export function rootUrl(folder) {
  const [digest] = readdirSync(join(folder, "search")).filter((name) => existsSync(join(folder, "search", name, "root.idx")));
  return `https://guide.example/search/${digest}/root.idx`;
}

export const open = (folder, get = disk(folder).get) => openIndex(rootUrl(folder), { fetch: get });

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
