// The platform's desk: what it earned, by stream, month and client, and what is due.
import { visibleText } from '../verify/text';
import { amountText, unitOfHead, unitText } from './amounts';
import { type Query, type Row as TableRow, type SessionAnswer, type TableAnswer, address, get } from './api';
import { type Tab, Tabs, sumsOf, useDeskWords } from './desk_parts';
import { Dossier } from './dossier';
import * as format from './format';
import { Answer, useLoaded } from './loading';
import { AwaitingReader } from './pending_parts';
import { PlatformDue } from './platform_due';
import { go, link } from './router';
import { Row } from './row';
import { kMostRows, wholeTable } from './rows';
import { useSession } from './session';
import { useSpeech } from './speech';
import { Charts } from './views_view';

interface Platforms {
  rows: TableRow[];
  own: string;  // the reader's, or ""
}

// A platform belongs to a reader whose party bears the name of its legal entity.
async function platformsOf({ party }: SessionAnswer, signal: AbortSignal): Promise<Platforms> {
  const { rows } = await wholeTable('v1/views/platforms', {}, signal);
  if (party === '') return { rows, own: '' };
  const parties = await get<TableAnswer>('v1/views/parties', { party, limit: '1' }, signal).catch(() => null);
  const name = parties?.rows[0]?.name;
  return { rows, own: String(rows.find((row) => row.legal_entity === name)?.platform ?? '') };
}

const sum = (rows: TableRow[], column: string): bigint => rows.reduce((all, row) => all + BigInt(String(row[column] ?? 0)), 0n);
const distinct = (rows: TableRow[], column: string): string[] => [...new Set(rows.map((row) => String(row[column] ?? '')))];

function Figure({ rows, to, currency }: { rows: TableRow[]; to: string; currency: string }) {
  const speech = useSpeech();
  if (rows.length === 0) return <td class="number" />;
  return (
    <td class="number">
      <a href={to}>{amountText(speech, sum(rows, 'net'), currency)}</a>
    </td>
  );
}

// Net income, months down and streams across; each figure leads to the receipts it is the sum of.
function Months({ table, currency, platform }: { table: TableAnswer; currency: string; platform: string }) {
  const speech = useSpeech();
  const { platform: words } = useDeskWords();
  const rows = table.rows.filter((row) => row.currency === currency);
  const codes = table.columns.find(({ name }) => name === 'stream')?.codes ?? {};
  const streams = Object.keys(codes).filter((code) => rows.some((row) => row.stream === code));
  const net = (some: TableRow[]): string => amountText(speech, sum(some, 'net'), currency);
  const receipts = (more: Query): string => link(['views', 'receipts'], { platform, currency, ...more });
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={words.byMonth}>
      <table>
        <caption>{words.netIn(unitText(speech, currency))}</caption>
        <thead>
          <tr>
            <th scope="col">{words.month}</th>
            {streams.map((stream) => (
              <th scope="col" class="number">{speech.message(codes[stream] ?? { zh: stream, en: stream })}</th>
            ))}
            <th scope="col" class="number">{words.total}</th>
          </tr>
        </thead>
        <tbody>
          {distinct(rows, 'period').sort().map((period) => {
            const month = rows.filter((row) => row.period === period);
            return (
              <tr>
                <td class="short">{period}</td>
                {streams.map((stream) => (
                  <Figure rows={month.filter((row) => row.stream === stream)} currency={currency} to={receipts({ period, stream })} />
                ))}
                <Figure rows={month} currency={currency} to={receipts({ period })} />
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{words.total}</th>
            {streams.map((stream) => (
              <td class="number">{net(rows.filter((row) => row.stream === stream))}</td>
            ))}
            <td class="number">{net(rows)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Clients({ table, platform, year }: { table: TableAnswer; platform: string; year: string }) {
  const speech = useSpeech();
  const { platform: words } = useDeskWords();
  const lines = distinct(table.rows, 'currency').flatMap((currency) => {
    const rows = table.rows.filter((row) => row.currency === currency);
    const all = sum(rows, 'net');
    const clients = distinct(rows, 'payer').map((payer) => {
      const own = rows.filter((row) => String(row.payer ?? '') === payer);
      return { payer, currency, count: own.length, net: sum(own, 'net'), all };
    });
    return clients.sort((a, b) => (a.net < b.net ? 1 : a.net > b.net ? -1 : 0));
  });
  const unnamed = table.withheld.some((name) => name.endsWith('.payer')) ? words.payerWithheld : words.noPayer;
  const unit = unitOfHead(speech, lines.map(({ currency }) => currency));
  const share = (net: bigint, all: bigint): string => (all <= 0n ? '' : `${format.minorText((net * 10_000n) / all, 2)} %`);
  return (
    <section>
      <h2>{words.byClient}</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label={words.byClient}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.client}</th>
              <th scope="col" class="number">{words.receipts}</th>
              <th scope="col" class="number">{words.net + unit}</th>
              <th scope="col">{words.currency}</th>
              <th scope="col" class="number">{words.share}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr>
                <td>{line.payer === '' ? unnamed : visibleText(line.payer)}</td>
                <td class="number">{format.count(line.count)}</td>
                <td class="number">{amountText(speech, line.net, line.currency)}</td>
                <td>{line.currency}</td>
                <td class="number">{share(line.net, line.all)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="no-print">
        <a href={link(['views', 'receipts'], { platform, period: year })}>{words.allReceipts(format.count(table.rows.length))}</a>
      </p>
    </section>
  );
}

function Revenue({ platform, year }: { platform: string; year: string }) {
  const { platform: words, nothing } = useDeskWords();
  const speech = useSpeech();
  const { language } = speech;
  const query = { platform, year, by: 'month' };
  const revenue = useLoaded(address('revenue', query), (signal) => wholeTable('v1/views/revenue', query, signal));
  const asked = { platform, period: year };
  const receipts = useLoaded(address('receipts', asked), (signal) => wholeTable('v1/views/receipts', asked, signal));
  return (
    <>
      <Answer answer={revenue}>
        {(table) => (
          <>
            <dl class="figures">
              <Row label={words.gross}>{sumsOf(speech, table.rows, 'gross').join('\n') || '—'}</Row>
              <Row label={words.refunds}>{sumsOf(speech, table.rows, 'refunds').join('\n') || '—'}</Row>
              <Row label={words.net}>{sumsOf(speech, table.rows, 'net').join('\n') || '—'}</Row>
              <Row label={words.unexplained}>{sumsOf(speech, table.rows, 'unexplained').join('\n') || '—'}</Row>
            </dl>
            <section>
              <h2>{words.byMonth}</h2>
              {table.rows.length === 0 && <p>{nothing}</p>}
              {distinct(table.rows, 'currency').map((currency) => (
                <Months table={table} currency={currency} platform={platform} />
              ))}
              {table.rows.length > 0 && <Charts path="v1/views/revenue" query={query} />}
              <p class="no-print">
                <a class="button quiet" href={address('v1/views/revenue', { ...query, format: 'xlsx', lang: language })} download>
                  {words.monthly}
                </a>{' '}
                <a href={link(['views', 'revenue_year'], { platform, year })}>{words.yearly}</a>
              </p>
              {speech.unit === 'wan' && <p class="hint no-print">{speech.words.amounts.exported}</p>}
            </section>
          </>
        )}
      </Answer>
      <Answer answer={receipts}>{(table) => <>{table.rows.length > 0 && <Clients table={table} platform={platform} year={year} />}</>}</Answer>
    </>
  );
}

const kYears = 6;

function Chosen({ platforms, path, query }: { platforms: Platforms; path: string[]; query: Query }) {
  const { platform: words } = useDeskWords();
  const platform = query.platform ?? (platforms.own || String(platforms.rows[0]?.platform ?? ''));
  const now = new Date().getFullYear();
  const year = /^[0-9]{4}$/.test(query.year ?? '') ? (query.year as string) : String(now);
  const years = [...new Set([year, ...Array.from({ length: kYears }, (_, i) => String(now - i))])].sort().reverse();
  if (platform === '') return <p>{words.noPlatform}</p>;
  const asked = { platform, year };
  return (
    <>
      <div class="filters">
        <div class="field">
          <label for="platform">{words.platform}</label>
          <select id="platform" value={platform} onChange={(event) => go(path, { ...asked, platform: event.currentTarget.value })}>
            {!platforms.rows.some((row) => row.platform === platform) && <option value={platform}>{platform}</option>}
            {platforms.rows.map((row) => (
              <option value={String(row.platform)}>{`${String(row.platform)} ${visibleText(String(row.name))}`}</option>
            ))}
          </select>
        </div>
        {path[1] !== 'due' && (
          <div class="field">
            <label for="year">{words.year}</label>
            <select id="year" value={year} onChange={(event) => go(path, { ...asked, year: event.currentTarget.value })}>
              {years.map((one) => (
                <option value={one}>{one}</option>
              ))}
            </select>
          </div>
        )}
      </div>
      <p class="no-print">
        <a href={link(['views', 'dossier'], { platform })}>{words.dossier}</a>{'　'}
        <a href={link(['entities', `platform:${platform}`])}>{words.record}</a>
      </p>
      <Dossier of={`platform:${platform}`} />
      {path[1] === 'due' && <AwaitingReader />}
      {path[1] === 'due' ? <PlatformDue platform={platform} /> : <Revenue platform={platform} year={year} />}
    </>
  );
}

export function PlatformView({ path, query }: { path: string[]; query: Query }) {
  const { platform: words } = useDeskWords();
  const session = useSession();
  const tabs: Tab[] = [[['platform'], words.revenue], [['platform', 'due'], words.due], [['sheet'], words.sheet], [['record'], words.one]];
  return (
    <>
      <h1>{words.title}</h1>
      <Tabs label={words.title} here={path} tabs={tabs} />
      <Answer answer={session}>{(who) => <ForReader who={who} path={path} query={query} />}</Answer>
    </>
  );
}

function ForReader({ who, path, query }: { who: SessionAnswer; path: string[]; query: Query }) {
  const platforms = useLoaded(`platforms of ${who.party} ${kMostRows}`, (signal) => platformsOf(who, signal));
  return <Answer answer={platforms}>{(value) => <Chosen platforms={value} path={path} query={query} />}</Answer>;
}
