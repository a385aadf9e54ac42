import { Buffer } from "node:buffer";
import { clean, dropReason, emitJson, emitYaml, equalJson, parseYaml, rulesVersion } from "@kubeferry/clean";
import { type JsonObject, parseJson, type ResourceType } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";
import { type CapturedObject, isSecrets, type MirrorView, mirrorKeys } from "@kubeferry/snapshot";
import { BackupError } from "./backup-error.ts";

/** What of a configuration shapes the mirror. */
export type MirrorSettings = Pick<Config, "layout"> & { readonly backup: Pick<Config["backup"], "mirror" | "secrets"> };

/** The mirror: one cleaned file an object. Secrets are in it only when the operator wrote `plain`. */
export function mirrorView({ layout, backup }: MirrorSettings): MirrorView {
  const { format, maxResourceBytes } = backup.mirror;
  const keys = mirrorKeys(layout.key, format);
  const secrets = backup.secrets === "plain" ? "plain" : "none";
  return {
    fingerprint: `${keys.fingerprint} rules-${rulesVersion} secrets-${secrets} max-${maxResourceBytes}`,
    keys,
    maxObjectBytes: maxResourceBytes,
    render: (type, object) => render(type, object, backup),
  };
}

function render(
  type: ResourceType,
  object: CapturedObject,
  { mirror, secrets }: MirrorSettings["backup"],
): Buffer | undefined {
  if (secrets !== "plain" && isSecrets(type)) return undefined;
  const live = parseJson(object.line.toString("utf8")) as JsonObject;
  if (dropReason(live, type) !== undefined) return undefined;
  const shown = clean(live, type).object;
  const text = mirror.format === "json" ? emitJson(shown) : emitYaml(shown);
  if (mirror.validate) checkText(text, shown, mirror.format);
  return Buffer.from(text, "utf8");
}

/** `backup.mirror.validate`: what a reader would read is what was written. */
function checkText(text: string, written: JsonObject, format: "yaml" | "json"): void {
  if (equalJson(format === "json" ? parseJson(text) : parseYaml(text), written)) return;
  throw new BackupError({
    kind: "invalid",
    who: "backup",
    operation: "write a mirror file",
    problem: "the file reads back as something else than the object",
    next: "this is a mistake in the program, please report it; the snapshot has the object",
  });
}
