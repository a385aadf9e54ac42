import type { JsonObject, JsonValue } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { differencesOf } from "./differences.ts";

function pod(containers: readonly JsonObject[]): JsonObject {
  return { apiVersion: "v1", kind: "Pod", spec: { containers: [...containers] } };
}

function custom(spec: JsonValue): JsonObject {
  return { apiVersion: "example.com/v1", kind: "Widget", spec };
}

function told(...versions: readonly JsonObject[]): readonly unknown[] {
  return differencesOf(versions).map(({ path, values }) => [path, ...values]);
}

describe("the places in which versions differ", () => {
  it("are single fields, in the order of their names, with the value of each version", () => {
    expect(
      told(custom({ b: 1, a: { x: "1", y: 2 } }), custom({ b: 1, a: { x: "2" } }), custom({ a: { x: "2" } })),
    ).toEqual([
      ["/spec/a/x", "1", "2", "2"],
      ["/spec/a/y", 2, undefined, undefined],
      ["/spec/b", 1, 1, undefined],
    ]);
  });

  it("name containers and variables, wherever they stand in their lists", () => {
    const app = (image: string, env: readonly JsonObject[]) => ({ name: "app", image, env: [...env] });
    const level = (value: string) => ({ name: "LOG/LEVEL", value });
    expect(
      told(pod([app("a:1", [level("debug")])]), pod([app("a:2", [level("info")]), { name: "proxy", image: "p" }])),
    ).toEqual([
      ["/spec/containers/app/env/LOG~1LEVEL/value", "debug", "info"],
      ["/spec/containers/app/image", "a:1", "a:2"],
      ["/spec/containers/proxy", undefined, { name: "proxy", image: "p" }],
    ]);
  });

  it("are a list as a whole where it is in another order, or longer than another one", () => {
    const [one, other] = [{ name: "a" }, { name: "b" }];
    expect(told(pod([one, other]), pod([other, one]))).toEqual([["/spec/containers", [one, other], [other, one]]]);
    expect(told(custom([1, 2]), custom([1, 2, 3]))).toEqual([["/spec", [1, 2], [1, 2, 3]]]);
  });

  it("are elements by their place in other lists of one length", () => {
    expect(told(custom([{ x: 1 }, { x: 2 }]), custom([{ x: 1 }, { x: 3 }]))).toEqual([["/spec/1/x", 2, 3]]);
  });

  it("tell null, nothing, empty maps and large numbers apart", () => {
    const versions = [
      { a: null, b: {}, c: 9_007_199_254_740_993n },
      { b: [], c: 9_007_199_254_740_992n },
    ];
    expect(told(...versions.map((spec) => custom(spec as JsonObject)))).toEqual([
      ["/spec/a", null, undefined],
      ["/spec/b", {}, []],
      ["/spec/c", 9_007_199_254_740_993n, 9_007_199_254_740_992n],
    ]);
    expect(told(custom({ a: 1 }), custom({ a: 1 }))).toEqual([]);
  });
});
