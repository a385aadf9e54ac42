import { createHash, createHmac, hkdfSync } from "node:crypto";
import type { Secret } from "@kubeferry/model";
import type { CleanSecret } from "./clean-secret.ts";

/**
 * What tells whether a Secret, or whom it is encrypted to, changed since its file was made: encryption gives other bytes
 * each time. Stands in the repository, so it must not let anybody try out values.
 */
export type Fingerprint = (
  secret: CleanSecret,
  version: SecretVersion | undefined,
  recipe: string,
) => string | undefined;

/** What a cluster itself says of an object's content. */
export interface SecretVersion {
  readonly uid: string;
  readonly resourceVersion: string;
}

const PURPOSE = "kubeferry fingerprint of Secrets in Git, 1";

/**
 * With an age identity, an HMAC-SHA256 under a key that is derived from it: without the identity it says nothing, not
 * even about a value that can be guessed. Without one, the object's uid and resourceVersion stand for its content: then
 * whatever touches the Secret gives a new file. Where there is neither, nothing tells: undefined.
 * @param identities `encryption.identities`; the first one counts
 */
export function createFingerprint(identities: readonly Secret[]): Fingerprint {
  const identity = identities
    .flatMap((each) => each.reveal().split(/\s+/))
    .find((word) => /^AGE-SECRET-KEY-/.test(word));
  if (identity === undefined) return byVersion;
  const key = Buffer.from(hkdfSync("sha256", identity, "", PURPOSE, 32));
  return (secret, _version, recipe) => {
    const hmac = createHmac("sha256", key).update(JSON.stringify([recipe, canonical(secret)]));
    return `hmac-sha256:${hmac.digest("hex")}`;
  };
}

function byVersion(_secret: CleanSecret, version: SecretVersion | undefined, recipe: string): string | undefined {
  if (version === undefined) return undefined;
  const text = JSON.stringify([version.uid, version.resourceVersion, recipe]);
  return `version:${createHash("sha256").update(text).digest("hex")}`;
}

/** Maps as sorted lists: the order in which a server names keys says nothing. */
function canonical({ name, namespace, type, immutable, labels, annotations, data }: CleanSecret): unknown {
  const sorted = (map: Readonly<Record<string, string>>) =>
    Object.entries(map).sort(([left], [right]) => (left < right ? -1 : 1));
  return [namespace, name, type, immutable, sorted(labels), sorted(annotations), sorted(data)];
}
