import { Buffer } from "node:buffer";
import { execFile } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cachedBinary } from "../binaries/cache.ts";
import { binarySpec } from "../binaries/catalog.ts";
import { requireBinary } from "../binaries/resolve.ts";
import { TestbedError } from "../errors.ts";
import { freePort } from "../processes/ports.ts";
import { isPortClash, startProcess } from "../processes/start.ts";
import type { Run } from "../runs/run.ts";
import { giteaSettings } from "./gitea-settings.ts";

const run = promisify(execFile);
const timeoutMs = 60_000;
const startAttempts = 3;

/** A Gitea that runs; plain data, so that it can pass from process to process. */
export interface GiteaInfo {
  readonly url: string;
  /** An administrator. */
  readonly user: string;
  readonly password: string;
  /** Allowed everything. */
  readonly token: string;
  /** Where its repositories lie: "<owner>/<name>.git". */
  readonly repositoriesFolder: string;
  readonly ssh: {
    /** "ssh://git@127.0.0.1:2222", to which "/owner/name.git" is added. */
    readonly url: string;
    /** The host's public key as it stands in a file of known hosts: "[127.0.0.1]:2222 ssh-ed25519 AAAA…". */
    readonly knownHost: string;
  };
}

/** Starts Gitea on an empty SQLite database, with one administrator and a token. */
export async function startGitea(within: Run, name: string): Promise<GiteaInfo> {
  const dataFolder = join(within.folder, name);
  for (let attempt = 1; ; attempt++) {
    const server = await prepare(dataFolder);
    try {
      // Accounts first: the command and the server would wait for each other's locks on the database.
      const account = await createAdministrator(server);
      await startProcess(within, {
        name,
        command: server.program,
        args: ["web", `--config=${server.config}`],
        env: server.env,
        dataFolder,
        isReady: async (signal) => (await fetch(`${server.url}/api/healthz`, { signal })).ok,
        timeoutMs,
      });
      return { url: server.url, ssh: server.ssh, repositoriesFolder: server.repositoriesFolder, ...account };
    } catch (error) {
      if (attempt === startAttempts || !isPortClash(error)) throw error;
    }
  }
}

interface PreparedServer {
  readonly program: string;
  readonly config: string;
  readonly url: string;
  readonly ssh: GiteaInfo["ssh"];
  readonly repositoriesFolder: string;
  readonly env: Readonly<Record<string, string>>;
}

async function prepare(base: string): Promise<PreparedServer> {
  const port = await freePort();
  const sshPort = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const dataFolder = join(base, String(port));
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const config = join(dataFolder, "app.ini");
  const { staticFolder } = cachedBinary(binarySpec("gitea"));
  const hostKeyFile = join(dataFolder, "host-key.pem");
  const hostKey = writeHostKey(hostKeyFile);
  const repositoriesFolder = join(dataFolder, "repositories");
  const settings = { dataFolder, staticFolder, repositoriesFolder, port, url, ssh: { port: sshPort, hostKeyFile } };
  writeFileSync(config, giteaSettings(settings), { mode: 0o600 });
  const ssh = { url: `ssh://git@127.0.0.1:${sshPort}`, knownHost: `[127.0.0.1]:${sshPort} ${hostKey}` };
  const env = { GITEA_WORK_DIR: dataFolder };
  return { program: requireBinary("gitea").path, config, url, ssh, repositoriesFolder, env };
}

/** Gitea would make an RSA key, which takes seconds. */
function writeHostKey(file: string): string {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  writeFileSync(file, privateKey.export({ format: "pem", type: "pkcs8" }), { mode: 0o600 });
  const raw = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
  const field = (bytes: Uint8Array) => Buffer.concat([Buffer.from([0, 0, 0, bytes.byteLength]), bytes]);
  return `ssh-ed25519 ${Buffer.concat([field(Buffer.from("ssh-ed25519")), field(raw)]).toString("base64")}`;
}

async function createAdministrator(server: PreparedServer): Promise<Pick<GiteaInfo, "user" | "password" | "token">> {
  const user = "ferry";
  const password = randomBytes(18).toString("base64url");
  await gitea(server, "prepare the database", ["migrate"]);
  await gitea(server, "create the administrator", [
    ...["admin", "user", "create", "--admin", "--must-change-password=false"],
    ...[`--username=${user}`, `--password=${password}`, `--email=${user}@example.com`],
  ]);
  const said = await gitea(server, "create a token", [
    ...["admin", "user", "generate-access-token", "--raw", "--scopes=all"],
    ...[`--username=${user}`, "--token-name=testbed"],
  ]);
  // Log lines may stand around it.
  const token = /^[0-9a-f]{40}$/m.exec(said)?.[0];
  if (token === undefined) throw noToken();
  return { user, password, token };
}

function noToken(): TestbedError {
  return new TestbedError({
    kind: "not-ready",
    who: "testbed",
    operation: "start gitea: create a token",
    problem: "the command printed no token",
    next: "see the server's log in the run's folder",
  });
}

async function gitea(server: PreparedServer, what: string, args: readonly string[]): Promise<string> {
  try {
    const env = { PATH: process.env.PATH ?? "", HOME: server.env.GITEA_WORK_DIR, ...server.env };
    const { stdout } = await run(server.program, [...args, `--config=${server.config}`], { env });
    return stdout;
  } catch (cause) {
    throw new TestbedError({
      kind: "not-ready",
      who: "testbed",
      operation: `start gitea: ${what}`,
      // The command line holds the password, and so does the message of the error that carries it.
      problem: String((cause as { stderr?: unknown }).stderr ?? "").trim(),
      next: "is git on PATH, and the cache's static folder whole?",
    });
  }
}
