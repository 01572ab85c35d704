// Every published page against the HTML standard: html-validate, and the Nu checker of the W3C.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import test from "node:test";
import { HtmlValidate } from "html-validate";
import { publishedFolder, publishedPages } from "./site.mjs";

const jar = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");
const java = process.env.JAVA ?? "java";

test("html-validate finds nothing on any page", () => {
  const checker = new HtmlValidate({
    extends: ["html-validate:recommended"],
    rules: {
      // The minifier writes `<!doctype html>` in the case of its choice; the standard allows any.
      "doctype-style": "off",
      // A question is as long as it must be; search engines cut titles, they do not reject them.
      "long-title": "off",
      // The minifier leaves out quotes, and writes `>` and `&` as themselves, where the standard allows it: only what
      // is ambiguous is an error. The Nu checker reads the same bytes by the standard's own grammar.
      "attr-quotes": ["error", { unquoted: true }],
      "no-raw-characters": "off",
      "unrecognized-char-ref": "off",
      // The minifier leaves out `type="submit"`, which is what a button in a form is without it.
      "no-implicit-button-type": "off",
      // The results of search hold excerpts and headings, which a native list cannot.
      "prefer-native-element": ["error", { exclude: ["listbox"] }],
      // About files that people edit. Lines of program output end as the program ended them.
      "no-trailing-whitespace": "off",
    },
  });
  const findings = publishedPages().flatMap(({ name }) => {
    const { results } = checker.validateStringSync(readFileSync(join(publishedFolder, name), "utf8"), name);
    return results.flatMap((result) => result.messages.map((message) =>
      `${name}:${message.line}:${message.column} ${message.ruleId}: ${message.message}`));
  });
  assert.deepEqual(findings, []);
});

test("the Nu checker finds no error on any page", () => {
  const files = publishedPages().map(({ name }) => join(publishedFolder, name));
  const { error, stderr, status } = spawnSync(java, ["-Xss1m", "-jar", jar, "--errors-only", "--format", "gnu", ...files], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  assert.equal(error, undefined);
  assert.equal(`${stderr}`.replaceAll(publishedFolder, ""), "");
  assert.equal(status, 0);
});
