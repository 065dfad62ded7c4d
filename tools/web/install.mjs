// npm ci, when the lock file is not the one that was installed: node install.mjs NPM STAMP
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const room = dirname(fileURLToPath(import.meta.url));
const [npm, stamp] = process.argv.slice(2);
const lock = readFileSync(join(room, 'package-lock.json'), 'utf8');
const installed = join(room, 'node_modules', '.installed');  // the lock file that they were installed from

if (!existsSync(installed) || readFileSync(installed, 'utf8') !== lock) {
  const { status } = spawnSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: room, stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    console.error('The page needs the packages of tools/web/package-lock.json, and npm could not bring them: check the network and the registry (npm config get registry), then build again.');
    console.error('网页所需的软件包（见 tools/web/package-lock.json）未能由 npm 取得：请检查网络和镜像地址（npm config get registry），然后重新编译。');
    process.exit(1);
  }
  writeFileSync(installed, lock);
}
writeFileSync(stamp, lock);
