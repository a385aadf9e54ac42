import { Buffer } from "node:buffer";
import { generateKeyPairSync } from "node:crypto";
import { Secret } from "@kubeferry/model";
import type { PlatformOptions } from "../../driver.ts";
import { type ContractHost, gitPlatformContract } from "../../platform.contract.ts";
import { addRepository } from "../../testing/stand-in/host-state.ts";
import { standInHost } from "../../testing/stand-in/stand-in-host.ts";
import { createGitHub } from "./github.ts";
import type { AppState } from "./testing/app-routes.ts";
import { type GitHubStandIn, startGitHub } from "./testing/github-stand-in.ts";
import { REPO, TOKEN } from "./testing/open-github.ts";

gitPlatformContract("github, by a personal token", async () => {
  const github = await startGitHub({ tokens: { [TOKEN]: "ada" } });
  const unknown = new Secret(`ghp_${"9876543210".repeat(4)}`);
  return contractHost(github, {
    known: { token: new Secret(TOKEN) },
    unknown: { token: unknown },
    credentials: [...formsOf(TOKEN), unknown.reveal()],
  });
});

gitPlatformContract("github, by an App", async () => {
  const [known, unknown] = [keyPair(), keyPair()];
  const app: AppState = {
    id: "77",
    publicKey: known.publicKey,
    slug: "kubeferry",
    installationId: 4711,
    permissions: { contents: "write", pull_requests: "write", statuses: "write" },
    without: new Set(),
    tokens: new Map(),
    now: Date.now,
  };
  const github = await startGitHub({ tokens: {}, app });
  // Where the App is installed; the suite's repositories are beside it.
  addRepository(github.state, REPO.owner, REPO.name);
  return contractHost(github, {
    known: { app: { id: app.id, privateKey: new Secret(known.pem) } },
    unknown: { app: { id: app.id, privateKey: new Secret(unknown.pem) } },
    // Lines of the key: a message that held it would hold them.
    get credentials() {
      const tokens = [...app.tokens.keys()].flatMap(formsOf);
      return [...tokens, ...[known.pem, unknown.pem].flatMap((pem) => pem.split("\n").slice(1, -2))];
    },
  });
});

interface Credentials extends Pick<ContractHost, "credentials"> {
  readonly known: Pick<PlatformOptions, "token" | "app">;
  readonly unknown: Pick<PlatformOptions, "token" | "app">;
}

function contractHost({ standIn, state }: GitHubStandIn, who: Credentials): ContractHost {
  const host = standInHost({
    standIn,
    state,
    owner: REPO.owner,
    people: { users: ["grace", "alan"], team: "reviewers" },
    credentials: [],
    open({ known, ...how }) {
      const options = { apiUrl: standIn.url, repo: REPO, ...(known ? who.known : who.unknown), ...how };
      return createGitHub(options, { paced: false, now: Date.now }).platform;
    },
  });
  return Object.defineProperty(host, "credentials", { get: () => who.credentials });
}

function formsOf(token: string): readonly string[] {
  return [token, Buffer.from(`x-access-token:${token}`).toString("base64")];
}

function keyPair() {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { publicKey, pem: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}
