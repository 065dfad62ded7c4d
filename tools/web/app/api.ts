// The server's public API, and nothing else of it. Addresses are relative to the page, so that it works behind a prefix.
import type { Message } from '../verify/fault';

export interface Envelope {
  position: number;
  root: string;
  reader: string;
  withheld: string[];
  as_of?: { asked: string; on: string; until?: string };
}

export interface LedgerAnswer extends Envelope {
  origin: string;
  suite: string;
  founding_key: string;
  log_key: string;
  edition: number;
  entries: number;
  newest_recorded_at?: string;
}

export interface EventJson {
  kind: string;
  id: string;
  legalDate: string;
  currency?: string;
  body?: Record<string, Json>;
  withheld?: string[];
  [name: string]: Json | undefined;
}

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json | undefined };

export interface TakenBack {
  by: number;
  replacement?: string;
  replacedBy?: number;
}

export interface EntryLine {
  index: number;
  recordedAt: string;
  takenBack?: TakenBack;
  event: EventJson;
}

export interface Entry extends EntryLine {
  eventDigest: string;
  submissionDigest: string;
  position: number;
  stateRoot?: string;
  signers: Json[];
  entities: string[];
}

export interface EntriesAnswer extends Envelope {
  entries: EntryLine[];
  next: string | null;
}

export interface EntityAnswer extends Envelope {
  record: { entity: string; entries?: number; trail?: string; attributes?: Record<string, string[]> };
}

export interface Pledge {
  pledge: string;
  state: string;
  pledgee: string;
  pledgeeName: string;
  amountFen?: string;
  currency: string;
  debtTo: string;
}

export interface PledgeAnswer extends Envelope {
  asked: string;
  answer: 'ACTIVE' | 'RELEASED' | 'NONE' | 'UNKNOWN' | 'FROZEN';
  pledgeAnswer: 'ACTIVE' | 'RELEASED' | 'NONE' | 'UNKNOWN';
  number: string;
  state: string;
  frozen: string;
  expires: string;
  owners: string[];
  ownerNames: Record<string, string>;
  pledges: Pledge[];
  otherContracts: Pledge[];
  entries: number[];
  answeredAt: string;
  newestRecordedAt: string;
  quietDays?: number;
}

export interface Column {
  name: string;
  type: string;
  label: Message;
  codes?: Record<string, Message>;
}

export interface ViewInfo {
  name: string;
  version: number;
  title: Message;
  reader: string;
  parameters: { name: string; type: string; meaning: string }[];
  columns: Column[];
  charts: string[];
  drill?: boolean;
}

export type Row = Record<string, string | number | boolean | null>;

export interface TableAnswer extends Envelope {
  name: string;
  version: number;
  title: Message;
  policy: string;
  parameters: Record<string, string>;
  columns: Column[];
  rows: Row[];
  first_row: number;
  rows_total: number;
  next: string | null;
}

export interface KindInfo {
  name: string;
  label: Message;
}

// What the server, or the way to it, had against a request.
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly what: Message,
    readonly requestId: string,
  ) {
    super(what.en);
  }
}

export type Query = Record<string, string>;

export function address(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== '');
  const text = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  return text === '' ? path : `${path}?${text}`;
}

async function errorOf(response: Response): Promise<ApiError> {
  try {
    const { message, messageZh, request_id } = (await response.json()) as Record<string, string>;
    return new ApiError(response.status, { en: message ?? '', zh: messageZh ?? message ?? '' }, request_id ?? '');
  } catch {
    const text = `HTTP ${response.status}`;
    return new ApiError(response.status, { en: text, zh: text }, '');
  }
}

export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError(0, { en: 'The server cannot be reached.', zh: '无法连接服务器。' }, '');
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

export async function get<T>(path: string, query: Query, signal?: AbortSignal): Promise<T> {
  const response = await request(address(path, query), signal ? { signal } : {});
  return (await response.json()) as T;
}
