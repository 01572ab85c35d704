// Everything of tests/vectors that is not refused, built into one guide and opened under the policy: none of it runs.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync, appendFileSync } from "node:fs";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { launch, watchedPage } from "./browser.mjs";
import { serve, smallGuide } from "./site.mjs";

const list = (name) => readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8");
const vectors = JSON.parse(list("vectors.json")).map((vector, number) => ({ ...vector, number }));
const inert = new Set(list("outcomes.txt").split("\n").filter((line) => line.endsWith(": inert")).map((line) => Number.parseInt(line, 10)));
const accepted = vectors.filter(({ number }) => inert.has(number));
const of = (...places) => accepted.filter((vector) => places.includes(vector.in));
const inBrowser = (place) => vectors.filter((vector) => vector.in === place).map((vector) => vector.text);

const name = (number) => `vector-${String(number).padStart(3, "0")}`;
const NOT_PAGES = ["settings", "categories", "kinds", "levels", "topics", "wanted"];
const pages = accepted.filter((vector) => !NOT_PAGES.includes(vector.in));

/** A page with one vector in it, as tests/suite/vectors.rs writes it. */
function page({ number, in: place, text }) {
  const fields = [`title = "Vector ${number}?"`, "updated = 2026-11-20", 'category = "technical"', 'level = "junior"', 'topics = ["sql"]'];
  const own = place === "matter" ? text : "";
  const matter = fields.filter((field) => !own.startsWith(field.slice(0, field.indexOf("=")))).join("\n");
  const body = place === "matter" ? "Text." : place === "drawing" ? `![drawn](${name(number)}.svg)` : text;
  return `+++\n${matter}\n${own}\n+++\n\n${body}\n`;
}

/** Settings with the first accepted vector of each key. */
function settings() {
  const lines = new Map([["title", 'title = "Vectors"'], ["description", 'description = "Vectors."']]);
  for (const { text } of of("settings").reverse()) lines.set(text.slice(0, text.indexOf(" ")), text);
  return `${[...lines.values()].join("\n")}\n\n[check]\nprofile = "minimal"\n`;
}

let browser;
let guide;
let server;
before(async () => {
  guide = smallGuide();
  writeFileSync(join(guide.root, "askbook.toml"), settings());
  for (const vector of pages) {
    const path = join(guide.root, "content/questions/sql", name(vector.number));
    writeFileSync(`${path}.md`, page(vector));
    if (vector.in === "drawing") writeFileSync(`${path}.svg`, vector.text);
  }
  for (const { number, in: place, text } of of(...NOT_PAGES).filter((vector) => vector.in !== "settings")) {
    const distinct = text.replaceAll("'odd'", `'odd-${number}'`).replaceAll("'strange'", `'strange-${number}'`);
    appendFileSync(join(guide.root, "content", `${place}.toml`), `\n${distinct}\n`);
  }
  [server, browser] = await Promise.all([serve(guide.root), launch()]);
});
after(async () => {
  await Promise.all([server?.stop(), browser?.close()]);
  guide?.remove();
});

/** What in the page could run, in words. Everything is hovered, focused and clicked first. */
const active = () => {
  const found = [];
  for (const element of document.querySelectorAll("main *")) {
    for (const kind of ["mouseover", "mouseenter", "focus", "toggle", "load", "error"]) element.dispatchEvent(new Event(kind));
  }
  for (const element of document.querySelectorAll("*")) {
    const { localName } = element;
    if (localName === "script" && !element.hasAttribute("src") && element.type !== "application/ld+json") found.push("an inline script");
    if (["iframe", "object", "embed", "base", "foreignObject", "style"].includes(localName)) found.push(localName);
    for (const { name: key, value } of element.attributes) {
      if (/^on/i.test(key) || key === "style" || key === "srcdoc" || key === "formaction") found.push(`${localName} ${key}="${value}"`);
      if (["href", "src", "action", "xlink:href"].includes(key)) {
        const { protocol } = new URL(value, document.baseURI);
        if (!["http:", "https:", "mailto:"].includes(protocol)) found.push(`${localName} ${key}="${value}"`);
      }
    }
  }
  // A named element must not stand where a script looks for something of the document's own.
  for (const name of ["location", "body", "cookie", "getElementById", "currentScript", "defaultView"]) {
    if (document[name] instanceof HTMLFormElement || document[name] instanceof HTMLImageElement) found.push(`document.${name} is an element`);
  }
  return found;
};

/** Opens addresses one after the other and tells what went wrong at each. */
async function wrongAt(addresses, afterwards = async () => {}) {
  const page = await watchedPage(browser, server.origin, {}, { expected: /answer 404|status of 404/ });
  const wrong = [];
  page.on("dialog", (dialog) => { wrong.push(`a dialog at ${page.url()}`); dialog.dismiss(); });
  for (const address of addresses) {
    await page.open(address);
    await afterwards(page);
    wrong.push(...(await page.evaluate(active)).map((what) => `${what} at ${address}`));
    wrong.push(...page.troubles.splice(0).map((trouble) => `${trouble} at ${address}`));
  }
  await page.done();
  return wrong;
}

test("no page with an accepted vector runs anything", async () => {
  assert.ok(pages.length > 100, `${pages.length} pages`);
  const addresses = pages.map(({ number }) => `/questions/${name(number)}/`);
  assert.deepEqual(await wrongAt(addresses), []);
});

test("no list, index or search page shows a vector as anything but text", async () => {
  const terms = of("categories", "levels", "topics").filter(({ text }) => text.includes("'odd'"));
  const plural = (place) => `/${place}/`;
  const addresses = ["/", "/questions/", "/topics/", "/levels/", "/categories/", "/guide/", "/search/", "/no-such-page/",
    ...terms.map(({ in: place, number }) => `${plural(place)}odd-${number}/`)];
  assert.deepEqual(await wrongAt(addresses), []);
});

test("no query runs anything", async () => {
  const addresses = inBrowser("query").map((query) => `/search/?q=${encodeURIComponent(query)}`);
  const answered = (page) => page.waitForFunction(() => document.querySelector("[data-status]")?.textContent.trim());
  assert.deepEqual(await wrongAt(addresses, answered), []);
});

test("no fragment runs anything", async () => {
  const addresses = inBrowser("hash").flatMap((hash) => ["/questions/where-or-having/", "/search/"].map((path) => path + hash));
  assert.deepEqual(await wrongAt(addresses), []);
});
