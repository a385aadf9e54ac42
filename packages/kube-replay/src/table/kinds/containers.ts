import type { JsonObject } from "@kubeferry/model";
import { type Column, textColumn, wide } from "../columns.ts";
import { objects, text } from "../fields.ts";

/** Names of the containers of the Pod spec at a path: "web,proxy". */
export function containerNames(...spec: readonly string[]): Column["cell"] {
  return (object) => joined(object, spec, "name");
}

/** Images of the containers of the Pod spec at a path: "nginx:1.29,envoy:v1". */
export function images(...spec: readonly string[]): Column["cell"] {
  return (object) => joined(object, spec, "image");
}

/** The two wide columns that most workloads have. @param spec where the Pod spec is */
export function containerColumns(...spec: readonly string[]): readonly Column[] {
  return [wide(textColumn("Containers", containerNames(...spec))), wide(textColumn("Images", images(...spec)))];
}

function joined(object: JsonObject, spec: readonly string[], field: string): string {
  return objects(object, ...spec, "containers")
    .map((container) => text(container, field))
    .join(",");
}
