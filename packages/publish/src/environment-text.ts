import {
  code,
  count,
  type Environment,
  type FolderEffects,
  type FolderPlan,
  type GitRef,
  type ImageChange,
  type Plan,
  refTitle,
} from "@kubeferry/layout";
import { imageText } from "./image-text.ts";
import { listed } from "./listed.ts";
import { changesIn } from "./object-changes.ts";

/** What the lines about environments are made of. */
interface EnvironmentFacts {
  readonly plan: Plan;
  readonly environments: readonly Pick<Environment, "name" | "source">[];
}

/**
 * Says environment by environment which objects become different once the plan is merged. Nothing where that is the same
 * everywhere and comes from one source: then the counts of objects say it.
 */
export function environmentLines({ plan, environments }: EnvironmentFacts): readonly string[] {
  const planned = plan.folders.filter(({ effects }) => effects.environments.size + effects.dropped.length > 0);
  if (planned.length === 0 || environments.length < 2) return [];
  const groups = Map.groupBy(environments, ({ name }) => effectText(name, planned));
  const dropped = [...new Set(planned.flatMap(({ effects }) => effects.dropped))];
  const isOneSource = new Set(environments.map(({ source }) => source)).size === 1;
  if (isOneSource && groups.size === 1 && dropped.length === 0) return [];
  return [
    ...[...groups].map(([text, alike]) => `- ${namesOf(alike.map(({ name }) => name))}: ${text}`),
    ...dropped.map((name) => `- ${namesOf([name])} is not configured any more: its overlays leave Git`),
  ];
}

function effectText(environment: string, folders: readonly FolderPlan[]): string {
  const effects = folders.flatMap((each) => each.effects.environments.get(environment) ?? []);
  const changes = effects.map(changesIn);
  const parts = [
    partOf(
      "new",
      changes.flatMap(({ added }) => added),
    ),
    partOf(
      "changed",
      changes.flatMap(({ changed }) => changed),
    ),
    partOf(
      "removed",
      changes.flatMap(({ removed }) => removed),
    ),
  ].filter((part) => part !== "");
  if (parts.length === 0) return "no object changes";
  return `${parts.join(", ")}${imagesText(effects.flatMap(({ images }) => images))}`;
}

function partOf(what: string, titles: readonly string[]): string {
  return titles.length === 0 ? "" : `${titles.length.toLocaleString("en-US")} ${what} (${listed(titles.map(code))})`;
}

function imagesText(images: readonly ImageChange[]): string {
  const texts = [...new Set(images.map(imageText))];
  return texts.length === 0 ? "" : `; images: ${listed(texts)}`;
}

/** Says where files that environments share change although some environment goes on to build what it built. */
export function baseLines({ folders }: Plan): readonly string[] {
  return folders.flatMap(({ folder, effects }) => {
    const { base } = effects;
    const parts = [
      movesText(
        base.followed,
        (objects) => `the base follows most environments, or the first of equally many, in ${objects}`,
      ),
      movesText(base.joined, (objects) => `the environments now share ${objects}`),
      movesText(base.left, (objects) => `the environments no longer share ${objects}`),
    ].filter((part) => part !== "");
    if (parts.length === 0) return [];
    return [`- ${code(folder)}: ${parts.join("; ")}. Overlays are rewritten for that: ${keptText(effects)}.`];
  });
}

/** What of it reaches environments that go on to build what they built. */
function keptText({ base: { keeping }, environments }: FolderEffects): string {
  const isUntouched = (name: string) => {
    const { added = [], changed = [], removed = [] } = environments.get(name) ?? {};
    return added.length + changed.length + removed.length === 0;
  };
  const untouched = keeping.filter(isUntouched);
  const others = keeping.filter((name) => !isUntouched(name));
  return [
    ...(untouched.length === 0 ? [] : [`nothing changes in ${namesOf(untouched)}`]),
    ...(others.length === 0 ? [] : [`nothing changes in ${namesOf(others)} but what is listed above`]),
  ].join(", and ");
}

function movesText(moved: readonly GitRef[], said: (objects: string) => string): string {
  if (moved.length === 0) return "";
  return said(`${count(moved.length, "object")} (${listed(moved.map(refTitle).map(code))})`);
}

function namesOf(environments: readonly string[]): string {
  return `**${environments.join(", ")}**`;
}
