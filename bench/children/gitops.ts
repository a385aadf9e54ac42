// Stage 2 without the git program: from snapshots in a folder to files that are written below a work tree.
import { cp } from "node:fs/promises";
import { openFolderTree } from "@kubeferry/git";
import { allChanges, generateContent, makePlan, openInputs, openSpool, readTip, shapeOf } from "@kubeferry/layout";
import { type Call, silentLog } from "@kubeferry/model";
import { createFolderStore } from "@kubeferry/object-store";
import { writePlan } from "@kubeferry/publish";
import { loadConfig } from "@kubeferry/shared-config";
import { argument, report } from "../frame/child.ts";

const { file, storePath, folder, keep } = argument<{
  /** The configuration. */
  file: string;
  storePath: string;
  /** Where a repository would be; empty, and it stays so. */
  folder: string;
  /** Where a copy of the written tree goes; not measured. */
  keep?: string;
}>();
const call: Call = { signal: new AbortController().signal, log: silentLog };
const { config } = await loadConfig({ files: [file], env: {} });
const store = createFolderStore({ path: storePath, autoCreate: false });
const spool = await openSpool();
const { gitops } = await openInputs({ config, store }, call);
const shape = shapeOf(gitops);
const tree = await openFolderTree({ folder, roots: shape.roots }, call);

await report(async () => {
  const startedAt = performance.now();
  const inputs = await openInputs({ config, store }, call);
  const generation = await generateContent({ config, ...inputs, spool }, () => undefined, call);
  const generatedAt = performance.now();
  const tip = await readTip(tree, shape, call);
  const lastLook = { holdsSecret: generation.secretValues.isIn, allowsCredential: inputs.scanner.knows };
  const planning = {
    ...inputs,
    generation,
    shape,
    tree,
    tip,
    spool,
    allowRemovals: false,
    earlier: () => [],
    lastLook,
  };
  const plan = await makePlan(planning, call);
  const plannedAt = performance.now();
  await writePlan(plan, { tree, spool, lastLook }, call);
  const files = allChanges(plan).added.length;
  return {
    files,
    "generating ms": Math.round(generatedAt - startedAt),
    "laying out ms": Math.round(plannedAt - generatedAt),
    "writing ms": Math.round(performance.now() - plannedAt),
  };
});
if (keep !== undefined) {
  await cp(tree.folder, keep, { recursive: true, filter: (path) => !path.startsWith(`${tree.folder}/.git`) });
}
await tree.close();
await spool.close();
