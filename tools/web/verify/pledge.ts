// The bank's answer, from records that the file shows.
import type { Bytes } from './bytes';
import type { EntityRecord } from './record';

export type PledgeAnswer = 'ACTIVE' | 'RELEASED' | 'NONE' | 'UNKNOWN';

export interface PledgeOfAsset {
  pledge: Bytes;
  state: 'active' | 'released' | 'enforced';
  pledgee: Bytes;
  pledgeeName: Bytes;
  amountFen: bigint;
  currency: Bytes;
  debtTo: bigint;
}

export interface PledgeStatus {
  number: Bytes;
  answer: PledgeAnswer;
  state: Bytes;
  frozen: Bytes;
  expires: bigint;
  owners: Bytes[];
  pledges: PledgeOfAsset[];
}

// A record that the answer rests on: null when the entity is absent.
export type FindRecord = (key: Bytes) => EntityRecord | null;

function pledgeOf(find: FindRecord, pledge: Bytes, state: PledgeOfAsset['state']): PledgeOfAsset {
  const record = find(`pledge:${pledge}`);
  const pledgee = record?.get('party.bnk') ?? '';
  return {
    pledge,
    state,
    pledgee,
    pledgeeName: record === null ? '' : (find(`party:${pledgee}`)?.get('name') ?? ''),
    amountFen: record?.number('amount') ?? 0n,
    currency: record?.get('currency') ?? '',
    debtTo: record?.number('debt.to') ?? 0n,
  };
}

export function pledgeStatus(find: FindRecord, asked: Bytes): PledgeStatus {
  const unknown: PledgeStatus = {
    number: asked, answer: 'UNKNOWN', state: '', frozen: '', expires: 0n, owners: [], pledges: [],
  };
  let number = asked;
  let asset = find(`ip:${number}`);
  if (asset === null) {
    const alias = find(`ipalias:${number}`);
    if (alias === null) return unknown;
    number = alias.get('ip');
    asset = find(`ip:${number}`);
    if (asset === null) return { ...unknown, number };
  }
  const record = asset;
  // A revoked pledge is void from the start: it was none.
  const states = ['active', 'released', 'enforced'] as const;
  const pledges = states.flatMap((state) => record.all(`pledge.${state}`).map((id) => pledgeOf(find, id, state)));
  const active = pledges.some((pledge) => pledge.state === 'active');
  return {
    number,
    answer: active ? 'ACTIVE' : pledges.length === 0 ? 'NONE' : 'RELEASED',
    state: asset.get('state'),
    frozen: asset.all('frozen').join(', '),
    expires: asset.number('expires'),
    owners: asset.all('party.own'),
    pledges,
  };
}
