// The bank's desk: its loans and what is wrong with them, how they are spread, what falls due, the rights it watches.
import type { Query, Row as TableRow, TableAnswer } from './api';
import { type Tab, Tabs, Whose, sumsOf, useDeskWords, useView } from './desk_parts';
import * as format from './format';
import { Answer } from './loading';
import { AwaitingReader } from './pending_parts';
import { go, link } from './router';
import { Row } from './row';
import { ownOr, useSession } from './session';
import { useSpeech } from './speech';
import { DataTable } from './table';
import { WatchList } from './watch_view';

const kDays = ['30', '90', '180', '365'];
const kSoonDays = 30;

interface PartProps {
  query: Query;
  bank: string;
}

function PortfolioFigures({ rows }: { rows: TableRow[] }) {
  const speech = useSpeech();
  const { bank: words } = useDeskWords();
  const alerts = rows.filter((row) => row.alerts);
  const ltvs = rows.map((row) => row.ltv_pct).filter((value): value is number => typeof value === 'number');
  return (
    <dl class="figures">
      <Row label={words.loans}>{format.count(rows.length)}</Row>
      <Row label={words.outstanding}>{sumsOf(speech, rows, 'outstanding').join('\n') || '—'}</Row>
      <Row label={words.withAlerts}>
        {alerts.length === 0 ? words.none : <strong class="alert">{format.count(alerts.length)}</strong>}
      </Row>
      <Row label={words.highestLtv}>{ltvs.length === 0 ? '—' : `${Math.max(...ltvs).toFixed(2)} %`}</Row>
    </dl>
  );
}

const kAlertColumns = ['loan', 'debtor', 'outstanding', 'currency', 'maturity', 'pledge', 'pledge_state', 'ltv_pct', 'alerts'];
const kLoanColumns = [
  'loan', 'bank', 'debtor', 'product', 'currency', 'granted', 'outstanding', 'rate_pct', 'maturity', 'class', 'pledge', 'value', 'ltv_pct', 'alerts',
];

function LoanTables({ table, query }: { table: TableAnswer; query: Query }) {
  const { bank: words, whole } = useDeskWords();
  const alerts = table.rows.filter((row) => row.alerts);
  if (table.rows.length === 0) return <p>{table.withheld.length === 0 ? words.noLoans : words.noLoansSeen + (table.reader === 'public' ? words.logIn : '')}</p>;
  return (
    <>
      <PortfolioFigures rows={table.rows} />
      {alerts.length > 0 && (
        <section>
          <h2>{words.alerts}</h2>
          <DataTable table={{ ...table, rows: alerts, rows_total: alerts.length }} label={words.alerts} only={kAlertColumns} />
        </section>
      )}
      <section>
        <h2>{words.allLoans}</h2>
        <DataTable table={table} label={words.allLoans} only={kLoanColumns} />
        <p class="no-print">
          <a href={link(['views', 'portfolio'], query)}>{whole(format.count(table.rows_total))}</a>
        </p>
      </section>
    </>
  );
}

function Portfolio({ bank }: PartProps) {
  const { bank: words } = useDeskWords();
  const query = { bank };
  const answer = useView('portfolio', query);
  return (
    <>
      <p class="lead">{words.portfolioLead}</p>
      <Answer answer={answer}>{(table) => <LoanTables table={table} query={query} />}</Answer>
    </>
  );
}

function Concentration({ bank }: PartProps) {
  const { bank: words, whole, nothing } = useDeskWords();
  const answer = useView('portfolio_concentration', { bank });
  return (
    <>
      <p class="lead">{words.concentrationLead}</p>
      <Answer answer={answer}>
        {(table) => (
          <>
            {table.rows.length === 0 ? <p>{nothing}</p> : <DataTable table={table} />}
            <p class="hint">{words.hhi}</p>
            <p class="no-print">
              <a href={link(['views', 'portfolio_concentration'], { bank })}>{whole(format.count(table.rows_total))}</a>
            </p>
          </>
        )}
      </Answer>
    </>
  );
}

const monthOf = (row: TableRow): string => String(row.due_on).slice(0, 7);

// A table a month, in the order of the days.
function Months({ table }: { table: TableAnswer }) {
  const { bank: words } = useDeskWords();
  const months = [...new Set(table.rows.map(monthOf))];
  return (
    <div class="months">
      {months.map((month) => {
        const rows = table.rows.filter((row) => monthOf(row) === month);
        return (
          <section>
            <h2>{words.month(month, format.count(rows.length))}</h2>
            <DataTable
              table={{ ...table, rows, rows_total: rows.length }}
              label={month}
              only={['due_on', 'days', 'what', 'asset', 'title', 'pledge', 'pledgee', 'entry']}
            />
          </section>
        );
      })}
    </div>
  );
}

function Calendar({ query, bank }: PartProps) {
  const { bank: words, whole } = useDeskWords();
  const days = kDays.includes(query.days ?? '') ? (query.days as string) : '90';
  const answer = useView('portfolio_calendar', { bank, days });
  return (
    <>
      <p class="lead">{words.calendarLead}</p>
      <div class="field">
        <label for="days">{words.days}</label>
        <select id="days" value={days} onChange={(event) => go(['bank', 'calendar'], { ...query, days: event.currentTarget.value })}>
          {kDays.map((one) => (
            <option value={one}>{words.inDays(one)}</option>
          ))}
        </select>
      </div>
      <Answer answer={answer}>
        {(table) => {
          const soon = table.rows.filter((row) => Number(row.days) <= kSoonDays).length;
          return (
            <>
              <p>{table.rows.length === 0 ? words.nothingDue : words.due(format.count(table.rows.length), format.count(soon))}</p>
              <p class="hint">{words.countedFrom(table.as_of?.on ?? '')}</p>
              <Months table={table} />
              <p class="no-print">
                <a href={link(['views', 'portfolio_calendar'], { bank, days })}>{whole(format.count(table.rows_total))}</a>
              </p>
            </>
          );
        }}
      </Answer>
    </>
  );
}

export function BankView({ path, query }: { path: string[]; query: Query }) {
  const { bank: words } = useDeskWords();
  const { page } = useSpeech().words;
  const session = useSession();
  const part = path[1] ?? '';
  const tabs: Tab[] = [
    [['bank'], words.portfolio], [['bank', 'concentration'], words.concentration], [['bank', 'calendar'], words.calendar],
    [['bank', 'watch'], words.watch], [['pledge'], page.pledge],
  ];
  const Part = { '': Portfolio, concentration: Concentration, calendar: Calendar }[part];
  return (
    <>
      <h1>{words.title}</h1>
      <Tabs label={words.title} here={path} tabs={tabs} />
      <AwaitingReader />
      {part === 'watch' && <WatchList />}
      {Part && (
        <Answer answer={session}>
          {(who) => {
            const bank = ownOr(query.bank, who);
            return (
              <>
                <Whose here={path} query={query} name="bank" own={bank} party={who.party} />
                <Part query={query} bank={bank} />
              </>
            );
          }}
        </Answer>
      )}
      {part !== 'watch' && !Part && <p>{page.notFound}</p>}
    </>
  );
}
