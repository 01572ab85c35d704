// The page of the reader's data: what is kept in the browser is shown, taken to a file, brought back, and erased.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { DESKTOP, PHONE, suite, withStore } from "./browser.mjs";
import { publishedPages } from "./site.mjs";

const { journey, visit } = suite();

const ADDRESS = "/your-data/";
const [first, second] = publishedPages().filter(({ kind }) => kind === "question").map(({ address }) => address.split("/")[2]);
const OLD = { settings: { theme: "dark", level: { slug: "senior", name: "Senior" } }, marks: { [first]: ["read", "saved"], [second]: ["read"] }, other: { of: "others" } };
const KEPT = { ...OLD, titles: { [first]: "The first question", [second]: "The second question" } };
const store = (page) => page.evaluate(() => JSON.parse(localStorage.getItem("askbook.v1")));
const status = (page, place) => page.locator(`[data-status="${place}"]`).innerText();
const fileOf = (value) => ({ name: "kept.json", mimeType: "application/json", buffer: Buffer.from(typeof value === "string" ? value : JSON.stringify(value)) });
const written = (data) => ({ format: "askbook.v1", guide: "A guide", data });

async function read(page, file, way) {
  await page.locator("#your-data-file").setInputFiles(file);
  if (way) await page.locator(`input[name="way"][value="${way}"]`).check();
  await page.locator("[data-import] button").click();
  await page.waitForFunction(() => document.querySelector('[data-status="move"]').textContent !== "");
}

journey("the footer and the settings of a page lead to it", DESKTOP, async (page) => {
  await page.open(`/questions/${first}/`);
  assert.equal(await page.locator(".site-footer a", { hasText: "Your data" }).evaluate((link) => new URL(link.href).pathname), ADDRESS);
  await page.locator('[data-opens="settings"]').click();
  await page.locator(".panel-settings a", { hasText: "Your data" }).click();
  await page.waitForURL(`**${ADDRESS}`);
});

journey("it shows what is kept, and saved questions lead to their pages", PHONE, async (page) => {
  await withStore(page, KEPT);
  await page.open(ADDRESS);
  const counts = await page.locator("[data-count]").evaluateAll((all) => all.map((one) => [one.dataset.count, one.textContent]));
  assert.deepEqual(counts, [["saved", "1"], ["read", "2"], ["settings", "2"]]);
  assert.deepEqual(JSON.parse(await page.locator("[data-raw]").textContent()), KEPT);
  await page.locator(".your-data-list summary").first().click();
  await page.locator('[data-list="saved"] a').click();
  await page.waitForURL(`**/questions/${first}/`);
});

journey("marked questions are named by their titles, also without a network", DESKTOP, async (page) => {
  const titles = [];
  for (const slug of [first, second]) {
    await page.open(`/questions/${slug}/`);
    titles.push((await page.locator("h1").textContent()).trim());
    await page.locator('[data-mark="saved"]').click();
  }
  await page.route("**/questions.json", () => assert.fail("the titles are at hand"));
  await page.open(ADDRESS);
  assert.deepEqual(await page.locator('[data-list="saved"] a').allTextContents(), titles);
  assert.deepEqual((await store(page)).titles, { [first]: titles[0], [second]: titles[1] });
  await page.open(`/questions/${first}/`);
  await page.locator('[data-mark="saved"]').click();
  assert.deepEqual((await store(page)).titles, { [second]: titles[1] }, "what is no longer marked is forgotten");
});

journey("marks from before titles were kept get theirs, and a question that is gone keeps its slug", DESKTOP, async (page) => {
  await withStore(page, { marks: { ...OLD.marks, "gone-since": ["read"], [second]: ["read"] } });
  await page.open(ADDRESS);
  await page.waitForFunction(() => document.querySelectorAll('[data-list="read"] li').length === 3 && JSON.parse(localStorage.getItem("askbook.v1")).titles);
  const named = await page.locator('[data-list="read"] a').evaluateAll((links) => Object.fromEntries(links.map((link) => [link.href.split("/").at(-2), link.textContent])));
  assert.equal(named["gone-since"], "gone since");
  await page.open(`/questions/${first}/`);
  assert.equal(named[first], (await page.locator("h1").textContent()).trim());
  // A page that was marked before brings its own title, and a new one when it has been reworded.
  await page.evaluate((slug) => folio.entitle({ [slug]: "Reworded since" }), first);
  await page.reload();
  assert.equal((await store(page)).titles[first], named[first]);
});

journey("where the list of titles cannot be had, slugs have to do", DESKTOP, async (page) => {
  await withStore(page, OLD);
  await page.route("**/questions.json", (route) => route.fulfill({ status: 200, body: "not JSON" }));
  await page.open(ADDRESS);
  await page.waitForTimeout(300);
  assert.deepEqual(await page.locator('[data-list="saved"] a').allTextContents(), [first.replaceAll("-", " ")]);
});

journey("what is saved to a file can be read in another browser", { ...DESKTOP, acceptDownloads: true }, async (page) => {
  await withStore(page, KEPT);
  await page.open(ADDRESS);
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("[data-export]").click()]);
  assert.match(download.suggestedFilename(), /^askbook-\d{4}-\d\d-\d\d\.json$/);
  const text = readFileSync(await download.path(), "utf8");
  assert.deepEqual(JSON.parse(text).data, KEPT);
  await visit(DESKTOP, async (other) => {
    await other.open(ADDRESS);
    await read(other, fileOf(text));
    assert.equal(await status(other, "move"), "Read: kept.json");
    assert.deepEqual(await store(other), KEPT);
    assert.equal(await other.evaluate(() => document.documentElement.dataset.theme), "dark", "settings hold at once");
    await other.open(`/questions/${first}/`);
    assert.equal(await other.locator('[data-mark="saved"]').getAttribute("aria-pressed"), "true");
  });
});

journey("a file is added to what is here, or replaces it", DESKTOP, async (page) => {
  await withStore(page, { settings: { size: "large", theme: "light" }, marks: { [first]: ["read"], [second]: ["saved"] }, titles: { [first]: "An older title", [second]: "The second question" } });
  await page.open(ADDRESS);
  await read(page, fileOf(written(KEPT)));
  assert.deepEqual(await store(page), {
    settings: { size: "large", theme: "dark", level: { slug: "senior", name: "Senior" } },
    marks: { [first]: ["read", "saved"], [second]: ["read", "saved"] },
    other: { of: "others" },
    titles: KEPT.titles,
  });
  const other = { marks: { [second]: ["read"] }, titles: { [second]: "The second question" } };
  await read(page, fileOf(written(other)), "replace");
  assert.deepEqual(await store(page), other);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.size), undefined);
});

journey("a file that was not saved here changes nothing and is told why", DESKTOP, async (page) => {
  await withStore(page, KEPT);
  await page.open(ADDRESS);
  for (const [file, reason] of [
    ["{", /is not JSON/],
    ["\u0000PNG", /is not JSON/],
    ["null", /askbook\.v1/],
    [KEPT, /askbook\.v1/],
    [{ format: "askbook.v2", data: {} }, /askbook\.v1/],
    [{ format: "askbook.v1", data: [] }, /askbook\.v1/],
    [written({ settings: [] }), /at settings\./],
    [written({ settings: { theme: { dark: true } } }), /at settings\.theme\./],
    [written({ settings: { level: "senior" } }), /at settings\.level\./],
    [written({ marks: { [first]: "read" } }), /at marks\./],
    [written({ marks: { "<img src=x onerror=alert(1)>": ["done"] } }), /at marks\.<img src=x onerror=alert\(1\)>\./],
    [written({ titles: { [first]: 7 } }), /at titles\./],
    [" ".repeat(1_000_001), /1\.0 MB/],
  ]) {
    await read(page, fileOf(file), "replace");
    assert.match(await status(page, "move"), reason);
    assert.match(await status(page, "move"), /Nothing has changed/);
    assert.deepEqual(await store(page), KEPT);
  }
});

journey("erasing asks once more, can be left, and leaves nothing", DESKTOP, async (page) => {
  await withStore(page, KEPT);
  await page.open(ADDRESS);
  const erase = page.locator("[data-erase]");
  await erase.click();
  assert.equal(await erase.innerText(), "Yes, erase everything");
  await page.locator("[data-spare]").click();
  assert.equal(await erase.innerText(), "Erase everything");
  assert.deepEqual(await store(page), KEPT);
  await erase.click();
  await erase.click();
  assert.equal(await status(page, "erase"), "Erased. Nothing is kept now.");
  assert.equal(await store(page), null);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), undefined);
  assert.equal(await page.locator('[data-count="saved"]').innerText(), "0");
});

journey("with storage refused, reading a file says that it does not last", DESKTOP, async (page) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, "localStorage", { get() { throw new DOMException("refused", "SecurityError"); } });
  });
  await page.open(ADDRESS);
  await read(page, fileOf(written(KEPT)));
  assert.match(await status(page, "move"), /refuses to keep/);
  assert.equal(await page.locator('[data-count="saved"]').innerText(), "1");
});

journey("by keyboard alone a file can be chosen, read, and everything erased", DESKTOP, async (page) => {
  await withStore(page, KEPT);
  await page.open(ADDRESS);
  await page.locator("[data-erase]").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.hasAttribute("data-spare")), true);
  await page.keyboard.press("Space");
  assert.equal(await page.evaluate(() => document.activeElement.hasAttribute("data-erase")), true, "the focus is not lost");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  assert.equal(await store(page), null);
});

journey("without scripts the page says that nothing is kept", { ...DESKTOP, javaScriptEnabled: false }, async (page) => {
  await page.open(ADDRESS);
  assert.match(await page.locator("main").innerText(), /Without them this site keeps nothing/);
  assert.equal(await page.locator("main :is(button, input, summary):visible").count(), 0);
});
