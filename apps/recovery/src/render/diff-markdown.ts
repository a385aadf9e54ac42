import { code } from "@kubeferry/layout";
import { typeName } from "@kubeferry/model";
import type { Diff } from "../diff/diff-sides.ts";
import type { ObjectDifference } from "../diff/difference.ts";
import { notComparedTexts, summaryText } from "./diff-text.ts";
import type { MarkedLine } from "./marked-line.ts";
import { fieldText } from "./value-text.ts";

/** A comparison as Markdown, for a request or a ticket. Whatever strangers wrote stands in it as code. */
export async function* diffMarkdown({ report, differences }: Diff): AsyncIterable<MarkedLine> {
  yield* lines(`**${summaryText(report)}**`, "", `- before: ${code(report.before)}`, `- after: ${code(report.after)}`);
  let place: string | undefined;
  for await (const difference of differences.all()) {
    const namespace = difference.namespace ?? "";
    if (namespace !== place) {
      yield* lines("", namespace === "" ? "### Cluster" : `### Namespace ${code(namespace)}`, "");
    }
    place = namespace;
    yield* lines(
      objectText(difference),
      ...difference.fields.map((field) => `  - ${code(field.path)}: ${code(fieldText(field))}`),
    );
  }
  const remarks = notComparedTexts(report);
  if (remarks.length > 0) yield* lines("", "### Not compared", "", ...remarks.map((remark) => `- ${code(remark)}`));
}

function objectText({ type, name, change, encrypted, recreated }: ObjectDifference): string {
  const remarks = [
    ...(encrypted === true ? ["encrypted: in what it differs is not known"] : []),
    ...(recreated === true ? ["deleted and made again"] : []),
  ];
  return `- ${[change, ...remarks].join(", ")}: ${code(`${typeName(type)} ${name}`)}`;
}

function* lines(...texts: readonly string[]): Iterable<MarkedLine> {
  for (const text of texts) yield { mark: "plain", text };
}
