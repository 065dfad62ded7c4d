// Made by api_types.mjs from the server's openapi.json. Not to be changed by hand: `node api_types.mjs`.

export interface Message {
  en: string;
  zh: string;
}

export interface AsOf {
  asked: string;
  on?: string;
  until?: string;
}

export interface Error {
  error: string;
  message: string;
  messageZh?: string;
  event?: number;
  rule?: string;
  entity?: string;
  expected?: string;
  found?: string;
  status: number;
  exit: number;
  request_id: string;
}

export interface Ready {
  ready: boolean;
  position: number;
  read_model_position: number;
  read_model_lag: number;
  snapshot_position: number;
}

export type OpenApi = Record<string, unknown>;

export interface Limits {
  page: number;
  header_bytes: number;
  header_fields: number;
  target_bytes: number;
  json_bytes: number;
  submission_bytes: number;
  submission_events: number;
}

export interface Ledger {
  position: number;
  root: string;
  reader: string;
  withheld: string[];
  as_of: AsOf;
  origin: string;
  suite: 'ed25519-sha256' | 'sm2-sm3';
  entity: string;
  founding_key: string;
  log_key: string;
  edition: number;
  newest_edition: number;
  entries: number;
  newest_recorded_at?: string;
  limits: Limits;
}

export interface Event {
  kind: string;
  withheld?: string[];
}

export interface EntryLine {
  index: number;
  recordedAt: string;
  takenBack?: TakenBack;
  event: Event;
}

export interface TakenBack {
  by: number;
  replacement?: string;
  replacedBy?: number;
}

export interface EntryList {
  position: number;
  root: string;
  reader: string;
  withheld: string[];
  as_of: AsOf;
  kind?: string;
  entity?: string;
  entries: EntryLine[];
  next: string | null;
}

export interface EntryWhole {
  index: number;
  recordedAt: string;
  takenBack?: TakenBack;
  eventDigest: string;
  submissionDigest: string;
  position: number;
  stateRoot?: string;
  signers: string[];
  entities: string[];
  event: Event;
}

export interface Entry {
  position: number;
  root: string;
  reader: string;
  withheld: string[];
  as_of: AsOf;
  entry: EntryWhole;
}

export interface EntityRecord {
  entity: string;
  entries?: number;
  trail?: string;
  attributes?: Record<string, string[]>;
}

export interface Entity {
  position: number;
  root: string;
  reader: string;
  withheld: string[];
  as_of: AsOf;
  record: EntityRecord;
}

export interface KindSummary {
  name: string;
  label: Message;
  signers: string;
  importable: boolean;
  shown_to: Message;
}

export interface KindList {
  kinds: KindSummary[];
}

export type JsonSchema = Record<string, unknown>;

export interface ViewParameter {
  name: string;
  type: string;
  meaning: string;
}

export interface Column {
  name: string;
  type: string;
  label: Message;
  codes?: Record<string, Message>;
}

export interface ViewSummary {
  name: string;
  version: number;
  title: Message;
  reader: string;
  parameters: ViewParameter[];
  columns: Column[];
  charts: string[];
  drill: boolean;
}

export interface ViewList {
  views: ViewSummary[];
}

export interface PolicySet {
  rule_set: string;
  jurisdiction: string;
  instrument: string;
  entry: number;
}

export interface Table {
  position: number;
  root: string;
  reader: string;
  withheld: string[];
  as_of: AsOf;
  policy: string;
  policy_sets: PolicySet[];
  name: string;
  version: number;
  title: Message;
  parameters: Record<string, string>;
  columns: Column[];
  rows: (Record<string, string | number | null>)[];
  first_row: number;
  rows_total: number;
  next: string | null;
}

export interface Pledge {
  pledge: string;
  state: string;
  pledgee?: string;
  amountFen?: string;
  currency?: string;
  debtTo?: string;
  pledgeeName?: string;
}

export interface PledgeAnswer {
  position: number;
  root: string;
  reader: string;
  withheld: string[];
  as_of: AsOf;
  answer: 'ACTIVE' | 'RELEASED' | 'NONE' | 'UNKNOWN' | 'FROZEN' | 'ENFORCED';
  pledgeAnswer: 'ACTIVE' | 'RELEASED' | 'NONE' | 'UNKNOWN';
  number: string;
  state: string;
  frozen: string;
  expires: string;
  owners: string[];
  ownerNames: Record<string, string>;
  pledges: Pledge[];
  otherContracts: Pledge[];
  asked: string;
  entries: number[];
  on?: string;
  newestRecordedAt: string;
  answeredAt: string;
  quietDays?: number;
  warnings?: Message[];
  withheldZh?: string[];
  terms?: {
    what: string;
    value: string;
    whatZh?: string;
    valueZh?: string;
  }[];
  notice: Message;
}

export interface Verdict {
  position: number;
  root: string;
  reader: string;
  withheld: string[];
  as_of: AsOf;
  verified: boolean;
  text: Message;
  claim: Record<string, unknown>;
  log_key: string;
}

export interface Receipt {
  id: string;
  index: number;
  recordedAt: string;
  repeated?: boolean;
  size?: number;
  root?: string;
}

export interface Receipts {
  dry_run: boolean;
  receipts: Receipt[];
  checkpoint: string;
}

export interface ChallengeRequest {
  key: string;
}

export interface Challenge {
  text: string;
  seconds: number;
}

export interface SessionSummary {
  id: string;
  kind: 'session' | 'token';
  name: string;
  started: string;
  used: string;
  until: string;
}

export interface Session {
  reader: string;
  operator: boolean;
  party: string;
  key: string;
  session: string;
  until?: string;
  sessions?: SessionSummary[];
}

export interface LoggedOut {
  reader: string;
}

export interface TokenRequest {
  name: string;
  days: number;
}

export interface Token {
  id: string;
  kind: 'session' | 'token';
  name: string;
  started: string;
  used: string;
  until: string;
  token: string;
}

export interface TokenEnded {
  ended: string;
}

export interface Lacking {
  events: number[];
  ways: {
    role: string;
    label: {
      en: string;
      zh: string;
    };
    parties: {
      party: string;
      name: string;
    }[];
    places: string[];
    levels: string[];
  }[][];
  words: {
    en: string;
    zh: string;
  };
}

export interface Pending {
  id: string;
  state: 'open' | 'recorded' | 'declined' | 'withdrawn' | 'expired';
  yours: 'sign' | 'declined' | 'submitted' | 'signed';
  submitter: {
    party: string;
    name: string;
    key: string;
  };
  submitted_at: string;
  until: string;
  events: number;
  kinds: ({
    kind: string;
    label: {
      en: string;
      zh: string;
    } | null;
    count: number;
  })[];
  signed: {
    party: string;
    name: string;
    key: string;
    at: string;
  }[];
  declined: {
    party: string;
    name: string;
    at: string;
    reason: string;
  }[];
  lacking: Lacking[];
  receipts: Receipt[] | null;
  refusal: Record<string, unknown> | null;
}

export interface PendingTaken {
  id: string;
  state: 'open' | 'recorded' | 'declined' | 'withdrawn' | 'expired';
  yours: 'sign' | 'declined' | 'submitted' | 'signed';
  submitter: {
    party: string;
    name: string;
    key: string;
  };
  submitted_at: string;
  until: string;
  events: number;
  kinds: ({
    kind: string;
    label: {
      en: string;
      zh: string;
    } | null;
    count: number;
  })[];
  signed: {
    party: string;
    name: string;
    key: string;
    at: string;
  }[];
  declined: {
    party: string;
    name: string;
    at: string;
    reason: string;
  }[];
  lacking: Lacking[];
  receipts: Receipt[] | null;
  refusal: Record<string, unknown> | null;
  repeated: boolean;
  checkpoint: string;
}

export interface PendingWhole {
  id: string;
  state: 'open' | 'recorded' | 'declined' | 'withdrawn' | 'expired';
  yours: 'sign' | 'declined' | 'submitted' | 'signed';
  submitter: {
    party: string;
    name: string;
    key: string;
  };
  submitted_at: string;
  until: string;
  events: number;
  kinds: ({
    kind: string;
    label: {
      en: string;
      zh: string;
    } | null;
    count: number;
  })[];
  signed: {
    party: string;
    name: string;
    key: string;
    at: string;
  }[];
  declined: {
    party: string;
    name: string;
    at: string;
    reason: string;
  }[];
  lacking: Lacking[];
  receipts: Receipt[] | null;
  refusal: Record<string, unknown> | null;
  content: Record<string, unknown>[];
}

export interface Inbox {
  reader: string;
  party: string;
  pending: Pending[];
}

export interface DeclineRequest {
  reason: string;
}

export interface EvidenceKept {
  hash: string;
  bytes: number;
  type: string;
  already: boolean;
}

export interface Dossier {
  title: string;
  title_zh: string;
  notes: Message[];
  tables: Record<string, unknown>[];
  proofs: Record<string, string>;
}

export interface Cluster {
  node?: string;
  state?: 'following' | 'behind' | 'alone' | 'order-lost' | 'differs';
  size?: number;
  confirmed?: number;
  needed?: number;
  nodes: {
    name: string;
    url: string;
    vkey: string;
    reached: boolean;
    size: number;
  }[];
  policy?: string;
}
