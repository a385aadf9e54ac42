import { isJsonObject, type JsonObject, type JsonValue, type ObjectKey } from "@kubeferry/model";
import { z } from "zod";
import { WAVES } from "./wave.ts";

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, "is not 64 lower-case hex digits");
const Text = z.string().min(1);
const Json = z.custom<JsonValue>((value) => value !== undefined);
const JsonMap = z.custom<JsonObject>((value) => isJsonObject(value as JsonValue | undefined));
const Names = z.record(z.string(), z.string());
const Lists = z.object({ include: z.array(z.string()), exclude: z.array(z.string()) });

/** One step of a path, as the API has it: nothing that leads elsewhere, or that a terminal would obey. */
const Segment = z.string().regex(/^(?!\.{1,2}$)[^/%?#\s\p{Cc}]+$/u, "is no name of the API");
/** What an object may be called is the API server's whole rule: a Role has blanks, line ends and question marks in its name. */
const ObjectName = z.string().regex(/^(?!\.{1,2}$)[^/%]+$/u, "is no name of the API");

const Planned = z.object({
  group: z.literal("").or(Segment),
  version: Segment,
  resource: Segment,
  kind: Segment,
  namespace: Segment.exactOptional(),
  name: ObjectName,
});

const Change = z.object({
  path: z.string(),
  kind: z.enum(["added", "removed", "changed"]),
  before: Json.exactOptional(),
  after: Json.exactOptional(),
  hidden: z.literal(true).exactOptional(),
  order: z.literal(true).exactOptional(),
});

const Owner = z.object({ object: Planned, controller: z.boolean(), blockOwnerDeletion: z.boolean() });

const Entry = z.object({
  object: Planned,
  from: z.custom<ObjectKey>((value) => typeof value === "string" && value !== "").exactOptional(),
  action: z.enum(["create", "update", "replace", "remove", "unchanged", "skipped", "blocked"]),
  wave: z.enum(WAVES),
  depth: z.number().int().nonnegative(),
  obstacle: z
    .enum([
      "withheld",
      "sealed",
      "unusable",
      "no-type",
      "no-namespace",
      "terminating",
      "argo-managed",
      "volume",
      "refused",
      "forbidden",
      "conflict",
    ])
    .exactOptional(),
  reason: z.string().exactOptional(),
  owners: z.array(Owner).exactOptional(),
  without: z.object({ finalizers: z.array(Text).exactOptional() }).exactOptional(),
  volumeName: Text.exactOptional(),
  changes: z.array(Change),
  checked: z.enum(["dry-run", "later", "not-needed"]),
  live: z.object({ uid: Text, digest: Sha256 }).exactOptional(),
});

const Image = z.object({
  from: Text,
  to: Text.exactOptional(),
  tag: Text.exactOptional(),
  digest: Text.exactOptional(),
});

const Patch = z.object({
  target: z.object({ group: z.string().exactOptional(), kind: Text, name: Text }),
  merge: JsonMap.exactOptional(),
  json: z
    .array(
      z.object({ op: z.enum(["add", "replace", "remove", "test"]), path: z.string(), value: Json.exactOptional() }),
    )
    .exactOptional(),
});

const Prune = z.object({
  namespaces: z.array(Text),
  customResourceDefinitions: z.boolean(),
  persistentVolumes: z.boolean(),
  foreignFinalizers: z.boolean(),
});

const Settings = z.object({
  conflicts: z.enum(["skip", "update", "replace", "fail"]),
  argoManaged: z.enum(["block", "allow"]),
  namespaces: Names,
  storageClasses: Names,
  images: z.array(Image),
  patches: z.array(Patch),
  maxRemovals: z.object({ objects: z.number(), percent: z.number() }),
  filter: z.object({
    namespaces: Lists,
    resources: Lists,
    names: Lists,
    labelSelector: Text.exactOptional(),
    clusterScoped: z.boolean(),
  }),
  prune: Prune.exactOptional(),
  rehearsal: z.object({ run: Text, kept: z.boolean(), workloads: z.boolean() }).exactOptional(),
});

/** The form of a plan file, format 1; fields that are not known are left out. */
export const PlanSchema = z.object({
  format: z.literal(1),
  toolVersion: Text,
  createdAt: z.iso.datetime(),
  source: z.object({
    cluster: Text,
    uid: Text,
    series: Text,
    sequence: z.number().int().positive(),
    sha256: Sha256,
    finishedAt: z.iso.datetime(),
  }),
  target: z.object({ uid: Text, description: z.string() }),
  settings: Settings,
  entries: z.array(Entry),
  leftOut: z.array(z.object({ object: Text, reason: z.string() })),
  warnings: z.array(z.string()),
});
