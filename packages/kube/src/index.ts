export type { TargetOptions } from "./connect/find-target.ts";
export {
  connectKube,
  connectKubeForCreating,
  connectKubeForWriting,
  type KubeForCreating,
  type KubeOptions,
  runsInPod,
  type WritableKube,
} from "./connect-kube.ts";
export type { RetryPolicy } from "./http/retry.ts";
export { type HostIdentity, identityFromHost } from "./identify/identity-from-host.ts";
export type { Discovery, KubeApi, ListEnd, ListedObject, Listing, ListRequest } from "./kube-api.ts";
export { KubeError, type KubeErrorKind, type KubeErrorParts } from "./kube-error.ts";
export { listSorted } from "./list/list-sorted.ts";
export { fetchOpenApi, type OpenApi } from "./open-api.ts";
export { objectPath } from "./resource-path.ts";
export {
  FIELD_MANAGER,
  type KubeWriter,
  type Precondition,
  type WriteRequest,
  type WriteTarget,
  type Written,
} from "./write/kube-writer.ts";
