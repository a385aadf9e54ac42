import { parseYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { imageEntries, withImages } from "./images.ts";

/** Uses as "before" for what stays, and "before > after" for what changes. */
function entries(...uses: readonly string[]) {
  return imageEntries(
    uses.map((use) => {
      const [before = "", after = before] = use.split(" > ");
      return { before, after };
    }),
  );
}

describe("the images of a kustomization", () => {
  it("give one entry for all images of a name that get another tag", () => {
    expect(entries("nginx:1 > nginx:2", "nginx:1 > nginx:2", "redis:7")).toEqual([{ name: "nginx", newTag: "2" }]);
  });

  it("have a new name alone for several tags, and the tag where that changes too", () => {
    expect(entries("r/a:1 > q/a:1", "r/a:2 > q/a:2")).toEqual([{ name: "r/a", newName: "q/a" }]);
    expect(entries("r/a:1 > q/a:2")).toEqual([{ name: "r/a", newName: "q/a", newTag: "2" }]);
  });

  it("know a registry's port from a tag, and a digest from both", () => {
    expect(entries("r:5000/a:1 > r:5000/a@sha256:ab")).toEqual([{ name: "r:5000/a", digest: "sha256:ab" }]);
    expect(entries("r:5000/a > r:5000/a:1@sha256:ab")).toEqual([
      { name: "r:5000/a", newTag: "1", digest: "sha256:ab" },
    ]);
  });

  it("are none where an image of that name stays as it is", () => {
    expect(entries("nginx:1 > nginx:2", "nginx:1")).toEqual([]);
    expect(entries("nginx:1 > nginx:2", "nginx:1.29-alpine")).toEqual([]);
  });

  it("are none where two of a name shall be different", () => {
    expect(entries("nginx:1 > nginx:2", "nginx:1 > nginx:3")).toEqual([]);
  });

  it("are none where the name, read as a regular expression, is another one's too", () => {
    expect(entries("r.io/a:1 > r.io/a:2", "rxio/a:1")).toEqual([]);
    expect(entries("r.io/a:1 > r.io/a:2", "r.io/ab:1")).toEqual([{ name: "r.io/a", newTag: "2" }]);
  });

  it("are none that take a tag or a digest away, which kustomize cannot", () => {
    expect(entries("nginx:1 > nginx")).toEqual([]);
    expect(entries("nginx:1@sha256:ab > nginx:1")).toEqual([{ name: "nginx", newTag: "1" }]);
  });

  it("are none of which one would change again what the other one made", () => {
    expect(entries("a/x:1 > b/x:1", "b/x:1 > c/x:1")).toEqual([{ name: "b/x", newName: "c/x" }]);
    expect(entries("b/x:1 > a/x:1", "a/x:1 > c/x:1")).toEqual([
      { name: "a/x", newName: "c/x" },
      { name: "b/x", newName: "a/x" },
    ]);
  });

  it("are none for a text that is no image", () => {
    expect(entries(" > nginx:1", "nginx: > nginx:2", "${IMAGE} > nginx:1", "nginx:1 > ${IMAGE}")).toEqual([]);
  });
});

describe("an object with images changed", () => {
  it("has them changed in every list of containers, and nowhere else", () => {
    const object = parseYaml(`
kind: Deployment
spec:
  image: nginx:1
  deep: [{initContainers: [{image: nginx:1}]}]
  template: {spec: {containers: [{image: nginx:1}, {name: b}], ephemeralContainers: [{image: nginx:1}]}}
`) as JsonObject;
    expect(withImages(object, [{ name: "nginx", newTag: "2" }])).toEqual(
      parseYaml(`
kind: Deployment
spec:
  image: nginx:1
  deep: [{initContainers: [{image: nginx:2}]}]
  template: {spec: {containers: [{image: nginx:2}, {name: b}], ephemeralContainers: [{image: nginx:1}]}}
`),
    );
  });
});
