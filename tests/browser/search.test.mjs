// How readers search the real guide: the dialog, the page, the list of questions, bad networks and browsers that lack something.
// Every journey fails on a console error, a violation of the policy or a request outside the site, whatever else it asserts.

import assert from "node:assert/strict";
import test from "node:test";
import { DESKTOP, PHONE, eventually, focused, suite } from "./browser.mjs";
import { serve } from "./site.mjs";

let questions;
const { journey, shared } = suite(async () => {
  const server = await serve();
  questions = (await (await fetch(`${server.origin}/questions.json`)).json()).questions;
  return server;
});

const DIALOG = "dialog.panel-search[open]";
const INDEX = /\/search\/(root\.idx|files\/)/;
const TEXTS = /\/search\/files\/[0-9a-f]{10}-p\d+\.idx$/;
const FAILURES = /Failed to load resource|net::ERR_|answer 5/;
const box = (page) => page.locator(`${DIALOG} input`);
const options = (page) => page.locator(`${DIALOG} [role=option]`);
const status = (page) => page.locator(`${DIALOG} [role=status]`);
const opened = async (page, address = "/") => {
  await page.open(address);
  await page.keyboard.press("/");
  await box(page).waitFor();
};
const announced = (page, pattern) => page.waitForFunction(([selector, source]) => new RegExp(source).test(document.querySelector(selector)?.textContent), [`${DIALOG} [role=status]`, pattern.source]);
const asked = async (page, query) => {
  await box(page).fill(query);
  await announced(page, /result/);
};
const results = (page) => page.locator(`${DIALOG} .hit:not(.hit-heading)`);
const atEnd = (page) => page.locator(`${DIALOG} [data-results]`).evaluate((list) => list.scrollTo(0, list.scrollHeight));
const first = (page) => options(page).first().getAttribute("href").then((href) => new URL(href).pathname);

test.describe("the dialog", () => {
  journey("a misspelt, half-typed phrase finds its question and says how many there are", PHONE, async (page) => {
    await opened(page);
    await box(page).pressSequentially("n+1 quer", { delay: 30 });
    await announced(page, /^\d+ results?$/);
    assert.equal(await first(page), "/questions/n-plus-one/");
    await page.locator(`${DIALOG} mark`).first().waitFor();
    await box(page).fill("isolatoin levles");
    await eventually(async () => /isolation/i.test(await options(page).first().textContent()), true);
  });

  journey("arrows, Home and End move through the results, and say so", DESKTOP, async (page) => {
    await opened(page);
    await asked(page, "cache");
    await atEnd(page);
    await results(page).nth(9).waitFor();
    const active = () => box(page).getAttribute("aria-activedescendant");
    const selected = () => page.locator(`${DIALOG} [aria-selected=true]`).evaluateAll((all) => all.map(({ id }) => id));
    assert.equal(await active(), null);
    for (const [key, number] of [["ArrowDown", 0], ["ArrowDown", 1], ["ArrowUp", 0], ["ArrowUp", -1], ["Home", 0], ["End", -1]]) {
      await page.keyboard.press(key);
      const id = await options(page).nth(number).getAttribute("id");
      assert.equal(await active(), id, key);
      assert.deepEqual(await selected(), [id], key);
    }
    assert.match(await focused(page), /^input/, "the focus stays in the box");
  });

  journey("what is selected stays so when the same question is answered again", DESKTOP, async (page) => {
    await opened(page);
    await asked(page, "cache");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const second = await options(page).nth(1).getAttribute("href");
    await options(page).first().evaluate((option) => { globalThis.old = option; });
    await box(page).dispatchEvent("input");
    await page.waitForFunction(() => !globalThis.old.isConnected);
    assert.equal(await page.locator(`${DIALOG} [aria-selected=true]`).getAttribute("href"), second);
    assert.equal(await box(page).getAttribute("aria-activedescendant"), await options(page).nth(1).getAttribute("id"));
  });

  journey("Enter opens what is selected, or the first", DESKTOP, async (page) => {
    await opened(page);
    await asked(page, "cache");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const second = await options(page).nth(1).getAttribute("href");
    await page.keyboard.press("Enter");
    await page.waitForURL(second);
  });

  journey("Enter pressed before the answer opens the first result of what was typed", DESKTOP, async (page) => {
    await opened(page);
    await asked(page, "cache");
    await box(page).fill("n+1");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/questions/n-plus-one/**");
  });

  journey("Ctrl+Enter opens a tab of its own and leaves the dialog as it is", DESKTOP, async (page) => {
    await opened(page);
    await asked(page, "n+1");
    const tab = page.context().waitForEvent("page");
    await page.keyboard.press("Control+Enter");
    const other = await tab;
    await other.waitForURL("**/questions/n-plus-one/**");
    assert.equal(await box(page).inputValue(), "n+1");
  });

  journey("Escape closes it at once and gives the focus back", DESKTOP, async (page) => {
    await page.open("/questions/n-plus-one/");
    await page.locator(".crumbs a").last().focus();
    const before = await focused(page);
    await page.keyboard.press("Control+k");
    await box(page).fill("cache");
    await page.keyboard.press("Escape");
    assert.equal(await page.locator(DIALOG).count(), 0);
    assert.equal(await focused(page), before);
  });

  journey("filters narrow the results down, with counts that follow", DESKTOP, async (page) => {
    await opened(page);
    await asked(page, "cache");
    const count = async () => Number(/\d+/.exec(await status(page).textContent())[0]);
    const before = await count();
    const facet = page.locator(`${DIALOG} details.facet`, { hasText: "Level" });
    await facet.locator("summary").click();
    const term = facet.locator("button:not(.is-empty)").first();
    const expected = Number(await term.locator(".count").textContent());
    assert.ok(expected > 0 && expected < before, `${expected} of ${before}`);
    await term.click();
    await page.waitForFunction(([selector, wanted]) => parseInt(document.querySelector(selector).textContent, 10) === wanted, [`${DIALOG} [role=status]`, expected]);
    assert.equal(await term.getAttribute("aria-pressed"), "true");
    const address = new URL(await page.locator(`${DIALOG} [data-as-page]`).evaluate((link) => link.href));
    assert.equal(address.searchParams.get("q"), "cache");
    assert.equal(address.searchParams.getAll("level").length, 1);
    await page.keyboard.press("Escape");
    assert.equal(await page.locator(DIALOG).count(), 1, "the first Escape closes the list of terms");
    await page.locator(`${DIALOG} [data-facets] .text-button`).click();
    await page.waitForFunction(([selector, wanted]) => parseInt(document.querySelector(selector).textContent, 10) === wanted, [`${DIALOG} [role=status]`, before]);
  });

  journey("assistive technology is told what everything is", DESKTOP, async (page) => {
    await opened(page);
    await asked(page, "n+1");
    const tree = await page.locator(DIALOG).ariaSnapshot();
    for (const part of [/dialog "Search"/, /combobox "Search the guide"/, /button "Close search"/, /group "Narrow down"/, /status: \d+ results?/, /listbox "Results"/, /option "[^"]*N\+1/, /link "Open as a page"/]) assert.match(tree, part);
    await page.keyboard.press("ArrowDown");
    assert.equal(await box(page).getAttribute("aria-expanded"), "true");
    assert.equal(await page.locator(`#${await box(page).getAttribute("aria-controls")}`).getAttribute("role"), "listbox");
  });

  journey("nothing found: a hint and ways on, and the list is no longer said to be open", DESKTOP, async (page) => {
    await opened(page);
    await box(page).fill("zzqqxxvv");
    await announced(page, /Nothing was found/);
    assert.equal(await box(page).getAttribute("aria-expanded"), "false");
    assert.ok(await page.locator(`${DIALOG} [data-help] a[href$="questions/"]`).count() > 0);
  });

  journey("whoever types on fetches no texts, and a pause fetches them once", DESKTOP, async (page) => {
    const texts = [];
    page.on("request", (request) => { if (TEXTS.test(request.url())) texts.push(request.url()); });
    await opened(page);
    // By the page's own clock: on a busy machine a key from outside can come later than a pause is long.
    await box(page).evaluate(async (field) => {
      for (const letter of "transaction isolatio") {
        await new Promise((done) => setTimeout(done, 40));
        field.value += letter;
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }
    });
    assert.deepEqual(texts, []);
    await announced(page, /result/);
    assert.ok(texts.length > 0 && texts.length <= 10 && new Set(texts).size === texts.length, `${texts.length} texts`);
  });

  journey("five results cost five texts; whoever gets to their end gets five more below them", PHONE, async (page) => {
    const texts = [], titles = () => results(page).locator(".hit-title").allTextContents();
    page.on("request", (request) => { if (TEXTS.test(request.url())) texts.push(request.url()); });
    await opened(page);
    await asked(page, "cache");
    await results(page).nth(4).waitFor();
    const before = await titles();
    assert.equal(before.length, 5);
    assert.equal(texts.length, 5);
    await atEnd(page);
    await results(page).nth(9).waitFor();
    assert.deepEqual((await titles()).slice(0, 5), before);
    assert.equal(texts.length, 10);
    assert.match(await results(page).first().textContent(), /Junior|Mid-level|Senior/, "with its level");
  });
});

test.describe("what a reader types is text", () => {
  for (const query of ['<img src="x" onerror="document.title=1">', "\"><script>document.title = 1</script>", "constructor", "__proto__", "%00%FF", "\u202e\u0000\ud800", "(".repeat(500), "{{ 7 * 7 }}", "-\"", "日本語 🙂"]) {
    journey(`${JSON.stringify(query).slice(0, 40)} harms nothing`, DESKTOP, async (page) => {
      await page.open(`/search/?q=${encodeURIComponent(query.toWellFormed())}`);
      await page.waitForFunction(() => /result|Nothing|^$/.test(document.querySelector("[data-search-page] [role=status]").textContent));
      const title = await page.title();
      await page.keyboard.press("Escape");
      assert.equal(await page.locator("[data-search-page] :is(img, script, iframe)").count(), 0);
      assert.notEqual(title, "1");
      await page.open("/");
      await page.keyboard.press("/");
      await box(page).fill(query);
      await announced(page, /result|Nothing/);
      assert.equal(await page.locator(`${DIALOG} :is(img, script, iframe)`).count(), 0);
      assert.equal(new URL(await page.locator(`${DIALOG} [data-as-page]`).evaluate((link) => link.href)).origin, shared.server.origin);
    });
  }
});

test.describe("the page of search", () => {
  const results = (page) => page.locator("[data-search-page] .result");
  const total = (page, pattern) => page.waitForFunction((source) => new RegExp(source).test(document.querySelector("[data-search-page] [role=status]").textContent), pattern.source);

  journey("an address with words and filters shows their results", DESKTOP, async (page) => {
    await page.open("/search/?q=cache&level=senior&level=mid");
    await total(page, /result/);
    assert.equal(await page.locator("[data-search-page] input").inputValue(), "cache");
    assert.deepEqual(await page.locator("[data-search-page] [aria-pressed=true]").evaluateAll((all) => all.map((one) => one.textContent.replace(/[\d\s]+$/, "")).sort()), ["Mid-level", "Senior"]);
    assert.ok(await results(page).count() > 0);
    assert.equal(await page.locator("[data-search-fallback]").isHidden(), true);
  });

  journey("going back brings back what was asked before", DESKTOP, async (page) => {
    await page.open("/search/?q=cache");
    await total(page, /result/);
    const before = await results(page).allTextContents();
    const fold = page.locator(".facets-fold");
    if (!(await fold.evaluate((one) => one.open))) await fold.locator("> summary").click();
    const facet = page.locator("[data-search-page] details.facet", { hasText: "Category" });
    await facet.locator("summary").click();
    await facet.locator("button:not(.is-empty)").first().click();
    await page.waitForURL("**/search/?q=cache&category=*");
    await page.goBack();
    await page.waitForURL((url) => url.search === "?q=cache");
    await page.waitForFunction((count) => document.querySelectorAll("[data-search-page] .result").length === count, before.length);
    assert.deepEqual(await results(page).allTextContents(), before);
  });

  journey("no excerpt ends in the mark between two cells of a table", DESKTOP, async (page) => {
    await page.open("/search/?q=index");
    await page.locator(".result .card-summary").nth(9).waitFor();
    const excerpts = await page.locator(".result .card-summary").allTextContents();
    assert.ok(excerpts.some((text) => text.includes(" · ")), "some are of tables");
    assert.deepEqual(excerpts.filter((text) => /·\s*$/.test(text)), []);
  });

  journey("typing writes the words into the address without filling the history", DESKTOP, async (page) => {
    await page.open("/search/");
    const length = await page.evaluate(() => history.length);
    await page.locator("[data-search-page] input").pressSequentially("deadlock", { delay: 20 });
    await page.waitForURL("**/search/?q=deadlock");
    assert.equal(await page.evaluate(() => history.length), length);
  });

  journey("without JavaScript it is a complete list by facet, and its form leads to itself", { ...DESKTOP, javaScriptEnabled: false }, async (page) => {
    await page.open("/search/?q=anything");
    const listed = await page.locator(".search-list a").evaluateAll((links) => links.map((link) => link.href).sort());
    assert.deepEqual([...new Set(listed)].map((url) => new URL(url).pathname), questions.map(({ url }) => new URL(url, shared.server.origin).pathname).sort());
    for (const facet of ["categories", "levels", "topics"]) assert.ok(await page.locator(`.facet-list a[href*="${facet}/"]`).count() > 1, facet);
    assert.equal(new URL(await page.locator(".search-form").evaluate((form) => form.action)).pathname, "/search/");
  });
});

test.describe("the list of questions", () => {
  const chosen = (page) => page.locator(".list-filter [aria-pressed=true]").count();
  const facet = (page, name) => page.locator(".list-filter details.facet", { hasText: name });
  const pick = async (page, name, number) => {
    await facet(page, name).locator("summary").click();
    const button = facet(page, name).locator("button:not(.is-empty)").nth(number);
    const count = Number(await button.locator(".count").textContent());
    await button.click();
    await page.keyboard.press("Escape");
    return count;
  };
  const shows = (page, count) => page.waitForFunction((wanted) => parseInt(document.querySelector(".list-filter [role=status]").textContent, 10) === wanted, count);

  journey("a list that was narrowed down shows the cards that it had", DESKTOP, async (page) => {
    await page.open("/questions/");
    const text = (card) => card.evaluate((one) => one.textContent.replace(/\s+/g, " ").trim());
    const whole = await page.locator("[data-search-fallback] .card").evaluateAll((cards) => cards.map((one) => one.textContent.replace(/\s+/g, " ").trim()));
    await page.open("/questions/?level=senior");
    const narrowed = page.locator(".list-filter .search-results > .card");
    await narrowed.nth(9).waitFor();
    for (const card of (await narrowed.all()).slice(0, 10)) assert.ok(whole.includes(await text(card)), await text(card));
  });

  journey("category, level, topic and kind narrow it down, each with what is left of it, and back leads back", DESKTOP, async (page) => {
    await page.open("/questions/");
    assert.equal(await page.locator("[data-search-fallback]").isVisible(), true);
    assert.equal(await page.locator(".contents-rail").isVisible(), true);
    await page.locator(".facets-fold > summary").click();
    await facet(page, "Level").waitFor();
    for (const name of ["Category", "Level", "Topic", "Kind"]) assert.equal(await facet(page, name).count(), 1, name);
    const category = await pick(page, "Category", 0);
    await shows(page, category);
    assert.equal(questions.length > category, true);
    const level = await pick(page, "Level", 0);
    assert.ok(level <= category, "the counts of levels are those within the category");
    await shows(page, level);
    assert.match(new URL(page.url()).search, /^\?category=[\w-]+&level=[\w-]+$/);
    assert.equal(await page.locator("[data-search-fallback]").isHidden(), true);
    assert.equal(await page.locator(".contents-rail").isVisible(), false, "its links would lead to what is hidden");
    await page.goBack();
    await shows(page, category);
    assert.equal(await chosen(page), 1);
    await page.goBack();
    await page.waitForFunction(() => !document.querySelector("[data-search-fallback]").hidden);
    assert.equal(await chosen(page), 0);
    assert.equal(new URL(page.url()).search, "");
  });

  journey("an address with filters shows what it says, and can be cleared", PHONE, async (page) => {
    const level = questions[0].level;
    await page.open(`/questions/?level=${level}`);
    await shows(page, questions.filter((question) => question.level === level).length);
    await page.locator(".list-filter .text-button", { hasText: "Clear" }).click();
    await page.waitForFunction(() => !document.querySelector("[data-search-fallback]").hidden);
  });
});

test.describe("bad networks and old browsers", () => {
  journey("on a slow network the box is there at once, and results appear when their files come", PHONE, async (page) => {
    let slow = 0;
    let arrive;
    const looked = new Promise((now) => { arrive = now; });
    await page.route(INDEX, async (route) => {
      slow += 1;
      await looked;
      await new Promise((later) => setTimeout(later, 600));
      await route.continue();
    });
    await opened(page);
    await box(page).pressSequentially("deadlock", { delay: 20 });
    assert.equal(await box(page).inputValue(), "deadlock");
    await announced(page, /Loading/);
    arrive();
    await announced(page, /result/);
    assert.ok(slow >= 3, `${slow} files were slow`);
    assert.ok(await options(page).count() > 0);
  });

  journey("Enter before the code is there leads to the page of search, with what was typed", DESKTOP, async (page) => {
    let arrive;
    const left = new Promise((now) => { arrive = now; });
    await page.route(/search\.[0-9a-f]+\.js$/, async (route) => {
      await left;
      // The page that asked may be gone by now.
      await route.continue().catch(() => {});
    });
    await opened(page);
    await box(page).pressSequentially("n+1 queries");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/search/?q=n%2B1+queries", { waitUntil: "commit" });
    arrive();
    await page.locator("[data-search-page] .result").first().waitFor();
    assert.equal(await page.locator("[data-search-page] .result a").first().getAttribute("href").then((href) => new URL(href).pathname), "/questions/n-plus-one/");
  });

  journey("without a network it says so, leads to the list, and recovers", DESKTOP, async (page) => {
    await page.route(INDEX, (route) => route.abort());
    await opened(page);
    await announced(page, /could not be loaded/);
    const way = page.locator(`${DIALOG} [data-help] a[href$="questions/"]`);
    assert.equal(await way.isVisible(), true);
    await page.unroute(INDEX);
    await page.keyboard.press("Escape");
    // Chromium closes a dialog some time after the key: until then a letter goes into its box.
    await page.locator(DIALOG).waitFor({ state: "hidden" });
    // On a busy machine the key may still come before the page has the focus again.
    await eventually(async () => {
      if (!(await box(page).isVisible())) await page.keyboard.press("/");
      return box(page).isVisible();
    }, true);
    await asked(page, "n+1");
    assert.equal(await first(page), "/questions/n-plus-one/");
  }, { expected: FAILURES });

  journey("a file that fails in the middle is said, and asked for again", DESKTOP, async (page) => {
    await opened(page);
    await asked(page, "cache");
    await page.route(TEXTS, (route) => route.fulfill({ status: 503 }));
    await box(page).fill("estimate");
    await announced(page, /could not be loaded/);
    await page.unroute(TEXTS);
    await box(page).fill("estimates");
    await announced(page, /result/);
    assert.ok(await options(page).count() > 0);
  }, { expected: FAILURES });

  journey("where there is no worker, the page answers itself", DESKTOP, async (page) => {
    await page.addInitScript(() => { delete globalThis.Worker; });
    await opened(page);
    await asked(page, "n+1");
    assert.equal(await first(page), "/questions/n-plus-one/");
  });

  journey("a worker that cannot be loaded leaves its questions to the page", DESKTOP, async (page) => {
    await page.route(/search-worker/, (route) => route.abort());
    await opened(page);
    await asked(page, "n+1");
    assert.equal(await first(page), "/questions/n-plus-one/");
  }, { expected: FAILURES });

  journey("where files cannot be inflated by the browser, they are by the script", DESKTOP, async (page) => {
    await page.addInitScript(() => {
      delete globalThis.Worker;
      delete globalThis.DecompressionStream;
    });
    await opened(page);
    await asked(page, "n+1");
    assert.equal(await first(page), "/questions/n-plus-one/");
    assert.equal(await page.evaluate(() => typeof DecompressionStream), "undefined");
  });
});
