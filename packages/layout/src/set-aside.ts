import type { BlockedObject, FrozenFolder } from "@kubeferry/model";
import { namespaceOf } from "./catalog.ts";
import type { Findings, SecretNote } from "./findings.ts";
import { SECRETS_TODO } from "./folders/secrets-todo.ts";
import type { Plan } from "./plan/plan.ts";
import type { RepositoryShape } from "./shape/shape.ts";

/** What a run saw and did not put into Git. */
export function setAside(
  plan: Plan,
  findings: Findings,
  shape: RepositoryShape,
): { readonly blocked: readonly BlockedObject[]; readonly frozen: readonly FrozenFolder[] } {
  const folders = plan.folders.flatMap(({ blocked }) => (blocked === undefined ? [] : [blocked]));
  return {
    blocked: [...findings.blocked, ...folders, ...blockedSecrets(findings, shape)],
    frozen: plan.folders.flatMap(({ frozen }) => (frozen === undefined ? [] : [frozen])),
  };
}

/** A Secret is an object that Git does not hold, so it is listed like the others that it does not; once for all sources. */
function blockedSecrets({ secrets }: Findings, shape: RepositoryShape): readonly BlockedObject[] {
  const blocked = secrets.map((note): [string, BlockedObject] => {
    const object = `Secret ${namespaceOf(note.folder) ?? ""}/${note.name}`;
    const todo = shape.place(note.folder, SECRETS_TODO);
    return [object, { object, reason: `${whyNotWritten(note)}; ${todo} lists what has to be provided` }];
  });
  return [...new Map(blocked).values()];
}

function whyNotWritten({ value, reason }: SecretNote): string {
  if (reason !== undefined) return reason;
  if (value === "encrypted") return "encrypted in this backup; Secrets are not written to Git";
  if (value === "withheld") return "its value is not in this backup; Secrets are not written to Git";
  return "Secrets are not written to Git";
}
