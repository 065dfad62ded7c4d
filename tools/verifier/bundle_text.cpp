#include "tools/verifier/bundle_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "ledger/crypto/encoding.h"
#include "tools/verifier/proof_text.h"

namespace pilotledger::verifier {
namespace {

using proof::CombinedAnswer;
using proof::LedgerAnswer;
using proof::Standing;

std::string dayOf(std::int64_t ms) { return events::formatCivilDate(events::civilDateOfUtcMs(ms)); }

std::string_view inWords(Language speech, std::string_view en, std::string_view zh) {
  return speech == Language::Chinese ? zh : en;
}

std::string joinedNames(const std::vector<std::string>& names, Language speech) {
  return fmt::format("{}", fmt::join(names, inWords(speech, ", ", "、")));
}

// The origins of the ledgers that answered so; or of those that did not answer.
template <typename Is>
std::vector<std::string> originsWhere(const CombinedAnswer& answer, Is is) {
  std::vector<std::string> origins;
  for (const LedgerAnswer& one : answer.ledgers) {
    if (is(one)) origins.push_back(one.origin);
  }
  return origins;
}

bool hasHeadline(const LedgerAnswer& one, std::string_view headline) {
  return one.claim && pledgeHeadline(*one.claim->pledge) == headline;
}

bool isSilent(const LedgerAnswer& one) { return !one.claim; }

// The day up to which all have answered.
std::string commonDay(const CombinedAnswer& answer) {
  std::int64_t earliest = 0;
  for (const LedgerAnswer& one : answer.ledgers) {
    if (one.claim && (earliest == 0 || one.claim->asOfMs < earliest)) earliest = one.claim->asOfMs;
  }
  return dayOf(earliest);
}

std::string encumberedSentence(const CombinedAnswer& answer, Language speech) {
  std::vector<std::string> parts;
  auto add = [&](std::string_view headline, std::string_view en, std::string_view zh) {
    auto origins = originsWhere(answer, [&](const LedgerAnswer& one) { return hasHeadline(one, headline); });
    if (!origins.empty())
      parts.push_back(fmt::format(fmt::runtime(inWords(speech, en, zh)), joinedNames(origins, speech)));
  };
  add("FROZEN", "preserved by a court on {}: must not be pledged", "在 {} 被司法保全，不得质押");
  add("ACTIVE", "in pledge on {}", "在 {} 在押");
  return fmt::format("{}", fmt::join(parts, inWords(speech, "; ", "；")));
}

std::string noneSentence(const CombinedAnswer& answer, Language speech) {
  std::string said = fmt::format(fmt::runtime(inWords(speech, "pledged on none of the {} ledgers of this list as of {}",
                                                      "截至 {1}，在名录所列 {0} 个账本中均无有效质押")),
                                 answer.ledgers.size(), commonDay(answer));
  if (proof::standingOf(answer) == Standing::Unrecorded)
    said += inWords(speech, "; none of them records the right", "；各账本均未记录该权利");
  return said;
}

std::string unsaidSentence(const CombinedAnswer& answer, Language speech) {
  auto silent = originsWhere(answer, isSilent);
  std::string said =
      fmt::format(fmt::runtime(inWords(speech, "cannot be said: no answer from {}", "无法答复：{} 没有可采信的答复")),
                  joinedNames(silent, speech));
  if (silent.size() == answer.ledgers.size()) return said;
  return said + fmt::format(fmt::runtime(inWords(speech, "; pledged on none of the other {} of {}",
                                                 "；其余 {} 个（共 {} 个）账本无有效质押")),
                            answer.ledgers.size() - silent.size(), answer.ledgers.size());
}

// What must be known beside the answer.
std::string besides(const CombinedAnswer& answer, Language speech) {
  std::string text;
  auto add = [&](const std::vector<std::string>& origins, std::string_view en, std::string_view zh) {
    if (!origins.empty())
      text += "  " + fmt::format(fmt::runtime(inWords(speech, en, zh)), joinedNames(origins, speech)) + "\n";
  };
  bool encumbered = proof::standingOf(answer) == Standing::Encumbered;
  if (encumbered) add(originsWhere(answer, isSilent), "no answer from {}", "{} 未作答");
  add(originsWhere(answer, [](const LedgerAnswer& one) { return hasHeadline(one, "ENFORCED"); }),
      "a pledgee was paid from this right on {}: ask who owns it now", "在 {} 曾有质权人就该权利受偿，请核实现权利人");
  add(originsWhere(answer,
                   [](const LedgerAnswer& one) {
                     if (!one.claim) return false;
                     auto others = detailsOf(*one.claim).others;
                     return std::any_of(others.begin(), others.end(),
                                        [](const proof::PledgeOfAsset& other) { return other.state == "agreed"; });
                   }),
      "a contract is signed and not registered on {}", "在 {} 有已签约未登记的质押合同");
  return text;
}

}  // namespace

std::vector<CombinedRow> combinedRows(const CombinedAnswer& answer, Language speech) {
  std::vector<CombinedRow> rows;
  for (const LedgerAnswer& one : answer.ledgers) {
    if (!one.claim) {
      std::string why = speech == Language::Chinese && !one.silent.zh.empty() ? one.silent.zh : one.silent.en;
      rows.push_back({one.origin, one.name, "-", why, "-", "-"});
      continue;
    }
    const proof::PledgeStatus& status = *one.claim->pledge;
    rows.push_back({one.origin, one.name, std::string(pledgeHeadline(status)), pledgeSentence(status, speech),
                    std::to_string(one.claim->checkpoint.size), dayOf(one.claim->asOfMs)});
  }
  return rows;
}

std::string combinedSentence(const CombinedAnswer& answer, Language speech) {
  switch (proof::standingOf(answer)) {
    case Standing::Encumbered: return encumberedSentence(answer, speech);
    case Standing::None:
    case Standing::Unrecorded: return noneSentence(answer, speech);
    case Standing::Unsaid: return unsaidSentence(answer, speech);
  }
  return "";
}

std::string combinedText(const CombinedAnswer& answer, Language speech) {
  std::string text = fmt::format("{}  {}  {}\n", proof::standingText(proof::standingOf(answer)), answer.number,
                                 combinedSentence(answer, speech));
  text += besides(answer, speech);
  std::vector<std::array<std::string, 5>> lines;
  for (CombinedRow& row : combinedRows(answer, speech))
    lines.push_back({row.origin, row.answer, row.position, row.day, row.words});
  std::array<std::size_t, 4> widths{};
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], events::displayWidth(line[i]));
  }
  for (const auto& line : lines) {
    text += " ";
    for (std::size_t i = 0; i < widths.size(); ++i) {
      text += " ";
      text += i == 2 ? events::padLeft(line[i], widths[i]) : events::padRight(line[i], widths[i]);
      text += " ";
    }
    text += " " + line.back() + "\n";
  }
  if (answer.parent)
    text += fmt::format(fmt::runtime(inWords(speech, "  instant:  as {} recorded by {} entries, {}\n",
                                             "  时点：依 {} 所记（共 {} 条，{}）\n")),
                        answer.parent->origin, answer.parent->size, events::formatUtcMs(answer.parentMs));
  text +=
      fmt::format(fmt::runtime(inWords(speech, "  list:     signed by {}\n", "  名录：由 {} 签署\n")), answer.listedBy);
  return printable(text + fmt::format("  {}\n", inWords(speech, "The register of the patent office prevails.",
                                                        "以国家知识产权局专利登记簿为准。")));
}

nlohmann::ordered_json combinedJson(const CombinedAnswer& answer) {
  nlohmann::ordered_json json = {{"number", answer.number},
                                 {"answer", proof::standingText(proof::standingOf(answer))},
                                 {"sentence", combinedSentence(answer, Language::English)},
                                 {"sentenceZh", combinedSentence(answer, Language::Chinese)},
                                 {"listSignedBy", answer.listedBy}};
  if (answer.parent)
    json["parent"] = {{"origin", answer.parent->origin},
                      {"size", answer.parent->size},
                      {"root", crypto::toBase64(answer.parent->root)},
                      {"asOf", events::formatUtcMs(answer.parentMs)}};
  json["ledgers"] = nlohmann::ordered_json::array();
  for (const LedgerAnswer& one : answer.ledgers) {
    nlohmann::ordered_json row = {{"origin", one.origin}, {"name", one.name}, {"answered", one.claim.has_value()}};
    if (one.claim) {
      row.update({{"size", one.claim->checkpoint.size},
                  {"root", crypto::toBase64(one.claim->checkpoint.root)},
                  {"asOf", events::formatUtcMs(one.claim->asOfMs)},
                  {"pledge", pledgeJson(*one.claim->pledge, detailsOf(*one.claim))}});
    } else {
      row.update({{"why", one.silent.en}, {"whyZh", one.silent.zh}});
    }
    json["ledgers"].push_back(std::move(row));
  }
  return json;
}

}  // namespace pilotledger::verifier
