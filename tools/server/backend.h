// The service behind the sockets: one writer, snapshots for readers, who is logged in, what was read. Composes the
// rooms; routes.cpp says what it answers.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "tools/cluster/node.h"
#include "tools/cluster/peer_server.h"
#include "tools/http/message.h"
#include "tools/http/server.h"
#include "tools/server/access.h"
#include "tools/server/access_anchor.h"
#include "tools/server/access_log.h"
#include "tools/server/feed.h"
#include "tools/server/metrics.h"
#include "tools/server/snapshot.h"
#include "tools/service/evidence.h"
#include "tools/service/inbox.h"
#include "tools/service/site.h"

namespace pilotledger::server {

struct BackendOptions {
  service::Site site;
  std::string url;              // as clients know it, when a proxy stands between; empty: as each request says
  int challengesPerMinute = 0;  // of one address; 0: ten
  service::InboxLimits inbox;
  std::uint64_t evidenceBytes = 0;                   // of all files; 0: 10 GiB
  std::string name;                                  // of this server, for the access log; empty: the ledger's
  bool sql = false;                                  // answers statements of auditors
  std::function<void(const std::string& line)> log;  // one JSON object a line, without secrets
};

// Threads: answer() and the other members from any, many at a time.
class Backend {
 public:
  // The ledger is held for writing until the object goes; `secret` opens its log key.
  static Result<std::unique_ptr<Backend>> open(BackendOptions options, std::string_view secret);
  ~Backend();  // stop()

  http::Answer answer(const http::Request& request);
  // Answers at once, while all workers are busy; nothing for what is not /live.
  std::optional<http::Response> live(const http::Request& request) const;
  std::uint64_t bodyLimit(const http::Request& withoutBody) const;
  void log(nlohmann::ordered_json line) const;  // with the time
  // After it nothing is pushed; what was read is on stable storage.
  void stop();

  // --- for routes
  const service::Site site;
  std::shared_ptr<cluster::Node> node;  // where the ledger is kept on several machines
  std::unique_ptr<ledger::Ledger> writer;
  std::unique_ptr<http::Server> peers;  // where the other nodes reach this one
  Snapshots snapshots;
  Access access;
  RateLimit challenges;
  std::mutex rehearsing;
  const bool answersSql;
  std::mutex asking;  // one statement at a time: no reader keeps all workers
  std::atomic<bool> stopping{false};
  Metrics metrics;
  std::unique_ptr<AccessLog> accessLog;
  std::unique_ptr<AccessAnchor> accessAnchor;
  std::unique_ptr<Feed> feed;
  std::unique_ptr<service::Inbox> inbox;
  std::unique_ptr<service::EvidenceFiles> evidence;

  void recorded() { feed->wake(); }
  std::int32_t today() const;
  // The URL that a client asked, without a path.
  std::string urlOf(const http::Request& request) const;
  // Who asks. NotAuthorized for a session or token that is none (any more).
  Result<Reader> identify(const http::Request& request, const ledger::Ledger& ledger);

 private:
  Backend(BackendOptions options, std::shared_ptr<cluster::Node> member, std::unique_ptr<ledger::Ledger> ledger);
  Status joinNodes(const cluster::PeerServerOptions& options);
  void anchorAccessLog();
  Result<Reader> judge(const Reader& before, const ledger::Ledger& ledger);
  std::function<void(const std::string&)> log_;
  std::string url_;
};

inline constexpr std::string_view kSessionCookie = "__Host-pilotledger";

}  // namespace pilotledger::server
