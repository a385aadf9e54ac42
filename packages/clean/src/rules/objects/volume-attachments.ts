import { type DropRule, types } from "../rule.ts";

/** What volumes are on which node at the moment, and what a node's drivers can do. */
export const volumeAttachments: DropRule = {
  id: "volume-attachments",
  title: "VolumeAttachments and CSINodes",
  of: "VolumeAttachment, CSINode",
  reason: "controllers and kubelets keep there what is attached where at the moment",
  source: "Kubernetes API reference, VolumeAttachment, CSINode",
  keptWhen: "owned",
  appliesTo: types("storage.k8s.io", "VolumeAttachment", "CSINode"),
  matches: () => true,
};
