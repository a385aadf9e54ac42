import { count, oneByLine, table } from "../present/print.ts";
import type { OriginatedChange, OriginatedEnvironment, OriginatedExplanation } from "./override-origin.ts";

/** How many objects of one reason are named before the rest is only counted. */
const NAMED = 5;

/** What becomes of a namespace, for people. */
export function describeExplanation(explanation: OriginatedExplanation): string {
  const { namespace, notAdopted, snapshots, objects, leftOut, blocked, secrets } = explanation;
  if (notAdopted !== null) return `${namespace} is not adopted: ${notAdopted}`;
  return oneByLine([
    `${namespace}, from ${snapshots.join(", ")}`,
    `in Git: ${count(objects.length, "object")}`,
    ...Object.entries(leftOut).map(([reason, names]) => `left out, ${reason}: ${named(names)}`),
    ...blocked.map(({ object, reason }) => `left out: ${object}: ${reason}`),
    ...(secrets.names.length === 0 ? [] : [`Secrets (gitops.secrets.mode ${secrets.mode}): ${named(secrets.names)}`]),
    ...explanation.environments.flatMap(environmentLines),
  ]);
}

function environmentLines(explained: OriginatedEnvironment): readonly string[] {
  const { environment, source, namespace, noOverrides, leftOut, changes } = explained;
  const overrides = noOverrides === null ? overridesLine(changes.length) : `takes no override: ${noOverrides}`;
  return [
    "",
    `${environment}, made from ${source}; namespace ${namespace}`,
    ...applicationLines(explained),
    ...leftOut.map((object) => `  does not get ${object}`),
    `  ${overrides}`,
    ...changes.flatMap(({ object, fields }) => [`  ${object}`, ...changeLines(fields)]),
  ];
}

function applicationLines({ applications, autoSync }: OriginatedEnvironment): readonly string[] {
  if (applications.length === 0) return ["  no Application: it has no destination"];
  const how = autoSync ? "synced by itself" : "synced by hand";
  return applications.map(({ name, destination }) => {
    const place = "server" in destination ? destination.server : destination.name;
    return `  Application ${name} deploys to ${place}, ${how}`;
  });
}

function overridesLine(changed: number): string {
  return changed === 0 ? "every object as its source has it" : `${count(changed, "object")} changed by overrides`;
}

function changeLines(fields: readonly OriginatedChange[]): readonly string[] {
  return table(fields.map(changeRow))
    .split("\n")
    .map((line) => `    ${line}`);
}

function changeRow({ field, before, after, from, origin }: OriginatedChange): readonly string[] {
  const place = origin === null ? from : `${from} (${origin})`;
  return [field, `${before ?? "(nothing)"} -> ${after ?? "(nothing)"}`, place];
}

function named(names: readonly string[]): string {
  const more = names.length > NAMED ? `, and ${names.length - NAMED} more` : "";
  return `${names.length} (${names.slice(0, NAMED).join(", ")}${more})`;
}
