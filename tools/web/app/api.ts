// The server's public API, and nothing else of it. Addresses are relative to the page, so that it works behind a prefix.
import type { Message } from '../verify/fault';
import type { Entry as OneEntry, EntryLine as Line, EntryList, EntryWhole, Event, Table } from './api_types';

export type {
  Cluster as ClusterAnswer, Column, Entity as EntityAnswer, EvidenceKept, Inbox, KindSummary as KindInfo, Lacking, Ledger as LedgerAnswer,
  Pending, PendingTaken, PendingWhole, Pledge, PledgeAnswer, Receipt, Session as SessionAnswer, Table as TableAnswer,
  ViewSummary as ViewInfo,
} from './api_types';

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json | undefined };

// What the document leaves to the kinds' own schemas.
export interface EventJson extends Event {
  id?: string;  // it goes with the fields that are withheld
  legalDate: string;
  currency?: string;
  body?: Record<string, Json>;
  [name: string]: Json | undefined;
}

export type EntryLine = Omit<Line, 'event'> & { event: EventJson };
export type EntriesAnswer = Omit<EntryList, 'entries'> & { entries: EntryLine[] };
export type Entry = Omit<EntryWhole, 'event'> & { event: EventJson };
export type EntryAnswer = Omit<OneEntry, 'entry'> & { entry: Entry };
export type Row = Table['rows'][number];

// What the server, or the way to it, had against a request.
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly what: Message,
    readonly requestId: string,
    readonly lacksSignatures = false,  // and nothing else, as far as the server has looked
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
    const { error, message, messageZh, request_id, expected } = (await response.json()) as Record<string, string>;
    // A signature that is bad, or of a key that may not sign, is not one that is lacking: then no signers are expected.
    const lacksSignatures = error === 'NotAuthorized' && (expected ?? '') !== '';
    return new ApiError(response.status, { en: message ?? '', zh: messageZh ?? message ?? '' }, request_id ?? '', lacksSignatures);
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
