export { type KubeContext, kubeconfigOf } from "./serve/kubeconfig.ts";
export { type ReplayOptions, type ReplayServer, serveSnapshot } from "./serve/replay-server.ts";
