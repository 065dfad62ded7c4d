// The inbox at the server: submissions that wait for signatures. What awaits the reader's own is kept here for the menu
// and the desks, so that they tell the same and ask once.
import { useEffect, useState } from 'preact/hooks';
import { type Bytes, toArray } from '../verify/bytes';
import { type Inbox, type Pending, type PendingTaken, type SessionAnswer, address, get, request } from './api';

// Null when nobody is logged in.
export async function askInbox(signal?: AbortSignal): Promise<Pending[] | null> {
  const session = await get<SessionAnswer>('v1/session', {}, signal);
  return session.key === '' ? null : (await get<Inbox>('v1/pending', {}, signal)).pending;
}

export const isForReader = (item: Pending): boolean => item.state === 'open' && item.yours === 'sign';

// --- what is done to an item

const pathOf = (id: string, what = ''): string => address(`v1/pending/${encodeURIComponent(id)}${what}`);

async function told<T>(path: string, method: string, type = '', body: BodyInit | null = null): Promise<T> {
  const response = await request(path, { method, headers: type === '' ? {} : { 'Content-Type': type }, body });
  askAgain();
  return (await response.json()) as T;
}

export const postSubmission = (file: Bytes) =>
  told<PendingTaken>('v1/pending', 'POST', 'application/octet-stream', toArray(file));

export const addSignature = (id: string, note: Bytes) =>
  told<PendingTaken>(pathOf(id, '/signatures'), 'POST', 'text/plain', toArray(note));

export const decline = (id: string, reason: string) =>
  told<Pending>(pathOf(id, '/decline'), 'POST', 'application/json', JSON.stringify({ reason }));

export const withdraw = (id: string) => told<Pending>(pathOf(id), 'DELETE');

export const filePath = (id: string): string => pathOf(id, '/file');

// --- what awaits the reader

const kFreshMs = 60_000;

let awaiting: Pending[] | null = null;
let askedAt = 0;
let round = 0;
const listeners = new Set<() => void>();

// After a log-in or log-out, and after what the reader did to an item. An answer that was overtaken is dropped; a
// failure leaves what was known: the page of the inbox tells it.
export function askAgain(): void {
  const own = ++round;
  askedAt = Date.now();
  askInbox().then((items) => {
    if (own !== round) return;
    awaiting = items && items.filter(isForReader);
    listeners.forEach((tell) => tell());
  }, () => undefined);
}

// As the reader moves about: others post and sign meanwhile.
export function askWhenOld(): void {
  if (Date.now() - askedAt >= kFreshMs) askAgain();
}

// Null when nobody is logged in, or before it is known.
export function useAwaiting(): Pending[] | null {
  const [, setTold] = useState(0);
  useEffect(() => {
    const tell = () => setTold((n) => n + 1);
    listeners.add(tell);
    return () => void listeners.delete(tell);
  }, []);
  return awaiting;
}
