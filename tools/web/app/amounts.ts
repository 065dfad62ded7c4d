// Sums in the unit that the reader chose: the currency's main unit (yuan), or tens of thousands of it. Either is exact.
import * as format from './format';
import type { Speech } from './speech';

export type Unit = 'yuan' | 'wan';

// Without its unit, which stands in the table's head.
export const amountText = ({ unit }: Speech, minor: bigint, currency: string): string =>
  unit === 'wan' ? format.tenThousands(minor, currency) : format.money(minor, currency);

export function sumText(speech: Speech, minor: bigint, currency: string): string {
  const text = amountText(speech, minor, currency);
  return speech.unit === 'wan' ? speech.words.amounts.wanOf(text, currency) : `${text} ${currency}`;
}

export const unitText = ({ unit, words }: Speech, currency: string): string =>
  unit === 'wan' ? words.amounts.wanOf('', currency).trim() : currency;

// What a head of amounts says of its unit: nothing for yuan, which is what stands when nothing is said.
export function unitOfHead({ unit, words }: Speech, currencies: string[]): string {
  if (unit === 'yuan') return '';
  return currencies.every((one) => one === 'CNY') ? words.amounts.headYuan : words.amounts.head;
}
