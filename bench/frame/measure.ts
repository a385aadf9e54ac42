// What a suite measures, and how: every subject once in each round, next to the limits that it is held against.

/** One run of something. Every figure is of this run alone. */
export interface Sample {
  /** From the first byte of work to the last, without the start of the process. */
  readonly wallMs: number;
  /** User and system time of the process, where the work has one of its own. */
  readonly cpuMs?: number;
  /** The most that was resident at any time, where the work has a process of its own. */
  readonly peakRssBytes?: number;
  /** What else it says of itself: requests, bytes written, objects. */
  readonly counts?: Readonly<Record<string, number>>;
}

/** Something that is measured: work of ours, or the limit that it is held against. */
export interface Subject {
  readonly name: string;
  /** Brings about the state that `run` starts from; not measured. */
  readonly prepare?: () => Promise<void>;
  readonly run: () => Promise<Sample>;
}

/** Every subject's sample of one round. @throws Error for a name that is not a subject of the suite */
export type Round = (subject: string) => Sample;

/** What is wanted of a ratio of samples of the same round. */
export interface Claim {
  /** "unchanged run with the mirror ≤ 1.25 × list": what a reader of the table sees. */
  readonly what: string;
  /** Ours by the limit's; below one is better than the limit for "at-most", worse for "at-least". */
  readonly ratio: (round: Round) => number;
  readonly wanted: Bound;
  /** The margin of a busy machine with few objects; CI leaves out a claim without one. */
  readonly inCi?: Bound;
  /** The numbers of objects in a cluster that `wanted` is meant for: each when left out. It says nothing of `inCi`. */
  readonly objects?: readonly number[];
}

/** Which side of a number is good. */
export type Bound = { readonly atMost: number } | { readonly atLeast: number };

/** What a suite is opened with. */
export interface Setting {
  /** Objects in a cluster. */
  readonly objects: number;
}

/** Servers up, objects in place. */
interface OpenSuite {
  readonly subjects: readonly Subject[];
  readonly claims: readonly Claim[];
  close(): Promise<void>;
}

/** A part of kubeferry that has limits of its own. `bench/suites/` has one a file. */
export interface Suite {
  readonly name: string;
  /** One sentence for the report: what is done to what. */
  readonly about: string;
  /** It says nothing that CI could hold. */
  readonly byHandOnly?: true;
  open(setting: Setting): Promise<OpenSuite>;
}

/** Samples of one subject, one a round. */
export interface Measured {
  readonly name: string;
  readonly samples: readonly Sample[];
}

/** A claim with its ratio in each round. */
export interface Judged extends Pick<Claim, "what" | "wanted" | "inCi" | "objects"> {
  readonly ratios: readonly number[];
}

/** What a suite gave. */
export interface Taken {
  readonly name: string;
  readonly about: string;
  readonly measured: readonly Measured[];
  readonly judged: readonly Judged[];
}

/** How a suite is measured. */
export interface Measuring extends Setting {
  readonly rounds: number;
  /** Only claims that have a margin, and only the subjects that they look at. */
  readonly inCi: boolean;
}

/**
 * Opens a suite, runs its subjects in each round, and closes it. The order turns by one from round to round, so that
 * nobody always comes after the same neighbour.
 */
export async function measureSuite(
  suite: Suite,
  { objects, rounds: count, inCi }: Measuring,
  onRound: (round: number) => void,
): Promise<Taken> {
  const open = await suite.open({ objects });
  try {
    const { subjects, claims } = inCi ? heldInCi(open) : open;
    const rounds: ReadonlyMap<string, Sample>[] = [];
    for (let round = 0; round < count; round++) {
      onRound(round + 1);
      rounds.push(await measureRound(turned(subjects, round)));
    }
    return {
      name: suite.name,
      about: suite.about,
      measured: subjects.map(({ name }) => ({ name, samples: rounds.map((samples) => sampleOf(samples, name)) })),
      judged: claims.map(({ ratio, ...claim }) => ({
        ...claim,
        ratios: rounds.map((samples) => ratio((name) => sampleOf(samples, name))),
      })),
    };
  } finally {
    await open.close();
  }
}

/** For finding out which subjects a claim looks at. */
const ANY: Sample = { wallMs: 1, cpuMs: 1, peakRssBytes: 1 };

function heldInCi({ subjects, claims }: Pick<OpenSuite, "subjects" | "claims">) {
  const held = claims.filter((claim) => claim.inCi !== undefined);
  const names = new Set<string>();
  for (const { ratio } of held) {
    ratio((name) => {
      names.add(name);
      return ANY;
    });
  }
  return { subjects: subjects.filter(({ name }) => names.has(name)), claims: held };
}

async function measureRound(subjects: readonly Subject[]): Promise<ReadonlyMap<string, Sample>> {
  const samples = new Map<string, Sample>();
  for (const { name, prepare, run } of subjects) {
    await prepare?.();
    samples.set(name, await run());
  }
  return samples;
}

function turned<Item>(items: readonly Item[], by: number): readonly Item[] {
  const first = by % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

function sampleOf(samples: ReadonlyMap<string, Sample>, name: string): Sample {
  const sample = samples.get(name);
  if (sample === undefined) throw new Error(`no subject is called "${name}"`);
  return sample;
}

/** The middle one; of an even number the mean of the middle two. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new Error("nothing was measured");
  return (lower + upper) / 2;
}

/** Whether a number is on the good side. */
export function holds(bound: Bound, ratio: number): boolean {
  return "atMost" in bound ? ratio <= bound.atMost : ratio >= bound.atLeast;
}
