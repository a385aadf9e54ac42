/** A part of a JSON Schema. */
export type Node = Readonly<Record<string, unknown>>;

/** A value is one reference, or a proxy without a password: whoever may read values reads nothing secret. */
const REFERENCE = "^\\$\\{[^}]+\\}$";
const REFERENCE_OR_OPEN_URL = "^\\$\\{[^}]+\\}$|^https?://[^@\\s]+$";

/** What Go's expressions have no word for; kubeferry looks at these itself when it starts. */
const LOOKS_AROUND = /\(\?[=!<]/;

/** Sections that `clusters[]` lays its own keys over; the configuration's schema says no more of them than that. */
const OVERLAID = ["kubernetes", "store", "backup", "retention", "limits"];

/**
 * The schema of a configuration file as a part of the chart's values: nothing is required, because several parts make
 * one configuration and variables may bring the rest, and what is secret is a reference.
 */
export function asChartConfig(schema: Node): Node {
  const { $schema: _, title: _title, ...root } = schema;
  const loose = asValue(root, "") as { readonly properties: Readonly<Record<string, Node>> };
  const clusters = loose.properties.clusters as { readonly items: { readonly properties: Node } };
  const overlays = OVERLAID.map((name) => [name, { $ref: `#/definitions/config/properties/${name}` }]);
  const items = {
    ...clusters.items,
    properties: { ...clusters.items.properties, ...Object.fromEntries(overlays) },
  };
  return { ...loose, properties: { ...loose.properties, clusters: { ...clusters, items } } };
}

function asValue(node: unknown, name: string): unknown {
  if (Array.isArray(node)) return node.map((each) => asValue(each, name));
  if (typeof node !== "object" || node === null) return node;
  const { required: _, default: _default, oneOf, writeOnly, ...rest } = node as Record<string, unknown>;
  const parts = Object.entries(rest).flatMap(([key, value]) => {
    if (key === "pattern" && LOOKS_AROUND.test(String(value))) return [];
    if (key !== "properties") return [[key, asValue(value, name)]];
    const properties = Object.entries(value as Node).map(([each, child]) => [each, asValue(child, each)]);
    return [[key, Object.fromEntries(properties)]];
  });
  const open = {
    ...Object.fromEntries(parts),
    // Without what is required more than one of them may fit.
    ...(oneOf === undefined ? {} : { anyOf: asValue(oneOf, name) }),
  };
  if (writeOnly !== true) return open;
  return { ...open, pattern: name === "proxy" ? REFERENCE_OR_OPEN_URL : REFERENCE };
}
