import { createHash, createHmac, hkdfSync } from "node:crypto";
import type { JsonObject, Secret } from "@kubeferry/model";
import { textAt } from "../json-fields.ts";
import type { CleanSecret } from "./clean-secret.ts";

/**
 * What tells whether a Secret, or whom it is encrypted to, changed since its file was made: encryption gives other bytes
 * each time. Stands in the repository, so it must not let anybody try out values.
 */
export type Fingerprint = (secret: CleanSecret, live: JsonObject, recipe: string) => string;

const PURPOSE = "kubeferry fingerprint of Secrets in Git, 1";

/**
 * With an age identity, an HMAC-SHA256 under a key that is derived from it: without the identity it says nothing, not
 * even about a value that can be guessed. Without one, the object's uid and resourceVersion stand for its content: then
 * whatever touches the Secret gives a new file.
 * @param identities `encryption.identities`; the first one counts
 */
export function createFingerprint(identities: readonly Secret[]): Fingerprint {
  const identity = identities
    .flatMap((each) => each.reveal().split(/\s+/))
    .find((word) => /^AGE-SECRET-KEY-/.test(word));
  if (identity === undefined) return byVersion;
  const key = Buffer.from(hkdfSync("sha256", identity, "", PURPOSE, 32));
  return (secret, _live, recipe) => {
    const hmac = createHmac("sha256", key).update(JSON.stringify([recipe, canonical(secret)]));
    return `hmac-sha256:${hmac.digest("hex")}`;
  };
}

function byVersion(_secret: CleanSecret, live: JsonObject, recipe: string): string {
  const version = [textAt(live, "metadata", "uid"), textAt(live, "metadata", "resourceVersion"), recipe];
  return `version:${createHash("sha256").update(JSON.stringify(version)).digest("hex")}`;
}

/** Maps as sorted lists: the order in which a server names keys says nothing. */
function canonical({ name, namespace, type, immutable, labels, annotations, data }: CleanSecret): unknown {
  const sorted = (map: Readonly<Record<string, string>>) =>
    Object.entries(map).sort(([left], [right]) => (left < right ? -1 : 1));
  return [namespace, name, type, immutable, sorted(labels), sorted(annotations), sorted(data)];
}
