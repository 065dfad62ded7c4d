// A file put at the server, by who signs an event that commits to it.
import { useEffect, useState } from 'preact/hooks';
import type { Row as TableRow } from './api';
import { useDeskWords } from './desk_parts';
import { kMostKeptBytes, putEvidence } from './evidence';
import { Problem, asApiError } from './loading';
import { useSession } from './session';
import { hasSigned } from './signed_by';
import { useWords } from './speech';

export type MayPut = 'signer' | 'whoSignedIt';  // the reader does; or he does who signed the entry, which is looked up

type Putting = { state: 'ready' | 'working' | 'kept' | 'already' } | { state: 'failed'; error: unknown };

function PutFile({ file, hash }: { file: File; hash: string }) {
  const { page } = useWords();
  const { evidence: words } = useDeskWords();
  const [put, setPut] = useState<Putting>({ state: 'ready' });
  const send = async () => {
    setPut({ state: 'working' });
    try {
      setPut({ state: (await putEvidence(hash, file)).already ? 'already' : 'kept' });
    } catch (error) {
      setPut({ state: 'failed', error });
    }
  };
  if (file.size > kMostKeptBytes) return <p class="hint">{words.tooLargeToKeep}</p>;
  if (put.state === 'kept' || put.state === 'already') return <p class="good" role="status">{words[put.state]}</p>;
  return (
    <>
      <button type="button" class="no-print" disabled={put.state === 'working'} onClick={() => void send()}>
        {put.state === 'working' ? page.working : words.put}
      </button>
      {put.state === 'failed' && <Problem error={asApiError(put.error)} />}
    </>
  );
}

// Whether the reader's party signed one of the entries.
function useHasSigned(indexes: string[]): boolean {
  const { loaded } = useSession();
  const [signed, setSigned] = useState(false);
  const session = loaded.state === 'done' ? loaded.value : null;
  useEffect(() => {
    const controller = new AbortController();
    if (session !== null && session.key !== '') {
      hasSigned(session, indexes, controller.signal).then(setSigned, () => undefined);
    }
    return () => controller.abort();
  }, [session?.key, indexes.join()]);
  return signed;
}

function PutAsSigner({ file, hash, indexes }: { file: File; hash: string; indexes: string[] }) {
  return useHasSigned(indexes) ? <PutFile file={file} hash={hash} /> : null;
}

// A file that is what these rows commit to, for who may put it.
export function Put({ file, rows, mayPut }: { file: File; rows: TableRow[]; mayPut: MayPut }) {
  const hash = String(rows[0]?.hash ?? '').toLowerCase();
  if (mayPut === 'signer') return <PutFile file={file} hash={hash} />;
  return <PutAsSigner file={file} hash={hash} indexes={rows.map((row) => String(row.entry_index))} />;
}
