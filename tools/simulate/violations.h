// The violations that the audit must find. Each is a short story of its own beside the lawful life,
// lawful but for one defect.
#pragma once

#include <string>
#include <vector>

#include "tools/simulate/life.h"
#include "tools/simulate/world.h"

namespace pilotledger::simulate {

// Months after which a platform has its tiers and may carry a violation.
constexpr int kSettledMonths = 9;

struct Violation {
  const char* code;  // of the finding
  int months;        // from the first event to the last month that the finding needs
  // `id` names what the story opens; unlike any other.
  void (*plant)(World& world, Platform& platform, int month, const std::string& id);
};

std::vector<Violation> violations();  // of every automatic finding

// By subject; violations_*.cpp
std::vector<Violation> awardViolations();
std::vector<Violation> fundingViolations();
std::vector<Violation> platformViolations();
std::vector<Violation> pilotViolations();
std::vector<Violation> technologyViolations();
std::vector<Violation> pledgeViolations();

// A small award that any platform may have.
Award lawful(Platform& platform, int month, const std::string& id);
// A new instrument with rules of its own.
void publishInstrument(World& world, const std::string& instrument, int month, std::uint16_t windowMonths,
                       const std::string& grade);
// The platform's legal entity declares itself related to the party.
void relate(World& world, const Platform& platform, const std::string& party, int month);

}  // namespace pilotledger::simulate
