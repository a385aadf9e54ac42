import { type Assignment, EMPTY_PART, type EnvironmentFact, type OldNameUse, type Part } from "../part.ts";
import { branch, nodeAt, type Sourced } from "../sourced.ts";
import { NO_GITOPS } from "./reasons.ts";
import { truthOf } from "./truth-of.ts";

const DEFAULTS = ["dev", "test", "preprod", "prod"];
const NO_DESTINATION = "the environment has no cluster URL, so there is no Application that could sync by itself";

/** Turns what all sources say of environments into values of `gitops.environments`, where stage 2 is configured at all. */
export function assignEnvironments(parts: readonly Part[]): readonly Part[] {
  const facts = parts.flatMap(({ environments }) => environments);
  if (facts.length === 0) return parts;
  if (!parts.some(configuresGitOps)) return parts.map(withoutGitOps);
  const known = environmentsOf(parts, facts);
  return [...defaultsBelow(known, facts), ...parts.map((part) => assignPart(part, known))];
}

function configuresGitOps({ tree, assignments }: Part): boolean {
  return nodeAt(tree, ["gitops"]) !== undefined || assignments.some(({ path }) => path[0] === "gitops");
}

function withoutGitOps(part: Part): Part {
  const { environments } = part;
  // What an environment says names it too.
  const saying = environments.filter(
    ({ says, old }) =>
      says !== "there" || !environments.some((other) => other.says !== "there" && other.old.startsWith(old)),
  );
  return withUses(
    part,
    saying.map((fact) => unusedUse(fact, NO_GITOPS)),
  );
}

interface Known {
  /** Environments that files name, under the names they have in our configuration. */
  readonly names: ReadonlySet<string>;
  readonly named: boolean;
  readonly deployed: ReadonlySet<string>;
  readonly namesOf: (fact: EnvironmentFact) => readonly string[];
}

function environmentsOf(parts: readonly Part[], facts: readonly EnvironmentFact[]): Known {
  const namesOf = (fact: EnvironmentFact): readonly string[] => ourNames(fact, facts);
  const ours = parts.flatMap(({ tree }) => {
    const node = nodeAt(tree, ["gitops", "environments"]);
    return node?.kind === "map" ? [...node.entries] : [];
  });
  const ofFiles = facts.filter((fact) => !isVariable(fact) && fact.namespace === undefined).flatMap(namesOf);
  const written = [...ours.map(([name]) => name), ...ofFiles];
  const withServer = facts.filter(isOwnServer).flatMap(namesOf);
  const withDestination = ours.flatMap(([name, node]) => (nodeAt(node, ["destination"]) === undefined ? [] : [name]));
  return {
    names: new Set(written.length > 0 ? written : DEFAULTS),
    named: written.length > 0,
    deployed: new Set([...withServer, ...withDestination]),
    namesOf,
  };
}

/** "prod", or one name for each of its regions: "prod-us-east-1"; besides these "prod" itself when it has a URL of its own. */
function ourNames(fact: EnvironmentFact, facts: readonly EnvironmentFact[]): readonly string[] {
  const { environment, region } = fact;
  const same = facts.filter((other) => other.environment === environment && isOwnServer(other));
  const regions = [...new Set(same.flatMap((other) => other.region ?? []))];
  if (regions.length < 2) return [environment];
  if (region !== undefined) return [`${environment}-${region}`];
  if (isOwnServer(fact)) return [environment];
  const own = same.some((other) => other.region === undefined && !isVariable(other)) ? [environment] : [];
  return [...own, ...regions.map((each) => `${environment}-${each}`)];
}

/** Not that of a single namespace. */
function isOwnServer({ says, namespace }: EnvironmentFact): boolean {
  return says === "server" && namespace === undefined;
}

/** A variable speaks of one of the default environments when nobody names any; the others stay. */
function defaultsBelow({ named }: Known, facts: readonly EnvironmentFact[]): readonly Part[] {
  const [first] = facts;
  if (named || first === undefined) return [];
  const empty: Sourced = { kind: "leaf", origin: first.node.origin, value: null };
  const entries = new Map(DEFAULTS.map((name) => [name, empty]));
  const tree = branch(["gitops", "environments"], { kind: "map", origin: first.node.origin, entries });
  return [{ ...EMPTY_PART, tree }];
}

function assignPart(part: Part, known: Known): Part {
  const assignments: Assignment[] = [];
  const uses: OldNameUse[] = [];
  for (const fact of part.environments) {
    for (const name of known.namesOf(fact)) {
      const unused = whyUnused(fact, name, known);
      if (unused !== undefined) uses.push(unusedUse(fact, unused));
      else assignments.push({ path: pathOf(fact, name), node: fact.node, old: fact.old });
    }
  }
  uses.push(...assignments.filter(({ node }) => !isNothing(node)).map(assigned));
  return withUses({ ...part, assignments: [...part.assignments, ...assignments] }, uses);
}

function whyUnused(fact: EnvironmentFact, name: string, { names, deployed }: Known): string | undefined {
  if (!names.has(name)) return `there is no environment ${name} in gitops.environments`;
  return fact.says === "autoSync" && truthOf(fact.node) === true && !deployed.has(name) ? NO_DESTINATION : undefined;
}

function pathOf({ says, namespace }: EnvironmentFact, name: string): readonly string[] {
  if (namespace !== undefined) return ["gitops", "overrides", namespace, name, "destination", "server"];
  const environment = ["gitops", "environments", name];
  if (says === "there") return environment;
  return says === "server" ? [...environment, "destination", "server"] : [...environment, says];
}

function assigned({ path, node, old }: Assignment): OldNameUse {
  return { old, origin: node.origin, keys: [path.join(".")], note: noteOf(path, old), level: "quiet" };
}

function noteOf(path: readonly string[], old: string): string {
  if (path[1] === "overrides") return "read as a namespace, because there is a `default` beside it";
  const regional = old.startsWith("clusters.") && !old.startsWith("clusters.default.");
  return regional ? "read as a region, because there is no `default` beside it" : "";
}

function unusedUse({ old, node }: EnvironmentFact, note: string): OldNameUse {
  return { old, origin: node.origin, keys: [], note, level: "notice" };
}

function withUses(part: Part, more: readonly OldNameUse[]): Part {
  return { ...part, environments: [], uses: [...part.uses, ...more] };
}

function isVariable({ node }: EnvironmentFact): boolean {
  return node.origin.kind === "environment" || node.origin.kind === "folder";
}

function isNothing(node: Sourced): boolean {
  return node.kind === "leaf" && node.value === null;
}
