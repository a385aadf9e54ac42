import type { Call, Likeness } from "@kubeferry/model";
import type { GitOpsConfig } from "@kubeferry/shared-config";
import { type Catalog, contentIn } from "../catalog.ts";
import type { Content } from "../content.ts";
import { type GitRef, refId } from "../git-ref.ts";
import { parseObject } from "../parse-object.ts";
import type { Environment } from "../read/open-sources.ts";
import type { Source } from "../read/source.ts";
import type { Spool } from "../spool.ts";
import { type LikenessOptions, likenessOf } from "./likeness.ts";

/** What was generated, and from what. */
export interface GeneratedFolders {
  readonly catalog: Catalog;
  readonly spool: Pick<Spool, "read">;
  readonly sources: readonly Pick<Source, "id" | "absent">[];
  readonly environments: readonly Environment[];
  readonly gitops: Pick<GitOpsConfig, "parameters">;
}

/**
 * How alike the environments are in some of the generated folders.
 * @throws GitOpsError "damaged"
 */
export async function likenessOfFolders(
  folders: readonly string[],
  generated: GeneratedFolders,
  call: Call,
): Promise<Likeness> {
  const { catalog, spool, environments, gitops } = generated;
  const compared = folders.map((folder) => ({ folder, entries: catalog.folder(folder).values() }));
  return likenessOf(compared, {
    environments: environments.map(({ name, source }) => ({ name, source })),
    parameters: gitops.parameters,
    read: async (content: Content) => parseObject(await spool.read(content)),
    isGone: await provenAbsences(folders, generated, call),
  });
}

/** Asks each source once about everything that others have in folders that it has something of. */
async function provenAbsences(
  folders: readonly string[],
  { catalog, sources, environments }: GeneratedFolders,
  call: Call,
): Promise<NonNullable<LikenessOptions["isGone"]>> {
  const gone = new Map<string, ReadonlySet<string>>();
  for (const source of sources) {
    const lacking: GitRef[] = [];
    const own = environments.filter((each) => each.source === source.id);
    for (const folder of folders) {
      const entries = [...catalog.folder(folder).values()];
      if (!entries.some(({ contents }) => contents.has(source.id))) continue;
      for (const entry of entries) {
        if (own.some((each) => contentIn(entry, each) === undefined)) lacking.push(entry.ref);
      }
    }
    gone.set(source.id, await source.absent(lacking, call));
  }
  return (source, ref) => gone.get(source)?.has(refId(ref)) === true;
}
