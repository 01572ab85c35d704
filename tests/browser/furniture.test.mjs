// What stands around every question: its facts, its age and evidence, and the ways to correct it, held to the front matter
// of its file.
// Takes the guide's files and the published folder; needs no browser.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { parse } from "smol-toml";
import { filesIn, guideRoot, publishedFolder, publishedPages } from "./site.mjs";

const source = (path) => readFileSync(join(guideRoot, path), "utf8");
const published = (path) => readFileSync(join(publishedFolder, path), "utf8");
const { repository } = parse(source("askbook.toml"));

/** The entries of a closed vocabulary, by their slugs. */
const vocabulary = (file, table) => new Map(parse(source(`content/${file}.toml`))[table].map((entry) => [entry.slug, entry]));
const categories = vocabulary("categories", "category");
const levels = vocabulary("levels", "level");
const topics = vocabulary("topics", "topic");
const kinds = vocabulary("kinds", "kind");

// Slugs of questions, with their files and front matter.
const sources = new Map(filesIn(join(guideRoot, "content/questions")).filter((name) => name.endsWith(".md")).map((name) => {
  const path = `content/questions/${name}`;
  const matter = parse(/^\+\+\+\n(.*?)^\+\+\+$/ms.exec(source(path))[1]);
  return [matter.slug ?? name.replace(/(\/index)?\.md$/, "").split("/").at(-1), { path, matter }];
}));

const ENTITIES = { lt: "<", gt: ">", quot: '"', "#39": "'", "#x27": "'", nbsp: "\u00a0", amp: "&" };
const decoded = (text) => text.replace(/&(lt|gt|quot|#39|#x27|nbsp|amp);/g, (_, name) => ENTITIES[name]);
const wordsOf = (html) => decoded(html.replace(/<[^>]*>/g, "")).replace(/\s+/g, " ").trim();
const part = (html, pattern) => pattern.exec(html)?.[1] ?? "";
/** The links in a piece of a page: what each says, and where it leads from the page's own address. */
const linksIn = (html, address) => [...html.matchAll(/<a\b[^>]*?\shref=(?:"([^"]*)"|([^\s>]*))[^>]*>(.*?)<\/a>/gs)]
  .map(([, quoted, bare, text]) => [wordsOf(text), new URL(decoded(quoted ?? bare), `https://guide.example${address}`).href.replace("https://guide.example", "")]);
/** A list of descriptions: what each term says. */
const described = (html) => new Map([...html.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>(?=<\/div>)/gs)].map(([, term, description]) => [wordsOf(term), description]));

/** A time as the page says it: seconds below a minute, and else minutes, of which the last may be begun. */
function spoken(seconds) {
  const [count, unit] = seconds < 60 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
const day = (date) => new Date(`${date}T00:00:00Z`).toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" });

/** What a page must say of its question, by its front matter. */
function expected({ path, matter }, slug) {
  const kind = kinds.get(matter.kind);
  const seconds = matter.answer_seconds ?? kind.answer_seconds;
  const preparation = matter.prep_seconds ?? kind.prep_seconds;
  const own = matter.topics.map((topic) => [topics.get(topic).name, `/topics/${topic}/`]);
  return {
    title: matter.title.replaceAll("`", ""),
    category: [[categories.get(matter.category).name, `/categories/${matter.category}/`]],
    level: [[levels.get(matter.level).name, `/levels/${matter.level}/`]],
    topics: own,
    kind: kind.name,
    time: `${spoken(seconds)} ${spoken(preparation)} to prepare`,
    evaluates: matter.evaluates,
    updated: day(matter.updated.toISOString()),
    verified: matter.verified_with?.join(", "),
    ways: [
      ["Edit this page", `${repository.url}/edit/${repository.branch ?? "main"}/${path}`],
      ["Report a problem with this question", `${repository.url}/issues/new`, slug],
      ["View as Markdown", `/questions/${slug}/index.md`],
    ],
  };
}

/** What a page says of its question. */
function shown(html, slug) {
  const address = `/questions/${slug}/`;
  const facts = described(part(html, /<dl class="?facts"?>(.*?)<\/dl>/s));
  const colophon = part(html, /<footer class="?colophon"? [^>]*>(.*?)<\/footer>/s);
  const age = described(colophon);
  const words = (map, term) => (map.has(term) ? wordsOf(map.get(term)) : undefined);
  const ways = linksIn(colophon, address).map(([name, href]) => {
    const { origin, pathname, searchParams } = new URL(href, "https://guide.example");
    return name.startsWith("Report") ? [name, `${origin}${pathname}`, searchParams.get("title").split(":")[0]] : [name, href];
  });
  return {
    title: wordsOf(part(html, /<h1>(.*?)<\/h1>/s)),
    category: linksIn(facts.get("Category"), address),
    level: linksIn(facts.get("Level"), address),
    topics: linksIn(facts.get("Topics"), address),
    kind: words(facts, "Kind"),
    time: words(facts, "Answer in"),
    evaluates: words(facts, "What it evaluates"),
    updated: words(age, "Last changed"),
    verified: words(age, "Code run with"),
    ways,
  };
}

const pages = publishedPages().filter(({ kind }) => kind === "question");

test("every question of the guide is published, drafts aside", () => {
  const wanted = [...sources].filter(([, { matter }]) => matter.status !== "draft").map(([slug]) => `/questions/${slug}/`);
  assert.deepEqual(pages.map(({ address }) => address).sort(), wanted.sort());
});

test("the reader of pages notices what is missing and what is wrong", () => {
  const [{ name, address }] = pages;
  const slug = address.split("/")[2];
  const html = published(name);
  const wanted = expected(sources.get(slug), slug);
  for (const [what, change] of [
    ["kind", (text) => text.replace(/<dt>Kind<\/dt>/, "<dt>Sort</dt>")],
    ["level", (text) => text.replaceAll(/levels\/\w+\//g, "levels/wizard/")],
    ["time", (text) => text.replace(/to prepare/, "to sleep")],
    ["updated", (text) => text.replace(/<time [^>]*>[^<]*/, "<time>yesterday")],
    ["ways", (text) => text.replace(`title=${slug}`, "title=another")],
  ]) {
    const seen = shown(change(html), slug);
    assert.notDeepEqual(seen[what], wanted[what], what);
    assert.deepEqual({ ...seen, [what]: null }, { ...wanted, [what]: null }, `nothing but ${what}`);
  }
});

test(`every question says what its front matter says, and leads to its source (${pages.length})`, () => {
  for (const { name, address } of pages) {
    const slug = address.split("/")[2];
    assert.deepEqual(shown(published(name), slug), expected(sources.get(slug), slug), address);
  }
});

test("the Markdown that a question offers is there: its title, and the text of its file", () => {
  for (const { address } of pages) {
    const slug = address.split("/")[2];
    const { path, matter } = sources.get(slug);
    const file = `${address.slice(1)}index.md`;
    assert.ok(existsSync(join(publishedFolder, file)), file);
    const twin = published(file);
    assert.ok(twin.includes(matter.title), `${file} has the title`);
    const headings = (text) => [...text.replace(/^(```+|~~~+)[^]*?^\1/gm, "").matchAll(/^## .*$/gm)].map(([line]) => line);
    const body = headings(source(path).replace(/^\+\+\+\n.*?^\+\+\+$/ms, ""));
    assert.ok(body.length > 0, path);
    assert.deepEqual(body.filter((line) => !headings(twin).includes(line)), [], `${file} has the sections of ${path}`);
  }
});
