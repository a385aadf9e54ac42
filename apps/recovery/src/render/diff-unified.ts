import { objectKey } from "@kubeferry/model";
import { mirrorKeys } from "@kubeferry/snapshot";
import type { Diff } from "../diff/diff-sides.ts";
import type { ObjectDifference } from "../diff/difference.ts";
import type { MarkedLine } from "./marked-line.ts";

/**
 * A comparison as one unified diff of the objects' YAML, each under the name that its file has in the mirror. Where only
 * it is known that an object differs, a line says so, which `patch` passes over. Of a comparison made with `texts`.
 */
export async function* diffUnified({ differences }: Diff): AsyncIterable<MarkedLine> {
  const keys = mirrorKeys();
  for await (const difference of differences.all()) {
    const { type, namespace, name, change, unified } = difference;
    const file = keys.of(type, objectKey(namespace, name));
    yield { mark: "heading", text: `diff ${file}` };
    if (unified === undefined || unified === "") {
      yield { mark: "plain", text: sameText(difference) };
      continue;
    }
    yield { mark: "heading", text: change === "added" ? "--- /dev/null" : `--- a/${file}` };
    yield { mark: "heading", text: change === "removed" ? "+++ /dev/null" : `+++ b/${file}` };
    for (const text of unified.replace(/\n$/, "").split("\n")) yield { mark: markOf(text), text };
  }
}

function sameText({ change, encrypted }: ObjectDifference): string {
  return encrypted === true ? `# ${change}: encrypted, in what it differs is not known` : `# ${change}`;
}

function markOf(line: string): MarkedLine["mark"] {
  if (line.startsWith("@@")) return "heading";
  return line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "plain";
}
