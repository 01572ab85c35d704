// Schemas for editors, held to the real guide: they take every file of it and refuse what the program refuses.
// Takes the program and the guide's files; needs no browser and no published site.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Ajv } from "ajv";
import { parse, TomlDate } from "smol-toml";
import { askbook, filesIn, guideRoot } from "./site.mjs";

// `x-taplo` is for one editor: others pass over it.
const ajv = new Ajv({ allErrors: true, keywords: ["x-taplo"] });
const VOCABULARIES = ["categories", "levels", "topics", "kinds", "wanted", "glossary"];
const validators = Object.fromEntries(["question", "guide", "settings", ...VOCABULARIES].map((subject) => {
  const schema = JSON.parse(execFileSync(askbook, ["schema", subject, "--root", guideRoot], { encoding: "utf8" }));
  return [subject, ajv.compile(schema)];
}));

/** TOML as editors hand it to a validator: days are texts. */
const read = (toml) => JSON.parse(JSON.stringify(parse(toml), function (key, value) {
  return this[key] instanceof TomlDate ? this[key].toISOString() : value;
}));

const file = (path) => readFileSync(join(guideRoot, path), "utf8");

function frontMatter(path) {
  const matter = /^\+\+\+\n(.*?)^\+\+\+$/ms.exec(file(path));
  assert.ok(matter, `${path} has front matter`);
  return read(matter[1]);
}

const whatIsWrong = (subject, value) =>
  validators[subject](value) ? [] : validators[subject].errors.map((error) => `${error.instancePath} ${error.message}`);

for (const [subject, folder] of [["question", "content/questions"], ["guide", "content/guide"]]) {
  test(`every page of ${folder} is valid`, () => {
    const pages = filesIn(join(guideRoot, folder)).filter((name) => name.endsWith(".md"));
    assert.ok(pages.length > 10, `there are ${pages.length} pages`);
    for (const page of pages) {
      assert.deepEqual(whatIsWrong(subject, frontMatter(join(folder, page))), [], page);
    }
  });
}

test("the settings of the guide are valid", () => {
  assert.deepEqual(whatIsWrong("settings", read(file("askbook.toml"))), []);
});

test("the vocabularies and the glossary of the guide are valid", () => {
  for (const subject of VOCABULARIES) assert.deepEqual(whatIsWrong(subject, read(file(`content/${subject}.toml`))), [], subject);
});

test("a vocabulary that the program refuses is refused", () => {
  for (const [subject, bad] of [
    ["categories", "[[category]]\nslug = \"a\"\nname = \"A\""], ["levels", "[[level]]\nslug = 1\nname = \"A\"\nsummary = \"s\""],
    ["levels", "[[level]]\nslug = \"a\"\nname = \"A\"\nsummary = \"s\"\n[level.interview_weight]\ntechnial = 50"],
    ["topics", "[[topics]]\nslug = \"a\""], ["kinds", "[[kind]]\nslug = \"a\"\nname = \"A\"\nsummary = \"s\"\nprep_seconds = -1"],
    ["wanted", "[[question]]\nslug = \"a\"\ntitle = \"A\"\nlevel = \"middle\""], ["glossary", "[[term]]\nterm = \"a\"\ndefinition = \"d\""],
  ]) assert.notDeepEqual(whatIsWrong(subject, read(bad)), [], bad);
});

test("front matter that the program refuses is refused", () => {
  const good = frontMatter("content/questions/transactions/lost-update/index.md");
  for (const change of [
    { tilte: "x" }, { title: " " }, { title: undefined }, { level: "middle" }, { topics: ["no-such-topic"] },
    { topics: [] }, { languages: ["cobol"] }, { status: "done" }, { updated: "yesterday" }, { prep_seconds: -1 }, { rubric: [{ signal: "x" }] },
  ]) {
    const bad = JSON.parse(JSON.stringify({ ...good, ...change }));
    assert.notDeepEqual(whatIsWrong("question", bad), [], JSON.stringify(change));
  }
});

test("settings that the program refuses are refused", () => {
  for (const bad of [
    '[check.rules]\n"link/broken" = "off"', '[check.rules]\n"page/length" = "never"', "[lists]\npage_size = 0",
    '[runners.pyhton]\nfile = "x"', '[runners.lua]\ncommand = ["lua"]', "colour = 1",
  ]) {
    const settings = read(`title = "T"\ndescription = "D"\n${bad.includes("[") ? `\n${bad}` : bad}`);
    assert.notDeepEqual(whatIsWrong("settings", settings), [], bad);
  }
});
