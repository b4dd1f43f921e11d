/**
 * Microsoft Graph for phone numbers: Teams telephone numbers and Entra phone methods.
 *
 * @packageDocumentation
 */

export type { TokenRequest } from "./token-request.js";
export { Batch, type BatchSummary } from "./batch.js";
export { Apply, Bulk, Journal, Plan, Rows } from "./bulk.js";
export { Call } from "./call.js";
export { NumberList } from "./caller.js";
export { Client, type Preview } from "./client.js";
export type { Page } from "./connection.js";
export {
  type AccessToken,
  type AnyCredential,
  Credential,
  type DeviceCodePrompt,
  type TokenCredential,
  type TokenFunction,
} from "./credential.js";
export { Emulator, type LoggedRequest, type TokenWishes } from "./emulator.js";
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
export type * from "./generated/bulk-records.js";
export type * from "./generated/events.js";
export * from "./generated/index.js";
export { Numbers, Phones, Policies } from "./generated/intents.js";
export type {
  ApplyOptions,
  AssignOptions,
  BaseOptions,
  CallOptions,
  ChangeOptions,
  ClearPolicyOptions,
  ClientOptions,
  Dialled,
  DoneOptions,
  EmulatorOptions,
  ExportOptions,
  LocationOptions,
  MoveOptions,
  NumberConditions,
  PhoneChangeOptions,
  PlanOptions,
  Pool,
  QueryOptions,
  ReadOptions,
  ReadRowsOptions,
  RemovePhoneOptions,
  ReportOptions,
  RequestOptions,
  RetryPolicy,
  SendOptions,
  SetPhoneOptions,
  SetPolicyOptions,
  SmsSignInOptions,
  UnassignOptions,
  VerifyOptions,
  Whereabouts,
} from "./generated/option-records.js";
export type * from "./generated/outcomes.js";
export type { NumberReference, PolicyReference, UserReference } from "./generated/references.js";
export { List } from "./list.js";
export type { Meta, WithMeta } from "./meta.js";
export type { Path, RunOptions } from "./options.js";
export { type With, required } from "./required.js";
export { LongRunning } from "./running.js";
export type { FetchResponse, HttpRequest, HttpResponse, TransportFunction } from "./transport.js";
