import { namespaceOf } from "../catalog.ts";
import type { Content } from "../content.ts";
import type { Ownership } from "../folders/ownership.ts";
import { refTitle } from "../git-ref.ts";
import type { Planning } from "./planning.ts";
import { type RetainedObject, type SettledObject, sourceContent } from "./retain.ts";

/** What Git keeps of an object, or why nobody can say what an environment is to have of it. */
export type Settled = SettledObject | { readonly unsettled: string };

/**
 * Holds what Git keeps of an object against where environments are deployed now. What was changed for another cluster
 * must not go to the source cluster, nor what is in another namespace to the one that is configured now; and an
 * environment that is new gets nothing that it would have otherwise.
 * @param before the folder's environments as Git has them
 */
export function settleKept(
  folder: string,
  kept: RetainedObject,
  before: Ownership["environments"],
  { environments, settingsOf }: Pick<Planning, "environments" | "settingsOf">,
): Settled {
  const own = namespaceOf(folder);
  const title = refTitle(kept.missing.ref);
  const overlays = new Map(kept.overlays);
  const without = [...kept.missing.without];
  const fromSource = sourceContent(kept, before);
  const names = environments.filter(({ source }) => source === kept.source).map(({ name }) => name);
  for (const name of names) {
    const { overridden, namespace } = settingsOf(own, name);
    const origin = before[name];
    const content = overlays.get(name);
    if (origin === undefined) {
      if (overridden || fromSource === undefined) without.push(name);
    } else if (content !== undefined && !overridden && origin.elsewhere) {
      if (fromSource === undefined)
        return { unsettled: `${title} is in ${name} as it was changed for another cluster` };
      overlays.set(name, fromSource);
    } else if (content !== undefined && overridden && namespace !== (origin.namespace ?? own)) {
      return { unsettled: `${title} is in ${name} for namespace ${origin.namespace ?? own}, and not for ${namespace}` };
    }
  }
  const settled = { ...kept, overlays, missing: { ...kept.missing, without } };
  if (isLost(settled, names, before, fromSource)) {
    return { unsettled: `${title} is in no environment any more, and what the new ones would have of it is not known` };
  }
  const has = (name: string) => overlays.has(name) || (before[name] === undefined && !without.includes(name));
  const isShown = names.some((name) => !settingsOf(own, name).overridden && has(name));
  return { ...settled, gave: isShown || keepsBase(kept, before, environments) ? fromSource : undefined };
}

/** Whether the base is what the source gave, and no other source comes to have a share in it. */
function keepsBase(
  { base, baseIsSource, source: own }: RetainedObject,
  before: Ownership["environments"],
  environments: Planning["environments"],
): boolean {
  const isApart = (name: string) => before[name]?.standalone === true;
  return (
    base !== undefined && baseIsSource && environments.every(({ name, source }) => source === own || isApart(name))
  );
}

/** Whether an object that was in environments which are no longer configured would be in none of the new ones either. */
function isLost(
  { missing, overlays }: RetainedObject,
  names: readonly string[],
  before: Ownership["environments"],
  fromSource: Content | undefined,
): boolean {
  const fresh = names.filter((name) => before[name] === undefined);
  if (!missing.everywhere || fresh.length === 0 || names.some((name) => overlays.has(name))) return false;
  return fromSource === undefined || fresh.every((name) => missing.without.includes(name));
}
