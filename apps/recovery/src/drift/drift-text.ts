import { typeName } from "@kubeferry/model";
import type { NotCompared, ObjectDifference } from "../diff/difference.ts";
import type { MarkedLine } from "../render/marked-line.ts";
import { fieldText } from "../render/value-text.ts";
import type { Drift } from "./find-drift.ts";

const WORDS: Readonly<Record<Drift["against"], Readonly<Record<ObjectDifference["change"], string>>>> = {
  git: { removed: "missing", added: "unmanaged", changed: "changed" },
  snapshot: { removed: "gone", added: "new", changed: "changed" },
};

/** Drift for people: one line an object, its fields below it as they should be and as they are. */
export async function* driftText({ against, diff }: Drift): AsyncIterable<MarkedLine> {
  const { report, differences } = diff;
  yield { mark: "heading", text: `against ${report.before}` };
  for await (const { type, namespace, name, change, fields, recreated } of differences.all()) {
    const place = namespace === undefined ? name : `${namespace}/${name}`;
    const remark = recreated === true ? " (deleted and made again)" : "";
    yield { mark: change, text: `  ${driftWord(against, change)}: ${typeName(type)} ${place}${remark}` };
    for (const field of fields) yield { mark: field.kind, text: `      ${field.path}: ${fieldText(field)}` };
  }
  yield { mark: "heading", text: `  ${summary(against, report)}` };
  for (const { resource, reason } of report.notCompared.filter(isUnread)) {
    yield { mark: "plain", text: `  not compared: ${resource}: ${reason}` };
  }
}

function summary(against: Drift["against"], counts: Readonly<Record<ObjectDifference["change"], number>>): string {
  if (counts.added + counts.removed + counts.changed === 0) return "no drift";
  const parts = (["removed", "changed", "added"] as const).map(
    (change) => `${counts[change]} ${WORDS[against][change]}`,
  );
  return parts.join(", ");
}

function isUnread({ because }: NotCompared): boolean {
  return because === "unread";
}

/** What a difference means in a cluster: of Git's objects one can be missing, of the cluster's one unmanaged. */
function driftWord(against: Drift["against"], change: ObjectDifference["change"]): string {
  return WORDS[against][change];
}
