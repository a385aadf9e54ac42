import { expect, it } from "vitest";
import { runWithKubeconfig } from "./run-command.ts";

const node = (script: string): string[] => [process.execPath, "-e", script];

it("gives the command KUBECONFIG and its arguments as they are, and its exit code back", async () => {
  const script = 'process.exit(process.env.KUBECONFIG === "/tmp/k" && process.argv[1] === "$HOME *" ? 7 : 1)';
  expect(await runWithKubeconfig([...node(script), "$HOME *"], "/tmp/k")).toBe(7);
});

it("gives 128 and the number of the signal that ended the command", async () => {
  expect(await runWithKubeconfig(node('process.kill(process.pid, "SIGKILL")'), "/tmp/k")).toBe(137);
});

it("says that there is no such program", async () => {
  await expect(runWithKubeconfig(["no-such-program-here"], "/tmp/k")).rejects.toMatchObject({
    kind: "not-started",
    problem: "there is no such program",
  });
});
