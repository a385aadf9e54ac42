import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { parseYaml, parseYamlStream } from "@kubeferry/clean";
import type { BackupReport, GitOpsReport, JsonObject } from "@kubeferry/model";
import { servers } from "@kubeferry/testbed";
import { type BareRepository, bareRepository } from "../../demo/bare-repository.ts";
import { jsonOf, kubeferry } from "../cli.ts";
import { freshFolder, writeConfig } from "../workspace.ts";

const execute = promisify(execFile);
const BRANCH = "kubeferry/main";

/** An Application of the repository, as Argo CD would see it. */
export interface DeployedApplication {
  readonly name: string;
  /** Its destination's; undefined for what has no namespace. */
  readonly namespace: string | undefined;
  /** What the real kustomize wrote. */
  readonly build: string;
  readonly objects: readonly JsonObject[];
  readonly manifest: JsonObject;
}

/** Both stages' reports of a run. */
interface RoundReports {
  readonly backup: BackupReport;
  readonly gitops: GitOpsReport;
}

/** A cluster that is backed up into a folder and laid out in a repository, again and again. */
export interface Adoption {
  readonly repository: BareRepository;
  /** Runs both stages as a user does. @param changed sections instead of the ordinary ones; keys of `gitops` */
  round(changed?: Readonly<Record<string, unknown>>, code?: number): Promise<RoundReports>;
  merge(): Promise<void>;
  /** Files that the branch has otherwise than main. */
  changedFiles(): Promise<string[]>;
  /** The Applications of a branch whose names match: all of them unless said. */
  applications(branch: string, named?: RegExp): Promise<DeployedApplication[]>;
  /** A checkout of a branch. */
  checkout(branch: string): Promise<string>;
}

/** Starts with an empty store and an empty repository. */
export async function adopt(sections: Readonly<Record<string, unknown>>, gitops: object): Promise<Adoption> {
  const store = { type: "folder", path: join(await freshFolder(), "store") };
  const repository = await bareRepository(join(await freshFolder(), "fleet.git"));
  const checkout = async (branch: string) => {
    const folder = await freshFolder();
    await execute("git", ["clone", "--quiet", "--branch", branch, repository.folder, folder]);
    return folder;
  };
  return {
    repository,
    checkout,
    async round({ gitops: changedKeys = {}, ...changed } = {}, code = 0) {
      // What is looked at afterwards is one branch, however much is adopted.
      const one = { repository: { url: repository.folder, branch: BRANCH }, pullRequest: { split: "none" } };
      const section = { ...gitops, ...one, ...(changedKeys as object) };
      const config = await writeConfig({ store, ...sections, ...changed, gitops: section });
      const result = await kubeferry(["run", "--config", config, "--output", "json"]);
      if (result.code !== code) throw new Error(`run ended with ${result.code}: ${result.stderr.slice(-4_000)}`);
      return jsonOf<RoundReports>(result);
    },
    async merge() {
      await execute("git", ["-C", await checkout(BRANCH), "push", "--quiet", "origin", `${BRANCH}:main`]);
    },
    async changedFiles() {
      const { stdout } = await execute("git", ["-C", repository.folder, "diff", "--name-only", `main...${BRANCH}`]);
      return stdout.split("\n").filter((path) => path !== "");
    },
    async applications(branch, named = /^/) {
      const root = await checkout(branch);
      const files = await readdir(root, { recursive: true });
      const paths = files.filter((file) => file.endsWith("/application.yaml")).toSorted();
      const found: DeployedApplication[] = [];
      for (const path of paths) {
        const manifest = parseYaml(await readFile(join(root, path), "utf8")) as ApplicationManifest;
        if (named.test(manifest.metadata.name)) found.push(await deployedBy(manifest, dirname(join(root, path))));
      }
      return found;
    },
  };
}

type ApplicationManifest = JsonObject & {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly destination: { readonly namespace?: string } };
};

async function deployedBy(manifest: ApplicationManifest, folder: string): Promise<DeployedApplication> {
  const options = { maxBuffer: 256 * 1024 * 1024 };
  const { stdout: build } = await execute(servers.binary("kustomize"), ["build", folder], options);
  const objects = parseYamlStream(build) as JsonObject[];
  return { name: manifest.metadata.name, namespace: manifest.spec.destination.namespace, build, objects, manifest };
}

/** The objects of an Application with the annotation that Argo CD puts on each of them. */
export function tracked({ name, namespace, objects }: DeployedApplication): JsonObject[] {
  return objects.map((object) => {
    const metadata = object.metadata as JsonObject & { namespace?: string; name: string };
    const [group = "", version] = String(object.apiVersion).split("/");
    const place = `${metadata.namespace ?? namespace ?? ""}/${metadata.name}`;
    const id = `${name}:${version === undefined ? "" : group}/${String(object.kind)}:${place}`;
    const annotations = { ...(metadata.annotations as JsonObject | undefined), "argocd.argoproj.io/tracking-id": id };
    return { ...object, metadata: { ...metadata, annotations } };
  });
}
