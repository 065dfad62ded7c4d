// How fast events are made by the simulator, and how fast the rules admit them: state in memory, no
// signature, no disk. One thread, CPU time.
#pragma once

#include <cstddef>
#include <vector>

#include "tests/bench/report.h"

namespace pilotledger::bench {

// About `events` events of a synthetic province.
void measureGeneration(std::vector<Row>& rows, std::size_t events);
// The same province: decoding apart, then what the sequencer does for each event with the rules
// (entities, authority, rule, trails), in all and for each schema file.
void measureAdmission(std::vector<Row>& rows, std::size_t events);

}  // namespace pilotledger::bench
