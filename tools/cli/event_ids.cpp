#include "tools/cli/event_ids.h"

#include <capnp/message.h>
#include <fmt/format.h>

#include <map>
#include <utility>

#include "events/base/uuid.h"
#include "ledger/crypto/register_key.h"
#include "tools/cli/terminal.h"

namespace pilotledger::cli {
namespace {

constexpr std::string_view kLabel = "pilotledger/event-id/v1";

// Of all signers that can give one, in an order of their own, and of who the signers are: the same keys, the same
// secret.
Result<std::optional<Digest>> commonSecret(crypto::SuiteId suite, std::span<const crypto::SigningKey> keys) {
  std::map<std::string, std::string> parts;  // by public key
  bool any = false;
  for (const auto& key : keys) {
    PL_TRY(std::optional<Digest> own, key.derive(kLabel));
    any = any || own.has_value();
    parts[key.verifyKey().vkey()] = own ? std::string(textOf(ByteView(*own))) : "";
  }
  if (!any) return std::optional<Digest>();
  std::string all;
  for (const auto& [vkey, own] : parts) all += fmt::format("{}\n{}", vkey, own);
  return std::optional(crypto::hash(suite, {viewOf(all)}));
}

Result<Bytes> withId(const events::Event& event, const EventId& id) {
  capnp::MallocMessageBuilder message;
  message.setRoot(event.reader());
  auto root = message.getRoot<events::schema::Event>();
  root.setId(capnp::Data::Reader(id.data(), id.size()));
  return events::encode(root.asReader());
}

// What every event has in this place while its own id is computed.
EventId noId() { return events::makeUuidV8(Digest{}); }

Result<EventId> derivedId(crypto::SuiteId suite, const Digest& secret, const std::string& origin, EventLine& line) {
  PL_TRY(events::Event event, events::Event::decode(line.bytes));
  PL_TRY(Bytes without, withId(event, noId()));
  std::string head = fmt::format("{}\n{}\n{}\n", kLabel, origin, line.copy);
  EventId id = events::makeUuidV8(crypto::hmac(suite, ByteView(secret), {viewOf(head), ByteView(without)}));
  PL_TRY(line.bytes, withId(event, id));
  return id;
}

}  // namespace

Result<EventIds> EventIds::of(const Context& context, const ledger::Ledger& ledger,
                              std::span<const crypto::SigningKey> keys) {
  PL_TRY(std::optional<Digest> secret, commonSecret(ledger.suite(), keys));
  return EventIds(context, ledger, secret);
}

Status EventIds::derive(std::vector<EventLine>& batch) {
  lines_.clear();
  fresh_.clear();
  for (EventLine& line : batch) {
    if (!line.derives) continue;
    if (!secret_) {
      if (!std::exchange(saidRandom_, true)) {
        remark(*context_, {"no key here gives a secret to derive ids from, so they are random: recording the same "
                           "events again would record them twice; give them ids",
                           "所用密钥不能派生编号，编号为随机：再次记录同样的事件会重复入账；请为事件填写 id"});
      }
      continue;
    }
    PL_TRY(EventId id, derivedId(suite_, *secret_, origin_, line));
    auto [first, isNew] = lines_.emplace(id, line.line);
    if (isNew) continue;
    remark(*context_,
           {fmt::format("line {} equals line {} and is recorded once with it; if both are meant, write \"copy\": {} in "
                        "line {}, or give it an id",
                        line.line, first->second, line.copy + 1, line.line),
            fmt::format("第 {} 行与第 {} 行相同，只记录一次；如确为两笔，请在第 {} 行写 \"copy\": {}，或填写 id",
                        line.line, first->second, line.line, line.copy + 1)});
  }
  return {};
}

void EventIds::see(const ledger::AppendReceipt& receipt) {
  if (!lines_.contains(receipt.eventId)) return;
  if (!receipt.repeated) fresh_.insert(receipt.eventId);
  else if (!fresh_.contains(receipt.eventId)) ++repeated_;
}

void EventIds::say() const {
  if (repeated_ == 0) return;
  remark(*context_,
         {fmt::format(
              "{} events were there already, recorded before or equal to an earlier line, and are not recorded again; "
              "an equal event that is meant once more needs \"copy\": 2, or an id",
              repeated_),
          fmt::format(
              "{} 个事件此前已记录（或与前面的行相同），未重复入账；如确为又一笔相同事件，请写 \"copy\": 2，或填写 id",
              repeated_)});
}

}  // namespace pilotledger::cli
