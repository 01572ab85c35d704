// What comes out of the printer: pages as PDF, and the words on them.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { DESKTOP, PHONE, openState, suite, withStore } from "./browser.mjs";
import { publishedPages, samplePages, temporaryFolder } from "./site.mjs";

const { visit } = suite();

const question = samplePages().find(({ kind }) => kind === "question").address;
const topic = samplePages().find(({ kind }) => kind === "topic").address;
const all = (states, value) => assert.ok(states.length > 0 && states.every((state) => state === value), `${states}`);
const TODAY = new Date().toLocaleDateString("en", { dateStyle: "long" });

/** The sheets of a page, each as its words on one line, in the order in which they are read or, with `-layout`, line by line. */
async function sheets(page, ...order) {
  const { folder, remove } = temporaryFolder();
  try {
    const file = join(folder, "page.pdf");
    writeFileSync(file, await page.pdf({ preferCSSPageSize: true, format: "A4" }));
    const text = execFileSync("pdftotext", [...order, file, "-"], { encoding: "utf8" });
    return text.split("\f").slice(0, -1).map((sheet) => sheet.replace(/\s+/g, " ").trim());
  } finally {
    remove();
  }
}
const words = (text) => text.replace(/\s+/g, " ").trim();
const canonical = (page) => page.locator('link[rel="canonical"]').getAttribute("href");

for (const [name, options, store] of [
  ["as it is", DESKTOP, null],
  ["from a phone", PHONE, null],
  ["with folded answers", DESKTOP, { settings: { answers: "folded" } }],
  ["from a dark screen", { ...DESKTOP, colorScheme: "dark" }, { settings: { theme: "dark" } }],
  ["without scripts", { ...DESKTOP, javaScriptEnabled: false }, null],
]) {
  test(`a question prints whole, with its address and date, ${name}`, () => visit(options, async (page) => {
    if (store) await withStore(page, store);
    await page.open(question);
    const wanted = await page.evaluate(() => ({
      title: document.querySelector("h1").textContent,
      answer: document.querySelector(".part-short-answer p").textContent,
      hints: [...document.querySelectorAll(".hint p")].map((hint) => hint.textContent),
      sources: [...document.querySelectorAll(".sources a")].map((link) => link.getAttribute("href")),
      changed: document.querySelector(".colophon time").textContent,
    }));
    const printed = (await sheets(page)).join(" ");
    for (const text of [wanted.title, wanted.answer, ...wanted.hints]) assert.ok(printed.includes(words(text)), text);
    // A long address is broken anywhere, and a hyphen at the end of a line is taken for a break of the word.
    const unbroken = (text) => text.replaceAll(/[ -]/g, "");
    for (const address of [...wanted.sources, await canonical(page)]) assert.ok(unbroken(printed).includes(unbroken(address)), address);
    assert.ok(wanted.hints.length > 0 && wanted.sources.length > 0);
    assert.match(printed, new RegExp(`Last changed:? ${wanted.changed}`));
    assert.equal(printed.includes(`Printed: ${TODAY}`), options.javaScriptEnabled !== false);
    for (const chrome of ["Skip to", "On this page", "Hide the answers", "My level", "Show all hints", "Edit this page", "Next in", "Related questions"]) {
      assert.equal(printed.includes(chrome), false, chrome);
    }
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)", "paper is white");
    assert.equal(await page.locator(".copy:visible").count(), 0);
  }));
}

test("a topic prints every question, with its address and the day", () => visit(DESKTOP, async (page) => {
  await page.open(topic);
  const titles = await page.locator(".card-title").allTextContents();
  const printed = (await sheets(page)).join(" ");
  for (const title of titles) assert.ok(printed.includes(words(title)), title);
  assert.ok(printed.includes(await canonical(page)) && printed.includes(`Printed: ${TODAY}`));
}));

test("a list that was narrowed down prints what it shows, and by what", () => visit(DESKTOP, async (page) => {
  await page.open("/questions/?level=senior");
  await page.locator(".search-results .card").first().waitFor();
  const shown = await page.locator(".search-results .card-title").allTextContents();
  const printed = (await sheets(page)).join(" ");
  for (const title of shown) assert.ok(printed.includes(words(title)), title);
  assert.ok(printed.includes(`${await canonical(page)}?level=senior`) && printed.includes(`Printed: ${TODAY}`));
  assert.match(printed, /Level Senior/);
  const other = publishedPages().filter(({ kind }) => kind === "question").length;
  assert.ok(shown.length < other);
  assert.doesNotMatch(printed, /Narrow down|Clear the filters|Show more/);
}));

test("code is not broken by the end of a sheet where it fits on one", () => visit(DESKTOP, async (page) => {
  await page.open(question);
  const blocks = await page.locator(".code pre").evaluateAll((all) => all.map((pre) => pre.textContent.split("\n").filter((line) => line.trim())).filter((lines) => lines.length > 2 && lines.length < 30));
  const printed = (await sheets(page, "-layout")).map((sheet) => sheet.replaceAll(" ", ""));
  const plain = (line) => line.replaceAll(/\s/g, "");
  for (const lines of blocks) {
    assert.ok(printed.some((sheet) => sheet.includes(plain(lines[0])) && sheet.includes(plain(lines.at(-1)))), lines[0]);
  }
  assert.ok(blocks.length > 0);
}));

test("after printing, what was folded is folded again", () => visit(DESKTOP, async (page) => {
  await withStore(page, { settings: { answers: "folded" } });
  await page.open(question);
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  all(await openState(page, ".fold, .hint"), true);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  all(await openState(page, ".fold, .hint"), false);
}));
