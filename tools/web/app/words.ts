// Every word of the page, in Chinese and English.
import { en } from './words_en';
import { type Words, zh } from './words_zh';

export type { Words };
export const dictionary: { zh: Words; en: Words } = { zh, en };
export type Language = keyof typeof dictionary;
