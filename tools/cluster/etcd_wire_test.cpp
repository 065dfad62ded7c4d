#include "tools/cluster/etcd_wire.h"

#include <gtest/gtest.h>

namespace pilotledger::cluster {
namespace {

TEST(EtcdWire, Placeholder) {}

}  // namespace
}  // namespace pilotledger::cluster
