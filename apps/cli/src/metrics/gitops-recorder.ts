import type { GitOpsObserver } from "@kubeferry/gitops";
import { isSecretBlocked, RemovalLimitError } from "@kubeferry/layout";
import type { Call, GitOpsReport } from "@kubeferry/model";
import { type Config, gitopsOf } from "@kubeferry/shared-config";
import {
  addGitOpsCounters,
  countGitOpsRun,
  type GitOpsRunStatus,
  type GitOpsSample,
  NO_GITOPS_RUNS,
  type Pushed,
  renderGitOpsMetrics,
} from "@kubeferry/telemetry";
import { createLineCounts } from "./line-counts.ts";
import { seenBy } from "./measured.ts";
import { openPushing } from "./pushing.ts";
import { repositoryLabel } from "./repository-label.ts";

/** Follows the runs of stage 2 of one process and knows their numbers at every moment. */
export interface GitOpsRecorder {
  readonly observer: GitOpsObserver;
  /** A run's call, whose security events and messages to people are counted. */
  seen(call: Call): Call;
  sample(): GitOpsSample;
  /** Does a run and counts it, however it ends; its numbers are pushed, where that is asked for and configured. */
  follow(run: () => Promise<GitOpsReport>): Promise<GitOpsReport>;
}

/** What is known so far, beside what is counted. */
type Last = Omit<GitOpsSample, "repository" | "counters">;

/** @param pushes false for a process that lives long enough to be scraped */
export function createGitOpsRecorder(
  config: Config,
  call: Call,
  { pushes }: { readonly pushes: boolean },
): GitOpsRecorder {
  const repository = repositoryLabel(gitopsOf(config));
  const lines = createLineCounts(config);
  const pushing = pushes ? openPushing(config.metrics, call) : undefined;
  const state: { own: typeof NO_GITOPS_RUNS; before: Pushed | undefined; last: Last } = {
    own: NO_GITOPS_RUNS,
    before: undefined,
    last: {},
  };

  function sample(): GitOpsSample {
    const before = state.before?.gitops ?? NO_GITOPS_RUNS;
    return { repository, counters: addGitOpsCounters(before, state.own), ...state.last };
  }

  async function render(): Promise<string> {
    return `${await renderGitOpsMetrics([sample()])}${await lines.render(state.before)}`;
  }

  return {
    observer: {
      onSources(sources) {
        const taken = sources.flatMap(({ origin: { cluster }, takenAt }) =>
          takenAt === undefined ? [] : [{ cluster, takenMs: Date.parse(takenAt) }],
        );
        state.last = { ...state.last, snapshots: taken };
      },
      onGenerated(objects) {
        state.last = { ...state.last, objects };
      },
    },
    seen: (own) => seenBy(own, lines.see),
    sample,
    async follow(run) {
      state.before = await pushing?.read({ repository });
      // An increase is seen only by whoever saw the number before it.
      pushing?.startPush({ repository }, render);
      const startedMs = performance.now();
      const counted = (status: GitOpsRunStatus): void => {
        state.own = countGitOpsRun(state.own, status, performance.now() - startedMs);
      };
      try {
        const report = await run();
        counted(report.waitsFor === undefined ? report.status : "waiting");
        state.last = { ...state.last, ...numbersOf(report) };
        return report;
      } catch (error) {
        counted(call.signal.aborted ? "interrupted" : "failed");
        if (error instanceof RemovalLimitError) state.last = { ...state.last, heldBackRemovals: error.removals };
        throw error;
      } finally {
        await pushing?.push({ repository }, render);
      }
    },
  };
}

/** A run that waits has looked at nothing. */
function numbersOf({ status, waitsFor, blocked, frozen, requests }: GitOpsReport): Last {
  if (waitsFor !== undefined) return {};
  const open = requests.filter(({ url, outcome }) => url !== null && outcome !== "closed" && outcome !== "failed");
  return {
    blockedObjects: blocked.length,
    blockedSecrets: new Set(blocked.filter(isSecretBlocked).map(({ object }) => object)).size,
    frozenFolders: frozen.length,
    heldBackRemovals: 0,
    openRequests: open.length,
    ...(status === "complete" ? { lastSuccessMs: Date.now() } : {}),
  };
}
