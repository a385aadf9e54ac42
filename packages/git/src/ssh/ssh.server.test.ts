import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Secret } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterEach, describe, expect, it } from "vitest";
import { openWorkTree, type SshAccess, type WorkTree, type WorkTreeOptions } from "../index.ts";
import { sshKeyPair } from "../testing/keys.ts";
import { quietCall, temporaryFolder } from "../testing/local-repository.ts";

const MESSAGE = { subject: "Update", body: "", trailers: {} };
const PASSPHRASE = "pass phrase with 'quotes' and $HOME";
const call = quietCall();
const opened: WorkTree[] = [];

afterEach(async () => {
  for (const tree of opened.splice(0)) await tree.close();
});

async function open(url: string, ssh: SshAccess, more: Partial<WorkTreeOptions> = {}): Promise<WorkTree> {
  const tree = await openWorkTree({ url, base: "main", ssh, ...more }, call);
  opened.push(tree);
  return tree;
}

async function commitFile(tree: WorkTree): Promise<string> {
  await tree.writeFile("namespaces/shop/web.yaml", "replicas: 1\n");
  const commit = await tree.commit(MESSAGE, ["namespaces"], call);
  if (commit === undefined) throw new Error("nothing to commit");
  return commit;
}

/** The server, a repository of its own, and a key that the server's user has registered. */
async function place(passphrase = "") {
  const gitea = await servers.gitea();
  const key = sshKeyPair(temporaryFolder("keys"), "registered", passphrase);
  const { status } = await gitea.api("POST", "/user/keys", { title: key.publicKey, key: key.publicKey });
  expect(status).toBe(201);
  return { gitea, key, repository: await gitea.freshRepository(), knownHosts: gitea.ssh.knownHost };
}

describe.skipIf(missingServers("gitea", "ssh"))("git by SSH with a real Gitea", () => {
  it("clones and pushes with a key in a file, and finds the branch again", { timeout: 60_000 }, async () => {
    const { key, repository, knownHosts } = await place();
    const tree = await open(repository.sshUrl, { keyFile: key.file, knownHosts });
    const commit = await commitFile(tree);
    await tree.push(commit, "kubeferry/main", undefined, call);
    expect(await tree.remoteBranches("kubeferry/", call)).toEqual([{ name: "kubeferry/main", commit }]);
    expect((await tree.remoteBranch("kubeferry/main", call))?.commit).toBe(commit);
  });

  it("opens a key with its passphrase, the key given as text without its last line end", {
    timeout: 60_000,
  }, async () => {
    const { key, repository, knownHosts } = await place(PASSPHRASE);
    const ssh = { key: new Secret(key.text.trimEnd()), passphrase: new Secret(PASSPHRASE), knownHosts };
    const parentFolder = temporaryFolder("parent");
    const tree = await open(repository.sshUrl, ssh, { parentFolder });
    await tree.push(await commitFile(tree), "kubeferry/main", undefined, call);
    await tree.close();
    expect(readdirSync(parentFolder)).toEqual([]);
  });

  it("explains a wrong passphrase, and one that is missing, before the host is asked", {
    timeout: 60_000,
  }, async () => {
    const locked = sshKeyPair(temporaryFolder("keys"), "locked", PASSPHRASE);
    const knownHosts = "";
    const nowhere = "ssh://git@127.0.0.1:1/acme/fleet.git";
    const wrong = open(nowhere, { keyFile: locked.file, passphrase: new Secret("wrong"), knownHosts });
    await expect(wrong).rejects.toMatchObject({
      kind: "invalid",
      message:
        "git: use repository.ssh: invalid: the passphrase does not open the private key; check repository.ssh.passphrase",
    });
    await expect(open(nowhere, { keyFile: locked.file, knownHosts })).rejects.toMatchObject({
      kind: "invalid",
      message: expect.stringContaining("is encrypted with a passphrase; set repository.ssh.passphrase"),
    });
  });

  it("refuses a host that is not known, and shows its fingerprint", { timeout: 60_000 }, async () => {
    const { key, repository } = await place();
    const other = temporaryFolder("hosts");
    writeFileSync(join(other, "known_hosts"), "");
    await expect(
      open(repository.sshUrl, { keyFile: key.file, knownHostsFile: join(other, "known_hosts") }),
    ).rejects.toMatchObject({
      kind: "denied",
      message: expect.stringMatching(/the host's key is not known \(ssh-ed25519 SHA256:[\w+/]{43}\)/),
      next: expect.stringContaining("repository.ssh.knownHosts"),
    });
    expect(readFileSync(join(other, "known_hosts"), "utf8")).toBe("");
  });

  it("refuses a host whose key has changed, in both modes", { timeout: 60_000 }, async () => {
    const { key, repository, knownHosts } = await place();
    const [host = ""] = knownHosts.split(" ");
    const changed = `${host} ${key.publicKey}`;
    for (const hostKeys of ["strict", "accept-new"] as const) {
      await expect(open(repository.sshUrl, { keyFile: key.file, knownHosts: changed, hostKeys })).rejects.toMatchObject(
        {
          kind: "denied",
          message: expect.stringMatching(/shows another key than the known one \(ssh-ed25519 SHA256:/),
        },
      );
    }
  });

  it("accept-new trusts a host at first sight, and keeps its key in the file", { timeout: 60_000 }, async () => {
    const { key, repository, knownHosts } = await place();
    const knownHostsFile = join(temporaryFolder("hosts"), "known hosts %h");
    writeFileSync(knownHostsFile, "");
    await open(repository.sshUrl, { keyFile: key.file, knownHostsFile, hostKeys: "accept-new" });
    expect(readFileSync(knownHostsFile, "utf8").trim()).toBe(knownHosts);
    await open(repository.sshUrl, { keyFile: key.file, hostKeys: "accept-new" });
  });

  it("says that the host does not accept a key, and that a deploy key may only read", { timeout: 60_000 }, async () => {
    const { gitea, repository, knownHosts } = await place();
    const folder = temporaryFolder("keys");
    const [stranger, deploy] = [sshKeyPair(folder, "stranger"), sshKeyPair(folder, "deploy")];
    const { owner, name, sshUrl } = repository;
    await expect(open(sshUrl, { keyFile: stranger.file, knownHosts })).rejects.toMatchObject({
      kind: "denied",
      message: expect.stringContaining("the host accepts none of the SSH keys"),
    });
    const added = await gitea.api("POST", `/repos/${owner}/${name}/keys`, {
      title: "d",
      key: deploy.publicKey,
      read_only: true,
    });
    expect(added.status).toBe(201);
    const tree = await open(sshUrl, { keyFile: deploy.file, knownHosts });
    const push = tree.push(await commitFile(tree), "kubeferry/main", undefined, call);
    await expect(push).rejects.toMatchObject({ kind: "denied" });
    expect(await tree.remoteBranches("kubeferry/", call)).toEqual([]);
  });

  it("explains a key file that is open to others, is not there, or is no key", { timeout: 60_000 }, async () => {
    const knownHosts = "";
    const { file } = sshKeyPair(temporaryFolder("keys"), "key");
    const nowhere = "git@127.0.0.1:acme/fleet.git";
    chmodSync(file, 0o644);
    await expect(open(nowhere, { keyFile: file, knownHosts })).rejects.toMatchObject({
      kind: "invalid",
      message: `git: use repository.ssh: invalid: ${file}: others may read this private key (mode 0644); chmod 600 ${file}`,
    });
    await expect(open(nowhere, { keyFile: `${file}-none`, knownHosts })).rejects.toThrow(/there is no such file/);
    const noKey = open(nowhere, { key: new Secret(readFileSync(`${file}.pub`, "utf8")), knownHosts });
    await expect(noKey).rejects.toThrow(/it is no private key that OpenSSH reads/);
  });
});
