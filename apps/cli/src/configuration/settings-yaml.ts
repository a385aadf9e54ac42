import type { OldName, Setting } from "@kubeferry/shared-config";
import { Document } from "yaml";

/** The values as YAML, as a configuration file would say them; secrets are `***`. @param origin whether each is followed by where it was written */
export function settingsYaml(settings: readonly Setting[], oldNames: readonly OldName[], origin: boolean): string {
  const values = documentOf(settings, origin).toString({ lineWidth: 0, flowCollectionPadding: false });
  return `${values}${oldNamesText(oldNames)}`;
}

/** The values as nested sections. */
export function settingsTree(settings: readonly Setting[]): unknown {
  return documentOf(settings, false).toJS();
}

function documentOf(settings: readonly Setting[], origin: boolean): Document {
  const document = new Document({});
  for (const setting of settings) {
    const node = document.createNode(setting.value, { flow: Array.isArray(setting.value) });
    if (origin) node.comment = ` ${setting.origin}`;
    document.setIn(setting.path, node);
  }
  return document;
}

function oldNamesText(oldNames: readonly OldName[]): string {
  if (oldNames.length === 0) return "";
  const lines = oldNames.map((each) => `#   ${each.name} [${each.source}]: ${outcomeText(each)}`);
  return `\n# Old keys, and what became of them:\n${lines.join("\n")}\n`;
}

function outcomeText({ outcome, keys, note }: OldName): string {
  if (outcome !== "read") return `${outcome}: ${note}`;
  return note === "" ? keys.join(", ") : `${keys.join(", ")} (${note})`;
}
