import { z } from "zod";
import { type ClusterRef, clusterReference } from "./cluster.ts";
import { repositorySection } from "./repository.ts";
import { asPartial, EVEN_WHEN_INVALID, emptySection, flag, text, textLike, whole } from "./values.ts";

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const LABEL_EXPECTED = "up to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit";

/** Where Argo CD deploys to, by the URL or by the name it knows the cluster under. `cluster` says which of ours that is. */
export type DestinationConfig =
  | { readonly server: string; readonly cluster?: ClusterRef }
  | { readonly name: string; readonly cluster?: ClusterRef };

const destination = z
  .strictObject({
    server: textLike(/^https?:\/\/[^\s/@]+(\/[^\s@]*)?$/, 'a URL such as "https://kubernetes.default.svc"', {
      description: "URL of the API server as Argo CD knows it. Either this or `name`.",
    }).exactOptional(),
    name: text({ description: "Name of the cluster as Argo CD knows it. Either this or `server`." }).exactOptional(),
    cluster: clusterReference(
      "Which cluster that is, as `<domain>/<name>`. Left out, it counts as the source cluster.",
    ).exactOptional(),
  })
  .superRefine((value, context) => {
    const { server, name } = asPartial(value);
    if ((server === undefined) === (name === undefined)) {
      context.addIssue({ code: "custom", message: "expected either server or name" });
    }
  }, EVEN_WHEN_INVALID)
  .transform(({ server, name, cluster }): DestinationConfig => {
    const known = cluster === undefined ? {} : { cluster };
    return server === undefined ? { name: name ?? "", ...known } : { server, ...known };
  })
  .meta({ description: "Where Argo CD deploys the environment. Left out: no Application is written for it." });

const environment = z
  .preprocess(
    emptySection,
    z
      .strictObject({
        cluster: clusterReference(
          "Whose snapshots the environment is made from, as `<domain>/<name>`. Left out: the cluster above.",
        ).exactOptional(),
        destination: destination.exactOptional(),
        autoSync: flag({
          description: "Whether Argo CD syncs by itself; otherwise people press the button. Needs `destination`.",
        }).prefault(false),
      })
      .superRefine((value, context) => {
        const { autoSync, destination: target } = asPartial(value);
        if (autoSync !== true || target !== undefined) return;
        const message = "does nothing without destination: no Application is written; add one or drop autoSync";
        context.addIssue({ code: "custom", path: ["autoSync"], message });
      }, EVEN_WHEN_INVALID),
  )
  .meta({
    description: "One environment, by the name of its folders. Written without anything, it takes the defaults.",
  });

const environmentName = z
  .string()
  .regex(LABEL, `expected ${LABEL_EXPECTED}`)
  .refine((name) => name !== "base", {
    message: 'expected another name: "base" is the folder that environments build on',
  });

const environments = z
  .preprocess(emptySection, z.record(environmentName, environment))
  .refine((all) => Object.keys(all).length > 0, { message: "expected at least one environment, or leave the key out" })
  .superRefine((all, context) => {
    for (const [name, other] of sharedDestinations(all)) {
      const message = `deploys to the same place as ${other}: Argo CD would let both fight over the same objects`;
      context.addIssue({ code: "custom", path: [name, "destination"], message });
    }
  })
  .prefault({ dev: {}, test: {}, preprod: {}, prod: {} })
  .meta({ description: "The environments, each with its overlay. Left out: dev, test, preprod and prod." });

// Two sources may share a destination when their namespaces differ, which only a run can see.
function* sharedDestinations(
  all: Readonly<Record<string, { cluster?: ClusterRef; destination?: DestinationConfig }>>,
): Generator<readonly [string, string]> {
  const seen = new Map<string, string>();
  for (const [name, { cluster, destination: target }] of Object.entries(all)) {
    if (target === undefined) continue;
    const place = JSON.stringify([
      cluster ?? null,
      "server" in target ? target.server : null,
      "name" in target ? target.name : null,
    ]);
    const other = seen.get(place);
    if (other !== undefined) yield [name, other];
    seen.set(place, other ?? name);
  }
}

const argocd = z
  .preprocess(
    emptySection,
    z.strictObject({
      namespace: textLike(LABEL, LABEL_EXPECTED, { description: "The namespace Argo CD runs in." }).prefault("argocd"),
      project: textLike(LABEL, LABEL_EXPECTED, {
        description: "Name of the AppProject that is written and that the Applications belong to.",
      }).prefault("kubeferry"),
    }),
  )
  .prefault({})
  .meta({ description: "Argo CD, as the written Applications refer to it." });

const maxRemovals = z
  .preprocess(
    emptySection,
    z.strictObject({
      files: whole({ min: 0, max: 1_000_000 }, { description: "Files a run may remove." }).prefault(10),
      percent: whole(
        { min: 0, max: 100 },
        { description: "Share of the files it owns that a run may remove." },
      ).prefault(5),
    }),
  )
  .prefault({})
  .meta({ description: "A run that would remove more than either stops before it pushes anything." });

/** `gitops`: stage 2. */
export const gitopsSection = z
  .strictObject({
    namespaces: z
      .array(
        z
          .string()
          .regex(/^[a-z0-9*?-]+$/, 'expected the name of a namespace, or a glob with * and ?, such as "team-*"'),
        'expected a list, such as ["shop", "team-*"]',
      )
      .min(1, 'expected at least one glob; all namespaces are written as ["*"]')
      .exactOptional()
      .meta({
        description:
          'Which namespaces are adopted into Git: names, or globs with `*` and `?`. All of them must be written as `["*"]`. Needed by every command that writes to Git.',
      }),
    environments,
    argocd,
    maxRemovals,
    repository: repositorySection,
  })
  .meta({ description: "Stage 2: from the store to a Git repository. Only needed by commands that write to Git." });
