import { type JsonObject, textAt } from "@kubeferry/model";

/** What a JSON patch is for, as a kustomization says it: each field a regular expression that kustomize anchors. */
export interface PatchTarget {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** The target that fits this object and no other. */
export function targetOf(object: JsonObject): PatchTarget {
  const apiVersion = textAt(object, "apiVersion") ?? "";
  const slash = apiVersion.indexOf("/");
  const namespace = textAt(object, "metadata", "namespace");
  return {
    // An empty group would stand for any group, not for core: a Service of Knative has the name of one of core.
    group: slash < 0 ? "^$" : literally(apiVersion.slice(0, slash)),
    version: literally(apiVersion.slice(slash + 1)),
    kind: literally(textAt(object, "kind") ?? ""),
    name: literally(textAt(object, "metadata", "name") ?? ""),
    ...(namespace === undefined ? {} : { namespace: literally(namespace) }),
  };
}

/** A target as it stands in a kustomization; undefined where it is not one that `targetOf` makes. */
export function targetedBy(written: JsonObject): PatchTarget | undefined {
  const [group, version, kind, name, namespace] = ["group", "version", "kind", "name", "namespace"].map((field) =>
    textAt(written, field),
  );
  if (group === undefined || version === undefined || kind === undefined || name === undefined) return undefined;
  const target = { group, version, kind, name, ...(namespace === undefined ? {} : { namespace }) };
  return Object.keys(written).length === Object.keys(target).length ? target : undefined;
}

/** The regular expression for exactly this text. */
function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
