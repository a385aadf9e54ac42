import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Call, GitOpsReport, JsonObject } from "@kubeferry/model";
import {
  configMap,
  deployment,
  namespace,
  type SnapshotSpec,
  sealingPair,
  secret,
  widget,
  withMetadata,
} from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { generateX25519Identity } from "age-encryption";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";
import { withoutNewest } from "../testing/without-newest.ts";

const BRANCH = "kubeferry/main";
const SHOP = [
  namespace("shop"),
  deployment("shop/web"),
  configMap("shop/settings"),
  widget("shop/blue"),
  secret("shop/login", { password: "correct horse" }),
];

/** What is in a snapshot that gives a run something else. */
const OTHER_SNAPSHOTS: readonly { what: string; objects: readonly JsonObject[]; spec?: SnapshotSpec }[] = [
  { what: "an object changed", objects: [namespace("shop"), deployment("shop/web", 3)] },
  { what: "an object came", objects: [...SHOP, configMap("shop/more")] },
  {
    what: "an object has another revision",
    objects: [...SHOP.slice(1), withMetadata(namespace("shop"), { resourceVersion: "7" })],
  },
  { what: "an object is gone", objects: SHOP.slice(0, -2) },
  { what: "a type was not read", objects: SHOP, spec: { unread: ["widgets.example.com"] } },
  {
    what: "a type was read in part",
    objects: SHOP,
    spec: { scoped: { "widgets.example.com": { names: { include: ["b*"], exclude: [] } } } },
  },
  { what: "Secrets have their values", objects: SHOP, spec: { secrets: "plain" } },
  {
    what: "the API serves something else",
    objects: SHOP,
    spec: { openapi: { "/openapi/v3/api/v1": { openapi: "3.0.0" } } },
  },
];

type RunSpec = NonNullable<Parameters<Fleet["run"]>[0]>;

/** A fleet with a place to remember, and whether its runs looked at anything. */
interface Remembering {
  readonly fleet: Fleet;
  readonly folder: string;
  /** @returns how many objects the run read */
  run(spec?: RunSpec): Promise<{ readonly report: GitOpsReport; readonly read: number }>;
  /** Runs until there is nothing to do; the next run of the same is a repetition. */
  settle(): Promise<GitOpsReport>;
}

async function remembering(kind: "gitea" | "folder"): Promise<Remembering> {
  const fleet = await createFleet(kind);
  const folder = await mkdtemp(join(tmpdir(), "kubeferry-memory-"));
  const login = kind === "gitea" ? { platform: "gitea", token: "${GIT_TOKEN}" } : {};
  const repository = { url: fleet.url, cacheFolder: join(folder, "cache"), ...login };
  async function run({ gitops, ...spec }: RunSpec = {}) {
    const seen = { read: 0 };
    const onProgress: RunSpec["onProgress"] = ({ step }) => {
      if (step === "read") seen.read += 1;
    };
    const report = await fleet.run({ ...spec, gitops: { repository, ...gitops }, onProgress });
    return { report, read: seen.read };
  }
  return {
    fleet,
    folder,
    run,
    async settle() {
      for (let tries = 0; tries < 4; tries++) {
        const { report, read } = await run();
        if (read === 0) return report;
      }
      throw new Error("no run found nothing to do");
    },
  };
}

describe("a run after one that had nothing to do", { timeout: 120_000 }, () => {
  let here: Remembering;
  beforeAll(async () => {
    here = await remembering("folder");
    await here.fleet.snapshot(SHOP);
  });
  afterAll(async () => {
    await here.fleet.close();
    await rm(here.folder, { recursive: true });
  });
  beforeEach(() => here.settle());

  it("reads nothing, and reports what that one reported", async () => {
    await rm(join(here.folder, "cache"), { recursive: true });
    const whole = await here.run();
    const repeated = await here.run();
    expect(whole.read).toBe(SHOP.length);
    expect(repeated).toEqual({ report: whole.report, read: 0 });
    expect(repeated.report.blocked).toMatchObject([{ object: "Secret shop/login" }]);
  });

  it("tells who counts objects how many there are", async () => {
    const counts: number[] = [];
    const observer = { onSources: () => undefined, onGenerated: (objects: number) => void counts.push(objects) };
    await here.run({ observer });
    expect(counts).toEqual([4]);
  });

  it("does so on a newer snapshot in which only nodes moved, which it names", async () => {
    const node = { apiVersion: "v1", kind: "Node", metadata: { name: "a", uid: "n", resourceVersion: "2" } };
    await here.fleet.snapshot([...SHOP, node]);
    const { snapshot } = await here.settle();
    await here.fleet.snapshot([...SHOP, { ...node, metadata: { ...node.metadata, resourceVersion: "3" } }]);
    const { report, read } = await here.run();
    expect(read).toBe(0);
    expect(report.snapshot > snapshot).toBe(true);
  });

  it("does so on a newer snapshot in which only a status moved, for as long as it can be compared", async () => {
    const ticked = (revision: string) =>
      withMetadata({ ...deployment("shop/web"), status: { readyReplicas: 0 } }, { resourceVersion: revision });
    const others = SHOP.filter(({ kind }) => kind !== "Deployment");
    for (const revision of ["8", "9"]) {
      await here.fleet.snapshot([...others, ticked(revision)]);
      expect((await here.run()).read).toBe(0);
    }
    const { store } = here.fleet;
    const { snapshot: last } = await here.settle();
    await here.fleet.snapshot([...others, ticked("10")]);
    const pruned = {
      ...store,
      get: async (key: string, call: Call) => (key === last ? undefined : store.get(key, call)),
    };
    expect((await here.run({ store: pruned })).read).toBeGreaterThan(0);
  });

  it("does so whatever happens to branches that are not ours", async () => {
    await here.fleet.git("-C", here.fleet.url, "branch", `somebody-${Date.now()}`, "main");
    expect((await here.run()).read).toBe(0);
  });

  it.each(OTHER_SNAPSHOTS)("reads everything when $what", async ({ objects, spec }) => {
    await here.fleet.snapshot(objects, spec);
    expect((await here.run()).read).toBeGreaterThan(0);
  });

  it.each([
    ["another setting", { gitops: { flat: true } }],
    ["another rule of cleaning", { config: { clean: { disable: ["status"] } } }],
    ["another version", { toolVersion: "0.0.1" }],
    ["leave to remove", { allowRemovals: true }],
    ["a mode that only shows", { dryRun: { files: () => undefined, diff: () => undefined } }],
    ["overlays to verify", { gitops: { verify: true } }],
  ] satisfies readonly (readonly [string, RunSpec])[])("reads everything when it is given %s", async (_what, spec) => {
    expect((await here.run(spec)).read).toBeGreaterThan(0);
  });

  it("reads everything, each time, where it is to show or to verify", async () => {
    for (const spec of [{ gitops: { verify: true } }, { gitops: { mode: "dry-run" } }]) {
      await here.run(spec);
      expect((await here.run(spec)).read).toBeGreaterThan(0);
    }
  });

  it("reads everything when it is given another identity, which is in no configuration that is shown", async () => {
    const spec = async () => ({ config: { encryption: { identities: [await generateX25519Identity()] } } });
    const first = await spec();
    for (let times = 0; times < 2; times++) await here.run(first);
    expect((await here.run(first)).read).toBe(0);
    expect((await here.run(await spec())).read).toBeGreaterThan(0);
  });

  it("reads everything when a file that the configuration names says something else", async () => {
    const policy = join(here.folder, "policy.yaml");
    const rule = (cel: string) => `rules: [{ name: small, cel: "${cel}", message: too large }]\n`;
    const certificateFile = join(here.folder, "cert.pem");
    const spec = {
      gitops: {
        validation: { schema: "off", policies: [policy] },
        secrets: { mode: "sealed-secret", sealedSecret: { certificateFile } },
      },
    };
    await writeFile(policy, rule("true"));
    await writeFile(certificateFile, (await sealingPair()).certificate);
    for (let times = 0; times < 2; times++) await here.run(spec);
    expect((await here.run(spec)).read, "as it was").toBe(0);
    await writeFile(policy, rule("1 == 1"));
    expect((await here.run(spec)).read, "policy").toBeGreaterThan(0);
    expect((await here.run(spec)).read, "as it is now").toBe(0);
    await writeFile(certificateFile, (await sealingPair()).certificate);
    expect((await here.run(spec)).read, "certificate").toBeGreaterThan(0);
  });

  it("reads everything when the store was taken back to an earlier snapshot", async () => {
    await here.fleet.snapshot(SHOP);
    await here.fleet.snapshot(SHOP);
    await here.settle();
    expect((await here.run({ store: withoutNewest(here.fleet) })).read).toBeGreaterThan(0);
  });

  it.each([
    ["somebody commits to the base branch", (fleet: Fleet) => fleet.edit("main", { "README.md": `${Date.now()}` })],
    ["somebody commits to our branch", (fleet: Fleet) => fleet.edit(BRANCH, { "people.md": "hello" })],
    ["our branch is merged", (fleet: Fleet) => fleet.merge(BRANCH)],
    ["our branch is gone", async (fleet: Fleet) => void (await fleet.git("-C", fleet.url, "branch", "-D", BRANCH))],
    [
      "there is another branch of a name that is ours",
      async (fleet: Fleet) => void (await fleet.git("-C", fleet.url, "branch", `${BRANCH}--shop`, "main")),
    ],
  ])("reads everything when %s", async (_what, change) => {
    await change(here.fleet);
    expect((await here.run()).read).toBeGreaterThan(0);
  });

  it("reads everything a day later, and when what is kept is damaged or another's", async () => {
    const cache = join(here.folder, "cache");
    const kept = join(cache, (await readdir(cache)).find((name) => name.startsWith("run-")) ?? "");
    const text = await readFile(kept, "utf8");
    const { at } = (JSON.parse(text) as { run: { at: number } }).run;
    const aged = (ms: number) => text.replace(`"at":${at}`, `"at":${at - ms}`);
    for (const broken of [aged(25 * 3_600_000), aged(-3_600_000), text.slice(0, -9), "null", '{"format":2}']) {
      await writeFile(kept, broken);
      expect((await here.run()).read).toBeGreaterThan(0);
    }
    await writeFile(kept, aged(23 * 3_600_000));
    expect((await here.run()).read).toBe(0);
  });
});

describe.skipIf(missingServers("gitea"))("a repeated run on a host", { timeout: 120_000 }, () => {
  it("sees to its request, and opens one that somebody closed", async () => {
    const { fleet, folder, run, settle } = await remembering("gitea");
    await fleet.snapshot(SHOP);
    expect((await settle()).requests).toMatchObject([{ branch: BRANCH, outcome: "unchanged", number: 1 }]);
    await fleet.api("PATCH", "/pulls/1", { state: "closed" });
    const { report, read } = await run();
    expect(report.requests).toMatchObject([{ branch: BRANCH, outcome: "created", number: 2 }]);
    expect(read).toBe(0);
    await fleet.merge(BRANCH);
    expect((await settle()).requests, "what is merged has no request").toEqual([]);
    await fleet.close();
    await rm(folder, { recursive: true });
  });
});
