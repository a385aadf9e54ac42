import { createHash } from "node:crypto";
import { type Discovery, fetchOpenApi, type KubeApi } from "@kubeferry/kube";
import type { Call } from "@kubeferry/model";
import type { SnapshotWriter } from "@kubeferry/snapshot";

/** What the API served beside the objects, on its way into a snapshot. */
export interface ApiOnItsWay {
  /** Settles when all of it is stored. @throws KubeError when a document cannot be read */
  readonly stored: Promise<void>;
}

/**
 * Keeps what the API served beside the objects: reading a snapshot later needs the API of that time. The OpenAPI
 * index carries a hash of each document, so while it and discovery stay the same nothing is fetched or stored, and the
 * writer knows at once that the API is the parent's. Otherwise the documents are fetched beside whatever comes next.
 */
export async function captureApi(
  discovery: Discovery,
  kube: KubeApi,
  writer: SnapshotWriter,
  call: Call,
): Promise<ApiOnItsWay> {
  const openapi = await fetchOpenApi(kube, call);
  const fingerprint = createHash("sha256").update(discovery.document).update(openapi.index).digest("hex");
  const documents = { discovery: discovery.document.toString("utf8"), openapi: openapi.documents };
  const stored = writer.setApi(fingerprint, async () => documents, call);
  if (fingerprint === writer.parent?.manifest.api.fingerprint) await stored;
  // Whoever asks later meets the error then.
  stored.catch(() => undefined);
  return { stored };
}
