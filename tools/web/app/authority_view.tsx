// The authority's desk: platforms by tier, city and sector; policy targets; what an authority records.
import { visibleText } from '../verify/text';
import type { Query, Row as TableRow, TableAnswer } from './api';
import { kindNamed } from './amend';
import { type Tab, Tabs, useDeskWords, useView } from './desk_parts';
import { divisionLabel } from './divisions';
import * as format from './format';
import { Answer } from './loading';
import { AwaitingReader } from './pending_parts';
import { go, link } from './router';
import { signersText } from './signers';
import { useSpeech } from './speech';
import { DataTable } from './table';
import { Charts } from './views_view';

const platformsIn = (row: TableRow | undefined): string[] =>
  String(row?.detail ?? '').split(/,\s*/).map((one) => one.split(' ')[0] ?? '').filter((one) => one !== '');

const ofSection = ({ rows }: TableAnswer, section: string): TableRow[] => rows.filter((row) => row.section === section);

function Filter(props: { id: string; label: string; all: string; value: string; options: [string, string][]; onChange(value: string): void }) {
  return (
    <div class="field">
      <label for={props.id}>{props.label}</label>
      <select id={props.id} value={props.value} onChange={(event) => props.onChange(event.currentTarget.value)}>
        <option value="">{props.all}</option>
        {props.options.map(([value, text]) => (
          <option value={value}>{text}</option>
        ))}
      </select>
    </div>
  );
}

const kPlatformColumns = [
  'platform', 'name', 'legal_entity', 'construction_type', 'level', 'recognised_on', 'due', 'last_grade', 'projects', 'runs', 'awards', 'awarded', 'net',
];

function PlatformList({ platforms, board, query }: { platforms: TableAnswer; board: TableAnswer; query: Query }) {
  const speech = useSpeech();
  const { authority: words, whole } = useDeskWords();
  const { tier = '', city = '', sector = '' } = query;
  const codes = (name: string) => platforms.columns.find((one) => one.name === name)?.codes ?? {};
  const items = board.columns.find((one) => one.name === 'item')?.codes ?? {};
  const text = (code: string, labels: typeof items) => (labels[code] ? speech.message(labels[code]) : code);
  const unique = (values: string[]) => [...new Set(values)].sort();
  const cities = ofSection(board, 'city'), sectors = ofSection(board, 'sector').filter((row) => row.item !== 'covered');
  const inCity = new Set(cities.filter((row) => row.jurisdiction === city).flatMap(platformsIn));
  const inSector = new Set(sectors.filter((row) => row.item === sector).flatMap(platformsIn));
  const rows = platforms.rows.filter((row) =>
    (tier === '' || row.level === tier) && (city === '' || inCity.has(String(row.platform))) &&
    (sector === '' || inSector.has(String(row.platform))));
  const choose = (name: string) => (value: string) => go(['authority'], { ...query, [name]: value });
  const tiers = unique(platforms.rows.map((row) => String(row.level ?? ''))).filter((one) => one !== '');
  return (
    <>
      <div class="filters">
        <Filter id="tier" label={words.tier} all={words.all} value={tier} onChange={choose('tier')}
          options={tiers.map((one) => [one, text(one, codes('level'))])} />
        <Filter id="city" label={words.city} all={words.all} value={city} onChange={choose('city')}
          options={unique(cities.map((row) => String(row.jurisdiction))).map((one) => [one, speech.label(divisionLabel(one))])} />
        <Filter id="sector" label={words.sector} all={words.all} value={sector} onChange={choose('sector')}
          options={unique(sectors.map((row) => String(row.item))).map((one) => [one, text(one, items)])} />
      </div>
      <p role="status" class="hint">{words.count(format.count(rows.length), format.count(platforms.rows.length))}</p>
      <DataTable table={{ ...platforms, rows, rows_total: rows.length, first_row: 1 }} only={kPlatformColumns} />
      <p class="no-print">
        <a href={link(['views', 'platforms'])}>{whole(format.count(platforms.rows_total))}</a>{'　'}
        <a href={link(['views', 'funnel'])}>{words.funnel}</a>
      </p>
    </>
  );
}

function Platforms({ query }: { query: Query }) {
  const platforms = useView('platforms', {});
  const board = useView('policy_dashboard', {});
  return (
    <Answer answer={platforms}>
      {(list) => <Answer answer={board}>{(value) => <PlatformList platforms={list} board={value} query={query} />}</Answer>}
    </Answer>
  );
}

const kSections: Record<string, string[]> = {
  target: ['item', 'jurisdiction', 'year', 'target', 'actual', 'gap', 'detail', 'entries'],
  tier: ['item', 'actual', 'target', 'gap', 'detail', 'entries'],
  city: ['jurisdiction', 'item', 'target', 'actual', 'gap', 'detail', 'entries'],
  sector: ['item', 'target', 'actual', 'gap', 'detail', 'entries'],
  funding: ['item', 'year', 'actual', 'currency', 'planned', 'paid'],
  review: ['item', 'jurisdiction', 'year', 'actual', 'detail', 'entries'],
  exit: ['item', 'jurisdiction', 'year', 'actual', 'detail', 'entries'],
  blocked: ['item', 'detail', 'entries'],
};

const numberOf = (value: TableRow[string] | undefined): number => (value === null || value === undefined ? 0 : Number(value));

// How far it has come: paid of what was awarded, or the actual of the target.
function Progress({ row }: { row: TableRow }) {
  const { authority: words } = useDeskWords();
  const [done, of] = row.planned ? [numberOf(row.paid), numberOf(row.planned)] : [numberOf(row.actual), numberOf(row.target)];
  if (of <= 0) return null;
  const share = `${Math.round((100 * done) / of)} %`;
  return (
    <span class="short">
      <progress max={of} value={Math.min(done, of)} aria-label={words.progress} /> {share}
    </span>
  );
}

const kBefore = /(\S+) < ([0-9]{4}-[0-9]{2}-[0-9]{2})/g;

// City codes by their names, until when awards are blocked in a sentence; the rest as the server has it.
function Board({ table }: { table: TableAnswer }) {
  const speech = useSpeech();
  const { authority: words } = useDeskWords();
  const sections = table.columns.find((one) => one.name === 'section')?.codes ?? {};
  const told = (row: TableRow): TableRow => ({
    ...row,
    jurisdiction: row.jurisdiction ? speech.label(divisionLabel(String(row.jurisdiction))) : null,
    detail: row.section === 'blocked' ? String(row.detail).replace(kBefore, (_, platform, day) => words.notBefore(platform, day)) : (row.detail ?? null),
  });
  const named = table.rows.map(told);
  return (
    <>
      {Object.entries(kSections).map(([section, columns]) => {
        const rows = named.filter((row) => row.section === section);
        if (rows.length === 0) return null;
        const measured = rows.some((row) => row.target || row.planned);
        const title = sections[section] ? speech.message(sections[section]) : section;
        return (
          <section>
            <h2>{title}</h2>
            <DataTable
              label={title}
              table={{ ...table, rows, rows_total: rows.length, first_row: 1 }}
              only={columns.filter((name) => rows.some((row) => row[name] !== null && row[name] !== ''))}
              more={measured ? { title: words.progress, cell: (row) => <Progress row={row} /> } : undefined}
            />
          </section>
        );
      })}
    </>
  );
}

function Targets({ query }: { query: Query }) {
  const { authority: words, whole } = useDeskWords();
  const year = query.year ?? '';
  const answer = useView('policy_dashboard', { year });
  return (
    <>
      <p class="lead">{words.targetsLead}</p>
      <div class="field">
        <label for="year">{words.year}</label>
        <select id="year" value={year} onChange={(event) => go(['authority', 'targets'], { year: event.currentTarget.value })}>
          <option value="">{words.allYears}</option>
          {['2025', '2026', '2027', '2028', '2029', '2030'].map((one) => (
            <option value={one}>{one}</option>
          ))}
        </select>
      </div>
      <Answer answer={answer}>
        {(table) => (
          <>
            <Board table={table} />
            {table.rows.length > 0 && <Charts path="v1/views/funnel" query={{}} />}
            <p class="no-print">
              <a href={link(['views', 'policy_dashboard'], { year })}>{whole(format.count(table.rows_total))}</a>
            </p>
          </>
        )}
      </Answer>
    </>
  );
}

const kActs = [
  'PlatformEstablished', 'PlatformRecognized', 'PlatformReevaluated', 'PlatformPromoted', 'PlatformWithdrawn', 'PerformanceGraded',
  'SubsidyPublicized', 'SubsidyAwarded', 'AppropriationPassed', 'SubsidyDisbursed', 'SubsidyAcceptance', 'SubsidyEvaluated',
  'ClawbackOrdered', 'PolicyRuleSetPublished',
];

function Acts() {
  const speech = useSpeech();
  const { authority: words } = useDeskWords();
  return (
    <>
      <p class="lead">{words.actsLead}</p>
      <ul class="acts">
        {kActs.map((name) => {
          const kind = kindNamed(name);
          return kind ? (
            <li>
              <a href={link(['record'], { kind: name })}>{visibleText(speech.label(kind.label))}</a>
              <span class="hint">{words.signedBy(signersText(speech, kind))}</span>
            </li>
          ) : null;
        })}
      </ul>
    </>
  );
}

export function AuthorityView({ path, query }: { path: string[]; query: Query }) {
  const { authority: words } = useDeskWords();
  const tabs: Tab[] = [[['authority'], words.platforms], [['authority', 'targets'], words.targets], [['authority', 'acts'], words.acts]];
  return (
    <>
      <h1>{words.title}</h1>
      <Tabs label={words.title} here={path} tabs={tabs} />
      <AwaitingReader />
      {path[1] === 'targets' ? <Targets query={query} /> : path[1] === 'acts' ? <Acts /> : <Platforms query={query} />}
    </>
  );
}
