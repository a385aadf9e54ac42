import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CleanError, parseYaml } from "@kubeferry/clean";
import { buildKustomization, KustomizeError, type KustomizeProgram } from "@kubeferry/kustomize";
import { type Call, isJsonObject, type JsonObject } from "@kubeferry/model";
import type { CommittedOverlay } from "./committed-overlay.ts";
import { documentsIn } from "./documents-in.ts";

/**
 * Builds an overlay with a program: its files, and no others, in a folder of their own that only this user can read.
 * What the program said names places of the repository, not of this machine.
 * @throws KustomizeError; CleanError for what it wrote and nobody can read
 */
export async function* buildWithProgram(
  program: KustomizeProgram,
  overlay: CommittedOverlay,
  call: Call,
): AsyncGenerator<JsonObject> {
  const text = await built(program, overlay, call);
  // A document at a time: a parsed one takes fifty times its text.
  for (const document of documentsIn(text)) {
    const value = parseYaml(document);
    if (value === null) continue;
    if (!isJsonObject(value)) throw noObject(program);
    yield value;
  }
}

async function built(program: KustomizeProgram, { files, place, read }: CommittedOverlay, call: Call): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "kubeferry-verify-")));
  try {
    for (const folder of new Set([...files.values()].map(dirname)))
      await mkdir(join(root, folder), { recursive: true });
    for (const [path, inRepository] of files)
      await writeFile(join(root, inRepository), (await read(path)) ?? "", { mode: 0o600 });
    return await buildKustomization(program, join(root, place), call);
  } catch (error) {
    if (!(error instanceof KustomizeError)) throw error;
    const { kind, who, problem } = error;
    throw new KustomizeError({ kind, who, operation: `build ${place}`, problem: problem.replaceAll(`${root}/`, "") });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

function noObject({ name }: KustomizeProgram): CleanError {
  return new CleanError({
    kind: "unreadable",
    who: name,
    operation: "read what it built",
    problem: "a document in it is no object",
  });
}
