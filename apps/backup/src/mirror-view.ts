import { Buffer } from "node:buffer";
import { clean, dropReason, emitYaml, rulesVersion } from "@kubeferry/clean";
import { type JsonObject, parseJson, type ResourceType, type SecretsMode, typeName } from "@kubeferry/model";
import type { CapturedObject, MirrorView } from "@kubeferry/snapshot";

/** Changes when the mirror's keys do. */
const KEY_LAYOUT = "keys-1";

/** The mirror: one cleaned YAML file an object. Secrets are in it only when the operator wrote `plain`. */
export function mirrorView(secrets: SecretsMode): MirrorView {
  return {
    fingerprint: `${KEY_LAYOUT} rules-${rulesVersion} secrets-${secrets === "plain" ? "plain" : "none"}`,
    render: (type, object) => render(type, object, secrets),
  };
}

function render(type: ResourceType, object: CapturedObject, secrets: SecretsMode): Buffer | undefined {
  if (secrets !== "plain" && typeName(type) === "secrets") return undefined;
  const live = parseJson(object.line.toString("utf8")) as JsonObject;
  if (dropReason(live, type) !== undefined) return undefined;
  return Buffer.from(emitYaml(clean(live, type).object), "utf8");
}
