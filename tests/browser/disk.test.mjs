// The published folder opened from disk, without any server.

import assert from "node:assert/strict";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { pathToFileURL } from "node:url";
import { DESKTOP, PHONE, launch, withPage } from "./browser.mjs";
import { publishedFolder, publishedPages } from "./site.mjs";

const at = (name) => pathToFileURL(join(publishedFolder, name)).href;
// Requests of file: pages have the opaque origin "null", which is then the site's own.
const ORIGIN = "null";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

test("a question opened from disk is styled, and its scripts work", () => withPage(browser, ORIGIN, DESKTOP, async (page) => {
  const { name } = publishedPages().find(({ kind }) => kind === "question");
  await page.goto(at(name));
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  await page.locator("[data-fold]").click();
  assert.equal(await page.locator(".fold[open]").count(), 0);
}));

for (const [where, screen] of [["on a desk", DESKTOP], ["on a phone, through the menu", PHONE]]) {
  test(`links lead from page to page on disk, ${where}`, () => withPage(browser, ORIGIN, screen, async (page) => {
    await page.goto(at("index.html"));
    if (screen === PHONE) {
      await page.locator('[data-opens="menu"]').tap();
      await page.locator("dialog.panel-menu .site-nav a", { hasText: "Topics" }).tap();
    } else {
      await page.locator(".site-header .site-nav a", { hasText: "Topics" }).click();
    }
    await page.waitForSelector("body.kind-topics");
    await page.locator(".term-name").first().click();
    await page.waitForSelector("body.kind-topic");
    await page.locator(".card-title a").first().click();
    await page.waitForSelector("body.kind-question");
    await page.locator(screen === PHONE ? ".brand a" : ".site-header .brand a").first().click();
    await page.waitForSelector("body.kind-home");
  }));
}
