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
const kLookMs = 15_000;
const kAwayMs = 10 * 60_000;

let awaiting: Pending[] | null = null;
let arrived: Pending[] = [];  // while the page lay open
let askedAt = 0;
let activeAt = Date.now();
let round = 0;
const listeners = new Set<() => void>();

const tellAll = (): void => listeners.forEach((tell) => tell());

function take(items: Pending[] | null): void {
  const own = items && items.filter(isForReader);
  const before = awaiting;
  const isNew = (one: Pending): boolean => before !== null && !before.some(({ id }) => id === one.id);
  const isStill = (one: Pending): boolean => own !== null && own.some(({ id }) => id === one.id);
  arrived = [...arrived.filter(isStill), ...(own ?? []).filter(isNew)];
  awaiting = own;
  tellAll();
}

// After a log-in or log-out, and after what the reader did to an item. An answer that was overtaken is dropped; a
// failure leaves what was known: the page of the inbox tells it.
export function askAgain(): void {
  const own = ++round;
  askedAt = Date.now();
  askInbox().then((items) => {
    if (own === round) take(items);
  }, () => undefined);
}

// As the reader moves about: others post and sign meanwhile.
export function askWhenOld(): void {
  if (Date.now() - askedAt >= kFreshMs) askAgain();
}

const kSigns = ['pointerdown', 'keydown', 'wheel', 'scroll'] as const;

// While the page lies open: once a minute, as long as it is seen and its reader was at it in the last ten. Each
// question begins the session's idle time anew, and a page that was left must not keep it alive.
export function keepAsking(): () => void {
  const look = () => {
    if (!document.hidden && awaiting !== null && Date.now() - activeAt < kAwayMs) askWhenOld();
  };
  const stir = () => {
    const wasAway = Date.now() - activeAt >= kAwayMs;
    activeAt = Date.now();
    if (wasAway) look();
  };
  const shown = () => !document.hidden && (stir(), look());
  const timer = setInterval(look, kLookMs);
  for (const sign of kSigns) addEventListener(sign, stir, { capture: true, passive: true });
  document.addEventListener('visibilitychange', shown);
  return () => {
    clearInterval(timer);
    for (const sign of kSigns) removeEventListener(sign, stir, { capture: true });
    document.removeEventListener('visibilitychange', shown);
  };
}

// Once he has looked at them.
export function forgetArrived(): void {
  if (arrived.length === 0) return;
  arrived = [];
  tellAll();
}

function useTold(): void {
  const [, setTold] = useState(0);
  useEffect(() => {
    const tell = () => setTold((n) => n + 1);
    listeners.add(tell);
    return () => void listeners.delete(tell);
  }, []);
}

// Null when nobody is logged in, or before it is known.
export function useAwaiting(): Pending[] | null {
  useTold();
  return awaiting;
}

export function useArrived(): Pending[] {
  useTold();
  return arrived;
}
