import { z } from "zod";
import { asPartial, choice, EVEN_WHEN_INVALID, text, textLike, whole } from "./values.ts";

const QUANTITY = /^\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$/;
const QUANTITY_EXPECTED = 'a quantity such as "250m" or "512Mi"';
const GLOB = /^[a-z0-9.*?-]+$/;
const GLOB_EXPECTED = 'a name, or a glob with * and ?, such as "web-*"';
const HOST = /^(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/;
const HOST_EXPECTED = 'a host, or all below a domain: "shop.example.com" or "*.dev.example.com"';
const LABEL_KEY = /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const LABEL_KEY_EXPECTED = 'a key such as "team" or "example.com/team"';
const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;
const LABEL_VALUE_EXPECTED = "up to 63 letters, digits, '-', '_' and '.', beginning and ending with a letter or digit";

const globText = z.string().regex(GLOB, `expected ${GLOB_EXPECTED}`);
const count = whole({ min: 0, max: 100_000 }, { description: "Replicas." });

const replicas = z
  .preprocess(
    (value) => (typeof value === "number" || typeof value === "string" ? { "*": value } : value),
    z.record(globText, count),
  )
  .meta({
    description:
      "Replicas of Deployments, StatefulSets and DeploymentConfigs: one number for all, or numbers by name or glob, of which the last that fits counts. Never used for what stands at 0 or what an autoscaler scales.",
    "x-short": ["integer"],
  });

const quantities = (description: string) =>
  z
    .record(
      z.string().min(1),
      z
        .preprocess(
          (value) => (typeof value === "number" ? String(value) : value),
          z.string().regex(QUANTITY, `expected ${QUANTITY_EXPECTED}`),
        )
        .meta({ description: "A quantity." }),
    )
    .meta({ description });

const resources = z
  .array(
    z.strictObject({
      workload: textLike(GLOB, GLOB_EXPECTED, { description: "Which workloads, by name or glob." }).prefault("*"),
      container: textLike(GLOB, GLOB_EXPECTED, { description: "Which of their containers." }).prefault("*"),
      requests: quantities("Requests that are set; others stay: `{ cpu: 250m, memory: 512Mi }`.").exactOptional(),
      limits: quantities("Limits that are set; others stay.").exactOptional(),
    }),
    "expected a list of sections",
  )
  .meta({
    description:
      "Requests and limits of containers, init containers included; a later entry counts before an earlier one.",
  });

/** `images`, in overrides and in a restore. */
export const images = z
  .array(
    z
      .strictObject({
        from: text({
          description:
            "An image without tag and digest, or the beginning of some up to a `/`: `docker.io/library/nginx`, `registry.dev.example.com/`. `nginx` and `docker.io/library/nginx` are one image.",
        }),
        to: text({ description: "What stands in its place. Left out: the same." }).exactOptional(),
        tag: text({ description: "The tag it gets; a digest goes." }).exactOptional(),
        digest: textLike(/^sha256:[0-9a-f]{64}$/, '"sha256:" and 64 hex digits', {
          description: "The digest it gets; a tag goes.",
        }).exactOptional(),
      })
      .superRefine((value, context) => {
        const { from, to, tag, digest } = asPartial(value);
        const problem = imageProblem({ from, to, tag, digest });
        if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
      }, EVEN_WHEN_INVALID),
    "expected a list of sections",
  )
  .meta({
    description:
      "Images that are written differently, init and ephemeral containers included. Each entry is held against the image of the source; the last that fits decides, of those with `to` the name and of those with `tag` or `digest` the version.",
  });

function imageProblem(value: Readonly<Record<"from" | "to" | "tag" | "digest", unknown>>): string | undefined {
  const { from, to, tag, digest } = value;
  if (to === undefined && tag === undefined && digest === undefined) return "expected one of to, tag and digest";
  if (tag !== undefined && digest !== undefined) return "expected either tag or digest";
  const isPrefix = String(from).endsWith("/");
  if (!isPrefix) return undefined;
  if (tag !== undefined || digest !== undefined) return 'a "from" that ends in "/" is many images: drop tag and digest';
  return String(to).endsWith("/") ? undefined : 'expected a "to" that ends in "/" like "from"';
}

const hosts = z
  .array(
    z
      .strictObject({
        from: textLike(HOST, HOST_EXPECTED, { description: "A host, or with `*.` all below a domain." }),
        to: textLike(HOST, HOST_EXPECTED, { description: "What it becomes; `*` is what `*` was." }),
      })
      .superRefine((value, context) => {
        const { from, to } = asPartial(value);
        if (String(from).startsWith("*.") === String(to).startsWith("*.")) return;
        context.addIssue({ code: "custom", message: 'expected "*." in both from and to, or in neither' });
      }, EVEN_WHEN_INVALID),
    "expected a list of sections",
  )
  .meta({
    description:
      "Hosts of Ingresses, Routes, Gateways and Gateway API routes that are written differently; the last that fits counts.",
  });

/** `patches`, in overrides and in a restore. */
export const patches = z
  .array(
    z
      .strictObject({
        target: z
          .strictObject({
            group: z.string().meta({ description: '"" for core. Left out: any.' }).exactOptional(),
            kind: text({ description: "Kind of the object, such as `Deployment`." }),
            name: textLike(/^[^\s/]+$/, "a name, or a glob with * and ?", {
              description: "Its name, or a glob.",
            }).prefault("*"),
          })
          .meta({ description: "Which objects." }),
        merge: z
          .record(z.string(), z.unknown())
          .meta({
            description:
              "A JSON merge patch (RFC 7396): keys that are set, `null` removes one; lists are replaced whole.",
          })
          .exactOptional(),
        json: z
          .array(
            z.strictObject({
              op: choice(["add", "replace", "remove", "test"], { description: "What is done." }),
              path: textLike(/^(\/([^~/]|~[01])*)*$/, 'a JSON pointer such as "/spec/paused"', {
                description: "Which field it is done to.",
              }),
              value: z.unknown().exactOptional().meta({ description: "The value of add, replace and test." }),
            }),
            "expected a list of operations",
          )
          .meta({ description: "A JSON patch (RFC 6902)." })
          .exactOptional(),
      })
      .superRefine((value, context) => {
        const { merge, json } = asPartial(value);
        if ((merge === undefined) === (json === undefined)) {
          context.addIssue({ code: "custom", message: "expected either merge or json" });
        }
      }, EVEN_WHEN_INVALID),
    "expected a list of sections",
  )
  .meta({ description: "Changes of any field, for what no other key can say. Applied last." });

/** Keys that Argo CD, kubectl, kustomize or we ourselves write, or take out on the way. */
const OWNED_KEY =
  /^(argocd\.argoproj\.io|kubectl\.kubernetes\.io|kubeferry\.io|([a-z.]+\.)?config\.k(ubernetes|8s)\.io)\/|^kubernetes\.io\/metadata\.name$|^app\.kubernetes\.io\/instance$/;

const metadataKey = z
  .string()
  .regex(LABEL_KEY, `expected ${LABEL_KEY_EXPECTED}`)
  .refine((key) => !OWNED_KEY.test(key), {
    message: "is written by Argo CD, kubectl, kustomize or kubeferry itself; use another key",
  });

const labels = z
  .record(metadataKey, textLike(LABEL_VALUE, LABEL_VALUE_EXPECTED, { description: "Its value." }))
  .meta({ description: "Labels of every object; selectors and Pod templates stay." });

const annotations = z
  .record(metadataKey, z.string().meta({ description: "Its value." }))
  .meta({ description: "Annotations of every object; Pod templates stay." });

/** What an overlay may change, wherever it is written. */
export const overrideKeys = {
  replicas: replicas.exactOptional(),
  resources: resources.exactOptional(),
  images: images.exactOptional(),
  hosts: hosts.exactOptional(),
  labels: labels.exactOptional(),
  annotations: annotations.exactOptional(),
  patches: patches.exactOptional(),
  namespace: textLike(
    /^[a-z0-9-]*(\{namespace\})?[a-z0-9-]*$/,
    'a name with "{namespace}" in it, such as "{namespace}-dev"',
    {
      description:
        "The namespace that objects are in where the environment is deployed; `{namespace}` is the one they come from. Written out in every object that names it.",
    },
  ).exactOptional(),
};

/** Names of the keys that change what an overlay builds. */
export const OVERRIDE_KEYS = [
  "replicas",
  "resources",
  "images",
  "hosts",
  "labels",
  "annotations",
  "patches",
  "namespace",
] as const;
