import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { GitRef } from "../../git-ref.ts";
import { mapNamespaces } from "./map-namespaces.ts";

const NAME_LABEL = "kubernetes.io/metadata.name";

const nameOf = (namespace: string): string => (namespace === "shop" ? "shop-dev" : namespace);

/** What is renamed in selectors, without any short cut: everything is made anew. */
function renamed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(renamed);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inside]) => {
      if (/namespaceSelector$/i.test(key)) return [key, renamedSelector(inside)];
      const isTerm = key === "namespaces" && Object.hasOwn(value, "topologyKey");
      return [key, isTerm && Array.isArray(inside) ? inside.map(renamedText) : renamed(inside)];
    }),
  );
}

function renamedSelector(value: JsonValue): JsonValue {
  const labels = isJsonObject(value) ? value.matchLabels : undefined;
  if (!isJsonObject(value) || !isJsonObject(labels) || !Object.hasOwn(labels, NAME_LABEL)) return value;
  return { ...value, matchLabels: { ...labels, [NAME_LABEL]: renamedText(labels[NAME_LABEL] ?? null) } };
}

function renamedText(value: JsonValue): JsonValue {
  return typeof value === "string" ? nameOf(value) : value;
}

const selector = fc.record({ matchLabels: fc.constant({ [NAME_LABEL]: "shop" }) }, { requiredKeys: [] });
const term = fc.record({ topologyKey: fc.constant("zone"), namespaces: fc.constantFrom(["shop"], ["a", "shop"], "x") });
const key = fc.constantFrom("namespaceSelector", "objectNamespaceSELECTOR", "Selector", "namespaces", "x", "__proto__");
const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<JsonValue[]>("shop", "team", null, 1),
    selector as fc.Arbitrary<JsonValue>,
    term as fc.Arbitrary<JsonValue>,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

it("renames in selectors wherever they stand, and never in what it was given", () => {
  const ref: GitRef = { group: "example.com", resource: "widgets", kind: "Widget", name: "w" };
  fc.assert(
    fc.property(value, (spec) => {
      const object: JsonObject = { metadata: { name: "w" }, spec };
      const before = JSON.stringify(object);
      const mapped = mapNamespaces(object, ref, nameOf);
      expect(JSON.stringify(mapped)).toBe(JSON.stringify(renamed(object)));
      expect(JSON.stringify(object)).toBe(before);
      expect(mapped === object).toBe(JSON.stringify(mapped) === before);
    }),
    { numRuns: 2_000 },
  );
});
