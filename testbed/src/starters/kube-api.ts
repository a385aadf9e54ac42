import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireBinary } from "../binaries/resolve.ts";
import { httpsRequest } from "../clients/https.ts";
import { freePort } from "../processes/ports.ts";
import { isPortClash, startProcess } from "../processes/start.ts";
import type { Run } from "../runs/run.ts";
import { type CertificatePair, createAuthority, issueCertificate } from "./certificates.ts";
import { startControllerManager } from "./controller-manager.ts";
import { startEtcd } from "./etcd.ts";
import { writeKubeconfig } from "./kubeconfig.ts";

/** A cold start takes 3 s; one that shares two cores with a build took 40 s. */
const timeoutMs = 120_000;
const startAttempts = 3;

/** What one wants different from the ordinary API server. */
export interface KubeApiOptions {
  /** How often old revisions are dropped, as Go writes durations: "2s" soon turns continue tokens into 410. Default 5m. */
  readonly etcdCompactionInterval?: string;
  /** More flags for kube-apiserver, after ours. */
  readonly args?: readonly string[];
  /**
   * Runs kube-controller-manager beside it: true for what namespaces and owner references need to
   * disappear, or the names of its controllers.
   */
  readonly controllers?: true | readonly string[];
}

/** An API server that runs; plain data, so that it can pass from process to process. */
export interface KubeApiInfo {
  readonly url: string;
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly caFile: string;
  readonly adminToken: string;
  /** Where its etcd listens. */
  readonly etcd: string;
  /** Holds the authority's key; kubeconfigs of further users are written there. */
  readonly folder: string;
}

/** Starts etcd and kube-apiserver (token file, client certificates, RBAC), ready to be used. */
export async function startKubeApi(run: Run, name: string, options: KubeApiOptions = {}): Promise<KubeApiInfo> {
  const folder = join(run.folder, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const adminToken = randomBytes(24).toString("hex");
  await writeCredentials(folder, adminToken);
  const etcd = await startEtcd(run, `${name}-etcd`);
  const url = await onFreePort((port) => launch(run, name, port, { folder, adminToken, etcd, options }));
  const info = {
    url,
    etcd,
    kubeconfig: join(folder, "admin.kubeconfig"),
    caFile: join(folder, "ca.crt"),
    adminToken,
    folder,
  };
  const authority = readFileSync(info.caFile, "utf8");
  writeKubeconfig(info.kubeconfig, { cluster: name, url, authority }, "admin", { token: adminToken });
  if (options.controllers !== undefined) await startControllerManager(run, name, info, options.controllers);
  return info;
}

/** Starts it again after it was ended: the same address, credentials and objects. */
export async function restartKubeApi(
  run: Run,
  name: string,
  info: KubeApiInfo,
  options: KubeApiOptions,
): Promise<void> {
  await launch(run, name, Number(new URL(info.url).port), { ...info, options });
}

/** Writes a kubeconfig for a user of one's choice, who has no rights until RBAC gives some. @returns its path. */
export async function writeUserKubeconfig(info: KubeApiInfo, user: string, groups: readonly string[]): Promise<string> {
  const authority: CertificatePair = {
    certificate: readFileSync(info.caFile, "utf8"),
    key: readFileSync(join(info.folder, "ca.key"), "utf8"),
  };
  const pair = await issueCertificate(authority, { commonName: user, organizations: groups, usage: "client" });
  const path = join(info.folder, `user-${randomBytes(6).toString("hex")}.kubeconfig`);
  writeKubeconfig(path, { cluster: "testbed", url: info.url, authority: authority.certificate }, user, pair);
  return path;
}

async function writeCredentials(folder: string, adminToken: string): Promise<void> {
  const keep = (file: string, text: string) => writeFileSync(join(folder, file), text, { mode: 0o600 });
  const authority = await createAuthority();
  const server = await issueCertificate(authority, { commonName: "kube-apiserver", usage: "server" });
  keep("ca.crt", authority.certificate);
  keep("ca.key", authority.key);
  keep("server.crt", server.certificate);
  keep("server.key", server.key);
  keep("tokens.csv", `${adminToken},admin,admin,"system:masters"\n`);
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  keep("service-accounts.key", privateKey.export({ format: "pem", type: "pkcs8" }).toString());
  keep("service-accounts.pub", publicKey.export({ format: "pem", type: "spki" }).toString());
}

interface Launch {
  readonly folder: string;
  readonly adminToken: string;
  readonly etcd: string;
  readonly options: KubeApiOptions;
}

async function onFreePort(start: (port: number) => Promise<string>): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (attempt === startAttempts || !isPortClash(error)) throw error;
    }
  }
}

async function launch(run: Run, name: string, port: number, plan: Launch): Promise<string> {
  const authority = readFileSync(join(plan.folder, "ca.crt"), "utf8");
  const url = `https://127.0.0.1:${port}`;
  await startProcess(run, {
    name,
    command: requireBinary("kube-apiserver").path,
    args: [...flags(plan, port), ...(plan.options.args ?? [])],
    dataFolder: plan.folder,
    isReady: async (signal) => {
      const headers = { authorization: `Bearer ${plan.adminToken}` };
      return (await httpsRequest({ url: `${url}/readyz`, authority, headers, signal })).status === 200;
    },
    timeoutMs,
  });
  return url;
}

function flags({ folder, etcd, options }: Launch, port: number): string[] {
  return [
    `--etcd-servers=${etcd}`,
    `--etcd-compaction-interval=${options.etcdCompactionInterval ?? "5m"}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${port}`,
    // A loopback address cannot be an endpoint of the `kubernetes` Service, so no reconciler keeps one.
    "--advertise-address=127.0.0.1",
    "--endpoint-reconciler-type=none",
    `--cert-dir=${folder}`,
    `--tls-cert-file=${join(folder, "server.crt")}`,
    `--tls-private-key-file=${join(folder, "server.key")}`,
    `--client-ca-file=${join(folder, "ca.crt")}`,
    `--token-auth-file=${join(folder, "tokens.csv")}`,
    "--authorization-mode=RBAC",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${join(folder, "service-accounts.pub")}`,
    `--service-account-signing-key-file=${join(folder, "service-accounts.key")}`,
    // It refuses Pods until a controller has made their namespace's default ServiceAccount.
    "--disable-admission-plugins=ServiceAccount",
    "--service-cluster-ip-range=10.0.0.0/16",
    "--allow-privileged=true",
    "--profiling=false",
  ];
}
