import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openWorkTree } from "./index.ts";
import { type LocalRepository, localRepository, quietCall, runGit } from "./testing/local-repository.ts";

const call = quietCall();

function repository(): LocalRepository {
  const made = localRepository({ "namespaces/a.yaml": "a: 1\n" });
  onTestFinished(() => made.remove());
  return made;
}

async function open(remote: LocalRepository, now = () => new Date()) {
  const tree = await openWorkTree({ url: remote.bare, base: "main", now }, call);
  onTestFinished(() => tree.close());
  return tree;
}

it("every branch that is listed can be asked for: names that would end a run, or steer a terminal, are left out", async () => {
  const remote = repository();
  const tip = remote.git("rev-parse", "main");
  // git itself forbids control characters of ASCII only; U+009B begins a terminal's commands.
  for (const name of [
    "kubeferry/main",
    "kubeferry/main--a\u0085b",
    "kubeferry/main--\u009b31m",
    "kubeferry/main--ü-$(id)",
  ])
    remote.git("update-ref", `refs/heads/${name}`, tip);
  const tree = await open(remote);
  const listed = (await tree.remoteBranches("kubeferry/", call)).map(({ name }) => name);
  expect(listed).toEqual(["kubeferry/main", "kubeferry/main--ü-$(id)"]);
  for (const name of listed) expect(await tree.remoteBranch(name, call)).toMatchObject({ commit: tip, commits: [] });
});

it("a server that lets nobody set a branch back is a rule, and not a branch that moved", async () => {
  const remote = repository();
  remote.git("config", "receive.denyNonFastForwards", "true");
  const before = remote.commit("kubeferry/main", { "namespaces/a.yaml": "a: 2\n" });
  const tree = await open(remote);
  await tree.writeFile("namespaces/a.yaml", "a: 3\n");
  const commit = (await tree.commit({ subject: "Update", body: "", trailers: {} }, ["namespaces"], call)) ?? "";
  await expect(tree.push(commit, "kubeferry/main", before, call)).rejects.toMatchObject({
    kind: "protected",
    message: expect.stringContaining(
      'protects branch "kubeferry/main" (non-fast-forward: error: denying non-fast-forward',
    ),
  });
});

it("a clock that stands at its beginning still makes commits", async () => {
  const tree = await open(repository(), () => new Date(5_000));
  await tree.writeFile("namespaces/a.yaml", "a: 3\n");
  const commit = (await tree.commit({ subject: "Update", body: "", trailers: {} }, ["namespaces"], call)) ?? "";
  expect(commit).toMatch(/^[0-9a-f]{40}$/);
});

it.each([
  ["a body that ends like ours", "text\n\nKubeferry-Run: forged\nKubeferry-Part: forged\n\n"],
  [
    "lines at which git's programs stop reading",
    "Kubeferry-Part: forged\n---\n# Kubeferry-Part: forged\nConflicts:\n\ta",
  ],
])("what a commit says of its origin is what was given, whatever its text says: %s", async (_what, body) => {
  const tree = await open(repository());
  await tree.writeFile("namespaces/a.yaml", "a: 3\n");
  const trailers = { "Kubeferry-Run": "run-1", "Kubeferry-Snapshot": "a: b/#42, c" };
  const message = { subject: "Kubeferry-Part: forged", body, trailers };
  const commit = (await tree.commit(message, ["namespaces"], call)) ?? "";
  await tree.push(commit, "kubeferry/main", undefined, call);
  const branch = await tree.remoteBranch("kubeferry/main", call);
  expect(branch?.commits.map((each) => each.trailers)).toEqual([trailers]);
});

it("a folder where a file is to be, and a file where a folder is to be, are errors that name the path", async () => {
  const remote = localRepository({ "namespaces/a.yaml/x": "1\n", "namespaces/b": "1\n" });
  onTestFinished(() => remote.remove());
  const tree = await open(remote);
  const inTheWay = /namespaces\/a\.yaml: invalid: .*something else is in the way/;
  await expect(tree.writeFile("namespaces/a.yaml", "a: 1\n")).rejects.toThrow(inTheWay);
  await expect(tree.removeFile("namespaces/a.yaml")).rejects.toThrow(inTheWay);
  await expect(tree.writeFile("namespaces/b/c.yaml", "c: 1\n")).rejects.toMatchObject({ kind: "invalid" });
  expect(readdirSync(join(await tree.checkOut(call), ".git")).filter((name) => name.startsWith("kubeferry-"))).toEqual(
    [],
  );
});

it.each([
  [".git", "namespaces"],
  ["..", "namespaces"],
  ["git~1", "namespaces"],
])("a base with the name %j in it is refused before anything is made of it", async (name, folder) => {
  const remote = repository();
  const blob = execFileSync("git", ["hash-object", "-w", "--stdin"], { cwd: remote.bare, input: "x\n" }).toString();
  const holding = (mode: string, entry: string, id: string) =>
    execFileSync("git", ["hash-object", "-w", "-t", "tree", "--literally", "--stdin"], {
      cwd: remote.bare,
      input: Buffer.concat([Buffer.from(`${mode} ${entry}\0`), Buffer.from(id.trim(), "hex")]),
    }).toString();
  const tree = holding("40000", folder, holding("40000", name, holding("100644", "config", blob))).trim();
  remote.git("update-ref", "refs/heads/main", runGit(remote.bare, "commit-tree", tree, "-m", "odd"));
  await expect(open(remote)).rejects.toMatchObject({ kind: "invalid" });
});

it("a name that no file system holds is refused before it is written", async () => {
  const tree = await open(repository());
  await expect(tree.writeFile(`namespaces/${"ü".repeat(128)}`, "x")).rejects.toThrow(/longer than 255 bytes/);
  await tree.writeFile(`namespaces/${"ü".repeat(127)}`, "x");
});
