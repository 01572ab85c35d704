// One reader without a mouse, from the front page to erasing what was kept; and what a screen reader is told of every kind of page.
// Every journey fails on a console error, a violation of the policy or a request outside the site, whatever else it asserts.

import assert from "node:assert/strict";
import test from "node:test";
import { DESKTOP, focused, openState, suite, until } from "./browser.mjs";
import { samplePages } from "./site.mjs";

const { journey, visit } = suite();

/** Presses Tab until the focus is on what a selector means, and fails where it never comes there. */
async function tabTo(page, selector, { key = "Tab", limit = 250 } = {}) {
  for (let stop = 0; stop < limit; stop += 1) {
    await page.keyboard.press(key);
    if (await page.evaluate((selector) => document.activeElement.matches(selector), selector)) return;
  }
  throw new Error(`${limit} times ${key} do not lead to ${selector}; the focus is on ${await focused(page)}`);
}
const press = async (page, ...keys) => { for (const key of keys) await page.keyboard.press(key); };
const at = (page, pattern) => page.waitForURL(pattern);

journey("everything can be done by keyboard, in one go", { ...DESKTOP, permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
  // From the front page past the header to a level, and into its second question.
  await page.open("/");
  await press(page, "Tab", "Enter");
  await until(page, () => document.activeElement.matches("main#content"));
  await tabTo(page, '.door-links a[href*="levels/mid"]');
  await press(page, "Enter");
  await at(page, "**/levels/mid/");
  await tabTo(page, ".group .card:nth-child(2) .card-title a");
  await press(page, "Enter");
  await at(page, /questions/);

  // Answers fold and open; marks; the level; hints; code.
  await tabTo(page, "[data-fold]");
  await press(page, "Enter");
  assert.ok((await openState(page, ".fold")).every((open) => !open));
  await press(page, "Space");
  assert.ok((await openState(page, ".fold")).every(Boolean));
  for (const mark of ["read", "saved"]) {
    await tabTo(page, `[data-mark="${mark}"]`);
    await press(page, "Space");
    assert.equal(await page.locator(`[data-mark="${mark}"]`).getAttribute("aria-pressed"), "true");
  }
  await tabTo(page, ".depth-note .pin");
  await press(page, "Space");
  assert.equal(await page.locator(".depth-note .pin").first().getAttribute("aria-pressed"), "true");
  await tabTo(page, ".hint summary");
  await press(page, "Enter");
  assert.equal((await openState(page, ".hint"))[0], true);
  await tabTo(page, ".neighbour-next");
  const here = page.url();
  await press(page, "Enter");
  await page.waitForURL((url) => url.href !== here && url.pathname.includes("/questions/"));

  // Settings by their key, arrows within a choice, Escape.
  await press(page, "?");
  assert.equal(await page.evaluate(() => document.activeElement.hasAttribute("data-keys")), true);
  await tabTo(page, '[name="size"]', { key: "Shift+Tab" });
  await press(page, "ArrowRight");
  assert.equal(await page.evaluate(() => document.documentElement.dataset.size), "large");
  await press(page, "Escape");
  await until(page, () => document.activeElement.matches('[data-opens="settings"]'));

  // Search: open, type, move, go; then the list of all questions, narrowed down.
  await press(page, "/");
  // At once, since the results of half a word would go while one of them is selected.
  await page.keyboard.insertText("idempot");
  await page.locator(".panel-search [role=option]").nth(1).waitFor();
  await press(page, "ArrowDown", "ArrowDown", "Home");
  assert.equal(await page.locator('.panel-search [aria-selected="true"]').count(), 1);
  const before = page.url();
  await press(page, "Enter");
  await page.waitForURL((url) => url.href !== before);
  await page.open("/questions/");
  await tabTo(page, ".facets-fold > summary");
  await press(page, "Enter");
  await page.locator(".facet summary").first().waitFor();
  await tabTo(page, ".facet:nth-of-type(2) > summary");
  await press(page, "Enter", "Tab", "Space");
  await page.locator(".search-results .card").first().waitFor();
  await press(page, "Escape");
  assert.equal(await page.locator(".facet[open]").count(), 0);
  assert.match(await focused(page), /^summary/);
  await tabTo(page, ".search-results .card a");

  // The matrix, and what was kept: seen, and erased.
  await page.open("/matrix/");
  await tabTo(page, ".matrix tbody td a");
  await press(page, "Enter");
  await at(page, "**/topics/*/#level-*");
  await page.open("/your-data/");
  await tabTo(page, ".your-data-list summary");
  await press(page, "Enter");
  await tabTo(page, '[data-list="saved"] a');
  await tabTo(page, "[data-erase]");
  await press(page, "Enter", "Enter");
  await until(page, () => localStorage.getItem("askbook.v1") === null);
});

/** What a screen reader would stumble over, as sentences. */
const stumbles = (page) => page.evaluate(() => {
  const found = [];
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest("[hidden], template");
  const all = (selector) => [...document.querySelectorAll(selector)].filter(isShown);
  const textOf = (id) => document.getElementById(id)?.textContent ?? "";
  const nameOf = (element) => (element.getAttribute("aria-label") ?? element.getAttribute("aria-labelledby")?.split(" ").map(textOf).join(" ")
    ?? ([...(element.labels ?? [])].map((label) => label.textContent).join(" ") || element.textContent)).trim();
  for (const [what, selector] of [["header", "body > header"], ["main", "main"], ["footer", "body > footer"], ["heading of level 1", "h1"]]) {
    if (all(selector).length !== 1) found.push(`${all(selector).length} of ${what}`);
  }
  let level = 1;
  for (const heading of all("h1, h2, h3, h4, h5, h6")) {
    const own = Number(heading.localName[1]);
    if (own > level + 1 && heading.closest("main")) found.push(`“${heading.textContent.trim()}” has level ${own} after ${level}`);
    if (heading.closest("main")) level = own;
  }
  const landmarks = all("nav, aside, section[aria-label], section[aria-labelledby], [role=region]").map(nameOf);
  for (const name of landmarks) {
    if (!name) found.push("a landmark without a name");
    if (landmarks.filter((other) => other === name).length > 1) found.push(`landmarks share the name “${name}”`);
  }
  for (const control of all("a[href], button, summary, input, [tabindex='0'], [role=tab]")) {
    const name = nameOf(control);
    if (!name) found.push(`${control.outerHTML.slice(0, 80)} has no name`);
    if (/^[\d\s.,#…→←-]+$/.test(name)) found.push(`a control is named “${name}”: ${control.outerHTML.slice(0, 80)}`);
  }
  for (const table of all("main table")) if (!table.querySelector("th") || !(nameOf(table) || table.caption || table.parentElement.getAttribute("aria-label"))) found.push("a table without heads or a name");
  for (const list of all("main ul, main ol")) if (list.children.length === 0 && list.getClientRects().length && list.offsetHeight > 0) found.push(`an empty list: ${list.className}`);
  return [...new Set(found)];
});

/** The names of what has a role, as the browser gives them to a screen reader. */
async function namesOf(page, role) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  return nodes.filter((node) => !node.ignored && node.role.value === role).map(({ name }) => name.value.replace(/\s+/g, " ").trim());
}

test("a link inside a heading that repeats it is noticed", () => visit(DESKTOP, async (page) => {
  await page.open("/guide/writing/");
  const heading = page.locator(".prose h3").first();
  const text = await heading.textContent();
  assert.ok((await namesOf(page, "heading")).includes(text));
  await heading.evaluate((one) => one.append(one.nextElementSibling));
  assert.equal((await namesOf(page, "heading")).includes(text), false);
}));

for (const { address, kind } of samplePages()) {
  test(`every heading is read once, and the link beside it says where it leads, on ${kind}: ${address}`, () => visit(DESKTOP, async (page) => {
    await page.open(address);
    const texts = await page.locator("h1, h2, h3, h4, h5, h6").evaluateAll((all) => all
      .filter((heading) => heading.checkVisibility({ visibilityProperty: true }))
      .map((heading) => heading.textContent.replace(/\s+/g, " ").trim()));
    assert.deepEqual((await namesOf(page, "heading")).sort(), texts.sort());
    const anchors = await page.locator(".anchor").evaluateAll((all) => all.map((anchor) => {
      const heading = document.getElementById(decodeURIComponent(anchor.hash.slice(1)));
      return { isBeside: heading.nextElementSibling === anchor, isStop: anchor.tabIndex === 0, text: heading.textContent.trim() };
    }));
    assert.deepEqual(anchors.filter(({ isBeside, isStop }) => !isBeside || !isStop), []);
    const links = await namesOf(page, "link");
    assert.deepEqual(anchors.filter(({ text }) => !links.some((name) => name === text || name === `Link to this section: ${text}`)), []);
    if (["question", "guide"].includes(kind)) assert.ok(anchors.length > 0);
  }, { expected: kind === "not_found" ? /\b404\b/ : undefined }));

  test(`a screen reader is told where it is and what everything is on ${kind}: ${address}`, () =>
    visit(DESKTOP, async (page) => {
      await page.open(address);
      assert.deepEqual(await stumbles(page), []);
    }, { expected: kind === "not_found" ? /\b404\b/ : undefined }));
}
