// A QR code, drawn: one path, black on white in every colour scheme, with the quiet zone that readers need.
import qrcode from 'qrcode-generator';
import type { Bytes } from '../verify/bytes';

export const kMostQrBytes = 2953;  // of version 40, level L
const kQuiet = 4;

export function QrCode({ data, label }: { data: Bytes; label: string }) {
  const code = qrcode(0, data.length > 1000 ? 'L' : 'M');
  code.addData(data, 'Byte');
  code.make();
  const size = code.getModuleCount();
  const rows: string[] = [];
  for (let y = 0; y < size; ++y) {
    for (let x = 0; x < size; ++x) {
      if (code.isDark(y, x)) rows.push(`M${x + kQuiet} ${y + kQuiet}h1v1h-1z`);
    }
  }
  const side = size + 2 * kQuiet;
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${side} ${side}`} shape-rendering="crispEdges">
      <rect width={side} height={side} fill="#fff" />
      <path d={rows.join('')} fill="#000" />
    </svg>
  );
}
