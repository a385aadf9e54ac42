// "/approve" alone, or with something behind it. "/spec/replicas" and "/data:" are no commands.
const COMMAND = /^([ \t]*)\/(?=[a-z_]+(?:[ \t]|\r?$))/gim;
const DISARMED = /^([ \t]*)\\\/(?=[a-z_]+(?:[ \t]|\r?$))/gim;

/**
 * GitLab obeys lines of a text such as "/approve" or "/merge", in the name of the token, and takes them out of it. A
 * backslash before them makes them plain text; readers do not see it.
 */
export function disarmQuickActions(text: string): string {
  return text.replace(COMMAND, "$1\\/");
}

/** The text as it was before it was disarmed, so that it can be compared. */
export function rearmQuickActions(text: string): string {
  return text.replace(DISARMED, "$1/");
}
