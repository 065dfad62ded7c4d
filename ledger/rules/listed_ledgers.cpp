// Other ledgers: which there are, by which key each signs, and what each signed about itself. One that shows different
// histories to different people signs two roots for one size; that is taken and stays visible for ever, because the
// record that proves it must not be refused.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "ledger/crypto/encoding.h"
#include "ledger/rules/authority.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/service_url.h"
#include "ledger/tlog/checkpoint.h"

namespace pilotledger::ledger::rules {
namespace {

Error notListable(const std::string& entity, std::string expected, std::string found) {
  return refusal("R-LISTED-LEDGER", entity, std::move(expected), std::move(found),
                 "a ledger is listed with a key of its name, and with another one when that says which it replaces",
                 "账本须以其同名密钥列名；更换密钥时须注明所替换的密钥");
}

// A key that was replaced stays so: whoever holds it must not bring it back.
Status takeListedKey(RuleContext& context, EntityRecord& record, const std::string& entity) {
  auto body = context.body().getLedgerListed();
  std::string_view vkey = body.getVkey().cStr(), replaces = body.getReplaces().cStr();
  auto key = crypto::VerifyKey::parse(vkey);
  if (!key.ok()) return notListable(entity, "the key of a log", key.error().message.en);
  if (key->name() != std::string_view(body.getLedger().cStr()))
    return notListable(entity, fmt::format("a key named {}", body.getLedger().cStr()), key->name());
  std::string before(record.get("vkey"));
  if (vkey == before && replaces.empty()) return {};
  if (replaces != before)
    return notListable(entity, before.empty() ? "replaces: nothing" : fmt::format("replaces: {}", before),
                       replaces.empty() ? "nothing" : std::string(replaces));
  if (vkey == before || record.contains("vkey.past", vkey))
    return notListable(entity, "a key that was not listed before", std::string(vkey));
  if (!before.empty()) record.insert("vkey.past", before);
  record.set("vkey", vkey);
  return {};
}

// Who lists a ledger again is competent where it was listed first.
Status requirePlace(const RuleContext& context, const EntityRecord& record, const std::string& entity) {
  std::string place(record.get("place"));
  bool competent = std::any_of(context.signers.begin(), context.signers.end(), [&](const Signer& signer) {
    return (signer.hasRole("EIT") || signer.hasRole("MKT")) && coversAll(signer, {place});
  });
  if (place.empty() || competent) return {};
  return refusal(
      "R-LISTED-LEDGER", entity, fmt::format("an authority for {}", place), "an authority of another division",
      "the ledger was listed for a division that the signer does not cover", "该账本列名地区不在签署机关管辖之内");
}

Status ledgerListed(RuleContext& context) {
  auto body = context.body().getLedgerListed();
  std::string entity = entityKey("ledger", body.getLedger().cStr());
  PL_CHECK(requireServiceUrl(body.getUrl().cStr(), entity));
  PL_TRY(EntityRecord * record, context.world.edit(entity));
  PL_CHECK(requirePlace(context, *record, entity));
  PL_CHECK(takeListedKey(context, *record, entity));
  if (!record->has("state")) record->set("state", "listed");
  if (!record->has("place")) record->set("place", placeOf(context));
  record->set("name", body.getName().cStr());
  record->set("url", body.getUrl().cStr());
  return {};
}

// As it was signed. An event's text has no newline at its end; a note has one.
Result<proof::Checkpoint> openListed(const RuleContext& context, const EntityRecord& record) {
  auto body = context.body().getLedgerCheckpointed();
  std::string note(body.getCheckpoint().cStr());
  if (!note.ends_with('\n')) note += '\n';
  PL_TRY(crypto::VerifyKey key, crypto::VerifyKey::parse(record.get("vkey")));
  return proof::openCheckpoint(note, key, body.getLedger().cStr());
}

// "SIZE ROOT INDEX": what was signed, and the entry that shows it.
std::string historyText(std::uint64_t size, std::string_view root, std::uint64_t index) {
  return fmt::format("{} {} {}", size, root, index);
}

Status ledgerCheckpointed(RuleContext& context) {
  std::string entity = entityKey("ledger", context.body().getLedgerCheckpointed().getLedger().cStr());
  PL_TRY(EntityRecord * record, context.world.edit(entity));
  auto refuse = [&](std::string expected, std::string found, const Message& why) {
    return refusal("R-CHECKPOINT", entity, std::move(expected), std::move(found), why.en, why.zh);
  };
  auto opened = openListed(context, *record);
  if (!opened.ok())
    return refuse(fmt::format("a checkpoint signed by {}", record->get("vkey")), "none", opened.error().message);
  auto before = static_cast<std::uint64_t>(record->number("size"));
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (opened->size < before || opened->size > kMost) {
    return refuse(fmt::format("size {}..{}", before, kMost), std::to_string(opened->size),
                  {"a ledger only grows, and a later size is recorded", "账本只增不减，且已记录更大的规模"});
  }
  std::string root = crypto::toBase64(opened->root);
  if (record->has("root") && opened->size == before && root != record->get("root")) {
    record->set("state", "forked");  // for good: what was signed twice is never one history again
    record->insert("fork", historyText(before, record->get("root"), static_cast<std::uint64_t>(record->number("at"))));
    record->insert("fork", historyText(opened->size, root, context.index));
    return {};
  }
  if (record->has("root") && opened->size == before) return {};  // the same again
  record->setNumber("size", static_cast<std::int64_t>(opened->size));
  record->set("root", root);
  record->set("at", std::to_string(context.index));
  return {};
}

}  // namespace

std::span<const RuleRow> listedLedgerRules() {
  using enum events::schema::Event::Body::Which;
  static constexpr RuleRow kRows[] = {
      {4, LEDGER_LISTED, {ledgerListed, nullptr}},
      {4, LEDGER_CHECKPOINTED, {ledgerCheckpointed, nullptr}},
  };
  return kRows;
}

}  // namespace pilotledger::ledger::rules
