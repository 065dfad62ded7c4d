// Entries in order, one entry, one entity.
import { useState } from 'preact/hooks';
import type { Message } from '../verify/fault';
import { visibleText } from '../verify/text';
import { type EntityAnswer, type EntriesAnswer, type Entry, type EntryLine, type EntryAnswer, type EventJson, type KindInfo, type Query } from './api';
import { Dossier } from './dossier';
import { attributeLabel, attributeText } from './attributes';
import { signerText } from './entry_card';
import { useDrawn } from './drawing';
import { entityTitle } from './entity_title';
import { EventTable, lineOf, useSchemas } from './event_table';
import * as format from './format';
import { useLiveEntries } from './live';
import { Answer, useAnswer, useLater } from './loading';
import { ProofButton } from './proof_button';
import { go, link } from './router';
import { Row } from './row';
import { useSpeech, useWords } from './speech';

type KindLabels = Record<string, Message>;

const namesFiles = ({ evidence, body }: EventJson): boolean =>
  (Array.isArray(evidence) && evidence.length > 0) || Object.keys(body ?? {}).some((name) => name.endsWith('Hash'));

function TakenBackBy({ takenBack: { by, replacedBy } }: { takenBack: NonNullable<EntryLine['takenBack']> }) {
  const { entries: words } = useWords();
  return (
    <span class="alert">
      {'　'}{words.takenBack} <a href={link(['entries', String(replacedBy ?? by)])}>{format.count(replacedBy ?? by)}</a>
    </span>
  );
}

export function EntriesTable({ entries, kinds, label }: { entries: EntryLine[]; kinds: KindLabels; label?: string }) {
  const speech = useSpeech();
  const { entries: words } = speech.words;
  const drawn = useDrawn(entries.length, [entries]);
  const schemas = useSchemas(entries.map(({ event }) => event.kind));
  if (entries.length === 0) return <p>{words.none}</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label ?? words.title}>
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">{words.index}</th>
            <th scope="col">{words.recorded}</th>
            <th scope="col">{words.legalDate}</th>
            <th scope="col">{words.event}</th>
            <th scope="col">{words.about}</th>
          </tr>
        </thead>
        <tbody data-working={drawn < entries.length || undefined}>
          {entries.slice(0, drawn).map(({ index, recordedAt, event, takenBack }) => {
            const label = kinds[event.kind];
            return (
              <tr key={index}>
                <td class="number">
                  <a href={link(['entries', String(index)])}>{format.count(index)}</a>
                </td>
                <td class="short">{format.moment(recordedAt)}</td>
                <td class="short">{event.legalDate}</td>
                <td>
                  {label ? speech.message(label) : event.kind}
                  {takenBack && <TakenBackBy takenBack={takenBack} />}
                </td>
                <td class="title">{lineOf(speech, event, schemas.get(event.kind))}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

export function useKindLabels(): KindLabels {
  const { loaded } = useAnswer<{ kinds: KindInfo[] }>('v1/kinds');
  if (loaded.state !== 'done') return {};
  return Object.fromEntries(loaded.value.kinds.map(({ name, label }) => [name, label]));
}

function EntriesFilter({ query, kinds }: { query: Query; kinds: KindLabels }) {
  const speech = useSpeech();
  const { entries: words } = speech.words;
  const [kind, setKind] = useState(query.kind ?? '');
  const [entity, setEntity] = useState(query.entity ?? '');
  const names = Object.keys(kinds);
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        go(['entries'], { kind, entity: entity.trim() });
      }}
    >
      <div class="field">
        <label for="kind">{words.kind}</label>
        <select id="kind" value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
          <option value="">{words.anyKind}</option>
          {kind !== '' && !names.includes(kind) && <option value={kind}>{kind}</option>}
          {names.map((name) => (
            <option value={name}>{speech.message(kinds[name] as Message)}</option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="entity">{words.entity}</label>
        <input id="entity" value={entity} aria-describedby="entity-hint" onInput={(event) => setEntity(event.currentTarget.value)} />
        <p class="hint" id="entity-hint">{words.entityHint}</p>
      </div>
      <p>
        <button type="submit">{words.filter}</button>
      </p>
    </form>
  );
}

export function Entries({ query }: { query: Query }) {
  const { entries: words } = useWords();
  const kinds = useKindLabels();
  const answer = useAnswer<EntriesAnswer>('v1/entries', { ...query, limit: '200' });
  const [live, setLive] = useState(false);
  const news = useLiveEntries(live, { kind: query.kind ?? '', entity: query.entity ?? '' });
  return (
    <>
      <h1>{words.title}</h1>
      <EntriesFilter key={`${query.kind} ${query.entity}`} query={query} kinds={kinds} />
      <p class="no-print">
        <label>
          <input id="live" type="checkbox" checked={live} onChange={(event) => setLive(event.currentTarget.checked)} /> {words.live}
        </label>
      </p>
      {live && (
        <section aria-live="polite">
          <h2>{words.liveTitle}</h2>
          {news.length === 0 ? <p>{words.waiting}</p> : <EntriesTable entries={news} kinds={kinds} label={words.liveTitle} />}
        </section>
      )}
      <Answer answer={answer}>
        {({ entries, next }) => (
          <>
            <EntriesTable entries={entries} kinds={kinds} />
            <p class="no-print">
              {query.cursor && <a class="button quiet" href={link(['entries'], { ...query, cursor: '' })}>{words.first}</a>}{' '}
              {next && <a class="button quiet" href={link(['entries'], { ...query, cursor: next })}>{words.next}</a>}
            </p>
          </>
        )}
      </Answer>
    </>
  );
}

// Files come with what hashes them, for the entries that commit to some.
function Files({ entry: { event, index } }: { entry: Entry }) {
  const module = useLater(namesFiles(event) ? () => import('./evidence_files') : null);
  return module && <module.EntryFiles event={event} index={index} />;
}

function EntryDetails({ entry }: { entry: Entry }) {
  const all = useWords();
  const { entries: words, event } = all;
  return (
    <>
      <h1>{words.one(format.count(entry.index))}</h1>
      {entry.takenBack && (
        <p class="withheld">
          <TakenBackBy takenBack={entry.takenBack} />
        </p>
      )}
      <EventTable event={entry.event} />
      <Files entry={entry} />
      <h2>{words.signers}</h2>
      <dl>
        {entry.signers.map((signer) => (
          <Row label={event.signer}>
            <code>{visibleText(signerText(signer))}</code>
          </Row>
        ))}
        <Row label={words.recorded}>{format.moment(entry.recordedAt)}</Row>
        <Row label={words.entities}>
          <ul class="items">
            {entry.entities.map((key) => (
              <li>
                <a href={link(['entities', key])}>{entityTitle(all, key)}</a>
              </li>
            ))}
          </ul>
        </Row>
        <Row label={words.digest}>
          <code>{entry.eventDigest}</code>
        </Row>
        <Row label={words.submission}>
          <code>{entry.submissionDigest}</code>
        </Row>
        {entry.stateRoot && (
          <Row label={words.stateRoot}>
            <code>{entry.stateRoot}</code>
          </Row>
        )}
      </dl>
      <div class="no-print">
        <ProofButton what="event" id={String(entry.index)} text={words.prove} />{' '}
        <ProofButton what="entry" id={String(entry.index)} text={words.proveWithheld} />{' '}
        {!entry.takenBack && <a class="button quiet" href={link(['record'], { correct: String(entry.index) })}>{words.correct}</a>}{' '}
        {!entry.takenBack && <a class="button quiet" href={link(['record'], { reverse: String(entry.index) })}>{words.reverse}</a>}
      </div>
    </>
  );
}

export function EntryView({ index }: { index: string }) {
  const answer = useAnswer<EntryAnswer>(`v1/entries/${encodeURIComponent(index)}`);
  return <Answer answer={answer}>{({ entry }) => <EntryDetails entry={entry} />}</Answer>;
}

function EntityDetails({ answer }: { answer: EntityAnswer }) {
  const speech = useSpeech();
  const { entries: words, entity: labels } = speech.words;
  const { entity, attributes, entries } = answer.record;
  const kind = entity.split(':', 1)[0] ?? '', currency = attributes?.currency?.[0] ?? 'CNY';
  return (
    <>
      <h1>{entityTitle(speech.words, entity)}</h1>
      {answer.withheld.length > 0 && <p class="withheld">{words.entityWithheld}</p>}
      <dl>
        {entries !== undefined && <Row label={labels.entries}>{format.count(entries)}</Row>}
        {Object.entries(attributes ?? {}).flatMap(([name, values]) =>
          values.map((value) => <Row label={attributeLabel(speech, name)}>{attributeText(speech, kind, name, value, currency)}</Row>))}
      </dl>
      <div class="no-print">
        <ProofButton what="entity" id={entity} text={words.prove} />{' '}
        <ProofButton what="history" id={entity} text={words.historyProof} />
      </div>
      <Dossier of={entity} />
      <h2>{words.itsEntries}</h2>
      <EntityEntries entity={entity} />
    </>
  );
}

export function EntityEntries({ entity }: { entity: string }) {
  const { entries: words } = useWords();
  const kinds = useKindLabels();
  const answer = useAnswer<EntriesAnswer>('v1/entries', { entity, limit: '200' });
  return (
    <Answer answer={answer}>
      {({ entries, next }) => (
        <>
          <EntriesTable entries={entries} kinds={kinds} />
          {next && (
            <p>
              <a class="button quiet" href={link(['entries'], { entity, cursor: next })}>{words.next}</a>
            </p>
          )}
        </>
      )}
    </Answer>
  );
}

export function EntityView({ id }: { id: string }) {
  const answer = useAnswer<EntityAnswer>(`v1/entities/${encodeURIComponent(id)}`);
  return <Answer answer={answer}>{(value) => <EntityDetails answer={value} />}</Answer>;
}
