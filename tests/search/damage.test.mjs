// Files of an index that are cut off, changed by a bit, or somebody else's: an answer or a plain error, never a script that hangs.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { inflateRaw } from "../../themes/folio/static/js/search-core.js";
import { answers, guideFolder, open, random } from "./harness.mjs";

const TRIES = Number(process.env.ASKBOOK_DAMAGES ?? 60);
const QUERIES = ["transaction isolation", "deadlok", "\"connection pool\"", "n+1"];
const PLAIN = /^(the index is damaged|an index of version \d+|\d{3} for .*)$/;

/** Bytes with one thing wrong with them. */
function damagedBytes(bytes, chance) {
  const at = Math.floor(chance() * bytes.length), own = Uint8Array.from(bytes);
  switch (Math.floor(chance() * 5)) {
    case 0: return own.subarray(0, at);
    case 1: own[at] ^= 1 << Math.floor(chance() * 8); return own;
    case 2: own.fill(0xff, at, at + 8); return own;
    case 3: own.copyWithin(at, Math.floor(chance() * bytes.length)); return own;
    default: return own.map(() => Math.floor(chance() * 256));
  }
}

/** Opens the index with one of its files damaged and asks; gives what was answered or thrown. */
async function asked(folder, names, chance) {
  const which = names[Math.floor(chance() * names.length)], isInside = chance() < 0.6;
  const get = async (address) => {
    const name = new URL(address).pathname;
    let bytes = readFileSync(join(folder, name));
    if (name === `/search/${which}`) bytes = isInside ? deflateRawSync(damagedBytes(inflateRawSync(bytes), chance)) : damagedBytes(bytes, chance);
    return new Response(bytes);
  };
  try {
    const index = await open(folder, get);
    await index.prefetch();
    for (const query of QUERIES) {
      const { total, results } = await index.search(query);
      assert.ok(total >= results.length, `${total} and ${results.length}`);
    }
    return "an answer";
  } catch (error) {
    return PLAIN.test(error.message) ? error.message.replace(/\d+.*/, "…") : `${which}: ${error.stack}`;
  }
}

if (!isMainThread) {
  const { folder, names } = workerData;
  const chance = random(7);
  for (let tried = 0; tried < TRIES; tried += 1) parentPort.postMessage(await asked(folder, names, chance));
  const whole = inflateRawSync(readFileSync(join(folder, "search", "root.idx")));
  for (let tried = 0; tried < TRIES; tried += 1) {
    const deflated = deflateRawSync(whole, { level: tried % 10 });
    try {
      inflateRaw(damagedBytes(deflated, chance));
    } catch (error) {
      if (!PLAIN.test(error.message) && !(error instanceof TypeError)) throw error;
    }
    parentPort.postMessage("inflated");
  }
  parentPort.postMessage("done");
} else {
  test(`${TRIES} damaged files are answered from or refused`, async (t) => {
    const { folder } = answers(guideFolder(), []);
    const names = readdirSync(join(folder, "search"), { recursive: true }).filter((name) => name.endsWith(".idx")).sort();
    const outcomes = new Map();
    const worker = new Worker(new URL(import.meta.url), { workerData: { folder, names } });
    let last = "";
    await new Promise((resolve, reject) => {
      // A script that hangs can only be seen from outside.
      const hung = () => reject(new Error(`nothing came back for a minute; before that: ${last}`));
      let clock = setTimeout(hung, 60_000);
      worker.on("error", reject);
      worker.on("message", (outcome) => {
        clearTimeout(clock);
        clock = setTimeout(hung, 60_000);
        last = outcome;
        if (outcome === "done") resolve(clearTimeout(clock));
        else if (outcome !== "inflated") outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      });
    }).finally(() => worker.terminate());
    t.diagnostic(JSON.stringify(Object.fromEntries(outcomes)));
    const other = [...outcomes.keys()].filter((outcome) => outcome !== "an answer" && !PLAIN.test(outcome.replace("…", "404 for x")) && !/^(an index of version …|…)$/.test(outcome));
    assert.deepEqual(other, []);
    assert.ok(outcomes.has("the index is damaged"), "damage is noticed");
  });
}
