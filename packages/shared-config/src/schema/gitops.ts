import { z } from "zod";
import { commitSection } from "./commit.ts";
import { folderLimits, scanSection, secretsSection, sourceSection } from "./content.ts";
import { environments, overrideProblems, overridesSection } from "./environments.ts";
import { parameterProblems, parameters } from "./parameters.ts";
import { pullRequestSection } from "./pull-request.ts";
import { repositorySection } from "./repository.ts";
import { serveSection } from "./serve.ts";
import { validationSection } from "./validation.ts";
import { choice, duration, emptySection, filePath, flag, textLike, whole } from "./values.ts";

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const LABEL_EXPECTED = "up to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit";

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
          'Which namespaces are adopted into Git: names, or globs with `*` and `?`. All of them must be written as `["*"]`. As a section with what single namespaces do differently, its names are added to those of an earlier source. Needed by every command that writes to Git.',
        "x-short": ["object"],
      }),
    overrides: overridesSection,
    environments,
    parameters,
    layout: choice(["namespaces", "clusters"], {
      description:
        "Shape of the repository. `namespaces`: `namespaces/<ns>/{base,<env>}`. `clusters`: `clusters/<env>-cluster/{namespaces,applications}` and `environments/<env>`, every object whole.",
    }).prefault("namespaces"),
    flat: flag({
      description: "Whether each environment's folder holds its objects whole, without a base.",
    }).prefault(false),
    source: sourceSection,
    secrets: secretsSection,
    scan: scanSection,
    validation: validationSection,
    limits: folderLimits,
    argocd,
    maxRemovals,
    mode: choice(["pull-request", "push", "directory", "dry-run"], {
      description:
        "What becomes of the result. `pull-request`: a branch, and a request where `repository.platform` is set. `push`: a commit on the base branch itself. `directory`: files in a folder, no commit. `dry-run`: it is shown, and nothing is written.",
    }).prefault("pull-request"),
    directory: filePath({
      description: "The folder that mode `directory`, of this file or of `--mode`, writes the files to.",
    }).exactOptional(),
    verify: flag({
      description:
        "Whether a run builds every overlay before it pushes anything (with kustomize or kubectl where one is on PATH, else with kubeferry's own model of it), and stops when an object is not as its environment is to have it.",
    }).prefault(false),
    commit: commitSection,
    pullRequest: pullRequestSection,
    repository: repositorySection,
    serve: serveSection,
    quietPeriod: duration(
      { min: "0s", max: "1h" },
      {
        description:
          "How long `kubeferry gitops serve` waits after a call for others, so that clusters whose backups end together make one run.",
      },
    ).prefault("10s"),
  })
  .superRefine((value, context) => {
    const { mode, directory, flat, layout, pullRequest } = value;
    if (mode === "directory" && directory === undefined)
      context.addIssue({ code: "custom", path: ["directory"], message: "missing: mode directory writes there" });
    const { split } = pullRequest;
    if ((split === "environment" || split === "cluster") && !flat && layout !== "clusters")
      context.addIssue({
        code: "custom",
        path: ["pullRequest", "split"],
        message: `${split} needs flat: true or layout: clusters: a base is shared by all environments, so that none of them can be approved apart`,
      });
    for (const [path, message] of overrideProblems(value.overrides, value.environments)) {
      context.addIssue({ code: "custom", path: ["overrides", ...path], message });
    }
    for (const [path, message] of parameterProblems(value.parameters, value.environments)) {
      context.addIssue({ code: "custom", path: ["parameters", ...path], message });
    }
  })
  .meta({ description: "Stage 2: from the store to a Git repository. Only needed by commands that write to Git." });
