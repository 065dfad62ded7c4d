// QR codes on pictures, where the browser can read them (BarcodeDetector): the text of a proof, or the few lines that
// name an answer about pledges.
interface Detector {
  detect(image: ImageBitmap): Promise<{ rawValue: string }[]>;
}

type DetectorClass = new (options: { formats: string[] }) => Detector;

const detectorClass = (): DetectorClass | undefined => (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;

export const canScan = (): boolean => detectorClass() !== undefined;

export async function scan(picture: Blob): Promise<string | null> {
  const Class = detectorClass();
  if (Class === undefined) return null;
  try {
    const found = await new Class({ formats: ['qr_code'] }).detect(await createImageBitmap(picture));
    return found[0]?.rawValue ?? null;
  } catch {
    return null;  // no picture, or none that the browser reads
  }
}

export interface PledgeCode {
  origin: string;
  number: string;
  answer: string;
  position: number;
  root: string;
}

// "pilotledger pledge", ledger, number, answer, position, root, a line each.
export function readPledgeCode(text: string): PledgeCode | null {
  const [head, origin, number, answer, position, root] = text.split('\n');
  if (head !== 'pilotledger pledge' || !origin || !number || !answer || !root || !/^[1-9][0-9]{0,15}$/.test(position ?? '')) return null;
  return { origin, number, answer, position: Number(position), root };
}
