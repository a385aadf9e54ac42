import type { JsonObject } from "@kubeferry/model";
import { configMap, testCall } from "@kubeferry/test-fleet";
import { describe, expect, it } from "vitest";
import { createValidator } from "./validator.ts";

const type = { group: "", version: "v1", resource: "configmaps", kind: "ConfigMap", namespaced: true, verbs: [] };
const ref = { group: "", resource: "configmaps", kind: "ConfigMap", namespace: "shop", name: "a" };
const settings = { preset: "strict", schema: "off", policies: [] } as const;

async function judge(forms: readonly (readonly [object: JsonObject, ...environments: string[]])[]) {
  const contents = forms.map(([object, ...environments]) => ({ object, sizeBytes: 100, environments }));
  const validator = createValidator(settings, { schema: undefined, policies: [] });
  return validator.judge({ source: "dc/a", type, ref, contents }, testCall);
}

describe("the verdict on an object", () => {
  it("names an error once that every form of the object has, and leaves it out of all", async () => {
    const template = configMap("shop/a", { page: "{{ name }}" });
    const verdict = await judge([
      [template, "dev", "test"],
      [{ ...template, immutable: true }, "prod"],
    ]);
    expect(verdict.reason).toBe('pattern at /data/page: holds "{{"');
    expect([...verdict.leftOutOf]).toEqual(["dev", "test", "prod"]);
  });

  it("counts the others behind the first, and leaves it out only where a form has one", async () => {
    const verdict = await judge([
      [configMap("shop/a"), "dev"],
      [configMap("shop/a", { page: "{{ ${name} }}", run: "eval(1)" }), "prod"],
    ]);
    expect(verdict.reason).toBe('pattern at /data/page: holds "{{", and 2 more');
    expect([...verdict.leftOutOf]).toEqual(["prod"]);
  });

  it("is silent on an object without findings", async () => {
    expect(await judge([[configMap("shop/a"), "dev"]])).toEqual({
      leftOutOf: new Set(),
      reason: undefined,
      findings: [],
    });
  });
});
