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

// Every fifth question is narrowed down, to terms of the facets that a page has; now and then to one that no guide has.
function filters(root, at) {
  if (at % 5) return {};
  const chance = random(at), pick = (list) => list[Math.floor(chance() * list.length)];
  const chosen = {};
  for (let number = 0; number <= at % 3; number += 1) {
    const { name, terms } = pick(root.facets.filter(({ terms: own }) => own.length));
    chosen[name] = [...(chosen[name] ?? []), chance() < 0.05 ? "no-such-term" : pick(terms).slug];
  }
  return chosen;
}

test("a thousand questions, with phrases, words left out and filters, have equal answers in Rust and in JavaScript", async () => {
  const opened = await open(answers(guideFolder(), []).folder);
  const pages = [];
  for (let page = 0; page < opened.root.pages; page += 1) {
    const shown = await opened.shown(page);
    pages.push({ title: shown.title.text, text: shown.blocks.map((block) => block.text).join(" ") || shown.title.text });
  }
  const asked = queries(pages, 1000).map((query, at) => ({ query, filters: filters(opened.root, at) }));
  const expected = answers(guideFolder(), asked);
  const index = await open(expected.folder);
  let narrowed = 0, phrases = 0, found = 0;
  for (const [at, { query, filters: chosen }] of asked.entries()) {
    const { total, results, facets } = await index.search(query, { filters: chosen });
    const own = { total, results: results.map(({ url, score }) => ({ url: url.slice("https://guide.example/".length), score })), facets: Object.fromEntries(Object.entries(facets).map(([name, counts]) => [name, { ...counts }])) };
    assert.deepEqual(own, expected.answers[at], JSON.stringify(asked[at]));
    if (total) {
      found += 1;
      narrowed += Object.keys(chosen).length ? 1 : 0;
      phrases += query.includes('"') ? 1 : 0;
    }
  }
  assert.ok(found > 700 && narrowed > 60 && phrases > 50, `${found} have an answer, ${narrowed} of them with filters, ${phrases} with a phrase`);
});
