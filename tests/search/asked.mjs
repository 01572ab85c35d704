// Queries as people type them, independent of queries.mjs: half-remembered, misspelt, with words of asking, in the other English.
import { random } from "./harness.mjs";
import { Analyzer, isStopWord } from "../../themes/folio/static/js/search-core.js";

const plain = new Analyzer("en", false);
const words = (text) => plain.tokens(text.normalize("NFC")).filter(({ shape }) => shape === "word").map(({ surface }) => surface);
const telling = (text) => words(text).filter((word) => !isStopWord(word) && word.length > 2);
const NEAR = { a: "s", b: "v", c: "x", d: "f", e: "r", f: "g", g: "h", h: "j", i: "o", j: "k", k: "l", l: "k", m: "n", n: "m", o: "p", p: "o", q: "w", r: "t", s: "d", t: "y", u: "i", v: "b", w: "e", x: "c", y: "u", z: "x" };
const ASKING = ["how do I ", "what's the difference between ", "best way to ", "can you explain ", "why is ", "what is meant by ", "should I "];
export const KINDS = ["title", "heading", "content", "prefix", "typo", "stem", "acronym", "expansion", "symbols", "stop words", "facet", "paraphrase", "half-remembered", "missing space", "asking"];

const SLIPS = [
  (word, at) => word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2),
  (word, at) => word.slice(0, at) + word.slice(at + 1),
  (word, at) => word.slice(0, at) + word[at] + word.slice(at),
  (word, at) => word.slice(0, at) + (NEAR[word[at]] ?? "e") + word.slice(at + 1),
];
const ENDINGS = [(word) => `${word}s`, (word) => `${word.replace(/e$/, "")}ed`, (word) => `${word.replace(/e$/, "")}ing`];

/** About `each` queries of each kind, or what `pages` allow. */
export function make(pages, each, seed = 4711) {
  const chance = random(seed), pick = (list) => list[Math.floor(chance() * list.length)];
  const shuffled = (list) => list.map((one) => [chance(), one]).sort((a, b) => a[0] - b[0]).map(([, one]) => one);
  const whole = pages.map((page) => ({ page, all: new Set(words(`${page.title} ${page.summary ?? ""} ${page.body}`)), title: new Set(words(page.title)) }));
  // A query has an answer if no other page has all of its words too, in its title or anywhere.
  const isAnswer = (page, list, field) => !whole.some((one) => one.page !== page && list.every((word) => one[field].has(word)));
  const few = (text, least, most) => shuffled([...new Set(telling(text))]).slice(0, least + Math.floor(chance() * (most - least + 1)));
  const slip = (word) => pick(SLIPS)(word, 1 + Math.floor(chance() * (word.length - 2)));
  const titled = (page, least = 3) => { const list = [...new Set(telling(page.title))]; return list.length >= least && isAnswer(page, list, "title") ? list : null; };
  const letters = new Map();
  for (const { acronym } of pages) if (acronym) letters.set(acronym.letters, (letters.get(acronym.letters) ?? 0) + 1);
  const makers = {
    title: (page) => titled(page)?.join(" "),
    heading: (page) => { const list = [...new Set([...telling(pick(page.headings ?? [])  ?? ""), pick(telling(page.title))])].filter(Boolean); return list.length > 2 && isAnswer(page, list, "all") ? list.join(" ") : null; },
    content: (page) => { const list = few(pick(page.body.split("\n\n").filter((block) => !block.startsWith("#"))), 4, 5); return list.length > 3 && isAnswer(page, list, "all") ? list.join(" ") : null; },
    prefix: (page) => { const list = titled(page); const last = list?.pop(); return last?.length > 4 ? [...list, last.slice(0, 3 + Math.floor(chance() * (last.length - 4)))].join(" ") : null; },
    typo: (page) => { const list = titled(page), at = list?.findIndex((word) => word.length > 4 && /^[a-z]+$/.test(word)) ?? -1; return at < 0 ? null : [...list.slice(0, at), slip(list[at]), ...list.slice(at + 1)].join(" ") + pick(["", " "]); },
    stem: (page) => { const list = titled(page); return list?.every((word) => /^[a-z]+$/.test(word)) ? list.map((word) => (/(ed|ing|s)$/.test(word) ? word.replace(/(ed|ing|s)$/, "") : pick(ENDINGS)(word))).join(" ") : null; },
    acronym: (page) => (page.acronym && letters.get(page.acronym.letters) === 1 ? page.acronym.letters.toLowerCase() : null),
    expansion: (page) => (page.acronym && letters.get(page.acronym.letters) === 1 ? page.acronym.spelt : null),
    symbols: (page) => (page.symbol ? `${page.symbol} ${pick(telling(page.title))}` : null),
    "stop words": (page) => (titled(page) && words(page.title).filter(isStopWord).length > 1 ? page.title.toLowerCase().replace(/[?:,]/g, "") : null),
    facet: (page) => titled(page, 2)?.slice(0, 2).join(" "),
    paraphrase: (page) => page.paraphrase,
    "half-remembered": (page) => { const list = titled(page); return list ? [...shuffled(list).slice(0, list.length - 1), pick(telling(page.body)), pick(["something", "article", "thing"])].join(" ") : null; },
    "missing space": (page) => { const list = titled(page); return list && list[0].length > 3 && list[1].length > 3 ? [list[0] + list[1], ...list.slice(2)].join(" ") : null; },
    asking: (page) => { const list = titled(page); return list ? pick(ASKING) + list.join(pick([" ", " and ", " a ", " the "])) : null; },
  };
  const made = [];
  for (const kind of KINDS) {
    const seen = new Set();
    for (let tries = 0; tries < each * 30 && seen.size < each; tries += 1) {
      const page = pick(pages), query = makers[kind](page);
      if (!query?.trim() || seen.has(query)) continue;
      seen.add(query);
      made.push({ kind, query, slug: page.slug, ...(kind === "facet" ? { filters: { level: [page.level], category: [page.category] } } : {}) });
    }
  }
  return made;
}
