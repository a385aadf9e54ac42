import { z } from "zod";
import { type ClusterRef, clusterReference } from "./cluster.ts";
import { isTimeZone, scheduleProblem } from "./schedule.ts";
import { asPartial, choice, duration, EVEN_WHEN_INVALID, flag, text, textLike } from "./values.ts";

/** Where Argo CD deploys to, by the URL or by the name it knows it under. `cluster` says which of ours that is. */
export type DestinationConfig =
  | { readonly server: string; readonly cluster?: ClusterRef }
  | { readonly name: string; readonly cluster?: ClusterRef };

/** A cluster that something other than a written Application deploys to. */
export interface ClusterOnly {
  readonly cluster: ClusterRef;
}

const destinationKeys = {
  server: textLike(/^https?:\/\/[^\s/@]+(\/[^\s@]*)?$/, 'a URL such as "https://kubernetes.default.svc"', {
    description: "URL of the API server as Argo CD knows it. Either this or `name`.",
  }).exactOptional(),
  name: text({ description: "Name of the cluster as Argo CD knows it. Either this or `server`." }).exactOptional(),
  cluster: clusterReference(
    "Which cluster that is, as `<domain>/<name>`. Left out, it counts as the source cluster, which takes no override. Alone, without `server` and `name`: no Application is written.",
  ).exactOptional(),
};

/** One place to deploy to. */
const destination = z
  .strictObject(destinationKeys)
  .superRefine((value, context) => {
    const { server, name, cluster } = asPartial(value);
    const addresses = [server, name].filter((each) => each !== undefined).length;
    if (addresses === 1 || (addresses === 0 && cluster !== undefined)) return;
    context.addIssue({ code: "custom", message: "expected either server or name" });
  }, EVEN_WHEN_INVALID)
  .transform(({ server, name, cluster }): DestinationConfig | ClusterOnly => {
    const known = cluster === undefined ? {} : { cluster };
    if (server !== undefined) return { server, ...known };
    if (name !== undefined) return { name, ...known };
    return known as ClusterOnly;
  })
  .meta({ description: "Where Argo CD deploys the environment. Left out: no Application is written for it." });

const DESTINATION_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Several places of one environment, by a name of each. */
export const destinations = z
  .record(
    z
      .string()
      .regex(
        DESTINATION_NAME,
        "expected up to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit",
      ),
    destination,
  )
  .refine((all) => Object.keys(all).length > 0, { message: "expected at least one destination, or leave the key out" })
  .meta({
    description:
      "Several places that the same overlay is deployed to, by a name of each, such as a region: one Application each, `<namespace>-<environment>-<name>`. Instead of `destination`.",
  });

const syncWindow = z.strictObject({
  kind: choice(["allow", "deny"], { description: "Whether Argo CD may sync during it, or may not." }),
  schedule: text({ description: 'When it begins, as cron writes it: `"0 22 * * 1-5"`.' }).superRefine(
    (value, context) => {
      const message = value === "" ? undefined : scheduleProblem(value);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    },
  ),
  duration: duration({ min: "1m", max: "366d" }, { description: "How long it lasts." }),
  timeZone: text({ description: "Time zone of the schedule, such as `Europe/Copenhagen`." })
    .refine((name) => name === "" || isTimeZone(name), 'expected a time zone, such as "Europe/Copenhagen" or "UTC"')
    .prefault("UTC"),
  manualSync: flag({ description: "Whether people may sync even then." }).prefault(false),
});

/** How Argo CD deploys. */
export const deploymentKeys = {
  destination: destination.exactOptional(),
  autoSync: flag({
    description:
      "Whether Argo CD syncs by itself; otherwise people press the button. Needs a destination. Left out: false.",
  }).exactOptional(),
  prune: flag({
    description: "Whether that also removes from the cluster what is gone from Git. Needs `autoSync`. Left out: false.",
  }).exactOptional(),
  selfHeal: flag({
    description: "Whether that also takes back changes made in the cluster. Needs `autoSync`. Left out: false.",
  }).exactOptional(),
  syncOptions: z
    .array(
      z
        .string()
        .regex(/^[A-Za-z]+=[A-Za-z]+$/, 'expected an option of Argo CD, such as "ServerSideApply=true"')
        .refine((option) => !/^(CreateNamespace|Replace)=/i.test(option), {
          message:
            "is not taken: the Namespace is in Git (CreateNamespace), and Replace would reset what Git does not hold",
        }),
      "expected a list",
    )
    .meta({ description: "Further sync options of the Applications." })
    .exactOptional(),
};

/** When Argo CD may sync an environment. */
export const syncWindows = z
  .array(syncWindow, "expected a list of sections")
  .meta({ description: "When Argo CD may sync the environment's Applications; written to the AppProject." });
