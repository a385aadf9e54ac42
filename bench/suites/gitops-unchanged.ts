// Stage 2 when there is nothing to do: what a run takes next to fetching the repository and reading the snapshots.
import { runChild } from "../frame/child.ts";
import type { Round, Sample, Setting, Subject, Suite } from "../frame/measure.ts";
import { createGitOpsFleet, type GitOpsFleet } from "../gitops-fleet.ts";

/** What an unchanged run may take, by cloning and reading. */
const WANTED = 1.2;

export const gitopsUnchangedSuite: Suite = {
  name: "gitops-unchanged",
  about:
    "Stage 2 for four environments, from snapshots in MinIO to a repository in a folder, when nothing that lands in Git moved: on the same snapshots; on newer ones in which only nodes differ; on newer ones in which a hundredth of the Deployments has another status.",
  async open({ objects }: Setting) {
    const one = await filled("one-cluster", objects);
    const four = await filled("four-clusters", objects);
    return {
      subjects: [...subjectsOf("one cluster", one), ...subjectsOf("four clusters", four)],
      claims: [...claimsOf("one cluster"), ...claimsOf("four clusters")],
      async close() {
        await one.close();
        await four.close();
      },
    };
  },
};

/** A repository that holds what the newest snapshots say, and a run that found that out. */
async function filled(kind: "one-cluster" | "four-clusters", objects: number): Promise<GitOpsFleet> {
  const fleet = await createGitOpsFleet(kind, objects);
  await fleet.snapshot({ heartbeats: 0, statuses: 0 });
  await run(fleet);
  await run(fleet);
  return fleet;
}

const MOVES = ["same snapshots", "nodes moved", "statuses moved"] as const;

function subjectsOf(from: string, fleet: GitOpsFleet): readonly Subject[] {
  const moved = { heartbeats: 0, statuses: 0 };
  const limit = (name: string) => runChild(name, fleet);
  const [same, nodes, statuses] = MOVES;
  return [
    { name: `${from}: clone`, run: () => limit("clone") },
    { name: `${from}: read`, run: () => limit("read-fleet") },
    { name: `${from}: ${same}`, run: () => run(fleet) },
    {
      name: `${from}: ${nodes}`,
      prepare: () => {
        moved.heartbeats += 1;
        return fleet.snapshot(moved);
      },
      run: () => run(fleet),
    },
    {
      name: `${from}: ${statuses}`,
      prepare: () => {
        moved.statuses += 1;
        return fleet.snapshot(moved);
      },
      run: () => run(fleet),
    },
  ];
}

function claimsOf(from: string) {
  return MOVES.map((move) => ({
    what: `${from}: ${move} ≤ ${WANTED} × (clone + read)`,
    ratio: (round: Round) =>
      round(`${from}: ${move}`).wallMs / (round(`${from}: clone`).wallMs + round(`${from}: read`).wallMs),
    wanted: { atMost: WANTED },
    inCi: { atMost: WANTED },
  }));
}

function run(fleet: GitOpsFleet): Promise<Sample> {
  return runChild("gitops-run", fleet);
}
