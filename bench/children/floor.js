// The limit `floor`: imports what a file lists, and ends. Plain JavaScript, as what it stands in for: see `frame/meter.js`.
import { readFileSync } from "node:fs";

for (const url of JSON.parse(readFileSync(`${process.argv[2]}`, "utf8"))) await import(url);
