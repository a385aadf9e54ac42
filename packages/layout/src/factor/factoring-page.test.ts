import { Buffer } from "node:buffer";
import type { JsonObject } from "@kubeferry/model";
import { beforeAll, describe, expect, it } from "vitest";
import { buildOverlay } from "../build/build-overlay.ts";
import { factored, type PageExample, readPageExample } from "./testing/factoring-page.ts";

describe("the example of docs/factoring.md", () => {
  let example: PageExample;
  beforeAll(async () => {
    example = await readPageExample();
  });

  it("shows every file that is made of its clusters, byte for byte", async () => {
    const made = await factored(example);
    expect([...example.clusters.keys()]).toEqual(["dev", "test", "prod"]);
    expect(Object.fromEntries([...example.files].toSorted())).toEqual(Object.fromEntries([...made].toSorted()));
  });

  it("gives each cluster its objects back, by our own model of kustomize", async () => {
    for (const [environment, objects] of example.clusters) {
      const read = async (path: string) => {
        const text = example.files.get(path);
        return text === undefined ? undefined : Buffer.from(text);
      };
      const built: JsonObject[] = [];
      for await (const object of buildOverlay(environment, read)) built.push(object);
      expect(built, environment).toEqual(objects);
    }
  });
});
