import { describe, expect, it } from "vitest";
import { imageEntries, isHitByAny } from "./images.ts";

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
    expect(entries("r.io/a:1 > r.io/a:2", "r😀io/a:1")).toEqual([]);
    expect(entries("r.io/a:1 > r.io/a:2", "r.io/ab:1")).toEqual([{ name: "r.io/a", newTag: "2" }]);
  });

  it("are none that take a tag or a digest away, which kustomize cannot", () => {
    expect(entries("nginx:1 > nginx")).toEqual([]);
    expect(entries("nginx:1@sha256:ab > nginx:1")).toEqual([{ name: "nginx", newTag: "1" }]);
  });

  it("are none of which one would change again what the other one made", () => {
    expect(entries("a/x:1 > b/x:1", "b/x:1 > c/x:1")).toEqual([{ name: "a/x", newName: "b/x" }]);
    expect(entries("b/x:1 > a/x:1", "a/x:1 > c/x:1")).toEqual([
      { name: "a/x", newName: "c/x" },
      { name: "b/x", newName: "a/x" },
    ]);
    expect(entries("a/x:1 > b/x:1", "b/x:1 > a/x:1")).toEqual([]);
  });

  it("are none that would change what a patch puts there", () => {
    // Of the two that run a:1 one stays, so that b:5 is for a patch, and is b:5 when kustomize comes to the images.
    expect(entries("a:1", "a:1 > b:5", "b:1 > b:2")).toEqual([]);
    expect(entries("a:1", "a:1 > c:5", "b:1 > b:2")).toEqual([{ name: "b", newTag: "2" }]);
  });

  it("are none that make a text of which YAML would read something else", () => {
    expect(entries("web > null")).toEqual([]);
    expect(entries("web > 1e3", "a > yes")).toEqual([]);
    expect(entries("web:1 > null:2")).toEqual([{ name: "web", newName: "null", newTag: "2" }]);
  });

  it("are none for a text that is no image", () => {
    expect(entries(" > nginx:1", "nginx: > nginx:2", "${IMAGE} > nginx:1", "nginx:1 > ${IMAGE}")).toEqual([]);
  });
});

describe("a file", () => {
  it("may hold an image of an entry where all of its name stands there, whatever a dot is for", () => {
    expect(isHitByAny("image: r.io/a:1", [{ name: "r.io/a", newTag: "2" }])).toBe(true);
    expect(isHitByAny('image: "r\\tio/a:1"', [{ name: "r.io/a", newTag: "2" }])).toBe(true);
    expect(isHitByAny("image: q.io/a:1", [{ name: "r.io/a", newTag: "2" }])).toBe(false);
  });
});
