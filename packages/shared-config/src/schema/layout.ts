import { z } from "zod";
import { choice, emptySection, text } from "./values.ts";

/** The two templates that keys are built by. */
export interface LayoutTemplates {
  readonly root: string;
  readonly key: string;
}

const PRESETS = {
  default: { root: "{domain}/{cluster}", key: "{namespace}/{resource}/{name}" },
  clusterbackup: { root: "clusterbackup/{cluster}", key: "{namespace}/{resource}/{name}" },
  "domain-kind": { root: "{domain}/{cluster}", key: "{namespace}/{kind}/{name}" },
  cluster: { root: "{cluster}", key: "{namespace}/{resource}/{name}" },
} as const satisfies Readonly<Record<string, LayoutTemplates>>;

const LITERAL = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

/** `layout`: how keys in the bucket are built. Comes out as the two templates. */
export const layoutSection = z
  .preprocess(
    emptySection,
    z
      .strictObject({
        preset: choice(["default", "clusterbackup", "domain-kind", "cluster"], {
          description:
            "`default`: `{domain}/{cluster}/` and below it `{namespace}/{resource}/{name}.yaml`. `clusterbackup`: `clusterbackup/{cluster}/` instead. `cluster`: `{cluster}/` instead. `domain-kind`: singular kinds (`deployment`) instead of plural resources.",
        }).prefault("default"),
        root: text({
          description:
            "Root of a cluster instead of the preset's: names, `{domain}` and `{cluster}` with `/` between. Snapshots and mirror lie below it; another root is another line of snapshots.",
        })
          .superRefine((value, context) => report(context, rootProblem(value)))
          .exactOptional(),
        key: text({
          description:
            "Key of a mirror file below the root instead of the preset's: names, `{namespace}`, `{resource}` or `{kind}`, and `{name}` with `/` between; the ending follows `backup.mirror.format`.",
        })
          .superRefine((value, context) => report(context, keyProblem(value)))
          .exactOptional(),
      })
      .transform(
        ({ preset, root, key }): LayoutTemplates => ({
          root: root ?? PRESETS[preset].root,
          key: key ?? PRESETS[preset].key,
        }),
      ),
  )
  .prefault({})
  .meta({ description: "How keys in the bucket are built. Both stages must be told the same." });

function report(context: z.core.$RefinementCtx, message: string | undefined): void {
  if (message !== undefined) context.addIssue({ code: "custom", message });
}

function rootProblem(template: string): string | undefined {
  const steps = template.split("/");
  const wrong = wrongStep(steps, ["{domain}", "{cluster}"]);
  if (wrong !== undefined) return wrong;
  return steps.includes("{cluster}") ? undefined : "expected {cluster} in it: clusters would share a root";
}

function keyProblem(template: string): string | undefined {
  const steps = template.split("/");
  const wrong = wrongStep(steps, ["{namespace}", "{resource}", "{kind}", "{name}"]);
  if (wrong !== undefined) return wrong;
  const missing = ["{namespace}", "{name}"].find((step) => !steps.includes(step));
  if (missing !== undefined) return `expected ${missing} in it: objects would share a file`;
  if (steps.includes("{resource}") || steps.includes("{kind}")) return undefined;
  return "expected {resource} or {kind} in it: objects would share a file";
}

function wrongStep(steps: readonly string[], placeholders: readonly string[]): string | undefined {
  const wrong = steps.find((step) => !placeholders.includes(step) && !LITERAL.test(step));
  if (wrong !== undefined) {
    return `expected names or ${placeholders.join(", ")} between slashes, got ${JSON.stringify(wrong)}`;
  }
  const twice = steps.find((step, index) => placeholders.includes(step) && steps.indexOf(step) !== index);
  return twice === undefined ? undefined : `has ${twice} twice`;
}
