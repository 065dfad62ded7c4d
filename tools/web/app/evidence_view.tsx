// Evidence files dropped in are hashed in the browser and held to the ledger.
import { useState } from 'preact/hooks';
import { visibleText } from '../verify/text';
import { type Query, type Row as TableRow, address } from './api';
import { AuditTabs } from './audit_parts';
import { useDeskWords } from './desk_parts';
import { type Held, type Presented, hold, present } from './evidence';
import { DropZone, FilePicker } from './file_picker';
import * as format from './format';
import { Answer, useLoaded } from './loading';
import { go, link } from './router';
import { wholeTable } from './rows';
import { useWords } from './speech';

function Verdict({ held }: { held: Held }) {
  const { evidence: words } = useDeskWords();
  if (held.verdict === 'tooLarge') return <span class="alert">{words.tooLarge}</span>;
  if (held.verdict === 'unknown') return <span class="alert">{words.unknown}</span>;
  return (
    <>
      {held.verdict === 'same' ? <strong class="good">{words.same}</strong> : <strong class="alert">{words.other}</strong>}
      <ul class="items">
        {held.rows.map((row) => (
          <li>
            <a href={link(['entries', String(row.entry_index)])}>{words.entry(String(row.entry_index))}</a>{' '}
            {visibleText(String(row.title ?? ''))}
          </li>
        ))}
      </ul>
    </>
  );
}

function Results({ presented, known }: { presented: Presented[]; known: TableRow[] }) {
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
                <Verdict held={hold(one, known)} />
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

export function EvidenceDrop({ known }: { known: TableRow[] }) {
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
          {verify.drop} <FilePicker id="evidence-files" text={verify.choose} hint="evidence-hint" multiple onFiles={(files) => void take(files)} />
        </p>
        <p class="hint" id="evidence-hint">{words.filesHint}</p>
      </DropZone>
      {working && <p role="status" data-working>{page.working}</p>}
      {presented.length > 0 && <Results presented={presented} known={known} />}
    </>
  );
}

export function EvidenceView({ query }: { query: Query }) {
  const { evidence: words } = useDeskWords();
  const { entries } = useWords();
  const entity = query.entity ?? '';
  const [text, setText] = useState(entity);
  const answer = useLoaded(address('v1/views/evidence', { entity }), (signal) => wholeTable('v1/views/evidence', { entity }, signal));
  return (
    <>
      <h1>{words.title}</h1>
      <AuditTabs here={['evidence']} />
      <p class="lead">{words.lead}</p>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          go(['evidence'], { entity: text.trim() });
        }}
      >
        <div class="field">
          <label for="entity">{words.entity}</label>
          <input id="entity" value={text} aria-describedby="entity-hint" onInput={(event) => setText(event.currentTarget.value)} />
          <p class="hint" id="entity-hint">{words.entityHint}</p>
        </div>
        <p>
          <button type="submit" class="quiet">{entries.filter}</button>
        </p>
      </form>
      <Answer answer={answer}>
        {(table) => (
          <>
            <p role="status">
              {words.known(format.count(table.rows.length))}{' '}
              <a href={link(['views', 'evidence'], { entity })}>{words.list}</a>
            </p>
            <EvidenceDrop known={table.rows} />
          </>
        )}
      </Answer>
    </>
  );
}
