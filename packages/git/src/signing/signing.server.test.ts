import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Secret } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { type CommitSigning, openWorkTree, type WorkTree } from "../index.ts";
import { gpgKey, sshKeyPair } from "../testing/keys.ts";
import { localRepository, quietCall, runGit, temporaryFolder } from "../testing/local-repository.ts";
import { commandLines } from "../testing/watch-processes.ts";

const MESSAGE = { subject: "Update", body: "", trailers: { "Kubeferry-Snapshot": "1" } };
const PASSPHRASE = "pass phrase with 'quotes' and $HOME";
const AUTHOR = { name: "Fleet Bot", email: "fleet@example.com" };
const call = quietCall();
const opened: WorkTree[] = [];

afterEach(async () => {
  for (const tree of opened.splice(0)) await tree.close();
});

/** Pushes one signed commit to a real Gitea and clones it as somebody else would; gives the clone and the commit. */
async function pushedAndFetched(signing: CommitSigning): Promise<{ folder: string; commit: string }> {
  const gitea = await servers.gitea();
  const { cloneUrl } = await gitea.freshRepository();
  const credentials = { scheme: "basic", username: gitea.user, token: new Secret(gitea.token) } as const;
  const tree = await openWorkTree({ url: cloneUrl, base: "main", credentials, signing, author: AUTHOR }, call);
  opened.push(tree);
  await tree.writeFile("namespaces/a.yaml", "a\n");
  const commit = (await tree.commit(MESSAGE, ["namespaces"], call)) ?? "";
  await tree.push(commit, "kubeferry/main", undefined, call);
  const folder = temporaryFolder("fetched");
  const url = cloneUrl.replace("http://", `http://${gitea.user}:${gitea.password}@`);
  runGit(folder, "clone", "--quiet", "--branch", "kubeferry/main", url, ".");
  return { folder, commit };
}

function verifySsh(folder: string, commit: string, publicKey: string): string {
  const allowed = join(temporaryFolder("allowed"), "signers");
  writeFileSync(allowed, `${AUTHOR.email} ${publicKey}\n`);
  const config = ["-c", "gpg.format=ssh", "-c", `gpg.ssh.allowedSignersFile=${allowed}`];
  runGit(folder, ...config, "verify-commit", commit);
  return runGit(folder, ...config, "log", "-1", "--format=%G? %GS %an %ce", commit);
}

describe.skipIf(missingServers("gitea", "ssh"))("a commit signed by SSH", () => {
  it("is verified by the public key after push and fetch", { timeout: 60_000 }, async () => {
    const key = sshKeyPair(temporaryFolder("keys"), "signing");
    const { folder, commit } = await pushedAndFetched({ format: "ssh", keyFile: key.file });
    expect(verifySsh(folder, commit, key.publicKey)).toBe(`G ${AUTHOR.email} Fleet Bot ${AUTHOR.email}`);
    const stranger = sshKeyPair(temporaryFolder("keys"), "stranger");
    expect(() => verifySsh(folder, commit, stranger.publicKey)).toThrow(/verify-commit/);
  });

  it("takes a key with a passphrase, as text", { timeout: 60_000 }, async () => {
    const key = sshKeyPair(temporaryFolder("keys"), "signing", PASSPHRASE);
    const signing = { format: "ssh", key: new Secret(key.text), passphrase: new Secret(PASSPHRASE) } as const;
    const { folder, commit } = await pushedAndFetched(signing);
    expect(verifySsh(folder, commit, key.publicKey)).toMatch(/^G /);
  });

  it("explains a wrong passphrase when the tree is opened", async () => {
    const key = sshKeyPair(temporaryFolder("keys"), "signing", PASSPHRASE);
    const signing = { format: "ssh", keyFile: key.file, passphrase: new Secret("wrong") } as const;
    await expect(openLocal(signing)).rejects.toMatchObject({
      kind: "invalid",
      message: expect.stringContaining("use commit.signing: invalid: the passphrase does not open the private key"),
    });
  });
});

describe.skipIf(missingServers("gitea", "gpg"))("a commit signed by GnuPG", () => {
  it("is verified by the public key after push and fetch, and leaves nothing behind", { timeout: 60_000 }, async () => {
    const key = gpgKey(temporaryFolder("gpg"), PASSPHRASE);
    const signing = { format: "gpg", key: new Secret(key.privateKey), passphrase: new Secret(PASSPHRASE) } as const;
    const { folder, commit } = await pushedAndFetched(signing);
    vi.stubEnv("GNUPGHOME", key.verifierHome);
    runGit(folder, "verify-commit", commit);
    const shown = runGit(folder, "log", "-1", "--format=%G? %GF", commit);
    vi.unstubAllEnvs();
    expect(shown).toMatch(new RegExp(`^[GU] ${key.fingerprint}$`));
    const [tree] = opened;
    const place = dirname((await tree?.checkOut(call)) ?? "");
    const running = () => commandLines().filter((line) => line.includes(place));
    expect(running()).toEqual([expect.stringContaining("gpg-agent")]);
    await tree?.close();
    expect(running()).toEqual([]);
    expect(existsSync(place)).toBe(false);
  });

  it("takes a key without a passphrase, from a file", { timeout: 60_000 }, async () => {
    const key = gpgKey(temporaryFolder("gpg"), "");
    const keyFile = join(temporaryFolder("keys"), "key.asc");
    writeFileSync(keyFile, key.privateKey, { mode: 0o600 });
    const tree = await openLocal({ format: "gpg", keyFile });
    expect(await tree.commit(MESSAGE, ["namespaces"], call)).toMatch(/^[0-9a-f]{40}$/);
  });

  it("explains a wrong passphrase, a missing one and a key that is public when the tree is opened", async () => {
    const key = gpgKey(temporaryFolder("gpg"), PASSPHRASE);
    const parentFolder = temporaryFolder("parent");
    const secret = new Secret(key.privateKey);
    const wrong = openLocal({ format: "gpg", key: secret, passphrase: new Secret("wrong") }, parentFolder);
    await expect(wrong).rejects.toThrow(
      /the passphrase does not open the private key; check commit\.signing\.passphrase/,
    );
    await expect(openLocal({ format: "gpg", key: secret }, parentFolder)).rejects.toThrow(
      /set commit\.signing\.passphrase/,
    );
    const open = openLocal({ format: "gpg", key: new Secret(key.publicKey) }, parentFolder);
    await expect(open).rejects.toThrow(/it holds no OpenPGP private key/);
    expect(readdirSync(parentFolder)).toEqual([]);
  });
});

it("a commit without a signature has the same id in every run", async () => {
  const bare = localUrl();
  const commitOnce = async () => (await openLocal(undefined, undefined, bare)).commit(MESSAGE, ["namespaces"], call);
  expect(await commitOnce()).toBe(await commitOnce());
});

function localUrl(): string {
  const repository = localRepository({ "a.yaml": "a\n" });
  onTestFinished(() => repository.remove());
  return repository.bare;
}

async function openLocal(
  signing: CommitSigning | undefined,
  parentFolder = temporaryFolder("parent"),
  url = localUrl(),
): Promise<WorkTree> {
  const now = () => new Date(1_700_000_000_000);
  const tree = await openWorkTree(
    { url, base: "main", now, parentFolder, ...(signing === undefined ? {} : { signing }) },
    call,
  );
  opened.push(tree);
  await tree.writeFile("namespaces/a.yaml", "a\n");
  return tree;
}
