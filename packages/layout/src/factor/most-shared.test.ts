import { emitYaml, firstDifference, kustomizeRefusal, parseYaml } from "@kubeferry/clean";
import { isJsonObject, type JsonObject } from "@kubeferry/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyPatch } from "../patch/apply-patch.ts";
import { makePatch } from "../patch/make-patch.ts";
import { type Pair, pairs } from "../patch/testing/objects.ts";
import { mostShared } from "./most-shared.ts";

function object(yaml: string): JsonObject {
  return parseYaml(yaml) as JsonObject;
}

function sharedSpec(...specs: readonly string[]): string {
  const versions = specs.map((spec) =>
    object(`{apiVersion: example.com/v1, kind: Widget, metadata: {name: blue, namespace: shop}, spec: ${spec}}`),
  );
  return emitYaml(mostShared(versions).spec ?? null);
}

function sharedPod(...specs: readonly string[]): string {
  const versions = specs.map((spec) =>
    object(
      `{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {template: {spec: ${spec}}}}`,
    ),
  );
  const { spec } = mostShared(versions);
  const template = isJsonObject(spec) && isJsonObject(spec.template) ? spec.template : {};
  return emitYaml(template.spec ?? null);
}

describe("what most of several objects share", () => {
  it("is of each field the value that most have, whoever has it", () => {
    expect(sharedSpec("{a: 1, b: 1, c: 1}", "{a: 2, b: 1, c: 2}", "{a: 2, b: 3, c: 1}")).toBe("a: 2\nb: 1\nc: 1\n");
  });

  it("is the first one's where equally many have each", () => {
    expect(sharedSpec("{a: dev}", "{a: prod}")).toBe("a: dev\n");
    expect(sharedSpec("{a: x}", "{a: y}", "{a: z}", "{a: y}", "{a: z}")).toBe('a: "y"\n');
  });

  it("counts those that have nothing in a place", () => {
    expect(sharedSpec("{a: 1, b: 1}", "{a: 1}", "{a: 1}")).toBe("a: 1\n");
    expect(sharedSpec("{a: 1}", "{a: 1, b: 1}", "{a: 1, b: 2}", "{a: 1, b: 1}")).toBe("a: 1\nb: 1\n");
  });

  it("tells a text from the number that looks like it", () => {
    expect(sharedSpec("{a: '1'}", "{a: 1}", "{a: 1}")).toBe("a: 1\n");
  });

  it("keeps an empty map that most have, and makes none that nobody has", () => {
    expect(sharedSpec("{a: {}}", "{a: {}}", "{a: {x: 1}}")).toBe("a: {}\n");
    expect(sharedSpec("{a: {x: 1}, b: 1}", "{a: {y: 1}, b: 1}", "{a: {z: 1}, b: 1}")).toBe("b: 1\n");
  });

  it("takes a list as a whole where its elements have no name", () => {
    expect(sharedSpec("{a: [x, y]}", "{a: [x, z]}", "{a: [x, z]}")).toBe("a:\n- x\n- z\n");
  });

  it("goes into lists of maps of one length by place", () => {
    expect(
      sharedSpec("{a: [{host: dev, path: /}]}", "{a: [{host: test, path: /x}]}", "{a: [{host: prod, path: /x}]}"),
    ).toBe("a:\n- host: dev\n  path: /x\n");
  });

  it("finds containers by name, in the order that most have", () => {
    const one = "{containers: [{name: web, image: 'w:1'}, {name: log, image: 'l:1'}]}";
    const two = "{containers: [{name: log, image: 'l:2'}, {name: web, image: 'w:1'}]}";
    const three = "{containers: [{name: log, image: 'l:2'}, {name: web, image: 'w:3'}]}";
    expect(sharedPod(one, two, three)).toBe("containers:\n- image: l:2\n  name: log\n- image: w:1\n  name: web\n");
  });

  it("has a container that most have, of which those say how it is that have it", () => {
    const alone = "{containers: [{name: web, image: 'w:1'}]}";
    const both = "{containers: [{name: web, image: 'w:1'}, {name: log, image: 'l:1', env: [{name: A, value: x}]}]}";
    const other = "{containers: [{name: web, image: 'w:1'}, {name: log, image: 'l:1', env: [{name: A, value: 'y'}]}]}";
    expect(sharedPod(alone, both, other)).toContain("name: A\n    value: x\n");
  });

  it("is one of them where all are equal, and keeps every large integer", () => {
    expect(sharedSpec("{a: 9007199254740993}", "{a: 9007199254740993}")).toBe("a: 9007199254740993\n");
  });
});

describe("a base of any objects", () => {
  const choices = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 });
  const carried = ({ base, wanted }: Pair) => [base, wanted].every((each) => kustomizeRefusal(each) === undefined);

  it("leads to each of them by a patch, or has to be given up", () => {
    fc.assert(
      fc.property(pairs, choices, (drawn, chosen) => {
        for (const { base: one, wanted: other } of drawn.filter(carried)) {
          const all = chosen.map((choice) => (choice ? one : other));
          const base = mostShared(all);
          for (const wanted of all) {
            const patch = makePatch(base, wanted);
            if (patch !== "whole") expect(firstDifference(applyPatch(base, patch), wanted)).toBe(undefined);
          }
        }
      }),
      { numRuns: 10 },
    );
  });

  it("is the object that more than half of the environments have, and of two the first", () => {
    fc.assert(
      fc.property(pairs, (drawn) => {
        for (const { base, wanted } of drawn) {
          expect(firstDifference(mostShared([wanted, base, base]), base)).toBe(undefined);
          expect(firstDifference(mostShared([base, wanted, base]), base)).toBe(undefined);
        }
      }),
      { numRuns: 10 },
    );
  });
});
