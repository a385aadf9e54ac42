export { AnnounceError, type AnnounceErrorKind } from "./announce-error.ts";
export {
  BACKUP_COMPLETED,
  type BackupCompleted,
  type BackupCompletedEvent,
  completedEvent,
  eventJsonSchema,
} from "./backup-completed.ts";
export { type CallEvent, readEvent } from "./read-event.ts";
export { RECEIVER_CHECK, receiverCheckEvent } from "./receiver-check.ts";
export { type CallSender, createCallSender, type SenderOptions } from "./send-call.ts";
export { type SignedCall, signCall } from "./sign.ts";
export { type CallHeaders, checkCall, type ReceivedCall } from "./verify.ts";
