import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { type Call, type LogFields, Secret } from "@kubeferry/model";
import { type FreshRepository, type GiteaServer, missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it, onTestFinished } from "vitest";
import { openWorkTree, type WorkTreeOptions } from "./index.ts";
import { startProxy } from "./testing/http-proxy.ts";
import { gpgKey, sshKeyPair } from "./testing/keys.ts";
import { quietCall, temporaryFolder } from "./testing/local-repository.ts";
import { watchProcesses } from "./testing/watch-processes.ts";

const MESSAGE = { subject: "Update", body: "", trailers: {} };
const RIGHT = "r1ght-p4ssphrase";
const WRONG = "wr0ng-p4ssphrase";

/** One way to a repository: what works, what fails, and what must be seen nowhere meanwhile. */
interface Way {
  readonly works: Partial<WorkTreeOptions> & { readonly url: string };
  readonly fails: Partial<WorkTreeOptions>;
  readonly secrets: readonly string[];
}

type Place = { readonly gitea: GiteaServer; readonly repository: FreshRepository };

const WAYS: Readonly<Record<string, (place: Place) => Promise<Way>>> = {
  "a user and a token": async ({ gitea, repository }) => ({
    works: { url: repository.cloneUrl, credentials: basic(gitea.user, gitea.token) },
    fails: { credentials: basic(gitea.user, WRONG) },
    secrets: [gitea.token, base64(`${gitea.user}:${gitea.token}`), WRONG, base64(`${gitea.user}:${WRONG}`)],
  }),
  "a bearer token that is asked for": async ({ gitea, repository }) => ({
    works: { url: repository.cloneUrl, credentials: () => Promise.resolve(bearer(gitea.token)) },
    fails: { credentials: () => Promise.resolve(bearer(WRONG)) },
    secrets: [gitea.token, WRONG],
  }),
  "an SSH key with a passphrase": async ({ gitea, repository }) => {
    const key = sshKeyPair(temporaryFolder("keys"), "access", RIGHT);
    await gitea.api("POST", "/user/keys", { title: key.publicKey, key: key.publicKey });
    const ssh = { key: new Secret(key.text), knownHosts: gitea.ssh.knownHost };
    return {
      works: { url: repository.sshUrl, ssh: { ...ssh, passphrase: new Secret(RIGHT) } },
      fails: { ssh: { ...ssh, passphrase: new Secret(WRONG) } },
      secrets: [RIGHT, WRONG],
    };
  },
  "a proxy with a password": async ({ gitea, repository }) => {
    const proxy = await startProxy(RIGHT);
    onTestFinished(proxy.close);
    const through = (password: string) => new Secret(`http://ada:${password}@${proxy.host}`);
    return {
      works: { url: repository.cloneUrl, credentials: basic(gitea.user, gitea.token), proxy: through(RIGHT) },
      fails: { proxy: through(WRONG) },
      secrets: [RIGHT, base64(`ada:${RIGHT}`), WRONG, base64(`ada:${WRONG}`)],
    };
  },
  "commits signed by SSH": async ({ gitea, repository }) => {
    const key = new Secret(sshKeyPair(temporaryFolder("keys"), "signing", RIGHT).text);
    return {
      works: {
        url: repository.cloneUrl,
        credentials: basic(gitea.user, gitea.token),
        signing: { format: "ssh", key, passphrase: new Secret(RIGHT) },
      },
      fails: { signing: { format: "ssh", key, passphrase: new Secret(WRONG) } },
      secrets: [RIGHT, WRONG],
    };
  },
  "commits signed by GnuPG": async ({ gitea, repository }) => {
    const key = new Secret(gpgKey(temporaryFolder("keys"), RIGHT).privateKey);
    return {
      works: {
        url: repository.cloneUrl,
        credentials: basic(gitea.user, gitea.token),
        signing: { format: "gpg", key, passphrase: new Secret(RIGHT) },
      },
      fails: { signing: { format: "gpg", key, passphrase: new Secret(WRONG) } },
      secrets: [RIGHT, WRONG],
    };
  },
};

describe.skipIf(missingServers("gitea", "ssh", "gpg") ?? (process.platform !== "linux" && "needs /proc"))(
  "what is secret is in no argument, file of the clone or its cache, log line or error",
  () => {
    it.each(Object.keys(WAYS))("with %s, whether it works or fails", { timeout: 60_000 }, async (name) => {
      const gitea = await servers.gitea();
      const way = await WAYS[name]?.({ gitea, repository: await gitea.freshRepository() });
      if (way === undefined) throw new Error(name);
      const { call, lines } = recordingCall();
      const parentFolder = temporaryFolder("leak");
      const cacheFolder = join(temporaryFolder("cache"), "kept");
      const options = { base: "main", parentFolder, cacheFolder, ...way.works };

      const watch = watchProcesses();
      const tree = await openWorkTree(options, call);
      await tree.writeFile("namespaces/a.yaml", "x".repeat(1_000_000));
      const commit = (await tree.commit(MESSAGE, ["namespaces"], call)) ?? "";
      await tree.push(commit, "kubeferry/main", undefined, call);
      await tree.remoteBranch("kubeferry/main", call);
      const conflict = await thrownBy(tree.push(tree.baseCommit, "kubeferry/main", tree.baseCommit, call));
      const folder = await tree.checkOut(call);
      const files = [folder, cacheFolder].flatMap(filesBelow);
      const besides = filesBelow(dirname(folder)).filter((path) => !path.startsWith(folder));
      const open = besides.filter((path) => holdsOneOf(way.secrets, path) && (statSync(path).mode & 0o077) !== 0);
      const leaking = files.filter((path) => holdsOneOf(way.secrets, path));
      await tree.close();
      const failure = await thrownBy(openWorkTree({ ...options, ...way.fails }, call));
      const commandLines = watch.stop();

      expect([conflict.kind, failure.kind]).toEqual(["conflict", expect.stringMatching(/denied|invalid/)]);
      expect(commandLines.some((line) => /^git push/.test(line))).toBe(true);
      expect({ leaking, open, left: readdirSync(parentFolder) }).toEqual({ leaking: [], open: [], left: [] });
      const shown = [conflict, failure].flatMap((error) => [
        inspect(error, { depth: 20, showHidden: true }),
        error.stack,
      ]);
      const printed = [...commandLines, ...shown, inspect(lines, { depth: 20 }), JSON.stringify([lines, failure])];
      expect(printed.filter((text) => way.secrets.some((secret) => text?.includes(secret)))).toEqual([]);
    });
  },
);

function basic(username: string, token: string) {
  return { scheme: "basic", username, token: new Secret(token) } as const;
}

function bearer(token: string) {
  return { scheme: "bearer", token: new Secret(token) } as const;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function recordingCall(): { readonly call: Call; readonly lines: readonly unknown[] } {
  const lines: unknown[] = [];
  const keep = (message: string, fields?: LogFields) => void lines.push({ message, fields });
  return { call: { ...quietCall(), log: { debug: keep, info: keep, warn: keep, error: keep } }, lines };
}

async function thrownBy(attempt: Promise<unknown>): Promise<Error & { readonly kind?: unknown }> {
  return attempt.then(
    () => new Error("no error"),
    (thrown: Error) => thrown,
  );
}

function filesBelow(folder: string): readonly string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path));
  return paths.filter((path) => existsSync(path) && statSync(path).isFile());
}

function holdsOneOf(secrets: readonly string[], path: string): boolean {
  const content = readFileSync(path);
  return secrets.some((secret) => content.includes(secret));
}
