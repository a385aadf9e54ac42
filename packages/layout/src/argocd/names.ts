import { clusterPath } from "@kubeferry/model";
import type { DestinationConfig } from "@kubeferry/shared-config";
import { CLUSTER_FOLDER, namespaceOf } from "../catalog.ts";

/** The API server that Argo CD itself runs in, and the name it knows it under. */
export const IN_CLUSTER = { server: "https://kubernetes.default.svc", name: "in-cluster" } as const;

/**
 * The Application of a folder in an environment: `{namespace}-{environment}`, and `cluster.{environment}` for what has
 * no namespace: a namespace's name holds no dot, so the two can never be the same. One of several places adds its name.
 */
export function applicationName(folder: string, environment: string, place?: string): string {
  const namespace = namespaceOf(folder);
  const name = namespace === undefined ? `${CLUSTER_FOLDER}.${environment}` : `${namespace}-${environment}`;
  return place === undefined ? name : `${name}-${place}`;
}

/** The file of an Application, from its folder: "prod/application.yaml", "prod/application-us-east-1.yaml". */
export function applicationPath(environment: string, place?: string): string {
  return `${environment}/application${place === undefined ? "" : `-${place}`}.yaml`;
}

/** The Application that brings an environment's other Applications. */
export function rootName(environment: string): string {
  return `root.${environment}`;
}

/** Texts for one place to deploy to: its address, however it is written, and which cluster that is where it is said. */
export function placesOf(destination: DestinationConfig): readonly string[] {
  const { cluster } = destination;
  return [addressOf(destination), ...(cluster === undefined ? [] : [`cluster ${clusterPath(cluster)}`])];
}

function addressOf(destination: DestinationConfig): string {
  if ("name" in destination)
    return destination.name === IN_CLUSTER.name ? IN_CLUSTER.server : `name ${destination.name}`;
  return destination.server.replace(/\/+$/, "");
}

/** The destination as Argo CD reads it. */
export function destinationFields(destination: DestinationConfig): { server: string } | { name: string } {
  return "server" in destination ? { server: destination.server } : { name: destination.name };
}
