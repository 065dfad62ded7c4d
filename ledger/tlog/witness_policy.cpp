#include "ledger/tlog/witness_policy.h"

#include <fmt/format.h>

#include <algorithm>

#include "ledger/tlog/checkpoint.h"
#include "ledger/tlog/rejection.h"

namespace pilotledger::proof {
namespace {

constexpr std::size_t kMaxPolicyBytes = 1u << 20;
constexpr std::size_t kMaxMembers = 256;  // of each kind: logs, witnesses, groups

Error badPolicy(std::string en, std::string zh) { return invalidInput(std::move(en), std::move(zh)); }

std::vector<std::string_view> wordsOf(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    std::size_t start = line.find_first_not_of(" \t");
    if (start == line.npos) return words;
    std::size_t end = std::min(line.find_first_of(" \t", start), line.size());
    words.push_back(line.substr(start, end - start));
    line.remove_prefix(end);
  }
}

bool hasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7f;
  });
}

}  // namespace

const PolicyWitness* WitnessPolicy::findWitness(std::string_view name) const {
  auto at = std::find_if(witnesses_.begin(), witnesses_.end(), [&](const PolicyWitness& w) { return w.name == name; });
  return at == witnesses_.end() ? nullptr : &*at;
}

const PolicyWitness* WitnessPolicy::findCosigner(const NoteSignature& signature) const {
  auto at = std::find_if(witnesses_.begin(), witnesses_.end(), [&](const PolicyWitness& w) {
    return w.key.id() == signature.keyId && w.key.name() == signature.name;
  });
  return at == witnesses_.end() ? nullptr : &*at;
}

bool WitnessPolicy::isDefined(std::string_view name) const {
  return name == "none" || findWitness(name) != nullptr ||
         std::any_of(groups_.begin(), groups_.end(), [&](const Group& g) { return g.name == name; });
}

Status WitnessPolicy::addGroup(const std::vector<std::string_view>& words) {
  Group group;
  group.name = words[1];
  for (std::size_t i = 3; i < words.size(); ++i) {
    std::string member(words[i]);
    if (member == "none" || !isDefined(member)) {
      return badPolicy(fmt::format("member '{}' is not defined above", member),
                       fmt::format("成员“{}”未在前文定义", member));
    }
    auto has = [&](const Group& g) { return std::find(g.members.begin(), g.members.end(), member) != g.members.end(); };
    if (has(group) || std::any_of(groups_.begin(), groups_.end(), has)) {
      return badPolicy(fmt::format("'{}' is a member already; each name counts once", member),
                       fmt::format("“{}”已是成员，每个名称只计一次", member));
    }
    group.members.push_back(std::move(member));
  }
  if (words[2] == "any" || words[2] == "all") {
    group.threshold = words[2] == "any" ? 1 : group.members.size();
  } else {
    PL_TRY(group.threshold, parseDecimal(words[2], "threshold"));
    if (group.threshold < 1 || group.threshold > group.members.size()) {
      return badPolicy(fmt::format("threshold {} of {} members", words[2], group.members.size()),
                       fmt::format("门限 {} 与成员数 {} 不符", words[2], group.members.size()));
    }
  }
  groups_.push_back(std::move(group));
  return {};
}

Status WitnessPolicy::addLine(const std::vector<std::string_view>& words, bool& quorumSeen) {
  std::string_view what = words[0];
  bool defines =
      (what == "witness" && (words.size() == 3 || words.size() == 4)) || (what == "group" && words.size() >= 4);
  if (defines && isDefined(words[1])) {
    return badPolicy(fmt::format("the name '{}' is taken", words[1]), fmt::format("名称“{}”重复", words[1]));
  }
  if (logs_.size() > kMaxMembers || witnesses_.size() > kMaxMembers || groups_.size() > kMaxMembers) {
    return badPolicy("more than 256 lines of a kind", "同类行超过 256 行");
  }
  if (what == "log" && (words.size() == 2 || words.size() == 3)) {
    PL_TRY(crypto::VerifyKey key, crypto::VerifyKey::parse(words[1]));
    for (const PolicyLog& other : logs_) {
      if (std::ranges::equal(other.key.publicKey(), key.publicKey()))
        return badPolicy("this log key is listed already", "日志密钥重复");
    }
    logs_.push_back({std::move(key), std::string(words.size() == 3 ? words[2] : "")});
    return {};
  }
  if (what == "witness" && defines) {
    PL_TRY(CosignerKey key, CosignerKey::parse(words[2]));
    for (const PolicyWitness& other : witnesses_) {
      if (std::ranges::equal(other.key.key().publicKey(), key.key().publicKey()))
        return badPolicy("this witness key is listed already", "见证密钥重复");
    }
    witnesses_.push_back({std::string(words[1]), std::move(key), std::string(words.size() == 4 ? words[3] : "")});
    return {};
  }
  if (what == "group" && defines) return addGroup(words);
  if (what == "quorum" && words.size() == 2) {
    if (quorumSeen) return badPolicy("a second quorum line", "quorum 行重复");
    if (!isDefined(words[1]))
      return badPolicy(fmt::format("quorum '{}' is not defined above", words[1]),
                       fmt::format("quorum “{}”未定义", words[1]));
    quorum_ = words[1];
    quorumSeen = true;
    return {};
  }
  return badPolicy(fmt::format("expected log VKEY [URL], witness NAME VKEY [URL], group NAME K|any|all MEMBER..., or "
                               "quorum NAME; found '{}'",
                               what.substr(0, 40)),
                   fmt::format("应为 log、witness、group 或 quorum 行，实为“{}”", what.substr(0, 40)));
}

Result<WitnessPolicy> WitnessPolicy::parse(std::string_view text) {
  if (text.size() > kMaxPolicyBytes || hasControl(text))
    return badPolicy("policy: control characters, or longer than 1 MiB", "策略文件含控制字符或过大");
  if (!text.empty() && text.back() != '\n') return badPolicy("policy: no newline at the end", "策略文件末尾缺少换行");
  WitnessPolicy policy;
  bool quorumSeen = false;
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::size_t end = text.find('\n');
    auto words = wordsOf(text.substr(0, end));
    text.remove_prefix(end + 1);
    if (words.empty() || words[0].starts_with('#')) continue;
    if (Status added = policy.addLine(words, quorumSeen); !added.ok()) {
      return std::move(added).error().within(fmt::format("policy line {}", number),
                                             fmt::format("策略第 {} 行", number));
    }
  }
  if (!quorumSeen)
    return badPolicy("policy: no quorum line; 'quorum none' asks for no witness",
                     "策略缺少 quorum 行；quorum none 表示不要求见证");
  return policy;
}

bool WitnessPolicy::holds(const std::string& name, const std::vector<bool>& seen) const {
  if (const PolicyWitness* witness = findWitness(name))
    return seen[static_cast<std::size_t>(witness - witnesses_.data())];
  for (const Group& group : groups_) {
    if (group.name != name) continue;
    auto good =
        std::count_if(group.members.begin(), group.members.end(), [&](const std::string& m) { return holds(m, seen); });
    return static_cast<std::size_t>(good) >= group.threshold;
  }
  return false;
}

bool WitnessPolicy::meetsQuorum(const std::vector<bool>& seen) const {
  PL_ASSERT(seen.size() == witnesses_.size());
  return quorum_ == "none" || holds(quorum_, seen);
}

Result<std::vector<bool>> WitnessPolicy::cosigners(const Note& note) const {
  std::vector<bool> seen(witnesses_.size(), false);
  for (const NoteSignature& signature : note.signatures) {
    const PolicyWitness* witness = findCosigner(signature);
    if (witness == nullptr) continue;
    PL_TRY([[maybe_unused]] std::uint64_t seconds, verifyCosignature(note.text, signature, witness->key));
    seen[static_cast<std::size_t>(witness - witnesses_.data())] = true;
  }
  return seen;
}

Status WitnessPolicy::requireQuorum(const Note& note) const {
  PL_TRY(std::vector<bool> seen, cosigners(note));
  if (meetsQuorum(seen)) return {};
  std::string have;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i]) have += (have.empty() ? "" : ", ") + witnesses_[i].name;
  }
  Error error = rejected("NoQuorum", fmt::format("the cosignatures do not make the quorum '{}'", quorum_),
                         fmt::format("联署未达到法定数“{}”", quorum_));
  error.expected = quorum_;
  error.found = have.empty() ? "none" : have;
  return error;
}

}  // namespace pilotledger::proof
