// Makes the example snapshot anew: applies examples/harbour/manifests to a real API server with real controllers,
// backs it up into examples/harbour/store. Run it after a change of the manifests or of a format:
//   npm run example
import { globSync, readFileSync, rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseYamlStream } from "@kubeferry/clean";
import { servers } from "@kubeferry/testbed";
import { main } from "../apps/cli/src/main.ts";

const EXAMPLE = join(import.meta.dirname, "..", "examples", "harbour");
/** What a cluster adds by itself, so that the example looks like one that lives. */
const CONTROLLERS = [
  "deployment-controller",
  "replicaset-controller",
  "statefulset-controller",
  "serviceaccount-controller",
  "root-ca-certificate-publisher-controller",
  "endpoints-controller",
  "endpointslice-controller",
];
const SETTLE_MS = 30_000;

const kube = await servers.freshKubeApi({ controllers: CONTROLLERS });
try {
  for (const file of globSync("manifests/*.yaml", { cwd: EXAMPLE }).toSorted()) {
    for (const object of parseYamlStream(readFileSync(join(EXAMPLE, file), "utf8")))
      await applyAsKubectlDoes(object as object);
  }
  await sleep(SETTLE_MS);
  rmSync(join(EXAMPLE, "store"), { recursive: true, force: true });
  const config = join(await mkdtemp(join(tmpdir(), "kubeferry-example-")), "kubeferry.yaml");
  const sections = {
    cluster: { name: "harbour", domain: "example.internal" },
    kubernetes: { kubeconfig: kube.kubeconfig },
    store: { type: "folder", path: join(EXAMPLE, "store") },
    backup: { secrets: "withhold", mirror: false },
  };
  await writeFile(config, JSON.stringify(sections));
  process.exitCode = await main(["backup", "--config", config]);
} finally {
  await kube.stop();
}

/** Integers above 2^53 travel as text; the server must not see what JavaScript would make of them. */
async function applyAsKubectlDoes(object: object): Promise<void> {
  if (!hasBigInt(object)) return kube.apply(object);
  const { apiVersion, kind, metadata } = object as {
    apiVersion: string;
    kind: string;
    metadata: { namespace: string };
  };
  const text = JSON.stringify(object, (_key, value: unknown) =>
    typeof value === "bigint" ? (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(String(value)) : value,
  );
  const path = `/apis/${apiVersion}/namespaces/${metadata.namespace}/${kind.toLowerCase()}s`;
  const answer = await kube.request("POST", path, text);
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.body.slice(0, 300)}`);
}

function hasBigInt(value: unknown): boolean {
  if (typeof value === "bigint") return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasBigInt);
}
