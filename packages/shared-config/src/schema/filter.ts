import { z } from "zod";
import { byType, patternList, selector, typeList } from "./selection.ts";
import { choice, emptySection, flag } from "./values.ts";

const PATTERNS = "Names, globs (`*`, `?`) or regular expressions between slashes (`/^team-[0-9]+$/`).";

function includeExclude(what: string, list = patternList) {
  return z
    .preprocess(
      emptySection,
      z.strictObject({
        include: list({ description: `${what} to take; empty: all. ${PATTERNS}` }),
        exclude: list({ description: `${what} to leave out; beats \`include\`. ${PATTERNS}` }),
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
    labelSelector: selector({ description: "Label selector for this type, instead of the one above." }).exactOptional(),
    annotationSelector: selector({
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
          "`blacklist`: all types but the excluded; what `resources`, `groups` and `kinds` include is not looked at. `whitelist` and `hybrid`: only the included, where one of the lists that name types is enough and none means all; what is excluded stays out in every mode.",
      }).prefault("blacklist"),
      resources: includeExclude("Types, as `<plural>` (in any group), `<plural>.<group>` or `<plural>.core`", typeList),
      groups: includeExclude("API groups (`core` is the one without a name)"),
      kinds: includeExclude("Kinds"),
      namespaces: includeExclude("Namespaces"),
      names: includeExclude("Names of objects"),
      crds: typeList({
        description:
          "Types that modes `whitelist` and `hybrid` take beside what the other lists include, as `<plural>.<group>`, custom or not.",
      }),
      alsoTake: typeList({
        description:
          "Types to take although they are left out by default, by their full names, such as `events` or `leases.coordination.k8s.io`.",
      }),
      labelSelector: selector({
        description: "Label selector as kubectl takes it, evaluated by the API server: `app=shop,tier!=cache`.",
      }).exactOptional(),
      annotationSelector: selector({
        description: "The same over annotations, evaluated here: `backup.io/enabled=true`.",
      }).exactOptional(),
      ownerRule: flag({
        description: "Whether Pods and ReplicaSets that a captured controller makes again are left out.",
      }).prefault(true),
      openShift: choice(["auto", "enabled", "disabled"], {
        description:
          "`auto`: OpenShift's groups are taken where they are served. `enabled`: the same, and a warning when none is. `disabled`: they are left out.",
      }).prefault("auto"),
      openShiftResources: flag({ description: "Whether types of OpenShift's own groups are taken." }).prefault(true),
      overrides: byType(override, {
        description: "Other rules for single types, by `<plural>`, `<plural>.<group>` or `<plural>.core`.",
      }),
      priorities: byType(z.number().int().meta({ description: "Its place: lower is earlier." }), {
        description: "Order in which types are listed: lower numbers first, those not named last.",
      }),
    }),
  )
  .prefault({})
  .meta({ description: "Which types and objects are taken." });
