// What a verified file shows, in words: the same statements as tools/verifier/proof_text.cpp, in the reader's language.
import type { ComponentChildren } from 'preact';
import { type Shown, decodeEvent, toBase64, toHex, visible } from '../verify/files';
import { Struct, type Value, uuidText } from '../verify/event';
import { type Field, enumOf, schema } from '../verify/schema';
import type { PledgeOfAsset } from '../verify/pledge';
import type { ProvenEntity, ProvenEntry, VerifiedProof } from '../verify/verify';
import { attributeLabel, attributeText } from './attributes';
import * as format from './format';
import { Row } from './row';
import { ShownBundle } from './shown_bundle';
import { type Speech, useSpeech, useWords } from './speech';

function Frame({ title, tone, children }: { title: string; tone?: 'alert'; children: ComponentChildren }) {
  return (
    <>
      <h3 class={tone}>{title}</h3>
      {children}
    </>
  );
}

// --- events

export function fieldText(speech: Speech, field: Field, value: Value, currency: string): string {
  const { words } = speech;
  if (typeof value === 'boolean') return value ? words.event.yes : words.event.no;
  if (typeof value === 'bigint') {
    if (field.format === 'date') return format.civilDate(value);
    if (field.format === 'money') return `${format.money(value, currency)} ${currency}`;
    if (field.format === 'bp') return `${format.minorText(value, 2)} %`;
    if (field.format === 'currency') return currencyCode(value);
    if (field.type === 'enum') {
      const [, zh, en] = enumOf(field).values[Number(value)] ?? ['', String(value), String(value)];
      return speech.label([zh, en]);
    }
    return format.count(value);
  }
  if (field.format === 'uuid') return uuidText(value as string);
  if (field.type === 'data') return toHex(value as string);
  return visible(value as string);
}

const currencyCode = (numeric: bigint): string =>
  schema.currencies.find(([number]) => BigInt(number) === numeric)?.[1] ?? String(numeric);

export const isEmpty = (value: Value): boolean =>
  value === '' || value === 0n || value === false || (Array.isArray(value) && value.length === 0);

function FieldValue({ field, value, currency }: { field: Field; value: Value; currency: string }) {
  const speech = useSpeech();
  if (value instanceof Struct) return <StructTable struct={value} currency={currency} />;
  if (!Array.isArray(value)) return <>{fieldText(speech, field, value, currency)}</>;
  return (
    <ol class="items">
      {value.map((one) => (
        <li>
          <FieldValue field={field} value={one} currency={currency} />
        </li>
      ))}
    </ol>
  );
}

export function StructTable({ struct, currency }: { struct: Struct; currency: string }) {
  const speech = useSpeech();
  const filled = struct.info.fields.map((field) => [field, struct.value(field)] as const).filter(([, value]) => !isEmpty(value));
  return (
    <dl>
      {filled.map(([field, value]) => (
        <Row label={speech.label(field.label)}>
          <FieldValue field={field} value={value} currency={currency} />
        </Row>
      ))}
    </dl>
  );
}

export function headerValue(header: Struct, name: string): Value {
  return header.value(header.info.fields.find((field) => field.name === name) as Field);
}

export const currencyOfEvent = (header: Struct): string => currencyCode(headerValue(header, 'currency') as bigint);

function tryDecode(event: string) {
  try {
    return decodeEvent(event);
  } catch {
    return null;
  }
}

export function EventDetails({ bytes, Heading = 'h4' }: { bytes: string; Heading?: 'h3' | 'h4' }) {
  const speech = useSpeech();
  const event = tryDecode(bytes);
  if (event === null) return <p>{speech.words.event.unknown}</p>;
  const currency = currencyOfEvent(event.header);
  return (
    <>
      <Heading>{speech.label(event.kind.label)}</Heading>
      <StructTable struct={event.body} currency={currency} />
      <StructTable struct={event.header} currency={currency} />
    </>
  );
}

function ShownEvent({ one }: { one: ProvenEntry }) {
  const { event: words } = useWords();
  return (
    <Frame title={words.title(format.count(one.entry.index))}>
      <dl>
        <Row label={words.recorded}>{format.instant(one.entry.recordedAtMs)}</Row>
        {one.signers.map(({ key, party, boundBy }) => (
          <Row label={words.signer}>
            {boundBy === null
              ? words.logKey(visible(key))
              : words.signerWhat(visible(party), visible(key), format.count(boundBy))}
          </Row>
        ))}
        <Row label={words.digest}>
          <code>{toHex(one.entry.eventDigest)}</code>
        </Row>
        {one.event === null && <Row label={words.kind}>{words.withheld}</Row>}
      </dl>
      {one.event !== null && <EventDetails bytes={one.event} />}
    </Frame>
  );
}

// --- records

function RecordTable({ entity }: { entity: ProvenEntity }) {
  const speech: Speech = { ...useSpeech(), unit: 'yuan' };  // as it was verified
  const { entity: words } = speech.words;
  if (entity.record === null) return null;
  const attributes = entity.record.attributes.map(([name, value]): [string, string] => [visible(name), visible(value)]);
  const kind = visible(entity.key).split(':', 1)[0] ?? '';
  const currency = attributes.find(([name]) => name === 'currency')?.[1] ?? 'CNY';
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{words.attribute}</th>
          <th scope="col">{words.value}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{words.entries}</th>
          <td>{format.count(entity.record.trail.count)}</td>
        </tr>
        {attributes.map(([name, value]) => (
          <tr>
            <th scope="row">{attributeLabel(speech, name)}</th>
            <td>{attributeText(speech, kind, name, value, currency)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function HistoryTable({ entries }: { entries: ProvenEntry[] }) {
  const speech = useSpeech();
  const { event: words } = speech.words;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={words.kind}>
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">{words.index}</th>
            <th scope="col">{words.recorded}</th>
            <th scope="col">{words.legalDate}</th>
            <th scope="col">{words.kind}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((one) => {
            const event = tryDecode(one.event as string);
            return (
              <tr>
                <td class="number">{format.count(one.entry.index)}</td>
                <td>{format.instant(one.entry.recordedAtMs)}</td>
                <td>{event ? format.civilDate(headerValue(event.header, 'legalDate') as bigint) : '-'}</td>
                <td>
                  <details>
                    <summary>{event ? speech.label(event.kind.label) : words.unknown}</summary>
                    <EventDetails bytes={one.event as string} />
                  </details>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function ShownEntity({ proof }: { proof: VerifiedProof }) {
  const { entity: words } = useWords();
  const entity = proof.entities[0] as ProvenEntity;
  const key = visible(entity.key);
  if (entity.record === null) {
    return (
      <Frame title={words.absent(key)}>{entity.key.startsWith('ip:') && <p>{words.grantNumber}</p>}</Frame>
    );
  }
  const history = proof.question.kind === 'history';
  return (
    <Frame title={history ? words.history(key, proof.entries.length) : words.recorded(key)}>
      {history && <HistoryTable entries={proof.entries} />}
      <RecordTable entity={entity} />
    </Frame>
  );
}

// --- the bank's answer

function PledgeRow({ pledge, label }: { pledge: PledgeOfAsset; label: string }) {
  const { pledge: words } = useWords();
  const amount = pledge.amountFen === 0n ? '' : `${format.money(pledge.amountFen, pledge.currency)} ${visible(pledge.currency)}`;
  const parts = [
    words.states[pledge.state] ?? pledge.state,
    visible(pledge.pledge),
    visible(pledge.pledgeeName || pledge.pledgee),
    amount,
    pledge.debtTo === 0n ? '' : `${words.debtTo} ${format.civilDate(pledge.debtTo)}`,
  ];
  return <Row label={label}>{parts.filter((part) => part !== '').join('　')}</Row>;
}

// Contracts that are no registered pledge: signed only, or void from the start.
function otherContracts(proof: VerifiedProof): { agreed: string[]; revoked: string[] } {
  const asset = proof.entities.find((one) => one.key === `ip:${proof.pledge?.number}`)?.record;
  if (!asset) return { agreed: [], revoked: [] };
  const registered = ['active', 'released', 'enforced', 'revoked'].flatMap((state) => asset.all(`pledge.${state}`));
  return {
    agreed: asset.all('pledge.any').filter((id) => !registered.includes(id)),
    revoked: asset.all('pledge.revoked'),
  };
}

function ShownPledge({ proof }: { proof: VerifiedProof }) {
  const { pledge: words } = useWords();
  const status = proof.pledge as NonNullable<VerifiedProof['pledge']>;
  const names = new Map(proof.entities.map((one) => [one.key, one.record?.get('name') ?? '']));
  const other = otherContracts(proof);
  // Who was paid from a right did not release it.
  const enforced = status.answer === 'RELEASED' && status.pledges.some(({ state }) => state === 'enforced');
  const answer = enforced ? 'ENFORCED' : status.answer;
  return (
    <Frame title={words.title(visible(status.number))}>
      {status.frozen !== '' && <p class="answer stands">{words.frozenMeans}</p>}
      <p class={`answer ${answer}`}>{words[answer]}</p>
      <dl>
        {status.frozen !== '' && <Row label={words.frozen}>{visible(status.frozen)}</Row>}
        {status.state !== '' && <Row label={words.state}>{words.states[status.state] ?? visible(status.state)}</Row>}
        {status.expires !== 0n && <Row label={words.expires}>{format.civilDate(status.expires)}</Row>}
        {status.owners.map((owner) => (
          <Row label={words.owner}>{`${visible(owner)}　${visible(names.get(`party:${owner}`) ?? '')}`}</Row>
        ))}
        {status.pledges.map((pledge) => (
          <PledgeRow pledge={pledge} label={words.one} />
        ))}
        {other.agreed.map((id) => (
          <Row label={words.agreed}>{visible(id)}</Row>
        ))}
        {other.revoked.map((id) => (
          <Row label={words.revoked}>{visible(id)}</Row>
        ))}
      </dl>
      <p>{words.register}</p>
    </Frame>
  );
}

// --- of which ledger, as of when, what was not checked

function Ledger({ proof }: { proof: VerifiedProof }) {
  const { shows: words } = useWords();
  return (
    <dl class="ledger">
      <Row label={words.of}>{visible(proof.checkpoint.origin)}</Row>
      <Row label={words.asOf}>
        {words.asOfWhat(format.instant(proof.asOfMs), format.count(proof.checkpoint.size))}
      </Row>
      <Row label={words.root}>
        <code>{toBase64(proof.checkpoint.root)}</code>
      </Row>
      <Row label={words.signedBy}>
        <code>{visible(proof.signedBy)}</code>
      </Row>
      {proof.keyChanges.length > 0 && (
        <Row label={words.keyChain}>{words.keyChainWhat(proof.keyChanges.map(format.count).join(', '))}</Row>
      )}
      {proof.cosignatures.map((one) => (
        <Row label={words.witness}>{`${visible(one.witness)}　${format.instant(one.seconds * 1000n)}`}</Row>
      ))}
    </dl>
  );
}

function NotChecked({ proof }: { proof: VerifiedProof }) {
  const { shows: words } = useWords();
  const unseen = proof.cosignatures.length === 0 ? proof.cosignaturesGiven : 0;
  return (
    <>
      <p>{words.commits}</p>
      <h4>{words.notChecked}</h4>
      <ul>
        <li>{words.notRules}</li>
        {proof.cosignatures.length === 0 && <li>{words.notOthers}</li>}
        {unseen > 0 && <li>{words.notWitnesses(unseen)}</li>}
        {proof.timestampsGiven > 0 && <li>{words.notStamps(proof.timestampsGiven)}</li>}
        <li>{words.notClock}</li>
      </ul>
    </>
  );
}

function ShownProof({ proof }: { proof: VerifiedProof }) {
  const { kind } = proof.question;
  return (
    <>
      {kind === 'pledge' && <ShownPledge proof={proof} />}
      {(kind === 'entity' || kind === 'history') && <ShownEntity proof={proof} />}
      {(kind === 'event' || kind === 'entry') && <ShownEvent one={proof.entries[0] as ProvenEntry} />}
      <Ledger proof={proof} />
      <NotChecked proof={proof} />
    </>
  );
}

export function ShownFile({ shown }: { shown: Shown }) {
  const words = useWords();
  if (shown.kind === 'proof') return <ShownProof proof={shown.proof} />;
  if (shown.kind === 'bundle') return <ShownBundle answer={shown.answer} />;
  if (shown.kind === 'fork') {
    const { fork } = shown;
    return (
      <Frame title={words.fork.title} tone="alert">
        <p>{words.fork.means}</p>
        <dl>
          <Row label={words.fork.log}>
            <code>{visible(fork.logKey.vkey)}</code>
          </Row>
          <Row label={words.fork.checkpoints}>
            {words.fork.two(format.count(fork.first.size), format.count(fork.second.size))}
          </Row>
        </dl>
        {!shown.trusted && <p>{words.shows.key}</p>}
      </Frame>
    );
  }
  const { disclosure } = shown;
  return (
    <Frame title={words.disclosure.title}>
      <dl>
        {disclosure.fields.map((field) => (
          <Row label={visible(field.name)}>{visible(field.value)}</Row>
        ))}
        <Row label={words.disclosure.commitment}>
          <code>{toHex(disclosure.commitment)}</code>
        </Row>
        <Row label={words.shows.of}>{visible(disclosure.origin)}</Row>
        {disclosure.entry !== null && <Row label={words.disclosure.entry}>{format.count(disclosure.entry)}</Row>}
      </dl>
      <p>{words.shows.commitmentOnly}</p>
    </Frame>
  );
}
