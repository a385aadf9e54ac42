import { equalJson } from "@kubeferry/clean";
import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ComparisonOptions, compareObjects } from "./compare-objects.ts";
import type { FieldChange } from "./field-change.ts";
import { createTypeSchemas } from "./schema/type-schemas.ts";

const WIDGET = { group: "example.com", version: "v1", kind: "Widget", resource: "widgets" };
const DEPLOYMENT = { group: "apps", version: "v1", kind: "Deployment", resource: "deployments" };

const PART = {
  type: "object",
  required: ["name"],
  properties: {
    name: { type: "string" },
    size: { type: "string", default: "small" },
    amount: { type: "string", pattern: "^[0-9]+([KMGTPE]i)?$" },
    labels: { type: "object", additionalProperties: { type: "string" } },
    free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
  },
};
const SPEC = {
  type: "object",
  properties: {
    parts: { type: "array", items: PART, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"] },
    tags: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
    steps: { type: "array", items: PART },
  },
};
const DOCUMENT = JSON.stringify({
  components: {
    schemas: {
      Widget: {
        type: "object",
        properties: { spec: SPEC },
        "x-kubernetes-group-version-kind": [{ group: "example.com", version: "v1", kind: "Widget" }],
      },
    },
  },
});
const SCHEMA = createTypeSchemas({ "/openapi/v3/apis/example.com/v1": DOCUMENT }).of(WIDGET);

const word = fc.constantFrom("", "a", "b", "ab", "1", "1Gi", "1024Mi", "$(a)", "small", "divisor");
const free = fc.dictionary(word, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }) as fc.Arbitrary<JsonObject>;
const part = fc.record(
  { name: word, size: word, amount: word, labels: fc.dictionary(word, word), free },
  { requiredKeys: ["name"] },
);
const widget = fc.record({
  metadata: fc.record({ labels: fc.dictionary(word, word), annotations: fc.dictionary(word, word) }),
  spec: fc.record({
    parts: fc.array(part, { maxLength: 4 }),
    tags: fc.array(word),
    steps: fc.array(part, { maxLength: 4 }),
    other: free,
  }),
}) as fc.Arbitrary<JsonObject>;

const port = fc.record(
  { containerPort: fc.constantFrom(53, 80), protocol: fc.constantFrom("TCP", "UDP"), name: word },
  { requiredKeys: ["containerPort"] },
);
const container = fc.record(
  {
    name: word,
    image: word,
    args: fc.array(word),
    env: fc.array(fc.record({ name: word, value: word }, { requiredKeys: ["name"] })),
    ports: fc.array(port, { maxLength: 4 }),
    resources: fc.record({ limits: fc.dictionary(fc.constantFrom("cpu", "memory"), word) }),
  },
  { requiredKeys: ["name"] },
);
const deployment = fc.record({
  metadata: fc.record({ labels: fc.dictionary(word, word), finalizers: fc.array(word) }),
  spec: fc.record({
    replicas: fc.nat(3),
    paused: fc.boolean(),
    template: fc.record({
      metadata: fc.record({ labels: fc.dictionary(word, word) }),
      spec: fc.record({
        containers: fc.array(container, { maxLength: 3 }),
        initContainers: fc.array(container, { maxLength: 3 }),
      }),
    }),
  }),
}) as fc.Arbitrary<JsonObject>;

const TYPES: [string, fc.Arbitrary<JsonObject>, ComparisonOptions][] = [
  ["custom resources with a schema", widget, { type: WIDGET, schema: SCHEMA }],
  ["custom resources without one", widget, { type: WIDGET }],
  ["objects of Kubernetes' own types", deployment, { type: DEPLOYMENT }],
];

describe.each(TYPES)("comparing %s", { timeout: 30_000 }, (_, objects, options) => {
  it("finds nothing between an object and itself", () => {
    fc.assert(
      fc.property(objects, (object) => {
        expect(compareObjects(object, structuredClone(object), options)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it("finds the same from the other side, turned around", () => {
    fc.assert(
      fc.property(objects, objects, (before, after) => {
        expect(compareObjects(after, before, options)).toEqual(compareObjects(before, after, options).map(turned));
      }),
    );
  });

  it("finds a value that was replaced, wherever it stands", () => {
    fc.assert(
      fc.property(objects, fc.nat(), (object, choice) => {
        const places = valuesIn(object, []);
        const place = places[choice % Math.max(places.length, 1)];
        fc.pre(place !== undefined);
        const changed = replaced(object, place ?? []) as JsonObject;
        expect(equalJson(object, changed)).toBe(false);
        expect(compareObjects(object, changed, options)).not.toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

it("finds a field that is gone from what is compared as it is written", () => {
  fc.assert(
    fc.property(free, fc.nat(), (spec, choice) => {
      const names = Object.keys(spec);
      fc.pre(names.length > 0);
      const name = names[choice % names.length] ?? "";
      const { [name]: _, ...rest } = spec;
      expect(compareObjects({ spec }, { spec: rest }, { type: WIDGET })).toHaveLength(1);
    }),
  );
});

function turned({ path, kind, before, after, ...rest }: FieldChange): FieldChange {
  const kinds = { added: "removed", removed: "added", changed: "changed" } as const;
  return {
    path,
    kind: kinds[kind],
    ...(after === undefined ? {} : { before: after }),
    ...(before === undefined ? {} : { after: before }),
    ...rest,
  };
}

/** The ways to all values that hold no others. */
function valuesIn(value: JsonValue, way: readonly string[]): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [way];
  return Object.entries(value).flatMap(([name, inner]) => valuesIn(inner, [...way, name]));
}

/** The same with another value at that place, which no quantity and no default equals. */
function replaced(value: JsonValue, [step, ...rest]: readonly string[]): JsonValue {
  if (step === undefined) return `${JSON.stringify(value)} replaced`;
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === step ? replaced(item, rest) : item));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, name === step ? replaced(inner, rest) : inner]);
  return Object.fromEntries(entries) as JsonObject;
}
