import type { EnvironmentOrigin, Ownership } from "../folders/ownership.ts";
import type { Environment } from "../read/open-sources.ts";
import type { Source } from "../read/source.ts";

/**
 * Says why a folder waits: Git was taken back to an earlier snapshot, and the newest one is from before that, so that it
 * only shows once more what was taken back. A run that was asked for a snapshot by name waits for nothing.
 * @returns undefined where it does not wait
 */
export function waitsAfterRollback(
  ownership: Ownership | undefined,
  { environments, sources }: { readonly environments: readonly Environment[]; readonly sources: readonly Source[] },
): string | undefined {
  for (const { name, source } of environments) {
    const origin = ownership?.environments[name];
    const now = sources.find(({ id }) => id === source);
    if (origin?.rolledBack === undefined || now === undefined || !isFromBefore(now, origin)) continue;
    const { to, newest } = origin.rolledBack;
    return `environment ${name} was rolled back to snapshot ${to} of ${origin.cluster}; it is left as it is until there is a snapshot after number ${newest}, which shows whether the cluster followed`;
  }
  return undefined;
}

function isFromBefore({ at, sequence, origin: { uid, series } }: Source, origin: EnvironmentOrigin): boolean {
  if (at !== undefined || sequence === undefined || origin.rolledBack === undefined) return false;
  return uid === origin.uid && series === origin.series && sequence <= origin.rolledBack.newest;
}
