import { emitYaml } from "@kubeferry/clean";
import fc from "fast-check";
import { RE2JS } from "re2js";
import { describe, expect, it } from "vitest";
import { imageParts, isImageOf } from "./image-name.ts";
import { isHitByAny } from "./images.ts";

/** As kustomize asks, with Go's expressions. */
function isHitInGo(image: string, name: string): boolean {
  const expression = `^${name}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`;
  return RE2JS.compile(expression).matcher(image).find();
}

const piece = fc.constantFrom(
  "a",
  "b",
  "r.io",
  "r:5000",
  "r🦭io",
  "r\rio",
  "r\nio",
  "r\tio",
  "r\u2028io",
  "(",
  "[",
  "\\",
  "{}",
);
const image = fc
  .tuple(
    fc.array(piece, { minLength: 1, maxLength: 3 }),
    fc.constantFrom("", ":1", ":", ":1.0@sha256:ab", "@sha256:", ":1:2", " "),
  )
  .map(([pieces, end]) => `${pieces.join("/")}${end}`);
const name = fc.constantFrom("a", "b", "r.io", "r.io/a", "r:5000/a", "a.b", "a..", "r..io/a");

describe("an image", () => {
  it("is of a name where kustomize takes it for one", () => {
    fc.assert(
      fc.property(image, name, (text, of) => {
        expect(isImageOf(text, of)).toBe(isHitInGo(text, of));
      }),
      { numRuns: 600 },
    );
  });

  it("may have any character but a line break in the place of a dot", () => {
    for (const character of [".", "x", "/", ":", "🦭", "\r", "\u2028"])
      expect(isImageOf(`r${character}io/a:1`, "r.io/a"), JSON.stringify(character)).toBe(true);
    expect(isImageOf("r\nio/a:1", "r.io/a")).toBe(false);
  });

  it("has a name only where nothing in it means anything to an expression but the dot, whatever text it is", () => {
    const text = fc.oneof(image, fc.string({ unit: "binary" }), fc.stringMatching(/^[\w.:/@+*?()[\]{}|^$\\-]{0,40}$/));
    fc.assert(
      fc.property(text, (any) => {
        const parts = imageParts(any);
        if (parts === undefined) return;
        expect(parts.name).toMatch(/^[a-zA-Z0-9][\w.:/-]*$/);
        expect(isImageOf(any, parts.name)).toBe(true);
        expect(isHitInGo(any, parts.name)).toBe(true);
      }),
      { numRuns: 600 },
    );
  });

  it("has no name where it is longer than any registry takes, so that no text of a megabyte is looked through", () => {
    const longest = `${"a".repeat(300)}:${"1".repeat(128)}@sha256:${"0".repeat(64)}`;
    expect(imageParts(longest)?.name).toBe("a".repeat(300));
    for (const unit of ["a", "a/", "a.", "a:1/"]) expect(imageParts(`r/${unit.repeat(300_000)}`)).toBe(undefined);
    expect(isImageOf(`a${":".repeat(1_000_000)}`, "a")).toBe(false);
  });
});

describe("the file of an object", () => {
  it("is known to hold an image that an entry hits, however YAML writes it", () => {
    fc.assert(
      fc.property(image, name, (text, of) => {
        fc.pre(isImageOf(text, of));
        expect(isHitByAny(emitYaml({ spec: { containers: [{ image: text }] } }), [{ name: of }])).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("is passed by where it has no images, or others", () => {
    expect(isHitByAny("text: r.io/team/web\n", [{ name: "r.io/team/web" }])).toBe(false);
    expect(isHitByAny("image: r.io/team/db:1\n", [{ name: "r.io/team/web" }])).toBe(false);
  });
});
