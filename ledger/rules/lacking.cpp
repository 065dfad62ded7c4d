#include "ledger/rules/lacking.h"

#include <algorithm>
#include <array>

#include "events/identifiers.h"
#include "ledger/rules/authority.h"
#include "ledger/rules/editions.h"

namespace pilotledger::ledger {
namespace {

// A division that covers all places.
std::string divisionFor(const std::vector<std::string>& places) {
  for (const std::string& outer : places) {
    if (std::all_of(places.begin(), places.end(),
                    [&](const std::string& place) { return events::divisionCovers(outer, place); }))
      return outer;
  }
  return "CN";
}

// Whoever will give the signature, as far as the term says who that is.
Signer presumed(const LackingTerm& term, std::string_view level) {
  Signer signer;
  signer.used = true;  // has no record of its own that could be marked
  if (!term.parties.empty()) signer.party = term.parties.front();
  if (term.role != "ANY") signer.roles.push_back(term.role);
  if (!isAuthorityRole(term.role)) return signer;
  signer.division = divisionFor(term.places);
  signer.level = level;
  return signer;
}

// Those that the signers have begun to fill in; all of them while none is begun.
std::vector<LackingTerms> expectedWays(std::vector<OpenWay> open) {
  bool started = std::any_of(open.begin(), open.end(), [](const OpenWay& way) { return way.started; });
  std::vector<LackingTerms> ways;
  for (OpenWay& way : open) {
    if (started && !way.started) continue;
    if (std::find(ways.begin(), ways.end(), way.lacking) == ways.end()) ways.push_back(std::move(way.lacking));
  }
  return ways;
}

struct EventTrial {
  const LogContext& log;
  EntityOverlay& world;
  const events::Event& event;
  const Digest& digest;
  std::span<const Signer> signers;
  const EntryContext& at;
  // Of the first way that the rules let pass: what follows goes on from there.
  std::optional<std::vector<std::string>> keys = std::nullopt;
  EntityMap changes = {};

  Status passes(const LackingTerms& way, std::string_view level) {
    std::vector<Signer> all(signers.begin(), signers.end());
    for (const LackingTerm& term : way) all.push_back(presumed(term, level));
    OverlayReader below(world);
    EntityOverlay above(below);
    PL_TRY(std::vector<std::string> named, applyEvent(log, above, event, digest, all, at));
    if (keys) return {};
    keys = std::move(named);
    changes = above.takeChanges();
    return {};
  }
};

// Some rules ask for an authority of a certain level; found by trying them all.
Status passesAtSomeLevel(EventTrial& trial, LackingTerms& way) {
  Status first = trial.passes(way, "");
  bool ofAuthority =
      std::any_of(way.begin(), way.end(), [](const LackingTerm& term) { return isAuthorityRole(term.role); });
  if (first.ok() || !ofAuthority) return first;
  static constexpr std::array<std::string_view, 4> kLevels = {"COUNTY", "MUNICIPAL", "PROVINCIAL", "NATIONAL"};
  std::vector<std::string> levels;
  for (std::string_view level : kLevels) {
    if (trial.passes(way, level).ok()) levels.emplace_back(level);
  }
  if (levels.empty()) return first;
  for (LackingTerm& term : way) {
    if (term.role == "EIT") term.levels = levels;
  }
  return {};
}

}  // namespace

bool fits(const LackingTerm& term, const Signer& signer) {
  auto among = [](const std::vector<std::string>& all, const std::string& one) {
    return all.empty() || std::find(all.begin(), all.end(), one) != all.end();
  };
  if (term.role != "ANY" && !signer.hasRole(term.role)) return false;
  return among(term.parties, signer.party) && among(term.levels, signer.level) &&
         (term.places.empty() || coversAll(signer, term.places));
}

Result<std::vector<std::string>> Presumption::apply(const LogContext& log, EntityOverlay& world,
                                                    const events::Event& event, const Digest& eventDigest,
                                                    std::span<const Signer> signers, const EntryContext& at,
                                                    std::size_t position) {
  EventTrial trial{log, world, event, eventDigest, signers, at};
  Status asItIs = trial.passes({}, "");
  if (!asItIs.ok()) {
    PL_TRY(int edition, editionInForce(log, world));
    RuleContext context{log, edition, world, event, signers, at.recordedOn};
    PL_TRY(std::vector<OpenWay> open, openWays(context));
    std::optional<Error> why;
    LackingSignatures found{position, {}};
    for (LackingTerms& way : expectedWays(std::move(open))) {
      if (way.empty()) return std::move(asItIs).error();  // all have signed: it is refused for another reason
      Status passed = passesAtSomeLevel(trial, way);
      if (passed.ok()) found.ways.push_back(std::move(way));
      else if (!why) why = std::move(passed).error();
    }
    if (found.ways.empty()) return why ? std::move(*why) : std::move(asItIs).error();
    lacking_.push_back(std::move(found));
  }
  world.merge(std::move(trial.changes));
  return std::move(*trial.keys);
}

}  // namespace pilotledger::ledger
