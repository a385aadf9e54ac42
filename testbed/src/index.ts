export type { ArgoDifference, ArgoJudgement, ArgoMode, ArgoOracle } from "./clients/argo-oracle.ts";

import { createServers, type Servers } from "./servers.ts";

export type { BinaryName } from "./binaries/catalog.ts";
export type { FreshRepository, GiteaServer } from "./clients/gitea.ts";
export type { KubeApi, KubeRequest } from "./clients/kube-api.ts";
export type { MinioServer, MinioUser } from "./clients/minio.ts";
export type { S3Server } from "./clients/s3.ts";
export type { YamlDifference, YamlOracle } from "./clients/yaml-oracle.ts";
export { TestbedError, type TestbedErrorKind } from "./errors.ts";
export { missingServers } from "./missing-servers.ts";
export type { ServerName } from "./server-names.ts";
export type { FreshKubeApi, FreshMinio, Servers } from "./servers.ts";
export { type OtlpReceiver, otlpReceiver } from "./stand-ins/otlp-receiver.ts";
export type { KubeApiOptions } from "./starters/kube-api.ts";
export type { MinioOptions } from "./starters/s3.ts";

/** The servers of this process's test run. */
export const servers: Servers = createServers();
