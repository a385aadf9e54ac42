import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as api from "./index.ts";

interface Result {
  readonly yaml: string;
  readonly rules: readonly string[];
  readonly leftOut: unknown;
}

const readme = readFileSync(join(import.meta.dirname, "..", "README.md"), "utf8");

describe("the README's example", () => {
  it("runs and gives what the README says", () => {
    const code = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? "";
    const body = code.replace(/import (\{.*?\}) from "@kubeferry\/clean";/, "const $1 = api;");
    const run = new Function("api", `${body}\nreturn { yaml, rules, leftOut };`) as (given: typeof api) => Result;
    const { yaml, rules, leftOut } = run(api);
    expect(yaml).toBe(/```text\n(.*?)```/s.exec(readme)?.[1]);
    expect(rules[0]).toBe("server-metadata /metadata/uid");
    expect(rules.at(-1)).toBe("service-node-port /spec/ports/0/nodePort");
    expect(leftOut).toBeUndefined();
  });
});
