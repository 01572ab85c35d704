// A seeded maker of guides: as many questions as asked for, each about things of its own, none copied from anywhere.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { random } from "./harness.mjs";

const NOUNS = "cache queue ledger broker index gateway scheduler router replica snapshot tenant session cursor buffer worker beacon manifest channel bucket kernel parser planner registry token balancer monitor daemon archive mirror envelope journal pipeline catalogue partition checkpoint collector adapter sampler resolver validator throttle sandbox cluster filter timer watcher relay vault shuttle digest sequence gauge packet socket tunnel anchor segment".split(" ");
const VERBS = "drain rotate migrate compact throttle rehearse reconcile shard seal rebuild inspect expire fence quarantine promote retire measure replay encrypt warm split merge verify trace schedule isolate recover estimate tune audit".split(" ");
const ADJECTIVES = "stale busy orphaned skewed tiny nested shared remote lossy ordered sparse warm fragile bounded volatile idle crowded encrypted delayed noisy partial cold silent greedy frozen layered tentative durable narrow ragged".split(" ");
const PLACES = "region warehouse checkout payroll clinic harbour airline library stadium factory museum orchard bakery station laboratory theatre".split(" ");
// Pairs of words that mean nearly the same: paraphrases use the second, and a page says both somewhere.
const SAME = { drain: "empty", rotate: "swap", migrate: "move", compact: "shrink", rehearse: "practise", reconcile: "compare", seal: "close", rebuild: "recreate", inspect: "examine", expire: "lapse", promote: "raise", retire: "remove", measure: "quantify", replay: "repeat", split: "divide", merge: "combine", verify: "confirm", recover: "restore", estimate: "guess", stale: "outdated", busy: "overloaded", tiny: "small", fragile: "brittle", idle: "unused", noisy: "loud", cold: "unheated", frozen: "stuck", queue: "backlog", archive: "storage", mirror: "copy", channel: "link", bucket: "container" };
const SYLLABLES = "ba be bi bo bra cal cor da den dor el fa fen gal gor ha hin jo ka kel la len lor ma mer mi na nor o pal per quin ra rem sa sel ta tor u val ven wi xan yor zal".split(" ");
const SYMBOLS = ["C++", "C#", "N+1", "HTTP/2", "OAuth2.0", "/v1/orders", "TLS1.3", ".NET", "A/B", "k8s", "utf8mb4", "SHA-256", "I/O", "snake_case", "p99.9"];
const LEVELS = ["junior", "mid", "senior", "lead"], CATEGORIES = ["technical", "behavioural", "system-design", "coding"];

/** Pages with what is needed to ask for them. */
export function make(count, seed = 1) {
  const chance = random(seed);
  const pick = (list) => list[Math.floor(chance() * list.length)];
  const zipf = (list) => list[Math.floor(list.length * chance() ** 3)];
  const coined = new Set();
  while (coined.size < 400 + count * 3) coined.add(Array.from({ length: 2 + Math.floor(chance() * 3) }, () => pick(SYLLABLES)).join(""));
  const rare = [...coined];
  const filler = "because every system pays for what it keeps and operators learn early that plain steps survive longer than clever ones so write down the order then try it on a quiet day before anybody depends upon it while numbers decide which part deserves more care whether traffic grows or people leave".split(" ");
  const pages = [], titles = new Set();
  for (let number = 0; pages.length < count; number += 1) {
    const [verb, adjective, noun, other, place] = [pick(VERBS), pick(ADJECTIVES), pick(NOUNS), pick(NOUNS), pick(PLACES)];
    const own = [rare[number % rare.length], rare[(number * 7 + 3) % rare.length], rare[(number * 13 + 5) % rare.length]];
    const title = pick([
      `How do you ${verb} a ${adjective} ${noun} in a ${place}?`,
      `What is a ${adjective} ${noun}, and when would you ${verb} it for the ${other}?`,
      `Why does the ${noun} of a ${place} go ${adjective}, and who should ${verb} it?`,
      `Design a ${adjective} ${noun} that a ${place} can ${verb}`,
      `${verb[0].toUpperCase()}${verb.slice(1)} the ${noun} before the ${other}: ${adjective} or not?`,
    ]);
    if (titles.has(title)) continue;
    titles.add(title);
    const acronym = number % 4 === 0 ? Array.from({ length: 3 }, () => pick(rare)) : null;
    const symbol = number % 5 === 0 ? `${pick(SYMBOLS)}` : null;
    const marks = symbol ? [symbol, own[0]] : null;
    const headings = [`Signs of ${own[0]} ${other}`, `Costs beside the ${own[1]}`, `${adjective[0].toUpperCase()}${adjective.slice(1)} ${own[2]} ${noun}`];
    const sentence = () => {
      const words = Array.from({ length: 9 + Math.floor(chance() * 9) }, () => {
        const dice = chance();
        return dice < 0.55 ? pick(filler) : dice < 0.72 ? zipf(NOUNS) : dice < 0.8 ? zipf(VERBS) : dice < 0.86 ? zipf(ADJECTIVES) : dice < 0.93 ? zipf(rare) : pick([verb, noun, adjective, other, place]);
      });
      return `${words.join(" ").replace(/^./, (letter) => letter.toUpperCase())}.`;
    };
    const paragraph = (extra) => `${sentence()} ${extra} ${sentence()} ${sentence()} ${sentence()}`;
    const said = [verb, adjective, noun].filter((word) => SAME[word]).map((word) => `To ${SAME[word]} it is the plain word for ${word}.`).join(" ");
    const name = acronym?.map((word) => word[0].toUpperCase() + word.slice(1)).join(" ");
    const short = acronym?.map((word) => word[0].toUpperCase()).join("") + (acronym ? acronym[0][1].toUpperCase() : "");
    const spelt = acronym ? `${name} ${own[0][0].toUpperCase()}${own[0].slice(1)}` : "";
    const letters = acronym ? acronym.map((word) => word[0]).join("").toUpperCase() + own[0][0].toUpperCase() : "";
    void short;
    pages.push({
      slug: `page-${number}`, title, headings, own, acronym: acronym ? { letters, spelt } : null, symbol: marks?.join(" ") ?? null, noun, verb, adjective, place, other,
      level: LEVELS[number % 4], category: CATEGORIES[(number >> 2) % 4], topic: `topic-${number % 12}`,
      paraphrase: [SAME[verb] ?? verb, SAME[adjective] ?? adjective, SAME[noun] ?? noun, place].join(" "),
      body: [paragraph(said), paragraph(acronym ? `Many call it ${spelt} (${letters}).` : ""), `## ${headings[0]}`, paragraph(`The ${own[0]} ${own[1]} matters here.`), paragraph(symbol ? `It speaks ${symbol} with ${own[0]}.` : ""), `## ${headings[1]}`, paragraph(`Count the ${own[1]} ${own[2]} twice.`), paragraph(""), `## ${headings[2]}`, paragraph(`A ${adjective} ${noun} has ${own[2]}.`), paragraph("")].join("\n\n"),
    });
  }
  return pages;
}

/** Writes pages as a guide. */
export function write(folder, pages) {
  const put = (path, text) => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  put("askbook.toml", 'title = "Corpus"\ndescription = "Made"\n[check]\nprofile = "minimal"\n');
  const terms = (key, slugs) => slugs.map((slug, order) => `[[${key}]]\nslug = "${slug}"\nname = "${slug}"\norder = ${order}\nsummary = "S"\n`).join("\n");
  put("content/categories.toml", terms("category", CATEGORIES));
  put("content/levels.toml", terms("level", LEVELS));
  put("content/topics.toml", terms("topic", Array.from({ length: 12 }, (_, number) => `topic-${number}`)));
  for (const page of pages) {
    put(`content/questions/${page.topic}/${page.slug}.md`, `+++\ntitle = ${JSON.stringify(page.title)}\ncategory = "${page.category}"\nlevel = "${page.level}"\ntopics = ["${page.topic}"]\nupdated = 2026-01-01\n+++\n\n${page.body}\n`);
  }
}
