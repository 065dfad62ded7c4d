#include "events/entity_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "events/admission.h"
#include "events/base/text.h"
#include "events/base/uuid.h"
#include "events/codec.h"
#include "events/identifiers.h"
#include "events/ip_number.h"
#include "events/schema/schema.h"

namespace pilotledger::events {
namespace {

std::string inLowerCase(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

// A part of an entity's id: the field it comes from, or none for the id of its event.
using IdParts = std::vector<const Field*>;

// The parts of the ids of one kind, where all events that name it make them alike and put "/" between them.
std::optional<IdParts> partsOf(std::string_view entityKind) {
  std::optional<IdParts> parts;
  for (const Kind& kind : kinds()) {
    for (const EntityRule& rule : kind.entities) {
      if (rule.kind != entityKind) continue;
      IdParts own;
      for (const auto& part : rule.id.parts) {
        if (!part.literal.empty() && part.path.empty() && !part.eventId && part.literal != "/") return std::nullopt;
        if (part.eventId) own.push_back(nullptr);
        if (!part.path.empty()) own.push_back(part.path.back());
      }
      if (!parts || own.size() > parts->size()) parts = std::move(own);
    }
  }
  return parts;
}

Result<std::string> spellUuid(std::string_view text) {
  std::string lower = inLowerCase(text);
  PL_TRY(EventId id, parseUuid(lower));
  return formatUuid(id);
}

Result<std::string> spellParty(std::string_view text) {
  std::size_t colon = text.find(':');
  if (colon == text.npos) return canonicalParty(text);
  return canonicalParty(inLowerCase(text.substr(0, colon)) + std::string(text.substr(colon)));
}

// A part other than an IP number in recorded spelling.
Result<std::string> spellPart(const Field* field, std::string_view text) {
  if (field == nullptr) return spellUuid(text);
  if (!field->sealed.empty()) return admittedNumber(*field, text);
  switch (field->format) {
    case Format::Party: return spellParty(text);
    case Format::Uuid: return spellUuid(text);
    case Format::Division:
    case Format::Decimal:
    case Format::DocNo:
    case Format::Id: return canonicalText(field->format, text);
    case Format::Hash:
    case Format::Commitment: return inLowerCase(text);
    case Format::Ip: {
      PL_TRY(IpNumber number, readIpNumber(text));
      return std::move(number.canonical);
    }
    case Format::None:
    case Format::Vkey:
    case Format::Date:
    case Format::Money:
    case Format::Bp:
    case Format::Currency: break;
  }
  return std::string(text);
}

Result<std::string> spellParts(const IdParts& parts, std::string_view text) {
  if (static_cast<std::size_t>(std::count(text.begin(), text.end(), '/')) + 1 != parts.size()) return std::string(text);
  std::string out;
  for (const Field* part : parts) {
    std::size_t end = std::min(text.find('/'), text.size());
    PL_TRY(std::string spelled, spellPart(part, text.substr(0, end)));
    out += (out.empty() ? "" : "/") + spelled;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// NAME+ID, the id of eight hexadecimal digits: half of it is no key's name.
bool isWholeKeyName(std::string_view text) {
  std::size_t plus = text.rfind('+');
  if (plus == text.npos || plus == 0) return false;
  std::string_view id = text.substr(plus + 1);
  return id.size() == 8 && id.find_first_not_of("0123456789abcdef") == id.npos;
}

// What is checked of a code besides its alphabet makes a typing error likely.
std::optional<Message> doubtOf(const AskedEntity& asked) {
  if (asked.kind == "key" && !isWholeKeyName(asked.id)) {
    return Message{
        "a key is named NAME+ID, such as example.org/desk+0123abcd, and this is a part of it or another word",
        "密钥全名为 名称+编号，如 example.org/desk+0123abcd，此处不是全名"};
  }
  if (asked.kind != "party" || !looksLikeUscc(asked.id)) return std::nullopt;
  auto checked = canonicalUscc(asked.id);
  if (checked.ok()) return std::nullopt;
  return checked.error().message;
}

Status readIp(AskedEntity& asked, std::string_view text) {
  PL_TRY(IpNumber number, readIpNumber(text));
  asked.id = std::move(number.canonical);
  asked.older = std::move(number.older);
  asked.ambiguous = std::move(number.ambiguous);
  return {};
}

Status readId(AskedEntity& asked, std::string_view text) {
  if (asked.kind == "ip" || asked.kind == "ipalias") return readIp(asked, text);
  PL_CHECK(requireOneScript(asked.typed));
  auto parts = partsOf(asked.kind);
  if (!parts) return {};
  PL_TRY(asked.id, parts->size() == 1 ? spellPart(parts->front(), asked.typed) : spellParts(*parts, asked.typed));
  asked.ambiguous = doubtOf(asked);
  return {};
}

std::string trimmedName(std::string_view text) {
  constexpr std::string_view kEdges = " \t\r\n\f\v";
  std::size_t first = std::min(text.find_first_not_of(kEdges), text.size());
  return std::string(text.substr(first, text.find_last_not_of(kEdges) + 1 - first));
}

Error noSuchKind(std::string_view kind) {
  std::string_view close = nearest(kind, entityKinds());
  return invalidInput(
      fmt::format("'{}' is no kind of entity{}; expected KIND:ID, such as award:A-1; kinds: {}", shortened(kind),
                  close.empty() ? "" : fmt::format("; did you mean '{}'?", close), fmt::join(entityKinds(), ", ")),
      fmt::format("没有对象种类“{}”{}；格式为 种类:编号，如 award:A-1；种类：{}", shortened(kind),
                  close.empty() ? "" : fmt::format("；是否为“{}”？", close), fmt::join(entityKinds(), "、")));
}

Error severalMeant(std::string_view asked, const std::vector<std::string>& keys) {
  return invalidInput(
      fmt::format("'{}' may mean several that are recorded: {}; write the one that is meant", shortened(asked),
                  fmt::join(keys, ", ")),
      fmt::format("“{}”可能指多个已记录的对象：{}；请写明所指", shortened(asked), fmt::join(keys, "、")));
}

Error onlyOthers(std::string_view asked, const std::vector<std::string>& keys) {
  return invalidInput(fmt::format("'{}' is not recorded so, but this is: {}; ask for the one that is meant",
                                  shortened(asked), fmt::join(keys, ", ")),
                      fmt::format("未按“{}”记录，但有：{}；请按所指者查询", shortened(asked), fmt::join(keys, "、")));
}

Error notToldApart(const AskedEntity& asked) {
  return invalidInput(
      fmt::format("{}:{} is recorded in no spelling, and that nothing is recorded is not said of it: {}", asked.kind,
                  shortened(asked.typed), asked.ambiguous->en),
      fmt::format("{}:{} 未见记录，但不能据此答复“未记录”：{}", asked.kind, shortened(asked.typed),
                  asked.ambiguous->zh));
}

// Recorded names that differ from what was asked in case or punctuation only, and rights that differ in their kind code
// only.
struct Similar {
  std::vector<std::string> sameLetters;
  std::vector<std::string> sameNumber;
};

Result<Similar> similarTo(const AskedEntity& asked, const EntityLookup& lookup) {
  Similar similar;
  if (!lookup.each) return similar;
  const bool right = asked.kind == "ip" && !asked.unreadable;
  std::string folded = inLowerCase(asked.id);
  std::string_view stem = right ? numberWithoutKind(asked.id) : std::string_view();
  PL_CHECK(lookup.each(asked.kind, [&](std::string_view id) {
    std::string key = asked.kind + ":" + std::string(id);
    std::string bare = right ? bareNumber(id) : std::string(id);
    if (bare.size() == folded.size() && inLowerCase(bare) == folded) {
      similar.sameLetters.push_back(std::move(key));
      return;
    }
    std::string_view rest = std::string_view(bare).substr(std::min(stem.size(), bare.size()));
    bool another = !stem.empty() && bare.starts_with(stem) && (rest.empty() || isKindCode(rest));
    if (another) similar.sameNumber.push_back(std::move(key));
  }));
  return similar;
}

// The spellings under which exactly this may be recorded.
std::vector<std::string> spellingsOf(const AskedEntity& asked) {
  std::vector<std::string> ids = {asked.id, asked.typed};
  ids.insert(ids.end(), asked.older.begin(), asked.older.end());
  std::vector<std::string> keys;
  for (const std::string& id : ids) {
    std::string key = asked.kind + ":" + id;
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace

const std::vector<std::string_view>& entityKinds() {
  static const std::vector<std::string_view> all = [] {
    std::set<std::string_view> names;
    for (const Kind& kind : kinds()) {
      for (const EntityRule& rule : kind.entities) names.insert(rule.kind);
    }
    return std::vector<std::string_view>(names.begin(), names.end());
  }();
  return all;
}

Result<AskedEntity> readEntityName(std::string_view text) {
  std::string trimmed = trimmedName(text);
  std::replace(trimmed.begin(), trimmed.end(), '\t', ' ');
  auto spelled = identifierSpelling(trimmed);
  std::string whole = spelled.ok() ? *spelled : trimmed;
  std::size_t colon = whole.find(':');
  AskedEntity asked;
  asked.kind = trimmedName(inLowerCase(std::string_view(whole).substr(0, colon)));
  const auto& known = entityKinds();
  if (colon == whole.npos || std::find(known.begin(), known.end(), asked.kind) == known.end())
    return noSuchKind(colon == whole.npos ? std::string_view(whole) : std::string_view(asked.kind));
  asked.typed = trimmedName(std::string_view(whole).substr(colon + 1));
  asked.id = asked.typed;
  if (asked.id.empty()) return invalidInput("expected KIND:ID, found no id", "格式为 种类:编号，缺少编号");
  Status read = spelled.ok() ? readId(asked, asked.typed) : Status(spelled.error());
  if (!read.ok()) asked.unreadable = std::move(read).error();
  return asked;
}

Status requireAbsenceMeans(std::string_view key) {
  PL_TRY(AskedEntity asked, readEntityName(key));
  if (asked.unreadable) return std::move(*asked.unreadable);
  if (asked.ambiguous) return notToldApart(asked);
  if (asked.key() == key) return {};
  return invalidInput(fmt::format("'{}' is recorded as {}", shortened(key), asked.key()),
                      fmt::format("“{}”的记录写法为 {}", shortened(key), asked.key()));
}

Result<EntityFound> findEntity(std::string_view text, const EntityLookup& lookup) {
  PL_TRY(AskedEntity asked, readEntityName(text));
  std::vector<std::string> there;
  for (const std::string& key : spellingsOf(asked)) {
    PL_TRY(bool exists, lookup.exists(key));
    if (exists) there.push_back(key);
  }
  if (there.size() > 1) return severalMeant(text, there);
  if (there.size() == 1) return EntityFound{std::move(there.front()), true};
  if (asked.unreadable) return std::move(*asked.unreadable);
  if (asked.kind == "ip" && lookup.assetOfGrant) {
    PL_TRY(std::string asset, lookup.assetOfGrant(asked.id));
    if (!asset.empty()) return EntityFound{"ip:" + asset, true};
  }
  PL_TRY(Similar similar, similarTo(asked, lookup));
  if (similar.sameLetters.size() > 1) return severalMeant(text, similar.sameLetters);
  if (similar.sameLetters.size() == 1) return EntityFound{std::move(similar.sameLetters.front()), true};
  if (!similar.sameNumber.empty()) return onlyOthers(text, similar.sameNumber);
  if (asked.ambiguous) return notToldApart(asked);
  return EntityFound{asked.key(), false};
}

Result<Message> nearestName(std::string_view key, const EntityLookup& lookup) {
  std::size_t colon = key.find(':');
  if (!lookup.each || colon == key.npos) return Message{};
  std::string kind(key.substr(0, colon));
  std::string id(key.substr(colon + 1));
  constexpr std::size_t kMost = 100'000;  // comparing is slow, and this is a courtesy
  std::vector<std::string> all;
  PL_CHECK(lookup.each(kind, [&](std::string_view other) {
    if (all.size() < kMost) all.emplace_back(other);
  }));
  std::string_view close = nearest(id, std::vector<std::string_view>(all.begin(), all.end()));
  if (close.empty()) return Message{};
  return Message{fmt::format("; did you mean '{}:{}'?", kind, close), fmt::format("；是否为“{}:{}”？", kind, close)};
}

}  // namespace pilotledger::events
