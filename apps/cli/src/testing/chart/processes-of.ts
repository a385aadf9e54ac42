import type { ChartObject } from "./render-chart.ts";

/** A process of a rendered release. */
export interface ChartProcess {
  readonly name: string;
  readonly pod: PodSpec;
  /** The text of its configuration file. */
  readonly configuration: string;
}

/** A Pod, as far as tests look into it. */
interface PodSpec {
  readonly [field: string]: unknown;
  readonly containers: readonly Container[];
  readonly volumes: readonly Volume[];
  readonly securityContext: Readonly<Record<string, unknown>>;
}

interface Container {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly resources: Readonly<Record<"requests" | "limits", Readonly<Record<string, string>>>>;
}

interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name: string; readonly items: readonly { readonly key: string }[] };
  readonly secret?: { readonly secretName: string; readonly items?: readonly { readonly key: string }[] };
  readonly emptyDir?: { readonly sizeLimit: string };
}

interface Template {
  readonly spec: PodSpec;
}

/** The CronJobs and Deployments of a release, each with the Pod it makes and the file that Pod reads. */
export function processesOf(objects: readonly ChartObject[]): readonly ChartProcess[] {
  return objects.flatMap((object) => {
    const template = templateOf(object);
    if (template === undefined) return [];
    return [{ name: object.metadata.name, pod: template.spec, configuration: fileOf(template.spec, objects) }];
  });
}

function templateOf({ kind, spec }: ChartObject): Template | undefined {
  if (kind === "Deployment") return (spec as { readonly template: Template }).template;
  if (kind !== "CronJob") return undefined;
  return (spec as { readonly jobTemplate: { readonly spec: { readonly template: Template } } }).jobTemplate.spec
    .template;
}

function fileOf({ volumes }: PodSpec, objects: readonly ChartObject[]): string {
  const source = volumes.find(({ name }) => name === "configuration")?.configMap;
  const map = objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === source?.name);
  const text = map?.data?.[source?.items[0]?.key ?? ""];
  if (text === undefined) throw new Error("a Pod has no configuration");
  return text;
}
