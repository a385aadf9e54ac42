import type { JsonObject } from "@kubeferry/model";
import type { DestinationConfig } from "@kubeferry/shared-config";
import { applicationName } from "../argocd/names.ts";
import { type CatalogEntry, namespaceFolder } from "../catalog.ts";
import type { Content } from "../content.ts";
import { rulesOf } from "../environments/overrides/rules.ts";
import type { FolderSettings, SettingsOf } from "../environments/settings.ts";
import { namesIn } from "../environments/variants.ts";
import type { Generation } from "../generation.ts";
import { refTitle } from "../git-ref.ts";
import type { Environment } from "../read/open-sources.ts";
import type { NamespaceScope } from "../select/namespace-scope.ts";
import { type ExplainedChange, explainChanges } from "./explain-changes.ts";

/** What one environment makes of a namespace. */
export interface ExplainedEnvironment {
  readonly environment: string;
  /** The cluster that it is made from: "crc.testing/wrl62". */
  readonly source: string;
  /** The Applications that deploy it, and where; none: people do. */
  readonly applications: readonly { readonly name: string; readonly destination: DestinationConfig }[];
  /** What the namespace is called there. */
  readonly namespace: string;
  readonly autoSync: boolean;
  /** Why overrides do not count; null where they do. */
  readonly noOverrides: string | null;
  /** Objects that this environment does not get although its source has them. */
  readonly leftOut: readonly string[];
  /** What is different there, object by object. */
  readonly changes: readonly { readonly object: string; readonly fields: readonly ExplainedChange[] }[];
}

/** What is known of a namespace once its objects were read. */
export interface ExplainedNamespace {
  readonly namespace: string;
  readonly settingsOf: SettingsOf;
  readonly scope: NamespaceScope;
  readonly generation: Pick<Generation, "scaledIn">;
  readonly entries: ReadonlyMap<string, CatalogEntry>;
  read(content: Content): Promise<JsonObject>;
}

/** Says what an environment does with a namespace. */
export async function explainEnvironment(
  { name: environment, source }: Environment,
  of: ExplainedNamespace,
): Promise<ExplainedEnvironment> {
  const { namespace, settingsOf } = of;
  const settings = settingsOf(namespace, environment);
  const changes: ExplainedEnvironment["changes"][number][] = [];
  for (const entry of of.entries.values()) {
    const content = entry.contents.get(source);
    if (content === undefined || !settings.overridden || entry.leftOutOf.has(environment)) continue;
    const fields = fieldsOf(await of.read(content), entry, settings, { environment, source, of });
    if (fields.length > 0) changes.push({ object: refTitle(entry.ref), fields });
  }
  const here = [...of.entries.values()].filter(({ contents }) => contents.has(source));
  return {
    environment,
    source,
    applications: settings.places.map(({ name, destination }) => ({
      name: applicationName(namespaceFolder(namespace), environment, name),
      destination,
    })),
    namespace: settings.namespace ?? namespace,
    autoSync: settings.autoSync,
    noOverrides: settings.reason ?? null,
    leftOut: here.filter(({ leftOutOf }) => leftOutOf.has(environment)).map(({ ref }) => refTitle(ref)),
    changes,
  };
}

function fieldsOf(
  object: JsonObject,
  { ref }: CatalogEntry,
  { layers }: FolderSettings,
  asked: { readonly environment: string; readonly source: string; readonly of: ExplainedNamespace },
): readonly ExplainedChange[] {
  const { environment, source, of } = asked;
  const scaled = of.generation
    .scaledIn(source, of.namespace)
    .some(({ group, kind, name }) => group === ref.group && kind === ref.kind && name === ref.name);
  const naming = layers.findLast(({ keys }) => keys.namespace !== undefined);
  return explainChanges(object, {
    rules: rulesOf(layers),
    overridden: { ref, environment, scaled },
    nameOf: namesIn(environment, of.settingsOf, of.scope),
    namespaceFrom: [...(naming?.path ?? ["gitops"]), "namespace"],
  });
}
