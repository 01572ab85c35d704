// Figures of search, printed by one command: node tests/search/measure.mjs [SIZES] [--check]
//
// Relevance over the guide and over two made corpora with queries of two makers that know nothing of each other, bytes and requests of cold and typed queries, size on disk, time of a key.
// MiniSearch answers the same queries over the same pages in the same run, if it is installed (npm ci in this folder); compare.mjs
// has Pagefind too, in a browser. Times are processor time.
// With --check the run fails where a kind falls below the figures in floors.json. Made pages stay as they are, so their floors are a
// hundredth below what was measured; the guide grows, and its floors leave room for pages that answer the same words.
import { mkdtempSync, readFileSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { Analyzer } from "../../themes/folio/static/js/search-core.js";
import * as asked from "./asked.mjs";
import * as corpus from "./corpus.mjs";
import { answers, disk, guideFolder, open, quantile, slugOf } from "./harness.mjs";
import * as prose from "./prose.mjs";
import { KINDS, make } from "./queries.mjs";

const sizes = (process.argv[2] && !process.argv[2].startsWith("-") ? process.argv[2] : "300,1000").split(",").filter(Boolean).map(Number);
const round = (value, digits = 2) => value.toFixed(digits);
const failures = [];

async function miniSearch(pages) {
  try {
    const { default: MiniSearch } = await import("minisearch");
    const index = new MiniSearch({ idField: "slug", fields: ["title", "headings", "body"], storeFields: ["level", "category"], searchOptions: { boost: { title: 5, headings: 2 }, prefix: true, fuzzy: 0.2 } });
    index.addAll(pages.map((page) => ({ ...page, body: `${page.summary ?? ""} ${page.askedAs?.join(" ") ?? ""} ${page.body}`, headings: page.headings.join("\n") })));
    return { search: (query, filters) => index.search(query, filters ? { filter: (hit) => filters.level.includes(hit.level) && filters.category.includes(hit.category) } : {}).slice(0, 10).map(({ id }) => id), bytes: brotliCompressSync(Buffer.from(JSON.stringify(index))).length };
  } catch (missing) {
    return null;
  }
}

async function relevance(name, pages, folder, floors, queries = make(pages, 34), kinds = KINDS) {
  const index = await open(folder), other = await miniSearch(pages);
  const rows = new Map(kinds.map((kind) => [kind, { count: 0, own: 0, first: 0, five: 0, other: 0 }]));
  for (const { kind, query, slug, filters } of queries) {
    const row = rows.get(kind), { results } = await index.search(query, { filters });
    const at = results.findIndex(({ url }) => slugOf(url) === slug);
    row.count += 1;
    row.own += at < 0 ? 0 : 1 / (at + 1);
    row.first += at === 0 ? 1 : 0;
    row.five += at >= 0 && at < 5 ? 1 : 0;
    if (process.env.MISSES === kind && at !== 0) console.log(`  ${JSON.stringify(query)} wants ${slug}, got ${results.slice(0, 3).map(({ url }) => slugOf(url))}`);
    if (other) {
      const theirs = other.search(query, filters).indexOf(slug);
      row.other += theirs < 0 ? 0 : 1 / (theirs + 1);
    }
  }
  console.log(`\n${name}: ${queries.length} queries over ${pages.length} pages\n  kind              n   MRR@10  S@1   S@5   MiniSearch`);
  const all = { count: 0, own: 0, first: 0, five: 0, other: 0 };
  for (const [kind, row] of [...rows, ["all", all]]) {
    if (!row.count) continue;
    if (row !== all) for (const key of Object.keys(all)) all[key] += row[key];
    const mrr = row.own / row.count;
    console.log(`  ${kind.padEnd(15)} ${String(row.count).padStart(3)}   ${round(mrr)}    ${round(row.first / row.count)}  ${round(row.five / row.count)}  ${other ? round(row.other / row.count) : "-"}`);
    if (floors?.[kind] !== undefined && mrr < floors[kind] - 0.005) failures.push(`${name}, ${kind}: ${round(mrr, 3)} is below ${floors[kind]}`);
  }
  return other;
}

async function weights(name, pages, made, other) {
  const files = readdirSync(join(made.folder, "search"), { recursive: true }).filter((file) => file.endsWith(".idx"));
  const size = (wanted) => files.filter((file) => wanted.test(file)).reduce((sum, file) => sum + statSync(join(made.folder, "search", file)).size, 0);
  const script = brotliCompressSync(readFileSync(join(made.folder, "search-core.js"))).length;
  const queries = make(pages, 8, 5).filter(({ kind }) => kind !== "facet");
  const arrivals = [];
  for (const limit of [5, 10]) {
    const cold = [], typed = [], requests = [];
    for (const { query } of queries) {
      const { get, seen } = disk(made.folder);
      await (await open(made.folder, get)).search(query, { limit });
      cold.push(seen.bytes);
      const letters = disk(made.folder), index = await open(made.folder, letters.get);
      // Texts are asked for once the reader pauses, so a query typed in one go reads those of its last answer only.
      for (let at = 1; at < query.length; at += 1) await index.peek(query.slice(0, at), { limit });
      await index.search(query, { limit });
      typed.push(letters.seen.bytes);
      requests.push(letters.seen.requests + 1);
    }
    arrivals.push({ limit, cold, typed, requests });
  }
  const keys = [];
  const warm = await open(made.folder);
  for (const { query } of queries) await warm.search(query);
  for (const { query } of queries) {
    // Reading that clock costs more than a key does.
    const begun = process.cpuUsage();
    for (let time = 0; time < 8; time += 1) await warm.search(query);
    const { user, system } = process.cpuUsage(begun);
    keys.push((user + system) / 8000);
  }
  const kb = (bytes) => `${round(bytes / 1024, 1)} KB`;
  console.log(`\n${name}\n  on disk without text ${kb(size(/(root|-[tsw])\.idx$/) )}, texts ${kb(size(/-p\d+\.idx$/))}${other ? `; MiniSearch ${kb(other.bytes)} without texts` : ""}`);
  console.log(`  script (brotli, as published), which the figures below include ${kb(script)}`);
  const spread = (list) => `median ${kb(quantile(list, 0.5) + script)}, worst ${kb(Math.max(...list) + script)}`;
  for (const { limit, cold, typed, requests } of arrivals) console.log(`  ${limit} results, cold: ${spread(cold)}; typed letter by letter: ${spread(typed)} in ${quantile(requests, 0.5)}–${Math.max(...requests)} requests`);
  console.log(`  a key, data present: p50 ${round(quantile(keys, 0.5))} ms, p99 ${round(quantile(keys, 0.99))} ms`);
}

async function pagesOf(folder) {
  const index = await open(folder), analyzer = new Analyzer("en");
  const facet = (name, page) => index.root.facets.find((one) => one.name === name).terms.find(({ pages: own }) => own.includes(page))?.slug;
  const pages = [];
  for (let page = 0; page < index.root.pages; page += 1) {
    const shown = await index.shown(page), text = shown.blocks.filter((block) => !block.isHeading).map((block) => block.text).join("\n");
    const compounds = analyzer.tokens(text).filter(({ shape, surface }) => shape === "compound" && /[+#/_]/.test(surface));
    pages.push({ slug: slugOf(shown.url), title: shown.title.text, body: `${shown.summary.text}\n${text}`, headings: shown.blocks.filter((block) => block.isHeading && block.anchor.startsWith("h-")).map((block) => block.text), symbol: compounds.length ? `${compounds[0].surface} ${shown.title.text.split(" ").at(-1)}` : null, acronym: null, paraphrase: null, level: facet("level", page), category: facet("category", page) });
  }
  return pages.filter(({ level }) => level);
}

const floors = JSON.parse(readFileSync(new URL("floors.json", import.meta.url), "utf8"));
const guide = answers(guideFolder(), []);
const guidePages = await pagesOf(guide.folder);
await weights("guide", guidePages, guide, await relevance("guide", guidePages, guide.folder, floors.guide));
await relevance("guide, as people type", guidePages, guide.folder, floors["guide, as people type"], asked.make(guidePages, 34), asked.KINDS);
for (const size of sizes) {
  const folder = mkdtempSync(join(tmpdir(), "askbook-corpus-")), pages = corpus.make(size);
  corpus.write(folder, pages);
  const made = answers(folder, []);
  await weights(`corpus of ${size}`, pages, made, await relevance(`corpus of ${size}`, pages, made.folder, floors[size]));
}
const trades = prose.make(1000), folder = mkdtempSync(join(tmpdir(), "askbook-prose-"));
prose.write(folder, trades);
await relevance("prose of 1000", trades, answers(folder, []).folder, floors["prose of 1000"], asked.make(trades, 34), asked.KINDS);
if (process.argv.includes("--check") && failures.length) {
  console.error(`\n${failures.join("\n")}`);
  process.exit(1);
}
