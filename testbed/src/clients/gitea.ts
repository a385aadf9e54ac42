import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { TestbedError } from "../errors.ts";
import type { GiteaInfo } from "../starters/gitea.ts";
import { writeRepository } from "./gitea-repository.ts";

/** A repository on the test server. */
export interface FreshRepository {
  readonly owner: string;
  readonly name: string;
  /** HTTP, without credentials. */
  readonly cloneUrl: string;
  /** For the keys of `POST /user/keys` and deploy keys. */
  readonly sshUrl: string;
}

/** What one wants different from the ordinary repository. */
interface FreshRepositoryOptions {
  readonly empty?: boolean;
  /** An organisation; `user` unless said. */
  readonly owner?: string;
  /** Branches that are one commit ahead of `main`, each with a file of its own. */
  readonly branches?: readonly string[];
}

/** A real Gitea; `user` is an administrator and `token` is allowed everything. */
export interface GiteaServer extends GiteaInfo {
  /** Makes a private repository with a README on `main`, or one without any commit. */
  freshRepository(options?: FreshRepositoryOptions): Promise<FreshRepository>;
  /**
   * Calls Gitea's API as `user`; never throws for a status.
   * @param path below `/api/v1`, for instance "/repos/ferry/x/pulls".
   * @returns json undefined for an answer without a body.
   */
  api(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly json: unknown }>;
}

/** Talks to a Gitea that runs. */
export function createGiteaServer(info: GiteaInfo): GiteaServer {
  const api: GiteaServer["api"] = async (method, path, body) => {
    const answer = await fetch(`${info.url}/api/v1${path}`, {
      method,
      headers: { authorization: `token ${info.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, json: text === "" ? undefined : (JSON.parse(text) as unknown) };
  };
  return {
    ...info,
    api,
    async freshRepository({ empty = false, owner = info.user, branches = [] } = {}) {
      const name = `test-${randomBytes(6).toString("hex")}`;
      const path = `${owner}/${name}.git`;
      if (!empty) await writeRepository(join(info.repositoriesFolder, path), name, branches);
      const { status, json } = empty
        ? await api("POST", "/user/repos", { name, default_branch: "main", private: true })
        : await api("POST", `/admin/unadopted/${owner}/${name}`);
      if (status >= 300) throw refused(name, status, json);
      return { owner, name, cloneUrl: `${info.url}/${path}`, sshUrl: `${info.ssh.url}/${path}` };
    },
  };
}

function refused(name: string, status: number, json: unknown): TestbedError {
  return new TestbedError({
    kind: "refused",
    who: "gitea",
    operation: `create repository ${name}`,
    problem: `${status} ${JSON.stringify(json)}`,
    next: "see the server's log in the run's folder",
  });
}
