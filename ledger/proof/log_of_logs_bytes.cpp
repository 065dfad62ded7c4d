// The bytes of a log-of-logs bundle: text up to the parent's proof, then numbers and hashes as they are. What the list
// says already is left out of the parent's records, and a hash that several paths share stands once.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "ledger/proof/bundle_lines.h"
#include "ledger/proof/log_of_logs.h"
#include "ledger/tlog/rejection.h"

namespace pilotledger::proof {
namespace {

constexpr std::uint8_t kAbsent = 0, kOtherLeaf = 1, kRecorded = 2;
constexpr std::uint8_t kNamed = 0, kAsset = 1, kAlias = 2;
constexpr std::size_t kMaxHashes = 0xffff;

class ByteWriter {
 public:
  void number(std::uint64_t value, int bytes) {
    while (bytes-- > 0) out_ += static_cast<char>(value >> (8 * bytes));
  }
  void hash(const Digest& digest) { out_.append(digest.begin(), digest.end()); }
  void path(const std::vector<Digest>& path) {
    number(path.size(), 2);
    for (const Digest& digest : path) hash(digest);
  }
  void text(std::string_view text) {
    number(text.size(), 4);
    out_ += text;
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// Every read is bounded by what is left.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}
  bool atEnd() const { return rest_.empty(); }

  Result<std::string_view> bytes(std::size_t size) {
    if (size > rest_.size()) return rejected("BadFormat", "bundle: cut off", "答复集不完整");
    std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  Result<std::uint64_t> number(std::size_t size) {
    PL_TRY(std::string_view taken, bytes(size));
    std::uint64_t value = 0;
    for (char c : taken) value = value << 8 | static_cast<std::uint8_t>(c);
    return value;
  }
  Result<Digest> hash() {
    Digest digest;
    PL_TRY(std::string_view taken, bytes(digest.size()));
    std::copy(taken.begin(), taken.end(), digest.begin());
    return digest;
  }
  Result<std::vector<Digest>> path(std::size_t most) {
    PL_TRY(std::uint64_t count, number(2));
    if (count > most) return rejected("PathTooLong", "a path has too many hashes", "路径过长");
    std::vector<Digest> path;
    for (std::uint64_t i = 0; i < count; ++i) {
      PL_TRY(Digest digest, hash());
      path.push_back(digest);
    }
    return path;
  }
  Result<std::string> text() {
    PL_TRY(std::uint64_t size, number(4));
    PL_TRY(std::string_view taken, bytes(size));
    return std::string(taken);
  }

 private:
  std::string_view rest_;
};

// What the list says of a ledger, as its record in the parent has it.
std::array<std::pair<std::string_view, std::string>, 3> saidByList(const ListedLedger& listed) {
  return {{{"name", listed.name}, {"url", listed.url}, {"vkey", listed.key.vkey()}}};
}

Result<std::string> withoutListed(std::string_view text, const ListedLedger& listed) {
  PL_TRY(EntityRecord record, EntityRecord::parse(text));
  for (const auto& [name, value] : saidByList(listed)) {
    if (record.all(name).size() == 1 && record.get(name) == value) record.set(name, "");
  }
  return record.text();
}

Result<std::string> withListed(std::string_view text, const ListedLedger& listed) {
  auto record = EntityRecord::parse(text);
  if (!record.ok()) return rejectedBy("BadRecord", std::move(record).error());
  for (const auto& [name, value] : saidByList(listed)) {
    if (!record->has(name)) record->set(name, value);
  }
  return record->text();
}

// Hashes of all paths in the parent's map, in the order of their first use.
class HashTable {
 public:
  std::uint64_t placeOf(const Digest& digest) {
    auto [at, isNew] = places_.emplace(digest, hashes_.size());
    if (isNew) hashes_.push_back(digest);
    return at->second;
  }
  const std::vector<Digest>& hashes() const { return hashes_; }

 private:
  std::map<Digest, std::uint64_t> places_;
  std::vector<Digest> hashes_;
};

void putEntity(ByteWriter& out, const ProofEntity& entity, const std::string& number) {
  bool asset = entity.key == "ip:" + number, alias = entity.key == "ipalias:" + number;
  out.number(asset ? kAsset : alias ? kAlias : kNamed, 1);
  if (!asset && !alias) out.text(entity.key);
  out.path(entity.map.siblings);
  out.number(entity.record ? kRecorded : entity.map.otherLeaf ? kOtherLeaf : kAbsent, 1);
  if (entity.record) {
    out.text(*entity.record);
  } else if (entity.map.otherLeaf) {
    out.hash(entity.map.otherLeaf->first);
    out.hash(entity.map.otherLeaf->second);
  }
}

Result<ProofEntity> takeEntity(ByteReader& in, const std::string& number) {
  ProofEntity entity;
  PL_TRY(std::uint64_t name, in.number(1));
  entity.key = (name == kAsset ? "ip:" : "ipalias:") + number;
  if (name == kNamed) {
    PL_TRY(entity.key, in.text());
  }
  PL_TRY(entity.map.siblings, in.path(kMaxMapPath));
  PL_TRY(std::uint64_t kind, in.number(1));
  if (kind == kRecorded) {
    PL_TRY(entity.record, in.text());
  } else if (kind == kOtherLeaf) {
    PL_TRY(Digest keyHash, in.hash());
    PL_TRY(Digest valueHash, in.hash());
    entity.map.otherLeaf = std::pair(keyHash, valueHash);
  }
  return entity;
}

void putLast(ByteWriter& out, const ProofEntry& last) {
  out.number(static_cast<std::uint64_t>(last.entry.recordedAtMs), 8);
  out.hash(last.entry.eventDigest);
  out.hash(last.entry.submissionDigest);
  out.number(last.entry.position, 4);
  out.hash(last.entry.stateRoot.value_or(Digest{}));
  out.path(last.path);
}

// Its index is the recorded size less one.
Result<ProofEntry> takeLast(ByteReader& in, const EntityRecord& listed) {
  ProofEntry last;
  last.entry.index = static_cast<std::uint64_t>(listed.number("size")) - 1;
  PL_TRY(std::uint64_t time, in.number(8));
  last.entry.recordedAtMs = static_cast<std::int64_t>(time);
  PL_TRY(last.entry.eventDigest, in.hash());
  PL_TRY(last.entry.submissionDigest, in.hash());
  PL_TRY(std::uint64_t position, in.number(4));
  last.entry.position = static_cast<std::uint32_t>(position);
  PL_TRY(last.entry.stateRoot, in.hash());
  PL_TRY(last.path, in.path(kMaxLogPath));
  return last;
}

// The record in the parent; of the first ledger the parent's own proof has it.
Result<ProofEntity> takeListed(ByteReader& in, const std::vector<Digest>& hashes, const ListedLedger& listed) {
  ProofEntity entity;
  entity.key = "ledger:" + listed.origin();
  PL_TRY(std::uint64_t count, in.number(1));
  for (std::uint64_t i = 0; i < count; ++i) {
    PL_TRY(std::uint64_t place, in.number(2));
    if (place >= hashes.size()) return rejected("BadFormat", "bundle: no such hash", "答复集格式错误");
    entity.map.siblings.push_back(hashes[place]);
  }
  PL_TRY(std::string reduced, in.text());
  PL_TRY(entity.record, withListed(reduced, listed));
  return entity;
}

Result<RecordedLedger> takeLedger(ByteReader& in, ProofEntity listed, const std::string& number) {
  RecordedLedger ledger{std::move(listed), std::nullopt, {}};
  if (!ledger.listed.record) return rejected("MissingPart", "a ledger without a record", "缺少账本记录");
  auto record = EntityRecord::parse(*ledger.listed.record);
  if (!record.ok()) return rejectedBy("BadRecord", std::move(record).error());
  if (whyNotAsked(*record)) return ledger;
  PL_TRY(ledger.last, takeLast(in, *record));
  PL_TRY(std::uint64_t count, in.number(2));
  for (std::uint64_t i = 0; i < count; ++i) {
    PL_TRY(ProofEntity entity, takeEntity(in, number));
    ledger.records.push_back(std::move(entity));
  }
  return ledger;
}

}  // namespace

Result<std::string> LogOfLogs::serialize() const {
  PL_TRY(LedgerList listed, readLedgerList(list));
  if (listed.ledgers.size() != ledgers.size())
    return rejected("MissingPart", "not as many answers as the list has ledgers", "答复数与名录账本数不符");
  HashTable table;
  ByteWriter body;
  for (std::size_t i = 0; i < ledgers.size(); ++i) {
    const RecordedLedger& one = ledgers[i];
    if (i > 0) {
      body.number(one.listed.map.siblings.size(), 1);
      for (const Digest& digest : one.listed.map.siblings) body.number(table.placeOf(digest), 2);
      PL_TRY(std::string reduced, withoutListed(one.listed.record.value_or(""), listed.ledgers[i]));
      body.text(reduced);
    }
    if (!one.last) continue;
    putLast(body, *one.last);
    body.number(one.records.size(), 2);
    for (const ProofEntity& entity : one.records) putEntity(body, entity, number);
  }
  ByteWriter binary;
  binary.path(table.hashes());
  std::string out = fmt::format("{}\nask {}\n", kLogOfLogsMagic, number);
  putSized(out, "list", list);
  putSized(out, "parent", parent.serialize());
  putSized(out, "ledgers", binary.take() + body.take());
  return out;
}

Result<LogOfLogs> LogOfLogs::parse(std::string_view bytes) {
  BundleLines lines(bytes);
  LogOfLogs proof;
  PL_CHECK(lines.magic(kLogOfLogsMagic));
  PL_TRY(std::string_view number, lines.field("ask"));
  proof.number = number;
  PL_TRY(std::string_view list, lines.sized("list"));
  proof.list = list;
  PL_TRY(LedgerList listed, readLedgerList(list));
  PL_TRY(std::string_view parent, lines.sized("parent"));
  PL_TRY(proof.parent, ProofFile::parse(parent));
  if (proof.parent.entities.size() != 1) return lines.bad("the parent proves one record");
  PL_TRY(std::string_view body, lines.sized("ledgers"));
  ByteReader in(body);
  PL_TRY(std::vector<Digest> hashes, in.path(kMaxHashes));
  for (std::size_t i = 0; i < listed.ledgers.size(); ++i) {
    ProofEntity entity = proof.parent.entities.front();
    if (i > 0) {
      PL_TRY(entity, takeListed(in, hashes, listed.ledgers[i]));
    }
    PL_TRY(RecordedLedger ledger, takeLedger(in, std::move(entity), proof.number));
    proof.ledgers.push_back(std::move(ledger));
  }
  // One spelling: what was read is what would be written.
  PL_TRY(std::string again, proof.serialize());
  if (!lines.atEnd() || !in.atEnd() || again != bytes)
    return rejected("NotCanonical", "the file is spelled in another way than bundles are written", "文件写法不规范");
  return proof;
}

}  // namespace pilotledger::proof
