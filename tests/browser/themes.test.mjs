// Other looks and other languages: the ten lines of the documentation, a theme with one file of its own, and a guide
// that is written from right to left.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { DESKTOP, PHONE, launch, withPage } from "./browser.mjs";
import { host, publish, smallGuide } from "./site.mjs";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const folio = (name) => readFileSync(join(repository, "themes/folio", name), "utf8");
const QUESTION = "/questions/where-or-having/";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** Runs a test's body with the small guide, published with further files and settings. */
async function withGuide({ files = {}, settings = "" }, body) {
  const { root, remove } = smallGuide();
  let site;
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    const path = join(root, "askbook.toml");
    const kept = readFileSync(path, "utf8").split("\n").filter((line) => !/^(theme|language) = /.test(line) || !settings).join("\n");
    writeFileSync(path, `${settings}\n${kept}`);
    publish(root, join(root, "site"));
    site = await host(join(root, "site"));
    await body(site.origin);
  } finally {
    await site?.stop();
    remove();
  }
}
const mine = { "themes/mine/theme.toml": 'name = "mine"\nextends = "folio"\n' };
const linkColour = (page) => page.evaluate(() => getComputedStyle(document.querySelector(".sources a")).color);

test("the lines of the documentation make a guide of another colour, light and dark", async () => {
  const page = readFileSync(join(repository, "content/guide/themes.md"), "utf8");
  const lines = /^```css title="at the end of themes\/mine\/static\/css\/tokens\.css"\n([^]*?)^```$/m.exec(page)[1];
  assert.ok(lines.trim().split("\n").length <= 10, "ten lines");
  const files = { ...mine, "themes/mine/static/css/tokens.css": folio("static/css/tokens.css") + lines };
  await withGuide({ files, settings: 'theme = "mine"' }, async (origin) => {
    for (const [colorScheme, link] of [["light", "rgb(43, 99, 51)"], ["dark", "rgb(147, 209, 156)"]]) {
      await withPage(browser, origin, { ...DESKTOP, colorScheme }, async (page) => {
        await page.open(QUESTION);
        assert.equal(await linkColour(page), link);
        assert.match(await page.evaluate(() => getComputedStyle(document.querySelector("h1")).fontFamily), /^Georgia/);
        // A choice of the reader's is followed too.
        await page.locator('[data-opens="settings"]').click();
        await page.locator(`.panel-settings input[name="theme"][value="${colorScheme === "light" ? "dark" : "light"}"]`).check();
        assert.notEqual(await linkColour(page), link);
      });
    }
  });
});

test("a theme with one file of its own has everything else of folio", async () => {
  const files = { ...mine, "themes/mine/partials/colophon.html": '{% component colophon(updated, verified_with=[], report_label) -%}<footer class="colophon" aria-label="mine"><p>Made by hand.</p></footer>{%- endcomponent colophon %}\n' };
  await withGuide({ files, settings: 'theme = "mine"' }, (origin) => withPage(browser, origin, DESKTOP, async (page) => {
    await page.open(QUESTION);
    assert.equal(await page.locator(".colophon").innerText(), "Made by hand.");
    await page.locator("[data-fold]").click();
    assert.equal(await page.locator(".fold[open]").count(), 0);
    await page.keyboard.press("/");
    await page.keyboard.type("where");
    await page.locator(".panel-search .hit").first().waitFor();
  }));
});

/** Where the parts of a page stand: the left and the right edge of each. */
const edges = (page, selectors) => page.evaluate((selectors) => Object.fromEntries(selectors.map((selector) => {
  const box = document.querySelector(selector).getBoundingClientRect();
  return [selector, [box.left, box.right]];
})), selectors);
const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test("a guide in a language that is written from right to left is the mirror of one that is not", async () => {
  // The words stay English: only where things stand is looked at.
  const files = { ...mine, "themes/mine/i18n/ar.toml": folio("i18n/en.toml") };
  const PARTS = [".brand", ".site-nav", ".tools", ".sidebar", ".main", ".contents-rail", ".crumbs", ".facts", ".part-short-answer", ".copy"];
  const measured = async (setup) => {
    const found = {};
    await withGuide(setup, async (origin) => {
      for (const screen of [DESKTOP, PHONE]) {
        await withPage(browser, origin, screen, async (page) => {
          await page.open(QUESTION);
          found[screen.viewport.width] = await edges(page, screen === PHONE ? [".brand", ".tools", ".main", ".facts", ".copy"] : PARTS);
          for (const address of [QUESTION, "/", "/topics/", "/levels/", "/questions/", "/search/", "/your-data/"]) {
            await page.open(address);
            assert.equal(await sideways(page), 0, `${address} at ${screen.viewport.width} px`);
          }
          await page.open(QUESTION);
          await page.locator('[data-opens="settings"]').click();
          const { x, width } = await page.locator(".panel-settings").boundingBox();
          found[`panel ${screen.viewport.width}`] = { panel: [x, x + width] };
        });
      }
    });
    return found;
  };
  const ltr = await measured({});
  const rtl = await measured({ files, settings: 'theme = "mine"\nlanguage = "ar"' });
  for (const [where, parts] of Object.entries(ltr)) {
    const width = Number(/\d+/.exec(where)[0]);
    for (const [part, [left, right]] of Object.entries(parts)) {
      const [mirroredLeft, mirroredRight] = rtl[where][part];
      assert.ok(Math.abs(width - right - mirroredLeft) < 1.5 && Math.abs(width - left - mirroredRight) < 1.5,
        `${part} at ${where}: ${left}–${right} and ${mirroredLeft}–${mirroredRight}`);
    }
  }
});

test("code is written from left to right whatever the language is", async () => {
  await withGuide({ files: { ...mine, "themes/mine/i18n/he.toml": folio("i18n/en.toml") }, settings: 'theme = "mine"\nlanguage = "he"' }, (origin) =>
    withPage(browser, origin, DESKTOP, async (page) => {
      await page.open(QUESTION);
      assert.deepEqual(await page.evaluate(() => [document.documentElement.dir, document.documentElement.lang]), ["rtl", "he"]);
      const directions = await page.locator(".code pre").evaluateAll((all) => all.map((pre) => [getComputedStyle(pre).direction, getComputedStyle(pre).textAlign].join(" ")));
      assert.ok(directions.length > 0 && directions.every((one) => one === "ltr left"), `${directions}`);
    }));
});
