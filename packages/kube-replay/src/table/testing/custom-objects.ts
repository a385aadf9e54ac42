import type { JsonObject } from "@kubeferry/model";
import type { Planted } from "./plant.ts";

const ANY = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

/** Columns of each type, and paths of each form that definitions use; where a map is walked, one value only is found: Go has no order. */
const COLUMNS: readonly (readonly [type: string, jsonPath: string])[] = [
  ["string", ".spec.text"],
  ["string", ".spec.missing.deep"],
  ["string", ".spec.nothing"],
  ["string", ".spec.map"],
  ["string", ".spec.list"],
  ["string", ".spec.flag"],
  ["string", ".spec.count"],
  ["string", ".spec.share"],
  ["string", ".spec.tiny"],
  ["string", ".spec.large"],
  ["string", ".metadata.creationTimestamp"],
  ["string", ".metadata.annotations.a\\.example/key"],
  ["string", ".metadata.annotations['a\\.example/key']"],
  ["string", '.status.conditions[?(@.type=="Ready")].status'],
  ["string", ".status.conditions[?(@.type=='Synced')].reason"],
  ["string", '.status.conditions[?(@.type=="None")].status'],
  ["string", ".status.conditions[?(@.message)].message"],
  ["string", ".status.conditions[?(@.generation>2)].type"],
  ["string", ".status.conditions[?(@.generation<=2)].type"],
  ["string", ".status.conditions[?(@.type!='Ready')].type"],
  ["string", ".status.conditions[?(@.type>=2)].type"],
  ["string", ".spec.text[?(@.type=='x')]"],
  ["string", ".spec.list[0]"],
  ["string", ".spec.list[-1]"],
  ["string", ".spec.list[1:3]"],
  ["string", ".spec.list[::2]"],
  ["string", ".spec.list[9]"],
  ["string", ".spec.list[*]"],
  ["string", ".spec.list.*"],
  ["string", ".spec.list[2,0]"],
  ["string", ".spec['map','text']"],
  ["string", ".spec.text[0]"],
  ["string", "..deep"],
  ["string", ".spec..deep"],
  ["integer", ".spec.count"],
  ["integer", ".spec.share"],
  ["integer", ".spec.text"],
  ["integer", ".spec.huge"],
  ["number", ".spec.share"],
  ["number", ".spec.count"],
  ["number", ".spec.flag"],
  ["boolean", ".spec.flag"],
  ["boolean", ".spec.text"],
  ["date", ".metadata.creationTimestamp"],
  ["date", ".spec.when"],
  ["date", ".spec.text"],
  ["date", ".spec.empty"],
  ["date", ".spec.count"],
  ["date", ".spec.missing"],
];

const columns = COLUMNS.map(([type, jsonPath], index) => ({ name: `C${index}`, type, jsonPath }));

function version(name: string, additionalPrinterColumns: JsonObject[]): JsonObject {
  const schema = { openAPIV3Schema: { type: "object", properties: { spec: ANY, status: ANY } } };
  return { name, served: true, storage: name === "v1", schema, additionalPrinterColumns };
}

/** Three versions: all columns, none, and one whose second path nobody can read. */
export const widgetDefinition: JsonObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.a.example" },
  spec: {
    group: "a.example",
    scope: "Namespaced",
    names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
    versions: [
      version("v1", columns),
      version("v1beta1", []),
      version("v1alpha1", [
        {
          name: "Text",
          type: "string",
          jsonPath: ".spec.text",
          description: "What it says.",
          priority: 1,
          format: "byte",
        },
        { name: "Broken", type: "string", jsonPath: '.spec["text"]' },
        { name: "Behind", type: "string", jsonPath: ".spec.text" },
      ]),
    ],
  },
};

const widget = (name: string, annotations: JsonObject, body: JsonObject): Planted => ({
  path: `a.example/widgets/shop/${name}`,
  object: { apiVersion: "a.example/v1", kind: "Widget", metadata: { name, namespace: "shop", annotations }, ...body },
});

/** One with a value for every column, and one with none. */
export const widgets: readonly Planted[] = [
  widget(
    "full",
    { "a.example/key": "annotated" },
    {
      spec: {
        text: "a <b> & 'c'",
        nothing: null,
        map: { b: 1, a: { inner: "<found>" } },
        list: ["x", { deep: "y" }, "z", "last"],
        flag: true,
        count: 12345678,
        huge: 2 ** 53,
        share: 1234567.5,
        tiny: 0.00001,
        large: 1.5e30,
        when: "2025-01-01T00:00:00Z",
        empty: "",
      },
      status: {
        conditions: [
          { type: "Synced", status: "Unknown", reason: "Waiting", generation: 1 },
          { type: "Ready", status: "True", message: "all is (well)", generation: 3 },
        ],
      },
    },
  ),
  widget("bare", {}, {}),
];
