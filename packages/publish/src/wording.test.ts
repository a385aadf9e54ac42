import { createCatalog, createFindings, type FolderEffects, NO_EFFECTS, namespacesShape } from "@kubeferry/layout";
import { describe, expect, it } from "vitest";
import { isOurs } from "./trailers.ts";
import { commitMessage, requestText } from "./wording.ts";

const WEB = { group: "apps", resource: "deployments", kind: "Deployment", namespace: "shop", name: "web" };
const CHANGES = { added: [{ path: "namespaces/shop/dev/deployment-web.yaml", object: WEB }], changed: [], removed: [] };
const EFFECTS = {
  ...NO_EFFECTS,
  environments: new Map([["dev", { added: [WEB], changed: [], removed: [], images: [] }]]),
};
const FOLDER = {
  folder: "namespaces/shop",
  changes: CHANGES,
  effects: EFFECTS,
  wanted: new Map(),
  kept: 0,
  warnings: [],
};
const FACTS = {
  plan: { folders: [FOLDER] },
  catalog: createCatalog(),
  findings: createFindings(),
  sources: [
    {
      id: "a/b",
      origin: { cluster: "a/b", uid: "u", series: "default" },
      snapshotKey: "a/b/_snapshots/default/0000000001.json",
      takenAt: undefined,
      warnings: [],
    },
  ],
  environments: [
    { name: "dev", source: "a/b" },
    { name: "prod", source: "a/b" },
  ],
  settingsOf: () => ({
    places: [],
    clusters: [],
    namespace: "shop",
    overridden: false,
    reason: undefined,
    autoSync: false,
    prune: false,
    selfHeal: false,
    syncOptions: [],
    syncWindows: [],
    layers: [],
  }),
  shape: namespacesShape,
  blocked: [],
  frozen: [],
  runId: "run-1",
  toolVersion: "0.0.0",
};
const REPOSITORY = { url: "/r.git", base: "main", branch: "kubeferry/main" } as const;
const COMMIT = {
  author: { name: "Fleet bot", email: "bot@example.com" },
  subject: "{title}",
  body: "{summary}",
  trailers: {},
};
const TRAILERS = {
  "Kubeferry-Run": "run-1",
  "Kubeferry-Snapshot": "a/b/_snapshots/default/0000000001.json",
  "Kubeferry-Cluster": "a/b",
  "Kubeferry-Base": "main",
  "Kubeferry-Branch": "kubeferry/main",
};

describe("a commit's message", () => {
  it("says what it does, and by which run", () => {
    expect(commitMessage(FACTS, { commit: COMMIT, repository: REPOSITORY })).toEqual({
      subject: "kubeferry: a/b: 1 new, 0 changed, 0 removed",
      body: "namespaces/shop: 1 new, 0 changed, 0 removed",
      trailers: TRAILERS,
    });
  });

  it("is worded as configured, with our own trailers all the same", () => {
    const commit = {
      ...COMMIT,
      subject: "chore({part}): {clusters} to {base}",
      body: "{title}\nfrom {snapshots}",
      trailers: { Ticket: "OPS-7" },
    };
    expect(commitMessage({ ...FACTS, part: "shop" }, { commit, repository: REPOSITORY })).toEqual({
      subject: "chore(shop): a/b to main",
      body: "kubeferry: a/b: shop: 1 new, 0 changed, 0 removed\nfrom a/b/_snapshots/default/0000000001.json",
      trailers: { Ticket: "OPS-7", ...TRAILERS, "Kubeferry-Part": "shop" },
    });
  });
});

describe("what is counted", () => {
  const file = (path: string, object?: typeof WEB) => ({
    path: `namespaces/shop/${path}`,
    ...(object === undefined ? {} : { object }),
  });
  const inProd = { added: [], changed: [WEB], removed: [], images: [] };
  const said = (changed: readonly ReturnType<typeof file>[], effects: FolderEffects) => {
    const folder = { ...FOLDER, changes: { added: [], changed: [...changed], removed: [] }, effects };
    const pullRequest = { title: "[{environments}] {title}", body: "" };
    const templates = { pullRequest, repository: REPOSITORY } as never;
    return requestText({ ...FACTS, plan: { folders: [folder] } }, templates, { branch: "b", longest: 0 }).title;
  };

  it("is what becomes another object somewhere, and not a changed file", () => {
    const files = [file("base/deployment-web.yaml", WEB), file("dev/patch-deployment-web.yaml", WEB)];
    const effects = { ...NO_EFFECTS, environments: new Map([["prod", inProd]]) };
    expect(said(files, effects)).toBe("[prod] kubeferry: a/b: 0 new, 1 changed, 0 removed");
    expect(said(files, NO_EFFECTS)).toBe("[dev] kubeferry: a/b: 0 new, 0 changed, 0 removed");
    const kustomized = [file("prod/kustomization.yaml"), file("dev/application.yaml")];
    expect(said(kustomized, effects)).toBe("[dev, prod] kubeferry: a/b: 0 new, 1 changed, 0 removed");
    expect(said([file("secrets.todo.md")], NO_EFFECTS)).toBe("[dev, prod] kubeferry: a/b: 0 new, 0 changed, 0 removed");
  });

  it("has what leaves Git with an environment that is not configured any more", () => {
    const removed = [{ ...file("old/deployment-web.yaml", WEB), moved: true }];
    const folder = {
      ...FOLDER,
      changes: { added: [], changed: [], removed },
      effects: { ...NO_EFFECTS, dropped: ["old"] },
    };
    const message = commitMessage(
      { ...FACTS, plan: { folders: [folder] } },
      { commit: COMMIT, repository: REPOSITORY },
    );
    expect(message.body).toBe("namespaces/shop: 0 new, 1 changed, 0 removed");
  });
});

describe("a request's text", () => {
  it("is worded as configured, around what merging does", () => {
    const pullRequest = { title: "[{environments}] {title}", body: "Branch {branch}.\n\n{body}" };
    const text = requestText(FACTS, { pullRequest, repository: REPOSITORY } as never, {
      branch: "kubeferry/main--dev",
      longest: 4_000,
    });
    expect(text.title).toBe("[dev] kubeferry: a/b: 1 new, 0 changed, 0 removed");
    expect(text.body).toMatch(/^Branch kubeferry\/main--dev\.\n\n## What happens when this is merged\n/);
  });
});

describe("how alike environments are", () => {
  const likeness = "<details>\n<summary>How alike the environments are</summary>\n\n| much |\n\n</details>";
  const templates = { pullRequest: { title: "{title}", body: "{body}" }, repository: REPOSITORY } as never;
  const body = (longest: number) => requestText({ ...FACTS, likeness }, templates, { branch: "b", longest }).body;

  it("stands below what merging does, and is the first to be left out of a text that is too long", () => {
    const whole = body(4_000);
    const at = ["## What happens when this is merged", "<details>", "## Where this comes from"].map((part) =>
      whole.indexOf(`\n${part}\n`),
    );
    expect(at).toEqual([...at].sort((one, other) => one - other));
    expect(at.slice(1)).not.toContain(-1);
    expect(body(whole.length)).toBe(whole);
    expect(body(whole.length - 1)).toBe(whole.replace(`${likeness}\n\n`, ""));
  });
});

describe("a commit is ours", () => {
  const commit = (change: object = {}) => ({
    id: "1",
    message: "",
    authorEmail: "bot@example.com",
    committerEmail: "bot@example.com",
    authoredAt: 1_700_000_000,
    committedAt: 1_700_000_000,
    trailers: TRAILERS,
    ...change,
  });
  const marks = { sources: FACTS.sources, authorEmail: "bot@example.com", base: "main", configured: "kubeferry/main" };

  it("when we made it under the configured address, or before there was one", () => {
    expect(isOurs(commit(), marks, undefined)).toBe(true);
    const before = { authorEmail: "kubeferry@localhost", committerEmail: "kubeferry@localhost" };
    expect(isOurs(commit(before), marks, undefined)).toBe(true);
  });

  it.each([
    ["a person amended it", { committerEmail: "somebody@example.com" }],
    ["a person amended it whose address is the configured one", { committedAt: 1_700_000_300 }],
    ["another address made it", { authorEmail: "old-bot@example.com", committerEmail: "old-bot@example.com" }],
    ["it is from another cluster", { trailers: { ...TRAILERS, "Kubeferry-Cluster": "a/c" } }],
    ["it is for another base", { trailers: { ...TRAILERS, "Kubeferry-Base": "main-2" } }],
    [
      "another configuration's branch only looks like our second one",
      { trailers: { ...TRAILERS, "Kubeferry-Branch": "kubeferry/main-2" } },
    ],
    ["it says nothing of a run", { trailers: {} }],
    ["it holds a part, and everything is asked for", { trailers: { ...TRAILERS, "Kubeferry-Part": "shop" } }],
  ])("not when %s", (_why, change) => {
    expect(isOurs(commit(change), marks, undefined)).toBe(false);
  });

  it("of the part that it says, and of no other", () => {
    const ofShop = commit({ trailers: { ...TRAILERS, "Kubeferry-Part": "shop" } });
    expect(isOurs(ofShop, marks, "shop")).toBe(true);
    expect(isOurs(ofShop, marks, "team")).toBe(false);
    expect(isOurs(commit(), marks, "shop")).toBe(false);
  });
});
