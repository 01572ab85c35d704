// The site under test: where it is, what kinds of page it has, and a server that shows it.
// Takes the environment (ASKBOOK, ASKBOOK_GUIDE, ASKBOOK_SITE), gives addresses and processes. Knows nothing of browsers.

import { spawn, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

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

/** A new folder for one test, and how to remove it. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "askbook-check-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A small guide made by `askbook init`. */
export function smallGuide() {
  const { folder, remove } = temporaryFolder();
  const root = join(folder, "guide");
  execFileSync(askbook, ["init", root], { stdio: "pipe" });
  return { root, remove };
}
