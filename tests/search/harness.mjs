// What the tests of search share: an index on disk, opened as a browser would, and a seeded chance.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openIndex } from "../../themes/folio/static/js/search-core.js";

export const repository = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const target = process.env.CARGO_TARGET_DIR ?? join(repository, "target");

/** The guide of this repository. */
export const guideFolder = () => process.env.ASKBOOK_GUIDE ?? repository;

/**
 * Indexes a guide into a folder of its own and answers questions, texts or { query, filters }, in Rust. `buildMs` of the release
 * profile is worth quoting; tests take the debug one, which `cargo test` keeps up to date. Beside the index lies `search-core.js` as it
 * is published.
 */
export function answers(guide, questions, profile = "debug") {
  const folder = mkdtempSync(join(tmpdir(), "askbook-search-"));
  const program = join(target, profile, "examples", "search_answers");
  if (!existsSync(program)) throw new Error(`run \`cargo build ${profile === "release" ? "--release " : ""}--example search_answers\` first`);
  const lines = questions.map((question) => `${JSON.stringify(typeof question === "string" ? { query: question } : question)}\n`);
  const run = spawnSync(program, [guide, folder], { input: lines.join(""), maxBuffer: 1 << 30, encoding: "utf8" });
  if (run.status !== 0) throw new Error(run.stderr);
  const [first, ...found] = run.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  return { folder, buildMs: first.build_ms, root: first.root, answers: found };
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

/** Files are read from a folder by their path alone. */
const ROOT = "https://guide.example/search/root.idx";

export const open = (folder, get = disk(folder).get) => openIndex(ROOT, { fetch: get });

/** The last part of an address: what a page is known by here. */
export const slugOf = (url) => url.replace(/\/$/, "").split("/").at(-1);

/** The smallest number that at least this share of a list does not exceed. */
export const quantile = (list, share) => list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))];

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
