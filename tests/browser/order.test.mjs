// Previous and next of a question: in the order by which the reader came, and else in the order of its topic.
// Every journey fails on a console error, a violation of the policy or a request outside the site, whatever else it asserts.

import assert from "node:assert/strict";
import { DESKTOP, PHONE, suite, until } from "./browser.mjs";
import { publishedPages } from "./site.mjs";

const { journey, shared } = suite();

const QUESTION = /\/questions\/[^/?]+\/(\?|$)/;
const slugOf = (address) => new URL(address, "https://guide.example").pathname.split("/")[2];
const neighbour = (page, rel) => page.locator(`main > .neighbours [rel="${rel}"]`);
const label = (page, rel) => neighbour(page, rel).locator(".neighbour-label").innerText();
/** Waits until the neighbours are those of the list with this name. */
const inOrderOf = (page, name) => until(page, (name) => document.querySelector("main > .neighbours")?.textContent.includes(name), name);

/** Goes to the second question of a list, and along the list by its neighbours. */
async function walk(page, address, links, name) {
  await page.open(address);
  await page.locator(links).first().waitFor();
  const slugs = [...new Set((await page.locator(links).evaluateAll((all) => all.map(({ href }) => href))).filter((href) => QUESTION.test(href)).map(slugOf))];
  assert.ok(slugs.length >= 3, `${slugs.length} questions at ${address}`);
  await page.locator(`${links}[href*="/${slugs[1]}/"]`).first().click();
  await page.waitForURL(QUESTION);
  await inOrderOf(page, name);
  assert.equal(await label(page, "next"), `Next in ${name}`);
  assert.equal(await label(page, "prev"), `Previous in ${name}`);
  assert.equal(slugOf(await neighbour(page, "prev").getAttribute("href")), slugs[0]);
  await neighbour(page, "next").click();
  await page.waitForURL((url) => slugOf(url) === slugs[2]);
  await inOrderOf(page, name);
  assert.equal(slugOf(await neighbour(page, "prev").getAttribute("href")), slugs[1]);
  await neighbour(page, "prev").click();
  await page.waitForURL((url) => slugOf(url) === slugs[1]);
  await inOrderOf(page, name);
  assert.equal(slugOf(await neighbour(page, "next").getAttribute("href")), slugs[2]);
  return slugs;
}

for (const [what, address, links, name] of [
  ["a topic, guests included", "/topics/caching/", ".group .card-title a", "Caching"],
  ["a level", "/levels/senior/", ".group .card-title a", "Senior"],
  ["a category", "/categories/behavioural/", ".group .card-title a", "Behavioural"],
  ["all questions", "/questions/", ".group .card-title a", "All questions"],
  ["a list that was narrowed down", "/questions/?level=junior&topic=caching&topic=sql", ".search-results .card-title a", "Junior, SQL, Caching"],
  ["what a search found", "/search/?q=isolation", ".search-results .card-title a", "“isolation”"],
  ["a study plan", "/guide/plan-1-week/", ".prose a", "Study plan: one week"],
]) journey(`they follow ${what}`, DESKTOP, (page) => walk(page, address, links, name));

journey("they follow what the search box found", PHONE, async (page) => {
  await page.open("/");
  await page.keyboard.press("/");
  // At once, since the results of half a word would go while one of them is pressed.
  await page.keyboard.insertText("isolation");
  await page.locator(".panel-search [role=option]").nth(1).waitFor();
  await page.locator('.panel-search [role=option][href*="/questions/"]').first().click();
  await page.waitForURL(QUESTION);
  await inOrderOf(page, "“isolation”");
});

journey("they go on where a list goes on on its next page", DESKTOP, async (page) => {
  const second = publishedPages().find(({ address }) => address === "/questions/page/2/");
  assert.ok(second, "the guide has more questions than a page of the list");
  await page.open("/questions/");
  const last = slugOf(await page.locator(".group .card-title a").last().getAttribute("href"));
  await page.open("/questions/page/2/");
  await page.locator(".group .card-title a").first().click();
  await inOrderOf(page, "All questions");
  assert.equal(slugOf(await neighbour(page, "prev").getAttribute("href")), last);
  await neighbour(page, "prev").click();
  await page.waitForURL((url) => slugOf(url) === last);
  assert.match(page.url(), /in=questions\/$/);
  await inOrderOf(page, "All questions");
});

journey("by keyboard: n and p go on and back, unless single keys are off or somebody types", DESKTOP, async (page) => {
  await page.open("/levels/senior/");
  await page.locator(".group .card-title a").nth(1).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(QUESTION);
  await inOrderOf(page, "Senior");
  const here = page.url();
  await page.keyboard.press("n");
  await page.waitForURL((url) => url.href !== here);
  await inOrderOf(page, "Senior");
  await page.keyboard.press("p");
  await page.waitForURL(here);
  await inOrderOf(page, "Senior");
  await page.keyboard.press("/");
  await page.keyboard.type("np");
  assert.equal(await page.locator(".panel-search input").inputValue(), "np");
  await page.keyboard.press("Escape");
  await page.evaluate(() => folio.set("keys", "off"));
  await page.keyboard.press("n");
  await page.waitForTimeout(300);
  assert.equal(page.url(), here);
  // The links themselves are stops like any other.
  await neighbour(page, "next").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.href !== here);
});

journey("storage that is refused is no obstacle, and nothing is stored", DESKTOP, async (page) => {
  await page.addInitScript(() => {
    for (const name of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(globalThis, name, { get() { throw new DOMException("refused", "SecurityError"); } });
    }
  });
  await walk(page, "/levels/senior/", ".group .card-title a", "Senior");
  assert.equal(await page.evaluate(() => document.cookie + window.name), "");
});

journey("without scripts they keep to the topic, and addresses are bare", { ...DESKTOP, javaScriptEnabled: false }, async (page) => {
  await page.open("/levels/senior/");
  const links = await page.locator(".group .card-title a").evaluateAll((all) => all.map((link) => link.search));
  assert.deepEqual([...new Set(links)], [""]);
  await page.open("/questions/caching-strategies/?in=levels/senior/");
  assert.equal(await label(page, "next"), "Next in Caching");
  await neighbour(page, "next").click();
  await page.waitForURL(QUESTION);
  assert.equal(await label(page, "prev"), "Previous in Caching");
});

journey("a list that is somebody's invention leaves them in the order of the topic", DESKTOP, async (page) => {
  for (const list of ["//elsewhere.example/", "https://elsewhere.example/", "../../../etc/", "javascript:alert(1)", "levels/junior/%", "questions/sql-joins/", "guide/about/", "levels/lead/", "\u0000", ""]) {
    await page.open(`/questions/caching-strategies/?in=${encodeURIComponent(list)}`);
    // Whatever it asks for has been answered.
    await page.waitForLoadState("networkidle");
    assert.equal(await label(page, "next"), "Next in Caching", list);
  }
}, { expected: /\b404\b/ });

journey("without a network they follow a list whose copy was kept, and else the topic", { ...DESKTOP, serviceWorkers: "allow" }, async (page) => {
  const list = "/levels/senior/";
  await page.open(list);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const slugs = await page.locator(".group .card-title a").evaluateAll((all) => all.slice(0, 3).map((link) => link.pathname.split("/")[2]));
  const addressOf = (slug, from) => `/questions/${slug}/?in=${from}`;
  for (const address of [list, ...slugs.map((slug) => `/questions/${slug}/`)]) {
    await page.open(address);
    await until(page, async (address) => Boolean(await caches.match(new URL(address, location.href))), address);
  }

  shared.server.network = "gone";
  await page.open(addressOf(slugs[1], "levels/senior/"));
  await page.locator(".offline-note").waitFor();
  await inOrderOf(page, "Senior");
  assert.equal(slugOf(await neighbour(page, "prev").getAttribute("href")), slugs[0]);
  await neighbour(page, "next").click();
  await page.waitForURL((url) => slugOf(url) === slugs[2]);
  await inOrderOf(page, "Senior");
  assert.equal(await label(page, "prev"), "Previous in Senior");

  // A list that was never opened has no copy. The question shows itself, in the order of its topic.
  const topic = await page.evaluate(async (address) => {
    const page = await (await caches.match(new URL(address, location.href))).text();
    return /(?:Next|Previous) in ([^<]+)/.exec(page)[1];
  }, `/questions/${slugs[1]}/`);
  await page.open(addressOf(slugs[1], "levels/junior/"));
  await page.locator(".offline-note").waitFor();
  await page.waitForLoadState("networkidle");
  const said = await page.locator("main > .neighbours").innerText();
  assert.ok(said.includes(`Next in ${topic}`) || said.includes(`Previous in ${topic}`), said);
  assert.equal(said.includes("Junior"), false);
  shared.server.network = "there";
}, { expected: /ERR_|Failed to fetch|status of 503/ });

journey("paper names the address of the question, not the way to it", DESKTOP, async (page) => {
  await page.open("/questions/caching-strategies/?in=levels/mid/");
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.match(await page.locator("[data-print-address]").textContent(), /\/questions\/caching-strategies\/$/);
});
