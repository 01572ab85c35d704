// What a page costs: bytes after brotli at its best, as a host that compresses once sends them. Budgets are those of the reader's expectations; a
// kilobyte is 1,000 bytes, the stricter reading.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { brotliCompressSync } from "node:zlib";
import { byKind, filesIn, publishedFolder, publishedPages } from "./site.mjs";

const KB = 1000;
const CSS = 10 * KB;
const JAVASCRIPT = 10 * KB;
const FIRST_VISIT = 35 * KB;
// A list names up to a hundred questions with their summaries.
const LIST = 20 * KB;
const HTML = { questions: LIST, topic: LIST, level: LIST, category: LIST, glossary: LIST, not_found: 5 * KB, redirect: 2 * KB };
const HTML_OF_OTHERS = 15 * KB;

const weights = new Map();
function weight(name) {
  if (!weights.has(name)) {
    const bytes = readFileSync(join(publishedFolder, name));
    weights.set(name, brotliCompressSync(bytes).length);
  }
  return weights.get(name);
}

/** The files that a page asks for at once: style sheets, scripts, icons, pictures. */
function askedAtOnce(name) {
  const html = readFileSync(join(publishedFolder, name), "utf8");
  const base = new URL(name, "https://guide.example/");
  const tags = html.match(/<(?:script|link|img)\b[^>]*>/g) ?? [];
  const asked = tags.flatMap((tag) => {
    if (/^<link/.test(tag) && !/\brel="?(?:stylesheet|icon|preload|modulepreload)\b/.test(tag)) return [];
    const address = /\b(?:src|href)=(?:"([^"]*)"|([^\s>]*))/.exec(tag);
    return address ? [new URL(address[1] ?? address[2], base).pathname.slice(1)] : [];
  });
  return [...new Set(asked)];
}

const pages = publishedPages();
const sum = (names) => names.reduce((total, name) => total + weight(name), 0);
const over = (limit, measured) => measured.filter(([, bytes]) => bytes > limit).map(([name, bytes]) => `${name}: ${bytes} B`);

for (const [kind, members] of byKind(pages)) {
  const limit = HTML[kind] ?? HTML_OF_OTHERS;
  test(`the HTML of every page of kind ${kind} is at most ${limit / KB} KB compressed`, (t) => {
    const measured = members.map(({ name }) => [name, weight(name)]).sort((a, b) => b[1] - a[1]);
    t.diagnostic(`${members.length} pages, the heaviest ${measured[0][0]} with ${measured[0][1]} B`);
    assert.deepEqual(over(limit, measured), []);
  });
}

for (const [what, extension, limit] of [["style sheets", ".css", CSS], ["scripts", ".js", JAVASCRIPT]]) {
  test(`no page loads more than ${limit / KB} KB of ${what}`, (t) => {
    const measured = pages.map(({ name }) => [name, sum(askedAtOnce(name).filter((file) => file.endsWith(extension)))]);
    t.diagnostic(`at most ${Math.max(...measured.map(([, bytes]) => bytes))} B`);
    assert.deepEqual(over(limit, measured), []);
  });
}

test(`a first visit to any page is at most ${FIRST_VISIT / KB} KB in all, pictures of its text aside`, (t) => {
  const isTextPicture = (file) => /\.(?:png|jpe?g|gif|webp|avif)$/.test(file);
  const measured = pages.map(({ name }) => [name, weight(name) + sum(askedAtOnce(name).filter((file) => !isTextPicture(file)))]);
  const [name, bytes] = measured.reduce((heaviest, one) => (one[1] > heaviest[1] ? one : heaviest));
  t.diagnostic(`the heaviest is ${name} with ${bytes} B`);
  assert.deepEqual(over(FIRST_VISIT, measured), []);
});

test("every file that a page asks for is published", () => {
  const published = new Set(filesIn(publishedFolder));
  const missing = pages.flatMap(({ name }) => askedAtOnce(name).filter((file) => !published.has(file)).map((file) => `${name}: ${file}`));
  assert.deepEqual(missing, []);
});

for (const [what, names, limit] of [["core", ["search-core"], 10 * KB], ["interface", ["search", "search-worker"], 5 * KB]]) {
  test(`the ${what} of search is at most ${limit / KB} KB`, (t) => {
    const files = filesIn(publishedFolder).filter((file) => names.some((name) => new RegExp(`^assets/(js/)?${name}\\.[0-9a-f]+\\.js$`).test(file)));
    assert.equal(files.length, names.length, `${files}`);
    t.diagnostic(`${sum(files)} B`);
    assert.deepEqual(over(limit, [[what, sum(files)]]), []);
  });
}
