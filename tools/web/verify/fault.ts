// Why a file does not show what it claims. `reason` is the stable word of ledger/proof/README.md, as the verifier in
// C++ gives it; a file or key that cannot be judged at all has none.

export interface Message {
  zh: string;
  en: string;
}

export class Fault extends Error {
  constructor(
    readonly reason: string,
    readonly what: Message,
  ) {
    super(reason === '' ? what.en : `${reason}: ${what.en}`);
  }
  get isRejection(): boolean {
    return this.reason !== '';
  }
}

export function rejected(reason: string, en: string, zh: string): Fault {
  return new Fault(reason, { zh, en });
}

export function unreadable(en: string, zh: string): Fault {
  return new Fault('', { zh, en });
}

// What a part throws, seen as the reason why the whole is not accepted. What has a reason keeps it.
export function asReason<T>(reason: string, part: () => T): T {
  try {
    return part();
  } catch (error) {
    throw becauseOf(reason, error);
  }
}

export function becauseOf(reason: string, error: unknown): unknown {
  return error instanceof Fault && !error.isRejection ? new Fault(reason, error.what) : error;
}

// The same fault, with where it is.
export function within<T>(en: string, zh: string, part: () => T): T {
  try {
    return part();
  } catch (error) {
    throw locatedIn(en, zh, error);
  }
}

export function locatedIn(en: string, zh: string, error: unknown): unknown {
  if (!(error instanceof Fault)) return error;
  return new Fault(error.reason, { zh: `${zh}：${error.what.zh}`, en: `${en}: ${error.what.en}` });
}
