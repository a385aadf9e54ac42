import { describe, expect, it } from "vitest";
import { ownsField } from "./managed-fields.ts";

const OBJECT = {
  metadata: { annotations: { note: "x" }, finalizers: ["a.example.com", "b.example.com"] },
  spec: { selector: { app: "web" }, ports: [{ port: 53, protocol: "UDP", nodePort: 30053 }], list: ["a", "b"] },
};

describe("a set of fields", () => {
  it("holds all that is within a value which is owned whole", () => {
    expect(ownsField({ "f:spec": { "f:selector": {} } }, OBJECT, ["spec", "selector", "app"])).toBe(true);
    expect(ownsField({ "f:spec": { "f:selector": {} } }, OBJECT, ["spec", "ports"])).toBe(false);
  });

  it("holds nothing of what others put into empty annotations or metadata", () => {
    expect(ownsField({ "f:metadata": {} }, OBJECT, ["metadata", "annotations", "note"])).toBe(false);
    expect(ownsField({ "f:metadata": { "f:annotations": {} } }, OBJECT, ["metadata", "annotations", "note"])).toBe(
      false,
    );
  });

  it("names elements of lists by their key fields, by value and by index", () => {
    const port = ["spec", "ports", 0, "nodePort"];
    const byKey = (key: string) => ({ "f:spec": { "f:ports": { [key]: { "f:nodePort": {} } } } });
    expect(ownsField(byKey('k:{"port":53,"protocol":"UDP"}'), OBJECT, port)).toBe(true);
    expect(ownsField(byKey('k:{"port":53,"protocol":"TCP"}'), OBJECT, port)).toBe(false);
    const byValue = { "f:metadata": { "f:finalizers": { 'v:"a.example.com"': {} } } };
    expect(ownsField(byValue, OBJECT, ["metadata", "finalizers", 0])).toBe(true);
    expect(ownsField(byValue, OBJECT, ["metadata", "finalizers", 1])).toBe(false);
    const byIndex = { "f:spec": { "f:list": { "i:1": {} } } };
    expect(ownsField(byIndex, OBJECT, ["spec", "list", 1])).toBe(true);
    expect(ownsField(byIndex, OBJECT, ["spec", "list", 0])).toBe(false);
  });

  it("holds everything where its form is unknown, and nothing where it is empty", () => {
    for (const unknown of [undefined, null, "v2", []]) {
      expect(ownsField(unknown, OBJECT, ["spec", "selector"])).toBe(true);
    }
    expect(ownsField({}, OBJECT, ["spec", "selector"])).toBe(false);
  });
});
