// What changed in a view between two positions, by which entries.
import { useState } from 'preact/hooks';
import type { Query, ViewInfo } from './api';
import { AuditTabs } from './audit_parts';
import { useDeskWords } from './desk_parts';
import { Answer, useAnswer } from './loading';
import { go } from './router';
import { useSpeech } from './speech';
import { TablePage } from './views_view';

const kFirst = 'subsidy_trace';

function Question({ views, query }: { views: ViewInfo[]; query: Query }) {
  const speech = useSpeech();
  const { changes: words } = useDeskWords();
  const [view, setView] = useState(query.view || kFirst);
  const [from, setFrom] = useState(query.from ?? '');
  const [to, setTo] = useState(query.to ?? '');
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        go(['changes'], { view, from: from.trim(), to: to.trim() });
      }}
    >
      <div class="field">
        <label for="view">{words.view}</label>
        <select id="view" value={view} onChange={(event) => setView(event.currentTarget.value)}>
          {views.map((one) => (
            <option value={one.name}>{speech.message(one.title)}</option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="from">{words.from}</label>
        <input id="from" required value={from} aria-describedby="from-hint" onInput={(event) => setFrom(event.currentTarget.value)} />
        <p class="hint" id="from-hint">{words.fromHint}</p>
      </div>
      <div class="field">
        <label for="to">{words.to}</label>
        <input id="to" value={to} aria-describedby="to-hint" onInput={(event) => setTo(event.currentTarget.value)} />
        <p class="hint" id="to-hint">{words.toHint}</p>
      </div>
      <p>
        <button type="submit">{words.compare}</button>
      </p>
    </form>
  );
}

export function ChangesView({ query }: { query: Query }) {
  const { changes: words } = useDeskWords();
  const answer = useAnswer<{ views: ViewInfo[] }>('v1/views');
  const { view = kFirst, ...asked } = query;
  return (
    <>
      <h1>{words.title}</h1>
      <AuditTabs here={['changes']} />
      <p class="lead">{words.lead}</p>
      <Answer answer={answer}>{({ views }) => <Question key={JSON.stringify(query)} views={views} query={query} />}</Answer>
      {query.from && <TablePage path={`v1/views/${encodeURIComponent(view)}/diff`} here={['changes']} query={asked} more={{ view }} />}
    </>
  );
}
