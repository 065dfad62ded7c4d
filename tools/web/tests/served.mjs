// A ledger that is served, for the tests of the page: what tests/serve/world.sh makes, and beside it texts that want to
// be markup, a long one, a sum beyond 2^53, and a key file with a passphrase.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { settings } from './tools.mjs';

export const kMarkup = '<script>alert(1)</script><img src=x onerror=alert(2)>"\'&lt;';
export const kLongName = '长'.repeat(2730);  // 8,190 bytes
const kBigFen = '9007199254740993';
export const kEvidence = '一份发票的内容';
export const kPassphrase = '口令 and more';

function run(directory, command, ...args) {
  const env = { ...process.env, PATH: `${settings.bin}:${process.env.PATH}`, SOURCE: settings.source, LC_ALL: 'C.UTF-8' };
  return execFileSync(command, args, { cwd: directory, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

const kMore = `
. "$SOURCE/tests/scenario/setup.sh"
DAY=2026-03-01
{
  printf '%s\\n' "$MARKUP"
  printf '%s\\n' "$LONG"
} | pilotledger record --key keys/operator.pem > /dev/null
award BIG ${kBigFen} | signed trs eit
award C1 300000 | signed trs eit
P=91330100MA2PLT015B C=91330400MA2ENT032U
event PlatformEstablished "$DAY" "\\"platform\\":\\"P1\\",\\"name\\":\\"测试中试平台\\",\\"legalEntity\\":\\"$P\\",\\"constructionType\\":\\"THIRD_PARTY\\",\\"sectors\\":[\\"ROBOTICS\\"],\\"areaType\\":\\"HIGH_TECH_ZONE\\",\\"division\\":\\"330100\\"" | signed plt eit
for n in 1 2; do
  event RevenueReceived "$DAY" "\\"platform\\":\\"P1\\",\\"stream\\":\\"SERVICE\\",\\"payer\\":\\"$C\\",\\"grossFen\\":$((n * 106000)),\\"taxFen\\":$((n * 1000)),\\"netFen\\":$((n * 105000)),\\"invoice\\":{\\"number\\":\\"2533200000000000000\$n\\",\\"totalFen\\":$((n * 106000)),\\"taxFen\\":$((n * 1000))}"
done | signed plt
hash=$(printf '%s' "$EVIDENCE" | sha256sum | cut -d' ' -f1)
event ExpenditureRecorded "$DAY" "\\"award\\":\\"A2\\",\\"spender\\":\\"$P\\",\\"basis\\":\\"INVOICE\\",\\"claimFen\\":900000,\\"invoice\\":{\\"number\\":\\"25332000000012345679\\",\\"totalFen\\":900000},\\"paymentRef\\":\\"FK-2\\"" "\\"evidence\\":[{\\"kind\\":\\"INVOICE\\",\\"hash\\":\\"$hash\\",\\"title\\":\\"发票二\\",\\"locator\\":\\"files/invoice-2.pdf\\"}]," | signed plt
{ grep ^Name: keys/aud.pem
  openssl pkcs8 -topk8 -v2 aes-256-cbc -in keys/aud.pem -passout "pass:$PASSPHRASE"
} > keys/aud-locked.pem
`;

const kStory = `
export PL=pilotledger KEYS=$PWD/keys PILOTLEDGER_DIR=$PWD/ledger
mkdir keys
. "$SOURCE/tools/story/vocabulary.sh"
today 2025-06-20
policy=$SOURCE/tools/story/zhejiang-draft.jsonl
pilotledger init --origin story.example --operator-name '账本运营方（示例）' --policy "$policy" --output vkey > /dev/null
cp ledger/operator.pem keys/
tell "$SOURCE/tools/story"
`;

function registered(party, name) {
  return JSON.stringify({ kind: 'PartyRegistered', legalDate: '2026-03-01', body: { party, name, kind: 'ENTERPRISE' } });
}

export async function openServed() {
  const directory = mkdtempSync(join(tmpdir(), 'web-page-'));
  run(directory, join(settings.source, 'tests/serve/world.sh'));
  writeFileSync(join(directory, 'more.sh'), kMore);
  run(directory, 'env', `MARKUP=${registered('x1:markup', kMarkup)}`, `LONG=${registered('x1:long', kLongName)}`,
      `PASSPHRASE=${kPassphrase}`, `EVIDENCE=${kEvidence}`, 'bash', '-euo', 'pipefail', 'more.sh');
  return served(directory);
}

// The invented story of tools/story, which has something for each reader.
export async function openStory() {
  const directory = mkdtempSync(join(tmpdir(), 'web-story-'));
  writeFileSync(join(directory, 'story.sh'), kStory);
  run(directory, 'bash', '-euo', 'pipefail', 'story.sh');
  return served(directory);
}

async function served(directory) {
  writeFileSync(join(directory, 'serve.toml'), 'challenges_per_minute = 60\n');
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  const server = spawn(join(settings.bin, 'pilotledger'), ['serve', 'ledger', '--listen', '127.0.0.1:0', '--config', 'serve.toml'], {
    cwd: directory, env, stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: server.stdout }).once('line', resolve);
    server.once('exit', (code) => reject(new Error(`serve ended with ${code}`)));
  });
  return {
    url: url.trim(),
    directory,
    key: (name) => join(directory, 'keys', `${name}.pem`),
    secretOf: (name) => readFileSync(join(directory, 'keys', `${name}.pem`), 'utf8').replace(/-----[^-]+-----|Name:.*|\s/g, ''),
    async close() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
