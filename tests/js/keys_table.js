/**
 * The table of keys in the Markdown files: `node keys_table.js` says where it differs from keys.js,
 * with --write it is written anew. It stands between two comments, keys:begin and keys:end; the first
 * may name places, such as image, whose keys alone are wanted, and how many of them at most.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

import { keysAsMarkdown } from "../../errortool/web/review/keys.js";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const TABLE = /(<!-- keys:begin([ \w]*) -->\n)[\s\S]*?(<!-- keys:end -->)/;

/** @param {string} folder @returns {string[]} */
function markdownBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return markdownBelow(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

/** @param {string} _ @param {string} begin @param {string} places @param {string} end */
function renewed(_, begin, places, end) {
  const words = places.split(" ").filter(Boolean);
  const most = words.map(Number).find(Boolean) ?? Infinity;
  const table = keysAsMarkdown(words.filter((word) => !Number(word)));
  const lines = table.split("\n").slice(0, 2 + most); // below the two of the head
  return `${begin}${lines.join("\n")}\n${end}`;
}

/** Returns the Markdown files that have the table: the README and the manual's. */
export function filesWithKeys() {
  const paths = [join(ROOT, "README.md"), ...markdownBelow(join(ROOT, "errortool"))];
  return paths
    .map((path) => ({ path, name: relative(ROOT, path), text: readFileSync(path, "utf8") }))
    .filter(({ text }) => TABLE.test(text))
    .map((file) => ({ ...file, wanted: file.text.replace(TABLE, renewed) }));
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  for (const { path, name, text, wanted } of filesWithKeys()) {
    if (text === wanted) console.log(`${name}: as in keys.js`);
    else if (argv.includes("--write")) {
      writeFileSync(path, wanted);
      console.log(`${name}: written`);
    } else console.log(`${name}: differs from keys.js; --write mends it`);
  }
}
