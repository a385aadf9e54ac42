import type { RetentionPolicy } from "@kubeferry/model";
import { z } from "zod";
import { choice, duration, emptySection, whole } from "./values.ts";

const MANY = { min: 0, max: 100_000 };

const kept = {
  keepLast: whole(MANY, { description: "The newest so many snapshots." }).exactOptional(),
  hourly: whole(MANY, { description: "The newest of each of the last so many hours that have one." }).exactOptional(),
  daily: whole(MANY, {
    description: "The newest of each of the last so many days (UTC) that have one.",
  }).exactOptional(),
  weekly: whole(MANY, {
    description: "The newest of each of the last so many ISO weeks that have one.",
  }).exactOptional(),
  monthly: whole(MANY, { description: "The newest of each of the last so many months that have one." }).exactOptional(),
  within: z
    .preprocess(
      daysOf,
      duration(
        { min: "1m", max: "36500d" },
        {
          description:
            "All that are not older than this, counted from the newest snapshot (or from now, should that one's clock have been ahead): `30d`, or 30.",
        },
      ),
    )
    .meta({
      description:
        "All that are not older than this, counted from the newest snapshot (or from now, should that one's clock have been ahead): `30d`, or 30.",
      "x-short": ["integer"],
    })
    .exactOptional(),
};

const policy = z.preprocess(emptySection, z.strictObject(kept).transform(policyOf)).meta({
  description: "Kept for this environment; `30d` or 30 is short for `within`.",
  "x-short": ["string", "integer"],
});

/** `retention`: which snapshots stay. */
export const retentionSection = z
  .preprocess(
    emptySection,
    z
      .strictObject({
        ...kept,
        byEnvironment: z
          .record(z.string(), policy)
          .prefault({})
          .meta({ description: "Instead of the keys above, for clusters of an environment (`cluster.environment`)." }),
        run: choice(["after-backup", "manual"], {
          description:
            "`after-backup`: at the end of every complete backup. `manual`: only by `kubeferry snapshots prune`.",
        }).prefault("after-backup"),
        gcGrace: duration(
          { min: "1m", max: "36500d" },
          {
            description:
              "How old, by the store's clock, bytes must be that no snapshot names before they are removed: more than twice what any run takes, because a run that takes longer than half of it is not committed.",
          },
        ).prefault("24h"),
      })
      .transform(({ gcGrace, run, byEnvironment, ...rest }) => ({
        ...policyOf(rest),
        byEnvironment,
        run,
        gcGraceMs: gcGrace,
      })),
  )
  .prefault({})
  .meta({
    description:
      "Which snapshots stay. Without any of the counts everything stays. `retention: 30d` is short for `within`.",
    "x-short": ["string", "integer"],
  });

/** A number alone is one of days. */
function daysOf(value: unknown): unknown {
  return typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value)) ? `${value}d` : value;
}

/** What is kept of the configured cluster: what is written for its environment, or else the section's own keys. */
export function retentionPolicyOf({ retention, cluster }: RetentionOfCluster): RetentionPolicy {
  const { byEnvironment, run: _run, gcGraceMs: _gcGraceMs, ...base } = retention;
  const { environment } = cluster;
  return (environment === undefined ? undefined : byEnvironment[environment]) ?? base;
}

interface RetentionOfCluster {
  readonly retention: RetentionPolicy & {
    readonly byEnvironment: Readonly<Record<string, RetentionPolicy>>;
    readonly run: string;
    readonly gcGraceMs: number;
  };
  readonly cluster: { readonly environment?: string };
}

function policyOf({ within, ...counts }: { readonly within?: number }): RetentionPolicy {
  return within === undefined ? counts : { ...counts, withinMs: within };
}
