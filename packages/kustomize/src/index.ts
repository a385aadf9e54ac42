export { buildKustomization } from "./build-kustomization.ts";
export { findKustomize, type KustomizeProgram } from "./find-kustomize.ts";
export { KustomizeError } from "./kustomize-error.ts";
