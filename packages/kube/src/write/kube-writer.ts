import type { Call, JsonObject, ResourceType } from "@kubeferry/model";

/** Under this name the API server notes what we wrote. */
export const FIELD_MANAGER = "kubeferry";

/** Which object a write is about, as the target calls it. */
export interface WriteTarget {
  readonly type: Pick<ResourceType, "group" | "version" | "resource" | "kind" | "namespaced">;
  readonly namespace?: string;
  readonly name: string;
}

/** How a write is made. */
export interface WriteRequest {
  /** Asks the API server for its verdict and its result, and changes nothing. */
  readonly dryRun: boolean;
  /** Takes fields over from other managers. Without it a field that another one holds with another value is a "conflict". */
  readonly force: boolean;
  /** Writes only to this very object, as it was then; anything else is a "conflict". Without it: to whatever has the name. */
  readonly precondition?: Precondition;
  /** Asks for no more of the result than its metadata, which is a third of the answer. Left out: for all of it. */
  readonly answer?: "metadata";
}

/** What the API server made of a write, parsed without rounding. */
export interface Written {
  /** Where only metadata was asked for, it need not hold more. */
  readonly object: JsonObject;
  readonly uid: string;
  readonly resourceVersion: string;
  /** False where the object had to be changed, or was there already. */
  readonly created: boolean;
  /** The API server's own warnings about it. */
  readonly warnings: readonly string[];
}

/** What must hold of the object that is there, for it to be removed or replaced. */
export interface Precondition {
  readonly uid: string;
  readonly resourceVersion?: string;
}

/**
 * Changes a cluster; handed only to commands that are there for it. Errors are KubeErrors: "conflict" where a
 * precondition does not hold or another manager holds a field, "refused" where the API server or its admission does not
 * take the object (422, 400, 403 of a webhook, a field that the type does not have), "terminating" where its namespace
 * is being removed, "not-found" where its namespace or its type is missing.
 *
 * Every write may be sent again after an answer that was lost: applying is idempotent, a removal names the UID, and a
 * replacement that finds itself already done is done.
 */
export interface KubeWriter {
  /** Server-side apply as `FIELD_MANAGER`; makes the object where there is none. Applying the same again changes nothing. */
  apply(target: WriteTarget, object: JsonObject, request: WriteRequest, call: Call): Promise<Written>;
  /** Puts the whole object in the place of the one that `precondition` names: what it does not hold goes. */
  replace(
    target: WriteTarget,
    object: JsonObject,
    request: { readonly dryRun: boolean; readonly precondition: Precondition },
    call: Call,
  ): Promise<Written>;
  /**
   * Removes an object; what it owns is collected by the cluster afterwards.
   * @returns "terminating": finalizers keep it for now; "absent": it was not there, or is another object by now
   */
  remove(
    target: WriteTarget,
    request: { readonly dryRun: boolean; readonly precondition: Precondition },
    call: Call,
  ): Promise<"removed" | "terminating" | "absent">;
  /** The object as it is now; undefined where there is none. @throws KubeError "not-found" for a type that is not served */
  read(target: WriteTarget, call: Call): Promise<JsonObject | undefined>;
}
