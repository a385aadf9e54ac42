import { emitYaml } from "@kubeferry/clean";
import { KustomizeError } from "@kubeferry/kustomize";
import { type Call, type JsonObject, silentLog } from "@kubeferry/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CatalogEntry } from "../catalog.ts";
import { textContent } from "../content.ts";
import { type LaidOutEnvironment, layOutFolder, type WantedFile } from "../folders/folder-layout.ts";
import { type FolderPlan, untouched } from "../plan/plan.ts";
import type { Tip } from "../repository/read-tip.ts";
import { namespacesShape } from "../shape/namespaces-shape.ts";
import { openSpool, type Spool } from "../spool.ts";
import { type OverlayBuilder, openOverlayBuilder } from "./overlay-builder.ts";
import { verifyPlan } from "./verify-plan.ts";

const ENVIRONMENTS: readonly LaidOutEnvironment[] = [
  { name: "dev", source: "a", standalone: false },
  { name: "prod", source: "b", standalone: false },
];
const SHOP = "namespaces/shop";

function widget(name: string, spec: JsonObject): JsonObject {
  return { apiVersion: "example.com/v1", kind: "Widget", metadata: { name, namespace: "shop" }, spec };
}

/** An object as each source has it. */
function entry(name: string, specs: Readonly<Record<string, JsonObject>>): CatalogEntry {
  const ref = { group: "example.com", resource: "widgets", kind: "Widget", namespace: "shop", name };
  const contents = Object.entries(specs).map(([source, spec]) => {
    return [source, textContent(emitYaml(widget(name, spec)))] as const;
  });
  return { ref, contents: new Map(contents), variants: new Map(), leftOutOf: new Set() };
}

/** Alike in both; with a patch in prod; only in prod. */
const ENTRIES = [
  entry("alike", { a: { n: 1, of: "both" }, b: { n: 1, of: "both" } }),
  entry("large", { a: { n: 1, b: 2, c: 3, d: 4, e: 5, f: 6 }, b: { n: 2, b: 2, c: 3, d: 4, e: 5, f: 6 } }),
  entry("only", { b: { n: 3 } }),
];

describe("verifying a plan", () => {
  let spool: Spool;
  beforeAll(async () => {
    spool = await openSpool();
  });
  afterAll(() => spool.close());

  async function planned(
    change: (files: Map<string, WantedFile>) => void = () => undefined,
    entries: readonly CatalogEntry[] = ENTRIES,
  ): Promise<FolderPlan> {
    const { files, environments } = await layOutFolder(entries, ENVIRONMENTS, spool);
    const wanted = new Map(files);
    change(wanted);
    return { ...untouched(SHOP, {}), wanted, intended: { entries, environments } };
  }

  async function verify(
    folders: readonly FolderPlan[],
    inGit: readonly string[] = [],
    { builder, ...call }: Partial<Call> & { readonly builder?: OverlayBuilder } = {},
  ) {
    const digests = new Map(inGit.map((path) => [path, "0"]));
    const tip: Tip = { folders: new Map([[SHOP, { ownership: undefined, digests }]]), ownedFiles: 0 };
    const lastLook = { holdsSecret: (text: string) => text.includes("hunter2") };
    const using = {
      builder: builder ?? (await openOverlayBuilder(undefined)),
      shape: namespacesShape,
      spool,
      lastLook,
    };
    const quiet = { signal: new AbortController().signal, log: silentLog, ...call };
    return verifyPlan({ plan: { folders }, tip }, using, quiet);
  }

  const edit = (path: string, from: string, to: string) => (files: Map<string, WantedFile>) => {
    const before = files.get(path)?.content;
    if (before?.kind !== "text" || !before.text.includes(from)) throw new Error(`${path}: ${JSON.stringify(before)}`);
    files.set(path, { content: textContent(before.text.replace(from, to)) });
  };
  const replace = (path: string, object: JsonObject) => (files: Map<string, WantedFile>) => {
    if (!files.has(path)) throw new Error(`${path} is not there: ${[...files.keys()]}`);
    files.set(path, { content: textContent(emitYaml(object)) });
  };

  it("counts the overlays and objects that are as they are to be, and says who built them", async () => {
    expect(await verify([await planned()])).toEqual({
      by: "model",
      overlays: 2,
      objects: 5,
      differing: 0,
      differences: [],
      notVerified: [],
    });
  });

  it("does not look for Secrets that sops encrypted in what is built: they lie beside it", async () => {
    const ref = { group: "", resource: "secrets", kind: "Secret", namespace: "shop", name: "login" };
    const encrypted = { ...textContent("sops: {}\n"), secret: {} };
    const login = { ref, contents: new Map([["b", encrypted]]), variants: new Map(), leftOutOf: new Set<string>() };
    const plan = await planned(undefined, [...ENTRIES, login]);
    expect([...(plan.wanted?.keys() ?? [])]).toContain("prod/secrets/login.sops.yaml");
    expect(await verify([plan])).toMatchObject({ overlays: 2, objects: 5 });
    // Where an environment has nothing else, there is nothing to build.
    expect(await verify([await planned(undefined, [login])])).toMatchObject({ overlays: 0, objects: 0 });
  });

  it("stops at an object that comes out otherwise, with environment, object and place", async () => {
    const broken = await planned(
      replace("base/widget.example.com-large.yaml", widget("large", { n: 1, b: 2, c: 3, d: 4, e: 5, f: 7 })),
    );
    await expect(verify([broken])).rejects.toMatchObject({
      name: "GitOpsError",
      kind: "blocked",
      message: expect.stringContaining(
        "namespaces/shop/dev: Widget.example.com shop/large differs at /spec/f; namespaces/shop/prod: Widget.example.com shop/large differs at /spec/f; nothing was pushed",
      ),
      verification: {
        overlays: 2,
        objects: 5,
        differing: 2,
        differences: [
          {
            overlay: "namespaces/shop/dev",
            environment: "dev",
            kind: "differs",
            object: "Widget.example.com shop/large",
            path: "/spec/f",
          },
          { environment: "prod" },
        ],
      },
    });
  });

  it("stops at an object that no kustomization lists", async () => {
    const broken = await planned(edit("prod/kustomization.yaml", "- widget.example.com-only.yaml\n", ""));
    await expect(verify([broken])).rejects.toThrow("namespaces/shop/prod: Widget.example.com shop/only is not built");
  });

  it("stops at an object that an environment is not to have", async () => {
    const broken = await planned((files) => {
      const only = files.get("prod/widget.example.com-only.yaml");
      if (only !== undefined) files.set("dev/widget.example.com-only.yaml", only);
      edit("dev/kustomization.yaml", '- "../base"\n', '- "../base"\n- widget.example.com-only.yaml\n')(files);
    });
    await expect(verify([broken])).rejects.toThrow(
      "namespaces/shop/dev: Widget.example.com shop/only is built, and is not to be there",
    );
  });

  it("stops at an overlay that cannot be built", async () => {
    const broken = await planned((files) => files.delete("prod/widget.example.com-only.yaml"));
    await expect(verify([broken])).rejects.toMatchObject({
      verification: {
        differences: [{ overlay: "namespaces/shop/prod", environment: "prod", kind: "not-built" }],
      },
    });
    const none = await planned((files) => files.delete("prod/kustomization.yaml"));
    await expect(verify([none])).rejects.toThrow("namespaces/shop/prod cannot be built");
  });

  it("shows no place that holds the value of a Secret", async () => {
    const broken = await planned(replace("prod/widget.example.com-only.yaml", widget("only", { n: 3, hunter2: true })));
    const error = await verify([broken]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ verification: { differences: [{ kind: "differs" }] } });
    expect(JSON.stringify([error, String(error)])).not.toContain("hunter2");
  });

  it("does not say that an overlay is equal which only kustomize could build", async () => {
    const verification = await verify([await planned()], ["dev/Kustomization", "prod/notes.yaml"]);
    expect(verification).toMatchObject({
      overlays: 1,
      objects: 3,
      notVerified: [
        {
          overlay: "namespaces/shop/dev",
          because: "beyond-model",
          reason: expect.stringContaining("people put namespaces/shop/dev/Kustomization beside"),
        },
      ],
    });
  });

  it("does not say of an overlay that it is equal, nor that it is broken, when the program took too long", async () => {
    const problem = "it took more than 120 s, or wrote too much";
    const slow: OverlayBuilder = {
      by: "kustomize",
      // biome-ignore lint/correctness/useYield: it ends before it has anything.
      async *build() {
        throw new KustomizeError({ kind: "given-up", who: "kustomize", operation: "build", problem });
      },
    };
    expect(await verify([await planned()], [], { builder: slow })).toMatchObject({
      overlays: 0,
      differing: 0,
      notVerified: [
        { overlay: "namespaces/shop/dev", because: "given-up", reason: `kustomize: ${problem}` },
        { overlay: "namespaces/shop/prod", because: "given-up" },
      ],
    });
  });

  it("does not say that a folder is equal which the run leaves as it is", async () => {
    const frozen = untouched(SHOP, { frozen: { folder: SHOP, files: ["dev/kustomization.yaml"] } });
    expect(await verify([frozen], ["dev/kustomization.yaml"])).toMatchObject({
      overlays: 0,
      notVerified: [{ overlay: SHOP, because: "left-alone" }],
    });
  });

  it("holds a hundred differences at most, and counts the others", async () => {
    const many = Array.from({ length: 120 }, (_, index) => entry(`w${index}`, { b: { n: index } }));
    const { wanted, ...plan } = await planned();
    const intended = { entries: [...ENTRIES, ...many], environments: ENVIRONMENTS };
    await expect(verify([{ ...plan, wanted, intended }])).rejects.toMatchObject({
      message: expect.stringContaining("; and 115 more; nothing was pushed"),
      verification: { differing: 120, differences: { length: 100 } },
    });
  });

  it("stops building when it is told to", async () => {
    const signal = AbortSignal.abort(new Error("told to stop"));
    await expect(verify([await planned()], [], { signal })).rejects.toThrow("told to stop");
  });
});

it("takes our own model where no program is looked for, or none is found", async () => {
  expect((await openOverlayBuilder(undefined)).by).toBe("model");
  expect((await openOverlayBuilder("/nonexistent")).by).toBe("model");
});
