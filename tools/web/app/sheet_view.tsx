// Spreadsheet in: a template out, a file in, each row with what it becomes or why not, corrected here, signed, submitted.
import { useMemo, useState } from 'preact/hooks';
import type { Bytes } from '../verify/bytes';
import { Fault, type Message } from '../verify/fault';
import { type Kind, schema } from '../verify/schema';
import { type LedgerName, type Submission, textToSign } from '../verify/submission';
import { visibleText } from '../verify/text';
import type { LedgerAnswer, Query } from './api';
import { kindNamed } from './amend';
import { readCsv } from './csv';
import { useDeskWords } from './desk_parts';
import { DropZone, FilePicker } from './file_picker';
import * as format from './format';
import { Answer, useAnswer } from './loading';
import { namesOf } from './names';
import { go } from './router';
import { save } from './save';
import { type Encoded, type Sheet, type SheetRow, encoded, sheetOf, withCodes } from './sheet';
import { csvForm, workbookForm } from './sheet_form';
import { SignAndSend, ledgerName } from './sign_and_send';
import { useSpeech } from './speech';
import { kMostRows, readWorkbook } from './zip_book';

const kPage = 50;
const kWidest = 24;  // characters of a cell
const kFirstKind = 'RevenueReceived';
const kXlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

function Templates({ kind }: { kind: Kind }) {
  const { language } = useSpeech();
  const { sheet: words } = useDeskWords();
  return (
    <p>
      {words.template}
      <button type="button" class="quiet" onClick={() => save(new Blob([workbookForm(kind, language) as BlobPart], { type: kXlsx }), `${kind.name}.xlsx`)}>
        {words.workbook}
      </button>{' '}
      <button type="button" class="quiet" onClick={() => save(new Blob([csvForm(kind, language) as BlobPart], { type: 'text/csv' }), `${kind.name}.csv`)}>
        {words.csv}
      </button>
    </p>
  );
}

interface Read {
  sheet: Sheet;
  kind: string;
  found: number;  // names of parties that became codes
}

async function partyCodes(): Promise<Map<string, string>> {
  const codes = new Map<string, string>();
  const twice = new Set<string>();
  for (const { id, name } of await namesOf('party').catch(() => [])) {
    if (codes.has(name)) twice.add(name);
    codes.set(name, id);
  }
  for (const name of twice) codes.delete(name);
  return codes;
}

async function readTable(file: File, kind: Kind): Promise<Read> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const isWorkbook = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const { rows, kind: named } = isWorkbook ? readWorkbook(bytes) : { rows: readCsv(bytes), kind: '' };
  const sheet = sheetOf(kindNamed(named) ?? kind, rows);
  return { ...withCodes(sheet, await partyCodes()), kind: kindNamed(named)?.name ?? kind.name };
}

function ChooseTable({ onFile }: { onFile(file: File): void }) {
  const { sheet: words } = useDeskWords();
  const { verify } = useSpeech().words;
  return (
    <DropZone onFiles={([file]) => file && onFile(file)}>
      <label for="table-file">{words.file}</label>
      <p>
        {words.drop} <FilePicker id="table-file" text={verify.choose} hint="table-hint" onFiles={([file]) => file && onFile(file)} />
      </p>
      <p class="hint" id="table-hint">{words.fileHint}</p>
    </DropZone>
  );
}

interface RowProps {
  row: SheetRow;
  sheet: Sheet;
  one: Encoded;
  onChange(row: SheetRow): void;
}

function Becomes({ row, one, sheet }: { row: SheetRow; one: Encoded; sheet: Sheet }) {
  const speech = useSpeech();
  const { sheet: words } = useDeskWords();
  if (row.ignored) return <span class="hint">{words.ignored}</span>;
  if (one.bytes !== null) return <span class="good">{words.good}</span>;
  if ('event' in one.made) return null;
  const { column, what } = one.made;
  const head = column === null ? '' : `${visibleText(sheet.titles[column] ?? '')}：`;
  return <span class="alert">{head}{visibleText(speech.message(what))}</span>;
}

function RowOfCells({ row, sheet, one, onChange }: RowProps) {
  const { sheet: words } = useDeskWords();
  const bad = 'event' in one.made ? null : one.made.column;
  const set = (at: number, text: string) => onChange({
    ...row, texts: row.texts.map((old, i) => (i === at ? text : old)), faults: row.faults.map((old, i) => (i === at ? null : old)),
  });
  return (
    <tr class={row.ignored ? 'ignored' : ''}>
      <td class="number">{row.line}</td>
      <td class="verdict">
        <Becomes row={row} one={one} sheet={sheet} />
      </td>
      {row.texts.map((text, i) => (
        <td class={!row.ignored && bad === i ? 'bad' : ''}>
          <input
            value={text}
            size={Math.min(Math.max(text.length, 8), kWidest)}
            disabled={row.ignored || sheet.heads[i] === null}
            aria-label={words.cell(String(row.line), visibleText(sheet.titles[i] ?? ''))}
            aria-invalid={!row.ignored && bad === i}
            onChange={(event) => set(i, event.currentTarget.value)}
          />
        </td>
      ))}
      <td>
        <button type="button" class="quiet" onClick={() => onChange({ ...row, ignored: !row.ignored })}>{row.ignored ? words.take : words.ignore}</button>
      </td>
    </tr>
  );
}

function Notes({ sheet }: { sheet: Sheet }) {
  const { sheet: words } = useDeskWords();
  const unknown = sheet.titles.filter((title, i) => title !== '' && sheet.heads[i] === null);
  const sealed = sheet.titles.filter((_, i) => sheet.heads[i]?.field.sealed && sheet.rows.some((row) => (row.texts[i] ?? '') !== ''));
  return (
    <>
      {unknown.length > 0 && <p class="withheld">{words.unknown(visibleText(unknown.join('、')))}</p>}
      {sealed.length > 0 && <p class="withheld">{words.sealed(visibleText(sealed.join('、')))}</p>}
    </>
  );
}

interface PreviewProps {
  sheet: Sheet;
  all: Encoded[];
  onChange(sheet: Sheet): void;
  onSign(): void;
}

function Preview({ sheet, all, onChange, onSign }: PreviewProps) {
  const { sheet: words } = useDeskWords();
  const [onlyBad, setOnlyBad] = useState(false);
  const [first, setFirst] = useState(0);
  const good = all.filter(({ bytes }) => bytes !== null).length;
  const ignored = sheet.rows.filter((row) => row.ignored).length;
  const bad = sheet.rows.length - good - ignored;
  const wanted = sheet.rows.map((row, i) => ({ row, i })).filter(({ row, i }) => !onlyBad || (!row.ignored && all[i]?.bytes === null));
  const shown = wanted.slice(first, first + kPage);
  const change = (at: number, row: SheetRow) => onChange({ ...sheet, rows: sheet.rows.map((old, i) => (i === at ? row : old)) });
  return (
    <>
      <p role="status">{words.counts(format.count(good), format.count(bad), format.count(ignored))}</p>
      <Notes sheet={sheet} />
      <p>
        <label>
          <input type="checkbox" checked={onlyBad} onChange={(event) => (setOnlyBad(event.currentTarget.checked), setFirst(0))} /> {words.onlyBad}
        </label>
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label={words.table}>
        <table class="cells">
          <thead>
            <tr>
              <th scope="col" class="number">{words.line}</th>
              <th scope="col">{words.becomes}</th>
              {sheet.titles.map((title) => (
                <th scope="col">{visibleText(title)}</th>
              ))}
              <th scope="col">{words.ignored}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ row, i }) => (
              <RowOfCells key={row.line} row={row} sheet={sheet} one={all[i] as Encoded} onChange={(now) => change(i, now)} />
            ))}
          </tbody>
        </table>
      </div>
      {wanted.length > kPage && (
        <p>
          {words.rows(format.count(first + 1), format.count(Math.min(first + kPage, wanted.length)), format.count(wanted.length))}{' '}
          <button type="button" class="quiet" disabled={first === 0} onClick={() => setFirst(first - kPage)}>{words.previous}</button>{' '}
          <button type="button" class="quiet" disabled={first + kPage >= wanted.length} onClick={() => setFirst(first + kPage)}>{words.next}</button>
        </p>
      )}
      <p>
        <button type="button" disabled={good === 0} onClick={onSign}>{words.sign(format.count(good))}</button>
      </p>
      <p class="hint">{bad > 0 ? words.someBad : words.same}</p>
    </>
  );
}

function Filled({ read, ledger, onChange }: { read: Read; ledger: LedgerName; onChange(sheet: Sheet): void }) {
  const { sheet: words } = useDeskWords();
  const kind = kindNamed(read.kind) as Kind;
  const all = useMemo(() => encoded(kind, read.sheet, ledger.origin), [read]);
  const [submission, setSubmission] = useState<Submission | null>(null);
  if (read.sheet.rows.length === 0) return <p class="problem">{words.notFilled}</p>;
  if (read.sheet.rows.length >= kMostRows) return <p class="problem">{words.tooMany}</p>;
  if (submission !== null) {
    return (
      <>
        <p>
          <button type="button" class="quiet" onClick={() => setSubmission(null)}>{words.back}</button>
        </p>
        <SignAndSend ledger={ledger} submission={submission} onChange={setSubmission} />
      </>
    );
  }
  const sign = () => {
    const events = all.map(({ bytes }) => bytes).filter((bytes): bytes is Bytes => bytes !== null);
    setSubmission({ note: textToSign(ledger, events), events });
  };
  return (
    <>
      {read.found > 0 && <p>{words.found(format.count(read.found))}</p>}
      <Preview sheet={read.sheet} all={all} onChange={onChange} onSign={sign} />
    </>
  );
}

function SheetIn({ ledger, query }: { ledger: LedgerName; query: Query }) {
  const speech = useSpeech();
  const { sheet: words } = useDeskWords();
  const kind = kindNamed(query.kind ?? kFirstKind) ?? (kindNamed(kFirstKind) as Kind);
  const [read, setRead] = useState<Read | null>(null);
  const [round, setRound] = useState(0);
  const [fault, setFault] = useState<Message | null>(null);
  const take = async (file: File) => {
    setFault(null);
    setRead(null);
    try {
      const now = await readTable(file, kind);
      if (now.kind !== kind.name) go(['sheet'], { kind: now.kind });
      setRead(now);
      setRound((n) => n + 1);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      setFault(error.what);
    }
  };
  return (
    <>
      <div class="field">
        <label for="kind">{words.kind}</label>
        <select id="kind" value={kind.name} onChange={(event) => (setRead(null), go(['sheet'], { kind: event.currentTarget.value }))}>
          {schema.kinds.map((one) => (
            <option value={one.name}>{speech.label(one.label)}</option>
          ))}
        </select>
      </div>
      <Templates kind={kind} />
      <ChooseTable onFile={(file) => void take(file)} />
      {fault && <p class="problem" role="alert">{visibleText(speech.message(fault))}</p>}
      {read && <Filled key={round} read={read} ledger={ledger} onChange={(sheet) => setRead({ ...read, sheet })} />}
    </>
  );
}

export function SheetView({ query }: { query: Query }) {
  const { sheet: words } = useDeskWords();
  const answer = useAnswer<LedgerAnswer>('v1/ledger');
  return (
    <>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      <Answer answer={answer}>{(ledger) => <SheetIn ledger={ledgerName(ledger)} query={query} />}</Answer>
    </>
  );
}
