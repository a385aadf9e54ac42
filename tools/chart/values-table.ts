import { isMap, isScalar, type Node, type Pair, parseDocument, type YAMLMap } from "yaml";

/** One value of the chart. */
export interface ChartValue {
  /** `backup.resources`. */
  readonly path: string;
  /** As JSON, on one line. */
  readonly value: string;
  /** What the comment above it says; "" without one. */
  readonly text: string;
}

/** The values of a values.yaml in its order: those without children, and those that have a comment. */
export function valuesOf(source: string): readonly ChartValue[] {
  const { contents } = parseDocument(source);
  return isMap(contents) ? [...below(contents, "")] : [];
}

function* below(map: YAMLMap, above: string): Generator<ChartValue> {
  for (const [index, pair] of (map.items as Pair<Node, Node | null>[]).entries()) {
    const path = `${above}${String(pair.key)}`;
    const inside = isMap(pair.value) && pair.value.items.length > 0 && isSpread(pair.value) ? pair.value : undefined;
    // The comment above the first key belongs, to the parser, to the map.
    const comment = (index === 0 && map.commentBefore) || pair.key.commentBefore || "";
    const value = inside === undefined ? JSON.stringify(pair.value?.toJSON() ?? null) : "";
    if (inside === undefined || comment !== "") yield { path, value, text: plain(comment) };
    if (inside !== undefined) yield* below(inside, `${path}.`);
  }
}

/** One that is written on one line is a value: `{ cpu: 200m }`. */
function isSpread(map: YAMLMap): boolean {
  return map.flow !== true && map.items.every(({ key }) => isScalar(key));
}

function plain(comment: string): string {
  return comment
    .split("\n")
    .map((line) => line.trim())
    .join(" ")
    .trim();
}
