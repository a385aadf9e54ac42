import { parseYaml } from "@kubeferry/clean";
import type { JsonObject, JsonValue } from "@kubeferry/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { imagesIn, mapImages, mayStopImages, stopsImages, withImages } from "./container-images.ts";
import { PASSED, STOPPING } from "./testing/images-and-objects.ts";

function object(yaml: string): JsonObject {
  return parseYaml(yaml) as JsonObject;
}

describe("an object with images changed", () => {
  it("has them changed in every list of containers, and nowhere else", () => {
    const before = object(`
kind: Deployment
spec:
  image: nginx:1
  deep: [{initContainers: [{image: nginx:1}]}]
  template: {spec: {containers: [{image: nginx:1}, {name: b}], ephemeralContainers: [{image: nginx:1}]}}
`);
    expect(withImages(before, [{ name: "nginx", newTag: "2" }])).toEqual(
      object(`
kind: Deployment
spec:
  image: nginx:1
  deep: [{initContainers: [{image: nginx:2}]}]
  template: {spec: {containers: [{image: nginx:2}, {name: b}], ephemeralContainers: [{image: nginx:1}]}}
`),
    );
  });

  it("is as it was where it defines a type", () => {
    const crd = object("{kind: CustomResourceDefinition, spec: {default: {containers: [{image: 'nginx:1'}]}}}");
    expect(withImages(crd, [{ name: "nginx", newTag: "2" }])).toEqual(crd);
  });

  it("has every image taken apart as kustomize does, ports, tags and digests", () => {
    const changed = (image: string, entry: object) =>
      withImages({ containers: [{ image }] }, [{ name: "r:5000/a", ...entry }]).containers;
    expect(changed("r:5000/a:1@sha256:ab", { newTag: "2" })).toEqual([{ image: "r:5000/a:2" }]);
    expect(changed("r:5000/a:1@sha256:ab", { newName: "q/a" })).toEqual([{ image: "q/a:1@sha256:ab" }]);
    expect(changed("r:5000/a:1", { digest: "sha256:cd" })).toEqual([{ image: "r:5000/a@sha256:cd" }]);
    expect(changed("r:5000/a", { newTag: "2", digest: "sha256:cd" })).toEqual([{ image: "r:5000/a:2@sha256:cd" }]);
    expect(changed("r:5000/a:", { newName: "q/a" })).toEqual([{ image: "q/a" }]);
    expect(changed("r:5000/ab:1", { newTag: "2" })).toEqual([{ image: "r:5000/ab:1" }]);
  });
});

describe("images of a kustomization", () => {
  it.each(STOPPING)("do not go with an object that has %s", (yaml) => {
    expect(stopsImages(object(yaml))).toBe(true);
    expect(stopsImages({ ...object(yaml), kind: "CustomResourceDefinition" })).toBe(false);
  });

  it.each(PASSED)("go with an object that has %s", (yaml) => {
    expect(stopsImages(object(yaml))).toBe(false);
  });

  it("need no look into an object in whose file nothing of the kind stands", () => {
    expect(mayStopImages("kind: Widget\nspec:\n  a: 1\n")).toBe(false);
    expect(mayStopImages("kind: Widget\nspec: text\n")).toBe(true);
    expect(mayStopImages("kind: Widget\nspec:\n- text\n")).toBe(true);
    expect(mayStopImages("kind: Widget\nspec:\n  template: text\n")).toBe(true);
    expect(mayStopImages("data:\n  initContainers:\n  - text\nkind: Widget\n")).toBe(true);
  });
});

it("finds the images of an object that would be replaced, in the same places and order", () => {
  const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom("nginx:1", "redis", 1, null),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom("containers", "initContainers", "image", "name", "a/b", "kind"),
        fc.oneof(fc.constant("CustomResourceDefinition"), tie("value")),
        { maxKeys: 4 },
      ),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("spec", "containers", "image", "kind"), value), (object) => {
      const replaced: [string, string][] = [];
      mapImages(object, (image, place) => {
        replaced.push([place, image]);
        return image;
      });
      expect(imagesIn(object)).toEqual(replaced);
    }),
    { numRuns: 3_000, examples: [[{ spec: { containers: [{ image: "a", initContainers: [{ image: "b" }] }] } }]] },
  );
});
