import { Buffer } from "node:buffer";
import { existsSync, readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { KubeError } from "../kube-error.ts";
import type { AuthPlugin, Impersonation, KubeServer, KubeTarget, KubeUser, Material } from "./kube-target.ts";
import type { ClusterEntry, UserEntry } from "./kubeconfig-schema.ts";
import { type Kubeconfig, readKubeconfig } from "./read-kubeconfig.ts";

/** Where to look for a cluster. */
export interface TargetOptions {
  /** Path of a kubeconfig; left out: KUBECONFIG, ~/.kube/config, then the Pod's service account. */
  readonly kubeconfig?: string | undefined;
  /** Left out: the current context. */
  readonly context?: string | undefined;
  /** The Pod's service account and nothing else. */
  readonly inCluster?: boolean | undefined;
}

/** What is around the process; an argument, so that tests bring their own. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Where Kubernetes mounts the service account of a Pod. */
  readonly serviceAccountFolder: string;
}

/** The surroundings of this process. */
export function processSurroundings(): Surroundings {
  return {
    environment: process.env,
    home: homedir(),
    serviceAccountFolder: "/var/run/secrets/kubernetes.io/serviceaccount",
  };
}

/** Finds the cluster to talk to. @throws KubeError "config" that says what is missing, and which contexts there are */
export function findTarget(options: TargetOptions, around: Surroundings): KubeTarget {
  if (options.inCluster === true) return inClusterTarget(around);
  if (options.kubeconfig !== undefined) return contextTarget(readKubeconfig([options.kubeconfig]), options.context);
  const named = (around.environment.KUBECONFIG ?? "").split(delimiter).filter((file) => file !== "");
  if (named.length > 0) {
    const present = named.filter((file) => existsSync(file));
    // kubectl passes over missing files of a list; when all are missing, the first one's error says it.
    return contextTarget(readKubeconfig(present.length > 0 ? present : named.slice(0, 1)), options.context);
  }
  const usual = join(around.home, ".kube", "config");
  if (existsSync(usual)) return contextTarget(readKubeconfig([usual]), options.context);
  if (existsSync(join(around.serviceAccountFolder, "token"))) return inClusterTarget(around);
  throw noTarget("no kubeconfig was named, and there is neither ~/.kube/config nor a service account");
}

function inClusterTarget(around: Surroundings): KubeTarget {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = around.environment;
  const token = join(around.serviceAccountFolder, "token");
  if (!host || !port || !existsSync(token)) {
    throw noTarget("this is no Pod with a service account: KUBERNETES_SERVICE_HOST or the token file is missing");
  }
  return {
    origin: "in cluster",
    inCluster: true,
    server: {
      url: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
      authority: { file: join(around.serviceAccountFolder, "ca.crt") },
      skipTlsVerify: false,
      compression: true,
    },
    user: { name: "service account", token: { file: token } },
    ...namespaceOf(join(around.serviceAccountFolder, "namespace")),
  };
}

/** Mounted beside the token. */
function namespaceOf(path: string): { namespace?: string } {
  const namespace = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
  return namespace === "" ? {} : { namespace };
}

/** True in a Pod that has a service account. */
export function isInPod({ environment, serviceAccountFolder }: Surroundings): boolean {
  return Boolean(environment.KUBERNETES_SERVICE_HOST) && existsSync(join(serviceAccountFolder, "token"));
}

function contextTarget(config: Kubeconfig, wanted: string | undefined): KubeTarget {
  const name = wanted ?? config.currentContext;
  const operation = `use kubeconfig ${config.files.join(delimiter)}`;
  const contexts = `its contexts are: ${[...config.contexts.keys()].join(", ") || "none"}`;
  const fail = (problem: string, next: string) => configError(operation, problem, next);
  if (name === undefined) throw fail("it has no current context", `set kubernetes.context; ${contexts}`);
  const context = config.contexts.get(name);
  if (context == null) throw fail(`it has no context "${name}"`, contexts);
  const cluster = config.clusters.get(context.cluster);
  if (cluster == null) throw fail(`context "${name}" names cluster "${context.cluster}", which is not there`, contexts);
  const user = context.user ? config.users.get(context.user) : null;
  if (context.user && user === undefined) {
    throw fail(`context "${name}" names user "${context.user}", which is not there`, contexts);
  }
  return {
    origin: `context ${name}`,
    inCluster: false,
    server: serverOf(cluster, operation),
    user: userOf(context.user ?? "", user ?? {}, operation),
    ...(context.namespace ? { namespace: context.namespace } : {}),
  };
}

function serverOf(cluster: ClusterEntry, operation: string): KubeServer {
  if (!/^https?:\/\//.test(cluster.server) || !URL.canParse(cluster.server)) {
    throw configError(operation, `server "${cluster.server}" is no http:// or https:// address`, "correct it");
  }
  const authority = material(cluster["certificate-authority-data"], cluster["certificate-authority"]);
  return {
    url: cluster.server.replace(/\/+$/, ""),
    ...(authority === undefined ? {} : { authority }),
    ...(cluster["tls-server-name"] ? { tlsServerName: cluster["tls-server-name"] } : {}),
    ...(cluster["proxy-url"] ? { proxyUrl: cluster["proxy-url"] } : {}),
    skipTlsVerify: cluster["insecure-skip-tls-verify"] === true,
    compression: cluster["disable-compression"] !== true,
  };
}

function userOf(name: string, user: Partial<UserEntry>, operation: string): KubeUser {
  const certificate = material(user["client-certificate-data"], user["client-certificate"]);
  const key = material(user["client-key-data"], user["client-key"]);
  const token: Material | undefined = user.tokenFile
    ? { file: user.tokenFile }
    : user.token
      ? { text: user.token }
      : undefined;
  const plugin = pluginOf(user);
  const impersonate = impersonationOf(user, operation);
  return {
    name,
    ...(token === undefined ? {} : { token }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
    ...(user.username ? { basic: { username: user.username, password: user.password ?? "" } } : {}),
    ...(plugin === undefined ? {} : { plugin }),
    ...(impersonate === undefined ? {} : { impersonate }),
  };
}

function material(data: string | null | undefined, file: string | null | undefined): Material | undefined {
  if (data) return { text: Buffer.from(data, "base64").toString("utf8") };
  return file ? { file } : undefined;
}

function pluginOf(user: Partial<UserEntry>): AuthPlugin | undefined {
  if (user.exec) return { type: "exec", settings: user.exec };
  return user["auth-provider"] ? { type: "auth-provider", settings: user["auth-provider"] } : undefined;
}

function impersonationOf(user: Partial<UserEntry>, operation: string): Impersonation | undefined {
  const groups = user["as-groups"] ?? [];
  const extra = user["as-user-extra"] ?? {};
  const uid = user["as-uid"];
  if (user.as) return { user: user.as, groups, extra, ...(uid ? { uid } : {}) };
  if (groups.length === 0 && Object.keys(extra).length === 0 && !uid) return undefined;
  throw configError(operation, "it impersonates a uid, groups or extra values, but no user", 'add "as" to the user');
}

function noTarget(problem: string): KubeError {
  return configError("find a cluster", problem, "set kubernetes.kubeconfig, or KUBECONFIG");
}

function configError(operation: string, problem: string, next: string): KubeError {
  return new KubeError({ kind: "config", who: "kube", operation, problem, next });
}
