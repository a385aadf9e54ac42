import type { JsonValue } from "@kubeferry/model";
import type { Evidence } from "../evidence.ts";
import { ownValue, type Path } from "../path.ts";

/** By this name OpenShift's registry controller applies the Secrets that it makes for ServiceAccounts. */
export const PULL_SECRET_MANAGERS: readonly string[] = [
  "openshift.io/image-registry-pull-secrets_service-account-controller",
];

const CONTROLLERS: readonly string[] = [
  "kube-controller-manager",
  "openshift-controller-manager",
  ...PULL_SECRET_MANAGERS,
];

/** Names that the API server completes end in five letters and digits without vowels. */
const PULL_SECRET = /^dockercfg-[bcdfghjklmnpqrstvwxz2456789]{5}$/;
const TOKEN = /^token-[bcdfghjklmnpqrstvwxz2456789]{5}$/;

/** What made the Secret that a ServiceAccount's reference names. */
type Maker = "controller" | "controller, by its name" | "somebody";

/**
 * Who made the Secret behind a reference. The name alone is proof only of OpenShift's registry; of a token it must be
 * known that a controller wrote the reference.
 * @param path the reference
 */
export function makerOf(reference: JsonValue, account: JsonValue | undefined, path: Path, evidence: Evidence): Maker {
  const name = ownValue(reference, "name");
  if (typeof account !== "string" || typeof name !== "string" || !name.startsWith(`${account}-`)) return "somebody";
  const isPullSecret = PULL_SECRET.test(name.slice(account.length + 1));
  if (!isPullSecret && !TOKEN.test(name.slice(account.length + 1))) return "somebody";
  const writers = evidence.writersOf(path);
  if (writers.length === 0) return isPullSecret ? "controller" : "controller, by its name";
  return writers.every((writer) => CONTROLLERS.includes(writer.name)) ? "controller" : "somebody";
}
