// Attributes of an entity's record, which the ledger keeps as plain texts, as people read them: sums in their currency, days,
// states by their labels.
import { visibleText } from '../verify/text';
import { sumText } from './amounts';
import * as format from './format';
import type { Speech } from './speech';

const kSums: Record<string, string[]> = {  // by kind of entity
  award: ['awarded', 'disbursed', 'received', 'spent', 'matched', 'passed', 'confirmed', 'returned'],
  passage: ['passed'],
  loan: ['granted', 'drawn', 'repaid'],
  pledge: ['amount'],
  receipt: ['remaining', 'total'],
  billed: ['received'],
  claim: ['claimed'],
  claimed: ['claimed'],
  invoice: ['claimed', 'received'],
  contract: ['total', 'tech', 'received', 'paid'],
  clawback: ['ordered', 'repaid'],
  distribution: ['total', 'paid'],
  voucher: ['face', 'redeemed', 'settled'],
  insurance: ['sum', 'paid'],
};
const kShares = ['share', 'sold'];  // of a stake, in basis points
const kOfRights = ['ip', 'pledge', 'pledgereg'];
const kDays = ['granted', 'expires', 'filed', 'maturity'];
const isDay = (name: string): boolean => kDays.includes(name) || /\.(?:on|to|from)$/.test(name);

export const attributeLabel = ({ words }: Speech, name: string): string => words.entity.attributes[name] ?? visibleText(name);

export function attributeText(speech: Speech, kind: string, name: string, value: string, currency: string): string {
  if (kSums[kind]?.includes(name) && /^-?[0-9]+$/.test(value)) return sumText(speech, BigInt(value), currency);
  if (kind === 'stake' && kShares.includes(name)) return `${format.minorText(BigInt(value), 2)} %`;
  if (isDay(name) && /^[0-9]{8}$/.test(value)) return format.civilDate(BigInt(value));
  if (name !== 'state') return visibleText(value);
  const { pledge, entity } = speech.words;
  const states = kOfRights.includes(kind) ? pledge.states : entity.states;
  return states[value] ?? visibleText(value);
}
