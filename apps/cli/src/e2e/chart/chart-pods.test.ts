import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadConfig } from "@kubeferry/shared-config";
import { missingServers } from "@kubeferry/testbed";
import { beforeAll, describe, expect, it } from "vitest";
import { withJobRights } from "../../policy/job-rights.ts";
import { KUBERNETES_TYPES } from "../../policy/kubernetes-types.ts";
import { readRights } from "../../policy/read-rights.ts";
import { processesOf } from "../../testing/chart/processes-of.ts";
import { type ChartObject, EXAMPLES, type PolicyRule, renderChart } from "../../testing/chart/render-chart.ts";
import { freshFolder } from "../../testing/workspace.ts";

/** What OpenShift's SCC restricted-v2 takes: every other source of a volume is refused. */
const VOLUMES_OF_RESTRICTED_V2 = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

describe.skipIf(missingServers("helm"))("what the chart makes of values", () => {
  const releases = new Map<string, readonly ChartObject[]>();
  const of = (example: string): readonly ChartObject[] => releases.get(example) ?? [];
  const kindsOf = (example: string): string[] => [...new Set(of(example).map(({ kind }) => kind))].toSorted();
  const podsOf = (example: string) => processesOf(of(example)).map(({ pod }) => pod);
  const schedulesOf = (objects: readonly ChartObject[]): Record<string, string> =>
    Object.fromEntries(
      objects
        .filter(({ kind }) => kind === "CronJob")
        .map(({ metadata, spec }) => [metadata.name, (spec as { schedule: string }).schedule]),
    );

  beforeAll(async () => {
    await Promise.all(EXAMPLES.map(async (example) => releases.set(example, await renderChart({ example }))));
  }, 60_000);

  it("leaves to OpenShift what restricted-v2 assigns, and asks for nothing that it refuses", () => {
    const pods = podsOf("openshift");
    expect(pods).toHaveLength(2);
    for (const pod of pods) {
      expect(pod.securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
      for (const field of ["hostNetwork", "hostPID", "hostIPC", "initContainers"])
        expect(pod).not.toHaveProperty(field);
      for (const { name: _, ...source } of pod.volumes)
        expect(VOLUMES_OF_RESTRICTED_V2).toEqual(expect.arrayContaining(Object.keys(source)));
      for (const { securityContext } of pod.containers)
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
    }
  });

  it("asks for user 1001 elsewhere", () => {
    for (const example of EXAMPLES.filter((name) => name !== "openshift"))
      for (const pod of podsOf(example))
        expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1001, fsGroup: 1001 });
  });

  it("gives a Pod what the configuration says, and Node half of the memory", () => {
    const [backup, gitops] = ["-backup", "-gitops"].map(
      (end) => processesOf(of("separate")).find(({ name }) => name.endsWith(end))?.pod.containers[0],
    );
    expect(backup?.resources).toEqual({
      limits: { cpu: "1000m", memory: "384Mi" },
      requests: { cpu: "200m", memory: "384Mi" },
    });
    expect(backup?.env).toContainEqual({
      name: "NODE_OPTIONS",
      value: "--max-old-space-size=192 --max-semi-space-size=4",
    });
    expect(gitops?.resources).toEqual({
      limits: { cpu: "1000m", memory: "1Gi" },
      requests: { cpu: "200m", memory: "512Mi" },
    });
  });

  it("does not try again what ended with 1 or 2, and not what drift found", () => {
    const retried = of("separate").flatMap(({ kind, metadata, spec }) => {
      if (kind !== "CronJob") return [];
      const job = (spec as { jobTemplate: { spec: { backoffLimit: number; podFailurePolicy: { rules: object[] } } } })
        .jobTemplate.spec;
      expect(job.backoffLimit).toBe(1);
      const [disrupted, failed] = job.podFailurePolicy.rules;
      expect(disrupted).toEqual({
        action: "Ignore",
        onPodConditions: [{ type: "DisruptionTarget", status: "True" }],
      });
      return [[metadata.name, failed]];
    });
    const fails = (containerName: string, ...values: readonly number[]) => ({
      action: "FailJob",
      onExitCodes: { containerName, operator: "In", values },
    });
    expect(Object.fromEntries(retried)).toEqual({
      "r-kubeferry-backup": fails("backup", 1, 2),
      "r-kubeferry-gitops": fails("gitops", 1, 2),
      "r-kubeferry-drift": fails("drift", 1, 2, 3),
      "r-kubeferry-prune": fails("prune", 1, 2),
    });
  });

  it.each([
    ["left out", [], 30],
    ["90s", ["config.shutdownTimeout=90s"], 100],
    ["1m30s", ["config.shutdownTimeout=1m30s"], 100],
    ["1500ms", ["config.shutdownTimeout=1500ms"], 12],
    ["a reference", ["config.shutdownTimeout=${STOP}"], 610],
  ])("gives a Pod longer to end than the process takes: %s", { timeout: 30_000 }, async (_what, set, seconds) => {
    const [process] = processesOf(await renderChart({ example: "chained", set }));
    expect(process?.pod.terminationGracePeriodSeconds).toBe(seconds);
  });

  it("gives stage 2 neither a token nor the Secrets of others, and stage 1 none of Git", () => {
    for (const example of ["separate", "webhook", "job"]) {
      const [backup, gitops] = ["-backup", "-gitops"].map(
        (end) => processesOf(of(example)).find(({ name }) => name.endsWith(end))?.pod,
      );
      const secrets = (pod: typeof backup) => pod?.volumes.flatMap(({ secret }) => secret?.secretName ?? []);
      expect(backup?.automountServiceAccountToken).toBe(true);
      expect(gitops?.automountServiceAccountToken).toBe(false);
      expect(secrets(gitops)).toContain("kubeferry-git");
      expect(secrets(backup)).not.toContain("kubeferry-git");
    }
    const bound = of("separate").filter(({ kind }) => kind === "ClusterRoleBinding");
    expect(bound.map(({ metadata }) => metadata.name).toSorted()).toEqual([
      "kubeferry-r-kubeferry-backup",
      "kubeferry-r-kubeferry-drift",
    ]);
  });

  it.each([
    ["separate", false],
    ["job", false],
    ["some-namespaces", false],
    ["separate", true],
    ["some-namespaces", true],
  ])("gives a backup the rights that policy rbac prints: %s, on OpenShift: %s", async (example, openShift) => {
    const objects = openShift ? await renderChart({ example, set: ["openshift=true"] }) : of(example);
    const { given, printed } = await rightsIn(objects, openShift);
    expect(given.toSorted()).toEqual(printed.toSorted());
    expect(given.length).toBeGreaterThan(1);
  });

  it.each([
    ["is taken", [], 20],
    ["is switched off", ["config.backup.filter.openShift=disabled"], 0],
    ["keeps its own types out", ["config.backup.filter.openShiftResources=false"], 0],
  ])(
    "gives every right that policy rbac prints where Secrets are omitted, and of OpenShift's groups no other, where it %s",
    async (_how, filter, least) => {
      const set = ["openshift=true", "config.backup.secrets=omit", ...filter];
      const { given, printed } = await rightsIn(await renderChart({ example: "separate", set }), true);
      const groupOf = (grant: string): string => / (\S*)\//.exec(grant)?.[1] ?? "";
      const own = new Set(KUBERNETES_TYPES.map(({ group }) => group));
      const ofOpenShift = (grants: readonly string[]) => grants.filter((grant) => !own.has(groupOf(grant))).toSorted();
      expect(ofOpenShift(given)).toEqual(ofOpenShift(printed));
      expect(ofOpenShift(given).length).toBeGreaterThan(least);
      const listed = given.filter((grant) => grant.startsWith("list ") && groupOf(grant).endsWith(".openshift.io"));
      expect(listed.length > 0).toBe(least > 0);
      // A group of Kubernetes' own is listed as a whole by the chart, and type by type by the command.
      const whole = (grant: string): string => grant.replace(/\/.*/, "/*");
      expect(printed.filter((grant) => !given.includes(grant) && !given.includes(whole(grant)))).toEqual([]);
    },
  );

  it("needs no token to make a Job as somebody else", { timeout: 30_000 }, async () => {
    const east = "clusters[0].kubeconfig.existingSecret=a,clusters[0].name=east";
    const podWith = async (...more: readonly string[]) =>
      processesOf(await renderChart({ example: "job", set: [east, ...more] })).find(({ name }) => /backup/.test(name))
        ?.pod;
    expect((await podWith())?.automountServiceAccountToken).toBe(true);
    const other = await podWith("config.announce.cronJob.kubeconfig=/var/run/kubeferry/ops/kubeconfig");
    expect(other?.automountServiceAccountToken).toBe(false);
  });

  it("gives rights to write to nobody, but to a restore where that is asked for", { timeout: 30_000 }, async () => {
    const writers = (objects: readonly ChartObject[]) =>
      objects
        .filter(({ rules = [] }) => rules.some(({ verbs }) => verbs.some((verb) => !["get", "list"].includes(verb))))
        .map(({ metadata }) => metadata.name);
    for (const example of EXAMPLES)
      expect(writers(of(example))).toEqual(example === "job" ? ["r-kubeferry-backup-announce"] : []);
    const objects = await renderChart({
      example: "separate",
      set: ["restore.rbac.create=true", "drill.enabled=true"],
    });
    expect(writers(objects)).toEqual(["kubeferry-r-kubeferry-restore"]);
    const holders = processesOf(objects).filter(({ pod }) => pod.serviceAccountName === "r-kubeferry-restore");
    expect(holders.map(({ name }) => name)).toEqual(["r-kubeferry-drill"]);
  });

  it("names no Secrets in a role where they are omitted, nor all types of a group that has them or tokens", () => {
    const rules = of("openshift").flatMap(({ rules = [] }) => rules);
    const closed = new Set(["", "*", "oauth.openshift.io"]);
    const ofThose = rules.filter(({ apiGroups }) => apiGroups.some((group) => closed.has(group)));
    const resources = ofThose.flatMap(({ resources }) => resources);
    expect(resources).toEqual(expect.arrayContaining(["configmaps", "oauthclientauthorizations"]));
    for (const open of ["secrets", "oauthclients", "*"]) expect(resources).not.toContain(open);
  });

  it("runs clusters a quarter of an hour apart, each with its own key, and stage 2 when all are done", () => {
    expect(schedulesOf(of("several-clusters"))).toEqual({
      "r-kubeferry-backup-production-east": "0 2 * * *",
      "r-kubeferry-backup-production-west": "15 2 * * *",
      "r-kubeferry-backup-staging": "30 2 * * *",
      "r-kubeferry-gitops": "0 5 * * *",
    });
    const stores = processesOf(of("several-clusters")).map(
      ({ pod }) => pod.volumes.find(({ name }) => name === "secret-store")?.secret?.secretName,
    );
    expect(stores).toEqual(["production-east-store", "production-west-store", "staging-store", "fleet-reader-store"]);
    expect(kindsOf("several-clusters")).not.toContain("ClusterRole");
  });

  it.each([
    ["dev", "0 4 * * *"],
    ["test", "0 3 * * *"],
    ["preprod", "0 2 * * *"],
    ["prod", "0 2 * * *"],
  ])("runs environment %s at %s", { timeout: 30_000 }, async (environment, schedule) => {
    const set = [`environment=${environment}`];
    const objects = await renderChart({ example: "chained", set });
    expect(schedulesOf(objects)).toEqual({ "r-kubeferry-run": schedule });
  });

  it("makes what each mode needs and no more", () => {
    const everywhere = ["ConfigMap", "NetworkPolicy", "ServiceAccount"];
    const rights = ["ClusterRole", "ClusterRoleBinding"];
    const receiver = ["Deployment", "Service", "CronJob"];
    expect(kindsOf("chained")).toEqual([...everywhere, ...rights, "CronJob"].toSorted());
    expect(kindsOf("webhook")).toEqual([...everywhere, ...rights, ...receiver, "Ingress"].toSorted());
    expect(kindsOf("openshift")).toEqual([...everywhere, ...rights, ...receiver, "Route"].toSorted());
    expect(kindsOf("separate")).toEqual(
      [...everywhere, ...rights, "CronJob", "PodMonitor", "PrometheusRule"].toSorted(),
    );
  });

  it("lets a backup reach the API server, the store and the receiver, and be called at its metrics alone", () => {
    const policy = of("webhook").find(
      ({ kind, metadata }) => kind === "NetworkPolicy" && /backup$/.test(metadata.name),
    );
    const rules = policy?.spec as Record<"ingress" | "egress", { ports: { port: number }[] }[]> | undefined;
    const portsOf = (side: "ingress" | "egress") => rules?.[side].map(({ ports }) => ports.map(({ port }) => port));
    expect(portsOf("ingress")).toEqual([[8080]]);
    expect(portsOf("egress")).toEqual([[53, 5353, 53, 5353], [443, 6443], [9000], [8443]]);
  });

  it("lets those call the receiver that an Ingress or a Route sends", () => {
    const callersOf = (example: string) => {
      const policy = of(example).find(
        ({ kind, metadata }) => kind === "NetworkPolicy" && /gitops$/.test(metadata.name),
      );
      const spec = policy?.spec as { ingress: { ports: { port: number }[]; from: object[] }[] } | undefined;
      return spec?.ingress.find(({ ports }) => ports.some(({ port }) => port === 8443))?.from.slice(1);
    };
    const namespaces = (label: string, value: string) => ({
      namespaceSelector: { matchLabels: { [label]: value } },
    });
    expect(callersOf("webhook")).toEqual([namespaces("kubernetes.io/metadata.name", "ingress-nginx")]);
    expect(callersOf("openshift")).toEqual([
      namespaces("policy-group.network.openshift.io/ingress", ""),
      namespaces("policy-group.network.openshift.io/host-network", ""),
    ]);
  });

  it("has alerts whose runbooks are where the values say", { timeout: 30_000 }, async () => {
    const set = ["monitoring.runbookBase=https://wiki.example.internal/runbooks"];
    const objects = await renderChart({ example: "separate", set });
    const text = JSON.stringify(objects.filter(({ kind }) => kind === "PrometheusRule"));
    expect(text).not.toContain("RUNBOOK_BASE");
    expect(text).toContain('"runbook_url":"https://wiki.example.internal/runbooks/backup-failed.md"');
  });

  it.each([
    ["no image", "chained", ["image.repository="], "image.repository: there is no published image"],
    ["a value that is none", "chained", ["replicas=2"], "'replicas' not allowed"],
    ["a key of no configuration", "chained", ["config.stores.x=1"], "'stores' not allowed"],
    ["a secret in clear", "chained", ["gitops.config.gitops.repository.token=glpat-1"], "does not match pattern"],
    ["a variable with a secret in clear", "chained", ["pod.env[0].name=API_TOKEN,pod.env[0].value=x"], "valueFrom"],
    [
      "no store",
      "backup-system",
      ["secrets.backup.as=files", "networkPolicy.extraPorts=null"],
      "config.store: backup needs a place for snapshots",
    ],
    ["a store that no Pod could reach", "backup-system", ["networkPolicy.extraPorts=null"], "name the store's port"],
    [
      "an Ingress whose calls are cut off",
      "webhook",
      ["networkPolicy.from.webhook=null"],
      "where the Ingress controller",
    ],
    ["no key of the webhook", "webhook", ["webhook.keys.existingSecret="], "webhook.keys.existingSecret: name"],
    ["several clusters in one chain", "several-clusters", ["mode=chained"], "use mode: webhook or separate"],
    ["client certificates without TLS", "webhook", ["webhook.tls.existingSecret="], "client certificates need"],
    ["a Route that cannot work", "openshift", ["webhook.tls.existingSecret="], "passthrough needs webhook.tls"],
    ["a drill with nowhere to go", "separate", ["drill.enabled=true"], "drill: name a cluster"],
    ["a call in one process", "chained", ["config.announce.via=job"], "nobody is called"],
    ["an environment without a schedule", "chained", ["environment=lab"], "schedules.lab: write when"],
  ])("refuses %s", { timeout: 30_000 }, async (_what, example, set, message) => {
    const error = await renderChart({ example, set }).then(
      () => ({ stderr: "rendered" }),
      (cause: { readonly stderr: string }) => cause,
    );
    expect(error.stderr).toContain(message);
  });
});

/** What the chart gives to a backup, and what is printed for the configuration that it has there. */
async function rightsIn(
  objects: readonly ChartObject[],
  openShift: boolean,
): Promise<Readonly<Record<"given" | "printed", readonly string[]>>> {
  const [process] = processesOf(objects).filter(({ name }) => name.endsWith("-backup"));
  const file = join(await freshFolder(), "kubeferry.yaml");
  await writeFile(file, process?.configuration ?? "");
  const { config } = await loadConfig({ files: [file], env: {} });
  const reads = readRights(config.backup, { openShift });
  const { cluster, namespaces } = withJobRights(reads, config.announce, "kubeferry");
  const printed = [
    ...cluster.flatMap((rule) => grantsOf(rule, "")),
    ...namespaces.flatMap(({ namespace, rules }) => rules.flatMap((rule) => grantsOf(rule, namespace))),
  ];
  const given = objects
    .filter(({ kind, metadata }) => kind.endsWith("Role") && /-backup(-announce)?$/.test(metadata.name))
    .flatMap(({ metadata, rules = [] }) => rules.flatMap((rule) => grantsOf(rule, metadata.namespace ?? "")));
  return { given, printed };
}

/** "shop list apps/deployments", one for each thing that a rule allows. */
function grantsOf({ apiGroups, resources, resourceNames = [], verbs }: PolicyRule, namespace: string): string[] {
  const things = apiGroups.flatMap((group) => resources.map((resource) => `${group}/${resource}`));
  return verbs.flatMap((verb) => things.map((thing) => [namespace, verb, thing, ...resourceNames].join(" ").trim()));
}
