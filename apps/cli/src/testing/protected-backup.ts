import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { serveSnapshot } from "@kubeferry/kube-replay";
import { EXAMPLE_CLUSTER, exampleSnapshot } from "../demo/example-snapshot.ts";
import { testCall } from "./call.ts";
import { type CliResult, kubeferry } from "./cli.ts";
import { ageKeys, signingKeys } from "./key-pairs.ts";
import { freshFolder, writeConfig } from "./workspace.ts";

/** A store with one backup of the example cluster that is encrypted and signed. */
export interface ProtectedBackup {
  readonly path: string;
  /** Configurations of who writes, who reads and trusts, and who can open besides. */
  readonly configs: { readonly writer: string; readonly reader: string; readonly opener: string };
  readonly backup: CliResult;
  /** Keys lie in files, as a user's would. */
  readonly keys: {
    readonly secret: readonly string[];
    readonly publicKeyFile: string;
    readonly strangersKeyFile: string;
    readonly identityFile: string;
  };
  /** Ends the example cluster. */
  close(): Promise<void>;
}

/** Takes it. */
export async function protectedBackup(): Promise<ProtectedBackup> {
  const folder = await freshFolder();
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const cluster = await serveSnapshot(await exampleSnapshot(testCall), { port: 0 }, testCall);
  const age = await ageKeys();
  const pair = signingKeys();
  const keys = {
    secret: [pair.key, age.identity],
    publicKeyFile: await file("public.pem", pair.publicKey),
    strangersKeyFile: await file("stranger.pem", signingKeys().publicKey),
    identityFile: await file("identity.txt", age.identity),
  };
  const kubeconfig = await file("kubeconfig", cluster.kubeconfig);
  const path = join(folder, "store");
  const sections = { cluster: EXAMPLE_CLUSTER, kubernetes: { kubeconfig }, store: { type: "folder", path } };
  const signing = { key: `\${file:${await file("signing.pem", pair.key)}}` };
  const reading = { ...sections, signing: { trusted: [pair.publicKey] } };
  const configs = {
    writer: await writeConfig({ ...sections, encryption: { recipients: [age.recipient] }, signing }),
    reader: await writeConfig(reading),
    opener: await writeConfig({ ...reading, encryption: { identities: [`\${file:${keys.identityFile}}`] } }),
  };
  const backup = await kubeferry(["backup", "--config", configs.writer]);
  if (backup.code !== 0) throw new Error(backup.stderr);
  return { path, configs, backup, keys, close: cluster.close };
}
