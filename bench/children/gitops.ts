// Stage 2 but for cloning and pushing: from snapshots in a folder to what becomes of them in a repository, or in a folder.
import { openFolderTree, openWorkTree } from "@kubeferry/git";
import { allChanges, generateContent, makePlan, openInputs, openSpool, readTip, shapeOf } from "@kubeferry/layout";
import { createFolderStore } from "@kubeferry/object-store";
import { writePlan } from "@kubeferry/publish";
import { loadConfig } from "@kubeferry/shared-config";
import { argument, report } from "../frame/child.ts";
import { cpuOfEndedChildrenMs } from "../frame/ended-children.ts";
import { benchCall as call } from "../stored-snapshot.ts";

const { file, storePath, repository, folder, until } = argument<{
  /** The configuration. */
  file: string;
  storePath: string;
  /** A bare repository whose branch main holds nothing of ours. */
  repository: string;
  /** Where files go; nothing is there. */
  folder: string;
  /** Everything was handed to git; git made a commit of it; files lie in the folder. */
  until: "handed over" | "commit" | "files";
}>();
const { config } = await loadConfig({ files: [file], env: {} });
const store = createFolderStore({ path: storePath, autoCreate: false });
const spool = await openSpool();
const { gitops } = await openInputs({ config, store }, call);
const shape = shapeOf(gitops);
const { tree, finish } = await openTree();
const openedMs = cpuOfEndedChildrenMs();

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
  await finish();
  return {
    files: allChanges(plan).added.length,
    "generating ms": Math.round(generatedAt - startedAt),
    "laying out ms": Math.round(plannedAt - generatedAt),
    "writing ms": Math.round(performance.now() - plannedAt),
    "processor of git ms": cpuOfEndedChildrenMs() - openedMs,
  };
});
await tree.close();
await spool.close();

async function openTree() {
  const { roots } = shape;
  if (until === "files") {
    const opened = await openFolderTree({ folder, roots }, call);
    return { tree: opened, finish: () => opened.publish(call) };
  }
  const opened = await openWorkTree({ url: repository, base: "main", roots }, call);
  const message = { subject: "What was laid out", body: "", trailers: {} };
  return { tree: opened, finish: async () => until === "commit" && (await opened.commit(message, roots, call)) };
}
