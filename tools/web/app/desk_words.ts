// The words of the readers' desks, which come with them and not with the first page. Both languages are of one type.
import { deskEn } from './desk_words_en';
import { type DeskWords, deskZh } from './desk_words_zh';
import type { Language } from './words';

export const deskWords: Record<Language, DeskWords> = { zh: deskZh, en: deskEn };
