#include "tools/server/access.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>

#include "events/base/civil_date.h"
#include "ledger/crypto/encoding.h"
#include "ledger/rules/rules.h"
#include "ledger/tlog/note.h"

namespace pilotledger::server {
namespace {

constexpr std::string_view kDomain = "pilotledger-login/v1";
constexpr std::size_t kMostAnswered = 100'000;  // challenges within their two minutes
constexpr std::size_t kHalfNonce = 32;          // hex digits: 128 bits at random, 128 bits of the keyed hash
constexpr std::size_t kMostSessions = 10'000;
constexpr std::size_t kMostSessionsOfKey = 20;
constexpr std::size_t kMostTokensOfKey = 50;

std::string randomHex() {
  std::array<std::uint8_t, 32> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return crypto::toHex(ByteView(bytes.data(), bytes.size()));
}

std::string hashOf(std::string_view secret) {
  return crypto::toHex(crypto::hash(crypto::SuiteId::Ed25519Sha256, viewOf(secret)));
}

Error notLoggedIn(std::string en, std::string zh) {
  return makeError(ErrorCode::NotAuthorized, std::move(en), std::move(zh));
}

Error crowded() {
  return makeError(ErrorCode::Unavailable, "too many log-ins at once; try again in a minute",
                   "登录请求过多，请一分钟后再试");
}

// The vkey of "name+keyid", as the entry that bound it says.
Result<crypto::VerifyKey> boundKey(const ledger::Ledger& ledger, const std::string& keyName) {
  PL_TRY(auto entries, ledger.entriesOf("key:" + keyName));
  for (std::uint64_t index : entries) {
    PL_TRY(events::Event event, ledger.event(index));
    auto body = event.reader().getBody();
    if (!body.isKeyBound()) continue;
    PL_TRY(crypto::VerifyKey key, crypto::VerifyKey::parse(body.getKeyBound().getKey().cStr()));
    if (ledger::entityKey("key", key.name() + "+" + key.idHex()) == "key:" + keyName) return key;
  }
  return notLoggedIn("the key is not bound in this ledger", "该密钥未在本账本绑定");
}

bool isOver(const Session& session, std::int64_t now) {
  return session.untilMs <= now || (!session.token && session.usedMs + kIdleMs <= now);
}

// The line of a text, from 0.
std::string lineOf(const std::string& text, int line) {
  std::size_t at = 0;
  for (int i = 0; i < line && at != text.npos; ++i) {
    at = text.find('\n', at);
    if (at != text.npos) ++at;
  }
  return at == text.npos ? "" : text.substr(at, text.find('\n', at) - at);
}

}  // namespace

Access::Access(ledger::Clock clock) : clock_(std::move(clock)) { randombytes_buf(secret_.data(), secret_.size()); }

// The server keeps no challenge: its nonce holds a keyed hash of the text, so that nobody fills a table by asking. What
// was answered is kept until it is too old to be answered again.
std::string Access::nonceOf(const std::string& random, const std::string& text) const {
  std::array<std::uint8_t, crypto_auth_BYTES> mac{};
  crypto_auth(mac.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), secret_.data());
  return random + crypto::toHex(ByteView(mac.data(), mac.size())).substr(0, kHalfNonce);
}

// A key that nobody bound gets a challenge too, without a party. Which keys are bound is public.
Result<std::string> Access::challenge(const ledger::Ledger& ledger, const std::string& url,
                                      const std::string& keyName) {
  if (keyName.empty() || keyName.size() > 300 || keyName.find_first_of(" \r\n\t") != keyName.npos)
    return invalidInput("key: expected NAME+ID, as 'key show' prints it up to the second +",
                        "key：应为“名称+编号”（key show 输出中第二个 + 之前的部分）");
  std::int64_t now = clock_();
  std::string party;
  if (auto signer = ledger.signer(keyName, events::civilDateOfUtcMs(now)); signer.ok()) party = signer->party;
  const std::string random = randomHex().substr(0, kHalfNonce);
  auto textWith = [&](const std::string& nonce) {
    return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n", kDomain, ledger.origin(), url, nonce, events::formatUtcMs(now),
                       party.empty() ? "-" : party, keyName);
  };
  return textWith(nonceOf(random, textWith(random)));
}

// The text with the hash taken out of its nonce is the one that was hashed.
bool Access::isOwnChallenge(const std::string& text, const std::string& nonce) const {
  const std::string random = nonce.substr(0, kHalfNonce);
  std::string hashed = text;
  hashed.replace(text.find(nonce), nonce.size(), random);
  const std::string expected = nonceOf(random, hashed);
  return nonce.size() == expected.size() && sodium_memcmp(nonce.data(), expected.data(), nonce.size()) == 0;
}

// Uses the challenge up; Unavailable when too many are answered at once.
Status Access::takeChallenge(const std::string& text, const std::string& url) {
  const std::string nonce = lineOf(text, 3);
  auto made = events::parseInstant(lineOf(text, 4).substr(0, 19) + "Z");
  const std::int64_t now = clock_();
  bool good = !nonce.empty() && isOwnChallenge(text, nonce) && made.ok() && *made <= now &&
              now < *made / 1000 * 1000 + kChallengeMs;
  if (good) {
    std::lock_guard lock(mutex_);
    forgetOld();
    if (answered_.size() >= kMostAnswered) return crowded();
    good = answered_.emplace(nonce, now + kChallengeMs).second;
  }
  if (good && lineOf(text, 2) == url) return {};
  return notLoggedIn(
      "this is no challenge of this server, or it was used, or is older than two minutes; ask for a "
      "new one",
      "该登录质询并非本服务签发、已被使用或已超过两分钟；请重新获取");
}

Result<Access::Opened> Access::logIn(const ledger::Ledger& ledger, const std::string& url, std::string_view given) {
  PL_TRY(proof::Note note, proof::Note::parse(given));
  PL_CHECK(takeChallenge(note.text, url));
  std::string keyName = lineOf(note.text, 6);
  PL_TRY(crypto::VerifyKey key, boundKey(ledger, keyName));
  if (Status good = proof::verifyNote(note, key); !good.ok())
    return notLoggedIn("the challenge is not signed by the key it names", "质询未由其所载密钥签署");
  std::int64_t now = clock_();
  PL_TRY(auto signer, ledger.signer(keyName, events::civilDateOfUtcMs(now)));
  std::lock_guard lock(mutex_);
  endOldest(keyName);
  if (sessions_.size() >= kMostSessions) return crowded();
  return open({"", keyName, signer.party, "", now, now, now + kSessionMs, false});
}

Access::Opened Access::open(Session session) {
  session.id = randomHex().substr(0, 16);
  std::string secret = randomHex();
  sessions_[hashOf(secret)] = session;
  return {std::move(session), std::move(secret)};
}

Result<Access::Opened> Access::makeToken(const Session& by, const std::string& name, int days) {
  if (days < 1 || days > kMostTokenDays)
    return invalidInput(fmt::format("days: expected 1..{}, found {}", kMostTokenDays, days),
                        fmt::format("days：应为 1 至 {}，实为 {}", kMostTokenDays, days));
  std::int64_t now = clock_();
  std::lock_guard lock(mutex_);
  forgetOld();
  auto own = std::count_if(sessions_.begin(), sessions_.end(),
                           [&](const auto& one) { return one.second.token && one.second.key == by.key; });
  if (static_cast<std::size_t>(own) >= kMostTokensOfKey || sessions_.size() >= kMostSessions) {
    return makeError(ErrorCode::Unavailable, fmt::format("{} tokens of this key; end some first", own),
                     fmt::format("该密钥已有 {} 个令牌，请先注销一部分", own));
  }
  return open({"", by.key, by.party, name, now, now, now + std::int64_t{days} * 86'400'000, true});
}

std::optional<Session> Access::find(std::string_view secret, bool token) {
  std::int64_t now = clock_();
  std::lock_guard lock(mutex_);
  auto known = sessions_.find(hashOf(secret));
  if (known == sessions_.end() || known->second.token != token || isOver(known->second, now)) return std::nullopt;
  known->second.usedMs = now;
  return known->second;
}

std::optional<Session> Access::current(const std::string& id) {
  std::int64_t now = clock_();
  std::lock_guard lock(mutex_);
  auto known = std::find_if(sessions_.begin(), sessions_.end(),
                            [&](const auto& one) { return one.second.id == id && !isOver(one.second, now); });
  return known == sessions_.end() ? std::nullopt : std::optional(known->second);
}

std::vector<Session> Access::ofKey(const std::string& key) {
  std::lock_guard lock(mutex_);
  forgetOld();
  std::vector<Session> own;
  for (const auto& [hash, session] : sessions_) {
    if (session.key == key) own.push_back(session);
  }
  std::sort(own.begin(), own.end(), [](const Session& a, const Session& b) { return a.startedMs < b.startedMs; });
  return own;
}

bool Access::end(const std::string& id, const std::string& key) {
  std::lock_guard lock(mutex_);
  return std::erase_if(sessions_, [&](const auto& one) { return one.second.id == id && one.second.key == key; }) > 0;
}

// A key has so many sessions; a further one ends the one that was used least lately. Tokens stay.
void Access::endOldest(const std::string& key) {
  std::size_t own = 0;
  auto oldest = sessions_.end();
  for (auto one = sessions_.begin(); one != sessions_.end(); ++one) {
    if (one->second.token || one->second.key != key) continue;
    ++own;
    if (oldest == sessions_.end() || one->second.usedMs < oldest->second.usedMs) oldest = one;
  }
  if (own >= kMostSessionsOfKey) sessions_.erase(oldest);
}

void Access::forgetOld() {
  std::int64_t now = clock_();
  std::erase_if(answered_, [&](const auto& one) { return one.second <= now; });
  std::erase_if(sessions_, [&](const auto& one) { return isOver(one.second, now); });
}

Result<Reader> readerOf(const ledger::Ledger& ledger, const Session& session, std::int32_t today) {
  PL_TRY(auto signer, ledger.signer(session.key, today));
  Reader reader;
  reader.key = session.key;
  reader.session = session.id;
  reader.party = signer.party;
  reader.mayWrite = !session.token;
  reader.scope = signer.hasRole("AUD") ? "audit" : "party:" + signer.party;
  return reader;
}

// Whoever has one IPv6 address has the 2^64 of its network.
std::string networkOf(const std::string& address) {
  in6_addr parsed{};
  if (address.find(':') == address.npos || inet_pton(AF_INET6, address.c_str(), &parsed) != 1) return address;
  if (IN6_IS_ADDR_V4MAPPED(&parsed)) return address;
  return crypto::toHex(ByteView(parsed.s6_addr, 8));
}

bool RateLimit::take(const std::string& who, std::int64_t nowMs) {
  constexpr std::size_t kMostWho = 10'000;
  std::lock_guard lock(mutex_);
  if (taken_.size() > kMostWho) {
    std::erase_if(taken_, [&](const auto& one) { return one.second.back() <= nowMs - windowMs_; });
  }
  std::vector<std::int64_t>& times = taken_[who];
  std::erase_if(times, [&](std::int64_t at) { return at <= nowMs - windowMs_; });
  if (times.size() >= most_) return false;
  times.push_back(nowMs);
  return true;
}

}  // namespace pilotledger::server
