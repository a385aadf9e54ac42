import { emitJson, emitYaml } from "@kubeferry/clean";
import { typeName } from "@kubeferry/model";
import type { Exchange } from "../http/ask.ts";
import type { KubeRequest, RequestBody } from "../http/kube-http.ts";
import { KubeError } from "../kube-error.ts";
import { objectPath } from "../resource-path.ts";
import { FIELD_MANAGER, type KubeWriter, type WriteTarget } from "./kube-writer.ts";
import { replaceObject } from "./replace-object.ts";
import { metadataOf, parseObject, withPrecondition, writtenOf } from "./written.ts";

/** Asks for metadata alone; the second form is for aggregated APIs that cannot make the first: they would answer 406. */
const METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

/** Makes what changes a cluster, over the transport that reads it. */
export function createKubeWriter(exchange: Exchange): KubeWriter {
  const read: KubeWriter["read"] = async (target, call) => {
    const operation = `get ${describe(target)}`;
    try {
      const { bytes } = await exchange({ operation, path: pathOf(target) }, call);
      return parseObject(bytes, operation);
    } catch (error) {
      if (error instanceof KubeError && error.kind === "not-found" && error.absent !== undefined) return undefined;
      throw error;
    }
  };

  return {
    read,
    async apply(target, object, { dryRun, force, precondition, answer }, call) {
      const operation = `${dryRun ? "try" : "apply"} ${describe(target)}`;
      const text = emitYaml(precondition === undefined ? object : withPrecondition(object, precondition));
      const send = { method: "PATCH", contentType: "application/apply-patch+yaml", text } as const;
      const path = `${pathOf(target)}?${query(dryRun)}&force=${force}`;
      const asked = request(operation, path, target, send);
      const accepting = answer === undefined ? asked : { ...asked, accept: METADATA };
      return writtenOf(await exchange(accepting, call), operation);
    },
    async replace(target, object, { dryRun, precondition }, call) {
      const operation = `${dryRun ? "try to replace" : "replace"} ${describe(target)}`;
      const put = async (text: string, dry: boolean) => {
        const send = { method: "PUT", contentType: "application/json", text } as const;
        const path = `${pathOf(target)}?${query(dry)}`;
        return writtenOf(await exchange(request(operation, path, target, send), call), operation);
      };
      return replaceObject(
        { precondition, dryRun },
        { put: (asked, dry) => put(emitJson(withPrecondition(object, asked)), dry), read: () => read(target, call) },
      );
    },
    async remove(target, { dryRun, precondition }, call) {
      const operation = `${dryRun ? "try to remove" : "remove"} ${describe(target)}`;
      // What it owns goes too, as with kubectl; a Job's own default would leave its Pods.
      const options = { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: "Background" };
      const text = JSON.stringify({ ...options, preconditions: precondition, ...(dryRun ? { dryRun: ["All"] } : {}) });
      const send = { method: "DELETE", contentType: "application/json", text } as const;
      try {
        const { bytes } = await exchange(request(operation, pathOf(target), target, send), call);
        return metadataOf(parseObject(bytes, operation)).deletionTimestamp === undefined ? "removed" : "terminating";
      } catch (error) {
        if (isGone(error)) return "absent";
        throw error;
      }
    },
  };
}

/** "deployments.apps shop/web" */
function describe({ type, namespace, name }: WriteTarget): string {
  return `${typeName(type)} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

function pathOf({ type, namespace, name }: WriteTarget): string {
  return objectPath(type, namespace, name);
}

/** Strict: a field that the type does not have is refused instead of being dropped with a warning. */
const QUERY = new URLSearchParams({ fieldManager: FIELD_MANAGER, fieldValidation: "Strict" }).toString();

function query(dryRun: boolean): string {
  return dryRun ? `${QUERY}&dryRun=All` : QUERY;
}

const VERBS = { POST: "create", PATCH: "patch", PUT: "update", DELETE: "delete" } as const;

function request(operation: string, path: string, { type, namespace }: WriteTarget, send: RequestBody): KubeRequest {
  const scope = namespace === undefined ? "" : ` --namespace ${namespace}`;
  const whenForbidden = `ask with: kubectl auth can-i ${VERBS[send.method]} ${typeName(type)}${scope}`;
  const secret = type.group === "" && type.resource === "secrets";
  return { operation, path, whenForbidden, send: secret ? { ...send, secret } : send };
}

/** 404 of the object, or the name belongs to another object by now. */
function isGone(error: unknown): boolean {
  if (!(error instanceof KubeError)) return false;
  if (error.kind === "not-found") return error.absent !== undefined;
  return error.kind === "conflict" && /\bUID in (?:the )?precondition\b/.test(error.problem);
}
