// Signals as something to wait for. Made before any thread is, so that all of them leave these signals alone.
#pragma once

#include <csignal>

namespace pilotledger::http {

class StopSignals {
 public:
  StopSignals();   // SIGTERM, SIGINT and SIGHUP no longer end the process; SIGPIPE is ignored
  ~StopSignals();  // they do again

  int wait();  // the next of them

 private:
  sigset_t awaited_;
  sigset_t before_;
};

}  // namespace pilotledger::http
