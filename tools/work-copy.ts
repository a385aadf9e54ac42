import { execFileSync } from "node:child_process";
import { cpSync, lstatSync, mkdirSync, readdirSync, readlinkSync, realpathSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Copies a checkout into a folder, changes that are not committed included, so that tests run there while its files are
 * broken on purpose. Libraries are linked to, and packages of the workspace are those of the copy.
 */
export function copyCheckout(root: string, copy: string): void {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
  const files = listed
    .toString("utf8")
    .split("\0")
    .filter((file) => file !== "");
  for (const file of files) {
    if (lstatSync(join(root, file), { throwIfNoEntry: false }) === undefined) continue;
    mkdirSync(join(copy, dirname(file)), { recursive: true });
    cpSync(join(root, file), join(copy, file), { verbatimSymlinks: true });
  }
  for (const folder of ["", ...workspacesOf(root)]) linkModules(join(root, folder), join(copy, folder));
}

function workspacesOf(root: string): string[] {
  const own = join(root, "node_modules", "@kubeferry");
  return readdirSync(own).map((name) => realpathSync(join(own, name)).slice(realpathSync(root).length + 1));
}

function linkModules(from: string, to: string): void {
  const modules = join(from, "node_modules");
  if (lstatSync(modules, { throwIfNoEntry: false }) === undefined) return;
  mkdirSync(join(to, "node_modules"), { recursive: true });
  for (const name of readdirSync(modules)) {
    if (name === "@kubeferry") linkOwn(join(modules, name), join(to, "node_modules", name));
    // What was cached of another checkout's files is not taken over.
    else if (!name.startsWith(".vite")) symlinkSync(join(modules, name), join(to, "node_modules", name));
  }
}

/** They are relative links: as they stand they lead to the packages of the copy. */
function linkOwn(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) symlinkSync(readlinkSync(join(from, name)), join(to, name));
}
