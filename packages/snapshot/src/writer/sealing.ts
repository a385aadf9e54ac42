import type { ResourceType } from "@kubeferry/model";
import { isSecrets } from "../is-secrets.ts";
import type { SegmentRef } from "../manifest.ts";
import type { Sealer } from "../protection/age.ts";

/** What a run encrypts, and to whom. */
export interface Sealing {
  readonly sealer: Sealer;
  /** Says which of the secret types are encrypted; objects of other types are when they look like they hold a credential. */
  seals(type: ResourceType): boolean;
}

/** True when a segment of the parent is encrypted as this run would do it: to the same recipients, or not at all. */
export function isSealedAs(segment: SegmentRef, type: ResourceType, sealing: Sealing | undefined): boolean {
  return segment.sealed?.recipients.join() === wantedFor(segment, type, sealing)?.sealer.to.recipients.join();
}

function wantedFor(segment: SegmentRef, type: ResourceType, sealing: Sealing | undefined): Sealing | undefined {
  const wanted = isSecrets(type) ? sealing?.seals(type) === true : segment.findings !== undefined;
  return wanted ? sealing : undefined;
}
