// What the guide explains and counts: words of the glossary, the matrix, the question of the day, samples in several languages.
// Every journey fails on a console error, a violation of the policy or a request outside the site, whatever else it asserts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { DESKTOP, PHONE, eventually, suite, withStore } from "./browser.mjs";
import { publishedFolder, publishedPages } from "./site.mjs";

const { journey, shared } = suite();

const questions = publishedPages().filter(({ kind }) => kind === "question");
const question = questions[0].address;

test.describe("the words of the glossary", () => {
  const terms = ({ name }) => readFileSync(join(publishedFolder, name), "utf8").match(/<a class=term /g)?.length ?? 0;
  const { address } = questions.find((page) => terms(page) > 2);
  const card = ".term-card:popover-open";

  journey("a term shows what it means under the pointer, until Escape or until the pointer leaves", DESKTOP, async (page) => {
    await page.open(address);
    const term = page.locator("a.term").first();
    await term.hover();
    await page.waitForSelector(card);
    const means = await page.locator(`#${await term.getAttribute("aria-describedby")}`).textContent();
    assert.equal((await page.locator(`${card} [data-meaning]`).innerText()).trim(), means.trim());
    await page.locator(card).hover();
    await page.waitForTimeout(400);
    assert.equal(await page.locator(card).count(), 1, "the pointer may rest on the card");
    await page.keyboard.press("Escape");
    assert.equal(await page.locator(card).count(), 0, "Escape hides it");
    await term.hover();
    await page.waitForSelector(card);
    await page.locator("h1").hover();
    await page.waitForFunction((card) => !document.querySelector(card), card);
  });

  journey("a term shows what it means on focus, and Enter leads to its entry", DESKTOP, async (page) => {
    await page.open(address);
    const term = page.locator("a.term").first();
    await term.focus();
    await page.waitForSelector(card);
    const box = await page.locator(card).boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 1440, "inside the window");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/guide/glossary/#term-*");
    assert.equal(await page.locator(":target").count(), 1);
  });

  journey("the first tap on a term shows what it means, the second leads to it", PHONE, async (page) => {
    await page.open(address);
    const term = page.locator("a.term").first();
    await term.tap();
    await page.waitForSelector(card);
    const box = await page.locator(card).boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 360, "inside the window");
    assert.equal(new URL(page.url()).pathname, address);
    await term.tap();
    await page.waitForURL("**/guide/glossary/#term-*");
  });

  journey("without scripts a term is a link to its entry", { ...DESKTOP, javaScriptEnabled: false }, async (page) => {
    await page.open(address);
    await page.locator("a.term").first().click();
    await page.waitForURL("**/guide/glossary/#term-*");
    await page.locator(".letters a").last().click();
    await page.waitForURL("**/guide/glossary/#h-*");
  });
});

test.describe("the matrix", () => {
  // Scripts have no part in this: the part of a topic's page is the list, with and without them.
  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? "with scripts" : "without scripts";
    for (const [address, cells, name] of [["/matrix/", ".matrix tbody td a", "the matrix"], ["/topics/", ".term-table td a", "the table of topics"]]) {
      journey(`every number of ${name} leads to the list of its questions, ${how}`, { ...DESKTOP, javaScriptEnabled }, async (page) => {
        await page.open(address);
        const all = await page.locator(cells).evaluateAll((links) => links.map((link) => ({ href: link.href, count: Number(link.textContent) })));
        assert.ok(all.length > 20);
        // Each level of the first topic, and the last cell.
        for (const { href, count } of [...all.slice(0, 4), all.at(-1)]) {
          const { pathname, hash } = new URL(href);
          await page.open(pathname + hash);
          assert.equal(await page.locator(`${hash} .card`).count(), count, href);
          await eventually(() => page.locator(hash).evaluate((part) => {
            const { top } = part.getBoundingClientRect();
            return top >= 0 && top < 900 ? "in view" : top;
          }), "in view", href);
        }
      });
    }
  }

  journey("a level's sum leads to the page of the level", { ...DESKTOP, javaScriptEnabled: false }, async (page) => {
    await page.open("/matrix/");
    const sum = page.locator(".matrix tfoot td a").first();
    const count = await sum.textContent();
    await sum.click();
    await page.waitForURL("**/levels/*/");
    assert.match(await page.locator(".term-count").innerText(), new RegExp(`^${count} `));
  });

  journey("a number of a category is a link only where a script can follow it", DESKTOP, async (page) => {
    await shared.browser.newContext({ javaScriptEnabled: false }).then(async (context) => {
      const plain = await context.newPage();
      await plain.goto(`${shared.server.origin}/categories/`);
      assert.equal(await plain.locator(".term-table td a").count(), 0);
      assert.ok((await plain.locator(".term-table td [data-filtered]").count()) > 5);
      await context.close();
    });
    await page.open("/categories/");
    const cell = page.locator(".term-table td a").first();
    const count = Number(await cell.textContent());
    await cell.click();
    await page.waitForURL("**/questions/?category=*&level=*");
    await page.waitForFunction((count) => document.querySelectorAll("[data-results] > li").length === Math.min(count, 10), count);
  });

  journey("what the reader has read stands in the cells", PHONE, async (page) => {
    const slug = question.split("/")[2];
    await withStore(page, { marks: { [slug]: ["read"] } });
    await page.open("/matrix/");
    assert.equal(await page.locator(".matrix-read").first().innerText(), "1 read");
    assert.match(await page.locator("#matrix-sum").textContent(), /\b1\b/);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 360, `${wide} px`);
  });
});

test.describe("the question of the day", () => {
  const shown = async (page, day) => {
    await page.clock.setFixedTime(new Date(`${day}T12:00:00`));
    await page.open("/");
    return page.locator("#specimen h2").textContent();
  };

  journey("is the same all day, another tomorrow, and leads to its page", DESKTOP, async (page) => {
    const first = await shown(page, "2026-11-27");
    assert.equal(await shown(page, "2026-11-27"), first);
    assert.notEqual(await shown(page, "2026-11-28"), first);
    const title = await page.locator("#specimen h2").textContent();
    await page.locator("#specimen h2 a").click();
    await page.waitForURL("**/questions/*/");
    assert.equal((await page.locator("h1").textContent()).trim(), title.trim());
  });

  journey("without scripts is a fixed question", { ...DESKTOP, javaScriptEnabled: false }, async (page) => {
    await page.open("/");
    assert.equal(await page.locator("#specimen h2 a").count(), 1);
  });
});

test.describe("one sample in several languages", () => {
  const shown = (page) => page.locator(".tabs figure:visible").evaluateAll((all) => all.map((one) => one.dataset.tab));

  journey("a tab shows its language, arrows move, and the choice is remembered", DESKTOP, async (page) => {
    await page.open("/guide/writing/");
    assert.deepEqual(await shown(page), ["Python"]);
    await page.getByRole("tab", { name: "Python" }).focus();
    await page.keyboard.press("ArrowRight");
    assert.deepEqual(await shown(page), ["Go"]);
    assert.equal(await page.getByRole("tab", { name: "Go" }).getAttribute("aria-selected"), "true");
    await page.reload();
    assert.deepEqual(await shown(page), ["Go"]);
    await page.emulateMedia({ media: "print" });
    assert.deepEqual(await shown(page), ["Python", "Go"]);
  });

  journey("without scripts all blocks follow each other", { ...DESKTOP, javaScriptEnabled: false }, async (page) => {
    await page.open("/guide/writing/");
    assert.deepEqual(await shown(page), ["Python", "Go"]);
  });
});
