import { Buffer } from "node:buffer";

/** What a credential looks like. Each form names itself, so that ordinary text is not taken for one. */
export type CredentialKind =
  | "private-key"
  | "age-identity"
  | "aws-access-key"
  | "github-token"
  | "gitlab-token"
  | "openshift-token"
  | "slack-token"
  | "vault-token"
  | "json-web-token";

/** Changes with the forms below. Part of what `capture` stands for: what was looked through in another way is written anew. */
export const CREDENTIAL_FORMS = "credentials-1";

interface Form {
  readonly kind: CredentialKind;
  readonly pattern: RegExp;
}

// Without one of these no form below can match: one pass over nearly every object, three times as fast as looking for each.
const MAY_MATCH =
  /PRIVATE KEY|AGE-SECRET-KEY-|gh[pousr]_|github_pat_|gl(?:pat|dt|rt)-|sha256~|xox[abeoprs]-|hv[sb]\.|\.eyJ|AKIA|ASIA/;

// A word begins behind anything that is no letter, and behind "\n" as JSON writes a line feed.
const START = String.raw`(?:(?<![A-Za-z0-9_])|(?<=\\[nrt]))`;

// Every repetition has an upper bound, so that no line takes longer than its length times a constant. A line feed inside
// JSON is "\n", and in JSON within JSON "\\n", with any number of backslashes.
const FORMS: readonly Form[] = [
  {
    kind: "private-key",
    // Documentation shows the heading alone; only with a body behind it is it a key.
    pattern:
      /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\\{1,16}[nr]|\s){0,8}[A-Za-z0-9+/:=, -]{16}/,
  },
  { kind: "age-identity", pattern: /AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{50}/ },
  { kind: "github-token", pattern: word("(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60})") },
  { kind: "gitlab-token", pattern: word("gl(?:pat|dt|rt)-[A-Za-z0-9_-]{20}") },
  { kind: "openshift-token", pattern: word("sha256~[A-Za-z0-9_-]{43}") },
  { kind: "slack-token", pattern: word("xox[abeoprs]-[0-9A-Za-z-]{20}") },
  { kind: "vault-token", pattern: word(String.raw`hv[sb]\.[A-Za-z0-9_-]{24}`) },
  {
    kind: "json-web-token",
    pattern: word(String.raw`eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,8000}\.[A-Za-z0-9_-]{20}`),
  },
];

// An access key's id is no secret by itself: the 40 characters of its other half have to be in the same object.
const AWS_KEY_ID = word("(?:AKIA|ASIA)[0-9A-Z]{16}(?![A-Za-z0-9])");
const AWS_SECRET = word("(?<![/+=])(?![0-9a-f]{40})[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])");

function word(pattern: string): RegExp {
  return new RegExp(`${START}${pattern}`);
}

/**
 * Looks whether an object's JSON holds something in the form of a credential. A hint and no proof: what is encoded (base64)
 * or has no form of its own (a password) is not found.
 * @param line the bytes of a text, or the text itself: the answer is the same
 * @returns the first form that matches; never the value
 */
export function findCredential(line: Buffer | string): CredentialKind | undefined {
  if (typeof line === "string" && !MAY_MATCH.test(line)) return undefined;
  const text = (typeof line === "string" ? Buffer.from(line, "utf8") : line).toString("latin1");
  if (!MAY_MATCH.test(text)) return undefined;
  return FORMS.find(({ pattern }) => pattern.test(text))?.kind ?? (holdsAwsKey(text) ? "aws-access-key" : undefined);
}

function holdsAwsKey(text: string): boolean {
  return AWS_KEY_ID.test(text) && AWS_SECRET.test(text);
}
