import { z } from "zod";
import { KubeError } from "../kube-error.ts";
import type { AuthPlugin, KubeTarget } from "./kube-target.ts";
import { type PluginGift, type PluginLogin, pluginError } from "./provider-login.ts";
import { runPlugin } from "./run-plugin.ts";

/** A token that ends this soon may end on its way. */
const SKEW_MS = 10_000;
const VERSIONS = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"] as const;

const Settings = z.object({
  apiVersion: z.enum(VERSIONS),
  command: z.string().min(1),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  provideClusterInfo: z.boolean().nullish(),
  interactiveMode: z.string().nullish(),
});
type Settings = z.infer<typeof Settings>;

const Status = z.object({
  token: z.string().min(1).optional(),
  clientCertificateData: z.string().min(1).optional(),
  clientKeyData: z.string().min(1).optional(),
  expirationTimestamp: z.iso.datetime({ offset: true }).nullish(),
});
const ExecCredential = z.object({ apiVersion: z.string(), kind: z.literal("ExecCredential"), status: Status });

/**
 * Makes the login of an `exec` user. The program is asked again when what it said has ended; it runs without a terminal
 * and is killed, with all that it started, when it does not end in time or nobody waits for it any more.
 * @see Kubernetes, "client-go credential plugins": ExecCredential v1 and v1beta1
 */
export function createExecLogin(target: KubeTarget, plugin: AuthPlugin, now: () => number): PluginLogin {
  let kept: { readonly gift: PluginGift; readonly until: number } | undefined;
  return async (signal) => {
    if (kept !== undefined && now() < kept.until) return kept.gift;
    const settings = settingsOf(plugin);
    const environment = { ...environmentOf(settings), KUBERNETES_EXEC_INFO: execInfo(target, settings) };
    const ended = await runPlugin({ command: settings.command, args: settings.args ?? [], environment }, signal);
    if ("problem" in ended) throw pluginError(plugin, ended.problem);
    const status = statusOf(ended.output, settings.apiVersion);
    if (status === undefined) throw pluginError(plugin, "it printed no ExecCredential");
    const { token, clientCertificateData: certificate, clientKeyData: key, expirationTimestamp: end } = status;
    kept = {
      gift: { authorization: token === undefined ? undefined : `Bearer ${token}`, certificate, key },
      until: end == null ? Number.POSITIVE_INFINITY : Date.parse(end) - SKEW_MS,
    };
    return kept.gift;
  };
}

function settingsOf(plugin: AuthPlugin): Settings {
  const settings = Settings.safeParse(plugin.settings);
  if (!settings.success) {
    const fields = settings.error.issues.map(({ path }) => path.join(".")).join(", ");
    throw configError(
      plugin,
      `${fields} of its exec entry cannot be used`,
      `apiVersion is one of ${VERSIONS.join(", ")}`,
    );
  }
  if (settings.data.interactiveMode === "Always") {
    throw configError(
      plugin,
      "it wants a terminal (interactiveMode: Always)",
      "log in another way: nobody is there to ask",
    );
  }
  return settings.data;
}

function environmentOf({ env }: Settings): NodeJS.ProcessEnv {
  return { ...process.env, ...Object.fromEntries((env ?? []).map(({ name, value }) => [name, value])) };
}

/** What kubectl tells a plugin about its call; some fail without. */
function execInfo({ server }: KubeTarget, settings: Settings): string {
  const { authority } = server;
  const cluster = {
    server: server.url,
    ...(server.tlsServerName === undefined ? {} : { "tls-server-name": server.tlsServerName }),
    ...(server.skipTlsVerify ? { "insecure-skip-tls-verify": true } : {}),
    ...(authority !== undefined && "text" in authority ? { "certificate-authority-data": btoa(authority.text) } : {}),
    ...(server.proxyUrl === undefined ? {} : { "proxy-url": server.proxyUrl }),
  };
  return JSON.stringify({
    kind: "ExecCredential",
    apiVersion: settings.apiVersion,
    spec: { interactive: false, ...(settings.provideClusterInfo === true ? { cluster } : {}) },
  });
}

/** What was printed is never quoted: it may be a token. */
function statusOf(output: string, apiVersion: string): z.infer<typeof Status> | undefined {
  try {
    const { data } = ExecCredential.safeParse(JSON.parse(output));
    if (data === undefined || data.apiVersion !== apiVersion) return undefined;
    const { token, clientCertificateData, clientKeyData } = data.status;
    const pair = clientCertificateData !== undefined && clientKeyData !== undefined;
    return token !== undefined || pair ? data.status : undefined;
  } catch {
    return undefined;
  }
}

function configError({ settings }: AuthPlugin, problem: string, next: string): KubeError {
  const operation = `log in through the exec plugin "${String(settings.command)}"`;
  return new KubeError({ kind: "config", who: "kube", operation, problem, next });
}
