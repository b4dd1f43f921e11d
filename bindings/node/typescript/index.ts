/**
 * Microsoft Graph for phone numbers: Teams telephone numbers and Entra phone methods.
 *
 * @packageDocumentation
 */

export type { TokenRequest } from "./token-request.js";
export { Batch, type BatchSummary, type SendOptions } from "./batch.js";
export {
  Apply,
  type ApplyOptions,
  Bulk,
  type Exported,
  Journal,
  type Path,
  Plan,
  type PlanOptions,
  type ReadRowsOptions,
  type ReportOptions,
  Rows,
  type RunOptions,
  type VerifyOptions,
} from "./bulk.js";
export type * from "./bulk-records.js";
export { Call } from "./call.js";
export { Client, type GroupThrottle, type Preview, type RequestOptions } from "./client.js";
export {
  type AccessToken,
  type AnyCredential,
  Credential,
  type DeviceCodePrompt,
  type TokenCredential,
  type TokenFunction,
} from "./credential.js";
export { Emulator, type EmulatorOptions, type LoggedRequest, type TokenWishes } from "./emulator.js";
export {
  AcceptedUntrackedError,
  AuthenticationError,
  BulkError,
  CancelledError,
  ConflictError,
  DeadlineError,
  DecodeError,
  type ErrorKind,
  GraphError,
  type GraphErrorFields,
  InvalidInputError,
  NoConnectionError,
  NotFoundError,
  OperationFailedError,
  PermissionDeniedError,
  RedirectedError,
  RejectedError,
  ServiceError,
  ThrottledError,
  UnexpectedBodyError,
  UnknownOutcomeError,
  UnsupportedByCloudError,
  UntrustedLinkError,
  WrongTenantError,
} from "./errors.js";
export * from "./generated/index.js";
export type { ClientOptions, RetryPolicy } from "./generated/option-records.js";
export { List, type Page } from "./list.js";
export type { Meta, WithMeta } from "./meta.js";
export {
  type AssignOptions,
  type BaseOptions,
  type LocationOptions,
  type MoveOptions,
  type NumberConditions,
  type NumberOutcome,
  NumberQuery,
  Numbers,
  type Order,
  type OrderOutcome,
  type ReadOptions,
  type UnassignOptions,
  type Whereabouts,
} from "./numbers.js";
export type { CallOptions, QueryOptions } from "./options.js";
export { type PhoneChangeOptions, type PhoneOutcome, type PhoneRole, Phones } from "./phones.js";
export type { ChangeOptions, Dialled, Progress } from "./progress.js";
export { type DoneOptions, LongRunning, type Stage, type Verdict } from "./running.js";
