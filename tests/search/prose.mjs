// A second maker of guides, independent of corpus.mjs: English words of eight trades in sentences with inflected forms, lists, other
// wordings, acronyms that only the settings explain. What is tuned on the one is checked on the other.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { random } from "./harness.mjs";

const TRADES = {
  kitchen: "oven recipe dough kettle pantry saucepan flour pastry simmering garnish butcher menu ladle yeast marinade skillet broth spice cupboard apron grater vinegar platter larder",
  sailing: "mast rudder anchor harbour keel rigging compass tide sailor galley ballast winch jetty lighthouse buoy hull voyage cargo mooring breeze chart captain lifeboat gangway",
  garden: "hedge compost orchard seedling trellis weed blossom greenhouse shovel fertiliser meadow pruning mulch bulb hose nursery soil pollen beetle rake lawn thorn perennial shade",
  railway: "platform signal carriage timetable locomotive sleeper junction tunnel ticket conductor freight viaduct siding whistle buffer gradient passenger depot level-crossing guard brake axle coupling points",
  hospital: "ward surgeon bandage nurse diagnosis ambulance syringe prescription fever pulse stretcher clinic vaccine pharmacy fracture consultant allergy recovery theatre monitor bed discharge visitor rota",
  court: "judge verdict witness evidence appeal barrister clerk statute oath jury custody bail hearing plaintiff contract tribunal settlement testimony objection precedent warrant counsel sentence affidavit",
  music: "violin rehearsal conductor melody chorus drummer amplifier tempo orchestra piano harmony keyboard bassoon encore score string microphone concert soloist chord rhythm audience cello opera",
  bank: "ledger invoice mortgage deposit cashier interest savings auditor currency dividend vault cheque creditor loan account receipt statement overdraft budget broker pension bond transfer insurance",
};
const VERBS = "arrange borrow carry choose deliver examine finish gather handle improve inspect label measure notify organise paint polish prepare protect publish refuse remember repair replace report reserve return share stop store stretch study supply support train transport trust wash weigh".split(" ");
const ADJECTIVES = "ancient annual blunt brave careful cheap clever coloured crooked curious dangerous early empty expensive faint foreign gentle heavy hollow honest humid loose loyal modern narrow obvious patient plain polite proud rapid rough rusty scarce shallow sharp shiny silent slow smooth steep strange sturdy sudden tidy vague wooden".split(" ");
// What people say instead, and pages do not, but for some that name the other wording.
const INSTEAD = { oven: "cooker", recipe: "instructions", harbour: "port", anchor: "hook", compost: "manure", hedge: "bushes", platform: "quay", ticket: "fare", ward: "room", nurse: "carer", judge: "magistrate", verdict: "ruling", violin: "fiddle", rehearsal: "practice", invoice: "bill", mortgage: "homeloan", arrange: "sort", borrow: "lend", carry: "haul", choose: "select", deliver: "bring", examine: "check", finish: "complete", gather: "collect", improve: "better", measure: "gauge", protect: "guard", repair: "mend", replace: "swap", stop: "halt", wash: "clean", ancient: "old", annual: "yearly", cheap: "affordable", clever: "smart", dangerous: "risky", empty: "vacant", expensive: "costly", heavy: "weighty", narrow: "tight", rapid: "quick", silent: "quiet", slow: "sluggish", sudden: "abrupt" };
const NAMES = "Abernathy Bexley Cardew Dunmore Ellesmere Fenwick Garrick Holborn Inskip Jessop Kilburn Lorimer Merriman Norwood Ormsby Penrose Quayle Rutland Selwyn Thornbury Underhill Varley Wexford Yardley Zeller".split(" ");
const SYMBOLS = ["F#", "C++", ".env", "/v2/items", "TCP/IP", "ISO-8601", "x86_64", "v1.2.3", "OAuth2.0", "N+1", "p95", "--dry-run", "node.js", "CI/CD", "4:1", "ARM64", "/healthz", "key=value", "HTTP/3", "utf-8", "R2D2", "user_id", "S3", "B+"];
const LEVELS = ["beginner", "able", "expert"], CATEGORIES = ["practice", "theory", "people"];
const plural = (word) => (/(s|x|ch|sh)$/.test(word) ? `${word}es` : /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`);
const ing = (verb) => (verb.endsWith("e") ? `${verb.slice(0, -1)}ing` : verb === "stop" ? "stopping" : `${verb}ing`);
const past = (verb) => (verb.endsWith("e") ? `${verb}d` : verb === "stop" ? "stopped" : /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ied` : `${verb}ed`);
const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** Pages with what is needed to ask for them. */
export function make(count, seed = 77) {
  const chance = random(seed), trades = Object.keys(TRADES);
  const pick = (list) => list[Math.floor(chance() * list.length)];
  const pages = [], titles = new Set();
  for (let number = 0; pages.length < count; number += 1) {
    const trade = trades[number % trades.length], nouns = TRADES[trade].split(" ");
    const [noun, other, third] = [pick(nouns), pick(nouns), pick(nouns)], verb = pick(VERBS), second = pick(VERBS), adjective = pick(ADJECTIVES), another = pick(ADJECTIVES);
    const name = `${pick(NAMES)} ${pick(["method", "rule", "scale", "test", "table", "clause"])}`;
    const title = pick([
      `${capital(ing(verb))} ${adjective} ${plural(noun)}`, `Is it worth ${ing(verb)} a ${noun} if the ${other} is ${adjective}?`, `A ${noun} or a ${other}: which would you ${verb} first?`,
      `What would you do about a ${noun} that is ${adjective} and ${another}?`, `The ${adjective} ${noun}, ${past(verb)} at last`, `Who should ${verb} the ${plural(other)} of a ${adjective} ${noun}, and when?`, `Tell us about a ${noun} you ${past(verb)}`,
    ]);
    if (noun === other || titles.has(title)) continue;
    titles.add(title);
    const sentence = () => {
      const [a, b, v, w, x] = [pick(nouns), pick(chance() < 0.8 ? nouns : TRADES[pick(trades)].split(" ")), pick(VERBS), pick(VERBS), pick(ADJECTIVES)];
      return capital(pick([
        `if the ${a} is ${x}, nobody ${past(v)} it in time.`, `we ${past(v)} two ${plural(a)} and then the ${b}.`, `${ing(v)} a ${x} ${a} takes longer than ${ing(w)} the ${b}, so plan for it.`,
        `most ${plural(a)} are ${x}; the ${b} is what people ${v}.`, `ask who will ${v} the ${a}, and what happens to the ${plural(b)} when they do not.`, `it isn't the ${a} that matters but the ${x} ${b}.`, `you can't ${v} what you never ${past(w)}, said the ${a}.`,
      ]));
    };
    const about = () => capital(pick([`a ${noun} that was ${past(verb)} stays ${adjective}.`, `before you ${verb} it, look at the ${other} and the ${third}.`, `the ${plural(noun)} we ${past(second)} were ${another}, not ${adjective}.`, `${ing(verb)} and ${ing(second)} the ${noun} go together.`]));
    const paragraph = (extra = "") => [sentence(), about(), sentence(), extra, sentence(), chance() < 0.5 ? about() : sentence(), sentence()].filter(Boolean).join(" ");
    const headings = [`When the ${third} is ${another}`, `${capital(ing(second))} with the ${name}`, `What a ${other} costs`];
    const parts = number % 3 === 0 ? [pick(ADJECTIVES), noun, pick(["register", "protocol", "office", "exchange", "inventory"]), pick(["unit", "loop", "agreement", "key"])] : null;
    const letters = parts?.map((word) => word[0]).join("").toUpperCase(), spelt = parts?.join(" ");
    const isDeclared = number % 2 === 0;
    const symbol = number % 4 === 1 ? SYMBOLS[(number >> 2) % SYMBOLS.length] : null;
    const instead = [verb, adjective, noun].map((word) => INSTEAD[word]).filter(Boolean);
    const paraphrase = instead.length > 1 && instead.length < 4 ? [verb, adjective, noun].map((word) => INSTEAD[word] ?? word).join(" ") : null;
    pages.push({
      slug: `${trade}-${number}`, title, headings, noun, other, third, verb, second, adjective, name, symbol: symbol ? `${symbol} ${pick([noun, other, verb])}` : null,
      acronym: parts ? { letters, spelt, isDeclared } : null, paraphrase, level: LEVELS[number % 3], category: CATEGORIES[(number >> 1) % 3], topic: trade,
      askedAs: paraphrase && number % 2 === 0 ? [`How can we ${INSTEAD[verb] ?? verb} the ${INSTEAD[adjective] ?? adjective} ${INSTEAD[noun] ?? noun}?`] : [],
      summary: `${about()} ${sentence()}`,
      body: [paragraph(symbol ? `The label says ${symbol}, as usual.` : ""), `- ${sentence()}\n- ${about()}\n- ${sentence()}`, `## ${headings[0]}`, paragraph(parts ? (isDeclared ? `Everybody asks for the ${letters} here. The ${letters} decides.` : `This is the ${spelt} (${letters}).`) : ""), paragraph(), `## ${headings[1]}`, paragraph(`The ${name} says so.`), `> ${sentence()}`, paragraph(), `## ${headings[2]}`, paragraph(), `1. ${sentence()}\n2. ${sentence()}`, paragraph(about())].join("\n\n"),
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
  const declared = new Map(pages.filter(({ acronym }) => acronym?.isDeclared).map(({ acronym }) => [acronym.letters, []]));
  for (const { acronym } of pages) if (acronym?.isDeclared) declared.get(acronym.letters).push(acronym.spelt);
  const synonyms = [...declared].map(([letters, names]) => `${letters} = ${JSON.stringify([...new Set(names)])}`).join("\n");
  put("askbook.toml", `title = "Prose"\ndescription = "Made"\n[check]\nprofile = "minimal"\n[search.synonyms]\n${synonyms}\n`);
  const terms = (key, slugs) => slugs.map((slug, order) => `[[${key}]]\nslug = "${slug}"\nname = "${capital(slug)}"\norder = ${order}\nsummary = "S"\n`).join("\n");
  put("content/categories.toml", terms("category", CATEGORIES));
  put("content/levels.toml", terms("level", LEVELS));
  put("content/topics.toml", terms("topic", Object.keys(TRADES)));
  for (const page of pages) {
    const others = page.askedAs.length ? `asked_as = ${JSON.stringify(page.askedAs)}\n` : "";
    put(`content/questions/${page.topic}/${page.slug}.md`, `+++\ntitle = ${JSON.stringify(page.title)}\nsummary = ${JSON.stringify(page.summary.slice(0, 190))}\n${others}category = "${page.category}"\nlevel = "${page.level}"\ntopics = ["${page.topic}"]\nupdated = 2026-01-01\n+++\n\n${page.body}\n`);
  }
}
