// Evidence of all entries, or of those of an entity: the list, and files held to it.
import { useState } from 'preact/hooks';
import { type Query, address } from './api';
import { AuditTabs } from './audit_parts';
import { useDeskWords } from './desk_parts';
import { EvidenceDrop } from './evidence_drop';
import { EvidenceTable } from './evidence_files';
import * as format from './format';
import { Answer, useLoaded } from './loading';
import { go, link } from './router';
import { wholeTable } from './rows';
import { useWords } from './speech';

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
            {table.rows.length > 0 && <EvidenceTable table={table} />}
          </>
        )}
      </Answer>
    </>
  );
}
