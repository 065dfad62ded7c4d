// An answer of the server on its way: a word while it works, what to do when it fails, a way to stop it.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Fault } from '../verify/fault';
import { ApiError, type Query, get } from './api';
import { useSpeech } from './speech';

export type Loaded<T> = { state: 'working' } | { state: 'done'; value: T } | { state: 'failed'; error: ApiError };

const stopped = () => new ApiError(0, { en: 'Stopped.', zh: '已停止。' }, '');

export interface Answering<T> {
  loaded: Loaded<T>;
  again(): void;
  stop(): void;
}

// Loads anew whenever `key` changes; null stands for nothing to load yet.
export function useLoaded<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>): Answering<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: 'working' });
  const [round, setRound] = useState(0);
  const running = useRef<AbortController | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    running.current = controller;
    setLoaded({ state: 'working' });
    if (key !== null) {
      load(controller.signal)
        .then((value) => !controller.signal.aborted && setLoaded({ state: 'done', value }))
        .catch((error: unknown) => {
          if (!controller.signal.aborted) setLoaded({ state: 'failed', error: asApiError(error) });
        });
    }
    return () => controller.abort();
  }, [key, round]);
  return {
    loaded,
    again: () => setRound((n) => n + 1),
    stop: () => {
      running.current?.abort();
      setLoaded({ state: 'failed', error: stopped() });
    },
  };
}

export function useAnswer<T>(path: string | null, query: Query = {}): Answering<T> {
  const key = path === null ? null : `${path} ${JSON.stringify(query)}`;
  return useLoaded(key, (signal) => get<T>(path as string, query, signal));
}

// A part of the page that comes when it is needed; null until then, and for none.
export function useLater<T>(load: (() => Promise<T>) | null): T | null {
  const [part, setPart] = useState<T | null>(null);
  useEffect(() => {
    load?.().then(setPart, () => undefined);
  }, [load === null]);
  return part;
}

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof Fault) return new ApiError(0, error.what, '');
  const text = String(error);
  return new ApiError(0, { en: text, zh: text }, '');
}

export function Problem({ error, again }: { error: ApiError; again?: () => void }) {
  const { language, words } = useSpeech();
  return (
    <div class="problem" role="alert">
      <p>{language === 'zh' ? error.what.zh : error.what.en}</p>
      {error.status === 401 && <p>{words.page.logInAgain}</p>}
      {error.requestId !== '' && (
        <p class="hint">
          {words.page.requestId} <code>{error.requestId}</code>
        </p>
      )}
      {again && (
        <button type="button" class="quiet" onClick={again}>
          {words.page.again}
        </button>
      )}
    </div>
  );
}

interface AnswerProps<T> {
  answer: Answering<T>;
  children: (value: T) => ComponentChildren;
}

export function Answer<T>({ answer, children }: AnswerProps<T>) {
  const { words } = useSpeech();
  const { loaded } = answer;
  if (loaded.state === 'done') return <>{children(loaded.value)}</>;
  if (loaded.state === 'failed') return <Problem error={loaded.error} again={answer.again} />;
  return (
    <p role="status" class="hint" data-working>
      {words.page.working}{' '}
      <button type="button" class="quiet" onClick={answer.stop}>
        {words.page.stop}
      </button>
    </p>
  );
}
