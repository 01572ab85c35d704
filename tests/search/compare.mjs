// Search against Pagefind and MiniSearch, over the same pages in the same run: node tests/search/compare.mjs [SIZES]
//
// Prints a Markdown table for each size: relevance, bytes and requests in Chromium, size on disk, time of a key in Chromium and in
// Node, processor time of the build. Needs `npm ci` in this folder and in tests/browser, Chromium, and
// `cargo build --release --example search_answers`. This process serves the files, scripts and JSON with brotli, as hosts do.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import MiniSearch from "minisearch";
import { launch } from "../browser/browser.mjs";
import * as corpus from "./corpus.mjs";
import { answers, open, quantile, slugOf } from "./harness.mjs";
import { make } from "./queries.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const sizes = (process.argv[2] ?? "300,1000,10000").split(",").map(Number);
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".json": "application/json" };
const MINI = { idField: "slug", fields: ["title", "headings", "body"], storeFields: ["title", "level", "category"], searchOptions: { boost: { title: 5, headings: 2 }, prefix: true, fuzzy: 0.2 } };
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
// The highest quality takes minutes for an index of tens of megabytes, and saves a twentieth.
const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: bytes.length > 1 << 20 ? 9 : 11 } });
const sum = (list) => list.reduce((all, one) => all + one, 0);

/** The pages as the plainest site that Pagefind can be pointed at. */
function writeSite(folder, pages) {
  for (const page of pages) {
    const blocks = page.body.split("\n\n").map((block) => (block.startsWith("## ") ? `<h2 id="${encodeURIComponent(block.slice(3))}">${escaped(block.slice(3))}</h2>` : `<p>${escaped(block)}</p>`));
    const facets = `<p><span data-pagefind-filter="level">${page.level}</span> <span data-pagefind-filter="category">${page.category}</span></p>`;
    mkdirSync(join(folder, page.slug));
    writeFileSync(join(folder, page.slug, "index.html"), `<!doctype html><html lang="en"><head><title>${escaped(page.title)}</title></head><body><main data-pagefind-body><h1>${escaped(page.title)}</h1>${facets}${blocks.join("")}</main></body></html>`);
  }
}

/** Processor seconds of a program, its threads included. */
function processorSeconds(program, options) {
  const { status, stderr } = spawnSync("bash", ["-c", 'TIMEFORMAT="%U %S"; time "$0" "$@" >/dev/null 2>&1', program, ...options], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ended with ${status}`);
  return sum(stderr.trim().split(" ").map(Number));
}

const sizesIn = (folder, wanted) => readdirSync(folder, { recursive: true }).map(String).filter((name) => wanted.test(name)).map((name) => statSync(join(folder, name)).size);

/** Serves a folder; `seen` counts what goes over the wire, bodies only. */
async function serve(folder) {
  const seen = { bytes: 0, requests: 0 }, packed = new Map();
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    let bytes;
    try {
      bytes = readFileSync(join(folder, path));
    } catch (missing) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[extname(path)], isText = type !== undefined;
    if (isText) {
      if (!packed.has(path)) packed.set(path, brotli(bytes));
      bytes = packed.get(path);
    }
    if (extname(path) !== ".html") {
      seen.bytes += bytes.length;
      seen.requests += 1;
    }
    response.writeHead(200, { "content-type": type ?? "application/octet-stream", "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp", ...(isText ? { "content-encoding": "br" } : {}) }).end(bytes);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { seen, origin: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

// What each tool does in the page, under one interface: open() loads it, rank() answers without excerpts, show() with them.
const TOOLS = {
  askbook: `async (root) => {
    const { openIndex } = await import("/askbook/search-core.js");
    const index = await openIndex(location.origin + "/askbook" + root);
    return {
      rank: (query) => index.peek(query),
      show: async (query, filters) => (await index.search(query, { filters })).results.map(({ url }) => url),
    };
  }`,
  Pagefind: `async () => {
    const pagefind = await import("/site/pagefind/pagefind.js");
    await pagefind.init();
    return {
      rank: (query) => pagefind.search(query),
      show: async (query, filters) => {
        const { results } = await pagefind.search(query, filters ? { filters: { level: filters.level[0], category: filters.category[0] } } : {});
        return (await Promise.all(results.slice(0, 10).map((result) => result.data()))).map(({ url }) => url);
      },
    };
  }`,
  MiniSearch: `async () => {
    await import("/mini/minisearch.js");
    const { MiniSearch } = globalThis;
    const index = MiniSearch.loadJSON(await (await fetch("/mini/index.json")).text(), ${JSON.stringify(MINI)});
    const ids = (query, filters) => index.search(query, filters ? { filter: (hit) => hit.level === filters.level[0] && hit.category === filters.category[0] } : {}).slice(0, 10).map(({ id }) => id);
    return { rank: async (query) => ids(query), show: async (query, filters) => ids(query, filters) };
  }`,
};

const spread = (list, unit) => `${unit(quantile(list, 0.5))}, worst ${unit(Math.max(...list))}`;
const kb = (bytes) => `${Math.round(bytes / 1024).toLocaleString("en")} KB`;
const ms = (list) => `${quantile(list, 0.5).toFixed(1)} / ${quantile(list, 0.99).toFixed(1)} ms`;
const prefixes = (query) => Array.from(query, (_, at) => query.slice(0, at + 1));

/** Figures of one tool in Chromium. */
async function inBrowser(browser, { origin, seen }, name, root, { cold, all, keys }) {
  const driver = { tool: TOOLS[name], root };
  const opened = async () => {
    const context = await browser.newContext(), page = await context.newPage();
    await page.goto(`${origin}/driver.html`);
    Object.assign(seen, { bytes: 0, requests: 0 });
    await page.evaluate(async ({ tool, root: own }) => { globalThis.tool = await (0, eval)(`(${tool})`)(own); }, driver);
    return { page, close: () => context.close() };
  };
  const bytes = [], requests = [], typed = [], typedRequests = [];
  for (const { query } of cold) {
    const one = await opened();
    await one.page.evaluate((text) => globalThis.tool.show(text), query);
    bytes.push(seen.bytes);
    requests.push(seen.requests);
    await one.close();
    // Texts of results are asked for when the typing ends; until then every letter is ranked.
    const letters = await opened();
    for (const text of prefixes(query)) await letters.page.evaluate((part) => globalThis.tool.rank(part).then(() => {}), text);
    await letters.page.evaluate((text) => globalThis.tool.show(text), query);
    typed.push(seen.bytes);
    typedRequests.push(seen.requests);
    await letters.close();
  }
  const warm = await opened();
  const found = await warm.page.evaluate(async (queries) => {
    const lists = [];
    for (const { query, filters } of queries) lists.push(await globalThis.tool.show(query, filters));
    return lists;
  }, all);
  const ranks = found.map((list, number) => list.map(slugOf).indexOf(all[number].slug));
  const times = await warm.page.evaluate(async (texts) => {
    // The clock of the wall also counts what else the machine does, so that of three times the shortest is taken; the first round fills caches.
    const taken = texts.map(() => Infinity);
    for (let round = 0; round < 4; round += 1) {
      for (const [number, text] of texts.entries()) {
        const begun = performance.now();
        await globalThis.tool.show(text);
        if (round) taken[number] = Math.min(taken[number], performance.now() - begun);
      }
    }
    return taken;
  }, keys);
  await warm.close();
  const mrr = (wanted) => { const own = ranks.filter((_, number) => wanted(all[number])); return sum(own.map((at) => (at < 0 ? 0 : 1 / (at + 1)))) / own.length; };
  const kinds = [...new Set(all.map(({ kind }) => kind))];
  const worst = kinds.map((kind) => [kind, mrr((one) => one.kind === kind)]).sort((a, b) => a[1] - b[1])[0];
  return { mrr: `${mrr(() => true).toFixed(2)} (${worst[0]} ${worst[1].toFixed(2)})`, cold: `${spread(bytes, kb)}; ${quantile(requests, 0.5)}–${Math.max(...requests)} requests`, typed: `${spread(typed, kb)}; ${quantile(typedRequests, 0.5)}–${Math.max(...typedRequests)} requests`, chromium: ms(times) };
}

const TIMES = 8;

// Processor time, which hardly depends on what else the machine does.
async function timed(texts, search) {
  const taken = [];
  for (let round = 0; round < 2; round += 1) {
    for (const text of texts) {
      // Reading that clock costs more than a key does.
      const begun = process.cpuUsage();
      for (let time = 0; time < TIMES; time += 1) await search(text);
      const { user, system } = process.cpuUsage(begun);
      if (round) taken.push((user + system) / 1000 / TIMES);
    }
  }
  return ms(taken);
}

async function compare(browser, size) {
  const folder = mkdtempSync(join(tmpdir(), "askbook-compare-")), pages = corpus.make(size);
  try {
    const all = make(pages, 34), cold = make(pages, 2, 5).filter(({ kind }) => kind !== "facet"), keys = make(pages, 2, 9).filter(({ kind }) => kind !== "facet").flatMap(({ query }) => prefixes(query));
    for (const name of ["guide", "site", "mini"]) mkdirSync(join(folder, name));
    corpus.write(join(folder, "guide"), pages);
    writeSite(join(folder, "site"), pages);
    writeFileSync(join(folder, "driver.html"), "<!doctype html><title>Driver</title>");

    const own = answers(join(folder, "guide"), [], "release");
    spawnSync("mv", [own.folder, join(folder, "askbook")]);
    const index = await open(join(folder, "askbook"));
    const figures = {
      askbook: { build: `${(own.buildMs / 1000).toFixed(2)} s`, node: await timed(keys, (text) => index.search(text)), disk: `${kb(sum(sizesIn(join(folder, "askbook", "search"), /(root|-[tsw])\.idx$/)))} and ${kb(sum(sizesIn(join(folder, "askbook", "search"), /-p\d+\.idx$/)))} of texts` },
      Pagefind: { build: `${processorSeconds("node", [join(here, "node_modules/pagefind/lib/runner/bin.cjs"), "--site", join(folder, "site")]).toFixed(2)} s`, node: "–", disk: "" },
      MiniSearch: {},
    };
    const shards = sizesIn(join(folder, "site", "pagefind"), /\.(pf_\w+|pagefind|json)$/), fragments = sizesIn(join(folder, "site", "pagefind"), /\.pf_fragment$/);
    figures.Pagefind.disk = `${kb(sum(shards) - sum(fragments))} and ${kb(sum(fragments))} of texts`;
    const before = process.cpuUsage(), mini = new MiniSearch(MINI);
    mini.addAll(pages.map((page) => ({ ...page, headings: page.headings.join("\n") })));
    const used = process.cpuUsage(before), json = JSON.stringify(mini);
    writeFileSync(join(folder, "mini", "index.json"), json);
    writeFileSync(join(folder, "mini", "minisearch.js"), readFileSync(join(here, "node_modules/minisearch/dist/umd/index.js")));
    figures.MiniSearch = { build: `${((used.user + used.system) / 1e6).toFixed(2)} s`, node: await timed(keys, async (text) => mini.search(text)), disk: `${kb(brotli(Buffer.from(json)).length)}, no texts` };

    const server = await serve(folder);
    for (const name of Object.keys(TOOLS)) Object.assign(figures[name], await inBrowser(browser, server, name, own.root, { cold, all, keys }));
    server.stop();
    const rows = [["MRR@10 (its weakest kind)", "mrr"], ["Cold, ten results", "cold"], ["Typed letter by letter, then ten results", "typed"], ["On disk", "disk"], ["A key in Chromium, p50 / p99", "chromium"], ["A key in Node, p50 / p99", "node"], ["Processor time of the index", "build"]];
    console.log(`\n${size.toLocaleString("en")} pages, ${all.length} queries of twelve kinds; ${cold.length} of them cold; ${keys.length} keys\n\n| | ${Object.keys(TOOLS).join(" | ")} |\n|---|${"---|".repeat(3)}\n${rows.map(([label, key]) => `| ${label} | ${Object.keys(TOOLS).map((name) => figures[name][key]).join(" | ")} |`).join("\n")}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const browser = await launch();
try {
  for (const size of sizes) await compare(browser, size);
} finally {
  await browser.close();
}
