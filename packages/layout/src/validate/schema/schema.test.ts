import { type JsonObject, parseJson, type ResourceType } from "@kubeferry/model";
import { testCall } from "@kubeferry/test-fleet";
import { describe, expect, it } from "vitest";
import { createApiSchemas } from "./api-schemas.ts";
import { checkSchema } from "./check-schema.ts";
import { createSchemaCheck } from "./schema-check.ts";

const WIDGETS: ResourceType = {
  group: "example.com",
  version: "v1",
  resource: "widgets",
  kind: "Widget",
  namespaced: true,
  verbs: [],
};

const PATH = "/openapi/v3/apis/example.com/v1";

/** A document whose Widget has a spec of the given schema, and the schemas that such documents refer to. */
function documentWith(spec: JsonObject): Readonly<Record<string, string>> {
  const schemas = {
    "com.example.v1.Widget": {
      type: "object",
      properties: {
        apiVersion: { type: "string" },
        kind: { type: "string" },
        metadata: { allOf: [{ $ref: "#/components/schemas/Meta" }] },
        spec,
      },
      "x-kubernetes-group-version-kind": [{ group: "example.com", version: "v1", kind: "Widget" }],
    },
    Meta: {
      type: "object",
      properties: { name: { type: "string" }, labels: { additionalProperties: { type: "string" } } },
    },
    Tree: { properties: { name: { type: "string" }, children: { items: { $ref: "#/components/schemas/Tree" } } } },
    "io.k8s.apimachinery.pkg.api.resource.Quantity": { type: "string" },
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": {
      format: "int-or-string",
      oneOf: [{ type: "integer" }, { type: "string" }],
    },
    Raw: { type: "object" },
    Round: { allOf: [{ $ref: "#/components/schemas/Round" }] },
  };
  return { [PATH]: JSON.stringify({ components: { schemas } }) };
}

async function problems(schema: JsonObject, spec: unknown): Promise<string[]> {
  const answer = await createApiSchemas(async () => documentWith(schema)).of("a", WIDGETS, testCall);
  if (typeof answer === "string") throw new Error(answer);
  const object = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "a" }, spec } as JsonObject;
  return checkSchema(object, answer, "warning").map(({ rule, field, message }) => `${rule} ${field}: ${message}`);
}

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

describe("an object and the schema that its server published", () => {
  it("names a field that the API does not know, and a value of another type than it takes", async () => {
    const schema = { type: "object", properties: { replicas: { type: "integer" }, on: { type: "boolean" } } };
    expect(await problems(schema, { replicas: "3", on: true, replcias: 3 })).toEqual([
      "wrong-type /spec/replicas: is a text where the API takes a whole number",
      "unknown-field /spec/replcias: the API knows no such field",
    ]);
    expect(await problems(schema, { replicas: 1.5 })).toEqual([
      "wrong-type /spec/replicas: is a number where the API takes a whole number",
    ]);
    expect(await problems(schema, [])).toEqual(["wrong-type /spec: is a list where the API takes a map"]);
  });

  it.each<[string, JsonObject, unknown]>([
    ["a reference inside allOf", { allOf: [ref("Tree")], default: {} }, { name: "a", children: [{ name: "b" }] }],
    ["fields named in several parts", { properties: { a: {} }, allOf: [{ properties: { b: {} } }] }, { a: 1, b: 2 }],
    ["fields named by one choice", { properties: { a: {} }, oneOf: [{ properties: { b: {} } }] }, { a: 1, b: 2 }],
    [
      "a choice without types beside types",
      { type: "object", properties: { a: {} }, anyOf: [{ required: ["a"] }] },
      { a: 1 },
    ],
    ["int or string, as a whole number", ref("io.k8s.apimachinery.pkg.util.intstr.IntOrString"), 80],
    ["int or string, as a text", ref("io.k8s.apimachinery.pkg.util.intstr.IntOrString"), "http"],
    [
      "int or string in a definition",
      { "x-kubernetes-int-or-string": true, anyOf: [{ type: "integer" }, { type: "string" }] },
      5,
    ],
    ["a quantity as a text", ref("io.k8s.apimachinery.pkg.api.resource.Quantity"), "100Mi"],
    ["a quantity as a number", ref("io.k8s.apimachinery.pkg.api.resource.Quantity"), 1.5],
    [
      "kept unknown fields",
      { type: "object", properties: { a: {} }, "x-kubernetes-preserve-unknown-fields": true },
      { z: 1 },
    ],
    [
      "an embedded object",
      { type: "object", properties: { spec: {} }, "x-kubernetes-embedded-resource": true },
      { apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec: {} },
    ],
    ["free values", { additionalProperties: { type: "string" } }, { any: "text" }],
    ["free content", ref("Raw"), { any: { thing: [1] } }],
    ["null for a field", { properties: { a: { type: "string" } } }, { a: null }],
    ["null in a nullable list", { items: { type: "string", nullable: true } }, [null]],
    ["a whole number for a number", { type: "number" }, 3],
    ["a whole number beyond 2^53", { type: "integer", format: "int64" }, 2n ** 60n],
    ["whatever a schema says that refers to itself", ref("Round"), { a: 1 }],
    ["whatever a schema says that is not there", ref("Gone"), { a: 1 }],
  ])("takes %s", async (_, schema, spec) => {
    expect(await problems(schema, spec)).toEqual([]);
  });

  it.each<[string, JsonObject, unknown, string]>([
    [
      "a recursive schema",
      ref("Tree"),
      { children: [{ children: [{ nam: 1 }] }] },
      "unknown-field /spec/children/0/children/0/nam",
    ],
    ["free values of one type", { additionalProperties: { type: "string" } }, { port: 1 }, "wrong-type /spec/port"],
    [
      "what stands in kept fields that are named",
      { properties: { a: { type: "string" } }, "x-kubernetes-preserve-unknown-fields": true },
      { a: 1 },
      "wrong-type /spec/a",
    ],
    ["an item that is null", { items: { type: "string" } }, [null], "wrong-type /spec/0"],
    [
      "a key called __proto__",
      { properties: { a: {} } },
      parseJson('{"__proto__": 1}'),
      "unknown-field /spec/__proto__",
    ],
    ["a key called constructor", { properties: { a: {} } }, { constructor: 1 }, "unknown-field /spec/constructor"],
  ])("looks into %s", async (_, schema, spec, problem) => {
    expect((await problems(schema, spec)).map((text) => text.replace(/: .*/, ""))).toEqual([problem]);
  });

  it("lists ten problems of an object at most", async () => {
    const spec = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`field${index}`, 1]));
    expect(await problems({ properties: { a: {} } }, spec)).toHaveLength(10);
  });
});

describe("types without a schema", () => {
  const remarksOf = async (documents: Readonly<Record<string, string>> | undefined): Promise<unknown[]> => {
    const check = createSchemaCheck(async () => documents, "error");
    const gadgets = { ...WIDGETS, resource: "gadgets", kind: "Gadget" };
    const answers = [WIDGETS, WIDGETS, gadgets, gadgets].map(
      async (type) => (await check.of("dc/a", type, testCall)).remark,
    );
    return (await Promise.all(answers)).filter((remark) => remark !== undefined);
  };

  it("are said once each, as a warning", async () => {
    expect(await remarksOf(documentWith({}))).toEqual([
      {
        severity: "warning",
        rule: "no-schema",
        object: "gadgets.example.com",
        message: "its API documents have no schema of example.com/v1 Gadget: none of these was checked",
      },
    ]);
  });

  it.each([undefined, {}])("are said once for a source that has no documents (%j)", async (documents) => {
    expect(await remarksOf(documents)).toEqual([
      {
        severity: "warning",
        rule: "no-schema",
        object: "dc/a",
        message: "has no API documents: nothing of it was checked against the schemas of its cluster",
      },
    ]);
  });

  it("are those whose document is no JSON, or of another form", async () => {
    for (const text of ["<html>", "[]", '{"components": 1}']) {
      expect(await remarksOf({ [PATH]: text })).toHaveLength(2);
    }
  });
});
