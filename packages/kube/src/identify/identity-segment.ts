import { KubeError } from "../kube-error.ts";

/** Names and domains become folders of a bucket and parts of URLs: lower-case letters, digits, dots, dashes, underscores. */
const SEGMENT = /^[a-z0-9]([a-z0-9._-]{0,198}[a-z0-9])?$/;

/**
 * Checks a configured name or domain; it is used as written or not at all.
 * @throws KubeError "config" that proposes what would do
 */
export function checkedSegment(what: "name" | "domain", value: string): string {
  if (isSegment(value)) return value;
  const proposal = toSegment(value);
  throw new KubeError({
    kind: "config",
    who: "kube",
    operation: "identify the cluster",
    problem: `cluster.${what} "${value.slice(0, 200)}" cannot be a folder of the bucket`,
    next: `use lower-case letters, digits, dots and dashes${proposal === undefined ? "" : `: "${proposal}"`}`,
  });
}

/** Makes a found name usable: lower case, other characters to dashes. @returns undefined when nothing is left of it */
export function toSegment(found: string): string | undefined {
  const cleaned = found
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/\.{2,}/g, ".")
    .slice(0, 200)
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "");
  return isSegment(cleaned) ? cleaned : undefined;
}

function isSegment(value: string): boolean {
  return SEGMENT.test(value) && !value.includes("..");
}
