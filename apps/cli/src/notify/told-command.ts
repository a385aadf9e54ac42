import type { Notification } from "@kubeferry/notify";
import { createNotificationCounter } from "@kubeferry/telemetry";
import { clusterLabel } from "../compose/pick-clusters.ts";
import type { Session } from "../compose/session.ts";
import { seenBy } from "../metrics/measured.ts";
import { pushTold } from "../metrics/push-told.ts";
import { channelsOf } from "./channels-of.ts";
import { isOvertaken, newsOfError } from "./news-of-error.ts";
import { keyOf } from "./tell-ends.ts";

/** What a command is called in messages, and what is said of one that could not be done. */
export interface ToldAs {
  readonly component: "drift" | "drill" | "prune";
  /** @param target "crc.testing/wrl62", or as much of it as is known */
  readonly failed: (target: string) => string;
}

/** What there is to tell of a command that was done. */
export type CommandNews = Pick<Notification, "outcome" | "title" | "text" | "sameAs">;

/** Tells people of one command. */
export interface CommandTelling {
  /** From now on the cluster's whole name is known. @param cluster "crc.testing/wrl62" */
  onCluster(cluster: string): void;
  /** Tells how it ended. */
  ended(news: CommandNews): Promise<void>;
  /** Tells that it could not be done. One that was told to stop tells nothing, and one that another run overtook is no failure. */
  failed(error: unknown): Promise<void>;
}

/** @param as undefined for a command that nobody is told of */
export function tellingOf(
  { telling, config, call, runId }: Pick<Session, "telling" | "config" | "call" | "runId">,
  as: ToldAs | undefined,
): CommandTelling {
  const label = clusterLabel(config);
  const known = { target: label === "" ? "a cluster without a name" : label };

  async function tell(component: ToldAs["component"], news: CommandNews): Promise<void> {
    const subject = { component, target: known.target };
    const whole = { ...news, subject, runId, traceId: call.span?.traceId ?? "" };
    const counter = createNotificationCounter();
    counter.expect(channelsOf(config));
    const key = await keyOf(config, known.target);
    await telling.tell(whole, key, config, seenBy(call, counter.see));
    // As of backups: of a cluster whose name is not known there are no numbers.
    if (key !== undefined)
      await pushTold({ cluster: known.target, command: component, counts: counter.counts() }, config, call);
  }

  return {
    onCluster(cluster) {
      known.target = cluster;
    },
    async ended(news) {
      if (as !== undefined) await tell(as.component, news);
    },
    async failed(error) {
      if (as === undefined || call.signal.aborted || isOvertaken(error)) return;
      await tell(as.component, { ...newsOfError(error), title: as.failed(known.target) });
    },
  };
}
