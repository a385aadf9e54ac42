/** True for core Secrets: no digest of them is kept, and they are in the mirror only in mode "plain". */
export function isSecrets(type: { readonly group: string; readonly resource: string }): boolean {
  return type.group === "" && type.resource === "secrets";
}
