// What must be true of every page, whatever it says: calm, still, inside the screen, and easy to hit.
// The host sends the policy of production, so a page that works here works under it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { DESKTOP, PHONE, eventually, suite, watchedPage, withPage, withStore } from "./browser.mjs";
import { POLICY, byKind, host, publishedFolder, publishedPages, samplePages } from "./site.mjs";

const NARROW = { viewport: { width: 320, height: 640 } };
// 1280 × 900 at 400 %.
const ZOOMED = { viewport: { width: 320, height: 225 }, deviceScaleFactor: 4 };

const { shared, visit } = suite();

test("the watch notices an error, a violation of the policy and a request outside the site", async () => {
  const page = await watchedPage(shared.browser, shared.server.origin);
  await page.open("/");
  await page.evaluate(() => {
    const picture = new Image();
    picture.src = "https://elsewhere.example/picture.png";
    try { document.body.innerHTML = "<p>text</p>"; } catch (refusedByTrustedTypes) { console.error("refused"); }
    setTimeout(() => { throw new Error("thrown on purpose"); });
  });
  const wanted = [/policy: img-src/, /policy: require-trusted-types-for/, /console: refused/, /request outside the site/, /error: .*thrown on purpose/];
  await eventually(() => wanted.filter((trouble) => !trouble.test(page.troubles.join("\n"))), []);
  await page.done();
});

/** Adds up layout shifts from the first paint on, with what has moved. */
const countShifts = (page) => page.addInitScript(() => {
  globalThis.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const moved = entry.sources.map(({ node, previousRect: was, currentRect: is }) => {
        const name = node?.nodeType === 1 ? `${node.localName}.${node.className}` : node?.textContent;
        return `${name} from ${was.x},${was.y} ${was.width}×${was.height} to ${is.x},${is.y} ${is.width}×${is.height}`;
      });
      globalThis.shifts.push(`${entry.value.toFixed(4)} ${moved.join("; ")}`);
    }
  }).observe({ type: "layout-shift", buffered: true });
});

/** Once loaded, painted twice and observed. */
const settled = (page) => page.evaluate(() => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)));
}));

/** How far the page is wider than the screen, and what sticks out. */
const sideways = (page) => page.evaluate(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const scrolls = (element) => element && (getComputedStyle(element).overflowX !== "visible" || scrolls(element.parentElement));
  const isOutside = (element) => element.getBoundingClientRect().right > clientWidth + 0.5 && !scrolls(element.parentElement);
  const wide = [...document.body.querySelectorAll("*")].filter(isOutside).slice(0, 5).map((element) => `${element.localName}.${element.className}`);
  return [`${scrollWidth} px in ${clientWidth} px: ${wide.join(", ")}`];
});

/**
 * Controls under 24 × 24 px. A link in a line of running text is exempt (WCAG 2.2, 2.5.8), as is what is drawn only
 * for screen readers; the size of a choice is that of its label.
 */
const smallTargets = (page) => page.evaluate(() => {
  const isInText = (element) => {
    if (!element.matches("a")) return false;
    const block = element.closest("p, li, dd, dt, td, th, blockquote, figcaption, h1, h2, h3, h4, summary");
    if (!block) return false;
    const text = block.cloneNode(true);
    for (const inner of text.querySelectorAll("a, button, .count, svg, ul, ol")) inner.remove();
    return /\p{L}{2}/u.test(text.textContent);
  };
  return [...document.querySelectorAll("a[href], button, summary, input, select, textarea, [tabindex='0']")].flatMap((element) => {
    if (!element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) || element.closest("[inert]")) return [];
    if (isInText(element) || element.disabled) return [];
    const box = element.getBoundingClientRect();
    if (box.width <= 1 && box.height <= 1) return [];
    const words = (element.getAttribute("aria-label") ?? element.textContent).trim().slice(0, 30);
    const place = element.parentElement.className || element.parentElement.parentElement.className;
    return box.width < 23.99 || box.height < 23.99
      ? [`${element.localName}.${element.className} “${words}” in .${place}: ${box.width.toFixed(1)} × ${box.height.toFixed(1)}`]
      : [];
  });
});

for (const [kind, members] of byKind(publishedPages())) {
  if (kind === "redirect") continue;
  test(`every page of kind ${kind} is calm, still and inside a screen of 320 px (${members.length})`, async () => {
    const expected = kind === "not_found" ? /\b404\b/ : undefined;
    const page = await watchedPage(shared.browser, shared.server.origin, NARROW, { expected });
    await countShifts(page);
    const findings = [];
    for (const { address } of members) {
      const response = await page.open(address);
      await settled(page);
      findings.push(
        ...(response.headers()["content-security-policy"] === POLICY ? [] : [`${address} policy: ${response.headers()["content-security-policy"]}`]),
        ...(await sideways(page)).map((one) => `${address} sideways: ${one}`),
        ...(await page.evaluate(() => globalThis.shifts)).map((one) => `${address} shift: ${one}`),
        ...page.troubles.splice(0).map((one) => `${address} ${one}`),
      );
    }
    await page.done();
    assert.deepEqual(findings, []);
  });
}

test("the header's title has its place before the rest of the header has been read", async () => {
  for (const width of [320, 360, 768, 960, 1440]) {
    await visit({ viewport: { width, height: 640 } }, async (page) => {
      await page.open("/topics/");
      const place = () => page.evaluate(() => JSON.stringify(document.querySelector(".brand").getBoundingClientRect()));
      const whole = await place();
      await page.evaluate(() => document.querySelectorAll(".brand ~ *").forEach((element) => element.remove()));
      assert.equal(await place(), whole, `${width} px`);
    });
  }
});

/**
 * Words of tables that go on in the next line, and cells whose text is cut. Longer words than these may be broken, as may
 * what is written with hyphens or brackets.
 */
const brokenWords = (page, longest) => page.evaluate((limit) => [...document.querySelectorAll("main :is(th, td)")].flatMap((cell) => {
  // Of cards, the names of the columns are there for screen readers only.
  if (getComputedStyle(cell.parentElement.parentElement).position === "absolute") return [];
  const found = cell.scrollWidth > cell.clientWidth + 1 ? [`cut: ${cell.textContent}`] : [];
  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    for (const { 0: word, index } of texts.currentNode.data.matchAll(/[^\s\u2010-\u2014-]+/g)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, index);
      range.setEnd(texts.currentNode, index + word.length);
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      if (lines.size > 1 && word.length <= limit && !word.includes("(")) found.push(word);
    }
  }
  return found;
}), longest);

test("no word of a table is broken, on a phone and on a desk", async () => {
  const pages = publishedPages().filter(({ kind, name }) => ["guide", "question"].includes(kind) && /<table/.test(readFileSync(join(publishedFolder, name), "utf8")));
  assert.ok(pages.length > 100);
  // 1200 px is where three columns of the page leave its tables the least room.
  for (const width of [320, 1200]) {
    await visit({ viewport: { width, height: 900 } }, async (page) => {
      const findings = [];
      for (const { address } of pages) {
        await page.open(address);
        findings.push(...(await brokenWords(page, width === 320 ? 25 : 14)).map((word) => `${address} ${word}`));
      }
      assert.deepEqual(findings, [], `${width} px`);
    });
  }
});

const CHOICES = [
  ["as it comes", {}, {}],
  ["dark", { colorScheme: "dark" }, { settings: { theme: "dark" } }],
  ["with answers folded and a level pinned", {}, { settings: { answers: "folded", code: "wrap", level: { slug: "senior", name: "Senior" } } }],
  ["in the largest text", {}, { settings: { size: "largest", measure: "long" } }],
];

for (const { address, kind } of samplePages()) {
  const watching = { expected: address === "/no-such-page/" ? /\b404\b/ : undefined };

  test(`nothing moves while ${kind} loads: ${address}`, async () => {
    for (const [choice, options, store] of CHOICES) {
      for (const screen of [PHONE, DESKTOP]) {
        await visit({ ...screen, ...options }, async (page) => {
          await withStore(page, store);
          await countShifts(page);
          await page.open(address);
          await settled(page);
          const shifts = await page.evaluate(() => globalThis.shifts);
          assert.deepEqual(shifts, [], `${choice}, ${screen.viewport.width} px`);
          assert.deepEqual(await sideways(page), [], `${choice}, ${screen.viewport.width} px`);
        }, watching);
      }
    }
  });

  test(`nothing moves while ${kind} arrives in pieces: ${address}`, async () => {
    const slow = await host();
    slow.network = "slow";
    try {
      for (const screen of [PHONE, DESKTOP]) {
        await withPage(shared.browser, slow.origin, screen, async (page) => {
          await countShifts(page);
          await page.open(address);
          await settled(page);
          assert.deepEqual(await page.evaluate(() => globalThis.shifts), [], `${screen.viewport.width} px`);
        }, watching);
      }
    } finally {
      await slow.stop();
    }
  });

  test(`nothing scrolls sideways at 400 % zoom on ${kind}: ${address}`, () =>
    visit(ZOOMED, async (page) => {
      await page.open(address);
      assert.deepEqual(await sideways(page), []);
    }, watching));

  test(`targets are at least 24 px on ${kind}: ${address}`, async () => {
    for (const screen of [PHONE, DESKTOP]) {
      await visit(screen, async (page) => {
        await page.open(address);
        assert.deepEqual(await smallTargets(page), [], `${screen.viewport.width} px`);
        for (const name of ["settings", "menu"]) {
          const opener = page.locator(`[data-opens="${name}"]`);
          if (!(await opener.isVisible())) continue;
          await opener.click();
          assert.deepEqual(await smallTargets(page), [], `${name} open, ${screen.viewport.width} px`);
          await page.keyboard.press("Escape");
        }
      }, watching);
    }
  });
}
