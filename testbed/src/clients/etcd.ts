import { Buffer } from "node:buffer";
import { TestbedError } from "../errors.ts";

/** One object as etcd keeps it. */
export interface EtcdEntry {
  /** Below "/registry/": "configmaps/shop/settings". */
  readonly path: string;
  readonly object: object;
}

/** etcd refuses more operations in one transaction. */
const PUTS_AT_ONCE = 128;

/**
 * Writes objects past the API server, thousands a second, as JSON, which it reads beside its own encoding. Nothing
 * checks or completes them: they need uid and creationTimestamp. @throws TestbedError "refused"
 */
export async function writeToEtcd(url: string, entries: Iterable<EtcdEntry>): Promise<void> {
  let batch: object[] = [];
  for (const { path, object } of entries) {
    const [key, value] = [base64(`/registry/${path}`), base64(JSON.stringify(object))];
    batch.push({ requestPut: { key, value } });
    if (batch.length < PUTS_AT_ONCE) continue;
    await commit(url, batch);
    batch = [];
  }
  if (batch.length > 0) await commit(url, batch);
}

async function commit(url: string, puts: readonly object[]): Promise<void> {
  const answer = await fetch(`${url}/v3/kv/txn`, { method: "POST", body: JSON.stringify({ success: puts }) });
  const text = await answer.text();
  if (answer.ok) return;
  throw new TestbedError({
    kind: "refused",
    who: "etcd",
    operation: `write ${puts.length} objects`,
    problem: `${answer.status} ${text}`,
    next: "look at its log",
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
