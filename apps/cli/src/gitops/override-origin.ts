import type { ExplainedChange, ExplainedEnvironment, GitOpsExplanation } from "@kubeferry/layout";
import type { Setting } from "@kubeferry/shared-config";

/** A change with the place in the configuration that says so, as people find it. */
export interface OriginatedChange {
  readonly field: string;
  /** As text, JSON where it is no plain text; null where there was nothing. */
  readonly before: string | null;
  /** null where nothing is left. */
  readonly after: string | null;
  /** "gitops.environments.dev.images[0]". */
  readonly from: string;
  /** "kubeferry.yaml:12"; null where no source of the configuration says it by itself. */
  readonly origin: string | null;
}

/** An environment whose changes say where they come from. */
export interface OriginatedEnvironment extends Omit<ExplainedEnvironment, "changes"> {
  readonly changes: readonly { readonly object: string; readonly fields: readonly OriginatedChange[] }[];
}

/** An explanation whose changes say where they come from. */
export interface OriginatedExplanation extends Omit<GitOpsExplanation, "environments"> {
  readonly environments: readonly OriginatedEnvironment[];
}

/** Adds file and line to every change of an explanation. */
export function withOrigins(explanation: GitOpsExplanation, settings: readonly Setting[]): OriginatedExplanation {
  const environments = explanation.environments.map((environment) => ({
    ...environment,
    changes: environment.changes.map(({ object, fields }) => ({
      object,
      fields: fields.map((change) => originated(change, settings)),
    })),
  }));
  return { ...explanation, environments };
}

function originated({ field, before, after, from }: ExplainedChange, settings: readonly Setting[]): OriginatedChange {
  return { field, before: shown(before), after: shown(after), from: dotted(from), origin: originOf(from, settings) };
}

/** A list is one setting, so an entry of it is found where the list is written. */
function originOf(path: ExplainedChange["from"], settings: readonly Setting[]): string | null {
  const list = path.findIndex((step) => typeof step === "number");
  const wanted = dotted(list < 0 ? path : path.slice(0, list));
  return settings.find(({ key }) => key === wanted)?.origin ?? null;
}

function dotted(path: ExplainedChange["from"]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

function shown(value: ExplainedChange["before"]): string | null {
  if (value === undefined) return null;
  if (typeof value === "string") return value;
  return JSON.stringify(value, (_key, inside: unknown) => (typeof inside === "bigint" ? String(inside) : inside));
}
