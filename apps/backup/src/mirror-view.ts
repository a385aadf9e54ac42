import { Buffer } from "node:buffer";
import { type Cleaner, createCleaner, emitJson, emitYaml, equalJson, parseYaml } from "@kubeferry/clean";
import { type JsonObject, parseJson, type ResourceType } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";
import { type CapturedObject, isSecrets, type MirrorView, mirrorKeys } from "@kubeferry/snapshot";
import { BackupError } from "./backup-error.ts";

/** What of a configuration shapes the mirror. */
export type MirrorSettings = Pick<Config, "clean" | "layout"> & {
  readonly backup: Pick<Config["backup"], "mirror" | "secrets">;
};

/** The mirror: one cleaned file an object. Secrets are in it only when the operator wrote `plain`. */
export function mirrorView({ clean, layout, backup }: MirrorSettings): MirrorView {
  const { format, maxResourceBytes } = backup.mirror;
  const cleaner = cleanerOf(clean, backup.mirror);
  const keys = mirrorKeys(layout.key, format);
  const secrets = backup.secrets === "plain" ? "plain" : "none";
  return {
    fingerprint: `${keys.fingerprint} rules-${cleaner.fingerprint} secrets-${secrets} max-${maxResourceBytes}`,
    keys,
    maxObjectBytes: maxResourceBytes,
    render: (type, object) => render(type, object, cleaner, backup),
  };
}

/** The rules of the configuration; what `mirror` wants to see stays beside that. */
function cleanerOf(
  clean: Config["clean"],
  { includeStatus, includeManagedFields }: Config["backup"]["mirror"],
): Cleaner {
  const stays = [...(includeStatus ? ["status"] : []), ...(includeManagedFields ? ["managed-fields"] : [])];
  return createCleaner({ ...clean, disable: [...clean.disable, ...stays] });
}

function render(
  type: ResourceType,
  object: CapturedObject,
  cleaner: Cleaner,
  { mirror, secrets }: MirrorSettings["backup"],
): Buffer | undefined {
  if (secrets !== "plain" && isSecrets(type)) return undefined;
  const live = parseJson(object.line.toString("utf8")) as JsonObject;
  if (cleaner.dropReason(live, type) !== undefined) return undefined;
  const shown = cleaner.clean(live, type).object;
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
