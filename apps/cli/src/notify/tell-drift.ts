import type { Call } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";
import { type Compared, newsOfDrift } from "./news-of-drift.ts";
import { keyOf } from "./tell-ends.ts";
import { createTelling } from "./telling.ts";

/** What `kubeferry drift` found in a whole cluster. */
export interface DriftEnd {
  readonly comparisons: readonly Compared[];
  /** "crc.testing/wrl62" */
  readonly cluster: string;
  readonly runId: string;
  readonly config: Config;
}

/** Tells of drift, and that there is none any more. */
export async function tellDrift({ comparisons, cluster, runId, config }: DriftEnd, call: Call): Promise<void> {
  const subject = { component: "drift", target: cluster } as const;
  const news = { ...newsOfDrift(comparisons, cluster), subject, runId, traceId: call.span?.traceId ?? "" };
  await createTelling().tell(news, await keyOf(config, cluster), config, call);
}
