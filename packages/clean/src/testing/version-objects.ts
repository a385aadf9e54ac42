import type { JsonObject } from "@kubeferry/model";
import { FIELD_FIXTURES, OBJECT_FIXTURES } from "./fixtures/index.ts";
import { live } from "./live.ts";

/**
 * What the rules version is a digest of: objects on which every rule shows what it does, and texts on which the emitter
 * shows how it writes. Another object here is another version.
 */
export const VERSION_OBJECTS: readonly JsonObject[] = [
  live(
    "v1",
    "ConfigMap",
    {
      status: {},
      data: {
        plain: "apps/v1",
        colon: "nginx:1.25",
        word: "yes",
        number: "1e3",
        time: "12:30:45",
        lines: "a\n\n  b\n\tc\n",
        noEnd: "a\nb",
        manyEnds: "a\n\n",
        blanks: "a \nb",
        controls: "\u0000\u007f\u0085\u2028\ufeff\uffff\u{1f600}",
        n: "y",
        "k: v": "",
        [`long${"g".repeat(1000)}`]: "x",
      },
    },
    {
      labels: { app: "x" },
      annotations: {
        "kubectl.kubernetes.io/last-applied-configuration": "{}",
        "argocd.argoproj.io/tracking-id": "a:/ConfigMap:shop/x",
      },
      managedFields: [],
    },
  ),
  live("example.com/v1", "Widget", {
    spec: {
      numbers: [1, -1, 0.5, 1e-7, 1e21, 9007199254740993n, -(2n ** 63n)],
      lists: [[], [[1], [{}]], [{ a: [{ b: null }] }]],
      words: [true, null, "true", "null", "", " "],
      deep: nested(70),
    },
  }),
  ...FIELD_FIXTURES.flatMap(({ changes, leaves }) => [changes, leaves]),
  ...OBJECT_FIXTURES.flatMap(({ drops, keeps }) => [drops, keeps]),
];

function nested(depth: number): JsonObject {
  return depth === 0 ? { k: "v" } : { a: nested(depth - 1) };
}
