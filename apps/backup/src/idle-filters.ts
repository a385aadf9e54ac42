import type { Discovery } from "@kubeferry/kube";
import type { Call } from "@kubeferry/model";
import type { FilterConfig } from "@kubeferry/shared-config";
import type { Carrying } from "./carry.ts";
import { isOpenShift } from "./filter/open-shift.ts";

/**
 * Says once what in the filter fitted nothing: a name that is mistyped looks like a cluster that lacks it. Goes to the
 * log and into the report.
 */
export function warnOfIdleFilters(
  discovery: Discovery,
  { writer, selection, state }: Pick<Carrying, "writer" | "selection" | "state">,
  filter: FilterConfig,
  call: Call,
): void {
  const known = [...discovery.types, ...(writer.parent?.manifest.types ?? [])];
  const idle = [...selection.idle(known), ...idleNamespaces(state, filter), ...missingOpenShift(discovery, filter)];
  for (const warning of idle) {
    state.warnings.push(warning);
    call.log.warn("filter fits nothing", {
      operation: "resource_filter",
      data: { reason: "fits_nothing", detail: warning },
    });
  }
}

/** A namespace counts as seen when any type showed an object of it, or the Namespace itself. */
function idleNamespaces({ read }: Carrying["state"], { namespaces, overrides }: FilterConfig): string[] {
  // An override has lists of its own: what fits them says nothing about the general one.
  const general = [...read].filter(([name]) => overrides[name] === undefined).map(([, filter]) => filter);
  if (general.length === 0) return [];
  const idleIn = general.map((filter) => new Set(filter.idleNamespaces()));
  return namespaces.include
    .filter((text) => idleIn.every((idle) => idle.has(text)))
    .map((text) => `backup.filter.namespaces.include: "${text}" fits no namespace in which anything was seen`);
}

function missingOpenShift(discovery: Discovery, { openShift }: FilterConfig): string[] {
  if (openShift !== "enabled" || isOpenShift(discovery)) return [];
  return ["backup.filter.openShift is enabled, and the API server serves none of OpenShift's groups"];
}
