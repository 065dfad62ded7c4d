// Numbers, sums and days as people read them. Everything is exact: whole numbers are BigInt, days are civil dates, and
// neither passes through a floating-point number or a time zone of the reader's machine.
import currencies from 'pilotledger:currencies';

const grouped = (digits: string): string => digits.replace(/\B(?=(?:[0-9]{3})+$)/g, ',');

export const count = (value: bigint | number): string => grouped(String(value));

// Minor units of a currency by its code: 300000000 CNY is 3,000,000.00.
export const money = (minor: bigint, currency: string): string => minorText(minor, digitsOf(currency));

const digitsOf = (currency: string): number => currencies.find(([, code]) => code === currency)?.[2] ?? 2;

// In tens of thousands of the main unit, exact: 2 decimals, and as many more as it takes. 123456 CNY is 0.123456.
export function tenThousands(minor: bigint, currency: string): string {
  const digits = digitsOf(currency) + 4;
  return minorText(minor, digits).replace(new RegExp(`(\\.[0-9]{2}[0-9]*?)0{0,${digits - 2}}$`), '$1');
}

export function minorText(minor: bigint, digits: number): string {
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  const whole = grouped(text.slice(0, text.length - digits));
  return (minor < 0n ? '-' : '') + whole + (digits === 0 ? '' : `.${text.slice(-digits)}`);
}

// yyyymmdd; 0 is none.
export function civilDate(date: bigint | number): string {
  const text = String(date).padStart(8, '0');
  return BigInt(date) === 0n ? '' : text.replace(/^([0-9]+)([0-9]{2})([0-9]{2})$/, '$1-$2-$3');
}

const kChinaOffsetMs = 8n * 3_600_000n;
const kLastMs = 8_640_000_000_000_000n;  // what Date can hold

// RFC 3339 in UTC, as the API gives times.
export const moment = (text: string): string => {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? text : instant(BigInt(ms));
};

// The legal time of China.
export function instant(ms: bigint): string {
  const shifted = ms + kChinaOffsetMs;
  if (shifted > kLastMs || shifted < -kLastMs) return `${ms} ms`;
  return `${new Date(Number(shifted)).toISOString().replace('T', ' ').replace(/:[0-9]{2}\.[0-9]{3}Z$/, '')} (UTC+8)`;
}
