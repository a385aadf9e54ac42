import { Buffer } from "node:buffer";
import { type Cleaner, WITHHELD_ANNOTATION, withholdSecret } from "@kubeferry/clean";
import { annotationOf, at, type JsonObject, keysAt, parseJson, type ResourceType, textAt } from "@kubeferry/model";

/** A Secret as far as it may be written: its values for those who encrypt them, and nothing of them elsewhere. */
export interface CleanSecret {
  readonly name: string;
  readonly namespace: string;
  /** "Opaque", "kubernetes.io/tls", … */
  readonly type: string;
  readonly immutable: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Values in base64, by key; keys in order. */
  readonly data: Readonly<Record<string, string>>;
}

/** Marks of the tools that brought a Secret into a cluster: they say nothing about the Secret. */
const MARKS =
  /^(kubectl\.kubernetes\.io\/last-applied-configuration|sealedsecrets\.bitnami\.com\/|reconcile\.external-secrets\.io\/|argocd\.argoproj\.io\/tracking-id$)/;

/**
 * Takes a Secret apart. Kubectl's copy of its input goes, whatever the cleaning rules are set to, and so does every
 * label and annotation that repeats a value.
 * @param isCopy true for a text that holds the value of any Secret
 */
export function cleanSecret(
  live: JsonObject,
  type: ResourceType,
  cleaner: Cleaner,
  isCopy: (text: string) => boolean,
): CleanSecret {
  const cleaned = cleaner.clean(live, type, { ours: () => true }).object;
  // What is emptied where values are withheld is what repeats one.
  const bare = parseJson(withholdSecret(Buffer.from(JSON.stringify(live), "utf8")).toString("utf8")) as JsonObject;
  const keep = (field: string) => {
    const kept = keysAt(cleaned, "metadata", field).flatMap((name) => {
      const value = textAt(cleaned, "metadata", field, name) ?? "";
      const repeats = textAt(bare, "metadata", field, name) !== value || isCopy(value) || isCopy(name);
      return MARKS.test(name) || name === WITHHELD_ANNOTATION || repeats ? [] : [[name, value] as const];
    });
    return Object.fromEntries(kept.sort(([left], [right]) => (left < right ? -1 : 1)));
  };
  return {
    name: textAt(live, "metadata", "name") ?? "",
    namespace: textAt(live, "metadata", "namespace") ?? "",
    type: textAt(live, "type") ?? "Opaque",
    immutable: at(live, "immutable") === true,
    labels: keep("labels"),
    annotations: keep("annotations"),
    data: dataOf(live),
  };
}

/** As an API server merges them: what stands in clear under `stringData`, which only files have, counts. */
function dataOf(live: JsonObject): Readonly<Record<string, string>> {
  const data = keysAt(live, "data").map((key) => [key, base64At(live, key) ?? ""] as const);
  const clear = keysAt(live, "stringData").map((key) => {
    return [key, Buffer.from(textAt(live, "stringData", key) ?? "", "utf8").toString("base64")] as const;
  });
  const merged = new Map([...data, ...clear]);
  return Object.fromEntries([...merged].sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** The value of a key of `data`, without the line feeds that files break it by; undefined for what is no base64. */
function base64At(live: JsonObject, key: string): string | undefined {
  const value = at(live, "data", key);
  if (value === null) return "";
  const dense = typeof value === "string" ? value.replace(/[\r\n]/g, "") : "?";
  return dense.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(dense) ? dense : undefined;
}

/**
 * Why no API server would take a Secret as it is: then its values are not what they seem. Names keys, never a value.
 * @returns undefined for one that is a Secret
 */
export function unusableSecret(live: JsonObject): string | undefined {
  if (at(live, "sops") !== undefined) return "its values are encrypted by sops already";
  const broken = keysAt(live, "data").find((key) => base64At(live, key) === undefined);
  if (broken !== undefined) return `its value ${JSON.stringify(broken)} is not base64`;
  const clear = keysAt(live, "stringData").find((key) => textAt(live, "stringData", key) === undefined);
  return clear === undefined ? undefined : `its value ${JSON.stringify(clear)} is no text`;
}

/** The annotation by which a file of ours that stands for a Secret is known again in the cluster. */
const STANDS_FOR = "kubeferry.io/stands-for";
/** The groups of what may stand for a Secret: on anything else the annotation says nothing. */
const STAND_IN_GROUPS: ReadonlySet<string> = new Set(["external-secrets.io", "bitnami.com"]);

/** True for an ExternalSecret or SealedSecret that came from a repository of ours: it is made from its Secret again. */
export function standsForSecret(object: JsonObject): boolean {
  const group = (textAt(object, "apiVersion") ?? "").split("/", 1)[0] ?? "";
  return STAND_IN_GROUPS.has(group) && annotationOf(object, STANDS_FOR) === "Secret";
}

/** The annotations of every object of ours that stands for a Secret: pruned, it could take its Secret with it. */
export const STAND_IN_ANNOTATIONS = {
  "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
  [STANDS_FOR]: "Secret",
} as const;
