// The language of the reader: Chinese unless he chose English, remembered by the page.
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Message } from '../verify/fault';
import type { Label } from '../verify/schema';
import type { Unit } from './amounts';
import { type Language, type Words, dictionary } from './words';

export interface Speech {
  language: Language;
  words: Words;
  label(label: Label): string;
  message(message: Message): string;
  other(): void;
  unit: Unit;  // of sums
  otherUnit(): void;
}

const Spoken = createContext<Speech | null>(null);
export const SpeechProvider = Spoken.Provider;

export function useSpeech(): Speech {
  const speech = useContext(Spoken);
  if (speech === null) throw new TypeError('used outside SpeechProvider');
  return speech;
}

export const useWords = (): Words => useSpeech().words;

export function useChosenUnit(initial: Unit, remember: (unit: Unit) => void): Pick<Speech, 'unit' | 'otherUnit'> {
  const [unit, setUnit] = useState<Unit>(initial);
  useEffect(() => remember(unit), [unit]);
  return { unit, otherUnit: () => setUnit(unit === 'yuan' ? 'wan' : 'yuan') };
}

// Sums are in yuan, where nobody chooses.
export function useChosenLanguage(initial: Language, remember: (language: Language) => void): Speech {
  const [language, setLanguage] = useState<Language>(initial);
  const words = dictionary[language];
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    remember(language);
  }, [language]);
  return {
    language,
    words,
    label: ([zh, en]) => (language === 'zh' ? zh : en),
    message: (message) => message[language],
    other: () => setLanguage(words.theOtherLanguage),
    unit: 'yuan',
    otherUnit: () => undefined,
  };
}
