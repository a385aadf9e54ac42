import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { BinaryName } from "./binaries/catalog.ts";
import { resolveBinary } from "./binaries/resolve.ts";
import type { Environment } from "./places.ts";

/** What a test can ask for: servers, and programs that are run once. */
export type ServerName =
  | "kube-apiserver"
  | "minio"
  | "versitygw"
  | "gitea"
  | "kustomize"
  | "kubectl"
  | "yaml-oracle"
  | "argo-oracle"
  | "kube-controller-manager"
  | "sops"
  | "kubeseal"
  | "helm"
  | "kubeconform"
  | "go-modules"
  | "prometheus"
  | "pushgateway"
  | "jq"
  | "reader-python"
  | "ssh"
  | "gpg";

const binariesOf: Readonly<Record<ServerName, readonly BinaryName[]>> = {
  "kube-apiserver": ["etcd", "kube-apiserver"],
  minio: ["minio"],
  versitygw: ["versitygw"],
  gitea: ["gitea"],
  kustomize: ["kustomize"],
  kubectl: ["kubectl"],
  "yaml-oracle": ["yaml-oracle"],
  "argo-oracle": ["argo-oracle"],
  "kube-controller-manager": ["kube-controller-manager"],
  sops: ["sops"],
  kubeseal: ["kubeseal"],
  helm: ["helm"],
  kubeconform: ["kubeconform"],
  "go-modules": [],
  prometheus: [],
  pushgateway: [],
  jq: [],
  "reader-python": [],
  ssh: [],
  gpg: [],
};

/** What comes with the machine and cannot be built here. */
const programOf: Partial<Readonly<Record<ServerName, string>>> = {
  gitea: "git",
  "go-modules": "go",
  prometheus: "prometheus",
  // What Debian calls it.
  pushgateway: "prometheus-pushgateway",
  jq: "jq",
  // A python3 with what examples/reader/requirements.txt names.
  "reader-python": "reader-python",
  // OpenSSH's client comes whole: ssh, ssh-keygen, ssh-keyscan.
  ssh: "ssh",
  gpg: "gpg",
};

/** What these servers lack on this machine. */
export interface Lack {
  readonly servers: readonly ServerName[];
  /** Programs of theirs that are neither offered nor built. */
  readonly binaries: readonly BinaryName[];
  /** Programs that come with the machine. */
  readonly programs: readonly string[];
}

/** @returns undefined when all of them can be started here. */
export function lackOf(names: readonly ServerName[], environment: Environment): Lack | undefined {
  const absent = (name: BinaryName) => resolveBinary(name, environment) === undefined;
  const missingProgram = (name: ServerName) => {
    const program = programOf[name];
    return program === undefined || isOnPath(program, environment) ? [] : [program];
  };
  const servers = names.filter((name) => binariesOf[name].some(absent) || missingProgram(name).length > 0);
  if (servers.length === 0) return undefined;
  const binaries = servers.flatMap((name) => binariesOf[name]).filter(absent);
  return { servers, binaries, programs: servers.flatMap(missingProgram) };
}

function isOnPath(program: string, environment: Environment): boolean {
  return (environment.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== "";
    } catch {
      // Not in this folder.
      return false;
    }
  });
}
