import { CLUSTER_FOLDER, namespaceFolder } from "@kubeferry/layout";
import type { ValidationSummary } from "@kubeferry/model";
import type { RequestFacts } from "../request-text.ts";
import type { Part } from "./part.ts";

/** What is said of a run as far as it concerns one part of it; all of it for the part that is everything. */
export function factsOfPart(facts: RequestFacts, { name, plan }: Part): RequestFacts {
  if (name === undefined) return { ...facts, plan };
  const folders = new Set(plan.folders.map(({ folder }) => folder));
  const isMeant = (object: string) => folders.has(folderOfTitle(object) ?? object) || isUnplaced(object, facts);
  const { findings } = facts;
  return {
    ...facts,
    part: name,
    plan,
    blocked: facts.blocked.filter(({ object }) => isMeant(object)),
    frozen: facts.frozen.filter(({ folder }) => folders.has(folder)),
    findings: {
      allowed: findings.allowed.filter(({ object }) => isMeant(object)),
      secrets: findings.secrets.filter(({ folder }) => folders.has(folder)),
      leftOut: new Map([...findings.leftOut].filter(([folder]) => folders.has(folder))),
      taken: findings.taken,
      warnings: findings.warnings,
      validation: validationOf(findings.validation, isMeant),
    },
  };
}

/** Of one rule only the first few hundred are listed; the counts of a part are of those. */
function validationOf({ findings }: ValidationSummary, isMeant: (object: string) => boolean): ValidationSummary {
  const own = findings.filter(({ object }) => isMeant(object));
  const errors = own.filter(({ severity }) => severity === "error").length;
  return { errors, warnings: own.length - errors, findings: own };
}

/** The folder of an object by its title: "Deployment shop/web", "Namespace shop", "ClusterRole view". */
function folderOfTitle(title: string): string | undefined {
  const [, kind, namespace, name] = /^(\S+) (?:([^/\s]+)\/)?(\S+)$/.exec(title) ?? [];
  if (kind === undefined || name === undefined) return undefined;
  if (namespace !== undefined) return namespaceFolder(namespace);
  return kind === "Namespace" ? namespaceFolder(name) : CLUSTER_FOLDER;
}

/** What is in no folder of the run concerns every part: a type, a file that nothing could be read from. */
function isUnplaced(object: string, { plan }: RequestFacts): boolean {
  const folder = folderOfTitle(object) ?? object;
  return !plan.folders.some((each) => each.folder === folder);
}
