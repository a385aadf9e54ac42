import type { Call } from "@kubeferry/model";
import { discard } from "./body.ts";
import { S3Failure } from "./errors.ts";
import type { S3Wire } from "./wire.ts";

/** What `prepare` needs to know. */
export interface BucketOptions {
  readonly region: string | undefined;
  readonly autoCreateBucket: boolean;
}

/**
 * Makes sure that the bucket is there.
 * @throws S3Failure for a missing bucket that must not be made, and for wrong keys
 */
export async function prepareBucket(wire: S3Wire, options: BucketOptions, call: Call): Promise<void> {
  try {
    await listOne(wire, call);
  } catch (error) {
    if (!(error instanceof S3Failure)) throw error;
    // Keys that are limited to a prefix may not list the whole bucket. They are not wrong for that.
    if (error.code === "AccessDenied") return;
    if (error.code !== "NoSuchBucket" || !options.autoCreateBucket) throw error;
    await createBucket(wire, options.region, call);
    call.log.info("bucket created", { operation: "store_prepare", store: wire.url });
  }
}

async function createBucket(wire: S3Wire, region: string | undefined, call: Call): Promise<void> {
  try {
    const body = new TextEncoder().encode(locationDocument(region));
    const request = { method: "PUT", ...(body.length === 0 ? {} : { body }) } as const;
    await discard(await wire.send(request, call), wire.timeoutMs);
  } catch (error) {
    // Two runs at once may both find it missing.
    if (!(error instanceof S3Failure) || error.code !== "BucketAlreadyOwnedByYou") throw error;
  }
}

/** us-east-1 is where a bucket lands that names no region, and must not be named. */
function locationDocument(region: string | undefined): string {
  if (region === undefined || region === "us-east-1") return "";
  const name = region.replaceAll(/[^A-Za-z0-9-]/g, "");
  return `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${name}</LocationConstraint></CreateBucketConfiguration>`;
}

/**
 * Tells a missing key from a missing bucket after an answer that could mean both.
 * @throws S3Failure when the bucket is missing, or the keys are wrong
 */
export async function checkBucket(wire: S3Wire, call: Call): Promise<void> {
  try {
    await listOne(wire, call);
  } catch (error) {
    // A bucket that may not be listed is there.
    if (!(error instanceof S3Failure) || error.code !== "AccessDenied") throw error;
  }
}

/** Unlike HEAD, this answers with a reason when it fails. */
async function listOne(wire: S3Wire, call: Call): Promise<void> {
  const query = { "list-type": "2", "max-keys": "1" };
  await discard(await wire.send({ method: "GET", query }, call), wire.timeoutMs);
}
