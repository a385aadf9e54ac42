import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MUTATIONS } from "./mutation-list.ts";

describe("the list of mutations", () => {
  it.each(MUTATIONS)("still finds its line, once, and its test: $name", ({ file, find, test }) => {
    const read = (path: string): string => readFileSync(join(import.meta.dirname, "..", path), "utf8");
    expect(read(file).split(find)).toHaveLength(2);
    expect(read(test.written?.file ?? test.file)).toContain(test.written?.text ?? test.name);
  });
});
