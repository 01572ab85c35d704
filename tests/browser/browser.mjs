// A browser and pages that are watched: whatever goes wrong in one of them is collected, and `assertCalm` fails on it.
// Takes options of playwright's contexts, gives pages. Uses the Chromium that the machine has; nothing is downloaded.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import test, { after, before } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { chromium } from "playwright-core";
import { host } from "./site.mjs";

const KNOWN = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];

/** The browser; `more` are switches of its command line. */
export function launch(more = []) {
  const executablePath = process.env.CHROMIUM ?? KNOWN.find((path) => existsSync(path));
  if (!executablePath) throw new Error(`no Chromium: looked at ${KNOWN.join(", ")}; set CHROMIUM to its path`);
  return chromium.launch({
    executablePath,
    // Chromium refuses its sandbox to root, which is what containers run as; only our own pages are opened.
    chromiumSandbox: process.getuid?.() !== 0,
    args: ["--disable-dev-shm-usage", "--hide-scrollbars", ...more],
  });
}

export const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true };
export const DESKTOP = { viewport: { width: 1440, height: 900 } };

// How many times slower pages run than the machine would let them: what is asserted too early is found by `SLOWDOWN=6`.
const SLOWDOWN = Number(process.env.SLOWDOWN ?? 0);

// What playwright says on the console when it turns service workers off.
const BLOCKED = /Service Worker registration blocked by Playwright/;

/**
 * A page whose troubles are collected: errors on the console, uncaught errors, violations of the policy, requests to
 * another origin and answers of 400 and above.
 *
 * Service workers are off, unless `options` turn them on: each test sees pages as they come from the host.
 * `expected` is a pattern for troubles that the test is about, such as the answer 404.
 */
export async function watchedPage(browser, origin, options = {}, { expected } = {}) {
  const context = await browser.newContext({ reducedMotion: "reduce", serviceWorkers: "block", ...DESKTOP, ...options });
  const page = await context.newPage();
  if (SLOWDOWN) await (await context.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
  const troubles = [];
  const add = (trouble) => { if (!expected?.test(trouble) && !BLOCKED.test(trouble)) troubles.push(trouble); };
  await page.exposeBinding("reportViolation", (_, text) => add(`policy: ${text}`));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, lineNumber, sample }) => {
      globalThis.reportViolation(`${violatedDirective} ${blockedURI} at ${sourceFile}:${lineNumber} ${sample}`);
    }, true);
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) add(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => add(`error: ${error.stack ?? error}`));
  page.on("request", (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (!["data:", "blob:"].includes(protocol) && asked !== origin) add(`request outside the site: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) add(`answer ${response.status()}: ${response.url()}`);
  });
  return Object.assign(page, {
    troubles,
    open: (address) => page.goto(origin + address, { waitUntil: "load" }),
    assertCalm: () => assert.deepEqual(troubles, [], `${page.url()} is not calm`),
    done: () => context.close(),
  });
}

/** Runs a test's body with a watched page, asserts that nothing went wrong in it, and closes it. */
export async function withPage(browser, origin, options, body, watching) {
  const page = await watchedPage(browser, origin, options, watching);
  try {
    await body(page);
    page.assertCalm();
  } finally {
    await page.done();
  }
}

/**
 * What the tests of one file share: a browser, and what `start` serves, which is the published site unless it is said
 * otherwise. Both stand from the first test to the last, as `shared.browser` and `shared.server`.
 *
 * `visit` runs a body with a watched page of that site; `journey` is a test that does so.
 */
export function suite(start = host) {
  const shared = {};
  before(async () => { [shared.server, shared.browser] = await Promise.all([start(), launch()]); });
  after(async () => {
    await shared.browser?.close();
    await shared.server?.stop();
  });
  const visit = (options, body, watching) => withPage(shared.browser, shared.server.origin, options, body, watching);
  const journey = (name, options, body, watching) => test(name, () => visit(options, body, watching));
  return { shared, visit, journey };
}

/** Waits until an asynchronous function of the page gives something true; playwright's own wait takes its promise for that. */
export async function until(page, condition, argument) {
  const end = Date.now() + 30_000;
  // A page that reloads while it is asked has not answered yet.
  const asked = () => page.evaluate(condition, argument).catch((error) => {
    if (/context was destroyed|Failed to fetch/.test(error.message)) return false;
    throw error;
  });
  while (!(await asked())) {
    if (Date.now() > end) throw new Error(`not within 30 s: ${condition}`);
    await page.waitForTimeout(50);
  }
}

/**
 * Reads until what is read is what is expected, and fails with the last that was read. For whatever follows an action in a
 * later task: events such as `toggle` and `hashchange`, observers, announcements, what a worker or the store does.
 */
export async function eventually(read, expected, message) {
  const end = Date.now() + 30_000;
  for (;;) {
    const last = await read();
    if (isDeepStrictEqual(last, expected)) return;
    if (Date.now() > end) assert.deepEqual(last, expected, message);
    await new Promise((later) => { setTimeout(later, 50); });
  }
}

/** Puts settings into the reader's store before a page's own scripts run. */
export function withStore(page, store) {
  return page.addInitScript((kept) => {
    if (!localStorage.getItem("askbook.v1")) localStorage.setItem("askbook.v1", JSON.stringify(kept));
  }, store);
}

/** Whether each of some details is open. */
export const openState = (page, selector) => page.locator(selector).evaluateAll((all) => all.map((one) => one.open));

/** Where the focus is, in words: tag, id or class, text. */
export const focused = (page) => page.evaluate(() => {
  const element = document.activeElement;
  const name = element.id ? `#${element.id}` : element.classList.length ? `.${element.classList[0]}` : "";
  return `${element.localName}${name} ${(element.getAttribute("aria-label") ?? element.textContent).trim().slice(0, 40)}`.trim();
});
