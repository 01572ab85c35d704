// Takes the pictures of docs/: every kind of page as a reader sees it first, from the published guide.
// Run it by hand after a change that shows: `askbook build`, then `npm run screenshots` in tests/browser.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { deflateSync, inflateSync } from "node:zlib";
import { launch, watchedPage, withStore } from "./browser.mjs";
import { host } from "./site.mjs";

const HEIGHTS = { 360: 740, 768: 1024, 1440: 900 };
// What a page shows of somebody who has read a little.
const STORE = {
  settings: { level: { slug: "mid", name: "Mid-level" } },
  marks: { "isolation-levels": ["read", "saved"], "lost-update": ["read"], "n-plus-one": ["read"], "mistake-story": ["saved"] },
};
const click = (selector) => (page) => page.locator(selector).first().click();
// Each with its address, and with what is done there before its picture is taken.
const PAGES = {
  home: ["/"],
  question: ["/questions/isolation-levels/"],
  topic: ["/topics/transactions/"],
  topics: ["/topics/"],
  matrix: ["/matrix/"],
  levels: ["/levels/"],
  questions: ["/questions/"],
  narrowed: ["/questions/?level=senior&topic=caching", (page) => page.locator(".search-results .card").first().waitFor()],
  search: ["/search/?q=index", (page) => page.locator(".search-results .card").first().waitFor()],
  "search-box": ["/questions/isolation-levels/", async (page) => {
    await page.locator(".site-search button").click();
    await page.keyboard.type("lost update");
    await page.locator(".panel-search [role=option]").nth(2).waitFor();
    await page.keyboard.press("ArrowDown");
  }],
  settings: ["/questions/isolation-levels/", click('[data-opens="settings"]')],
  guide: ["/guide/levels/"],
  glossary: ["/guide/glossary/"],
  plan: ["/guide/plan-1-week/#h-junior"],
  "your-data": ["/your-data/", click(".your-data-list summary")],
};
// Widths and colours, and the pages that are shown in them; the README shows the first two of the first.
const SETS = [
  [1440, "light", Object.keys(PAGES)],
  [1440, "dark", ["home", "question", "search-box", "settings"]],
  [768, "light", ["home", "question", "topic", "matrix"]],
  [360, "light", ["home", "question", "topics", "matrix", "levels", "search", "glossary"]],
  [360, "dark", ["question", "settings", "your-data"]],
];
const LIMIT_BYTES = 2_000_000;
const docs = fileURLToPath(new URL("../../docs/", import.meta.url));

/** The checksum of a PNG chunk. */
function crc32(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

function chunk(name, body) {
  const named = Buffer.concat([Buffer.from(name, "latin1"), body]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(body.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}

/** The rows of a PNG as they were before its filters; `step` is the number of bytes of a pixel. */
function unfiltered(pixels, width, height, step) {
  const line = width * step;
  const rows = Buffer.alloc(line * height);
  for (let y = 0; y < height; y += 1) {
    const filter = pixels[y * (line + 1)];
    for (let x = 0; x < line; x += 1) {
      const left = x >= step ? rows[y * line + x - step] : 0;
      const above = y > 0 ? rows[(y - 1) * line + x] : 0;
      const corner = x >= step && y > 0 ? rows[(y - 1) * line + x - step] : 0;
      const [toLeft, toAbove, toCorner] = [left, above, corner].map((one) => Math.abs(left + above - corner - one));
      const paeth = toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
      const predicted = [0, left, above, (left + above) >> 1, paeth][filter];
      rows[y * line + x] = pixels[y * (line + 1) + 1 + x] + predicted;
    }
  }
  return rows;
}

/** The same picture in fewer bytes: its 256 most frequent colours, each other pixel in the nearest of them. */
function packed(png) {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const step = png[25] === 6 ? 4 : 3;
  const data = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const rows = unfiltered(inflateSync(Buffer.concat(data)), width, height, step);

  const colours = new Map();
  for (let at = 0; at < rows.length; at += step) {
    const colour = rows.readUIntBE(at, 3);
    colours.set(colour, (colours.get(colour) ?? 0) + 1);
  }
  const palette = [...colours].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([colour]) => colour);
  const distance = (a, b) => [16, 8, 0].reduce((sum, shift) => sum + (((a >> shift) & 255) - ((b >> shift) & 255)) ** 2, 0);
  const nearest = (colour) => palette.reduce((best, one, index) => (distance(colour, one) < distance(colour, palette[best]) ? index : best), 0);
  const indexes = new Map([...colours.keys()].map((colour) => [colour, nearest(colour)]));

  const indexed = Buffer.alloc((width + 1) * height);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    indexed[pixel + Math.floor(pixel / width) + 1] = indexes.get(rows.readUIntBE(pixel * step, 3));
  }
  const header = Buffer.from(png.subarray(16, 29));
  header[9] = 3;
  const colourTable = Buffer.alloc(palette.length * 3);
  palette.forEach((colour, index) => colourTable.writeUIntBE(colour, index * 3, 3));
  const chunks = [["IHDR", header], ["PLTE", colourTable], ["IDAT", deflateSync(indexed, { level: 9, memLevel: 9 })], ["IEND", Buffer.alloc(0)]];
  return Buffer.concat([png.subarray(0, 8), ...chunks.map(([name, body]) => chunk(name, body))]);
}

const server = await host();
const browser = await launch();
try {
  mkdirSync(docs, { recursive: true });
  for (const name of readdirSync(docs)) if (name.endsWith(".png")) rmSync(`${docs}${name}`);
  let total = 0;
  for (const [width, colorScheme, names] of SETS) {
    for (const name of names) {
      const viewport = { width, height: HEIGHTS[width] };
      const page = await watchedPage(browser, server.origin, { viewport, colorScheme, hasTouch: width < 1000 });
      const [address, prepare] = PAGES[name];
      if (["matrix", "your-data"].includes(name)) await withStore(page, STORE);
      const response = await page.open(address);
      if (response.status() !== 200) throw new Error(`${address} is answered with ${response.status()}`);
      await prepare?.(page);
      const picture = packed(await page.screenshot({ animations: "disabled" }));
      const file = `${name}${width === 1440 ? "" : `-${width}`}${colorScheme === "dark" ? "-dark" : ""}.png`;
      writeFileSync(`${docs}${file}`, picture);
      total += picture.length;
      console.log(`docs/${file}: ${picture.length} bytes`);
      page.assertCalm();
      await page.done();
    }
  }
  console.log(`${total} bytes in all`);
  if (total > LIMIT_BYTES) throw new Error(`more than ${LIMIT_BYTES} bytes`);
} finally {
  await browser.close();
  await server.stop();
}
