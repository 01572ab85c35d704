// Queries of twelve kinds whose right answer is known, from any list of pages: { kind, query, slug, filters? }.
import { random } from "./harness.mjs";
import { Analyzer, isStopWord } from "../../themes/folio/static/js/search-core.js";

const plain = new Analyzer("en", false);
const words = (text) => plain.tokens(text.normalize("NFC")).filter(({ shape }) => shape === "word").map(({ surface }) => surface);
const telling = (text) => words(text).filter((word) => !isStopWord(word) && word.length > 2);

export const KINDS = ["title", "heading", "content", "prefix", "typo", "stem", "acronym", "expansion", "symbols", "stop words", "facet", "paraphrase"];

function misspelt(word, chance) {
  const at = 1 + Math.floor(chance() * (word.length - 2));
  const letter = "etaoinsrhl"[Math.floor(chance() * 10)];
  return [
    word.slice(0, at) + word.slice(at + 1),
    word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2),
    word.slice(0, at) + letter + word.slice(at),
    word.slice(0, at) + letter + word.slice(at + 1),
  ][Math.floor(chance() * 4)];
}

const inflected = (word) => (word.endsWith("e") ? `${word.slice(0, -1)}ing` : word.endsWith("s") ? word.slice(0, -1) : word.endsWith("y") ? `${word.slice(0, -1)}ies` : `${word}s`);

/** About `each` queries of each kind for which the pages have what is needed. */
export function make(pages, each, seed = 42) {
  const chance = random(seed);
  const counts = new Map();
  for (const page of pages) for (const word of new Set(words(`${page.title} ${page.body}`))) counts.set(word, (counts.get(word) ?? 0) + 1);
  const rarest = (list, number) => [...new Set(list)].sort((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0) || (a < b ? -1 : 1)).slice(0, number);
  const unique = new Map();
  for (const { acronym } of pages) if (acronym) unique.set(acronym.letters, (unique.get(acronym.letters) ?? 0) + 1);
  const makers = {
    title: (page) => telling(page.title).join(" "),
    heading: (page) => (page.headings.length ? `${page.headings[Math.floor(chance() * page.headings.length)]} ${rarest(telling(page.title), 1)}` : null),
    content: (page) => { const list = telling(page.body); const from = Math.floor(chance() * Math.max(1, list.length - 40)); return rarest(list.slice(from, from + 40), 3).join(" "); },
    prefix: (page) => { const list = rarest(telling(page.title), 3); const last = list.pop(); return last?.length > 4 && list.length ? `${list.join(" ")} ${last.slice(0, Math.ceil(last.length * 0.6))}` : null; },
    typo: (page) => { const list = rarest(telling(page.title), 3); const at = list.findIndex((word) => word.length >= 5 && /^[a-z]+$/.test(word)); if (at < 0) return null; list[at] = misspelt(list[at], chance); return `${list.join(" ")} `; },
    stem: (page) => { const list = rarest(telling(page.title).filter((word) => /^[a-z]{4,}$/.test(word)), 3); return list.length > 1 ? list.map(inflected).join(" ") : null; },
    acronym: (page) => (page.acronym && unique.get(page.acronym.letters) === 1 ? page.acronym.letters.toLowerCase() : null),
    expansion: (page) => (page.acronym ? page.acronym.spelt : null),
    symbols: (page) => page.symbol,
    "stop words": (page) => (words(page.title).filter(isStopWord).length > 2 ? page.title : null),
    facet: (page) => rarest(telling(page.title), 2).join(" "),
    paraphrase: (page) => page.paraphrase,
  };
  const made = [];
  for (const kind of KINDS) {
    for (let tries = 0, found = 0; tries < each * 20 && found < each; tries += 1) {
      const page = pages[Math.floor(chance() * pages.length)];
      const query = makers[kind](page);
      if (!query?.trim()) continue;
      found += 1;
      made.push({ kind, query, slug: page.slug, ...(kind === "facet" ? { filters: { level: [page.level], category: [page.category] } } : {}) });
    }
  }
  return made;
}
