#include "tools/verifier/proof_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "events/codec.h"
#include "events/json.h"
#include "events/money.h"
#include "ledger/crypto/encoding.h"

namespace pilotledger::verifier {
namespace {

using proof::Question;

// "  label:     value" or "  标签：值".
class Writer {
 public:
  explicit Writer(Language speech) : zh_(speech == Language::Chinese) {}
  std::string_view say(std::string_view en, std::string_view chinese) const { return zh_ ? chinese : en; }
  void title(const std::string& en, const std::string& chinese) {
    out_ += zh_ ? "核验通过：" + chinese + "\n" : "VERIFIED: " + en + "\n";
  }
  void line(std::string_view en, std::string_view chinese, const std::string& value) {
    out_ +=
        zh_ ? fmt::format("  {}：{}\n", chinese, value) : fmt::format("  {:<11} {}\n", std::string(en) + ":", value);
  }
  void add(std::string_view text) { out_ += text; }
  std::string take() { return std::move(out_); }

 private:
  bool zh_;
  std::string out_;
};

bool anyEnforced(const proof::PledgeStatus& status) {
  return std::any_of(status.pledges.begin(), status.pledges.end(),
                     [](const proof::PledgeOfAsset& pledge) { return pledge.state == "enforced"; });
}

std::string meaning(const Writer& w, const proof::PledgeStatus& status) {
  switch (status.answer) {
    case proof::PledgeAnswer::Active: return std::string(w.say("in pledge", "在押"));
    case proof::PledgeAnswer::Released:
      if (anyEnforced(status)) {
        return std::string(w.say("no pledge in force: a pledgee was paid from this right; ask who owns it now",
                                 "无有效质押：曾有质权人就该权利受偿，请核实现权利人"));
      }
      return std::string(
          w.say("free: every pledge recorded here has been released", "无有效质押：所记录的质押均已注销"));
    case proof::PledgeAnswer::None:
      return std::string(w.say("no pledge in force is recorded in this ledger", "本账本未记录有效质押"));
    case proof::PledgeAnswer::Unknown:
      return std::string(w.say("the asset is not recorded in this ledger", "本账本未记录该知识产权"));
  }
  return "";
}

// Who was paid from a right did not release it.
std::string_view bareHeadline(const proof::PledgeStatus& status) {
  bool enforced = status.answer == proof::PledgeAnswer::Released && anyEnforced(status);
  return enforced ? "ENFORCED" : proof::answerText(status.answer);
}

std::string amountText(const proof::PledgeOfAsset& pledge) {
  auto currency = events::parseCurrency(pledge.currency);
  return pledge.amountFen == 0 || !currency.ok()
             ? "-"
             : events::formatMoney(pledge.amountFen, *currency) + " " + pledge.currency;
}

std::string stateText(const Writer& w, const std::string& state) {
  for (auto [word, chinese] : {std::pair("active", "有效"),
                               {"released", "已注销"},
                               {"agreed", "已签约未登记"},
                               {"enforced", "已实现质权"},
                               {"revoked", "已撤销"},
                               {"in-force", "权利有效"},
                               {"invalidated", "已宣告无效"},
                               {"ended", "权利终止"}}) {
    if (state == word) return std::string(w.say(state, chinese));
  }
  return state;
}

std::string entryLine(const Writer& w, const proof::ProvenEntry& proven) {
  std::string what = std::string(w.say("(event not of this build's schema)", "（本程序的模式不识此事件）"));
  std::string date = "-";
  if (auto event = events::Event::decode(*proven.event); event.ok()) {
    what = w.say(event->kind().name, event->kind().label.zh);
    date = events::formatCivilDate(event->legalDate());
  }
  return fmt::format("{:>8}  {}  {}  {}\n", proven.entry.index, events::formatUtcMs(proven.entry.recordedAtMs), date,
                     what);
}

void writeEvent(Writer& w, const proof::ProvenEntry& proven) {
  w.title(fmt::format("entry {} is in the log", proven.entry.index),
          fmt::format("第 {} 条在日志中", proven.entry.index));
  w.line("recorded", "记录时间", events::formatUtcMs(proven.entry.recordedAtMs));
  for (const auto& signer : proven.signers) {
    std::string who =
        signer.boundBy
            ? fmt::format(fmt::runtime(w.say("{}, key {} (bound by entry {})", "{}，密钥 {}（由第 {} 条绑定）")),
                          signer.party, signer.key, *signer.boundBy)
            : signer.key;
    w.line("signed by", "签署", who);
  }
  w.line("digest", "事件摘要", crypto::toHex(proven.entry.eventDigest));
  if (!proven.event) {
    w.line("event", "事件",
           std::string(w.say("withheld; its bytes must have this digest", "未出示；其字节须有上列摘要")));
  } else if (auto event = events::Event::decode(*proven.event); event.ok()) {
    w.line("event", "事件", std::string(w.say(event->kind().name, event->kind().label.zh)));
    w.add(events::jsonOf(*event).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  } else {
    w.line("event", "事件", std::string(w.say("not of this build's schema", "本程序的模式不识此事件")));
  }
}

void writeEntity(Writer& w, const proof::VerifiedProof& claim) {
  const proof::ProvenEntity& entity = claim.entities.front();
  if (!entity.record) {
    w.title("no entry names " + entity.key, "没有条目提及 " + entity.key);
    if (entity.key.starts_with("ip:")) {
      w.add(fmt::format("  {}\n", w.say("A right granted under another number than its application's is recorded under "
                                        "the application; a proof of the pledge answer covers both.",
                                        "授权号与申请号不同的权利按申请号记录；质押查询证明涵盖两者。")));
    }
    return;
  }
  if (claim.question.kind == Question::Kind::History) {
    w.title(fmt::format("these {} entries are all that name {}", claim.entries.size(), entity.key),
            fmt::format("提及 {} 的全部条目即以下 {} 条", entity.key, claim.entries.size()));
    for (const auto& proven : claim.entries) w.add(entryLine(w, proven));
    w.add("\n");
  } else {
    w.title(fmt::format("{} is recorded as follows", entity.key), fmt::format("{} 的记录如下", entity.key));
  }
  w.add(entity.record->text());
}

nlohmann::ordered_json entryJson(const proof::ProvenEntry& proven) {
  nlohmann::ordered_json json = {{"index", proven.entry.index},
                                 {"recordedAt", events::formatUtcMs(proven.entry.recordedAtMs)},
                                 {"eventDigest", crypto::toHex(proven.entry.eventDigest)}};
  for (const auto& signer : proven.signers) {
    nlohmann::ordered_json one = {{"key", signer.key}};
    if (signer.boundBy) one.update({{"party", signer.party}, {"boundBy", *signer.boundBy}});
    json["signers"].push_back(std::move(one));
  }
  if (proven.event) {
    auto event = events::Event::decode(*proven.event);
    if (event.ok()) json["event"] = events::jsonOf(*event);
  }
  return json;
}

std::string timeText(std::uint64_t seconds) { return events::formatUtcMs(static_cast<std::int64_t>(seconds) * 1000); }

// Who vouches for the checkpoint, as far as the reader gave what it takes to check it.
void writeVouchers(Writer& w, const proof::VerifiedProof& claim) {
  w.line("log key", "日志密钥", claim.signedBy);
  if (!claim.keyChanges.empty()) {
    w.line("key chain", "密钥轮换",
           fmt::format(
               fmt::runtime(w.say("each key named by the one before, entries {}", "各密钥由前一密钥指定，第 {} 条")),
               fmt::join(claim.keyChanges, ", ")));
  }
  for (const auto& one : claim.cosignatures)
    w.line("witness", "见证", fmt::format("{}  {}", one.witness, timeText(one.seconds)));
  if (claim.cosignatures.empty() && claim.cosignaturesGiven > 0) {
    w.line("witnesses", "见证",
           fmt::format(
               fmt::runtime(w.say("{} cosignatures, not checked: no --policy", "{} 个联署，未核验：未给 --policy")),
               claim.cosignaturesGiven));
  }
  for (const auto& one : claim.timestamps)
    w.line("stamped", "时间戳", fmt::format("{}  {}", events::formatUtcMs(one.seconds * 1000), one.authority));
  if (claim.timestamps.empty() && claim.timestampsGiven > 0) {
    w.line("stamps", "时间戳",
           fmt::format(fmt::runtime(w.say("{}, not checked: no --tsa-cert", "{} 个，未核验：未给 --tsa-cert")),
                       claim.timestampsGiven));
  }
}

std::string questionWord(Question::Kind kind) {
  switch (kind) {
    case Question::Kind::Event: return "event";
    case Question::Kind::Entry: return "entry";
    case Question::Kind::Entity: return "entity";
    case Question::Kind::History: return "history";
    case Question::Kind::Pledge: return "pledge";
  }
  return "";
}

}  // namespace

std::string_view whatAProofShows(Language speech) {
  return speech == Language::Chinese
             ? "账本已签署上述内容，不可悄然撤回；规则是否得到遵守，须重放日志（verify）方可确认。"
             : "The ledger has signed this and can never take it back unseen; that the rules were followed is shown by "
               "replaying the log (verify).";
}

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    bool good = events::checkText(line).ok();
    for (char c : line) {
      auto byte = static_cast<unsigned char>(c);
      out += good || (byte >= 0x20 && byte < 0x7f) ? std::string(1, c) : fmt::format("\\x{:02x}", byte);
    }
    if (end < text.size()) out += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

PledgeDetails detailsOf(const proof::VerifiedProof& claim) {
  PledgeDetails details;
  if (!claim.pledge) return details;
  for (const proof::ProvenEntity& entity : claim.entities) {
    if (!entity.record) continue;
    if (entity.key.starts_with("party:")) details.names[entity.key.substr(6)] = entity.record->get("name");
    if (entity.key != "ip:" + claim.pledge->number) continue;
    for (std::string_view id : entity.record->all("pledge.any")) {
      bool registered = false;
      for (const char* list : {"pledge.active", "pledge.released", "pledge.enforced", "pledge.revoked"})
        registered = registered || entity.record->contains(list, id);
      if (!registered) details.others.push_back({std::string(id), "", "", "agreed", 0, "", ""});
    }
    for (std::string_view id : entity.record->all("pledge.revoked"))
      details.others.push_back({std::string(id), "", "", "revoked", 0, "", ""});
  }
  return details;
}

std::string pledgeLine(const proof::PledgeOfAsset& pledge, Language speech) {
  Writer w(speech);
  std::string holder = pledge.pledgeeName.empty() ? pledge.pledgee : pledge.pledgeeName;
  std::string line = stateText(w, pledge.state) + " " + pledge.pledge;
  if (!holder.empty()) line += "  " + holder + "  " + amountText(pledge);
  return line + (pledge.debtTo.empty() ? "" : "  -> " + pledge.debtTo);
}

std::string pledgeSentence(const proof::PledgeStatus& status, Language speech) {
  Writer w(speech);
  if (!status.frozen.empty())
    return std::string(w.say("preserved by a court: must not be pledged", "司法保全，不得质押"));
  return meaning(w, status);
}

std::string_view pledgeHeadline(const proof::PledgeStatus& status) {
  return status.frozen.empty() ? bareHeadline(status) : "FROZEN";
}

std::string pledgeText(const proof::PledgeStatus& status, const PledgeDetails& details, Language speech) {
  Writer w(speech);
  if (!status.frozen.empty()) w.add(fmt::format("FROZEN  {}  {}\n", status.number, pledgeSentence(status, speech)));
  w.add(fmt::format("{}  {}  {}\n", bareHeadline(status), status.number, meaning(w, status)));
  auto line = [&](std::string_view en, std::string_view zh, const std::string& value) {
    if (!value.empty())
      w.add(speech == Language::Chinese ? fmt::format("  {}：{}\n", zh, value)
                                        : fmt::format("  {:<9} {}\n", std::string(en) + ":", value));
  };
  line("frozen", "保全", status.frozen);
  line("state", "法律状态", stateText(w, status.state));
  line("expires", "期满日", status.expires);
  for (const std::string& owner : status.owners) {
    auto name = details.names.find(owner);
    line("owner", "权利人", name == details.names.end() ? owner : owner + "  " + name->second);
  }
  for (const auto& pledge : status.pledges) line("pledge", "质押", pledgeLine(pledge, speech));
  for (const auto& other : details.others) {
    bool agreed = other.state == "agreed";
    line(agreed ? "signed" : "revoked", agreed ? "合同" : "撤销",
         pledgeLine(other, speech) +
             std::string(agreed ? w.say("  (contract signed, not registered)", "")
                                : w.say("  (registration void from the start)", "（登记自始无效）")));
  }
  return w.take();
}

namespace {

nlohmann::ordered_json pledgesJson(const std::vector<proof::PledgeOfAsset>& pledges) {
  auto out = nlohmann::ordered_json::array();
  for (const auto& p : pledges) {
    nlohmann::ordered_json one = {
        {"pledge", p.pledge}, {"state", p.state}, {"pledgee", p.pledgee}, {"pledgeeName", p.pledgeeName}};
    if (p.amountFen != 0) one["amountFen"] = std::to_string(p.amountFen);  // none: not stated, or withheld
    one["currency"] = p.currency;
    one["debtTo"] = p.debtTo;
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

nlohmann::ordered_json pledgeJson(const proof::PledgeStatus& status, const PledgeDetails& details) {
  nlohmann::ordered_json out = {{"answer", pledgeHeadline(status)}, {"pledgeAnswer", proof::answerText(status.answer)},
                                {"number", status.number},          {"state", status.state},
                                {"frozen", status.frozen},          {"expires", status.expires},
                                {"owners", status.owners}};
  out["ownerNames"] = nlohmann::ordered_json::object();
  for (const std::string& owner : status.owners) {
    if (auto name = details.names.find(owner); name != details.names.end()) out["ownerNames"][owner] = name->second;
  }
  out["pledges"] = pledgesJson(status.pledges);
  out["otherContracts"] = pledgesJson(details.others);
  return out;
}

std::string verifiedProofText(const proof::VerifiedProof& claim, Language speech) {
  Writer w(speech);
  switch (claim.question.kind) {
    case Question::Kind::Event:
    case Question::Kind::Entry: writeEvent(w, claim.entries.front()); break;
    case Question::Kind::Entity:
    case Question::Kind::History: writeEntity(w, claim); break;
    case Question::Kind::Pledge:
      w.title("pledges of " + claim.question.subject, "质押情况 " + claim.question.subject);
      w.add(pledgeText(*claim.pledge, detailsOf(claim), speech));
      w.add(fmt::format("  {}\n",
                        w.say("The register of the patent office prevails.", "以国家知识产权局专利登记簿为准。")));
      break;
  }
  w.line("ledger", "账本", claim.checkpoint.origin);
  w.line("as of", "截至",
         fmt::format(fmt::runtime(w.say("{} entries, root {}", "共 {} 条，日志根 {}")), claim.checkpoint.size,
                     crypto::toBase64(claim.checkpoint.root)));
  if (!claim.entities.empty()) w.line("at", "时间", events::formatUtcMs(claim.asOfMs));
  writeVouchers(w, claim);
  w.add(fmt::format("  {}\n", whatAProofShows(speech)));
  return printable(w.take());
}

nlohmann::ordered_json claimJson(const proof::VerifiedProof& claim) {
  nlohmann::ordered_json json = {{"verified", true},
                                 {"question", questionWord(claim.question.kind)},
                                 {"subject", claim.question.subject},
                                 {"origin", claim.checkpoint.origin},
                                 {"size", claim.checkpoint.size},
                                 {"root", crypto::toBase64(claim.checkpoint.root)},
                                 {"asOf", events::formatUtcMs(claim.asOfMs)},
                                 {"logKey", claim.signedBy}};
  if (!claim.keyChanges.empty()) json["keyChanges"] = claim.keyChanges;
  for (const auto& one : claim.cosignatures)
    json["witnesses"].push_back({{"name", one.witness}, {"time", timeText(one.seconds)}});
  for (const auto& one : claim.timestamps) {
    json["timestamps"].push_back(
        {{"time", events::formatUtcMs(one.seconds * 1000)}, {"authority", one.authority}, {"serial", one.serial}});
  }
  for (const auto& proven : claim.entries) json["entries"].push_back(entryJson(proven));
  for (const auto& entity : claim.entities) {
    nlohmann::ordered_json one = {{"entity", entity.key}, {"recorded", entity.record.has_value()}};
    if (entity.record) {
      one["entries"] = entity.record->trail().count;
      for (const auto& [name, value] : entity.record->attributes()) one["attributes"][name].push_back(value);
    }
    json["entities"].push_back(std::move(one));
  }
  if (claim.pledge) json["pledge"] = pledgeJson(*claim.pledge, detailsOf(claim));
  return json;
}

std::string forkText(const crypto::VerifyKey& logKey, const proof::Fork& fork, bool trusted, Language speech) {
  bool zh = speech == Language::Chinese;
  std::string text =
      zh ? fmt::format("分叉成立：该日志签署了两份历史\n日志：{}\n检查点：{} 条与 {} 条\n", logKey.vkey(),
                       fork.first.size, fork.second.size)
         : fmt::format("FORK: the log signed two histories\nlog:          {}\ncheckpoints:  of {} and {} entries\n",
                       logKey.vkey(), fork.first.size, fork.second.size);
  if (!trusted)
    text += zh ? "请将该公钥与日志公布的公钥核对。\n" : "Compare the key with the one this log published.\n";
  return printable(text);
}

nlohmann::ordered_json forkJson(const crypto::VerifyKey& logKey, const proof::Fork& fork) {
  auto one = [](const proof::Checkpoint& checkpoint) {
    return nlohmann::ordered_json{{"size", checkpoint.size}, {"root", crypto::toBase64(checkpoint.root)}};
  };
  return {{"verified", true},
          {"fork", true},
          {"origin", logKey.name()},
          {"logKey", logKey.vkey()},
          {"checkpoints", {one(fork.first), one(fork.second)}}};
}

}  // namespace pilotledger::verifier
