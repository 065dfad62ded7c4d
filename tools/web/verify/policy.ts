// Witness policies (C2SP tlog-policy): whose cosignatures the reader wants. ledger/tlog/witness_policy.h has the lines.
import { type Bytes, parseDecimal } from './bytes';
import { locatedIn, rejected, unreadable } from './fault';
import { CosignerKey, VerifyKey } from './key';
import { type Note, verifyCosignature } from './note';

const kMaxPolicyBytes = 1 << 20;
const kMaxMembers = 256;

interface Group {
  name: Bytes;
  threshold: number;
  members: Bytes[];
}

export interface Cosigned {
  witness: Bytes;
  seconds: bigint;
}

export class WitnessPolicy {
  private readonly logs: VerifyKey[] = [];
  private readonly witnesses: { name: Bytes; key: CosignerKey }[] = [];
  private readonly groups: Group[] = [];
  private quorum: Bytes | null = null;

  static parse(text: Bytes): WitnessPolicy {
    if (text.length > kMaxPolicyBytes || /[\x00-\x08\x0b-\x1f\x7f]/.test(text)) {
      throw unreadable('policy: control characters, or longer than 1 MiB', '策略文件含控制字符或过大');
    }
    if (text !== '' && !text.endsWith('\n')) throw unreadable('policy: no newline at the end', '策略文件末尾缺少换行');
    const policy = new WitnessPolicy();
    text.split('\n').forEach((line, i) => {
      const words = line.split(/[ \t]+/).filter((word) => word !== '');
      if (words.length === 0 || words[0]?.startsWith('#')) return;
      try {
        policy.addLine(words);
      } catch (error) {
        throw locatedIn(`policy line ${i + 1}`, `策略第 ${i + 1} 行`, error);
      }
    });
    if (policy.quorum !== null) return policy;
    throw unreadable("policy: no quorum line; 'quorum none' asks for no witness", '策略缺少 quorum 行；quorum none 表示不要求见证');
  }

  // Who cosigned the note, when they make the quorum; rejects with NoQuorum otherwise.
  async requireQuorum(note: Note): Promise<Cosigned[]> {
    const seen: Cosigned[] = [];
    for (const signature of note.signatures) {
      const witness = this.witnesses.find(({ key }) => key.id === signature.id && key.name === signature.name);
      if (!witness) continue;
      seen.push({ witness: witness.name, seconds: await verifyCosignature(note.text, signature, witness.key) });
    }
    const quorum = this.quorum as Bytes;
    if (quorum === 'none' || this.holds(quorum, new Set(seen.map((one) => one.witness)))) return this.inOrder(seen);
    throw rejected('NoQuorum', `the cosignatures do not make the quorum '${quorum}'`, `联署未达到法定数“${quorum}”`);
  }

  private inOrder(seen: Cosigned[]): Cosigned[] {
    return this.witnesses.flatMap(({ name }) => seen.filter((one) => one.witness === name));
  }

  private holds(name: Bytes, seen: Set<Bytes>): boolean {
    if (this.witnesses.some((one) => one.name === name)) return seen.has(name);
    const group = this.groups.find((one) => one.name === name);
    return group !== undefined && group.members.filter((one) => this.holds(one, seen)).length >= group.threshold;
  }

  private isDefined(name: Bytes): boolean {
    return name === 'none' || [...this.witnesses, ...this.groups].some((one) => one.name === name);
  }

  private addLine(words: Bytes[]): void {
    const [what, name = '', third = ''] = words as [Bytes, Bytes?, Bytes?];
    const count = words.length;
    const definesWitness = what === 'witness' && (count === 3 || count === 4);
    const definesGroup = what === 'group' && count >= 4;
    if ((definesWitness || definesGroup) && this.isDefined(name)) {
      throw unreadable(`the name '${name}' is taken`, `名称“${name}”重复`);
    }
    if (Math.max(this.logs.length, this.witnesses.length, this.groups.length) > kMaxMembers) {
      throw unreadable('more than 256 lines of a kind', '同类行超过 256 行');
    }
    if (what === 'log' && (count === 2 || count === 3)) return this.addLog(VerifyKey.parse(name));
    if (definesWitness) return this.addWitness(name, CosignerKey.parse(third));
    if (definesGroup) return this.addGroup(name, third, words.slice(3));
    if (what === 'quorum' && count === 2) return this.setQuorum(name);
    throw unreadable('expected log VKEY [URL], witness NAME VKEY [URL], group NAME K|any|all MEMBER..., or quorum NAME',
                     '应为 log、witness、group 或 quorum 行');
  }

  private addLog(key: VerifyKey): void {
    if (this.logs.some((other) => other.publicKey === key.publicKey)) {
      throw unreadable('this log key is listed already', '日志密钥重复');
    }
    this.logs.push(key);
  }

  private addWitness(name: Bytes, key: CosignerKey): void {
    if (this.witnesses.some((other) => other.key.key.publicKey === key.key.publicKey)) {
      throw unreadable('this witness key is listed already', '见证密钥重复');
    }
    this.witnesses.push({ name, key });
  }

  private addGroup(name: Bytes, threshold: Bytes, members: Bytes[]): void {
    members.forEach((member, i) => {
      if (member === 'none' || !this.isDefined(member)) {
        throw unreadable(`member '${member}' is not defined above`, `成员“${member}”未在前文定义`);
      }
      if (members.indexOf(member) < i || this.groups.some((group) => group.members.includes(member))) {
        throw unreadable(`'${member}' is a member already; each name counts once`, `“${member}”已是成员，每个名称只计一次`);
      }
    });
    const word = threshold === 'any' ? 1n : threshold === 'all' ? BigInt(members.length) : parseDecimal(threshold);
    if (word === null || word < 1n || word > BigInt(members.length)) {
      throw unreadable(`threshold ${threshold} of ${members.length} members`, `门限 ${threshold} 与成员数 ${members.length} 不符`);
    }
    this.groups.push({ name, threshold: Number(word), members });
  }

  private setQuorum(name: Bytes): void {
    if (this.quorum !== null) throw unreadable('a second quorum line', 'quorum 行重复');
    if (!this.isDefined(name)) throw unreadable(`quorum '${name}' is not defined above`, `quorum “${name}”未定义`);
    this.quorum = name;
  }
}
