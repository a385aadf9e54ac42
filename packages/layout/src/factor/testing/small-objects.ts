import { parseYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import type { LaidOutEnvironment } from "../../folders/folder-layout.ts";
import type { FolderObject } from "./folders.ts";

const SOURCES = ["a", "b", "c", "d"];
/** Four environments, each of a cluster of its own. */
export const FOUR: readonly LaidOutEnvironment[] = ["dev", "test", "preprod", "prod"].map((name, index) => ({
  name,
  source: SOURCES[index] ?? "",
  standalone: false,
}));

/** One object as each source has it, first source first. */
export function object(...versions: readonly JsonObject[]): FolderObject {
  const bySource = new Map(versions.map((version, index) => [SOURCES[index] ?? "", version]));
  return { versions: bySource, variants: new Map(), leftOutOf: new Set() };
}

/** An object, written as YAML. */
export function parsed(yaml: string): JsonObject {
  return parseYaml(yaml) as JsonObject;
}

/** A ConfigMap. */
export function settings(data: Readonly<Record<string, string>>, name: string = "settings"): JsonObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "shop" }, data: { ...data } };
}

/** A Deployment with more about it than what differs. */
export function deployment(name: string, image: string, replicas: number | string = 1): JsonObject {
  return parsed(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
      - name: main
        image: ${JSON.stringify(image)}
        ports: [{containerPort: 8080, protocol: TCP}]
      terminationGracePeriodSeconds: 30
`);
}

/** The files that hold objects and patches. */
export function paths(files: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(files).filter((path) => !path.endsWith("/kustomization.yaml"));
}
