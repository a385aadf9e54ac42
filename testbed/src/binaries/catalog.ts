/** Every program that the testbed can build. */
export type BinaryName =
  | "etcd"
  | "kustomize"
  | "kube-apiserver"
  | "minio"
  | "yaml-oracle"
  | "argo-oracle"
  | "kubectl"
  | "gitea"
  | "versitygw"
  | "kube-controller-manager"
  | "sops"
  | "kubeseal"
  | "helm"
  | "kubeconform";

/** How one program is built, and where else it may come from. */
export interface BinarySpec {
  readonly name: BinaryName;
  /** Folder below `servers/` that holds its go.mod. */
  readonly module: string;
  /** Import path given to `go build`. */
  readonly package: string;
  /** The requirement in go.mod whose version is shown and is part of the cache's key. */
  readonly pinned: string;
  readonly tags: readonly string[];
  readonly cgo: boolean;
  /** Variables set by the linker; "$version" stands for the pinned version, "$number" for it without the v. */
  readonly linkerVariables: Readonly<Record<string, string>>;
  /** Folders of the pinned module that the program reads while it runs; kept beside it as `static/`. */
  readonly staticFolders: readonly string[];
  /** Where a ready-made one may be taken from instead. */
  readonly offeredBy: readonly ("KUBEBUILDER_ASSETS" | "PATH")[];
}

const plain = { tags: [], cgo: false, linkerVariables: {}, staticFolders: [], offeredBy: ["PATH"] } as const;

const kubernetes = {
  ...plain,
  module: "kubernetes",
  pinned: "k8s.io/kubernetes",
  // Without these a build from the module calls itself v0.0.0-master+$Format:%H$.
  linkerVariables: {
    "k8s.io/component-base/version.gitVersion": "$version",
    "k8s.io/component-base/version.gitMajor": "1",
    "k8s.io/component-base/version.gitMinor": "35",
    "k8s.io/component-base/version.gitTreeState": "clean",
  },
} as const;

/** In the order in which they are built: what most tests wait for comes first. */
const catalog: Readonly<Record<BinaryName, BinarySpec>> = {
  etcd: {
    ...plain,
    name: "etcd",
    module: "etcd",
    package: "go.etcd.io/etcd/server/v3",
    pinned: "go.etcd.io/etcd/server/v3",
    offeredBy: ["KUBEBUILDER_ASSETS", "PATH"],
  },
  kustomize: {
    ...plain,
    name: "kustomize",
    module: "kustomize",
    package: "sigs.k8s.io/kustomize/kustomize/v5",
    pinned: "sigs.k8s.io/kustomize/kustomize/v5",
  },
  "kube-apiserver": {
    ...kubernetes,
    name: "kube-apiserver",
    package: "k8s.io/kubernetes/cmd/kube-apiserver",
    offeredBy: ["KUBEBUILDER_ASSETS", "PATH"],
  },
  minio: {
    ...plain,
    name: "minio",
    module: "minio",
    package: "github.com/minio/minio",
    pinned: "github.com/minio/minio",
  },
  "yaml-oracle": {
    ...plain,
    name: "yaml-oracle",
    module: "yaml-oracle",
    package: ".",
    pinned: "sigs.k8s.io/yaml",
    offeredBy: [],
  },
  kubectl: {
    ...kubernetes,
    name: "kubectl",
    package: "k8s.io/kubernetes/cmd/kubectl",
    offeredBy: ["KUBEBUILDER_ASSETS", "PATH"],
  },
  gitea: {
    ...plain,
    name: "gitea",
    module: "gitea",
    package: "code.gitea.io/gitea",
    pinned: "code.gitea.io/gitea",
    tags: ["sqlite", "sqlite_unlock_notify"],
    cgo: true,
    linkerVariables: { "main.Version": "$number" },
    staticFolders: ["options", "public", "templates"],
    // A gitea found elsewhere would need the static files of exactly its own version.
    offeredBy: [],
  },
  versitygw: {
    ...plain,
    name: "versitygw",
    module: "versitygw",
    package: "github.com/versity/versitygw/cmd/versitygw",
    pinned: "github.com/versity/versitygw",
    linkerVariables: { "main.Version": "$version" },
  },
  "kube-controller-manager": {
    ...kubernetes,
    name: "kube-controller-manager",
    package: "k8s.io/kubernetes/cmd/kube-controller-manager",
  },
  sops: {
    ...plain,
    name: "sops",
    module: "sops",
    package: "github.com/getsops/sops/v3/cmd/sops",
    pinned: "github.com/getsops/sops/v3",
  },
  kubeseal: {
    ...plain,
    name: "kubeseal",
    module: "kubeseal",
    package: "github.com/bitnami-labs/sealed-secrets/cmd/kubeseal",
    pinned: "github.com/bitnami-labs/sealed-secrets",
    linkerVariables: { "main.VERSION": "$number" },
  },
  helm: {
    ...plain,
    name: "helm",
    module: "helm",
    package: "helm.sh/helm/v3/cmd/helm",
    pinned: "helm.sh/helm/v3",
    linkerVariables: {
      "helm.sh/helm/v3/internal/version.version": "$version",
      // What `helm template` takes the cluster for; a build from the module says 1.20.
      "helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor": "1",
      "helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor": "35",
      "helm.sh/helm/v3/pkg/lint/rules.k8sVersionMajor": "1",
      "helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor": "35",
    },
  },
  kubeconform: {
    ...plain,
    name: "kubeconform",
    module: "kubeconform",
    package: "github.com/yannh/kubeconform/cmd/kubeconform",
    pinned: "github.com/yannh/kubeconform",
    linkerVariables: { "main.version": "$version" },
  },
  "argo-oracle": {
    ...plain,
    name: "argo-oracle",
    module: "argo-oracle",
    package: ".",
    pinned: "github.com/argoproj/gitops-engine",
    offeredBy: [],
  },
};

/** All names, in the order in which they are built. */
export const binaryNames: readonly BinaryName[] = Object.values(catalog).map((spec) => spec.name);

/** @returns how `name` is built. */
export function binarySpec(name: BinaryName): BinarySpec {
  return catalog[name];
}

/** Narrows a word from a command line. */
export function isBinaryName(word: string): word is BinaryName {
  return Object.hasOwn(catalog, word);
}
