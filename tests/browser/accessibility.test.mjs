// axe-core on the largest and the smallest page of every kind, in light, dark and forced colours, on a phone and on a desk;
// and on the dialogs, which stand on every page.

import assert from "node:assert/strict";
import test from "node:test";
import axe from "axe-core";
import { DESKTOP, PHONE, suite, withStore } from "./browser.mjs";
import { samplePages } from "./site.mjs";

const COLOURS = [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["forced colours", { forcedColors: "active" }],
];

const { visit } = suite();

/** What axe finds, each with its place. Size of targets is off in axe unless it is asked for. */
async function violations(page) {
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
    resultTypes: ["violations"],
    rules: { "target-size": { enabled: true } },
  }));
  return violations.flatMap(({ id, nodes }) => nodes.slice(0, 8).map((node) =>
    `${id}: ${node.target.join(" ")} – ${node.failureSummary.split("\n").slice(1).join("; ").trim()}`));
}

test("axe notices what is wrong, and under the policy of the site", () => visit(DESKTOP, async (page) => {
  await page.addInitScript(axe.source);
  await page.open("/");
  await page.evaluate(() => {
    document.querySelector("main").append(document.createElement("img"), document.createElement("button"));
    document.querySelector("h1").style.color = "#eee";
  });
  const found = (await violations(page)).join("\n");
  for (const rule of [/^image-alt/m, /^button-name/m, /^color-contrast/m]) assert.match(found, rule);
}));

const watching = (address) => ({ expected: address === "/no-such-page/" ? /\b404\b/ : undefined });

for (const { address, kind } of samplePages()) {
  for (const screen of [PHONE, DESKTOP]) {
    test(`axe finds nothing on ${kind} at ${screen.viewport.width} px: ${address}`, async () => {
      for (const [name, colours] of COLOURS) {
        await visit({ ...screen, ...colours }, async (page) => {
          // Put in before the page's own scripts, since its policy admits none from elsewhere.
          await page.addInitScript(axe.source);
          await page.open(address);
          assert.deepEqual(await violations(page), [], name);
        }, watching(address));
      }
    });
  }
}

const question = samplePages().find(({ kind }) => kind === "question").address;
for (const [dialog, screen] of [["settings", DESKTOP], ["settings", PHONE], ["menu", PHONE]]) {
  test(`axe finds nothing on a question with its ${dialog} open at ${screen.viewport.width} px`, async () => {
    for (const [name, colours] of COLOURS) {
      await visit({ ...screen, ...colours }, async (page) => {
        await page.addInitScript(axe.source);
        await page.open(question);
        await page.locator(`[data-opens="${dialog}"]`).click();
        assert.deepEqual(await violations(page), [], name);
      });
    }
  });
}

test("axe finds nothing on a question with a pinned level, every hint open and the answers folded", async () => {
  for (const [name, colours] of COLOURS) {
    await visit({ ...DESKTOP, ...colours }, async (page) => {
      await page.addInitScript(axe.source);
      await page.open(question);
      await page.locator(".depth-note .pin").first().click();
      await page.locator(".hints-button").click();
      assert.deepEqual(await violations(page), [], `${name}, open`);
      await page.locator("[data-fold]").click();
      assert.deepEqual(await violations(page), [], `${name}, folded`);
    });
  }
});

test("axe finds nothing on code in tabs, with the meaning of a term shown, and on a matrix with the reader's marks", async () => {
  for (const [name, colours] of COLOURS) {
    await visit({ ...DESKTOP, ...colours }, async (page) => {
      await page.addInitScript(axe.source);
      await withStore(page, { marks: { [question.split("/")[2]]: ["read"] } });
      await page.open("/guide/writing/");
      await page.locator("[role=tab]").last().click();
      assert.deepEqual(await violations(page), [], `${name}, tabs`);
      await page.open(question);
      await page.locator("a.term").first().focus();
      await page.waitForSelector(".term-card:popover-open");
      assert.deepEqual(await violations(page), [], `${name}, a term`);
      await page.open("/matrix/");
      assert.ok((await page.locator(".matrix-read").count()) > 0);
      assert.deepEqual(await violations(page), [], `${name}, matrix`);
    });
  }
});
