// What authors see: the dev server of a small guide follows their edits, and old addresses lead to new ones.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { DESKTOP, launch, until, withPage } from "./browser.mjs";
import { serve, smallGuide } from "./site.mjs";

const QUESTION = "content/questions/sql/where-or-having.md";
const ADDRESS = "/questions/where-or-having/";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** Runs a test's body with a guide of its own and the server that shows it. */
async function withGuide(prepare, body) {
  const { root, remove } = smallGuide();
  const edit = (change, path = QUESTION) => writeFileSync(join(root, path), change(readFileSync(join(root, path), "utf8")));
  let server;
  try {
    prepare(edit);
    server = await serve(root);
    await body(server, edit);
  } finally {
    await server?.stop();
    remove();
  }
}

const asItIs = () => {};
const paragraph = (text) => (markdown) => markdown.replace("## Full answer\n\n", `## Full answer\n\n${text}\n\n`);

test("an edit reloads the open page, and the page stays where it was", () => withGuide(asItIs, (server, edit) =>
  withPage(browser, server.origin, { viewport: { width: 1000, height: 500 } }, async (page) => {
    await page.open(ADDRESS);
    await page.evaluate(() => { globalThis.isOld = true; scrollTo(0, 600); });
    await page.waitForFunction(() => scrollY === 600);
    edit((markdown) => markdown.replaceAll("rows", "tuples"));
    await page.waitForFunction(() => !globalThis.isOld && document.readyState === "complete");
    await page.waitForFunction(() => Math.abs(scrollY - 600) < 2);
    assert.match(await page.locator("main").innerText(), /tuples/);
  })));

test("edits one after another all arrive", () => withGuide(asItIs, (server, edit) =>
  withPage(browser, server.origin, DESKTOP, async (page) => {
    await page.open(ADDRESS);
    for (const word of ["aubergine", "bergamot", "cardamom"]) {
      edit(paragraph(`This sentence says ${word}.`));
      await page.waitForFunction((word) => document.querySelector("main")?.textContent.includes(word), word);
    }
  })));

test("a mistake is shown over the page, and mending it takes the message away and shows the new page", () => withGuide(asItIs, (server, edit) =>
  withPage(browser, server.origin, DESKTOP, async (page) => {
    await page.open(ADDRESS);
    const overlay = page.locator("#askbook-problems");
    edit((markdown) => markdown.replace('level = "', 'level = "no-'));
    await overlay.waitFor({ state: "visible" });
    const text = await overlay.innerText();
    assert.match(text, /where-or-having\.md/, "the file is named");
    assert.match(text, /no-/, "the mistake is shown");
    assert.equal(await page.locator("h1").first().isVisible(), true, "the last good page is still there");

    const { status } = await (await fetch(`${server.origin}${ADDRESS}`));
    assert.equal(status, 200);

    edit((markdown) => paragraph("The mended page.")(markdown.replace('level = "no-', 'level = "')));
    await page.waitForFunction(() => document.querySelector("main").textContent.includes("The mended page."));
    await overlay.waitFor({ state: "detached" });
  })));

test("a mistake that is undone takes its message away", () => withGuide(asItIs, (server, edit) =>
  withPage(browser, server.origin, DESKTOP, async (page) => {
    await page.open(ADDRESS);
    const overlay = page.locator("#askbook-problems");
    edit((markdown) => markdown.replace('level = "', 'level = "no-'));
    await overlay.waitFor({ state: "visible" });
    await page.reload();
    await overlay.waitFor({ state: "visible" });
    await overlay.locator("button").click();
    assert.equal(await overlay.count(), 0, "it can be closed, to read the page below");
    edit((markdown) => markdown.replace('level = "no-', 'level = "'));
    await until(page, async () => (await (await fetch("/__askbook/problems")).text()) === "");
    assert.equal(await overlay.count(), 0);
  })));

test("a change of the settings reaches every page", () => withGuide(asItIs, (server, edit) =>
  withPage(browser, server.origin, DESKTOP, async (page) => {
    await page.open(ADDRESS);
    edit((toml) => toml.replace("My question guide", "Another name"), "askbook.toml");
    await page.waitForFunction(() => document.querySelector(".brand").textContent === "Another name");
  })));

const withAlias = (edit) => edit((markdown) => markdown.replace(/^\+\+\+\n/, '+++\naliases = ["/questions/having-or-where/"]\n'));

for (const javaScriptEnabled of [true, false]) {
  test(`an old address leads to the new one, JavaScript ${javaScriptEnabled ? "on" : "off"}`, () => withGuide(withAlias, (server) =>
    withPage(browser, server.origin, { ...DESKTOP, javaScriptEnabled }, async (page) => {
      await page.open("/questions/having-or-where/");
      await page.waitForURL(`**${ADDRESS}`);
      assert.equal(await page.locator("body.kind-question h1").count(), 1);
    })));
}

test("the page at an old address has a link for readers whose browser stays", () => withGuide(withAlias, async (server) => {
  const html = await (await fetch(`${server.origin}/questions/having-or-where/`)).text();
  assert.match(html, /<a href="?\S*where-or-having\/"?>/);
  assert.match(html, /http-equiv="?refresh/);
}));
