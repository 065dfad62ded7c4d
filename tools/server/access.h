// Who asks, and since when: log-in by a bound key, sessions of people, tokens of programs. Nothing here says what a
// reader may see: that is judged anew by the ledger at each request (Reader::scope, query/access/reader_scope.h).
//
// A log-in is a signed note (C2SP) over the text
//
//   pilotledger-login/v1
//   <origin of the log>
//   <URL that the client asked, as the server saw it>
//   <nonce, 64 hex digits>
//   <time of the challenge, RFC 3339 UTC>
//   <party>
//   <name+keyid of the key that signs>
//
// which is no checkpoint (their first line is the log's name, and the third a root) and no submission. Threads: all
// members may be called from any.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "ledger/ledger.h"

namespace pilotledger::server {

inline constexpr std::int64_t kChallengeMs = 2 * 60'000;
inline constexpr std::int64_t kIdleMs = 30 * 60'000;
inline constexpr std::int64_t kSessionMs = 8 * 3'600'000;
inline constexpr int kMostTokenDays = 90;

// As judged at one request.
struct Reader {
  std::string scope = "public";  // as ReaderScope::of() takes it; "": everything
  std::string party;             // none for the public and the operator
  std::string key;               // "name+keyid" that logged in
  std::string session;           // id of the session or token, which is no secret
  bool isOperator = false;       // over the Unix socket, as the user that runs the server
  bool mayWrite = true;          // a token reads only

  bool loggedIn() const { return !key.empty(); }
};

struct Session {
  std::string id;  // shown, logged
  std::string key;
  std::string party;
  std::string name;            // of a token
  std::int64_t startedMs = 0;  // of the log-in
  std::int64_t usedMs = 0;
  std::int64_t untilMs = 0;  // at the latest
  bool token = false;
};

class Access {
 public:
  explicit Access(ledger::Clock clock);

  // The text to sign. `url`: scheme and host that the client asked.
  Result<std::string> challenge(const ledger::Ledger& ledger, const std::string& url, const std::string& keyName);
  struct Opened {
    Session session;
    std::string secret;  // 64 hex digits, kept hashed here; for a cookie or a header, and nowhere else
  };
  // A challenge of this server is used up, whatever the outcome. NotAuthorized for all that is wrong with key or
  // signature.
  Result<Opened> logIn(const ledger::Ledger& ledger, const std::string& url, std::string_view note);
  // A token for programs, which dies with the key of the session that made it.
  Result<Opened> makeToken(const Session& by, const std::string& name, int days);

  // The session of a secret, its idle time begun anew; absent for one that is unknown, over, or of the other kind.
  std::optional<Session> find(std::string_view secret, bool token);
  // The session of an id, for a stream that goes on: its idle time is not begun anew.
  std::optional<Session> current(const std::string& id);
  std::vector<Session> ofKey(const std::string& key);
  // True when it was there and that key's.
  bool end(const std::string& id, const std::string& key);

 private:
  std::string nonceOf(const std::string& random, const std::string& text) const;
  bool isOwnChallenge(const std::string& text, const std::string& nonce) const;
  Status takeChallenge(const std::string& text, const std::string& url);
  Opened open(Session session);
  void endOldest(const std::string& key);
  void forgetOld();

  ledger::Clock clock_;
  std::mutex mutex_;
  std::array<std::uint8_t, 32> secret_{};         // of this process, for the nonces
  std::map<std::string, std::int64_t> answered_;  // nonces, and until when they are kept
  std::map<std::string, Session> sessions_;       // by hash of the secret
};

// What a session may see today: AUD -> audit, any other bound key -> party:ID. NotAuthorized, with the reason, for a
// key that could sign nothing now.
Result<Reader> readerOf(const ledger::Ledger& ledger, const Session& session, std::int32_t today);

// The address, or the /64 network of an IPv6 address.
std::string networkOf(const std::string& address);

// So many in a while, by address or session.
class RateLimit {
 public:
  RateLimit(std::size_t most, std::int64_t windowMs) : most_(most), windowMs_(windowMs) {}
  bool take(const std::string& who, std::int64_t nowMs);

 private:
  std::size_t most_;
  std::int64_t windowMs_;
  std::mutex mutex_;
  std::map<std::string, std::vector<std::int64_t>> taken_;
};

}  // namespace pilotledger::server
