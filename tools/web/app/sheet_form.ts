// The template that is filled in: a workbook whose heads are the fields, codes chosen from lists, and whose hidden
// sheet says of which kind it is; or CSV with the same heads.
import { strToU8, zipSync } from 'fflate';
import { type Kind, enumOf } from '../verify/schema';
import { type Head, headsOf } from './sheet';
import type { Language } from './words';

const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] as string);
const headText = ({ labels, field }: Head, language: Language): string => labels[language] + (field.required ? '*' : '');

export function csvForm(kind: Kind, language: Language): Uint8Array {
  const cells = headsOf(kind).map((head) => `"${headText(head, language).replace(/"/g, '""')}"`);
  return strToU8(`\ufeff${cells.join(',')}\r\n`);
}

function column(n: number): string {
  const letter = String.fromCharCode(65 + (n % 26));
  return n < 26 ? letter : column(Math.floor(n / 26) - 1) + letter;
}

const kHeader = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const kMain = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const kOffice = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const kPackage = 'http://schemas.openxmlformats.org/package/2006';
const kSheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const kMostRows = 10_001;
const kMostListed = 255;  // characters of a list in a cell's rule

const text = (cell: string, value: string, style = 0): string => `<c r="${cell}" t="inlineStr" s="${style}"><is><t>${escaped(value)}</t></is></c>`;

function choices(head: Head, language: Language): string {
  const { field } = head;
  if (field.type === 'bool') return language === 'zh' ? '是,否' : 'yes,no';
  if (field.type !== 'enum' || field.list) return '';
  const list = enumOf(field).values.slice(1).map(([, zh, en]) => (language === 'zh' ? zh : en));
  const all = list.join(',');
  return list.some((one) => one.includes(',')) || all.length > kMostListed ? '' : all;
}

function formSheet(heads: Head[], language: Language): string {
  const cells = heads.map((head, i) => text(`${column(i)}1`, headText(head, language), 2)).join('');
  const rules = heads.map((head, i) => ({ list: choices(head, language), at: column(i) })).filter(({ list }) => list !== '')
    .map(({ list, at }) => `<dataValidation type="list" allowBlank="1" sqref="${at}2:${at}${kMostRows}"><formula1>"${escaped(list)}"</formula1></dataValidation>`);
  // Numbers that people type stay text unless they are amounts or days: identifiers keep all their digits.
  const styles = heads.map(({ field }, i) => {
    const style = field.format === 'money' || field.format === 'date' ? 0 : 1;
    return `<col min="${i + 1}" max="${i + 1}" width="20" style="${style}" customWidth="1"/>`;
  });
  const validations = rules.length === 0 ? '' : `<dataValidations count="${rules.length}">${rules.join('')}</dataValidations>`;
  return `${kHeader}<worksheet ${kMain}><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`
    + `<cols>${styles.join('')}</cols><sheetData><row r="1">${cells}</row></sheetData>${validations}</worksheet>`;
}

const kStyles = `${kHeader}<styleSheet ${kMain}><fonts count="2"><font/><font><b/></font></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>`
  + '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="49" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>';

const sheetOverride = (n: number): string => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${kSheetType}.worksheet+xml"/>`;

export function workbookForm(kind: Kind, language: Language): Uint8Array {
  const parts: Record<string, string> = {
    '[Content_Types].xml': `${kHeader}<Types xmlns="${kPackage}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`
      + `<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${kSheetType}.sheet.main+xml"/>`
      + `<Override PartName="/xl/styles.xml" ContentType="${kSheetType}.styles+xml"/>${sheetOverride(1)}${sheetOverride(2)}</Types>`,
    '_rels/.rels': `${kHeader}<Relationships xmlns="${kPackage}/relationships"><Relationship Id="rId1" Type="${kOffice}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${kHeader}<workbook ${kMain} xmlns:r="${kOffice}"><sheets><sheet name="${kind.name.slice(0, 31)}" sheetId="1" r:id="rId1"/>`
      + '<sheet name="schema" sheetId="2" state="hidden" r:id="rId2"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': `${kHeader}<Relationships xmlns="${kPackage}/relationships"><Relationship Id="rId1" Type="${kOffice}/worksheet" Target="worksheets/sheet1.xml"/>`
      + `<Relationship Id="rId2" Type="${kOffice}/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="${kOffice}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': kStyles,
    'xl/worksheets/sheet1.xml': formSheet(headsOf(kind), language),
    'xl/worksheets/sheet2.xml': `${kHeader}<worksheet ${kMain}><sheetData><row r="1">${text('A1', 'kind')}${text('B1', kind.name)}</row></sheetData></worksheet>`,
  };
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, strToU8(xml)])));
}
