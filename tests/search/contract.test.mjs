// The interface that content/guide/themes.md describes: its example runs as it stands there, and answers with what it says.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { answers, disk, guideFolder, open, repository } from "./harness.mjs";

const guide = answers(guideFolder(), []);

test("the documented example runs, and gives what the documentation says", async () => {
  const section = readFileSync(join(repository, "content/guide/themes.md"), "utf8").split("\n## Search\n")[1];
  const [, example] = /```js\n(.*?)```/s.exec(section);
  const file = join(mkdtempSync(join(tmpdir(), "askbook-contract-")), "example.mjs");
  const core = pathToFileURL(join(repository, "themes/folio/static/js/search-core.js")).href;
  const page = { baseURI: "https://guide.example/questions/", documentElement: { dataset: { searchRoot: "../search/root.idx" } } };
  writeFileSync(file, `const document = ${JSON.stringify(page)}, addressOfSearchCore = ${JSON.stringify(core)};\n${example}\nexport { index, total, results, facets };\n`);
  const own = globalThis.fetch;
  globalThis.fetch = disk(guide.folder).get;
  try {
    const { index, total, results, facets } = await import(pathToFileURL(file).href);
    assert.ok(total >= results.length && results.length > 0 && results.length <= 10);
    for (const result of results) {
      assert.deepEqual(Object.keys(result).sort(), ["excerpt", "headings", "score", "terms", "title", "url"]);
      assert.equal(new URL(result.url).origin, "https://guide.example");
      for (const part of result.excerpt) assert.deepEqual([Object.keys(part), typeof part.text, typeof part.mark], [["text", "mark"], "string", "boolean"]);
      for (const heading of result.headings) assert.deepEqual([Object.keys(heading), new URL(heading.url).hash.length > 1], [["text", "url"], true]);
    }
    assert.ok(results[0].excerpt.some(({ mark }) => mark), "words are marked");
    for (let from = 0; from < results.length; from += 5) {
      const scores = results.slice(from, from + 5).map(({ score }) => score);
      assert.deepEqual(scores, scores.toSorted((a, b) => b - a), `the five from ${from}`);
    }
    for (const { terms } of results) {
      assert.deepEqual(terms.level, [{ slug: "senior", name: "Senior" }], "the filter chose it");
      for (const [name, own] of Object.entries(terms)) for (const term of own) assert.ok(index.facets.find((facet) => facet.name === name).terms.some(({ slug, name: label }) => slug === term.slug && label === term.name), `${name} ${term.slug}`);
    }
    assert.deepEqual(Object.keys(facets), index.facets.map(({ name }) => name));
    for (const { name, terms } of index.facets) for (const { slug, name: label, count } of terms) assert.ok(slug && label && (facets[name][slug] ?? 0) <= count, `${name} ${slug}`);
    assert.equal(Object.values(facets.category).reduce((sum, count) => sum + count, 0), total, "the filter chose senior questions, each of one category");
  } finally {
    globalThis.fetch = own;
  }
});

test("a query typed on is answered from what is at hand, or not at all", async () => {
  const { get, seen } = disk(guide.folder), index = await open(guide.folder, get);
  assert.equal(await index.peek("transaction isolation"), null);
  const found = await index.search("transaction isolation");
  const requests = seen.requests;
  assert.deepEqual(await index.peek("transaction isolation"), found);
  assert.equal(seen.requests, requests);
});

test("the first five results are the same and in the same order however many are asked for", async () => {
  const index = await open(guide.folder);
  for (const query of ["transaction isolation", "cache", "\"connection pool\"", "api -rest", ""]) {
    const many = await index.search(query, { limit: 15 });
    for (const limit of [5, 7, 10]) assert.deepEqual((await index.search(query, { limit })).results, many.results.slice(0, limit), `${query} ${limit}`);
  }
  const { get, seen } = disk(guide.folder), other = await open(guide.folder, get);
  await other.peek("transaction isolation");
  const before = seen.requests;
  await other.search("transaction isolation", { limit: 5 });
  assert.equal(seen.requests - before, 5, "five texts are enough for five results");
});

test("what the next letters make superfluous is not fetched while somebody types", async () => {
  const { get, seen } = disk(guide.folder), index = await open(guide.folder, get);
  const before = seen.requests;
  for (const query of ["de", "what is", "what is the", "what is a ", "transaction is"]) assert.equal(await index.peek(query), null, query);
  assert.equal(seen.requests, before);
  await index.peek("zzqqxxvv");
  assert.ok(![...index.ready.keys()].some((name) => name.endsWith("-w.idx")), "words that look misspelt are left until the typing ends");
  assert.equal((await index.search("deadlocc")).total > 0, true);
  assert.ok([...index.ready.keys()].some((name) => name.endsWith("-w.idx")));
});

test("a file that failed is asked for again", async () => {
  const { get } = disk(guide.folder);
  let isDown = false;
  const index = await open(guide.folder, async (address) => (isDown ? new Response("", { status: 503 }) : get(address)));
  isDown = true;
  await assert.rejects(index.search("deadlock"), /503/);
  isDown = false;
  assert.ok((await index.search("deadlock")).total > 0);
});

test("a site that was published anew in the meantime is searched as it is now", async () => {
  const { get } = disk(guide.folder), asked = [];
  let before = "";
  const index = await open(guide.folder, async (address, options) => {
    asked.push([new URL(address).pathname, options?.cache]);
    // What another build would have named otherwise is gone.
    return before && address.includes(before) ? new Response("", { status: 404 }) : get(address);
  });
  const expected = await (await open(guide.folder)).search("deadlock");
  const [name] = index.root.terms.splice(0, Infinity, ...index.root.terms.map((own) => own.replace(/^\w+/, "0000000000")));
  before = "0000000000";
  index.root.bytes = index.root.bytes.slice(1);
  assert.deepEqual(await index.search("deadlock"), expected);
  assert.notEqual(index.root.terms[0], "0000000000-t.idx");
  assert.equal(index.root.terms[0], name);
  assert.deepEqual(asked.filter(([path]) => path === "/search/root.idx"), [["/search/root.idx", "no-cache"], ["/search/root.idx", "no-cache"]]);
});

test("an index of another version is refused", async () => {
  const { deflateRawSync } = await import("node:zlib");
  await assert.rejects(open(guide.folder, async () => new Response(deflateRawSync(Uint8Array.of(9)))), /version 9/);
});

test("words run together or left half-typed are found", async () => {
  const index = await open(guide.folder);
  const first = async (query) => (await index.search(query)).results[0]?.url;
  assert.equal(await first("isolationlevels "), await first("isolation levels "));
  assert.ok((await index.search("isola level ")).total > 0);
});
