// The browser's search and Rust's give the same pages with the same scores, to the last bit.
// Run with: cargo build --example search_answers && node --test tests/search/parity.test.mjs
import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, guideFolder, open, random } from "./harness.mjs";

// Queries of every shape, made from the pages themselves by a seeded chance.
function queries(pages, count) {
  const chance = random(20261122);
  const pick = (list) => list[Math.floor(chance() * list.length)];
  const words = (text) => text.split(/\s+/).filter(Boolean);
  const shapes = [
    (page) => page.title,
    (page) => words(page.title).slice(0, 2).join(" "),
    (page) => pick(words(page.text)).slice(0, 5),
    (page) => [pick(words(page.text)), pick(words(page.text)), pick(words(page.text))].join(" "),
    (page) => { const at = Math.floor(chance() * words(page.text).length); return words(page.text).slice(at, at + 4).join(" "); },
    (page) => { const word = pick(words(page.title)); const at = Math.floor(chance() * word.length); return word.slice(0, at) + word.slice(at + 1); },
    (page) => { const word = pick(words(page.text)); const at = Math.floor(chance() * word.length); return `${word.slice(0, at)}${word[at + 1] ?? ""}${word[at] ?? ""}${word.slice(at + 2)} ${pick(words(page.title))} `; },
    (page) => `"${words(page.title).slice(1, 3).join(" ")}" ${pick(words(page.text))}`,
    (page) => `${pick(words(page.title))} -${pick(words(page.title))}`,
    (page) => `${pick(words(page.text))}${pick(words(page.text))} ${pick(words(page.text)).slice(0, 3)}`,
  ];
  const fixed = ["", " ", "?", "the", "how do you", "C++", "c#", ".net", "N+1", "/v1/users", "OAuth 2.0", "oauth2.0", "getUserById", "__proto__", "constructor", "toString", "naïve café", "日本語", "🙂", "-x", "--", "\"\"", "\"", "a".repeat(300), "web socket", "0", "rest api rest api", "ﬁle", "tes t", "İstanbul", "ΣΊΣΥΦΟΣ", "don't", "user's", "e.g.", "1,000", "10k", "💩 api"];
  const made = Array.from({ length: count - fixed.length }, () => pick(shapes)(pick(pages)).replace(/[\r\n]+/g, " "));
  return [...fixed, ...made];
}

test("a thousand queries have equal answers in Rust and in JavaScript", async () => {
  const opened = await open(answers(guideFolder(), []).folder);
  const pages = [];
  for (let page = 0; page < opened.root.pages; page += 1) {
    const shown = await opened.shown(page);
    pages.push({ title: shown.title.text, text: shown.blocks.map((block) => block.text).join(" ") || shown.title.text });
  }
  const asked = queries(pages, 1000);
  const expected = answers(guideFolder(), asked);
  const index = await open(expected.folder);
  for (const [at, query] of asked.entries()) {
    const { total, results, facets } = await index.search(query);
    const own = { total, results: results.map(({ url, score }) => ({ url: url.slice("https://guide.example/".length), score })), facets: Object.fromEntries(Object.entries(facets).map(([name, counts]) => [name, { ...counts }])) };
    assert.deepEqual(own, expected.answers[at], JSON.stringify(query));
  }
});
