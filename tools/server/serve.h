// Runs the service until a signal ends it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "events/base/result.h"
#include "tools/http/server.h"
#include "tools/server/backend.h"

namespace pilotledger::server {

// Holds the ledger for writing, serves, and returns after SIGTERM or SIGINT: streams are ended, requests at work are
// finished, the access log is on stable storage. SIGHUP reads the certificates anew. Tells systemd (NOTIFY_SOCKET) when
// it is ready and when it stops. `started` gets the URLs. Call it from the only thread of the process.
Status serve(BackendOptions backend, http::Options options, std::string_view secret,
             const std::function<void(const std::vector<std::string>& urls)>& started);

// Whether such a server could start, without the ledger's lock and without listening on its addresses.
Status checkServe(const service::Site& site, http::Options options);

}  // namespace pilotledger::server
