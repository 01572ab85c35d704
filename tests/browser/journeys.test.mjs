// What readers do, start to end, in the real guide. Every journey fails on a console error, a violation of the policy or a
// request outside the site, whatever else it asserts.

import assert from "node:assert/strict";
import test from "node:test";
import { DESKTOP, PHONE, eventually, focused, openState, suite, until } from "./browser.mjs";
import { publishedPages, samplePages } from "./site.mjs";

const { journey, visit } = suite();

const pages = publishedPages();
const question = samplePages(pages).find(({ kind }) => kind === "question").address;
const otherQuestion = pages.filter(({ kind, address }) => kind === "question" && address !== question)[0].address;
const attribute = (page, name) => page.evaluate((name) => document.documentElement.getAttribute(name), `data-${name}`);
const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const all = (states, value) => assert.ok(states.length > 0 && states.every((state) => state === value), `${states}`);

test.describe("finding a question", () => {
  journey("home leads to a topic, the topic to a question, and back leads back", DESKTOP, async (page) => {
    await page.open("/");
    const topic = page.locator(".topic-group a").first();
    const topicName = await topic.textContent();
    await topic.click();
    await page.waitForURL("**/topics/*/");
    assert.equal(await page.locator("h1").textContent(), topicName);
    const card = page.locator(".card-title a").first();
    const title = await card.textContent();
    await card.click();
    await page.waitForURL(/\/questions\/[^/]+\//);
    assert.equal((await page.locator("h1").textContent()).trim(), title.trim());
    assert.ok((await page.locator(".part-short-answer").innerText()).length > 40);
    await page.goBack();
    assert.equal(await page.locator("h1").textContent(), topicName);
    await page.goBack();
    assert.equal(new URL(page.url()).pathname, "/");
  });

  journey("every entry of the main navigation leads to a page that marks it", DESKTOP, async (page) => {
    await page.open("/");
    const entries = await page.locator(".site-header .site-nav a").allTextContents();
    assert.ok(entries.length >= 4);
    for (const entry of entries) {
      await page.locator(".site-header .site-nav a", { hasText: entry }).click();
      await page.waitForFunction((entry) => document.querySelector(".site-nav [aria-current]")?.textContent === entry, entry);
      await eventually(() => page.locator("h1").count(), 1, entry);
    }
  });

  journey("next and previous lead to a question and back again", DESKTOP, async (page) => {
    await page.open(otherQuestion);
    const [there, back] = (await page.locator(".neighbour-next").count()) ? ["next", "previous"] : ["previous", "next"];
    await page.locator(`.neighbour-${there}`).click();
    await page.waitForURL((url) => url.pathname !== otherQuestion);
    await page.locator(`.neighbour-${back}`).click();
    await page.waitForURL(`**${otherQuestion}`);
  });

  journey("crumbs lead to the topic of a question", DESKTOP, async (page) => {
    await page.open(question);
    await page.locator(".crumbs a").last().click();
    await page.waitForURL("**/topics/*/");
    assert.equal(await page.locator(`.card a[href*="${question.split("/")[2]}"]`).count() > 0, true);
  });

  journey("reaching for a link fetches its page ahead", DESKTOP, async (page) => {
    await page.open("/");
    const link = page.locator(".topic-group a").first();
    await link.hover();
    await page.waitForSelector(`head link[rel="prefetch"]`, { state: "attached" });
    assert.equal(await page.locator("link[rel=prefetch]").evaluate((hint) => hint.href), await link.evaluate((one) => one.href));
  });

  test("an address that leads nowhere is answered with 404 and a way on, however deep it is", async () => {
    for (const address of ["/no-such-page/", "/questions/no-such-question/", "/a/b/c/d"]) {
      await visit(DESKTOP, async (page) => {
        const response = await page.open(address);
        assert.equal(response.status(), 404);
        assert.equal(await page.locator("body.kind-not_found h1").count(), 1);
        assert.notEqual(await background(page), "rgba(0, 0, 0, 0)", "the style sheet is found from any depth");
        await page.locator(".entries a").first().click();
        await page.waitForURL((url) => url.pathname === "/");
      }, { expected: /\b404\b/ });
    }
  });

  journey("an address without its last slash is led to the page", DESKTOP, async (page) => {
    const response = await page.open(question.replace(/\/$/, ""));
    assert.equal(response.status(), 200);
    assert.equal(response.request().redirectedFrom() !== null, true);
    assert.equal(new URL(page.url()).pathname, question);
  });
});

test.describe("by keyboard alone", () => {
  journey("the skip link comes first, shows itself and leads to the content", DESKTOP, async (page) => {
    await page.open(question);
    await page.keyboard.press("Tab");
    assert.match(await focused(page), /^a\.skip /);
    const box = await page.locator(".skip").first().boundingBox();
    assert.ok(box.width > 24 && box.height > 24 && box.y >= 0);
    await page.keyboard.press("Enter");
    await until(page, () => document.activeElement.matches("main#content"));
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.getElementById("content").contains(document.activeElement)), true);
  });

  for (const screen of [DESKTOP, PHONE]) {
    journey(`every stop shows its focus, above the fold of the sticky bars, at ${screen.viewport.width} px`, screen, async (page) => {
      await page.open(question);
      const findings = [];
      const seen = new Set();
      for (let stop = 0; stop < 400; stop += 1) {
        await page.keyboard.press("Tab");
        const stopped = await page.evaluate(() => {
          const element = document.activeElement;
          if (element === document.body) return null;
          element.dataset.stop ??= String(globalThis.stops = (globalThis.stops ?? 0) + 1);
          const style = getComputedStyle(element.matches(".choice input") ? element.nextElementSibling : element);
          const box = element.getBoundingClientRect();
          // What covers a point in the middle of what is on the screen of the focused element, if anything that sticks does.
          const covers = document.elementsFromPoint(box.x + box.width / 2, (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2);
          const above = covers.slice(0, Math.max(covers.indexOf(element), 0)).find((one) => one.closest(".site-header, .contents-drop") && !one.contains(element) && !element.contains(one));
          return {
            id: element.dataset.stop,
            name: `${element.localName}.${element.className} ${element.textContent.trim().slice(0, 30)}`,
            outline: style.outlineStyle === "none" ? 0 : Number.parseFloat(style.outlineWidth),
            isOnScreen: box.bottom > 0 && box.top < innerHeight,
            covered: above ? above.className || above.localName : null,
          };
        });
        if (stopped === null || seen.has(stopped.id)) break;
        seen.add(stopped.id);
        if (stopped.outline < 2) findings.push(`${stopped.name}: outline ${stopped.outline} px`);
        if (!stopped.isOnScreen) findings.push(`${stopped.name}: off the screen`);
        if (stopped.covered) findings.push(`${stopped.name}: under ${stopped.covered}`);
      }
      assert.ok(seen.size > 30, `only ${seen.size} stops`);
      assert.deepEqual(findings, []);
    });
  }

  journey("the settings open, change and close, and the focus returns", DESKTOP, async (page) => {
    await page.open(question);
    const opener = page.locator('[data-opens="settings"]');
    await opener.focus();
    await page.keyboard.press("Enter");
    const dialog = page.locator("dialog.panel-settings");
    assert.equal(await dialog.evaluate((one) => one.matches(":modal")), true);
    assert.equal(await opener.getAttribute("aria-expanded"), "true");
    assert.equal(await page.evaluate(() => document.querySelector("dialog[open]").contains(document.activeElement)), true);
    for (let stop = 0; stop < 12; stop += 1) {
      if (await page.evaluate(() => document.activeElement.name === "theme")) break;
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("ArrowRight");
    assert.equal(await attribute(page, "theme"), "light");
    await page.keyboard.press("ArrowRight");
    assert.equal(await attribute(page, "theme"), "dark");
    await page.keyboard.press("ArrowRight");
    assert.equal(await attribute(page, "theme"), null, "auto again");
    await page.keyboard.press("Escape");
    await eventually(() => opener.getAttribute("aria-expanded"), "false");
    assert.equal(await dialog.isVisible(), false);
    assert.match(await focused(page), /Reading settings/);
  });

  journey("answers fold and unfold, one by one and all at once", DESKTOP, async (page) => {
    await page.open(question);
    all(await openState(page, ".fold"), true);
    const first = page.locator(".fold > summary").first();
    await first.focus();
    await page.keyboard.press("Enter");
    assert.equal((await openState(page, ".fold"))[0], false);
    await page.keyboard.press("Space");
    assert.equal((await openState(page, ".fold"))[0], true);
    const button = page.locator("[data-fold]");
    await button.focus();
    await page.keyboard.press("Enter");
    all(await openState(page, ".fold"), false);
    assert.equal(await button.innerText(), "Show the answers");
    await page.keyboard.press("Enter");
    all(await openState(page, ".fold"), true);
    assert.equal(await button.innerText(), "Hide the answers");
  });

  journey("two presses in one moment undo each other, whichever button of the answers it is", DESKTOP, async (page) => {
    await page.open(question);
    for (const [name, details, word] of [["[data-fold]", ".fold", "Hide the answers"], [".hints-button", ".hint", "Show all hints"]]) {
      const button = page.locator(name);
      const before = await openState(page, details);
      // The browser tells of what has opened in a later task than the press; the second press comes before that.
      const [between, after] = await button.evaluate((one, details) => [1, 2].map(() => {
        one.click();
        return [...document.querySelectorAll(details)].map(({ open }) => open);
      }), details);
      assert.deepEqual(between, before.map((open) => !open), name);
      assert.deepEqual(after, before, name);
      await eventually(() => button.innerText(), word, name);
      assert.deepEqual(await openState(page, details), before, name);
    }
  });

  journey("code that is wider than its box scrolls by arrow keys", PHONE, async (page) => {
    await page.open(question);
    const index = await page.locator(".code pre").evaluateAll((all) => all.findIndex((pre) => pre.scrollWidth > pre.clientWidth + 40));
    assert.notEqual(index, -1, "the largest question has a long line of code");
    const block = page.locator(".code pre").nth(index);
    await block.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction((index) => document.querySelectorAll(".code pre")[index].scrollLeft > 0, index);
  });
});

test.describe("on a phone", () => {
  journey("the menu opens over the page, Escape closes it, and the focus returns", PHONE, async (page) => {
    await page.open(question);
    const opener = page.locator('[data-opens="menu"]');
    assert.equal(await page.locator(".site-header .site-nav").isVisible(), false);
    assert.equal(await opener.getAttribute("aria-expanded"), "false");
    await opener.tap();
    await eventually(() => opener.getAttribute("aria-expanded"), "true");
    const menu = page.locator("dialog.panel-menu");
    assert.equal(await menu.evaluate((one) => one.matches(":modal")), true, "the page behind is inert");
    assert.ok((await menu.locator(".site-nav a").count()) >= 4);
    await page.keyboard.press("Escape");
    await eventually(() => opener.getAttribute("aria-expanded"), "false");
    assert.equal(await menu.isVisible(), false);
    assert.match(await focused(page), /Menu$/);
  });

  journey("the menu leads to another page", PHONE, async (page) => {
    await page.open(question);
    await page.locator('[data-opens="menu"]').tap();
    await page.locator("dialog.panel-menu .site-nav a", { hasText: "Topics" }).tap();
    await page.waitForURL("**/topics/");
  });

  journey("the contents drop down, name where the reader is, and close on Escape", PHONE, async (page) => {
    await page.open(question);
    const drop = page.locator(".contents-drop");
    const isOpen = () => drop.evaluate((one) => one.open);
    await drop.locator("summary").tap();
    const names = await drop.locator(".outline a").allTextContents();
    await drop.locator(".outline a").nth(2).tap();
    // A part whose first heading follows at once is read from there.
    await eventually(async () => names.slice(2, 4).includes(await drop.locator(".contents-drop-current").textContent()), true);
    await eventually(isOpen, false);
    await drop.locator("summary").tap();
    await eventually(isOpen, true);
    await page.keyboard.press("Escape");
    await eventually(isOpen, false);
    assert.match(await focused(page), /^summary/);
  });
});

test.describe("without JavaScript", () => {
  for (const screen of [DESKTOP, PHONE]) {
    const options = { ...screen, javaScriptEnabled: false };
    journey(`everything of a question can be read at ${screen.viewport.width} px`, options, async (page) => {
      await page.open(question);
      all(await openState(page, ".fold"), true);
      const hidden = await page.locator(".part").evaluateAll((parts) =>
        parts.filter((part) => part.innerText.trim().length < 40).map((part) => part.className));
      assert.deepEqual(hidden, []);
      assert.equal(await page.locator("button:not(.site-search button):visible").count(), 0, "no button that would do nothing");
      assert.equal(await page.locator(".site-nav").isVisible(), true);
      const hint = page.locator(".hint").first();
      await hint.locator("summary").click();
      assert.equal(await hint.locator("p").isVisible(), true);
    });
  }

  journey("home leads to a topic and a question", { ...DESKTOP, javaScriptEnabled: false }, async (page) => {
    await page.open("/");
    await page.locator(".topic-group a").first().click();
    await page.waitForURL("**/topics/*/");
    await page.locator(".card-title a").first().click();
    await page.waitForURL("**/questions/*/");
  });

  journey("every question is named on the pages of all questions", { ...DESKTOP, javaScriptEnabled: false }, async (page) => {
    await page.open("/questions/");
    const found = new Set();
    for (;;) {
      for (const slug of await page.locator(".card").evaluateAll((cards) => cards.map((card) => card.dataset.slug))) found.add(slug);
      const next = page.locator('.pager a[rel="next"]');
      if (!(await next.count())) break;
      await next.click();
      await page.waitForLoadState();
    }
    assert.deepEqual([...found].sort(), pages.filter(({ kind }) => kind === "question").map(({ address }) => address.split("/")[2]).sort());
  });

  journey("the system's dark colours are followed", { ...DESKTOP, javaScriptEnabled: false, colorScheme: "dark" }, async (page) => {
    await page.open(question);
    assert.equal(await background(page), "rgb(19, 24, 26)");
  });
});

test.describe("the reader's settings", () => {
  const LIGHT = "rgb(255, 255, 255)";
  const DARK = "rgb(19, 24, 26)";
  const choose = async (page, name, value) => {
    await page.locator('[data-opens="settings"]').click();
    await page.locator(`dialog.panel-settings input[name="${name}"][value="${value}"]`).check();
    await page.keyboard.press("Escape");
    await page.locator("dialog.panel-settings").waitFor({ state: "hidden" });
  };

  for (const [system, other, own, chosen] of [["dark", "light", DARK, LIGHT], ["light", "dark", LIGHT, DARK]]) {
    journey(`the theme follows a ${system} system until ${other} is chosen, which lasts`, { ...DESKTOP, colorScheme: system }, async (page) => {
      await page.open("/");
      assert.equal(await background(page), own);
      await choose(page, "theme", other);
      assert.equal(await background(page), chosen);
      // The moment the body begins to exist, before anything is painted.
      await page.addInitScript(() => {
        new MutationObserver((_, observer) => {
          if (!document.body) return;
          globalThis.themeAtFirst = document.documentElement.dataset.theme;
          observer.disconnect();
        }).observe(document, { childList: true, subtree: true });
      });
      await page.open(question);
      assert.equal(await page.evaluate(() => globalThis.themeAtFirst), other, "set before the first paint");
      assert.equal(await background(page), chosen);
      assert.match(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), new RegExp(other));
      await choose(page, "theme", "auto");
      assert.equal(await background(page), own);
      await page.reload();
      assert.equal(await attribute(page, "theme"), null);
    });
  }

  journey("with storage refused the page stands, and choices hold while it does", { ...DESKTOP, colorScheme: "light" }, async (page) => {
    await page.addInitScript(() => {
      Object.defineProperty(globalThis, "localStorage", { get() { throw new DOMException("refused", "SecurityError"); } });
    });
    await page.open(question);
    await choose(page, "theme", "dark");
    assert.equal(await background(page), DARK);
    await page.locator(".depth-note .pin").first().click();
    assert.equal(await page.locator(".depth-note .pin").first().getAttribute("aria-pressed"), "true");
    await page.locator('[data-mark="read"]').click();
    assert.equal(await page.locator('[data-mark="read"]').getAttribute("aria-pressed"), "true");
    await page.open("/");
    assert.equal(await background(page), LIGHT);
  });

  journey("a store that holds something else is no obstacle", DESKTOP, async (page) => {
    for (const value of ["", "null", "[]", "7", "{", '{"settings":7,"marks":[1]}', '{"settings":{"theme":{},"level":"x","__proto__":{}}}']) {
      await page.open("/");
      await page.evaluate((value) => localStorage.setItem("askbook.v1", value), value);
      await page.open(question);
      assert.equal(await page.locator("[data-fold]").count(), 1, value);
      await choose(page, "theme", "dark");
      assert.equal(await attribute(page, "theme"), "dark", value);
    }
  });

  journey("text size, line length and wrapping of code change what they name", PHONE, async (page) => {
    await page.open(question);
    const measured = () => page.evaluate(() => ({
      size: Number.parseFloat(getComputedStyle(document.querySelector(".part-full-answer .prose, .prose")).fontSize),
      wraps: getComputedStyle(document.querySelector(".code pre")).whiteSpace,
    }));
    const before = await measured();
    await choose(page, "size", "largest");
    await choose(page, "code", "wrap");
    const now = await measured();
    assert.ok(now.size > before.size * 1.25, `${before.size} → ${now.size}`);
    assert.match(now.wraps, /pre-wrap/);
    await page.open(otherQuestion);
    assert.equal(await attribute(page, "size"), "largest");
  });

  journey("answers folded by choice are folded from the first paint on, everywhere, and a link into one opens it", DESKTOP, async (page) => {
    await page.open(question);
    await choose(page, "answers", "folded");
    all(await openState(page, ".fold"), false);
    await page.open(otherQuestion);
    all(await openState(page, ".fold"), false);
    const id = await page.locator(".part:has(.fold) h2[id]").last().getAttribute("id");
    await page.open(`/`);
    await page.open(`${otherQuestion}#${id}`);
    await page.waitForFunction((id) => document.getElementById(id).closest(".part").querySelector(".fold").open, id);
    assert.ok((await openState(page, ".fold")).filter(Boolean).length < (await page.locator(".fold").count()));
  });

  journey("a pinned level is marked on every page until it is let go", DESKTOP, async (page) => {
    await page.open(question);
    const senior = page.locator('.depth-note[data-level="senior"]');
    await senior.locator(".pin").click();
    assert.equal(await senior.locator(".pin").getAttribute("aria-pressed"), "true");
    await page.open(otherQuestion);
    assert.equal(await page.locator('.depth-note[data-level="senior"] .pin').getAttribute("aria-pressed"), "true");
    await page.open("/levels/");
    assert.equal(await page.locator('.level-column[data-level="senior"]').evaluate((one) => one.classList.contains("is-pinned")), true);
    await page.locator('[data-opens="settings"]').click();
    assert.equal(await page.locator("[data-pinned-name]").innerText(), "Senior");
    await page.locator("[data-unpin]").click();
    assert.equal(await page.evaluate(() => document.activeElement.closest("dialog") !== null), true, "the focus is not lost");
    await page.keyboard.press("Escape");
    assert.equal(await page.locator(".is-pinned").count(), 0);
    await page.open(question);
    assert.equal(await page.locator(".is-pinned").count(), 0);
  });

  journey("questions marked as read and saved are marked in lists", DESKTOP, async (page) => {
    await page.open(question);
    const slug = question.split("/")[2];
    await page.locator('[data-mark="read"]').click();
    await page.locator('[data-mark="saved"]').click();
    await page.locator(".crumbs a").last().click();
    await page.waitForURL("**/topics/*/");
    assert.deepEqual(await page.locator(`.card[data-slug="${slug}"]`).first().locator(".card-mark").allInnerTexts(), ["Read", "Saved"]);
    await page.open(question);
    await page.locator('[data-mark="saved"]').click();
    assert.equal(await page.locator('[data-mark="saved"]').getAttribute("aria-pressed"), "false");
    assert.equal(await page.locator('[data-mark="read"]').getAttribute("aria-pressed"), "true");
  });
});

test.describe("back to a page that the browser has kept whole", () => {
  // Chromium keeps none while it is driven from outside: the page is told what the browser would tell it.
  const leave = (page) => page.evaluate(() => { globalThis.isOld = true; dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })); });
  const comeBack = (page) => page.evaluate(() => { dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })); });

  journey("marks that were made meanwhile are shown", DESKTOP, async (page) => {
    await page.open("/questions/");
    const slug = await page.locator(".card").first().getAttribute("data-slug");
    await leave(page);
    await page.evaluate((slug) => localStorage.setItem("askbook.v1", JSON.stringify({ marks: { [slug]: ["read"] } })), slug);
    await comeBack(page);
    await page.waitForFunction(() => !globalThis.isOld && document.readyState === "complete");
    await page.waitForSelector(`.card[data-slug="${slug}"] .card-mark`);
  });

  journey("where nothing was changed, the page stays as it is", DESKTOP, async (page) => {
    await page.open("/questions/");
    await leave(page);
    await comeBack(page);
    await page.waitForTimeout(300);
    assert.equal(await page.evaluate(() => globalThis.isOld), true);
  });
});

test.describe("inside a question", () => {
  journey("follow-up hints open one by one and all at once", DESKTOP, async (page) => {
    await page.open(question);
    all(await openState(page, ".hint"), false);
    const hint = page.locator(".hint").first();
    await hint.locator("summary").click();
    assert.ok((await hint.locator("p").innerText()).length > 10);
    const button = page.locator(".hints-button");
    await eventually(() => button.innerText(), "Hide all hints");
    await button.click();
    all(await openState(page, ".hint"), false);
    await button.click();
    all(await openState(page, ".hint"), true);
  });

  journey("anchors of headings lead to their heading, clear of the header", DESKTOP, async (page) => {
    await page.open(question);
    const anchors = page.locator(".heading .anchor");
    const count = await anchors.count();
    assert.ok(count >= 6);
    for (const index of [1, count - 2]) {
      const id = (await anchors.nth(index).getAttribute("href")).slice(1);
      await anchors.nth(index).click();
      await page.waitForURL((url) => url.hash === `#${id}`);
      await eventually(() => page.evaluate((id) => {
        const { top } = document.getElementById(id).getBoundingClientRect();
        const { bottom } = document.querySelector(".site-header").getBoundingClientRect();
        return top >= bottom && top < 900 ? "clear" : `at ${top}, the header ends at ${bottom}`;
      }, id), "clear", id);
    }
  });

  journey("the contents mark the section that is read", DESKTOP, async (page) => {
    await page.open(question);
    const link = page.locator(".contents-rail .outline > li > a").nth(3);
    await link.click();
    await eventually(() => page.locator('.contents-rail [aria-current="true"]').allInnerTexts(), [await link.innerText()]);
  });

  journey("code is copied as it stands, and that is announced", { ...DESKTOP, permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    await page.open(question);
    const figure = page.locator('.code:not(.code-output):not([data-language="console"])').first();
    const code = await figure.locator("code").evaluate((one) => {
      const lines = [...one.querySelectorAll(".line:not(.del)")].map((line) => line.textContent);
      return (lines.length ? lines.join("\n") : one.textContent).replace(/\n+$/, "");
    });
    await figure.locator(".copy").click();
    await page.waitForFunction(() => document.querySelector('.copy[data-state="done"]'));
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), code);
    await page.waitForFunction(() => document.querySelector('[role="status"]').textContent === "Code copied");
    assert.equal(await page.locator(".code-output .copy").count(), 0, "output is not for copying");
  });

  journey("a hash that somebody else wrote does no harm", DESKTOP, async (page) => {
    for (const hash of ["#%E0%A4%A", "#<img src=x onerror=alert(1)>", "#constructor", "#__proto__", "#%00", "#javascript:alert(1)"]) {
      await page.open(`/${hash}`);
      await page.open(question + hash);
      assert.equal(await page.locator("[data-fold]").count(), 1, hash);
    }
  });
});
