// Search without dependencies: opens an index made by askbook and answers queries, in browsers and in Node 20. Touches no element.
//
//   const index = await openIndex(rootUrl, { fetch });
//   const { total, results, facets } = await index.search("isolation levels", { filters: { level: ["senior"] }, limit: 10 });
//
// Analysis and ranking are specified in src/search/analysis.rs and src/search/query.rs; every step here has its twin there,
// in the same order, so that scores are equal to the last bit. Shared test cases: tests/search/vectors.json.

const WORD_LIMIT = 64, COMPOUND_LIMIT = 40;
const QUERY_LIMIT = 200, UNIT_LIMIT = 16, WINDOW = 5, PHRASE_WINDOW = 60, PREFIX_LIMIT = 20, FUZZY_LIMIT = 6, SPLIT_LEAST = 3, SPLIT_LIMIT = 3;
const VERSION = 3, GROUP = 64;
const IN_TITLE = 16, DEGREE = 15, NEAR = 3;
const LAST = "\u{10ffff}";

const IRREGULARS = new Map(Object.entries({
  appendices: "appendix", axes: "axi", began: "begin", begun: "begin", children: "child", criteria: "criterion",
  indexes: "index", indices: "index", matrices: "matrix", people: "person", ran: "run", schemata: "schema", sent: "send",
  vertices: "vertex", wrote: "write", written: "write", mice: "mous", queries: "queri",
}));
const STOP_WORDS = new Set(("a about an and are as at be been between but by can could did do does for from had has have he her his how " +
  "i if in into is it its me my no not of on or our she should so some such than that the their them then there these they this to " +
  "up us was we were what when where whether which while who whom why will with would you your yours ours am might must").split(" "));

// ---------------------------------------------------------------- Analysis

const PIECE = /[^\p{White_Space}()[\]{}<>"`,;!?=*~^|«»\u2010-\u2018\u201a-\u201f\u2026\u2039\u203a\u3001\u3002\u3008-\u3011]+/gu;
// Nearly every piece of a text is one of these, which steps 2 to 8 leave as it is.
const PLAIN_WORD = /^([A-Za-z][a-z]{0,63}|[A-Z]{1,64})[.:]*$/;
const LETTER = /^\p{Alphabetic}$/u, NUMERIC = /^\p{N}$/u, UPPER = /^\p{Uppercase}$/u, LOWER = /^\p{Lowercase}$/u, MARK = /^\p{M}$/u;
const FOLDS = { "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "ð": "d", "Đ": "D", "Ð": "D", "þ": "th", "Þ": "TH", "ı": "i" };

// Stop words that words are made with: `log in`, `on call`, `no sql`.
const PARTICLES = new Set(["by", "in", "no", "on", "to", "up"]);

const isLetter = (c) => (c < "\x80" ? (c >= "a" && c <= "z") || (c >= "A" && c <= "Z") : LETTER.test(c));
const isNumeric = (c) => (c < "\x80" ? c >= "0" && c <= "9" : NUMERIC.test(c));
const isUpper = (c) => (c < "\x80" ? c >= "A" && c <= "Z" : UPPER.test(c));
const isLower = (c) => (c < "\x80" ? c >= "a" && c <= "z" : LOWER.test(c));
const isWord = (c) => isLetter(c) || isNumeric(c);
const isUnspaced = (c) => {
  if (c < "\u0e00") return false;
  const code = c.codePointAt(0);
  return code <= 0x0e7f || (code >= 0x3040 && code <= 0x30ff) || (code >= 0x3400 && code <= 0x4dbf) || (code >= 0x4e00 && code <= 0x9fff)
    || (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) || (code >= 0x20000 && code <= 0x3ffff);
};
const lower = (chars) => {
  let text = "";
  for (const { c } of chars) text += c.toLowerCase();
  return text.replaceAll("ς", "σ");
};

function fold(c, start, end, out) {
  if (c < "\x80" || (c >= "\uac00" && c <= "\ud7a3")) {
    out.push({ c, start, end });
    return;
  }
  for (const part of c.normalize("NFKD")) {
    if (MARK.test(part)) continue;
    for (const plain of FOLDS[part] ?? part) out.push({ c: plain, start, end });
  }
}

function chunked(list, same) {
  const chunks = [];
  for (let at = 0; at < list.length; at += 1) {
    if (at > 0 && same(list[at - 1], list[at])) chunks[chunks.length - 1].push(list[at]);
    else chunks.push([list[at]]);
  }
  return chunks;
}

function trimmed(piece) {
  const isKept = ({ c }) => isWord(c) || c === "_";
  let start = piece.findIndex(isKept);
  if (start < 0) return null;
  if (start > 0 && (piece[start - 1].c === "." || piece[start - 1].c === "/") && isWord(piece[start].c)) start -= 1;
  const end = piece.findLastIndex((one) => isKept(one) || one.c === "+" || one.c === "#") + 1;
  return piece.slice(start, end);
}

function wordAt(piece, at) {
  const letter = (index) => index < piece.length && isLetter(piece[index].c);
  const word = [];
  let next = at;
  while (next < piece.length) {
    const { c } = piece[next];
    if (isWord(c)) {
      word.push(piece[next]);
      next += 1;
    } else if ((c === "'" || c === "\u2019") && letter(next - 1) && letter(next + 1)) {
      const follows = piece[next + 1].c;
      if ((follows === "s" || follows === "S") && !(next + 2 < piece.length && isWord(piece[next + 2].c))) return [word, next + 2];
      next += 1;
    } else break;
  }
  return [word, next];
}

function camelParts(run) {
  const upper = (index) => index < run.length && isUpper(run[index].c);
  const small = (index) => index < run.length && isLower(run[index].c);
  const parts = [];
  let start = 0;
  for (let index = 1; index < run.length; index += 1) {
    if (upper(index) && (small(index - 1) || (upper(index - 1) && small(index + 1) && small(index + 2)))) {
      parts.push(run.slice(start, index));
      start = index;
    }
  }
  parts.push(run.slice(start));
  return parts;
}

/** Reads text in one language; only English has a stemmer. */
export class Analyzer {
  constructor(language, hasStemming = true) {
    this.hasStemmer = hasStemming && language.split("-")[0] === "en";
    this.stems = new Map();
  }

  stem(word) {
    if (!this.hasStemmer || !/^[a-z]+$/.test(word)) return word;
    let stem = this.stems.get(word);
    if (stem === undefined) {
      stem = IRREGULARS.get(word) ?? stemEnglish(word);
      if (this.stems.size > 50_000) this.stems.clear();
      this.stems.set(word, stem);
    }
    return stem;
  }

  /** The tokens of a text in composed form: { surface, stem, position, start, end, shape, words }. */
  tokens(composed) {
    const tokens = [];
    let position = 0;
    const push = (chars, at, shape, words = 0) => {
      const surface = lower(chars);
      const stem = this.stem(surface);
      tokens.push({ surface, stem, position: at, start: chars[0].start, end: chars[chars.length - 1].end, shape, words });
    };
    const spacedWord = (word) => {
      const at = position;
      position += 1;
      push(word, at, "word");
      const runs = chunked(word, (a, b) => isNumeric(a.c) === isNumeric(b.c));
      for (const run of runs) {
        if (runs.length > 1) push(run, at, "part");
        const parts = camelParts(run);
        if (parts.length > 1) for (const part of parts) if (part.length > 1) push(part, at, "part");
      }
    };
    const wholeWord = (word) => {
      for (const segment of chunked(word, (a, b) => isUnspaced(a.c) === isUnspaced(b.c))) {
        if (!isUnspaced(segment[0].c)) {
          spacedWord(segment);
          continue;
        }
        const size = Math.min(2, segment.length);
        for (let at = 0; at + size <= segment.length; at += 1) {
          push(segment.slice(at, at + size), position, "word");
          position += 1;
        }
      }
    };
    const readPiece = (untrimmed) => {
      const piece = trimmed(untrimmed);
      if (!piece) return;
      const firstPosition = position, firstToken = tokens.length;
      let hasShortWord = false;
      for (let at = 0; at < piece.length;) {
        if (!isWord(piece[at].c)) {
          at += 1;
          continue;
        }
        const [word, next] = wordAt(piece, at);
        hasShortWord = hasShortWord || (word.length <= 2 && word.every(({ c }) => isLetter(c)));
        wholeWord(word.slice(0, WORD_LIMIT));
        at = next;
      }
      if (position === firstPosition || piece.length > COMPOUND_LIMIT) return;
      if (position === firstPosition + 1 && tokens[firstToken].surface === lower(piece)) return;
      const isWanted = hasShortWord || piece[0].c === "." || piece[0].c === "/" || piece.some(({ c }) => c === "+" || c === "#" || c === "_" || isNumeric(c));
      if (isWanted && !piece.some(({ c }) => c === "'" || c === "\u2019")) push(piece, firstPosition, "compound", position - firstPosition);
    };
    for (const { 0: text, index } of composed.matchAll(PIECE)) {
      const plain = PLAIN_WORD.exec(text);
      if (plain) {
        const surface = plain[1].toLowerCase();
        tokens.push({ surface, stem: this.stem(surface), position, start: index, end: index + plain[1].length, shape: "word", words: 0 });
        position += 1;
        continue;
      }
      const piece = [];
      let at = index;
      for (const c of text) {
        fold(c, at, at + c.length, piece);
        at += c.length;
      }
      readPiece(piece);
    }
    return tokens;
  }
}

/** Whether a word says next to nothing. */
export const isStopWord = (surface) => STOP_WORDS.has(surface);

// ---------------------------------------------------------------- English stems
// Porter2, from https://snowballstem.org/algorithms/english/stemmer.html as rust-stemmers has it.

const WHOLE_WORDS = new Map(Object.entries({
  skis: "ski", skies: "sky", dying: "die", lying: "lie", tying: "tie", idly: "idl", gently: "gentl", ugly: "ugli", early: "earli",
  only: "onli", singly: "singl", sky: "sky", news: "news", howe: "howe", atlas: "atlas", cosmos: "cosmos", bias: "bias", andes: "andes",
}));
const AFTER_1A = new Set(["inning", "outing", "canning", "herring", "earring", "proceed", "exceed", "succeed"]);
const STEP_2 = [["ization", "ize"], ["ational", "ate"], ["fulness", "ful"], ["ousness", "ous"], ["iveness", "ive"], ["tional", "tion"], ["biliti", "ble"],
  ["lessli", "less"], ["entli", "ent"], ["ation", "ate"], ["alism", "al"], ["aliti", "al"], ["ousli", "ous"], ["iviti", "ive"], ["fulli", "ful"],
  ["enci", "ence"], ["anci", "ance"], ["abli", "able"], ["izer", "ize"], ["ator", "ate"], ["alli", "al"], ["bli", "ble"], ["ogi", "og"], ["li", ""]];
const STEP_3 = [["ational", "ate"], ["tional", "tion"], ["alize", "al"], ["icate", "ic"], ["iciti", "ic"], ["ative", ""], ["ical", "ic"], ["ness", ""], ["ful", ""]];
const STEP_4 = ["ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "ion", "al", "er", "ic"];
const isVowel = (c) => "aeiouy".includes(c);
const hasVowel = (text) => /[aeiouy]/.test(text);

function regionAfter(word, from) {
  for (let at = from + 1; at < word.length; at += 1) if (isVowel(word[at - 1]) && !isVowel(word[at])) return at + 1;
  return word.length;
}

// Ends in a short syllable: a closed one in front of a last consonant that is not w, x or Y, or a vowel and a consonant that are the word.
function endsShort(word) {
  const n = word.length;
  if (n === 2) return isVowel(word[0]) && !isVowel(word[1]);
  return n > 2 && !isVowel(word[n - 3]) && isVowel(word[n - 2]) && !isVowel(word[n - 1]) && !"wxY".includes(word[n - 1]);
}

function stemEnglish(original) {
  const whole = WHOLE_WORDS.get(original);
  if (whole !== undefined) return whole;
  if (original.length <= 2) return original;
  let word = original.replace(/^y/, "Y").replace(/([aeiouy])y/g, "$1Y");
  const start = /^(gener|commun|arsen)/.exec(word);
  const r1 = start ? start[0].length : regionAfter(word, 0);
  const r2 = regionAfter(word, r1);
  // 1a
  if (word.endsWith("sses")) word = word.slice(0, -2);
  else if (/ie[sd]$/.test(word)) word = word.slice(0, word.length > 4 ? -2 : -1);
  else if (/[^us]s$/.test(word) && hasVowel(word.slice(0, -2))) word = word.slice(0, -1);
  if (AFTER_1A.has(word)) return word;
  // 1b
  const past = /(eedly|eed|ingly|edly|ing|ed)$/.exec(word);
  if (past) {
    const before = word.slice(0, past.index);
    if (past[0].startsWith("eed")) {
      if (past.index >= r1) word = `${before}ee`;
    } else if (hasVowel(before)) {
      word = before;
      if (/(at|bl|iz)$/.test(word)) word += "e";
      else if (/(bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(word)) word = word.slice(0, -1);
      else if (word.length <= r1 && endsShort(word)) word += "e";
    }
  }
  // 1c
  if (/[yY]$/.test(word) && word.length > 2 && !isVowel(word[word.length - 2])) word = `${word.slice(0, -1)}i`;
  // 2
  for (const [ending, other] of STEP_2) {
    if (!word.endsWith(ending)) continue;
    const at = word.length - ending.length;
    const before = word[at - 1];
    const isAllowed = ending === "ogi" ? before === "l" : ending === "li" ? "cdeghkmnrt".includes(before) && before !== undefined : true;
    if (at >= r1 && isAllowed) word = word.slice(0, at) + other;
    break;
  }
  // 3
  for (const [ending, other] of STEP_3) {
    if (!word.endsWith(ending)) continue;
    const at = word.length - ending.length;
    if (at >= (ending === "ative" ? r2 : r1)) word = word.slice(0, at) + other;
    break;
  }
  // 4
  for (const ending of STEP_4) {
    if (!word.endsWith(ending)) continue;
    const at = word.length - ending.length;
    if (at >= r2 && (ending !== "ion" || word[at - 1] === "s" || word[at - 1] === "t")) word = word.slice(0, at);
    break;
  }
  // 5
  const last = word.length - 1;
  if (word[last] === "e" && (last >= r2 || (last >= r1 && !endsShort(word.slice(0, last))))) word = word.slice(0, last);
  else if (word[last] === "l" && last >= r2 && word[last - 1] === "l") word = word.slice(0, last);
  return word.replaceAll("Y", "y");
}

// ---------------------------------------------------------------- Files

const utf8 = new TextDecoder();

const damaged = (cause) => new Error("the index is damaged", { cause });

// Reads what a file holds, and says so plainly if that is not what was written.
function checked(read, bytes) {
  try {
    return read(bytes);
  } catch (error) {
    throw error instanceof TypeError || error instanceof RangeError ? damaged(error) : error;
  }
}

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  byte() {
    if (this.at >= this.bytes.length) throw damaged();
    this.at += 1;
    return this.bytes[this.at - 1];
  }

  number() {
    let number = 0, factor = 1;
    for (;;) {
      const byte = this.byte();
      number += (byte & 0x7f) * factor;
      if (byte < 0x80) return number;
      if (factor > 2 ** 35) throw damaged();
      factor *= 128;
    }
  }

  text() {
    const length = this.number(), start = this.at;
    if (length > this.bytes.length - start) throw damaged();
    this.at += length;
    // Most texts of an index are a few plain letters, for which the decoder's call costs more than the work.
    if (length < 16) {
      let text = "", at = start;
      while (at < this.at && this.bytes[at] < 0x80) {
        text += String.fromCharCode(this.bytes[at]);
        at += 1;
      }
      if (at === this.at) return text;
    }
    return utf8.decode(this.bytes.subarray(start, this.at));
  }

  // Everything takes a byte or more.
  times(count, read) {
    if (!(count <= this.bytes.length - this.at)) throw damaged();
    const list = new Array(count);
    for (let at = 0; at < count; at += 1) list[at] = read(at);
    return list;
  }

  // What words share is counted in bytes.
  sortedWords() {
    let before = "";
    return this.times(this.number(), () => {
      const shared = this.number();
      const rest = this.text();
      before = cutBytes(before, shared) + rest;
      return before;
    });
  }

  differences(count) {
    let before = 0;
    return this.times(count, () => (before += this.number()));
  }
}

function cutBytes(text, bytes) {
  if (bytes === 0) return "";
  let at = 0, seen = 0;
  while (seen < bytes) {
    if (at >= text.length) throw damaged();
    const code = text.codePointAt(at);
    seen += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    at += code < 0x10000 ? 1 : 2;
  }
  return text.slice(0, at);
}

function byteLength(text) {
  let length = 0;
  for (const c of text) length += c < "\x80" ? 1 : c < "\u0800" ? 2 : c.length === 1 ? 3 : 4;
  return length;
}

async function inflate(deflated) {
  if (typeof DecompressionStream === "function") {
    let stream = null;
    try {
      stream = new DecompressionStream("deflate-raw");
    } catch (unknownFormat) {
      stream = null;
    }
    if (stream) return new Uint8Array(await new Response(new Response(deflated).body.pipeThrough(stream)).arrayBuffer());
  }
  return inflateRaw(new Uint8Array(deflated));
}

/** Inflates raw deflate (RFC 1951) where the browser does not. */
export function inflateRaw(input) {
  let output = new Uint8Array(Math.max(1024, input.length * 4)), size = 0, at = 0, bits = 0, held = 0;
  const room = (more) => {
    if (size + more <= output.length) return;
    const larger = new Uint8Array(Math.max(output.length * 2, size + more));
    larger.set(output);
    output = larger;
  };
  const take = (count) => {
    while (held < count) {
      if (at >= input.length) throw damaged();
      bits |= input[at] << held;
      at += 1;
      held += 8;
    }
    const value = bits & ((1 << count) - 1);
    bits >>>= count;
    held -= count;
    return value;
  };
  const table = (lengths) => {
    const counts = new Uint16Array(16), offsets = new Uint16Array(16), symbols = new Uint16Array(lengths.length);
    for (const length of lengths) counts[length] += 1;
    counts[0] = 0;
    for (let length = 1; length < 15; length += 1) offsets[length + 1] = offsets[length] + counts[length];
    lengths.forEach((length, symbol) => { if (length) symbols[offsets[length]++] = symbol; });
    return { counts, symbols };
  };
  const decode = ({ counts, symbols }) => {
    let code = 0, first = 0, index = 0;
    for (let length = 1; length < 16; length += 1) {
      code |= take(1);
      const count = counts[length];
      if (code - count < first) return symbols[index + code - first];
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw damaged();
  };
  const ranges = (steps, base) => {
    const list = [];
    steps.forEach((bitCount) => {
      list.push([base, bitCount]);
      base += 1 << bitCount;
    });
    return list;
  };
  const lengthRanges = ranges([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5], 3);
  lengthRanges.push([258, 0]);
  const distanceRanges = ranges([0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13], 1);
  for (let isLast = false; !isLast;) {
    isLast = take(1) === 1;
    const kind = take(2);
    if (kind === 0) {
      bits = held = 0;
      const length = input[at] | (input[at + 1] << 8);
      at += 4;
      if (length > input.length - at) throw damaged();
      room(length);
      output.set(input.subarray(at, at + length), size);
      at += length;
      size += length;
      continue;
    }
    let literals, distances;
    if (kind === 1) {
      literals = table(Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8)));
      distances = table(new Array(30).fill(5));
    } else {
      const literalCount = take(5) + 257, distanceCount = take(5) + 1, codeCount = take(4) + 4;
      const codes = new Array(19).fill(0);
      const order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
      for (let index = 0; index < codeCount; index += 1) codes[order[index]] = take(3);
      const codeTable = table(codes), lengths = [];
      while (lengths.length < literalCount + distanceCount) {
        const symbol = decode(codeTable);
        if (symbol < 16) lengths.push(symbol);
        else {
          const repeated = symbol === 16 ? lengths[lengths.length - 1] : 0;
          const times = symbol === 16 ? 3 + take(2) : symbol === 17 ? 3 + take(3) : 11 + take(7);
          for (let index = 0; index < times; index += 1) lengths.push(repeated);
        }
      }
      literals = table(lengths.slice(0, literalCount));
      distances = table(lengths.slice(literalCount));
    }
    for (let symbol = decode(literals); symbol !== 256; symbol = decode(literals)) {
      if (symbol < 256) {
        room(1);
        output[size++] = symbol;
        continue;
      }
      const [base, extra] = lengthRanges[symbol - 257];
      const length = base + take(extra);
      const [start, more] = distanceRanges[decode(distances)];
      const distance = start + take(more);
      if (distance > size) throw damaged();
      room(length);
      for (let index = 0; index < length; index += 1, size += 1) output[size] = output[size - distance];
    }
  }
  return output.subarray(0, size);
}

// Words are sorted by their bytes, which is the order of code points and not of UTF-16.
function compare(a, b) {
  if (a === b) return 0;
  let at = 0;
  while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  if (at === a.length) return -1;
  if (at === b.length) return 1;
  const isHigh = (code) => code >= 0xd800 && code <= 0xdfff;
  const x = a.charCodeAt(at), y = b.charCodeAt(at);
  if (isHigh(x) !== isHigh(y)) return isHigh(x) ? 1 : -1;
  return x - y;
}

function shardOf(keys, key) {
  let low = 0, high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(keys[middle], key) <= 0) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function near(keys, from, to, at) {
  if (!keys.length) return [];
  const [first, last, middle] = [from, to, at].map((key) => Math.max(0, shardOf(keys, key)));
  return [middle - 1, middle, middle + 1].filter((shard) => shard >= first && shard <= last);
}

function readRoot(bytes) {
  const reader = new Reader(bytes);
  const version = reader.number();
  if (version !== VERSION) throw new Error(`an index of version ${version}`);
  const language = reader.text();
  const hasStemming = reader.number() === 1;
  const pages = reader.number();
  if (pages > bytes.length - reader.at) throw damaged();
  const titleWords = bytes.subarray(reader.at, reader.at + pages);
  reader.at += pages;
  const facets = reader.times(reader.number(), () => ({
    name: reader.text(),
    terms: reader.times(reader.number(), () => ({ slug: reader.text(), name: reader.text(), pages: reader.differences(reader.number()) })),
  }));
  const synonyms = reader.times(reader.number(), () => reader.times(reader.number(), () => reader.times(reader.number(), () => reader.text())));
  const termKeys = reader.sortedWords(), wordKeys = reader.sortedWords();
  const digest = () => reader.times(5, () => reader.byte().toString(16).padStart(2, "0")).join("");
  const terms = reader.times(termKeys.length, () => `${digest()}-t.idx`);
  const stopWords = `${digest()}-s.idx`;
  const words = reader.times(wordKeys.length, () => `${digest()}-w.idx`);
  const groups = reader.times(Math.ceil(pages / GROUP), digest);
  return { bytes, language, hasStemming, pages, titleWords, facets, synonyms, termKeys, wordKeys, terms, stopWords, words, groups };
}

function readShard(bytes) {
  const reader = new Reader(bytes);
  const sets = reader.times(reader.number(), () => reader.times(reader.number(), () => [reader.number(), reader.text()]));
  const stems = reader.sortedWords();
  const setNumbers = reader.times(stems.length, () => reader.number());
  const counts = reader.times(stems.length, () => reader.number());
  // A posting takes a byte or more for its page and one for its impact.
  if (counts.reduce((sum, count) => sum + 2 * count, reader.at) > bytes.length) throw damaged();
  // Postings are read when somebody asks for the term; until then only where they begin is known.
  const starts = new Array(stems.length);
  for (let number = 0; number < stems.length; number += 1) {
    starts[number] = reader.at;
    for (let count = counts[number]; count > 0; count -= 1) while (bytes[reader.at++] >= 0x80);
  }
  let impact = reader.at;
  const impacts = counts.map((count) => {
    impact += count;
    return impact - count;
  });
  const numbers = new Map(stems.map((stem, number) => [stem, number]));
  const read = new Map();
  const surfacesRead = new Map();
  return {
    stems,
    counts,
    surfaces(number) {
      let surfaces = surfacesRead.get(number);
      if (!surfaces) {
        const stem = stems[number], size = byteLength(stem);
        surfaces = sets[setNumbers[number]].map(([cut, ending]) => (cut ? cutBytes(stem, size - cut) : stem) + ending);
        surfacesRead.set(number, surfaces);
      }
      return surfaces;
    },
    postings(stem) {
      const number = numbers.get(stem);
      if (number === undefined) return NOTHING;
      let postings = read.get(number);
      if (!postings) {
        reader.at = starts[number];
        const pages = reader.differences(counts[number]);
        postings = { pages, impacts: bytes.subarray(impacts[number], impacts[number] + counts[number]) };
        read.set(number, postings);
      }
      return postings;
    },
  };
}
const NOTHING = { pages: [], impacts: new Uint8Array(0) };

// ---------------------------------------------------------------- Ranking

// log2 of the inverse share of pages, by whole numbers: Math.log2 may differ between machines.
function rarity(pages, frequency) {
  return logarithm(Math.floor((256 * (pages + 1)) / (frequency + 1))) / 256 - 8 + 0.25;
}

function logarithm(x) {
  let whole = 0, mantissa = x;
  while (mantissa >= 65536) {
    mantissa = Math.floor(mantissa / 2);
    whole += 1;
  }
  while (mantissa < 32768) {
    mantissa *= 2;
    whole -= 1;
  }
  let result = whole + 15;
  for (let step = 0; step < 8; step += 1) {
    mantissa = Math.floor((mantissa * mantissa) / 32768);
    result *= 2;
    if (mantissa >= 65536) {
      mantissa = Math.floor(mantissa / 2);
      result += 1;
    }
  }
  return result;
}

// Edits between two words, and between the first and the best beginning of the second (optimal string alignment).
function distances(typed, whole, allowed) {
  if (whole.length + allowed < typed.length) return [Infinity, Infinity];
  const other = whole.slice(0, typed.length + allowed + 1);
  let before = null, above = other.map((_, column) => column);
  above.push(other.length);
  for (let row = 1; row <= typed.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const cost = typed[row - 1] === other[column - 1] ? 0 : 1;
      let best = Math.min(above[column - 1] + cost, above[column] + 1, next[column - 1] + 1);
      if (row > 1 && column > 1 && typed[row - 1] === other[column - 2] && typed[row - 2] === other[column - 1]) best = Math.min(best, before[column - 2] + 1);
      next.push(best);
    }
    before = above;
    above = next;
  }
  return [above[other.length], Math.min(...above)];
}

const reversed = (text) => [...text].reverse().join("");

// The best of some pages, in their order. Few are wanted of many, so most are only compared with the last one kept.
function foremost(pages, score, wanted) {
  const compared = (a, b) => score[b] - score[a] || a - b;
  if (wanted * 8 > pages.length) return [...pages].sort(compared).slice(0, wanted);
  const kept = [];
  for (const page of pages) {
    if (kept.length === wanted && compared(page, kept[wanted - 1]) > 0) continue;
    let at = kept.length;
    while (at > 0 && compared(page, kept[at - 1]) < 0) at -= 1;
    kept.splice(at, 0, page);
    if (kept.length > wanted) kept.pop();
  }
  return kept;
}

// The stems of a phrase that the index has all pages of: all but its stop words, unless there is nothing else.
function telling(phrase) {
  const words = phrase.filter((stem) => !STOP_WORDS.has(stem));
  return words.length ? words : phrase;
}

class Index {
  constructor(rootUrl, fetch) {
    this.rootUrl = rootUrl;
    this.folder = new URL("files/", rootUrl).href;
    this.site = new URL("../", rootUrl).href;
    this.fetch = fetch;
    this.files = new Map();
    this.ready = new Map();
    this.root = null;
  }

  async fetched(address, options) {
    const response = await this.fetch(address, options);
    if (!response.ok) throw new Error(`${response.status} for ${address.slice(this.site.length)}`);
    const deflated = await response.arrayBuffer();
    try {
      return await inflate(deflated);
    } catch (error) {
      throw damaged(error);
    }
  }

  // A file that could not be fetched is asked for again the next time.
  load(name, read) {
    let file = this.files.get(name);
    if (!file) {
      file = (async () => {
        const value = checked(read, await this.fetched(this.folder + name));
        this.ready.set(name, value);
        return value;
      })();
      this.files.set(name, file);
      file.catch(() => this.files.delete(name));
    }
    return file;
  }

  // The root keeps its name, so it is asked for past the browser's cache; it stays the same object while nothing has changed.
  async open() {
    const bytes = await this.fetched(this.rootUrl, { cache: "no-cache" });
    if (this.root?.bytes.length === bytes.length && bytes.every((byte, at) => byte === this.root.bytes[at])) return this;
    const root = checked(readRoot, bytes);
    this.analyzer = new Analyzer(root.language, root.hasStemming);
    this.root = root;
    return this;
  }

  // A site that was published anew has no files of before: what failed for that reason is done once more with the new root.
  async renewing(work) {
    const { root } = this;
    try {
      return await work();
    } catch (failure) {
      await this.open().catch(() => {});
      if (this.root === root) throw failure;
      return work();
    }
  }

  /** Facets with the names of their terms, in the guide's order: [{ name, terms: [{ slug, name, count }] }]. */
  get facets() {
    return this.root.facets.map(({ name, terms }) => ({ name, terms: terms.map(({ slug, name: label, pages }) => ({ slug, name: label, count: pages.length })) }));
  }

  /** Fetches what a small guide has left, so that search goes on without a network. */
  async prefetch(limit = 64) {
    const { terms, stopWords, words } = this.root;
    if (terms.length + words.length > limit) return;
    for (const name of [...terms, stopWords]) await this.load(name, readShard);
    for (let shard = 0; shard < words.length; shard += 1) await this.words(shard);
  }

  shard(number) {
    return this.load(this.root.terms[number], readShard);
  }

  words(shard) {
    return this.load(this.root.words[shard], (bytes) => new Reader(bytes).sortedWords());
  }

  shardName(stem) {
    if (STOP_WORDS.has(stem)) return this.root.stopWords;
    const shard = shardOf(this.root.termKeys, stem);
    return shard < 0 ? null : this.root.terms[shard];
  }

  // What `postings` reads must have been wanted before.
  async want(stems) {
    const names = new Set(stems.map((stem) => this.shardName(stem)));
    names.delete(null);
    await Promise.all([...names].map((name) => this.load(name, readShard)));
  }

  postings(stem) {
    const name = this.shardName(stem);
    return name === null ? NOTHING : this.ready.get(name).postings(stem);
  }

  count(stem) {
    return this.postings(stem).pages.length;
  }

  parse(query) {
    const chars = [...query.normalize("NFC")].slice(0, QUERY_LIMIT);
    const isSpace = (c) => /^\p{White_Space}$/u.test(c);
    const parsed = { plain: "", phrases: [], excluded: [], isOpen: false };
    let at = 0;
    while (at < chars.length) {
      if (isSpace(chars[at])) {
        at += 1;
        continue;
      }
      const follows = chars[at + 1] ?? " ";
      const isExcluded = chars[at] === "-" && !isSpace(follows) && follows !== "-";
      if (isExcluded) at += 1;
      const isPhrase = chars[at] === '"';
      if (isPhrase) at += 1;
      const start = at;
      while (at < chars.length && chars[at] !== '"' && (isPhrase || !isSpace(chars[at]))) at += 1;
      const text = chars.slice(start, at).join("");
      if (isPhrase) at += 1;
      const stems = () => this.analyzer.tokens(text).filter((token) => token.shape === "word").map((token) => token.stem);
      parsed.isOpen = !isExcluded && !isPhrase && at >= chars.length;
      if (isExcluded) {
        parsed.excluded.push(stems());
        continue;
      }
      if (isPhrase) parsed.phrases.push(stems());
      parsed.plain += `${text} `;
    }
    parsed.phrases = parsed.phrases.filter((phrase) => phrase.length);
    parsed.excluded = parsed.excluded.filter((stems) => stems.length);
    return parsed;
  }

  units(parsed) {
    let units = [];
    for (const token of this.analyzer.tokens(parsed.plain)) {
      if (token.shape === "word") {
        units.push({ surface: token.surface, stem: token.stem, parts: [], compounds: [], isStop: STOP_WORDS.has(token.surface), expansions: [], weight: 0 });
      } else if (token.shape === "part") {
        units.at(-1)?.parts.push(token.stem);
      } else {
        for (const unit of units.slice(token.position, token.position + token.words)) {
          unit.compounds.push(token);
          unit.isStop = false;
        }
      }
    }
    units = units.slice(0, UNIT_LIMIT);
    if (units.every((unit) => unit.isStop)) for (const unit of units) unit.isStop = false;
    return units;
  }

  // Gives up where a hasty question would fetch what only misspelt words need: half a word mostly looks like one.
  async expand(units, parsed, pace) {
    // A letter or digit behind other words that is still being typed would cost a file and say nothing.
    const last = units.at(-1);
    if (parsed.isOpen && units.length > 1 && /^[\0-\x7f]$/.test(last.surface) && !last.compounds.length) last.isStop = true;
    const content = units.filter((unit) => !unit.isStop);
    const synonymous = this.synonymous(units);
    await this.want([
      ...content.flatMap((unit) => [unit.stem, ...unit.parts, ...unit.compounds.map((compound) => compound.stem)]),
      ...synonymous.flatMap(({ others }) => others.flat()),
      ...this.joined(units).map(({ stem }) => stem),
    ]);
    for (const unit of content) this.expandExactly(unit);
    for (const { stem, first, words } of this.joined(units)) {
      if (this.count(stem)) for (const unit of units.slice(first, first + 1 + words)) if (!unit.isStop) unit.expansions.push({ stems: [stem], weight: 0.9 });
    }
    for (const unit of content) {
      const isOpen = parsed.isOpen && unit === units.at(-1);
      const isKnown = this.count(unit.stem) > 0 || unit.expansions.some(({ weight }) => weight >= 0.9);
      // It is not only the last word that people leave half-typed.
      if (isOpen || (!isKnown && unit.surface.length > 2)) await this.expandPrefix(unit);
      // What may still become a known word is not yet misspelt.
      if (unit.expansions.length < (isOpen ? 1 : 3) && !this.count(unit.stem) && !unit.expansions.some(({ weight }) => weight >= 0.9)) {
        if (pace === "hasty" && isOpen && !this.root.words.every((name) => this.ready.has(name))) return false;
        await this.expandMisspelt(unit, isOpen);
      }
      if (!unit.expansions.length) await this.expandSplit(unit);
    }
    for (const { span, others } of synonymous) {
      for (const stems of others) {
        if (stems.length && stems.every((stem) => this.count(stem))) for (const unit of span) unit.expansions.push({ stems, weight: 0.85 });
      }
    }
    for (const unit of units) {
      const frequency = this.frequency(unit, parsed.isOpen && unit === units.at(-1));
      unit.weight = frequency === 0 ? 0 : rarity(this.root.pages, frequency);
      unit.single = new Set(unit.expansions.filter(({ stems }) => stems.length === 1).map(({ stems }) => stems[0]));
    }
    return true;
  }

  expandExactly(unit) {
    for (const { stem } of unit.compounds) if (this.count(stem)) unit.expansions.push({ stems: [stem], weight: 1 });
    if (this.count(unit.stem)) unit.expansions.push({ stems: [unit.stem], weight: unit.expansions.length ? 0.3 : 1 });
    if (unit.parts.length > 1 && unit.parts.every((part) => this.count(part))) unit.expansions.push({ stems: unit.parts, weight: 0.5 });
  }

  joined(units) {
    const found = [];
    for (let first = 0; first + 1 < units.length; first += 1) {
      const next = units[first + 1];
      // Articles, pronouns and auxiliaries are no half of a word, and trying them would cost files.
      if ([units[first], next].some(({ isStop, surface }) => isStop && !PARTICLES.has(surface))) continue;
      const joined = [[next.surface, 1]];
      for (const { surface, position, words } of next.compounds) if (position === first + 1) joined.push([surface, words]);
      for (const [surface, words] of joined) found.push({ stem: this.analyzer.stem(units[first].surface + surface), first, words });
    }
    return found;
  }

  async expandPrefix(unit) {
    const found = new Map();
    for (const prefix of [unit.surface, ...unit.compounds.map(({ surface }) => surface)]) {
      const typed = [...prefix];
      if (typed.length < 2) continue;
      const short = typed.slice(0, Math.max(Math.floor(typed.length / 2), 3)).join("");
      // Two letters are the beginning of too much to read all of it.
      const end = typed.length > 2 ? prefix + LAST : prefix;
      for (const shard of await Promise.all(near(this.root.termKeys, short, end, prefix).map((number) => this.shard(number)))) {
        shard.stems.forEach((stem, number) => {
          if (stem === unit.stem || !(stem.startsWith(short) || short.startsWith(stem))) return;
          for (const surface of shard.surfaces(number)) {
            if (!surface.startsWith(prefix)) continue;
            const share = typed.length / [...surface].length;
            const weight = 0.55 + 0.35 * share;
            const entry = found.get(stem);
            if (!entry) found.set(stem, { weight, count: shard.counts[number] });
            else entry.weight = Math.max(entry.weight, weight);
          }
        });
      }
    }
    const ordered = [...found].sort((a, b) => b[1].count - a[1].count || compare(a[0], b[0])).slice(0, PREFIX_LIMIT);
    await this.want(ordered.map(([stem]) => stem));
    for (const [stem, { weight }] of ordered) unit.expansions.push({ stems: [stem], weight });
  }

  async expandMisspelt(unit, isOpen) {
    const typed = [...unit.surface], length = typed.length;
    if (length < 4 || !typed.every(isLetter)) return;
    const allowed = length >= 8 ? 2 : 1, half = Math.floor(length / 2);
    const found = new Map();
    const consider = (candidate) => {
      const [whole, prefix] = distances(typed, [...candidate], allowed);
      if (whole <= allowed) found.set(candidate, [whole, 0]);
      else if (isOpen && prefix <= allowed && length >= 5) found.set(candidate, [prefix, 1]);
    };
    const head = typed.slice(0, half).join(""), backwards = reversed(unit.surface);
    const tail = [...backwards].slice(0, length - half - 1).join("");
    const [shards, lists] = await Promise.all([
      Promise.all(near(this.root.termKeys, head, head + LAST, unit.surface).map((number) => this.shard(number))),
      Promise.all(near(this.root.wordKeys, tail, tail + LAST, backwards).map((number) => this.words(number))),
    ]);
    for (const shard of shards) {
      shard.stems.forEach((stem, number) => {
        // A form begins like its stem, but for its last letters.
        if (stem[0] !== head[0] && stem.length > 3) return;
        for (const surface of shard.surfaces(number)) if (surface.startsWith(head)) consider(surface);
      });
    }
    for (const list of lists) for (const word of list) if (word.startsWith(tail)) consider(reversed(word));
    const ordered = [...found].map(([candidate, [distance, isPrefix]]) => ({
      candidate, distance, isPrefix, otherwise: candidate.startsWith(typed[0]) ? 0 : 1, difference: Math.abs([...candidate].length - length),
    })).sort((a, b) => a.isPrefix - b.isPrefix || a.distance - b.distance || a.otherwise - b.otherwise || a.difference - b.difference || compare(a.candidate, b.candidate)).slice(0, FUZZY_LIMIT);
    await this.want(ordered.map(({ candidate }) => this.analyzer.stem(candidate)));
    for (const { candidate, distance, isPrefix } of ordered) {
      const stem = this.analyzer.stem(candidate);
      if (unit.expansions.some(({ stems }) => stems.length === 1 && stems[0] === stem) || !this.count(stem)) continue;
      const weight = distance === 1 ? 0.6 : 0.4;
      unit.expansions.push({ stems: [stem], weight: isPrefix ? weight * 0.8 : weight });
    }
  }

  // `deadlockretry` also means `deadlock retry`: the most even pair of known words.
  async expandSplit(unit) {
    const typed = [...unit.surface], pairs = [];
    if (!typed.every(isLetter)) return;
    for (let at = SPLIT_LEAST; at <= typed.length - SPLIT_LEAST; at += 1) {
      const left = typed.slice(0, at).join(""), right = typed.slice(at).join("");
      if (!STOP_WORDS.has(left) && !STOP_WORDS.has(right)) pairs.push({ stems: [this.analyzer.stem(left), this.analyzer.stem(right)], least: Math.min(at, typed.length - at), at });
    }
    await this.want(pairs.map(({ stems }) => stems[0]));
    const begun = pairs.filter(({ stems }) => this.count(stems[0])).sort((a, b) => b.least - a.least || a.at - b.at).slice(0, SPLIT_LIMIT);
    await this.want(begun.map(({ stems }) => stems[1]));
    const found = begun.find(({ stems }) => this.count(stems[1]));
    if (found) unit.expansions.push({ stems: found.stems, weight: 0.9 });
  }

  // Spans of units that are a phrase of a group of synonyms, with the group's other phrases.
  synonymous(units) {
    const content = units.filter((unit) => !unit.isStop);
    const found = [];
    for (const group of this.root.synonyms) {
      group.forEach((phrase, own) => {
        if (!phrase.length) return;
        for (let at = 0; at + phrase.length <= content.length; at += 1) {
          const span = content.slice(at, at + phrase.length);
          const matches = span.every((unit, number) => unit.stem === phrase[number] || unit.compounds.some(({ stem }) => stem === phrase[number]));
          if (matches) found.push({ span, others: group.filter((_, other) => other !== own) });
        }
      });
    }
    return found;
  }

  frequency(unit, isOpen) {
    if (unit.isStop) return 0;
    const compound = unit.compounds.map(({ stem }) => this.count(stem)).find((count) => count > 0);
    const exact = compound ?? this.count(unit.stem);
    if (exact > 0 && !isOpen) return exact;
    const each = unit.expansions.map(({ stems }) => Math.min(...stems.map((stem) => this.count(stem))));
    return Math.max(exact, 0, ...each);
  }

  score(units) {
    const count = this.root.pages;
    const score = new Float64Array(count), coverage = new Float64Array(count), title = new Float64Array(count), titleWords = new Float64Array(count), titleHits = new Uint16Array(count);
    let whole = 0, telling = 0;
    for (const unit of units) {
      if (!unit.weight) continue;
      whole += unit.weight;
      telling += 1;
      const { best, inTitle, touched } = this.unitValues(unit);
      for (const page of touched) {
        score[page] += unit.weight * best[page];
        coverage[page] += unit.weight;
        if (inTitle[page] > 0) {
          title[page] += unit.weight * inTitle[page];
          titleWords[page] += inTitle[page];
          titleHits[page] += 1;
        }
      }
    }
    let widest = 0;
    const met = [];
    for (let page = 0; page < count; page += 1) {
      if (!(score[page] > 0)) continue;
      met.push(page);
      coverage[page] /= whole;
      title[page] = (title[page] / whole + titleWords[page] / telling) / 2;
      widest = Math.max(widest, coverage[page]);
    }
    const strictness = widest * widest, least = widest * strictness * 0.5;
    const pages = met.filter((page) => {
      const filled = Math.min(titleHits[page] / Math.max(this.root.titleWords[page], 1), 1);
      const bonus = 1 + title[page] * (0.9 * title[page] + 0.6 * filled);
      const share = 1 - strictness + strictness * coverage[page];
      score[page] = (score[page] / whole) * share * share * bonus;
      return score[page] > 0 && coverage[page] >= least;
    });
    return { pages, score };
  }

  unitValues(unit) {
    const count = this.root.pages;
    const best = new Float64Array(count), inTitle = new Float64Array(count), touched = [];
    for (const { stems, weight } of unit.expansions) {
      const take = (page, degree, isTitled) => {
        const value = weight * (0.3 + 0.7 * (degree / 15));
        if (best[page] === 0) touched.push(page);
        if (value > best[page]) best[page] = value;
        if (isTitled && weight > inTitle[page]) inTitle[page] = weight;
      };
      const together = stems.length > 1 ? new Map() : null;
      for (const stem of stems) {
        const { pages, impacts } = this.postings(stem);
        for (let at = 0; at < pages.length; at += 1) {
          const page = pages[at], degree = impacts[at] & DEGREE, isTitled = (impacts[at] & IN_TITLE) > 0;
          if (!together) {
            take(page, degree, isTitled);
            continue;
          }
          const met = together.get(page) ?? { seen: 0, titled: 0, least: DEGREE };
          together.set(page, met);
          met.seen += 1;
          met.titled += isTitled ? 1 : 0;
          met.least = Math.min(met.least, degree);
          if (met.seen === stems.length) take(page, met.least, met.titled === stems.length);
        }
      }
    }
    return { best, inTitle, touched };
  }

  // Pages within the filters, and for each facet how many pages each term has within those of the other facets.
  filtered(pages, filters) {
    const marked = (list) => {
      const marks = new Uint8Array(this.root.pages);
      for (const page of list) marks[page] = 1;
      return marks;
    };
    const allowed = this.root.facets.map(({ name, terms }) => {
      const chosen = Object.hasOwn(filters, name) ? filters[name] : [];
      return chosen.length ? marked(terms.filter(({ slug }) => chosen.includes(slug)).flatMap(({ pages: own }) => own)) : null;
    });
    const within = (without) => {
      const others = allowed.filter((marks, facet) => marks && facet !== without);
      return others.length ? pages.filter((page) => others.every((marks) => marks[page])) : pages;
    };
    const all = marked(pages), facets = {};
    this.root.facets.forEach(({ name, terms }, facet) => {
      const own = within(facet), hits = own === pages ? all : marked(own);
      const counts = Object.create(null);
      for (const { slug, pages: list } of terms) {
        let count = 0;
        for (const page of list) count += hits[page];
        if (count) counts[slug] = count;
      }
      facets[name] = counts;
    });
    return { pages: within(-1), facets };
  }

  // The first pages that hold every phrase, and how many pages there are in all.
  async verified(pages, score, parsed, wanted) {
    if (!parsed.phrases.length) return { best: foremost(pages, score, wanted), total: pages.length };
    const best = [], limit = Math.min(pages.length, Math.max(PHRASE_WINDOW, wanted));
    const ordered = foremost(pages, score, limit);
    let rejected = 0;
    for (let from = 0; from < limit && best.length < wanted; from += wanted) {
      const read = ordered.slice(from, Math.min(from + wanted, limit));
      const shown = await Promise.all(read.map((page) => this.shown(page)));
      read.forEach((page, at) => {
        if (parsed.phrases.every((phrase) => hasPhrase(shown[at], phrase))) best.push(page);
        else rejected += 1;
      });
    }
    return { best: best.slice(0, wanted), total: pages.length - rejected };
  }

  /** Answers a query; an empty one finds every page. */
  async search(query, options) {
    return this.renewing(async () => this.answer(await this.rank(query, options)));
  }

  /**
   * The same answer while somebody types on, if no text has to be fetched for it; else null. What ranking needs is fetched, unless the
   * next letters will need something else: the beginnings of a word of two letters, stop words that nothing follows yet, half a
   * word that looks misspelt.
   */
  async peek(query, options) {
    if (this.isBeginning(query)) return null;
    const ranked = await this.renewing(() => this.rank(query, options, "hasty"));
    if (!ranked) return null;
    const isHeld = !ranked.parsed.phrases.length && foremost(ranked.pages, ranked.score, ranked.wanted).every((page) => this.ready.has(this.textName(page)));
    return isHeld ? this.answer(ranked) : null;
  }

  isBeginning(query) {
    const parsed = this.parse(query), units = this.units(parsed), last = units.at(-1);
    return Boolean(last) && ((parsed.isOpen && last.surface.length < 3) || units.every(({ surface }) => STOP_WORDS.has(surface)));
  }

  async rank(query, { filters = {}, limit = 10 } = {}, pace = "patient") {
    const parsed = this.parse(query);
    const units = this.units(parsed);
    if (!(await this.expand(units, parsed, pace))) return null;
    const scored = this.score(units);
    if (!units.length && (!query.trim() || parsed.excluded.length)) scored.pages = Array.from({ length: this.root.pages }, (_, page) => page);
    const required = parsed.phrases.flatMap(telling);
    await this.want([...required, ...parsed.excluded.flat()]);
    for (const stem of required) {
      const pages = new Set(this.postings(stem).pages);
      scored.pages = scored.pages.filter((page) => pages.has(page));
    }
    for (const stems of parsed.excluded) {
      const sets = stems.map((stem) => new Set(this.postings(stem).pages));
      scored.pages = scored.pages.filter((page) => !sets.every((set) => set.has(page)));
    }
    return { parsed, units, score: scored.score, ...this.filtered(scored.pages, filters), limit, wanted: Math.ceil(Math.max(limit, 1) / WINDOW) * WINDOW };
  }

  async answer({ parsed, units, score: first, pages, facets, limit, wanted }) {
    const { best, total } = await this.verified(pages, first, parsed, wanted);
    const active = units.filter((unit) => unit.weight > 0);
    const hits = await Promise.all(best.map(async (page, at) => {
      const shown = await this.shown(page);
      const met = meeting(shown, active);
      let score = first[page];
      if (units.length) score *= 1 + 0.2 * proximity(shown, active, met) + 0.15 * heading(shown, active, met) + 0.5 * exact(shown, units, parsed.isOpen);
      return { page, shown, score, met, window: Math.floor(at / WINDOW) };
    }));
    // Each window is ordered by itself, so that what stands below the first ones never moves above them when it comes.
    hits.sort((a, b) => a.window - b.window || b.score - a.score || a.page - b.page);
    const results = hits.slice(0, limit).map(({ page, shown, score, met }) => ({
      url: new URL(shown.url, this.site).href,
      title: shown.title.text,
      terms: this.terms(page),
      excerpt: excerpt(shown, active, met),
      headings: headings(shown, active, met).map(({ text, anchor }) => ({ text, url: new URL(`${shown.url}#${encodeURIComponent(anchor)}`, this.site).href })),
      score,
    }));
    return { total, results, facets };
  }

  // The terms of a page in each facet that it has any of.
  terms(page) {
    const own = {};
    for (const { name: facet, terms } of this.root.facets) {
      for (const { slug, name, pages } of terms) if (pages.includes(page)) (own[facet] ??= []).push({ slug, name });
    }
    return own;
  }

  textName(page) {
    return `${this.root.groups[Math.floor(page / GROUP)]}-p${page}.idx`;
  }

  shown(page) {
    return this.load(this.textName(page), (bytes) => readShown(utf8.decode(bytes), this.analyzer));
  }
}

// ---------------------------------------------------------------- Pages

function readShown(text, analyzer) {
  const [url, title, summary, ...lines] = text.split("\n");
  if (summary === undefined) throw damaged();
  // The stems of a page have numbers, so that a query asks for each of them once and not for each word of the text.
  const numbers = new Map();
  const read = (kind, own, anchor = "") => {
    let tokens = null, stems = null;
    return {
      isHeading: kind === "h",
      anchor,
      text: own,
      get tokens() { return (tokens ??= analyzer.tokens(own)); },
      get stems() {
        return (stems ??= Uint32Array.from(this.tokens, ({ stem }) => {
          if (!numbers.has(stem)) numbers.set(stem, numbers.size);
          return numbers.get(stem);
        }));
      },
    };
  };
  const blocks = lines.map((line) => {
    if (line[0] !== "h") return read("p", line.slice(1));
    const tab = line.indexOf("\t");
    return read("h", line.slice(tab + 1), line.slice(1, tab));
  });
  return { url, title: read("p", title), summary: read("p", summary), blocks, numbers };
}

const texts = (shown) => [shown.title, shown.summary, ...shown.blocks];

// Gives for each text of a page, once, its tokens that stand for units, with the units of each as bits.
function meeting(shown, units) {
  for (const text of texts(shown)) text.stems;
  const unitsOf = new Uint16Array(shown.numbers.size);
  units.forEach((unit, number) => {
    for (const stem of unit.single) {
      const own = shown.numbers.get(stem);
      if (own !== undefined) unitsOf[own] |= 1 << number;
    }
  });
  const found = new Map();
  return (text) => {
    let hits = found.get(text);
    if (!hits) {
      found.set(text, hits = []);
      text.stems.forEach((stem, at) => { if (unitsOf[stem]) hits.push({ token: text.tokens[at], bits: unitsOf[stem] }); });
    }
    return hits;
  };
}

function hasPhrase(shown, phrase) {
  return texts(shown).some(({ tokens }) => {
    const words = tokens.filter((token) => token.shape === "word");
    return words.some((_, at) => at + phrase.length <= words.length && phrase.every((stem, number) => words[at + number].stem === stem));
  });
}

function proximity(shown, units, met) {
  if (units.length < 2) return 0;
  let found = 0;
  const last = new Int32Array(units.length);
  for (const text of texts(shown)) {
    last.fill(-NEAR - 1);
    for (const { token: { position }, bits } of met(text)) {
      for (let number = 0; bits >> number; number += 1) {
        if (!(bits & (1 << number))) continue;
        const apart = position - (last[number - 1] ?? position);
        if (apart > 0 && apart <= NEAR) found |= 1 << number;
        last[number] = position;
      }
    }
  }
  let together = 0;
  for (; found; found &= found - 1) together += 1;
  return together / (units.length - 1);
}

// The share of the query that a text has.
function covered(text, units, met) {
  let seen = 0, whole = 0, own = 0;
  for (const { bits } of met(text)) seen |= bits;
  units.forEach((unit, number) => {
    whole += unit.weight;
    if (seen & (1 << number)) own += unit.weight;
  });
  return whole > 0 ? own / whole : 0;
}

function heading(shown, units, met) {
  let best = 0;
  for (const block of shown.blocks) if (block.isHeading) best = Math.max(best, covered(block, units, met));
  return best;
}

function exact(shown, units, isOpen) {
  const words = shown.title.tokens.filter((token) => token.shape === "word");
  const last = units.length - 1;
  for (let at = 0; at + units.length <= words.length; at += 1) {
    const matches = units.every((unit, number) => {
      const word = words[at + number];
      return word.stem === unit.stem || (isOpen && number === last && unit.surface.length > 2 && word.surface.startsWith(unit.surface));
    });
    if (matches) return at > 0 ? 0.4 : words.length === units.length ? 1 : 0.6;
  }
  return 0;
}

// Up to three headings that say what was asked for, the closest first.
function headings(shown, units, met) {
  const found = [];
  for (const block of shown.blocks) {
    const share = block.isHeading && block.anchor ? covered(block, units, met) : 0;
    if (share > 0) found.push({ text: block.text, anchor: block.anchor, share });
  }
  found.sort((a, b) => b.share - a.share);
  return found.filter(({ share }) => share >= Math.max(0.4, found[0].share / 2)).slice(0, 3);
}

// The stretch of text that holds most of the query, with whole words marked.
function excerpt(shown, units, met) {
  let best = { value: 0, block: shown.summary, first: 0 };
  for (const block of [shown.summary, ...shown.blocks.filter((one) => !one.isHeading)]) {
    const hits = met(block);
    hits.forEach(({ token: { position: first } }, start) => {
      let seen = 0, value = 0;
      for (let at = start; at < hits.length && hits[at].token.position < first + 26; at += 1) {
        const added = hits[at].bits & ~seen;
        seen |= added;
        for (let number = 0; added >> number; number += 1) if (added & (1 << number)) value += units[number].weight;
      }
      if (block === shown.summary) value *= 1.2;
      if (value > best.value) best = { value, block, first };
    });
  }
  const { block, first } = best;
  const words = block.tokens.filter((token) => token.shape === "word");
  if (!words.length) return block.text ? [{ text: block.text.slice(0, 200), mark: false }] : [];
  const from = words.findIndex((token) => token.position >= first - 8), to = Math.min(words.length - 1, from + 33);
  let start = from <= 2 ? 0 : words[from].start, end = to >= words.length - 3 ? block.text.length : words[to].end;
  // A cut takes the punctuation that clings to the word with it.
  while (start > 0 && !/\s/.test(block.text[start - 1])) start -= 1;
  while (end < block.text.length && !/\s/.test(block.text[end])) end += 1;
  const marked = new Set(), ranges = [], compounds = new Set();
  for (const { token } of met(block)) {
    marked.add(token.position);
    if (token.shape === "compound") compounds.add(token);
  }
  for (const token of block.tokens) {
    const isMarked = token.shape === "word" ? marked.has(token.position) : compounds.has(token);
    if (isMarked && token.start >= start && token.end <= end) ranges.push([token.start, token.end]);
  }
  ranges.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  const parts = [];
  const add = (text, mark) => { if (text) parts.push({ text, mark }); };
  let at = start;
  if (start > 0) add("… ", false);
  for (const [left, right] of ranges) {
    if (left < at) continue;
    add(block.text.slice(at, left), false);
    add(block.text.slice(left, right), true);
    at = right;
  }
  add(block.text.slice(at, end), false);
  if (end < block.text.length) add(" …", false);
  return parts;
}

/** Opens the index whose root is at an absolute address. */
export async function openIndex(rootUrl, { fetch: get = globalThis.fetch } = {}) {
  return new Index(rootUrl, (address, options) => get(address, options)).open();
}
