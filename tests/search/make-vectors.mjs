// Writes vectors.json anew from the JavaScript implementation. Read the difference before you commit it: the file is what both
// implementations are held to, and `cargo test` says at once whether Rust agrees.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Analyzer } from "../../themes/folio/static/js/search-core.js";
import { inputs } from "./inputs.mjs";

const analyzer = new Analyzer("en");
const cases = inputs.map((text) => {
  const composed = text.normalize("NFC");
  return { text, tokens: analyzer.tokens(composed).map(({ surface, stem, position, start, end, shape }) => [surface, stem, position, composed.slice(start, end), shape]) };
});
writeFileSync(fileURLToPath(new URL("vectors.json", import.meta.url)), `[\n${cases.map((one) => JSON.stringify(one)).join(",\n")}\n]\n`);
