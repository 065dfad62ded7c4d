// Evidence files dropped in are hashed in the browser and held to the ledger; what it commits to can then be put there.
import { useState } from 'preact/hooks';
import { visibleText } from '../verify/text';
import type { Row as TableRow } from './api';
import { useDeskWords } from './desk_parts';
import { type Held, type Presented, hold, present } from './evidence';
import { type MayPut, Put } from './evidence_put';
import { DropZone, FilePicker } from './file_picker';
import * as format from './format';
import { link } from './router';
import { useWords } from './speech';

function Verdict({ held, file, mayPut }: { held: Held; file: File; mayPut: MayPut }) {
  const { evidence: words } = useDeskWords();
  if (held.verdict === 'tooLarge') return <span class="alert">{words.tooLarge}</span>;
  if (held.verdict === 'unknown') return <span class="alert">{words.unknown}</span>;
  return (
    <>
      <strong class={held.verdict === 'same' ? 'good' : 'alert'}>{words[held.verdict]}</strong>
      <ul class="items">
        {held.rows.map((row) => (
          <li>
            {row.entry_index !== null && (
              <a href={link(['entries', String(row.entry_index)])}>{words.entry(String(row.entry_index))}</a>
            )}{' '}
            {visibleText(String(row.title ?? ''))}
          </li>
        ))}
      </ul>
      {held.verdict === 'same' && <Put file={file} rows={held.rows} mayPut={mayPut} />}
    </>
  );
}

function Results({ presented, known, mayPut }: { presented: Presented[]; known: TableRow[]; mayPut: MayPut }) {
  const { evidence: words } = useDeskWords();
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={words.results}>
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">{words.file}</th>
            <th scope="col">{words.verdict}</th>
            <th scope="col" class="number">{words.bytes}</th>
            <th scope="col">{words.hashes}</th>
          </tr>
        </thead>
        <tbody>
          {presented.map((one) => (
            <tr>
              <td>{visibleText(one.name)}</td>
              <td>
                <Verdict held={hold(one, known)} file={one.file} mayPut={mayPut} />
              </td>
              <td class="number">{format.count(one.size)}</td>
              <td>
                {one.hashes.map((hash) => (
                  <code class="line">{hash}</code>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function EvidenceDrop({ known, mayPut = 'whoSignedIt' }: { known: TableRow[]; mayPut?: MayPut }) {
  const { verify, page } = useWords();
  const { evidence: words } = useDeskWords();
  const [presented, setPresented] = useState<Presented[]>([]);
  const [working, setWorking] = useState(false);
  const take = async (files: File[]) => {
    setWorking(true);
    for (const file of files) {
      const one = await present(file);
      setPresented((all) => [...all, one]);
    }
    setWorking(false);
  };
  return (
    <>
      <DropZone printed={false} onFiles={(files) => void take(files)}>
        <label for="evidence-files">{words.files}</label>
        <p>
          {verify.drop}{' '}
          <FilePicker
            id="evidence-files"
            text={verify.choose}
            hint="evidence-hint"
            multiple
            onFiles={(files) => void take(files)}
          />
        </p>
        <p class="hint" id="evidence-hint">{words.filesHint}</p>
      </DropZone>
      {working && <p role="status" data-working>{page.working}</p>}
      {presented.length > 0 && <Results presented={presented} known={known} mayPut={mayPut} />}
    </>
  );
}
