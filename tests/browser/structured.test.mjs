// Structured data of every page: its types, what each must and may say by schema.org and by the rules of search engines,
// and that what it says is what the page shows.
// Takes the published folder; needs no browser.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { byKind, publishedFolder, publishedPages } from "./site.mjs";

const isText = (value) => typeof value === "string" && value.trim() !== "";
const isAddress = (value) => isText(value) && /^https?:\/\/[^\s<>"]+$/.test(value);
const isDay = (value) => isText(value) && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
const isLanguage = (value) => isText(value) && /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(value);
const isOf = (type) => (value) => value?.["@type"] === type && problems(value).length === 0;
const each = (check) => (value) => Array.isArray(value) && value.length > 0 && value.every(check);

// The types that pages may claim, with the properties that we use: required ones first, then others. A property is one
// of its type at schema.org; `name`, `item` and `position` of a list of two or more are what Google asks of breadcrumbs.
const TYPES = {
  WebSite: [{ name: isText, url: isAddress }, { description: isText, inLanguage: isLanguage }],
  BreadcrumbList: [{ itemListElement: (items) => each(isOf("ListItem"))(items) && items.length >= 2 && items.every(({ position }, at) => position === at + 1) }, {}],
  ListItem: [{ position: Number.isInteger, name: isText, item: isAddress }, {}],
  DefinedTerm: [{ name: isText }, { url: isAddress }],
  LearningResource: [
    { name: isText, url: isAddress, learningResourceType: isText, educationalLevel: isText, inLanguage: isLanguage, about: each(isOf("DefinedTerm")), isPartOf: isOf("WebSite") },
    { description: isText, assesses: isText, dateModified: isDay, license: isAddress },
  ],
};

/** What is wrong with a thing of structured data. */
function problems({ "@type": type, "@context": context, ...properties }) {
  if (!Object.hasOwn(TYPES, type)) return [`the type ${type} is not for this site`];
  const [required, others] = TYPES[type];
  return [
    ...Object.keys(required).filter((name) => !Object.hasOwn(properties, name)).map((name) => `${type} has no ${name}`),
    ...Object.entries(properties).flatMap(([name, value]) => {
      const check = required[name] ?? others[name];
      if (!check) return [`${type} has no property ${name}`];
      return check(value) ? [] : [`${type}.${name} is ${JSON.stringify(value)}`];
    }),
  ];
}

const BREADCRUMBS = ["BreadcrumbList"];
// What pages of each kind claim; a question has one editorial answer, so it is no QAPage, and no page is a FAQPage.
const CLAIMS = { home: ["WebSite"], question: ["BreadcrumbList", "LearningResource"], not_found: [], offline: [], redirect: [] };

const decoded = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&");
const wordsOf = (html) => decoded(html.replace(/<[^>]*>/g, "")).replace(/\s+/g, " ").trim();
const canonicalOf = (html) => /<link rel="?canonical"? href="?([^\s">]+)/.exec(html)?.[1];
const dataOf = (html) => [...html.matchAll(/<script type="?application\/ld\+json"?>(.*?)<\/script>/gs)].map(([, json]) => JSON.parse(json));
const home = canonicalOf(readFileSync(join(publishedFolder, "index.html"), "utf8"));
const isPublished = (address) => address.startsWith(home) && existsSync(join(publishedFolder, address.slice(home.length), "index.html"));

test("the checker notices a wrong type, a missing property, one too many and a wrong value", () => {
  for (const [thing, problem] of [
    [{ "@type": "QAPage" }, /QAPage is not for this site/],
    [{ "@type": "WebSite", name: "A" }, /has no url/],
    [{ "@type": "WebSite", name: "A", url: "https://a.example/", author: "B" }, /has no property author/],
    [{ "@type": "BreadcrumbList", itemListElement: [{ "@type": "ListItem", position: 1, name: "A", item: "https://a.example/" }] }, /itemListElement is/],
    [{ "@type": "ListItem", position: 1, name: "A", item: "../a/" }, /item is/],
  ]) assert.match(problems(thing).join(), problem);
});

for (const [kind, members] of byKind(publishedPages())) {
  test(`structured data of every page of kind ${kind} is right, and true of the page (${members.length})`, () => {
    const findings = members.flatMap(({ name }) => {
      const html = readFileSync(join(publishedFolder, name), "utf8");
      const all = dataOf(html);
      const found = all.flatMap((thing) => [...problems(thing), ...(thing["@context"] === "https://schema.org" ? [] : ["no context"])]);
      const claimed = all.map((thing) => thing["@type"]);
      const expected = CLAIMS[kind] ?? BREADCRUMBS;
      if (claimed.join() !== expected.join()) found.push(`claims ${claimed} in place of ${expected}`);
      if (/itemscope|itemtype|typeof=/.test(html)) found.push("microdata or RDFa beside it");
      const heading = wordsOf(/<h1[^>]*>(.*?)<\/h1>/s.exec(html)?.[1] ?? "");
      for (const thing of all) {
        if (thing["@type"] === "BreadcrumbList") {
          const items = thing.itemListElement;
          if (items[0].item !== home) found.push(`begins at ${items[0].item}`);
          if (items.at(-1).item !== canonicalOf(html)) found.push(`ends at ${items.at(-1).item}`);
          if (kind === "question" && items.at(-1).name !== heading) found.push(`ends with “${items.at(-1).name}”`);
          found.push(...items.filter(({ item }) => !isPublished(item)).map(({ item }) => `${item} is not published`));
        }
        if (thing["@type"] === "LearningResource") {
          if (thing.name !== heading) found.push(`is named “${thing.name}”`);
          if (thing.url !== canonicalOf(html)) found.push(`is at ${thing.url}`);
          const shown = wordsOf(html);
          for (const { name: topic, url } of thing.about) if (!shown.includes(topic) || !isPublished(url)) found.push(`is about ${topic}, ${url}`);
          for (const claim of [thing.assesses, thing.educationalLevel]) if (claim && !shown.includes(claim)) found.push(`says “${claim}”, which the page does not`);
        }
      }
      return found.map((problem) => `${name}: ${problem}`);
    });
    assert.deepEqual(findings, []);
  });
}
