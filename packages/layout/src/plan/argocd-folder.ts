import type { ArgoCdSettings } from "../argocd/application.ts";
import type { Deployment } from "../argocd/check-destinations.ts";
import { applicationName, applicationPath } from "../argocd/names.ts";
import { type DeployedFolder, type EnvironmentWindows, project, rootApplication } from "../argocd/project.ts";
import { ARGOCD_FOLDER, namespaceOf } from "../catalog.ts";
import type { SettingsOf } from "../environments/settings.ts";
import { liesBeside } from "../folders/file-name.ts";
import type { WantedFile } from "../folders/folder-layout.ts";
import type { GitRef } from "../git-ref.ts";
import type { Environment } from "../read/open-sources.ts";
import type { FolderPlan } from "./plan.ts";
import type { Planning } from "./planning.ts";

/**
 * Everything that Applications of ours deploy once the plan is merged: planned folders as they will be, folders that
 * are left alone or no longer in scope as they are.
 */
export function deployedFolders(
  plans: readonly FolderPlan[],
  { environments, settingsOf, tip }: Pick<Planning, "environments" | "settingsOf" | "tip">,
): readonly (DeployedFolder & Deployment)[] {
  const folders = new Map<string, ReadonlyMap<string, FileObject>>();
  for (const [folder, { ownership }] of tip.folders) {
    if (folder !== ARGOCD_FOLDER) folders.set(folder, new Map(Object.entries(ownership?.files ?? {})));
  }
  for (const { folder, wanted } of plans) if (wanted !== undefined) folders.set(folder, wanted);
  return [...folders].flatMap(([folder, files]) => deploymentsOf(folder, files, environments, settingsOf));
}

interface FileObject {
  readonly object?: GitRef;
}

function deploymentsOf(
  folder: string,
  files: ReadonlyMap<string, FileObject>,
  environments: readonly Environment[],
  settingsOf: SettingsOf,
): (DeployedFolder & Deployment)[] {
  const kinds = kindsOf(files);
  return environments.flatMap(({ name: environment }) => {
    const { places, namespace } = settingsOf(namespaceOf(folder), environment);
    const written = places.filter(({ name }) => files.has(applicationPath(environment, name)));
    return written.map(({ name: place, destination }) => ({
      folder,
      environment,
      place,
      destination,
      namespace,
      kinds,
    }));
  });
}

/** Each once: every environment has them, and a folder may have thousands of objects. */
function kindsOf(files: ReadonlyMap<string, FileObject>): DeployedFolder["kinds"] {
  const kinds = new Map<string, DeployedFolder["kinds"][number]>();
  for (const { object } of files.values()) {
    if (object === undefined || liesBeside(object)) continue;
    const { group, kind } = object;
    const namespaced = object.namespace !== undefined;
    kinds.set(`${group}/${kind} ${namespaced}`, { group, kind, namespaced });
  }
  return [...kinds.values()];
}

/** The files of `argocd/`: none while no environment is deployed. */
export function argocdFiles(
  deployed: readonly (DeployedFolder & Deployment)[],
  { environments, settingsOf, shape }: Pick<Planning, "environments" | "settingsOf" | "shape">,
  settings: ArgoCdSettings,
): ReadonlyMap<string, WantedFile> {
  if (deployed.length === 0) return new Map();
  const files = new Map<string, WantedFile>();
  const windows: EnvironmentWindows[] = [];
  for (const { name } of environments) {
    const { autoSync, syncWindows } = settingsOf(undefined, name);
    const own = deployed.filter(({ environment }) => environment === name);
    if (own.length === 0) continue;
    const applications = own.map(({ folder, place }) => applicationName(folder, name, place));
    windows.push({ applications, windows: syncWindows });
    files.set(`root-${name}.yaml`, { content: rootApplication(name, autoSync, shape.rootSource(name), settings) });
  }
  return files.set("project.yaml", { content: project(deployed, windows, settings) });
}
