// A file that an event commits to: got from the server, and hashed here again before it is kept.
import { useEffect, useRef, useState } from 'preact/hooks';
import { useDeskWords } from './desk_parts';
import { getEvidence } from './evidence';
import type { Committed } from './evidence_list';
import { Problem, asApiError } from './loading';
import { save } from './save';
import { useWords } from './speech';

type Getting =
  | { state: 'ready' | 'working' } | { state: 'same' | 'other'; name: string } | { state: 'failed'; error: unknown };

export function GetFile({ file }: { file: Committed }) {
  const { page } = useWords();
  const { evidence: words } = useDeskWords();
  const [got, setGot] = useState<Getting>({ state: 'ready' });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const take = async () => {
    const controller = new AbortController();
    running.current = controller;
    setGot({ state: 'working' });
    try {
      const one = await getEvidence(file, controller.signal);
      if (one.file) save(one.file, one.name);
      setGot({ state: one.file ? 'same' : 'other', name: one.name });
    } catch (error) {
      setGot(controller.signal.aborted ? { state: 'ready' } : { state: 'failed', error });
    }
  };
  if (got.state === 'working') {
    return (
      <span role="status" data-working>
        {page.working} <button type="button" class="quiet" onClick={() => running.current?.abort()}>{page.stop}</button>
      </span>
    );
  }
  return (
    <>
      <button type="button" class="quiet no-print" onClick={() => void take()}>{words.get}</button>
      {got.state === 'same' && <p class="good" role="status">{words.gotSame(got.name)}</p>}
      {got.state === 'other' && <p class="alert" role="alert">{words.gotOther}</p>}
      {got.state === 'failed' && <Problem error={asApiError(got.error)} />}
    </>
  );
}
