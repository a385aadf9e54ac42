import { emitYaml } from "@kubeferry/clean";
import { apiVersionOf, isJsonObject, parseJson, type ResourceType } from "@kubeferry/model";
import type { Form, ListMetadata } from "./form.ts";

/** YAML; a list's items are written one by one, so that no list has to be in memory. */
export function yamlForm(type: ResourceType): Form {
  const one = (line: Buffer): string => yamlOf(line.toString("utf8"));
  return {
    contentType: "application/yaml",
    one,
    open: () => `${emitYaml({ apiVersion: apiVersionOf(type), kind: `${type.kind}List` })}items:\n`,
    item: (line) => `- ${indented(one(line))}`,
    separator: "",
    close: (metadata: ListMetadata) => emitYaml({ metadata: { ...metadata } }),
    event: (event, line) => `---\n${emitYaml({ type: event })}object:\n  ${indented(one(line))}`,
  };
}

function yamlOf(text: string): string {
  const object = parseJson(text);
  return emitYaml(isJsonObject(object) ? object : {});
}

/** Two blanks before every line but the first; empty lines stay empty. */
function indented(text: string): string {
  return text.replace(/\n(?=[^\n])/g, "\n  ");
}
