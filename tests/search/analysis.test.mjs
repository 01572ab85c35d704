// The JavaScript side of the shared cases, and its stemmer over every word of the guide.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { test } from "node:test";
import { Analyzer, inflateRaw } from "../../themes/folio/static/js/search-core.js";
import { answers, guideFolder, open, random } from "./harness.mjs";

test("every case is read as it is written down", () => {
  const cases = JSON.parse(readFileSync(new URL("vectors.json", import.meta.url), "utf8"));
  const analyzer = new Analyzer("en");
  assert.ok(cases.length >= 400, `${cases.length} cases`);
  for (const { text, tokens } of cases) {
    const composed = text.normalize("NFC");
    const own = analyzer.tokens(composed).map(({ surface, stem, position, start, end, shape }) => [surface, stem, position, composed.slice(start, end), shape]);
    assert.deepEqual(own, tokens, JSON.stringify(text));
  }
});

test("both implementations have the same irregular forms and stop words", () => {
  const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const rust = read("src/search/words.rs"), script = read("themes/folio/static/js/search-core.js");
  const between = (text, start, end) => text.slice(text.indexOf(start), text.indexOf(end, text.indexOf(start)));
  const own = [...between(script, "Set((", ".split").slice(5).matchAll(/[a-z]+/g)].map(([word]) => word).sort();
  assert.deepEqual([...between(rust, "const STOP_WORDS", "];").matchAll(/"(\w+)"/g)].map(([, word]) => word), own);
  const forms = [...between(rust, "const IRREGULARS", "];").matchAll(/"(\w+)", "(\w+)"/g)].map(([, form, stem]) => [form, stem]);
  assert.deepEqual([...between(script, "IRREGULARS = ", "));").matchAll(/(\w+): "(\w+)"/g)].map(([, form, stem]) => [form, stem]).sort(), forms);
  assert.ok(own.length > 70 && forms.length > 15, "the lists were found");
});

test("the stemmer agrees with rust-stemmers on every word of the guide", async () => {
  const index = await open(answers(guideFolder(), []).folder);
  const analyzer = new Analyzer("en");
  let words = 0;
  for (const number of index.root.termKeys.keys()) {
    const shard = await index.shard(number);
    shard.stems.forEach((stem, at) => {
      for (const surface of shard.surfaces(at)) {
        assert.equal(analyzer.stem(surface), stem, surface);
        words += 1;
      }
    });
  }
  assert.ok(words > 1000, `${words} words`);
});

test("the small inflater reads what zlib writes", () => {
  const chance = random(7);
  for (const [size, letters] of [[0, 1], [1, 1], [70_000, 1], [5000, 3], [100_000, 200], [40_000, 256], [3, 256]]) {
    const bytes = Uint8Array.from({ length: size }, () => Math.floor(chance() * letters));
    for (const level of [0, 1, 9]) for (const strategy of [0, 4]) assert.deepEqual(inflateRaw(new Uint8Array(deflateRawSync(bytes, { level, strategy }))), bytes, `${size} ${level} ${strategy}`);
  }
});

test("a language without a stemmer leaves words as they are", () => {
  assert.deepEqual(new Analyzer("de").tokens("Datenbanken indexes").map(({ stem }) => stem), ["datenbanken", "indexes"]);
  assert.deepEqual(new Analyzer("en", false).tokens("indexes").map(({ stem }) => stem), ["indexes"]);
  assert.deepEqual(new Analyzer("en-GB").tokens("databases").map(({ stem }) => stem), ["databas"]);
});
