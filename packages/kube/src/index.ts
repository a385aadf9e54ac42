export type { Discovery, KubeApi, ListEnd, ListedObject, Listing, ListRequest } from "./kube-api.ts";
export { KubeError, type KubeErrorKind } from "./kube-error.ts";
