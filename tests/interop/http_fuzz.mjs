// Two parsers read the same odd bytes: the server of tools/http and node's (llhttp). What one serves as N requests the
// other must not serve as more, or as others, unless it said no: else a proxy and we would not see the same requests.
//   node http_fuzz.mjs PORT CASES
import http from 'node:http';
import net from 'node:net';

const [port, cases] = process.argv.slice(2).map(Number);
let state = 20261130;
const random = (below) => {  // mulberry32: the same cases in every run
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % below;
};
const pick = (list) => list[random(list.length)];

const get = 'GET /a?b=c HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n';
const post = 'POST /p HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\nhello world';
const inner = 'POST /o HTTP/1.1\r\nHost: a\r\nContent-Length: 41\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\nX: yes\r\n\r\n';
const chunked = 'POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n';
const seeds = [get, post, get + post, post + get, inner, chunked, chunked + get,
  'HEAD /h HTTP/1.1\r\nHost: a\r\n\r\n' + get, 'PUT /u HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n' + get,
  'GET /old HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n' + get,
  'POST /e HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello',
  'GET /cc HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' + get];
const splices = ['\r\n', '\n', '\r', ' ', '\t', '\0', ':', ',', ';', '\r\n\r\n', '\n\n', ' HTTP/1.1', 'Host: b\r\n', '%', '#',
  '//', '\x0b', '\x80', '\xff', '-', '+', '0x', 'Content-Length: 5\r\n', 'Content-Length : 5\r\n', 'content-length: 3\r\n',
  'Content-Length: 3, 3\r\n', 'Transfer-Encoding: chunked\r\n', 'Transfer-Encoding:\tchunked\r\n', 'Transfer-Encoding: xchunked\r\n',
  'Transfer-Encoding : chunked\r\n', 'X: a\r\n b\r\n', 'Connection: close\r\n', 'Connection: content-length\r\n', 'Upgrade: x\r\n',
  '0\r\n\r\n', '5\r\nhello\r\n', 'ffffffffffffffff1\r\n', get, 'Expect: 100-continue\r\n', 'HTTP/1.1 200 OK\r\n\r\n'];

function mutated() {
  let text = pick(seeds);
  for (let n = 1 + random(2); n > 0; --n) {
    const at = random(text.length + 1);
    const line = text.indexOf('\r\n', at) + 2;
    switch (random(7)) {
      case 0: text = text.slice(0, at) + pick(splices) + text.slice(at); break;
      case 1: text = text.slice(0, at) + String.fromCharCode(random(256)) + text.slice(at + 1); break;
      case 2: text = text.slice(0, at) + text.slice(at + 1 + random(3)); break;
      case 3: text = text.slice(0, line) + pick(splices) + text.slice(line); break;  // where a field begins
      case 4: text = text.slice(0, line) + text.slice(line, text.indexOf('\r\n', line) + 2) + text.slice(line); break;
      case 5: text = text.replace(/\d+/, (length) => String(Number(length) + random(5) - 2)); break;
      case 6: text = text.slice(0, at) + text.slice(at, at + 12).toUpperCase() + text.slice(at + 12); break;
    }
  }
  return Buffer.from(text + (random(2) ? get : ''), 'latin1');
}

function ask(where, bytes) {
  return new Promise((resolve) => {
    const socket = net.connect(where, '127.0.0.1');
    let got = '';
    const done = () => { socket.destroy(); resolve(got); };
    socket.setTimeout(3000, done);
    socket.on('data', (data) => { got += data.toString('latin1'); });
    socket.on('close', done).on('error', done);
    socket.end(bytes);
  });
}
const served = (answer) => [...answer.matchAll(/X-Served: (.*)\r\n/g)].map((match) => match[1]);
const refused = (answer) => /HTTP\/1\.1 [45]\d\d /.test(answer);

const other = http.createServer({ keepAliveTimeout: 1000 }, (request, answer) => {
  let size = 0;
  request.on('data', (data) => { size += data.length; });
  request.on('end', () => {
    answer.setHeader('X-Served', `${request.method} ${request.url} ${size}`);
    answer.end('ok');
  });
}).listen(0, '127.0.0.1');
await new Promise((resolve) => other.once('listening', resolve));

const tally = { both: 0, weRefused: 0, otherRefused: 0, neither: 0 };
let bad = 0;
// A client that closes its writing side may be taken to have left, and then gets 503 for what it asked: by chance of
// time. Parsers do not differ by chance: what differs must do so each time.
async function compare(bytes, again = 2) {
  const [ours, theirs] = await Promise.all([ask(port, bytes), ask(other.address().port, bytes)]);
  const a = served(ours), b = served(theirs);
  const shared = Math.min(a.length, b.length);
  const alike = a.slice(0, shared).join() === b.slice(0, shared).join();
  const fewer = a.length < b.length && !refused(ours), more = a.length > b.length && !refused(theirs);
  if (!alike || fewer || more) {
    if (again > 0) return compare(bytes, again - 1);
    ++bad;
    console.log(JSON.stringify({ bytes: bytes.toString('latin1'), ours: a, theirs: b }));
  }
  ++tally[a.length > 0 && a.length === b.length ? 'both' : refused(ours) ? 'weRefused' : refused(theirs) ? 'otherRefused' : 'neither'];
}
const all = Array.from({ length: cases }, mutated);
const lanes = Array.from({ length: 32 }, async () => { while (all.length > 0) await compare(all.pop()); });
await Promise.all(lanes);
other.close();
other.closeAllConnections();
console.log(`cases ${cases}: read alike ${tally.both}, refused by us ${tally.weRefused}, by the other only ${tally.otherRefused}, ` +
  `no whole request ${tally.neither}; read differently ${bad}`);
process.exit(bad > 0 || tally.both < cases / 20 || tally.weRefused < cases / 20 ? 1 : 0);
