import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { loadConfig } from "@kubeferry/shared-config";
import { type FreshKubeApi, type MinioUser, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { type GatedReplay, gatedReplay } from "../testing/gated-replay.ts";
import { runTestBackup } from "../testing/run-backup.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const run = promisify(execFile);
const PEM = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
const EXAMPLES = fileURLToPath(new URL("../../../../examples/", import.meta.url));

interface Built {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
}

describe.skipIf(missingServers("kustomize", "kube-apiserver", "go-modules"))("examples/secrets", () => {
  let kube: FreshKubeApi;
  beforeAll(async () => {
    kube = await servers.freshKubeApi();
    const module = await servers.goModule("external-secrets");
    for (const name of ["externalsecrets", "secretstores"]) {
      const file = join(module, "config/crds/bases", `external-secrets.io_${name}.yaml`);
      await kube.apply(parse(await readFile(file, "utf8")) as object);
    }
    await kube.apply(anyType("secretproviderclasses", "SecretProviderClass", "secrets-store.csi.x-k8s.io"));
  }, 120_000);
  afterAll(() => kube.stop());

  it.each(["vault-agent", "secrets-store-csi", "external-secrets"])(
    "%s is taken by a real API server",
    { timeout: 120_000 },
    async (folder) => {
      await kube.apply(...(await build(folder)));
    },
  );

  it("lays the files of Vault's agent over the mounted ones", { timeout: 60_000 }, async () => {
    const config = (await build("vault-agent")).find(({ kind }) => kind === "ConfigMap")?.data ?? {};
    const folder = await freshFolder();
    await writeFile(join(folder, "signing.pem"), PEM);
    const files: string[] = [];
    for (const name of ["kubeferry.yaml", "cluster.yaml"]) {
      files.push(join(folder, name));
      await writeFile(
        join(folder, name),
        (config[name] ?? "").replaceAll("/vault/secrets/signing.pem", join(folder, "signing.pem")),
      );
    }
    const { store } = (await loadConfig({ files, env: {} })).config;
    expect(store).toMatchObject({
      accessKeyFile: "/vault/secrets/access-key",
      secretKeyFile: "/vault/secrets/secret-key",
    });
  });

  it("mounts what the CSI driver brings in the place of the Secret", { timeout: 60_000 }, async () => {
    const text = JSON.stringify((await build("secrets-store-csi")).find(({ kind }) => kind === "CronJob"));
    expect(text).toContain('{"csi":{"driver":"secrets-store.csi.k8s.io"');
    expect(text).not.toContain('"secretName":"backup-secrets"');
  });

  async function build(folder: string): Promise<readonly Built[]> {
    const { stdout } = await run(servers.binary("kustomize"), ["build", join(EXAMPLES, "secrets", folder)]);
    return parseAllDocuments(stdout).map((document) => document.toJS() as Built);
  }
});

describe.skipIf(missingServers("minio"))("keys of the store in files that a kubelet swaps", () => {
  let replay: GatedReplay;
  beforeAll(async () => {
    replay = await gatedReplay(await smallCluster("before"));
  });
  afterAll(() => replay.close());

  it("may change in the middle of a backup, and the old key may go", { timeout: 120_000 }, async () => {
    const minio = await servers.minio();
    const bucket = await minio.freshBucket();
    const old = await minio.freshUser(policy(bucket));
    const next = await minio.freshUser(policy(bucket));
    const mounted = await freshFolder();
    await bring(mounted, "..1", old);
    for (const name of ["access-key", "secret-key"]) await symlink(join("..data", name), join(mounted, name));
    const kubeconfig = join(await freshFolder(), "kubeconfig");
    await writeFile(kubeconfig, replay.kubeconfig);
    const { endpoint, region } = minio;
    const keys = { accessKeyFile: join(mounted, "access-key"), secretKeyFile: join(mounted, "secret-key") };
    const config = await writeConfig({
      cluster: { name: "small", domain: "example.internal" },
      kubernetes: { kubeconfig },
      store: { type: "s3", endpoint, region, bucket, ...keys },
    });
    const puts = { all: 0, withTheOldKey: 0 };
    replay.gate = async (path) => {
      if (!path.startsWith("/apis/apps/v1/deployments") || puts.withTheOldKey > 0) return undefined;
      puts.withTheOldKey = puts.all;
      await bring(mounted, "..2", next);
      await minio.removeUser(old.accessKey);
      return undefined;
    };
    const report = await runTestBackup(config, {}, ({ operation, phase }) => {
      if (operation === "put" && phase === "after") puts.all += 1;
    });
    expect(puts.withTheOldKey).toBeGreaterThan(0);
    expect(puts.all).toBeGreaterThan(puts.withTheOldKey);
    expect(report).toMatchObject({ status: "complete", sequence: 1, failures: [] });
  });
});

/** A new folder with both halves, and `..data` led to it in one step. */
async function bring(mounted: string, revision: string, { accessKey, secretKey }: MinioUser): Promise<void> {
  await mkdir(join(mounted, revision));
  await writeFile(join(mounted, revision, "access-key"), `${accessKey}\n`);
  await writeFile(join(mounted, revision, "secret-key"), `${secretKey}\n`);
  await symlink(revision, join(mounted, "..data_tmp"));
  await rename(join(mounted, "..data_tmp"), join(mounted, "..data"));
}

function policy(bucket: string): object {
  const Resource = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: ["s3:*"], Resource }] };
}

/** A type of which only the name is known. */
function anyType(plural: string, kind: string, group: string): object {
  const openAPIV3Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { plural, kind },
      scope: "Namespaced",
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}
