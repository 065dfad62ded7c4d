// The views of the ledger: their list, one with its conditions, what a row of one is made of, and the findings.
import { useState } from 'preact/hooks';
import { visibleText } from '../verify/text';
import { type Column, type Query, type TableAnswer, type ViewInfo, address, request } from './api';
import { Dossier, entityOfTable } from './dossier';
import { entityTitle } from './entity_title';
import { useFieldLabels } from './field_labels';
import * as format from './format';
import { Answer, useAnswer } from './loading';
import { sourceOf } from './names';
import { Picker } from './picker';
import { go, link } from './router';
import { Row } from './row';
import { type Speech, useSpeech, useWords } from './speech';
import { wholeTable } from './rows';
import { DataTable } from './table';
import { TimeMachine, clocksOf } from './time_machine';

const kFormats = ['csv', 'xlsx', 'html'];
const kAboutThePage = ['cursor', 'limit'];

const without = (query: Query, names: string[]): Query =>
  Object.fromEntries(Object.entries(query).filter(([name]) => !names.includes(name)));

export function ViewList() {
  const speech = useSpeech();
  const { views: words } = speech.words;
  const answer = useAnswer<{ views: ViewInfo[] }>('v1/views');
  return (
    <>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      <Answer answer={answer}>
        {({ views }) => (
          <ul class="index">
            {views.map((view) => (
              <li>
                <a href={link(['views', view.name])}>{speech.message(view.title)}</a> <code>{view.name}</code>
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </>
  );
}

export function Exports({ path, query, table }: { path: string; query: Query; table: TableAnswer }) {
  const { language, unit, words } = useSpeech();
  const plain = without(query, kAboutThePage);
  const hasAmounts = table.columns.some(({ type }) => type === 'money');
  return (
    <p class="no-print">
      {words.views.exports}
      {kFormats.map((kind) => {
        const more: Query = kind === 'csv' ? { format: kind, bom: '1' } : { format: kind, lang: language };
        return (
          <>
            <a class="button quiet" href={address(path, { ...plain, ...more })} download>
              {words.views.exportAs(format.count(table.rows_total), kind)}
            </a>{' '}
          </>
        );
      })}
      {unit === 'wan' && hasAmounts && <span class="hint">{words.amounts.exported}</span>}
    </p>
  );
}

// The charts of the html export, as pictures: they run nothing and load nothing. The table beside them says the same.
export function Charts({ path, query }: { path: string; query: Query }) {
  const { language, words } = useSpeech();
  const [charts, setCharts] = useState<string[] | null>(null);
  const load = async () => {
    const asked = address(path, { ...without(query, kAboutThePage), format: 'html', lang: language });
    const html = await (await request(asked)).text();
    setCharts(html.match(/<svg [^]*?<\/svg>/g) ?? []);
  };
  return (
    <details onToggle={(event) => event.currentTarget.open && load().catch(() => setCharts([]))}>
      <summary>{words.views.chart}</summary>
      {charts?.map((svg) => (
        <img class="chart" alt={words.views.chart} src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`} />
      ))}
    </details>
  );
}

export function Standing({ table }: { table: TableAnswer }) {
  const speech = useSpeech();
  const { views: words, entity, time, shows } = speech.words;
  const reader = table.reader.replace(/^party:/, `${entity.kinds.party ?? 'party'} `);
  const withheld = useFieldLabels(table.withheld);
  return (
    <dl class="ledger">
      <Row label={shows.asOf}>{time.stands(format.count(Math.max(table.position - 1, 0)), table.as_of?.on ?? '')}</Row>
      <Row label={shows.root}>
        <code>{table.root}</code>
      </Row>
      <Row label={words.policy}>
        <code>{table.policy}</code>
      </Row>
      <Row label={words.reader}>{words.readerNames[reader] ?? reader}</Row>
      {table.withheld.length > 0 && <Row label={words.withheld}>{visibleText(withheld.join(speech.language === 'zh' ? '；' : '; '))}</Row>}
    </dl>
  );
}

interface TablePageProps {
  path: string;
  here: string[];  // the place of this page
  query: Query;
  drill?: ((row: number) => string) | undefined;
  charts?: boolean;
  more?: Query;  // of this page's place, beside what is asked
}

export function TablePage({ path, here, query, drill, charts = false, more = {} }: TablePageProps) {
  const speech = useSpeech();
  const { views: words, entries } = speech.words;
  const answer = useAnswer<TableAnswer>(path, query);
  const filters = Object.entries(without(query, kAboutThePage)).filter(([, value]) => value !== '');
  return (
    <Answer answer={answer}>
      {(table) => (
        <>
          {filters.length > 0 && <p>{entries.filtered(filters.map(([name, value]) => conditionText(speech, table, name, value)).join(speech.language === 'zh' ? '；' : '; '))}</p>}
          <p class="hint" role="status">
            {table.rows_total > 0 &&
              words.rows(format.count(table.first_row), format.count(table.first_row + table.rows.length - 1), format.count(table.rows_total))}
          </p>
          <DataTable table={table} drill={drill} loadAll={async () => (await wholeTable(path, query)).rows} />
          <p class="no-print">
            {query.cursor && <a class="button quiet" href={link(here, { ...more, ...query, cursor: '' })}>{words.first}</a>}{' '}
            {table.next && <a class="button quiet" href={link(here, { ...more, ...without(query, ['as_of']), cursor: table.next })}>{words.next}</a>}
          </p>
          <Exports path={path} query={query} table={table} />
          <Dossier of={entityOfTable(table)} clocks={clocksOf(query)} />
          {charts && <Charts path={path} query={query} />}
          <Standing table={table} />
        </>
      )}
    </Answer>
  );
}

// What was asked, in the words of the conditions.
function conditionText(speech: Speech, table: TableAnswer, name: string, value: string): string {
  const { views: words, time } = speech.words;
  const column = table.columns.find((one) => one.name === name);
  const clocks: Query = { as_of: time.asOf, on: time.on, row: words.row };
  const label = clocks[name] ?? words.meanings[name]?.[0] ?? (column ? speech.message(column.label) : name);
  const code = column?.codes?.[value];
  const entity = name === 'row' ? entityOfTable(table) : '';
  if (entity !== '') return entityTitle(speech.words, entity);
  return `${label} ${code ? speech.message(code) : (words.choices[value] ?? visibleText(value))}`;
}

// Words, and codes of a column, by their labels.
function choicesOf(speech: Speech, type: string, columns: Column[]): [value: string, text: string][] {
  const [kind, list = ''] = type.split(':', 2);
  if (kind === 'word') return list.split(',').map((word) => [word, speech.words.views.choices[word] ?? word]);
  const codes = kind === 'code' ? columns.find(({ name }) => name === list)?.codes : undefined;
  return Object.entries(codes ?? {}).map(([code, label]) => [code, speech.message(label)]);
}

// Which names a parameter's value is found among.
function sourceOfType(type: string): string | null {
  const kind = type.replace(/^entity:/, '');
  return type === 'party' || type.startsWith('entity:') ? sourceOf(kind, kind === 'party' || kind === 'ip' ? kind : 'id') : null;
}

interface ConditionProps {
  parameter: ViewInfo['parameters'][number];
  columns: Column[];
  value: string;
  onChange(value: string): void;
}

function Condition({ parameter: { name, type, meaning }, columns, value, onChange }: ConditionProps) {
  const speech = useSpeech();
  const { views: words } = speech.words;
  const column = columns.find((one) => one.name === name);
  const [label, hint] = words.meanings[name] ?? [column ? speech.message(column.label) : name, meaning || type];
  const choices = choicesOf(speech, type, columns), source = sourceOfType(type), id = `p-${name}`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {choices.length > 0 && (
        <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value="" />
          {value !== '' && !choices.some(([choice]) => choice === value) && <option value={value}>{value}</option>}
          {choices.map(([choice, text]) => (
            <option value={choice}>{text}</option>
          ))}
        </select>
      )}
      {choices.length === 0 && source !== null && <Picker id={id} source={source} value={value} onChange={onChange} />}
      {choices.length === 0 && source === null && (
        <input id={id} value={value} aria-describedby={`h-${name}`} onInput={(event) => onChange(event.currentTarget.value)} />
      )}
      {choices.length === 0 && source === null && <p class="hint" id={`h-${name}`}>{hint}</p>}
    </div>
  );
}

interface ConditionsProps {
  info: ViewInfo;
  query: Query;
  onAsk(parameters: Query): void;
}

function Conditions({ info, query, onAsk }: ConditionsProps) {
  const { views: words } = useWords();
  const [values, setValues] = useState<Query>(query);
  if (info.parameters.length === 0) return null;
  const set = (name: string, value: string) => setValues((all) => ({ ...all, [name]: value }));
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        onAsk(Object.fromEntries(info.parameters.map(({ name }) => [name, (values[name] ?? '').trim()])));
      }}
    >
      {info.parameters.map((parameter) => (
        <Condition
          parameter={parameter}
          columns={info.columns}
          value={values[parameter.name] ?? ''}
          onChange={(value) => set(parameter.name, value)}
        />
      ))}
      <p>
        <button type="submit">{words.show}</button>
      </p>
    </form>
  );
}

function View({ info, query, row }: { info: ViewInfo; query: Query; row: string | undefined }) {
  const speech = useSpeech();
  const { views: words, time } = speech.words;
  const here = ['views', info.name];
  const ask = (more: Query) => go(here, { ...without(query, kAboutThePage), ...more });
  if (row !== undefined) {
    return (
      <>
        <h1>{`${speech.message(info.title)}：${words.drillRow(Number(row))}`}</h1>
        <p class="no-print">
          <a href={link(here, query)}>{words.back}</a>
        </p>
        <TablePage path={`v1/views/${info.name}/drill`} here={[...here, 'drill', row]} query={{ ...query, row }} />
      </>
    );
  }
  return (
    <>
      <h1>{speech.message(info.title)}</h1>
      <Conditions key={JSON.stringify(query)} info={info} query={query} onAsk={ask} />
      <details class="no-print" open={Boolean(query.as_of || query.on)}>
        <summary>{time.title}</summary>
        <TimeMachine query={query} onChange={ask} />
      </details>
      <TablePage
        path={`v1/views/${info.name}`}
        here={here}
        query={query}
        drill={info.drill ? (n) => link([...here, 'drill', String(n)], without(query, kAboutThePage)) : undefined}
        charts={info.charts.length > 0}
      />
    </>
  );
}

export function ViewPage({ name, query, row }: { name: string; query: Query; row: string | undefined }) {
  const { page } = useWords();
  const answer = useAnswer<{ views: ViewInfo[] }>('v1/views');
  return (
    <Answer answer={answer}>
      {({ views }) => {
        const info = views.find((view) => view.name === name);
        return info ? <View info={info} query={query} row={row} /> : <p>{page.notFound}</p>;
      }}
    </Answer>
  );
}
