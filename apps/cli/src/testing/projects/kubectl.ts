import { spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { emitJson } from "@kubeferry/clean";
import { isJsonObject, type JsonObject } from "@kubeferry/model";
import { type KubeApi, servers } from "@kubeferry/testbed";

/** How people bring objects into a cluster. */
export type Way = "apply" | "apply --server-side";

/** `kubectl apply` keeps a copy of the object in an annotation, and all annotations together may have 256 KiB. */
const MAX_APPLIED_BYTES = 240_000;

/** Brings objects into a cluster with the real kubectl; what is too large for a client-side apply is created. */
export async function bring(kube: KubeApi, objects: readonly JsonObject[], way: Way): Promise<void> {
  const fits = (object: JsonObject) => way !== "apply" || compactLength(object) <= MAX_APPLIED_BYTES;
  await kubectl(kube, way.split(" "), objects.filter(fits));
  await kubectl(
    kube,
    ["create"],
    objects.filter((object) => !fits(object)),
  );
  const definitions = objects.filter(({ kind }) => kind === "CustomResourceDefinition");
  if (definitions.length > 0) await untilEstablished(kube, definitions);
}

/** kubectl gives up at once on a definition that has no condition at all yet. */
async function untilEstablished(kube: KubeApi, definitions: readonly JsonObject[]): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await kubectl(kube, ["wait", "--for=condition=Established", "--timeout=60s"], definitions);
    } catch (error) {
      if (tries === 30 || !String(error).includes("accessor error")) throw error;
      await setTimeout(500);
    }
  }
}

function compactLength(object: JsonObject): number {
  return JSON.stringify(object, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)).length;
}

/** Brings objects into a cluster as Argo CD's sync does, by its field manager and its option on single objects. */
export async function syncLikeArgoCd(kube: KubeApi, objects: readonly JsonObject[], way: Way): Promise<void> {
  const onServer = (object: JsonObject) => way !== "apply" || asksForServerSide(object);
  const manager = "--field-manager=argocd-controller";
  await kubectl(
    kube,
    ["apply", manager],
    objects.filter((object) => !onServer(object)),
  );
  await kubectl(kube, ["apply", "--server-side", "--force-conflicts", manager], objects.filter(onServer));
}

function asksForServerSide({ metadata }: JsonObject): boolean {
  const annotations = isJsonObject(metadata) ? metadata.annotations : undefined;
  const options = isJsonObject(annotations) ? annotations["argocd.argoproj.io/sync-options"] : undefined;
  return typeof options === "string" && options.split(",").includes("ServerSideApply=true");
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
    child.stdin.end(emitJson({ apiVersion: "v1", kind: "List", items: [...items] }));
  });
}
