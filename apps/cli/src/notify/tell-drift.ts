import type { Call } from "@kubeferry/model";
import type { Notification } from "@kubeferry/notify";
import type { Config } from "@kubeferry/shared-config";
import { type Compared, newsOfDrift } from "./news-of-drift.ts";
import { isOvertaken, newsOfError } from "./news-of-error.ts";
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

/** Does a comparison; tells of one that could not be made. */
export async function toldDriftFailure<Result>(
  run: Omit<DriftEnd, "comparisons">,
  call: Call,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!call.signal.aborted && !isOvertaken(error)) {
      await tell(run, { ...newsOfError(error), title: `${run.cluster} could not be compared` }, call);
    }
    throw error;
  }
}

/** Tells of drift, and that there is none any more. */
export async function tellDrift({ comparisons, ...run }: DriftEnd, call: Call): Promise<void> {
  await tell(run, newsOfDrift(comparisons, run.cluster), call);
}

async function tell(
  { cluster, runId, config }: Omit<DriftEnd, "comparisons">,
  news: Pick<Notification, "outcome" | "title" | "text" | "sameAs">,
  call: Call,
): Promise<void> {
  const subject = { component: "drift", target: cluster } as const;
  const whole = { ...news, subject, runId, traceId: call.span?.traceId ?? "" };
  await createTelling().tell(whole, await keyOf(config, cluster), config, call);
}
