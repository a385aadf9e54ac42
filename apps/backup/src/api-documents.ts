import { createHash } from "node:crypto";
import { type Discovery, fetchOpenApi, type KubeApi } from "@kubeferry/kube";
import type { Call } from "@kubeferry/model";
import type { SnapshotWriter } from "@kubeferry/snapshot";

/**
 * Keeps what the API served beside the objects: reading a snapshot later needs the API of that time. The OpenAPI
 * index carries a hash of each document, so while it and discovery stay the same nothing is fetched or stored.
 */
export async function captureApi(
  discovery: Discovery,
  kube: KubeApi,
  writer: SnapshotWriter,
  call: Call,
): Promise<void> {
  const openapi = await fetchOpenApi(kube, call);
  const fingerprint = createHash("sha256").update(discovery.document).update(openapi.index).digest("hex");
  const documents = { discovery: discovery.document.toString("utf8"), openapi: openapi.documents };
  await writer.setApi(fingerprint, async () => documents, call);
}
