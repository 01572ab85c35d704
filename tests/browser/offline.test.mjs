// Reading without a network: what has been read, the whole guide on request, its updates, and the switch.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { DESKTOP, eventually, launch, until, withPage } from "./browser.mjs";
import { host, publish, publishedPages, serve, smallGuide } from "./site.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const WORKERS = { ...DESKTOP, serviceWorkers: "allow" };
// What a browser says of a network that is gone, and of the page that is shown in place of one that was not kept.
const GONE = /ERR_|answer 503|status of 503|Failed to fetch/;
const [first, second] = publishedPages().filter(({ kind }) => kind === "question").map(({ address }) => address);

/** Runs a test's body with a host of its own, and a page that may have a worker. */
async function withHost(body, { folder, base, options = WORKERS } = {}) {
  const site = await host(folder, base);
  try {
    await withPage(browser, site.origin, options, (page) => body(page, site), { expected: GONE });
  } finally {
    await site.stop();
  }
}

const keys = (page) => page.evaluate(async () => {
  const names = await caches.keys();
  const all = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)));
  return all.flat();
});
const isControlled = (page) => page.waitForFunction(() => navigator.serviceWorker.controller !== null);
async function isKept(page, address) {
  await isControlled(page);
  await until(page, async (address) => Boolean(await caches.match(new URL(address, location.href))), address);
}
const note = (page) => page.locator(".offline-note");

test("a page that has been read can be read without a network, and says that it is a copy", () => withHost(async (page, site) => {
  await page.open(first);
  await isKept(page, first);
  const title = await page.locator("h1").innerText();
  assert.equal(await note(page).count(), 0);
  site.network = "gone";
  await page.reload();
  assert.equal(await page.locator("h1").innerText(), title);
  await note(page).waitFor();
  assert.match(await note(page).innerText(), /^You are offline This is the copy that was kept \w+ \d+, \d{4}$|^You are offline This is the copy that was kept \d+ \w+ \d{4}$/);
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector(".facts")).display), "grid", "it has its style");
  await page.locator("[data-fold]").click();
  assert.equal(await page.locator(".fold[open]").count(), 0, "its scripts work");

  const response = await page.open(second);
  assert.equal(response.status(), 503);
  assert.match(await page.locator("main").innerText(), /has not been kept/);
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).marginTop), "0px", "the page for it has its style too");

  site.network = "there";
  assert.equal((await page.open(second)).status(), 200);
  assert.equal(await note(page).count(), 0);
}));

test("a network that does not answer is not waited for when there is a copy", () => withHost(async (page, site) => {
  await page.open(first);
  await isKept(page, first);
  site.network = "silent";
  await page.open(first);
  await note(page).waitFor();
  site.network = "there";
}));

test("a page is always asked for anew while there is a network", () => withHost(async (page, site) => {
  await page.open(first);
  await isKept(page, first);
  site.asked.length = 0;
  await page.open(first);
  assert.deepEqual(site.asked.filter(({ path }) => `/${path}` === first).length >= 1, true);
}));

test("the whole guide is kept on request, with its search, and its size is said before", () => withHost(async (page, site) => {
  await page.open("/your-data/");
  await isControlled(page);
  const { files } = JSON.parse(readFileSync(join(site.folder, "offline.json"), "utf8"));
  const size = `${(files.reduce((sum, [, , bytes]) => sum + bytes, 0) / 1e6).toFixed(1)} MB`;
  const button = page.locator("[data-keep-all]:enabled");
  await button.waitFor();
  const said = page.locator('[data-status="offline"]');
  assert.ok((await said.innerText()).includes(`${files.length} files, which take ${size}`), await said.innerText());
  await button.click();
  await page.waitForFunction(() => document.querySelector('[data-status="offline"]').textContent.includes("The whole guide is kept"), null, { timeout: 120_000 });
  const kept = new Set(await keys(page));
  assert.deepEqual(files.map(([path]) => `/${path}`).filter((path) => !kept.has(path)), []);

  site.network = "gone";
  assert.equal((await page.open(second)).status(), 200, "a page that was never read");
  await page.keyboard.press("/");
  await page.keyboard.type("index");
  await page.locator(".panel-search .hit-excerpt mark").first().waitFor();
  await page.keyboard.press("Escape");
  site.network = "there";

  await page.open("/your-data/");
  await page.locator("[data-drop]:enabled").click();
  await page.locator("[data-keep-all]:enabled").waitFor();
  assert.deepEqual((await keys(page)).filter((path) => path.startsWith("/questions/")), [], "nothing but what was opened since");
}));

test("search works without a network once it has been used", () => withHost(async (page, site) => {
  await page.open(first);
  await isControlled(page);
  await page.open(first);
  const find = async () => {
    await page.keyboard.press("/");
    await page.keyboard.insertText("index");
    await page.locator(".panel-search .hit-excerpt mark").first().waitFor();
    // The second five come when somebody sees the last of the first.
    await page.locator(".panel-search [data-results]").evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await eventually(() => page.locator(".panel-search .hit-title").count(), 10);
    return page.locator(".panel-search .hit-title").allInnerTexts();
  };
  const found = await find();
  // The last of what search has asked for is kept a moment after it has been used.
  const asked = () => site.asked.filter(({ path }) => path.startsWith("search/")).map(({ path }) => `/${path}`);
  await until(page, async (paths) => (await Promise.all(paths.map((path) => caches.match(new URL(path, location.href))))).every(Boolean), asked());
  site.network = "gone";
  await page.reload();
  assert.deepEqual(await find(), found);
}));

test("an update fetches what has changed and nothing else", async () => {
  const { root, remove } = smallGuide();
  const [before, now] = [join(root, "before"), join(root, "now")];
  const question = join(root, "content/questions/sql/where-or-having.md");
  try {
    publish(root, before);
    writeFileSync(question, readFileSync(question, "utf8").replace('"Says that they are the same"', '"Says that both are aubergines"'));
    publish(root, now);
    await withHost(async (page, site) => {
      const version = async () => page.evaluate(async () => (await caches.match(new URL("offline.json", location.origin)))?.headers.get("x-askbook-digest"));
      await page.open("/your-data/");
      await page.locator("[data-keep-all]:enabled").click();
      await page.waitForFunction(() => document.querySelector('[data-status="offline"]').textContent.includes("The whole guide is kept"));
      const old = await version();
      site.folder = now;
      site.asked.length = 0;
      // Reaching for a link would fetch its page ahead.
      await page.mouse.move(1, 1);
      await page.open("/");
      await until(page, async (old) => {
        const digest = (await caches.match(new URL("offline.json", location.origin)))?.headers.get("x-askbook-digest");
        return digest && digest !== old;
      }, old);
      const list = (folder) => new Map(JSON.parse(readFileSync(join(folder, "offline.json"), "utf8")).files.map(([path, digest]) => [path, digest]));
      const [was, is] = [list(before), list(now)];
      const changed = [...is].filter(([path, digest]) => was.get(path) !== digest).map(([path]) => path);
      assert.ok(changed.includes("questions/where-or-having/") && changed.length < is.size / 2, `${changed}`);
      // The page that was opened, what is asked for by the browser itself, and the shell of the new worker.
      const others = ["", "service-worker.js", "offline.json", "offline.html"];
      const fetched = site.asked.filter(({ path, status }) => status === 200 && !others.includes(path)).map(({ path }) => path);
      assert.deepEqual([...new Set(fetched)].sort(), changed.filter((path) => !others.includes(path)).sort());
      site.network = "gone";
      await page.open("/questions/where-or-having/");
      assert.match(await page.locator(".rubric").innerText(), /both are aubergines/);
      const kept = await keys(page);
      assert.deepEqual(kept.filter((path) => !is.has(path.slice(1)) && path !== "/offline.json"), [], "nothing old is left");
    }, { folder: before });
  } finally {
    remove();
  }
});

test("turned off, it keeps nothing, and stays off", () => withHost(async (page) => {
  await page.open(first);
  await isKept(page, first);
  await page.locator('[data-opens="settings"]').click();
  await page.locator('dialog.panel-settings input[name="offline"][value="off"]').check();
  await page.keyboard.press("Escape");
  await until(page, async () => (await navigator.serviceWorker.getRegistrations()).length === 0 && (await caches.keys()).length === 0);
  await page.open(second);
  await page.waitForTimeout(1500);
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
  assert.deepEqual(await keys(page), []);
  await page.open("/your-data/");
  await page.locator('[data-status="offline"]', { hasText: "Turned off" }).waitFor();
  await page.locator('[data-opens="settings"]').click();
  await page.locator('dialog.panel-settings input[name="offline"][value="on"]').check();
  await isControlled(page);
}));

test("a guide that turns it off publishes no worker, and takes back the one that a browser has", async () => {
  const { root, remove } = smallGuide();
  const settings = join(root, "askbook.toml");
  const [before, now] = [join(root, "before"), join(root, "now")];
  try {
    publish(root, before);
    writeFileSync(settings, `offline = false\n${readFileSync(settings, "utf8")}`);
    publish(root, now);
    await withHost(async (page, site) => {
      await page.open("/");
      await isKept(page, "/");
      assert.ok((await keys(page)).length > 1);
      site.folder = now;
      await page.open("/topics/");
      await until(page, async () => (await navigator.serviceWorker.getRegistrations()).length === 0 && (await caches.keys()).length === 0);
      site.asked.length = 0;
      await page.open("/your-data/");
      await page.waitForTimeout(1300);
      assert.deepEqual(await keys(page), []);
      assert.deepEqual(site.asked.filter(({ path }) => /service-worker|offline/.test(path)), []);
      assert.equal(await page.locator("[data-offline]").count(), 0);
      await page.locator('[data-opens="settings"]').click();
      assert.equal(await page.locator('dialog [name="offline"]').count(), 0);
    }, { folder: before });
  } finally {
    remove();
  }
});

test("below a path it keeps to its path", async () => {
  const { root, remove } = smallGuide();
  const output = join(root, "site");
  try {
    publish(root, output, "--base-url", "https://host.example/guides/mine/");
    await withHost(async (page, site) => {
      const address = "/guides/mine/questions/where-or-having/";
      await page.open(address);
      await isKept(page, address);
      assert.deepEqual(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => new URL(scope).pathname)), ["/guides/mine/"]);
      site.network = "gone";
      await page.reload();
      assert.match(page.url(), /where-or-having/);
      await note(page).waitFor();
      const response = await page.open("/guides/mine/topics/");
      assert.equal(response.status(), 503);
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).marginTop), "0px", "styles are found");
    }, { folder: output, base: "/guides/mine/" });
  } finally {
    remove();
  }
});

test("a browser that refuses to keep anything shows the guide as ever", () => withHost(async (page) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, "caches", { get() { throw new DOMException("refused", "SecurityError"); } });
    Object.defineProperty(globalThis, "localStorage", { get() { throw new DOMException("refused", "SecurityError"); } });
  });
  await page.open(first);
  await page.waitForTimeout(1300);
  await page.open("/your-data/");
  await page.locator('[data-status="offline"]', { hasText: "cannot keep pages" }).waitFor();
}));

test("the dev server's pages have no worker", async () => {
  const { root, remove } = smallGuide();
  const server = await serve(root);
  try {
    await withPage(browser, server.origin, WORKERS, async (page) => {
      await page.open("/");
      await page.waitForTimeout(1500);
      assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
      // One that a published site has left at this address goes.
      await page.evaluate(() => {
        const policy = trustedTypes.createPolicy("test", { createScriptURL: (text) => text });
        return navigator.serviceWorker.register(policy.createScriptURL("/service-worker.js"));
      });
      // Reaching for a link would fetch its page ahead.
      await page.mouse.move(1, 1);
      await page.open("/");
      await until(page, async () => (await navigator.serviceWorker.getRegistrations()).length === 0);
    });
  } finally {
    await server.stop();
    remove();
  }
});
