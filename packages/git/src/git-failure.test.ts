import { describe, expect, it } from "vitest";
import { failureOf } from "./git-failure.ts";
import { pushFailure } from "./push-answer.ts";

// What git and servers print, as seen with git 2.39 to 2.47 and LC_ALL=C.
describe("git's words", () => {
  it.each([
    ["fatal: could not read Username for 'https://git.example.com': terminal prompts disabled", "denied"],
    ["fatal: Authentication failed for 'https://git.example.com/acme/fleet.git/'", "denied"],
    [
      "remote: Write access to repository not granted.\nfatal: unable to access 'https://github.com/a/b/': The requested URL returned error: 403",
      "denied",
    ],
    ["git@github.com: Permission denied (publickey).\nfatal: Could not read from remote repository.", "denied"],
    ["Host key verification failed.\nfatal: Could not read from remote repository.", "denied"],
    ["remote: Gitea: Unauthorized\nremote: Deploy Key: 1:ci is not authorized to write to acme/fleet.", "denied"],
    ["ERROR: The key you are authenticating with has been marked as read only.\nfatal: Could not read", "denied"],
    ["No user exists for uid 1000680000\nfatal: Could not read from remote repository.", "invalid"],
    ["sh: 1: ssh: not found\nfatal: Could not read from remote repository.", "missing-git"],
    ["fatal: unable to access 'https://x/a.git/': CONNECT tunnel failed, response 407", "denied"],
    ["fatal: unable to access 'https://x/a.git/': Received HTTP code 403 from proxy after CONNECT", "denied"],
    ["fatal: unable to access 'https://x/a.git/': Could not resolve proxy: proxy.invalid", "unavailable"],
    ["fatal: detected dubious ownership in repository at '/srv/fleet.git'", "denied"],
    ["fatal: repository 'https://git.example.com/acme/none.git/' not found", "not-found"],
    ["fatal: '/srv/none.git' does not appear to be a git repository", "not-found"],
    ["fatal: unable to access 'https://x.invalid/a.git/': Could not resolve host: x.invalid", "unavailable"],
    ["fatal: unable to access 'https://x/a.git/': The requested URL returned error: 503", "unavailable"],
    ["fatal: unable to access 'https://x/a.git/': The requested URL returned error: 429", "unavailable"],
    ["error: RPC failed; curl 18 transfer closed\nfatal: early EOF", "unavailable"],
    [
      "ssh: connect to host x port 22: Connection refused\nfatal: Could not read from remote repository.",
      "unavailable",
    ],
    [
      "fatal: unable to access 'https://x/a.git/': server certificate verification failed. CAfile: none CRLfile: none",
      "invalid",
    ],
    ["fatal: unable to access 'https://x/a.git/': SSL certificate problem: self-signed certificate", "invalid"],
    ["fatal: unable to access 'https://x/a.git/': The requested URL returned error: 301", "invalid"],
    ["fatal: unable to access 'https://x/TLS-team/certificate.git/': Could not resolve host: x", "unavailable"],
    ["fatal: repository 'https://x/network/407.git/' not found", "not-found"],
    ["fatal: couldn't find remote ref refs/heads/407", "not-found"],
    ["fatal: something new", "invalid"],
  ])("%j mean %s", (stderr, kind) => {
    expect(failureOf("fetch branch main", { exitCode: 128, stdout: "", stderr }).kind).toBe(kind);
  });

  it("are cut and cleaned before they stand in a message", () => {
    const stderr = `fatal: \u001b[31mbad\u001b[0m\tthing ${"x".repeat(500)}`;
    const { message } = failureOf("fetch", { exitCode: 128, stdout: "", stderr });
    expect(message).toMatch(/^git: fetch: invalid: git ended with exit code 128 \(git: \[31mbad \[0m thing x+…\)$/);
    expect(message.length).toBeLessThan(300);
  });

  it("are not needed to know that git was killed", () => {
    const killed = failureOf("fetch", { exitCode: null, stdout: "", stderr: "" });
    expect([killed.kind, killed.message]).toEqual(["unavailable", "git: fetch: unavailable: git was killed"]);
  });
});

describe("a refused push", () => {
  it.each([
    ["[rejected] (stale info)", "conflict"],
    ["[rejected] (fetch first)", "conflict"],
    ["[remote rejected] (cannot lock ref 'refs/heads/x': is at 1 but expected 2)", "conflict"],
    ["[remote rejected] (incorrect old value provided)", "conflict"],
    ["[remote rejected] (non-fast-forward)", "protected"],
    ["[remote rejected] (protected branch hook declined)", "protected"],
    ["[remote rejected] (pre-receive hook declined)", "protected"],
    ["[remote rejected] (TF402455: Pushes to this branch are not permitted)", "protected"],
    ["[remote rejected] (shallow update not allowed)", "invalid"],
    ["[remote rejected] (branch is currently checked out)", "invalid"],
  ])("with %j is %s", (status, kind) => {
    const stdout = `To https://git.example.com/acme/fleet.git\n!\tabc:refs/heads/x\t${status}\nDone\n`;
    const stderr =
      "remote: error: GH006: Protected branch update failed for refs/heads/x.        \nerror: failed to push some refs";
    const error = pushFailure("push to x", "x", { exitCode: 1, stdout, stderr });
    expect(error.kind).toBe(kind);
    if (kind === "protected")
      expect(error.message).toContain("GH006: Protected branch update failed for refs/heads/x.");
  });

  it.each([
    [
      "GitHub",
      "[remote rejected] (protected branch hook declined)",
      "remote: error: GH006: Protected branch update failed for refs/heads/main.\nremote: error: Changes must be made through a pull request.",
      "GH006: Protected branch update failed for refs/heads/main. error: Changes must be made through a pull request.",
    ],
    [
      "GitHub's rulesets",
      "[remote rejected] (push declined due to repository rule violations)",
      "remote: error: GH013: Repository rule violations found for refs/heads/main.\nremote: - Commits must have verified signatures.",
      "GH013: Repository rule violations found for refs/heads/main. - Commits must have verified signatures.",
    ],
    [
      "GitLab",
      "[remote rejected] (pre-receive hook declined)",
      "remote: GitLab: You are not allowed to push code to protected branches on this project.",
      "You are not allowed to push code to protected branches on this project.",
    ],
    [
      "Azure DevOps",
      "[remote rejected] (TF402455: Pushes to this branch are not permitted; you must use a pull request to update this branch.)",
      "",
      "TF402455: Pushes to this branch are not permitted; you must use a pull request to update this branch.",
    ],
    [
      "Bitbucket Cloud",
      "[remote rejected] (pre-receive hook declined)",
      "remote: Permission denied to update branch main.",
      "Permission denied to update branch main.",
    ],
    [
      "Bitbucket Data Center",
      "[remote rejected] (pre-receive hook declined)",
      "remote: Branch refs/heads/main can only be modified through pull requests.\nremote: Check your branch permissions configuration with the project administrator.",
      "Branch refs/heads/main can only be modified through pull requests.",
    ],
    [
      "Gitea",
      "[remote rejected] (pre-receive hook declined)",
      "remote: \nremote: Gitea: Not allowed to push to protected branch main",
      "Gitea: Not allowed to push to protected branch main",
    ],
  ])("by a rule of %s says the rule in the host's words", (_host, status, said, rule) => {
    const stdout = `To https://git.example.com/acme/fleet.git\n!\tabc:refs/heads/main\t${status}\nDone\n`;
    const stderr = `${said}\nerror: failed to push some refs to 'https://git.example.com/acme/fleet.git'`;
    const error = pushFailure("push to main", "main", { exitCode: 1, stdout, stderr });
    expect(error.kind).toBe("protected");
    expect(error.message).toContain('a rule of the server protects branch "main"');
    expect(error.message).toContain(rule);
  });

  it("without a word about the branch is read like any other failure", () => {
    const stderr = "fatal: unable to access 'https://x/': The requested URL returned error: 403";
    expect(pushFailure("push to x", "x", { exitCode: 128, stdout: "", stderr }).kind).toBe("denied");
  });
});
