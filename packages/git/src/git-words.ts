import type { GitErrorKind } from "./git-error.ts";
import { shownHostKey } from "./ssh/ssh-words.ts";

/** What some words of git, of ssh or of curl mean. */
interface Reading {
  readonly says: RegExp;
  readonly kind: GitErrorKind;
  readonly problem: string | ((stderr: string) => string);
  readonly next?: string;
}

const SSH: readonly Reading[] = [
  {
    says: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    kind: "denied",
    problem: (stderr) =>
      `the host shows another key than the known one${hostKeyIn(stderr)}: it was changed, or somebody stands between`,
    next: "ask the host's people; only when they changed it, replace it in repository.ssh.knownHosts",
  },
  {
    says: /Host key verification failed/,
    kind: "denied",
    problem: (stderr) => `the host's key is not known${hostKeyIn(stderr)}`,
    next: "compare it with what the host publishes, then write it to repository.ssh.knownHosts",
  },
  {
    says: /Permission denied \([\w,-]*publickey[\w,-]*\)/,
    kind: "denied",
    problem: "the host accepts none of the SSH keys that were shown",
    next: "register the public key at the host, with the right to write, or set repository.ssh.keyFile",
  },
  {
    says: /deploy key|key .*(read[- ]only|not allowed to (write|push))/i,
    kind: "denied",
    problem: "this SSH key may only read",
    next: "give the key the right to write",
  },
  {
    says: /No user exists for uid/,
    kind: "invalid",
    problem: "OpenSSH runs only as a user that the machine has a name for",
    next: "use an https address, or an image whose /etc/passwd names this uid",
  },
  {
    says: /\bssh: (command )?not found|cannot run ssh/,
    kind: "missing-git",
    problem: "there is no ssh program on PATH",
    next: "install OpenSSH's client",
  },
];

function hostKeyIn(stderr: string): string {
  const key = shownHostKey(stderr);
  return key === undefined ? "" : ` (${key})`;
}

const PROXY: readonly Reading[] = [
  {
    says: /(returned error:|response|HTTP code) 407\b/,
    kind: "denied",
    problem: "the proxy wants other credentials",
    next: "check user and password in repository.proxy",
  },
  {
    says: /CONNECT tunnel failed|from proxy after CONNECT/,
    kind: "denied",
    problem: "the proxy does not let anybody through to this host",
    next: "allow the repository's host at the proxy, or change repository.proxy",
  },
  {
    says: /resolve proxy/,
    kind: "unavailable",
    problem: "the proxy's name is not known",
    next: "check repository.proxy",
  },
];

/** The first whose words are there counts. git's texts are stable because LC_ALL is "C"; ssh's and curl's have no other. */
export const READINGS: readonly Reading[] = [
  ...SSH,
  ...PROXY,
  {
    says: /returned error: 30\d|unable to update url base from redirection/,
    kind: "invalid",
    problem: "the server sends on to another address, and a token is never sent after a redirect",
    next: "write the new address in repository.url",
  },
  {
    says: /could not read (Username|Password)|Authentication failed|returned error: 401/,
    kind: "denied",
    problem: "the server wants other credentials",
    next: "check repository.token: set, not expired, for this host",
  },
  {
    says: /returned error: 403|Permission denied|Access denied|not authorized/i,
    kind: "denied",
    problem: "these credentials may not do this",
    next: "give the token the right to read and write this repository",
  },
  {
    says: /dubious ownership/,
    kind: "denied",
    problem: "the local repository belongs to another user, and git refuses to read it",
    next: "run as its owner",
  },
  {
    says: /repository .*not found|returned error: 404|does not appear to be a git repository|couldn't find remote ref/i,
    kind: "not-found",
    problem: "there is no such repository, or it is not visible to these credentials",
    next: "check repository.url and the token's rights",
  },
  {
    says: /certificate|SSL|TLS/,
    kind: "invalid",
    problem: "the server's certificate is not trusted",
    next: "set repository.caFile to the PEM file of its certificate authority",
  },
  {
    says: /Could not resolve|Failed to connect|Connection|timed out|early EOF|hung up|returned error: (429|5\d\d)|RPC failed|unable to access|network|unreachable/i,
    kind: "unavailable",
    problem: "the server does not answer, or broke off",
    next: "run again",
  },
];
