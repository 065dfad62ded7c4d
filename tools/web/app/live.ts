// New entries as the server pushes them, while somebody looks: one stream, closed when the page is hidden.
import { useEffect, useState } from 'preact/hooks';
import { type EntryLine, type Query, address } from './api';

const kMostKept = 200;

export function useLiveEntries(on: boolean, query: Query): EntryLine[] {
  const [entries, setEntries] = useState<EntryLine[]>([]);
  useEffect(() => {
    setEntries([]);
    if (!on) return undefined;
    let stream: EventSource | null = null, next: number | null = null;
    const take = (event: MessageEvent<string>) => {
      const line = JSON.parse(event.data) as EntryLine;
      next = line.index + 1;
      setEntries((old) => (old.some(({ index }) => index === line.index) ? old : [line, ...old].slice(0, kMostKept)));
    };
    const open = () => {
      if (document.hidden || stream !== null) return;
      stream = new EventSource(address('v1/events', next === null ? query : { ...query, from: String(next) }));
      stream.addEventListener('entry', take as EventListener);
    };
    const close = () => {
      stream?.close();
      stream = null;
    };
    const look = () => (document.hidden ? close() : open());
    open();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      close();
    };
  }, [on, JSON.stringify(query)]);
  return entries;
}
