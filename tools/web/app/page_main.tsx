// The page that `pilotledger serve` shows.
import { type ComponentType, render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Unit } from './amounts';
import { EntityView, Entries, EntryView } from './entries_view';
import * as format from './format';
import { Home } from './home';
import { askWhenOld, forgetArrived, keepAsking, useArrived, useAwaiting } from './pending';
import { OnPaper } from './on_paper';
import { PledgeView } from './pledge_view';
import { type Place, link, usePlace } from './router';
import { type Speech, SpeechProvider, useChosenLanguage, useChosenUnit, useSpeech } from './speech';
import { ViewList, ViewPage } from './views_view';
import type { Language } from './words';

const kLanguage = 'pilotledger/language';

const kUnit = 'pilotledger/unit';

function remembered<T extends string>(name: string, other: T, usual: T): T {
  try {
    return localStorage.getItem(name) === other ? other : usual;
  } catch {
    return usual;
  }
}

const rememberAs = (name: string) => (value: string): void => {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Storage is the reader's to give.
  }
};

// What only some readers need comes when they ask for it: the verifier, the keys.
function Later({ load, place }: { load: Load; place: Place }) {
  const { page } = useSpeech().words;
  const [Loaded, setLoaded] = useState<{ view: ComponentType<Place> } | null>(null);
  useEffect(() => {
    load().then((view) => setLoaded({ view }));
  }, []);
  return Loaded === null ? <p role="status" data-working>{page.working}</p> : <Loaded.view {...place} />;
}

type Load = () => Promise<ComponentType<Place>>;

const kLater: Record<string, Load> = {
  verify: () => import('./verify_here').then((module) => module.VerifyHere),
  record: () => import('./record_view').then((module) => module.RecordView),
  inbox: () => import('./inbox_view').then((module) => module.InboxView),
  session: () => import('./session_view').then((module) => module.SessionView),
  bank: () => import('./bank_view').then((module) => module.BankView),
  findings: () => import('./findings_view').then((module) => module.FindingsView),
  finding: () => import('./finding_view').then((module) => module.FindingView),
  evidence: () => import('./evidence_view').then((module) => module.EvidenceView),
  changes: () => import('./changes_view').then((module) => module.ChangesView),
  platform: () => import('./platform_view').then((module) => module.PlatformView),
  authority: () => import('./authority_view').then((module) => module.AuthorityView),
  sheet: () => import('./sheet_view').then((module) => module.SheetView),
  certificate: () => import('./certificate_view').then((module) => module.CertificateView),
};

function Content({ place }: { place: Place }) {
  const { path, query } = place;
  const { page } = useSpeech().words;
  const [first = '', second, third, fourth] = path;
  const key = JSON.stringify([path, query]);
  if (first === '') return <Home />;
  if (first === 'pledge') return <PledgeView key={key} query={query} />;
  if (first === 'entries') return second === undefined ? <Entries query={query} /> : <EntryView index={second} />;
  if (first === 'entities' && second !== undefined) return <EntityView id={second} />;
  if (first === 'views' && second === undefined) return <ViewList />;
  if (first === 'views' && second !== undefined) {
    return <ViewPage key={key} name={second} query={query} row={third === 'drill' ? fourth : undefined} />;
  }
  const load = Object.prototype.hasOwnProperty.call(kLater, first) ? kLater[first] : undefined;
  if (load) return <Later key={first} load={load} place={place} />;
  return <h1>{page.notFound}</h1>;
}

function Top({ speech, place, onSkip }: { speech: Speech; place: Place; onSkip(): void }) {
  const { amounts, page, product, language, theOtherLanguage } = speech.words;
  const awaiting = useAwaiting();
  const inbox: [string, string][] =
    awaiting === null ? [] : [['inbox', awaiting.length > 0 ? page.inboxOf(format.count(awaiting.length)) : page.inbox]];
  const items: [string, string][] = [
    ['', page.home], ['pledge', page.pledge], ['verify', page.verify], ['bank', page.bank], ['findings', page.audit],
    ['platform', page.platform], ['authority', page.authority], ['entries', page.entries], ['views', page.views], ['record', page.record], ...inbox, ['session', page.session],
  ];
  const here = place.path[0] ?? '';
  return (
    <header class="top">
      <a
        class="skip"
        href={location.hash || '#/'}
        onClick={(event) => {
          event.preventDefault();
          onSkip();
        }}
      >
        {page.skip}
      </a>
      <span class="product">{product}</span>
      <nav aria-label={page.menu}>
        <ul>
          {items.map(([path, text]) => (
            <li>
              <a href={link(path === '' ? [] : [path])} aria-current={path === here ? 'page' : undefined}>{text}</a>
            </li>
          ))}
        </ul>
      </nav>
      <button type="button" class="quiet" onClick={speech.otherUnit}>{amounts.show[speech.unit]}</button>
      <button type="button" class="quiet" lang={theOtherLanguage} onClick={speech.other}>
        {language}
      </button>
    </header>
  );
}

// Told once, to eyes and ears, until he looks at his inbox or moves on from it.
function Arrived() {
  const { page } = useSpeech().words;
  const arrived = useArrived();
  return (
    <p class="arrived no-print" role="status">
      {arrived.length > 0 && <a href={link(['inbox'])}>{page.arrived(format.count(arrived.length))}</a>}
    </p>
  );
}

// How much awaits the reader stands in the tab's title too.
function useTitle(speech: Speech): void {
  const count = useAwaiting()?.length ?? 0;
  const { product, page } = speech.words;
  useEffect(() => {
    document.title = count > 0 ? page.titleOf(format.count(count), product) : product;
  }, [speech.language, count]);
}

function Page() {
  const place = usePlace();
  const main = useRef<HTMLElement>(null);
  const language = useChosenLanguage(remembered<Language>(kLanguage, 'en', 'zh'), rememberAs(kLanguage));
  const speech = { ...language, ...useChosenUnit(remembered<Unit>(kUnit, 'wan', 'yuan'), rememberAs(kUnit)) };
  const address = place.path.join('/');
  useEffect(askWhenOld, [address]);
  useEffect(keepAsking, []);
  useEffect(() => (place.path[0] === 'inbox' ? forgetArrived : undefined), [address]);
  useTitle(speech);
  useEffect(() => {
    // Who moved to another page by keyboard or by ear begins at its top.
    if (address !== '') main.current?.focus();
    scrollTo(0, 0);
  }, [address]);
  return (
    <SpeechProvider value={speech}>
      <Top speech={speech} place={place} onSkip={() => main.current?.focus()} />
      <Arrived />
      <main ref={main} tabIndex={-1}>
        <Content place={place} />
        <OnPaper address={location.hash} />
      </main>
    </SpeechProvider>
  );
}

const root = document.getElementById('page');
if (root !== null) render(<Page />, root);
