// The site under test: where it is, what kinds of page it has, and a server that shows it.
// Takes the environment (ASKBOOK, ASKBOOK_GUIDE, ASKBOOK_SITE), gives addresses and processes. Knows nothing of browsers.

import { spawn, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? join(repository, "target");

export const askbook = resolve(process.env.ASKBOOK ?? join(target, "release", "askbook"));
export const guideRoot = resolve(process.env.ASKBOOK_GUIDE ?? repository);
export const publishedFolder = resolve(process.env.ASKBOOK_SITE ?? join(guideRoot, "public"));

/** The names of all files below a folder, relative, with slashes, sorted. */
export function filesIn(folder) {
  const walk = (inside) => readdirSync(join(folder, inside), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? walk(join(inside, entry.name)) : [join(inside, entry.name)]);
  return walk("").map((name) => name.split(sep).join("/")).sort();
}

/**
 * Every page of the published site: its address, file, size and kind, as its body's class says it.
 * Redirects are pages of the kind "redirect".
 */
export function publishedPages(folder = publishedFolder) {
  if (!existsSync(folder)) throw new Error(`${folder} is not there: run \`askbook build\` first`);
  return filesIn(folder).filter((name) => name.endsWith(".html")).map((name) => {
    const html = readFileSync(join(folder, name));
    const kind = /<body[^>]*\bclass="?kind-([\w-]+)/.exec(html)?.[1];
    if (!kind) throw new Error(`${name} does not say its kind in the class of its body`);
    const address = name === "404.html" ? "/no-such-page/" : `/${name.replace(/(^|\/)index\.html$/, "$1")}`;
    return { name, address, kind, bytes: html.length };
  });
}

/** The largest and the smallest page of every kind, redirects aside: what one layout must hold. */
export function samplePages(pages = publishedPages()) {
  return [...byKind(pages)].filter(([kind]) => kind !== "redirect").flatMap(([, members]) => {
    const bySize = [...members].sort((a, b) => b.bytes - a.bytes);
    return bySize.length > 1 ? [bySize[0], bySize.at(-1)] : bySize;
  });
}

/** Pages by their kind, kinds in order of name. */
export function byKind(pages) {
  const groups = new Map();
  for (const kind of [...new Set(pages.map((page) => page.kind))].sort()) {
    groups.set(kind, pages.filter((page) => page.kind === kind));
  }
  return groups;
}

/** `askbook serve` for one guide, on a free port; `origin` has no slash at its end. */
export async function serve(root = guideRoot) {
  const child = spawn(askbook, ["serve", "--root", root, "--port", "0"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  let said = "";
  child.stderr.setEncoding("utf8");
  const origin = await new Promise((found, failed) => {
    const late = setTimeout(() => failed(new Error(`no address after 120 s:\n${said}`)), 120_000);
    child.on("error", failed);
    child.on("exit", (status) => failed(new Error(`askbook serve ended with ${status}:\n${said}`)));
    child.stderr.on("data", (text) => {
      said += text;
      const address = /^ +(http:\/\/\S+)\/$/m.exec(said);
      if (!address) return;
      clearTimeout(late);
      found(address[1]);
    });
  });
  const { status } = await fetch(`${origin}/`);
  if (status !== 200) throw new Error(`the guide is answered with ${status}:\n${said}`);
  return {
    origin,
    stop: () => new Promise((stopped) => {
      child.removeAllListeners("exit");
      child.once("exit", stopped);
      child.kill("SIGINT");
      // A browser that is still connected may keep a graceful end waiting.
      setTimeout(() => child.kill("SIGKILL"), 1000).unref();
    }),
  };
}

const MEDIA_TYPES = { html: "text/html; charset=utf-8", css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8", json: "application/json", svg: "image/svg+xml", png: "image/png" };

/** The policy under which every published page works; `askbook build --host` writes it for each host. */
export const POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; require-trusted-types-for 'script'; " +
  "object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** Sends a page as a bad network would: torn anywhere, with time to paint what has come. */
async function inPieces(response, bytes) {
  const size = Math.ceil(bytes.length / 12);
  for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
    response.write(bytes.subarray(at, at + size));
    await new Promise((later) => { setTimeout(later, 60); });
  }
  response.end();
}

/**
 * A static host for a published folder, below a path: it compresses, names versions by ETag, and sends the policy.
 * `asked` lists the paths that were answered, with their status. A test may set `folder` to a newer site, and `network`
 * to "gone", where connections break, "silent", where nothing is answered, or "slow", where a page arrives in many pieces.
 */
export async function host(folder = publishedFolder, base = "/") {
  const asked = [];
  const hosted = { folder, asked, network: "there" };
  const server = createServer((request, response) => {
    if (hosted.network === "gone") request.socket.destroy();
    if (hosted.network === "silent") return;
    const { pathname } = new URL(request.url, "http://host.example");
    const inside = pathname.startsWith(base) ? pathname.slice(base.length) : "404.html";
    const name = inside === "" || inside.endsWith("/") ? `${inside}index.html` : inside;
    const path = join(hosted.folder, name);
    const isThere = !name.split("/").includes("..") && existsSync(path) && statSync(path).isFile();
    if (!isThere && existsSync(join(path, "index.html"))) {
      response.writeHead(301, { location: `${pathname}/` }).end();
      return;
    }
    const bytes = readFileSync(isThere ? path : join(hosted.folder, "404.html"));
    const etag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 20)}"`;
    const isKnown = isThere && request.headers["if-none-match"] === etag;
    const status = isKnown ? 304 : isThere ? 200 : 404;
    const isSlow = hosted.network === "slow" && status === 200 && name.endsWith(".html");
    asked.push({ path: inside, status });
    response.writeHead(status, {
      "cache-control": inside.startsWith("assets/") ? "public, max-age=31536000, immutable" : "public, max-age=0, must-revalidate",
      ...(isSlow ? {} : { "content-encoding": "gzip" }),
      "content-security-policy": POLICY,
      "content-type": MEDIA_TYPES[isThere ? name.split(".").at(-1) : "html"] ?? "application/octet-stream",
      etag,
      "x-content-type-options": "nosniff",
    });
    if (isSlow) inPieces(response, bytes);
    else response.end(isKnown ? undefined : gzipSync(bytes, { level: 6 }));
  });
  await new Promise((listening) => { server.listen(0, "127.0.0.1", listening); });
  return Object.assign(hosted, {
    origin: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((stopped) => {
      server.close(stopped);
      server.closeAllConnections();
    }),
  });
}

/** A new folder for one test, and how to remove it. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "askbook-check-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Publishes a guide, with further options of the command if need be. */
export const publish = (root, output, ...options) =>
  execFileSync(askbook, ["build", "--root", root, "--output", output, ...options], { stdio: "pipe" });

/** A small guide made by `askbook init`. */
export function smallGuide() {
  const { folder, remove } = temporaryFolder();
  const root = join(folder, "guide");
  execFileSync(askbook, ["init", root], { stdio: "pipe" });
  return { root, remove };
}
