// A finding whole: what was allowed and what was found, by which document, the entries it rests on side by side, their
// evidence, and what became of it.
import { useEffect, useState } from 'preact/hooks';
import { visibleText } from '../verify/text';
import { sumText } from './amounts';
import { type EntryAnswer, type EventJson, type Query, type Row as TableRow, type TableAnswer, address, get } from './api';
import { AuditTabs } from './audit_parts';
import { cellText, currencyOf } from './cells';
import { useDeskWords, useView } from './desk_parts';
import { Dossier, entitiesOfEvents } from './dossier';
import { EntityEntries } from './entries_view';
import { EntryCard } from './entry_card';
import { EvidenceDrop } from './evidence_drop';
import { EvidenceTable } from './evidence_files';
import { entriesOfFinding, formLink, isNamed, raised } from './finding';
import { Answer, useLoaded } from './loading';
import { link } from './router';
import { Row } from './row';
import { wholeTable } from './rows';
import { useSpeech } from './speech';
import { clocksOf } from './time_machine';

const kMostCards = 12;

function useEvents(indexes: string[]): EventJson[] {
  const [events, setEvents] = useState<EventJson[]>([]);
  useEffect(() => {
    const controller = new AbortController();
    const one = (index: string) => get<EntryAnswer>(`v1/entries/${index}`, {}, controller.signal);
    Promise.all(indexes.slice(0, kMostCards).map(one))
      .then((all) => setEvents(all.map(({ entry }) => entry.event)), () => undefined);
    return () => controller.abort();
  }, [indexes.join()]);
  return events;
}

// Numbers of documents that the events name.
const documentsOf = (events: EventJson[]): string[] =>
  [...new Set(events.flatMap(({ body, refs }) => [body?.docNo, body?.legalBasis, body?.ruleSet, ...(Array.isArray(refs) ? refs : [])])
    .filter((one): one is string => typeof one === 'string' && one !== ''))];

function Comparison({ table, row }: { table: TableAnswer; row: TableRow }) {
  const speech = useSpeech();
  const { finding: words } = useDeskWords();
  const text = (name: string): string => {
    const column = table.columns.find((one) => one.name === name);
    return column ? cellText(speech, column, row[name], row) : '';
  };
  const amount = row.amount_at_risk;
  return (
    <dl class="figures">
      <Row label={words.limit}>{text('limit') || words.noLimit}</Row>
      <Row label={words.found}>
        <span class="alert">{text('found') || words.noLimit}</span>
      </Row>
      <Row label={words.amount}>
        {amount === null || amount === undefined ? '—' : sumText(speech, BigInt(String(amount)), currencyOf(row))}
      </Row>
      <Row label={words.severity}>{text('severity')}</Row>
      <Row label={words.state}>{text('state') || words.notRaised}</Row>
    </dl>
  );
}

function Steps({ row, events, text }: { row: TableRow; events: EventJson[]; text: string }) {
  const { finding: words } = useDeskWords();
  const id = String(row.finding ?? '');
  const open = row.state === 'raised' || row.state === 'answered';
  return (
    <section class="no-print">
      <h2>{words.steps}</h2>
      <p>
        {id === '' && <a class="button" href={formLink('AuditFindingRaised', raised(row, events, text))}>{words.raise}</a>}
        {open && <a class="button" href={formLink('AuditFindingAnswered', { finding: id })}>{words.answer}</a>}{' '}
        {open && <a class="button quiet" href={formLink('AuditFindingClosed', { finding: id, outcome: 'RECTIFIED' })}>{words.close}</a>}
      </p>
      <p class="hint">{id === '' ? words.raiseHint : words.answerHint}</p>
    </section>
  );
}

function EvidenceOf({ entries }: { entries: string[] }) {
  const { finding: words } = useDeskWords();
  const answer = useView('evidence', { list: entries.join(',') });
  return (
    <section>
      <h2>{words.evidence}</h2>
      <Answer answer={answer}>
        {(table) => (
          <>
            {table.rows.length === 0 ? <p>{words.noEvidence}</p> : <EvidenceTable table={table} />}
            <EvidenceDrop known={table.rows} />
          </>
        )}
      </Answer>
    </section>
  );
}

function FindingDetails({ table, row, query }: { table: TableAnswer; row: TableRow; query: Query }) {
  const speech = useSpeech();
  const { finding: words } = useDeskWords();
  const entries = entriesOfFinding(row);
  const events = useEvents(entries);
  const documents = documentsOf(events);
  const text = (name: string): string => {
    const column = table.columns.find((one) => one.name === name);
    return column ? cellText(speech, column, row[name], row) : '';
  };
  const detail = text(`detail_${speech.language}`);
  const award = events.map(({ body }) => body?.award).find((one): one is string => typeof one === 'string');
  return (
    <>
      <h1>{`${String(row.code)} ${text(`title_${speech.language}`)}`}</h1>
      <AuditTabs here={[]} />
      <Comparison table={table} row={row} />
      <dl>
        <Row label={words.subject}>{text('subject')}</Row>
        <Row label={words.detail}>{detail}</Row>
        {documents.length > 0 && <Row label={words.document}>{visibleText(documents.join('\n'))}</Row>}
        {text('due_on') !== '' && <Row label={words.due}>{text('due_on')}</Row>}
        {text('answer') !== '' && <Row label={words.answered}>{text('answer')}</Row>}
        {award && (
          <Row label={words.trace}>
            <a href={link(['views', 'subsidy_trace'], { award, ...clocksOf(query) })}>{visibleText(award)}</a>
          </Row>
        )}
      </dl>
      {entitiesOfEvents(events).map((entity) => (
        <Dossier key={entity} of={entity} clocks={clocksOf(query)} />
      ))}
      <Steps row={row} events={events} text={detail} />
      <section>
        <h2>{words.entries}</h2>
        <div class="beside">
          {entries.slice(0, kMostCards).map((index) => (
            <EntryCard key={index} index={index} />
          ))}
        </div>
        {entries.length > kMostCards && (
          <p>
            {words.moreEntries(kMostCards)}{' '}
            <a href={link(['views', 'entries'], { list: entries.join(',') })}>{words.allEntries(entries.length)}</a>
          </p>
        )}
      </section>
      {entries.length > 0 && <EvidenceOf entries={entries} />}
      {row.finding && (
        <section>
          <h2>{words.course}</h2>
          <EntityEntries entity={`finding:${String(row.finding)}`} />
        </section>
      )}
    </>
  );
}

export function FindingView({ query }: { query: Query }) {
  const { finding: words } = useDeskWords();
  const asked = { code: query.code ?? '', ...clocksOf(query) };
  const answer = useLoaded(address('v1/findings', asked), (signal) => wholeTable('v1/findings', asked, signal));
  return (
    <Answer answer={answer}>
      {(table) => {
        const row = table.rows.find((one) => isNamed(one, query));
        if (row) return <FindingDetails table={table} row={row} query={query} />;
        return (
          <>
            <h1>{words.gone}</h1>
            <AuditTabs here={[]} />
            <p>{words.goneMeans}</p>
          </>
        );
      }}
    </Answer>
  );
}
