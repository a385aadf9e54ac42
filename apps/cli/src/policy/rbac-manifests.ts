import type { RbacRule, ReadRights } from "./read-rights.ts";

/** What the objects are called. */
export interface RbacObjects {
  readonly name: string;
  /** Who gets the rights; left out, nobody is bound. */
  readonly account?: { readonly namespace: string; readonly name: string };
}

/** A Role, a ClusterRole or what binds one. */
export interface RbacManifest {
  readonly apiVersion: "rbac.authorization.k8s.io/v1";
  readonly kind: "ClusterRole" | "Role" | "ClusterRoleBinding" | "RoleBinding";
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly RbacRule[];
  readonly roleRef?: object;
  readonly subjects?: readonly object[];
}

/** The rights as objects of the cluster, roles before what binds them. */
export function rbacManifests({ cluster, namespaces }: ReadRights, { name, account }: RbacObjects): RbacManifest[] {
  const roles = [
    object("ClusterRole", { name }, { rules: cluster }),
    ...namespaces.map(({ namespace, rules }) => object("Role", { name, namespace }, { rules })),
  ];
  if (account === undefined) return roles;
  const subjects = [{ kind: "ServiceAccount", ...account }];
  const bindings = roles.map(({ kind, metadata }) => {
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind, name };
    return object(kind === "Role" ? "RoleBinding" : "ClusterRoleBinding", metadata, { roleRef, subjects });
  });
  return [...roles, ...bindings];
}

function object(
  kind: RbacManifest["kind"],
  metadata: RbacManifest["metadata"],
  content: Partial<RbacManifest>,
): RbacManifest {
  return { apiVersion: "rbac.authorization.k8s.io/v1", kind, metadata, ...content };
}
