import { z } from "zod";
import { choice, emptySection, flag, text, textList } from "./values.ts";

const PATTERNS = "Names, globs (`*`, `?`) or regular expressions between slashes (`/^team-[0-9]+$/`).";

function includeExclude(what: string) {
  return z
    .preprocess(
      emptySection,
      z.strictObject({
        include: textList({ description: `${what} to take; empty: all. ${PATTERNS}` }),
        exclude: textList({ description: `${what} to leave out; beats \`include\`. ${PATTERNS}` }),
      }),
    )
    .prefault({})
    .meta({ description: `${what}: which are taken.` });
}

const override = z
  .strictObject({
    take: flag({ description: "Whether the type is taken at all, whatever the lists say." }).exactOptional(),
    namespaces: includeExclude("Namespaces"),
    names: includeExclude("Names of objects"),
    labelSelector: text({ description: "Label selector for this type, instead of the one above." }).exactOptional(),
    annotationSelector: text({
      description: "Annotation selector for this type, instead of the one above.",
    }).exactOptional(),
  })
  .meta({ description: "Other rules for one type." });

/** `backup.filter`: which types and objects are taken. */
export const filterSection = z
  .preprocess(
    emptySection,
    z.strictObject({
      mode: choice(["blacklist", "whitelist", "hybrid"], {
        description:
          "`blacklist`: all types but the excluded. `whitelist`: only the included. `hybrid`: the included without the excluded.",
      }).prefault("blacklist"),
      resources: includeExclude("Types, as `<plural>` or `<plural>.<group>`"),
      groups: includeExclude("API groups (`core` is the one without a name)"),
      kinds: includeExclude("Kinds"),
      namespaces: includeExclude("Namespaces"),
      names: includeExclude("Names of objects"),
      crds: textList({
        description: "Further types to take in modes whitelist and hybrid, as `<plural>.<group>`, custom or not.",
      }),
      alsoTake: textList({
        description:
          "Types to take although they are left out by default, such as `events` or `leases.coordination.k8s.io`.",
      }),
      labelSelector: text({
        description: "Label selector as kubectl takes it, evaluated by the API server: `app=shop,tier!=cache`.",
      }).exactOptional(),
      annotationSelector: text({
        description: "The same over annotations, evaluated here: `backup.io/enabled=true`.",
      }).exactOptional(),
      ownerRule: flag({
        description: "Whether Pods and ReplicaSets that a captured controller makes again are left out.",
      }).prefault(true),
      openShift: choice(["auto", "enabled", "disabled"], {
        description:
          "Whether the cluster counts as OpenShift. `auto`: when it serves one of its API groups. `disabled`: OpenShift's groups are left out.",
      }).prefault("auto"),
      openShiftResources: flag({ description: "Whether types of OpenShift's own groups are taken." }).prefault(true),
      overrides: z
        .record(z.string(), override)
        .prefault({})
        .meta({ description: "Other rules for single types, by `<plural>` or `<plural>.<group>`." }),
      priorities: z
        .record(z.string(), z.number().int().meta({ description: "Its place: lower is earlier." }))
        .prefault({})
        .meta({ description: "Order in which types are listed: lower numbers first, those not named last." }),
    }),
  )
  .prefault({})
  .meta({ description: "Which types and objects are taken." });
