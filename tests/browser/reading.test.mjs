// What makes a page pleasant to read and to move through: its measures, its type, the way from page to page, its keys.

import assert from "node:assert/strict";
import test from "node:test";
import { DESKTOP, PHONE, suite } from "./browser.mjs";
import { publishedPages, samplePages } from "./site.mjs";

const { journey } = suite();

const question = samplePages().find(({ kind }) => kind === "question").address;
const between = (name, value, least, most) => assert.ok(value >= least && value <= most, `${name}: ${value} is not between ${least} and ${most}`);

test.describe("the page", () => {
  for (const width of [1152, 1280, 1440, 1920]) {
    journey(`has a sidebar, text and contents beside one another at ${width} px`, { viewport: { width, height: 900 } }, async (page) => {
      await page.open(question);
      const [side, main, rail] = await page.evaluate(() => [".sidebar", ".main", ".contents-rail"].map((selector) => {
        const { left, right, top } = document.querySelector(selector).getBoundingClientRect();
        return { left, right, top, width: (right - left) / 16 };
      }));
      between("sidebar, rem", side.width, 13, 19);
      between("text, rem", main.width, width < 1440 ? 34 : 43, 47);
      between("contents, rem", rail.width, 11, 16);
      assert.ok(side.right <= main.left && main.right <= rail.left);
      assert.ok(side.left >= 0 && rail.right <= width);
    });
  }

  journey("has one column on a phone, the text before the sidebar", PHONE, async (page) => {
    await page.open(question);
    const [main, side] = await page.evaluate(() => [".main", ".sidebar"].map((selector) => document.querySelector(selector).getBoundingClientRect().toJSON()));
    assert.ok(side.top >= main.bottom && Math.abs(side.width - main.width) < 1);
    assert.equal(await page.locator(".contents-rail").isVisible(), false);
    assert.equal(await page.locator(".contents-drop").isVisible(), true);
  });

  for (const screen of [PHONE, DESKTOP]) {
    journey(`has type of known sizes, and lines that can be read, at ${screen.viewport.width} px`, screen, async (page) => {
      await page.open(question);
      const type = await page.evaluate(() => {
        const of = (selector) => {
          const { fontSize, lineHeight, textAlign, hyphens } = getComputedStyle(document.querySelector(selector));
          return { size: Number.parseFloat(fontSize), line: Number.parseFloat(lineHeight) / Number.parseFloat(fontSize), textAlign, hyphens };
        };
        // Characters a line, counted where the browser breaks the longest paragraphs.
        const counts = [...document.querySelectorAll(".part-full-answer .prose > p")].filter((p) => p.textContent.length > 250).map((p) => {
          const range = document.createRange();
          range.selectNodeContents(p);
          const lines = new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom / 12)));
          return p.textContent.length / lines.size;
        });
        return { body: of("body"), prose: of(".part-full-answer .prose p"), code: of(".code code"), heading: of(".part-full-answer h2"), title: of("h1"), counts };
      });
      assert.equal(type.body.size, 16);
      between("text", type.prose.size, 16, 18);
      assert.equal(type.code.size, 14);
      for (const [name, { line }] of [["title", type.title], ["heading", type.heading]]) between(name, line, 1.15, 1.3);
      between("lines of text", type.prose.line, 1.5, 1.75);
      assert.ok(["start", "left"].includes(type.prose.textAlign), "not justified");
      assert.ok(type.counts.length > 0);
      for (const count of type.counts) between("characters a line", count, screen === PHONE ? 25 : 50, 80);
    });
  }

  journey("loads no font from anywhere", DESKTOP, async (page) => {
    await page.open(question);
    assert.deepEqual(await page.evaluate(() => [...document.fonts].length), 0);
  });
});

test.describe("from page to page", () => {
  /** Opens a page by a link, and says whether the browser moved from one to the other. */
  const transition = async (page) => {
    await page.addInitScript(() => addEventListener("pagereveal", (event) => { globalThis.isTransition = event.viewTransition !== null; }));
    await page.open("/topics/");
    await page.locator(".term-name").first().click();
    await page.waitForURL("**/topics/*/");
    await page.waitForFunction(() => globalThis.isTransition !== undefined);
    return page.evaluate(() => globalThis.isTransition);
  };

  journey("the browser blends one into the other where it can", { ...DESKTOP, reducedMotion: "no-preference" }, async (page) => {
    // Chromium leaves it out where a page is not there in time: one of a few is.
    const seen = [];
    while (!seen.includes(true) && seen.length < 5) seen.push(await transition(page));
    assert.equal(seen.at(-1), true, `${seen.length} pages`);
  });

  journey("nothing moves for readers who want less motion", { ...DESKTOP, reducedMotion: "reduce" }, async (page) => {
    assert.equal(await transition(page), false);
    await page.open(question);
    const moving = await page.evaluate(() => [...document.querySelectorAll("*")].filter((element) => {
      const { animationName, transitionDuration } = getComputedStyle(element);
      return animationName !== "none" || transitionDuration.split(", ").some((duration) => duration !== "0s");
    }).length);
    assert.equal(moving, 0);
  });

  journey("back leads to the place that one left", DESKTOP, async (page) => {
    await page.open("/questions/");
    const link = page.locator(".card-title a").nth(40);
    await link.scrollIntoViewIfNeeded();
    const place = await page.evaluate(() => scrollY);
    assert.ok(place > 1000);
    await link.click();
    await page.waitForURL(/\/questions\/[^/]+\//);
    await page.goBack();
    await page.waitForFunction((place) => Math.abs(scrollY - place) < 3, place);
  });

  journey("a dark page is dark from the first paint of the next one", { ...DESKTOP, colorScheme: "light" }, async (page) => {
    await page.addInitScript(() => localStorage.setItem("askbook.v1", '{"settings":{"theme":"dark"}}'));
    await page.open("/");
    // Only a script that blocks, before the style sheet, is in time for the first paint.
    const order = await page.evaluate(() => [...document.head.querySelectorAll("script[src], link[rel=stylesheet]")].map((one) => [one.src || one.href, one.defer || one.async]));
    assert.match(order[0][0], /early\.\w+\.js$/);
    assert.equal(order[0][1], false);
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(19, 24, 26)");
  });
});

test.describe("keys", () => {
  journey("? lists them, and is left alone while typing or when single keys are off", DESKTOP, async (page) => {
    await page.open(question);
    await page.keyboard.press("?");
    const keys = page.locator("dialog[open] [data-keys]");
    await keys.waitFor();
    assert.equal(await keys.evaluate((one) => one === document.activeElement), true, "and is read out");
    const listed = await keys.locator("kbd").allInnerTexts();
    for (const key of ["/", "Ctrl K", "↑", "↓", "Home", "End", "Enter", "Ctrl Enter", "Esc", "?"]) assert.ok(listed.includes(key), `${key} of ${listed}`);
    await page.locator('.panel-settings input[name="keys"][value="off"]').check();
    await page.keyboard.press("Escape");
    await page.locator(".panel-settings").waitFor({ state: "hidden" });
    for (const key of ["?", "/"]) {
      await page.keyboard.press(key);
      assert.equal(await page.locator("dialog[open]").count(), 0, key);
    }
    await page.keyboard.press("Control+k");
    await page.locator(".panel-search[open]").waitFor();
    await page.keyboard.type("?/");
    assert.equal(await page.locator(".panel-search input").inputValue(), "?/");
  });
});

test.describe("code", () => {
  const copied = async (page, figure) => {
    await figure.locator(".copy").click();
    await figure.locator('.copy[data-state="done"]').waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const CLIPBOARD = { ...DESKTOP, permissions: ["clipboard-read", "clipboard-write"] };
  // Put into the page before its scripts run, in the form in which the generator writes it.
  const withCode = (page, language, lines) => page.addInitScript(({ language, lines }) => document.addEventListener("readystatechange", () => {
    if (document.readyState !== "interactive") return;
    const figure = document.createElement("figure");
    figure.className = "code";
    figure.id = "made";
    figure.dataset.language = language;
    const code = document.createElement("code");
    lines.forEach(([text, kind], index) => {
      const line = document.createElement("span");
      line.className = `line ${kind}`;
      line.textContent = text;
      code.append(line, index < lines.length - 1 ? "\n" : "");
    });
    const pre = document.createElement("pre");
    pre.append(code);
    figure.append(pre);
    document.querySelector("article").append(figure);
  }), { language, lines });

  journey("of a console is copied without prompts and output", CLIPBOARD, async (page) => {
    await withCode(page, "console", [["$ curl -s localhost", ""], ["{\"ok\": true}", ""], ["# systemctl restart db", ""]]);
    await page.open(question);
    assert.equal(await copied(page, page.locator("#made")), "curl -s localhost\nsystemctl restart db");
  });

  journey("with changes is copied as it is after them", CLIPBOARD, async (page) => {
    await withCode(page, "go", [["a := 1", ""], ["b := 2", "del"], ["b := 3", "add"]]);
    await page.open(question);
    assert.equal(await copied(page, page.locator("#made")), "a := 1\nb := 3");
  });
});

test.describe("without JavaScript", () => {
  const PLAIN = { ...DESKTOP, javaScriptEnabled: false };

  journey("every index leads to every term, and search to everything by facet", PLAIN, async (page) => {
    const pages = publishedPages();
    for (const [index, kind] of [["topics", "topic"], ["levels", "level"], ["categories", "category"]]) {
      await page.open(`/${index}/`);
      const found = new Set(await page.locator("main a").evaluateAll((all) => all.map((link) => link.pathname)));
      const terms = pages.filter((one) => one.kind === kind && !one.address.includes("/page/")).map(({ address }) => address);
      assert.ok(terms.length > 0);
      assert.deepEqual(terms.filter((address) => !found.has(address)), []);
    }
    await page.open(question);
    await page.locator(".site-search input").fill("index");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/search/?q=index");
    const listed = new Set(await page.locator("main a").evaluateAll((all) => all.map((link) => link.pathname)));
    const questions = pages.filter(({ kind }) => kind === "question").map(({ address }) => address);
    assert.deepEqual(questions.filter((address) => !listed.has(address)), [], "every question is named");
    assert.equal(await page.locator("main :is(button):visible").count() <= 1, true, "no button that would do nothing");
  });
});
