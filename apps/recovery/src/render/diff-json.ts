import { emitJson } from "@kubeferry/clean";
import { apiVersionOf, type JsonObject } from "@kubeferry/model";
import type { Diff } from "../diff/diff-sides.ts";
import type { ObjectDifference } from "../diff/difference.ts";

/** A comparison as one JSON document, in pieces: it is never whole in memory. 64-bit integers are written as they are. */
export async function* diffJson({ report, differences }: Diff): AsyncIterable<string> {
  const { added, removed, changed, ...rest } = report;
  const head = emitJson({ ...rest, summary: { added, removed, changed } } as unknown as JsonObject);
  yield head.replace(/\n}\n$/, ',\n  "differences": [');
  let separator = "\n";
  for await (const difference of differences.all()) {
    yield separator + indented(emitJson(plainDifference(difference)));
    separator = ",\n";
  }
  yield separator === "\n" ? "]\n}\n" : "\n  ]\n}\n";
}

function plainDifference({ type, unified: _, fields, ...rest }: ObjectDifference): JsonObject {
  const { kind, resource } = type;
  const changes = fields as unknown as JsonObject[];
  return { apiVersion: apiVersionOf(type), kind, resource, ...rest, fields: changes };
}

function indented(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, "    ");
}
