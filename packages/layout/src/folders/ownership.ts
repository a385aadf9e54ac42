import { compareUtf8 } from "@kubeferry/model";
import { z } from "zod";
import { type SecretMark, type TextContent, textContent } from "../content.ts";
import type { GitRef } from "../git-ref.ts";
import { GitOpsError } from "../gitops-error.ts";

/** The file that says what of a folder is ours. */
export const OWNERSHIP_FILE = ".kubeferry.json";

/** Whose content an environment's overlay holds. */
export interface EnvironmentOrigin {
  /** "crc.testing/wrl62". */
  readonly cluster: string;
  /** UID of the cluster's kube-system namespace. */
  readonly uid: string;
  readonly series: string;
  /** Present where the overlay holds its objects whole and takes nothing from the base. */
  readonly standalone?: true;
  /** Present where it is deployed to another cluster than its source: only there it may hold something otherwise. */
  readonly elsewhere?: true;
  /** What the folder's namespace is called there, where that is another name. */
  readonly namespace?: string;
  /** Present where it was taken back to an earlier snapshot. */
  readonly rolledBack?: RolledBack;
}

/** Numbers of snapshots: the one that was gone back to, and the newest there was then. */
export interface RolledBack {
  readonly to: number;
  readonly newest: number;
}

/** One file that was generated. */
export interface OwnedFile {
  readonly sha256: string;
  /** The object in it or that it patches, as its source names it; absent for kustomizations, Applications and lists. */
  readonly object?: GitRef;
  /** The file stands for the Secret of this name: it goes when the Secret is gone, whatever became of `object`. */
  readonly secret?: SecretMark;
}

/**
 * What was generated in one folder. It holds nothing that changes from run to run while the cluster does not: no time
 * and no snapshot, which the commit's trailers name; but for a rollback, which lasts until a newer one.
 */
export interface Ownership {
  readonly format: 1;
  /** Version of the cleaning rules. */
  readonly rules: string;
  readonly environments: Readonly<Record<string, EnvironmentOrigin>>;
  /** By path from the folder. */
  readonly files: Readonly<Record<string, OwnedFile>>;
}

/** The ownership file of a folder: equal ownership gives equal bytes. */
export function writeOwnership(ownership: Ownership): TextContent {
  const { format, rules, environments, files } = ownership;
  const text = JSON.stringify(
    { format, rules, environments: sorted(environments), files: sorted(files) },
    undefined,
    2,
  );
  return textContent(`${text}\n`);
}

function sorted<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([left], [right]) => compareUtf8(left, right)));
}

const gitRef = z.object({
  group: z.string(),
  resource: z.string(),
  kind: z.string(),
  namespace: z.string().exactOptional(),
  name: z.string(),
});

const secretMark = z.object({ fingerprint: z.string().exactOptional() });

const origin = z.object({
  cluster: z.string(),
  uid: z.string(),
  series: z.string(),
  standalone: z.literal(true).exactOptional(),
  elsewhere: z.literal(true).exactOptional(),
  namespace: z.string().exactOptional(),
  rolledBack: z.object({ to: z.number(), newest: z.number() }).exactOptional(),
});

const ownershipSchema = z.object({
  format: z.literal(1),
  rules: z.string(),
  environments: z.record(z.string(), origin),
  files: z.record(
    z.string(),
    z.object({ sha256: z.string(), object: gitRef.exactOptional(), secret: secretMark.exactOptional() }),
  ),
});

/**
 * Reads an ownership file.
 * @returns undefined for a text that is none, or not a whole one: somebody edited it
 * @throws GitOpsError "newer-format" for one that a later version wrote
 */
export function readOwnership(text: string, path: string): Ownership | undefined {
  const value = parsed(text);
  const format = z.object({ format: z.number() }).safeParse(value);
  if (format.success && format.data.format > 1) throw newerFormat(path, format.data.format);
  const ownership = ownershipSchema.safeParse(value);
  return ownership.success && isWhole(ownership.data) ? ownership.data : undefined;
}

/** Files that are of no object. */
const OF_NO_OBJECT = /^(kustomization|application(-[^/]+)?)\.yaml$/s;

/**
 * Whether every file says of which object it is, and every overlay what it was made from. Without that nothing could be
 * asked about, and what is not asked about would go.
 */
function isWhole({ environments, files }: Ownership): boolean {
  return Object.entries(files).every(([path, { object }]) => {
    const slash = path.indexOf("/");
    if (slash < 0 || OF_NO_OBJECT.test(path.slice(slash + 1))) return true;
    const folder = path.slice(0, slash);
    const isKnown = folder === "base" ? Object.keys(environments).length > 0 : Object.hasOwn(environments, folder);
    return object !== undefined && isKnown;
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function newerFormat(path: string, format: number): GitOpsError {
  return new GitOpsError({
    kind: "newer-format",
    who: "gitops",
    operation: `read ${path}`,
    problem: `it has format ${format}, this version reads format 1`,
    next: "run a version of kubeferry that is at least as new as the one that wrote it",
  });
}
