// Takes the pictures of the README: docs/home.png and docs/question.png, 1440 × 900, light, from the guide as it is served.
// Run it by hand after a change that shows: `npm run screenshots` in tests/browser.

import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { deflateSync, inflateSync } from "node:zlib";
import { DESKTOP, launch, watchedPage } from "./browser.mjs";
import { serve } from "./site.mjs";

const PICTURES = [["home", "/"], ["question", "/questions/isolation-levels/"]];
const LIMIT_BYTES = 200_000;
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

const server = await serve();
const browser = await launch();
try {
  mkdirSync(docs, { recursive: true });
  for (const [name, address] of PICTURES) {
    const page = await watchedPage(browser, server.origin, { ...DESKTOP, colorScheme: "light" });
    const response = await page.open(address);
    if (response.status() !== 200) throw new Error(`${address} is answered with ${response.status()}`);
    const picture = packed(await page.screenshot({ animations: "disabled" }));
    if (picture.length > LIMIT_BYTES) throw new Error(`${name}.png has ${picture.length} bytes, more than ${LIMIT_BYTES}`);
    writeFileSync(`${docs}${name}.png`, picture);
    console.log(`docs/${name}.png: ${picture.length} bytes`);
    await page.done();
  }
} finally {
  await browser.close();
  await server.stop();
}
