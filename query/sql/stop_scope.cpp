#include "query/sql/stop_scope.h"

#include <utility>

namespace pilotledger::query {
namespace {

thread_local const StopScope* innermost = nullptr;

}  // namespace

StopScope::StopScope(std::function<bool()> stop) : stop_(std::move(stop)), before_(innermost) { innermost = this; }
StopScope::~StopScope() { innermost = before_; }

std::function<bool()> StopScope::current() { return innermost == nullptr ? nullptr : innermost->stop_; }

}  // namespace pilotledger::query
