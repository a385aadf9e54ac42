import { emitJson } from "@kubeferry/clean";
import { type Call, type JsonObject, typeName } from "@kubeferry/model";
import type { Exchange } from "../http/ask.ts";
import { collectionPath } from "../resource-path.ts";
import { FIELD_MANAGER, type WriteTarget, type Written } from "./kube-writer.ts";
import { writtenOf } from "./written.ts";

/**
 * Makes an object and touches none that is there: it needs the right to `create` and no other.
 * @throws KubeError "conflict" where one of its name is there already, which after an answer that was lost can be ours
 */
export type CreateObject = (
  target: WriteTarget,
  object: JsonObject,
  call: Call,
  /** `dryRun`: the API server does all but keep it. */
  how?: { readonly dryRun: boolean },
) => Promise<Written>;

/** Makes the creating over a transport. */
export function createObjectCreator(exchange: Exchange): CreateObject {
  return async ({ type, namespace, name }, object, call, { dryRun } = { dryRun: false }) => {
    const scope = namespace === undefined ? "" : ` --namespace ${namespace}`;
    const operation = `create ${typeName(type)} ${namespace === undefined ? name : `${namespace}/${name}`}`;
    const query = new URLSearchParams({ fieldManager: FIELD_MANAGER, fieldValidation: "Strict" });
    if (dryRun) query.set("dryRun", "All");
    const path = `${collectionPath(type, namespace)}?${query}`;
    const send = { method: "POST", contentType: "application/json", text: emitJson(object) } as const;
    const whenForbidden = `ask with: kubectl auth can-i create ${typeName(type)}${scope}`;
    return writtenOf(await exchange({ operation, path, send, whenForbidden }, call), operation);
  };
}
