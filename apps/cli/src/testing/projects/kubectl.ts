import { spawn } from "node:child_process";
import type { JsonObject } from "@kubeferry/model";
import { type KubeApi, servers } from "@kubeferry/testbed";

/** How people bring objects into a cluster. */
export type Way = "apply" | "apply --server-side";

/** `kubectl apply` keeps a copy of the object in an annotation, and all annotations together may have 256 KiB. */
const MAX_APPLIED_BYTES = 240_000;

/** Brings objects into a cluster with the real kubectl; what is too large for a client-side apply is created. */
export async function bring(kube: KubeApi, objects: readonly JsonObject[], way: Way): Promise<void> {
  const fits = (object: JsonObject) => way !== "apply" || JSON.stringify(object).length <= MAX_APPLIED_BYTES;
  await kubectl(kube, way.split(" "), objects.filter(fits));
  await kubectl(
    kube,
    ["create"],
    objects.filter((object) => !fits(object)),
  );
  const definitions = objects.filter(({ kind }) => kind === "CustomResourceDefinition");
  if (definitions.length > 0)
    await kubectl(kube, ["wait", "--for=condition=Established", "--timeout=60s"], definitions);
}

function kubectl(kube: KubeApi, args: readonly string[], items: readonly JsonObject[]): Promise<void> {
  if (items.length === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const all = ["--kubeconfig", kube.kubeconfig, ...args, "-f", "-"];
    const child = spawn(servers.binary("kubectl"), all, { stdio: ["pipe", "ignore", "pipe"] });
    const said: Buffer[] = [];
    child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) return resolve();
      reject(new Error(`kubectl ${args.join(" ")} ended with ${code}: ${Buffer.concat(said).toString("utf8")}`));
    });
    child.stdin.end(JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  });
}
