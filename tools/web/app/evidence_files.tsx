// What events commit to, each with its file where somebody has put it; and where files are dropped to be held to it.
import { visibleText } from '../verify/text';
import type { EventJson, Row as TableRow, TableAnswer } from './api';
import { useDeskWords } from './desk_parts';
import { EvidenceDrop } from './evidence_drop';
import { GetFile } from './evidence_get';
import { type Committed, committedIn, committedOf } from './evidence_list';
import type { MayPut } from './evidence_put';
import { useSpeech } from './speech';
import { DataTable } from './table';

// The files of one event, recorded or not.
export function EvidenceFiles({ files, index, mayPut }: { files: Committed[]; index?: number; mayPut: MayPut | null }) {
  const { evidence: words } = useDeskWords();
  if (files.length === 0) return null;
  const known = files.map((one) => ({ ...one, entry_index: index ?? null }));
  return (
    <section>
      <h2>{words.ofEvent}</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label={words.ofEvent}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.file}</th>
              <th scope="col">{words.keptAt}</th>
              <th scope="col">{words.hash}</th>
              <th scope="col">{words.getting}</th>
            </tr>
          </thead>
          <tbody>
            {files.map((file) => (
              <tr key={file.hash}>
                <td>{visibleText(file.title) || '—'}</td>
                <td>{visibleText(file.locator) || '—'}</td>
                <td>
                  <code class="line hash">{file.hash}</code>
                </td>
                <td class="verdict">
                  <GetFile file={file} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {mayPut !== null && (
        <details class="no-print">
          <summary>{words.checkOrPut}</summary>
          <EvidenceDrop known={known} mayPut={mayPut} />
        </details>
      )}
    </section>
  );
}

export function EntryFiles({ event, index }: { event: EventJson; index: number }) {
  const speech = useSpeech();
  return <EvidenceFiles files={committedIn(speech, event)} index={index} mayPut="whoSignedIt" />;
}

// The view of evidence.
export function EvidenceTable({ table }: { table: TableAnswer }) {
  const { evidence: words } = useDeskWords();
  const get = { title: words.getting, cell: (row: TableRow) => <GetFile file={committedOf(row)} /> };
  return <DataTable table={table} only={['entry_index', 'evidence', 'title', 'locator', 'hash']} more={get} />;
}
