import { type KubeApi, KubeError, type KubeWriter, type WriteTarget } from "@kubeferry/kube";
import { isJsonObject, type JsonObject, type JsonValue, typeName } from "@kubeferry/model";
import type { Patience } from "@kubeferry/publish";
import { RecoveryError } from "../recovery-error.ts";
import type { ApplicationState, ArgoCd } from "./applications.ts";

const TYPE = {
  group: "argoproj.io",
  version: "v1alpha1",
  resource: "applications",
  kind: "Application",
  namespaced: true,
} as const;

/** Where Argo CD is, and how long to wait for it. */
interface ArgoCdOptions {
  readonly kube: Pick<KubeApi, "discover" | "description">;
  readonly writer: Pick<KubeWriter, "read" | "replace">;
  /** `gitops.argocd.namespace`. */
  readonly namespace: string;
  readonly patience: Patience;
}

/** Argo CD through the Kubernetes API: a sync is asked for by writing `operation`, which its controller takes away. */
export function openArgoCd({ kube, writer, namespace, patience }: ArgoCdOptions): ArgoCd {
  const target = (name: string): WriteTarget => ({ type: TYPE, namespace, name });
  return {
    patience,
    async check(call) {
      const { types } = await kube.discover(call);
      if (!types.some((type) => typeName(type) === typeName(TYPE))) throw notServed(kube.description);
    },
    async read(name, call) {
      const object = await writer.read(target(name), call);
      return object === undefined ? undefined : stateOf(name, object);
    },
    async requestSync({ name, object }, sync, call) {
      const metadata = fieldsAt(object, "metadata");
      const precondition = { uid: textIn(metadata, "uid"), resourceVersion: textIn(metadata, "resourceVersion") };
      const operation = {
        initiatedBy: { username: "kubeferry" },
        sync: { revision: sync.revision, prune: sync.prune },
      };
      try {
        await writer.replace(target(name), { ...object, operation }, { dryRun: false, precondition }, call);
        return true;
      } catch (error) {
        // Its controller writes it often: read again, and ask again.
        if (error instanceof KubeError && error.kind === "conflict") return false;
        throw error;
      }
    },
  };
}

function notServed(where: string): RecoveryError {
  return new RecoveryError({
    kind: "config",
    who: "rollback",
    operation: `look for Argo CD at ${where}`,
    problem: "its API (applications.argoproj.io) is not served there",
    next: "nothing was pushed; name the cluster that Argo CD runs in (--to-context, recovery.target), or leave out --sync",
  });
}

function stateOf(name: string, object: JsonObject): ApplicationState {
  const status = fieldsAt(object, "status");
  const last = fieldsAt(status, "operationState");
  const sync = fieldsAt(status, "sync");
  const phase = textIn(last, "phase");
  const asked = fieldsAt(fieldsAt(last, "operation"), "sync");
  return {
    name,
    busy: object.operation !== undefined || phase === "Running" || phase === "Terminating",
    last: {
      phase,
      revision: textIn(fieldsAt(last, "syncResult"), "revision") || textIn(asked, "revision"),
      startedAt: textIn(last, "startedAt"),
      message: textIn(last, "message"),
    },
    sync: textIn(sync, "status"),
    revision: textIn(sync, "revision"),
    health: textIn(fieldsAt(status, "health"), "status"),
    outOfSync: outOfSyncIn(status.resources),
    object,
  };
}

function outOfSyncIn(resources: JsonValue | undefined): ApplicationState["outOfSync"] {
  const all = Array.isArray(resources) ? resources.filter(isJsonObject) : [];
  const differing = all.filter(({ status }) => status === "OutOfSync");
  return { objects: differing.length, toBePruned: differing.filter((each) => each.requiresPruning === true).length };
}

function fieldsAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}

function textIn(object: JsonObject, key: string): string {
  const value = object[key];
  return typeof value === "string" ? value : "";
}
