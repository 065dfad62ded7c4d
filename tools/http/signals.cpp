#include "tools/http/signals.h"

#include <cerrno>

namespace pilotledger::http {

StopSignals::StopSignals() {
  ::sigemptyset(&awaited_);
  for (int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&awaited_, signal);
  ::pthread_sigmask(SIG_BLOCK, &awaited_, &before_);
  std::signal(SIGPIPE, SIG_IGN);
}

StopSignals::~StopSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

int StopSignals::wait() {
  int signal = 0;
  while (::sigwait(&awaited_, &signal) == EINTR) {
  }
  return signal;
}

}  // namespace pilotledger::http
