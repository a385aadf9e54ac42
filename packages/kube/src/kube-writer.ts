import type { Call, JsonObject, ResourceType } from "@kubeferry/model";

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
}

/** What the API server made of a write, parsed without rounding. */
export interface Written {
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
 * take the object (422, 400, 403 of a webhook), "terminating" where its namespace is being removed.
 */
export interface KubeWriter {
  /** Server-side apply as field manager `kubeferry`. Applying the same again changes nothing. */
  apply(target: WriteTarget, object: JsonObject, request: WriteRequest, call: Call): Promise<Written>;
  /** Puts the whole object in the place of the one that `precondition` names. */
  replace(
    target: WriteTarget,
    object: JsonObject,
    request: { readonly dryRun: boolean; readonly precondition: Precondition },
    call: Call,
  ): Promise<Written>;
  /** @returns "terminating": finalizers keep it for now; "absent": it was not there, or is another object by now */
  remove(
    target: WriteTarget,
    request: { readonly dryRun: boolean; readonly precondition: Precondition },
    call: Call,
  ): Promise<"removed" | "terminating" | "absent">;
  /** The object as it is now; undefined where there is none. */
  read(target: WriteTarget, call: Call): Promise<JsonObject | undefined>;
}
