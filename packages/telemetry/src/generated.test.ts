import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { logJsonSchema } from "./log-line.ts";
import { telemetryReference } from "./reference.ts";

function published(path: string): string {
  return readFileSync(new URL(`../../../docs/reference/${path}`, import.meta.url), "utf8");
}

describe("what is published of logs and metrics", () => {
  it("is fresh: npm run docs makes it again", () => {
    expect(JSON.parse(published("log.schema.json"))).toEqual(logJsonSchema());
    expect(published("telemetry.md")).toBe(telemetryReference());
  });
});
