// The findings, with filters that stand in the address: those of the server, and state and subject held here.
import { useState } from 'preact/hooks';
import { type Query, type Row, address } from './api';
import { AuditTabs } from './audit_parts';
import { useDeskWords } from './desk_parts';
import { findingLink } from './finding';
import * as format from './format';
import { Answer, useLoaded } from './loading';
import { AwaitingReader } from './pending_parts';
import { go } from './router';
import { wholeTable } from './rows';
import { useSpeech, useWords } from './speech';
import { DataTable } from './table';
import { TimeMachine, clocksOf } from './time_machine';
import { Exports, Standing } from './views_view';

const kColumns = ['code', 'severity', 'title_zh', 'title_en', 'subject', 'amount_at_risk', 'currency', 'limit', 'found', 'state', 'due_on', 'entries'];
const kStates = ['auto', 'raised', 'answered', 'closed', 'transferred', 'withdrawn'] as const;

const asked = (query: Query): Query => ({ severity: query.severity ?? '', code: query.code ?? '', ...clocksOf(query) });

const isWanted = (row: Row, { state = '', subject = '' }: Query): boolean =>
  (state === '' || (row.state ?? 'auto') === state) &&
  (subject === '' || String(row.subject).toLowerCase().includes(subject.toLowerCase()));

function Choice(props: { id: string; label: string; value: string; options: [string, string][]; onChange(value: string): void }) {
  return (
    <div class="field">
      <label for={props.id}>{props.label}</label>
      <select id={props.id} value={props.value} onChange={(event) => props.onChange(event.currentTarget.value)}>
        {props.options.map(([value, text]) => (
          <option value={value}>{text}</option>
        ))}
      </select>
    </div>
  );
}

function Filters({ query }: { query: Query }) {
  const { findings: words, views } = useWords();
  const { audit: own } = useDeskWords();
  const [values, setValues] = useState<Query>(query);
  const set = (name: string) => (value: string) => setValues((all) => ({ ...all, [name]: value }));
  const severities: [string, string][] = [['', words.any], ['H', words.high], ['M', words.middle], ['L', words.low]];
  const states: [string, string][] = [['', words.any], ...kStates.map((state): [string, string] => [state, own.states[state]])];
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        const { severity = '', code = '', state = '', subject = '' } = values;
        go(['findings'], { severity, code: code.trim(), state, subject: subject.trim(), ...clocksOf(query) });
      }}
    >
      <Choice id="severity" label={words.severity} value={values.severity ?? ''} options={severities} onChange={set('severity')} />
      <Choice id="state" label={own.state} value={values.state ?? ''} options={states} onChange={set('state')} />
      <div class="field">
        <label for="code">{words.code}</label>
        <input id="code" value={values.code ?? ''} aria-describedby="code-hint" onInput={(event) => set('code')(event.currentTarget.value)} />
        <p class="hint" id="code-hint">{words.codeHint}</p>
      </div>
      <div class="field">
        <label for="subject">{own.subject}</label>
        <input id="subject" value={values.subject ?? ''} aria-describedby="subject-hint" onInput={(event) => set('subject')(event.currentTarget.value)} />
        <p class="hint" id="subject-hint">{own.subjectHint}</p>
      </div>
      <p>
        <button type="submit">{views.show}</button>
      </p>
    </form>
  );
}

export function FindingsView({ query }: { query: Query }) {
  const { findings: words, time } = useWords();
  const { language } = useSpeech();
  const { audit: own } = useDeskWords();
  const answer = useLoaded(address('v1/findings', asked(query)), (signal) => wholeTable('v1/findings', asked(query), signal));
  return (
    <>
      <h1>{words.title}</h1>
      <AuditTabs here={['findings']} />
      <AwaitingReader />
      <p class="lead">{words.lead}</p>
      <Filters key={JSON.stringify(query)} query={query} />
      <details class="no-print" open={Boolean(query.as_of || query.on)}>
        <summary>{time.title}</summary>
        <TimeMachine query={query} onChange={(clocks) => go(['findings'], { ...query, ...clocks })} />
      </details>
      <Answer answer={answer}>
        {(table) => {
          const rows = table.rows.filter((row) => isWanted(row, query));
          return (
            <>
              <p class="hint" role="status">{own.count(format.count(rows.length), format.count(table.rows_total))}</p>
              <DataTable
                key={language}
                table={{ ...table, rows, rows_total: rows.length, first_row: 1 }}
                only={rows.some((row) => row.currency && row.currency !== 'CNY') ? kColumns : kColumns.filter((name) => name !== 'currency')}
                more={{
                  title: own.details,
                  isFirst: true,
                  cell: (row) => (
                    <a href={findingLink(row, clocksOf(query))} aria-label={own.look(String(row.code), String(row.subject))}>{own.details}</a>
                  ),
                }}
              />
              <Exports path="v1/findings" query={asked(query)} table={table} />
              <Standing table={table} />
            </>
          );
        }}
      </Answer>
    </>
  );
}
