import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { emitYaml, equalJson, parseYaml, parseYamlStream } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kustomization } from "../folders/kustomization.ts";
import { withImages } from "./container-images.ts";
import type { ImageEntry } from "./images.ts";
import { PASSED, STOPPING } from "./testing/images-and-objects.ts";

const execute = promisify(execFile);

describe.skipIf(missingServers("kustomize"))("images of a kustomization, by the real kustomize", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kubeferry-images-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function built(object: JsonObject, images: readonly ImageEntry[]): Promise<JsonObject> {
    await writeFile(join(folder, "object.yaml"), emitYaml(object));
    await writeFile(
      join(folder, "kustomization.yaml"),
      kustomization(["object.yaml"], [], { images, replicas: [] }).text,
    );
    const { stdout } = await execute(servers.binary("kustomize"), ["build", folder], { maxBuffer: 1e8 });
    const [only = {}] = parseYamlStream(stdout) as JsonObject[];
    return only;
  }

  /** Whether an object comes out of a build as it went in. */
  async function isPassed(yaml: string): Promise<boolean> {
    const own = parseYaml(yaml) as JsonObject;
    const object = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" }, ...own };
    const entries = [
      { name: "nginx", newTag: "2" },
      { name: "true", newTag: "2" },
    ];
    const found = await built(object, entries).catch(() => undefined);
    return found !== undefined && equalJson(found, object);
  }

  it("do not go with some objects, and go with all others", { timeout: 120_000 }, async () => {
    for (const yaml of STOPPING) expect(await isPassed(yaml), yaml).toBe(false);
    for (const yaml of PASSED) expect(await isPassed(yaml), yaml).toBe(true);
  });

  it("change any texts exactly as our model says", { timeout: 120_000 }, async () => {
    const name = fc.constantFrom("a", "r.io/a", "rxio/a", "r:5000/a", "r/b/c", "b.c", "web");
    const end = fc.constantFrom(
      "",
      ":1",
      ":2",
      ":",
      ":1@sha256:ab",
      "@sha256:ab",
      "@sha256:",
      "@md5:ab",
      ":1:2",
      ":{T}",
      " ",
    );
    const odd = fc.constantFrom(
      "",
      "${IMAGE}",
      "r\tio/a:1",
      "r\nio/a:1",
      "r😀io/a",
      "b/c:1",
      "b:c",
      "b@c:1",
      "@",
      ":",
      "/a",
    );
    const image = fc.oneof({ weight: 5, arbitrary: fc.tuple(name, end).map((parts) => parts.join("")) }, odd);
    const entry: fc.Arbitrary<ImageEntry> = fc
      .record(
        { name, newName: name, newTag: fc.constantFrom("2", "v.3"), digest: fc.constantFrom("sha256:cd", "sha256:ef") },
        { requiredKeys: ["name"] },
      )
      .map((drawn) => drawn as ImageEntry);
    await fc.assert(
      fc.asyncProperty(
        fc.array(image, { minLength: 60, maxLength: 60 }),
        fc.uniqueArray(entry, { maxLength: 5, selector: ({ name: of }) => of }),
        async (images, entries) => {
          const spec = { containers: images.map((each) => ({ image: each })) };
          const object: JsonObject = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" }, spec };
          const sorted = entries.toSorted((left, right) => (left.name < right.name ? -1 : 1));
          expect(await built(object, sorted)).toEqual(withImages(object, sorted));
        },
      ),
      { numRuns: 25, endOnFailure: true },
    );
  });
});
