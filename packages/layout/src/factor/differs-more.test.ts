import { Buffer } from "node:buffer";
import { emitYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { makePatch, type Patch } from "../patch/make-patch.ts";
import { differsMore } from "./differs-more.ts";
import { countLines } from "./versions.ts";
import { writtenPatch } from "./written-patch.ts";

function linesOf(object: JsonObject): number {
  return countLines(Buffer.from(emitYaml(object), "utf8"));
}

/** As `differsMore` takes it; none where an object has to be whole. */
function patchesOf(base: JsonObject, ...wanted: readonly JsonObject[]) {
  const patches = wanted.map((each) => makePatch(base, each));
  return patches.filter((each): each is Patch => each !== "whole").map(writtenPatch);
}

/** A ConfigMap of nine lines of data, of which the last ones differ. */
function settings(differing: number): JsonObject {
  const lines = Array.from({ length: 9 }, (_, index) => [`key-${index}`, index < 9 - differing ? "same" : "other"]);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "s", namespace: "shop" },
    data: Object.fromEntries(lines),
  };
}

/** Whether environments in which so many lines of nine differ from the base's are to have the object whole. */
function isWhole(...differing: readonly number[]): boolean {
  const base = settings(0);
  const wanted = differing.map(settings);
  const patches = patchesOf(base, ...wanted.filter((_, index) => (differing[index] ?? 0) > 0));
  return differsMore({ base: linesOf(base), wanted: wanted.map(linesOf), patches, isNamespaced: true });
}

describe("an object", () => {
  it("of two environments differs more than it agrees where the patch says more than half of it", () => {
    expect(isWhole(0, 1)).toBe(false);
    expect(isWhole(0, 4)).toBe(false); // "data" and 4 lines of 10
    expect(isWhole(0, 5)).toBe(true);
    expect(isWhole(0, 9)).toBe(true);
  });

  it("of four environments may differ wholly in one, and by half in three", () => {
    expect(isWhole(0, 0, 0, 9)).toBe(false);
    expect(isWhole(0, 4, 4, 4)).toBe(false);
    expect(isWhole(0, 4, 4, 5)).toBe(true);
  });

  it("is not the less alike for a short one: the lines that name it do not count", () => {
    const short = (value: string): JsonObject => ({
      apiVersion: "v1",
      kind: "X",
      metadata: { name: "x" },
      a: 1,
      b: value,
    });
    const lines = { base: linesOf(short("1")), wanted: [linesOf(short("1")), linesOf(short("2"))] };
    const patches = patchesOf(short("1"), short("2"));
    expect(differsMore({ ...lines, patches, isNamespaced: false })).toBe(false);
  });

  it("that a JSON patch changes counts by what that puts there, as long as the patch is shorter than the object", () => {
    const widget = (...rules: readonly string[]): JsonObject => ({
      apiVersion: "example.com/v1",
      kind: "Widget",
      metadata: { name: "w", namespace: "shop" },
      spec: { rules: rules.map((host) => ({ host })) },
    });
    const isWholeWidget = (one: JsonObject, other: JsonObject) => {
      const lines = { base: linesOf(one), wanted: [linesOf(one), linesOf(other)] };
      return differsMore({ ...lines, patches: patchesOf(one, other), isNamespaced: true });
    };
    const hosts = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
    // A change of one host is six lines, test and replace, of seventeen.
    expect(isWholeWidget(widget(...hosts), widget("x", "y", ...hosts.slice(2)))).toBe(false);
    expect(isWholeWidget(widget(...hosts), widget("x", "y", "z", ...hosts.slice(3)))).toBe(true);
    // A list of another length is replaced as a whole: one line before, six now.
    expect(isWholeWidget(widget("a"), widget(...hosts.slice(0, 6)))).toBe(true);
  });
});
