// The made guide for Eleventy: highlighting by its own plugin, terms and their pages from `collections`.
import highlight from "@11ty/eleventy-plugin-syntaxhighlight";

const PAGER = 100;
const SIDEBAR = 60;
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]);

/** Questions by the terms of one field, in the order of their addresses. */
function byTerm(questions, field) {
  const terms = new Map();
  for (const question of questions) {
    for (const term of [question.data[field]].flat()) {
      if (!terms.has(term)) terms.set(term, []);
      terms.get(term).push(question);
    }
  }
  return terms;
}

/** One entry for each page of each list. */
function* pages(address, title, questions) {
  const count = Math.max(1, Math.ceil(questions.length / PAGER));
  for (let number = 1; number <= count; number += 1) {
    const from = (number - 1) * PAGER;
    const here = number === 1 ? address : `${address}page/${number}/`;
    yield { address, here, title, number, count, questions: questions.slice(from, from + PAGER) };
  }
}

function* lists(questions, names) {
  yield* pages("/questions/", "Questions", questions);
  for (const [field, terms] of Object.entries(names)) {
    const found = byTerm(questions, field);
    for (const [slug, name] of Object.entries(terms.names)) {
      yield* pages(`/${terms.folder}/${slug}/`, name, found.get(slug) ?? []);
    }
  }
}

/** Links to files of Markdown become links to pages, and headings get their addresses. */
function address(markdown) {
  const rules = markdown.renderer.rules;
  rules.link_open = (tokens, at, options, _, self) => {
    const href = tokens[at].attrGet("href");
    tokens[at].attrSet("href", href.replace(/^\.\.\/[^/]+\/([^/#]+)\.md/, "/questions/$1/"));
    return self.renderToken(tokens, at, options);
  };
  rules.heading_open = (tokens, at, options, _, self) => {
    const words = tokens[at + 1].content.toLowerCase().match(/[a-z0-9]+/g) ?? ["section"];
    tokens[at].attrSet("id", words.join("-"));
    return self.renderToken(tokens, at, options);
  };
}

export default function configure(eleventy) {
  eleventy.addPlugin(highlight);
  eleventy.amendLibrary("md", address);
  eleventy.addPassthroughCopy("style.css");
  eleventy.addCollection("bySlug", (api) =>
    Object.fromEntries(api.getFilteredByTag("question").map((question) => [question.fileSlug, question])),
  );
  eleventy.addCollection("lists", (api) => {
    const questions = api.getFilteredByTag("question");
    return [...lists(questions, questions[0].data.terms)];
  });
  eleventy.addCollection("newest", (api) => api.getFilteredByTag("question").slice(-20).reverse());
  const sidebars = new Map();
  eleventy.addFilter("sidebar", (questions, topic) => {
    if (!sidebars.has(topic)) {
      const here = questions.filter((question) => question.data.topics.includes(topic)).slice(0, SIDEBAR);
      const items = here.map((question) => `<li><a href="${question.url}">${escaped(question.data.title)}</a></li>`);
      sidebars.set(topic, items.join(""));
    }
    return sidebars.get(topic);
  });
  eleventy.addFilter("outline", (content) => {
    const headings = content.matchAll(/<h([23]) id="(.*?)">(.*?)<\/h\1>/g);
    return [...headings].map(([, level, id, text]) => `<li class="level-${level}"><a href="#${id}">${text}</a></li>`).join("");
  });
  eleventy.addFilter("plain", (content) => content.replace(/<[^>]*>/g, " ").replace(/\s+/g, " "));
  return { markdownTemplateEngine: false, htmlTemplateEngine: "njk" };
}
