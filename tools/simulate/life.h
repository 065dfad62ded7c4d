// The building blocks of lives: what the lawful province and the planted violations share. A plan's
// defaults are lawful; a violation changes one of them.
#pragma once

#include <functional>
#include <string>

#include "tools/simulate/world.h"

namespace pilotledger::simulate {

// --- platforms (life.cpp)
struct Establishment {
  std::string id;
  schema::ConstructionType type = schema::ConstructionType::LEAD_ENTERPRISE;
  std::string operatorParty{};
};
void establish(World& world, const Platform& platform, int month, const Establishment& as);
void publishServices(World& world, const Platform& platform, const std::string& id, int month);
void recognise(World& world, Platform& platform, const std::string& id, int month, schema::Level level);
void awardExcellence(World& world, Platform& platform, int month);  // awards.cpp

// --- projects (pilot.cpp)
struct Project {
  std::string id;
  std::size_t client = 0;
  unsigned approvals = 4;  // of the four that are required
  int runs = 2;
  std::string labScale = "10", pilotScale = "500";
  int trlBefore = 5, trlRise = 1;  // of each run
  bool reported = true, accepted = true;
  schema::RunResult result = schema::RunResult::SUCCESS;
};
void pilotProject(World& world, Platform& platform, int month, const Project& project);
struct Report {
  std::string number, project, cma;
  Actor lab;
};
void reportTest(World& world, const Platform& platform, int month, const Report& report);
void evaluateOutcome(World& world, const Platform& platform, int month, const std::string& outcome,
                     const std::string& project, const Actor& evaluator);
void registerOutcome(World& world, const Platform& platform, int month, const std::string& outcome,
                     const std::string& project, const std::string& number);

// --- contracts (technology.cpp)
struct Contract {
  std::string id;
  Actor seller, buyer;
  bool ofPlatform = true;
  std::int64_t totalFen = 100'000'000;
  int noticeDays = 20;  // before the contract; 0: none
  std::int64_t confirmedLessFen = 0;
  bool reviewed = true;
  int validMonths = 24;
  int registeredAfter = 0;  // months; -1: not registered
};
void signContract(World& world, const Platform& platform, int month, const Contract& contract);
void endContract(World& world, const Platform& platform, int month, const Contract& contract, schema::ContractEnd end,
                 bool taxReliefUsed);
struct Distribution {
  std::string id, contract;
  std::int64_t netFen = 10'000'000;
  int percent = 60, noticeDays = 20;
};
void distribute(World& world, const Platform& platform, int month, const Distribution& what);
void takeEquity(World& world, const Platform& platform, int month, const std::string& stake, const Actor& investee,
                const std::string& valuationRef);

// --- books (books.cpp)
struct AppendReceipt {
  std::string platform;
  schema::RevenueStream stream = schema::RevenueStream::SERVICE;
  std::string payer{}, serviceCode = "S1", contract{};
  std::int64_t netFen = 0;
  int day = 20;
  bool byVoucher = false;
};
void receive(World& world, Platform& platform, int month, const AppendReceipt& receipt);
struct Voucher {
  std::string id;
  Actor holder;
  std::int64_t faceFen = 2'000'000;
  bool redeemed = true;
};
void issueVoucher(World& world, Platform& platform, int month, const Voucher& voucher);

// --- awards (awards.cpp)
struct Spend {
  std::int64_t fen = 0;
  std::string invoice;  // "": a number of its own
  std::int32_t invoiced = 0, paid = 0;
  std::string line = "materials", asset, supplier;
  bool installed = true;    // the asset, when there is one
  bool paymentSlip = true;  // among the evidence
  bool ownAccount = true;   // names a separate account
  bool tendered = true;     // when the amount calls for it
};
struct Award {
  Platform* platform = nullptr;
  std::string id, instrument = "operating";
  schema::FundingMode mode = schema::FundingMode::PRE;
  std::int64_t fen = 0, baseFen = 0;
  int month = 0;
  int noticeDays = 11;
  int paidAfter = 0, passedAfter = -1;       // months; passedAfter -1: paid by the province itself
  std::int64_t paidFen = -1, spentFen = -1;  // -1: all
  std::int64_t matchingFen = 0, matchedFen = 0;
  std::int64_t materialsFen = 0;  // its budget line; 0: no budget by line
  std::string project{};
  std::string kpi = "10";                          // reached, of 10
  int acceptedAfter = 13;                          // months; 0: never
  bool failsFirst = false;                         // and part of it is taken back
  std::int64_t surplusFen = 0;                     // returned after the period
  std::function<void(Spend&, int number)> bend{};  // of the four purchases
};
void award(World& world, const Award& award);
void purchase(World& world, const Award& award, const Spend& what);
struct Application {
  std::string id, platform, instrument = "operating", project{};
  std::int64_t fen = 10'000'000;
  int day = 3;
};
void apply(World& world, const Platform& platform, int month, const Application& what);
void clawBack(World& world, const Award& award, int month, std::int64_t fen, bool repaid);
void installAsset(World& world, const Platform& platform, std::int32_t date, const std::string& asset,
                  const std::string& awardId);

// --- rights and pledges (pledges.cpp)
struct Deal {
  Client* client = nullptr;
  std::string id;  // of the pledge and the loan
  std::string patent;
  std::size_t bank = 0;
  std::int64_t fen = 0;
  int month = 0;
  int valuedBefore = 0;     // months; the base date
  int valuePercent = 300;   // of the amount
  int registeredAfter = 0;  // months
  int debtMonths = 13;
  bool repaid = true;     // then released
  int releasedAfter = 0;  // months
};
void recordPatent(World& world, const Platform& platform, int month, const Client& client, const std::string& patent);
void pledgePatent(World& world, const Platform& platform, const Deal& deal);
void agreePledge(World& world, const Platform& platform, const Deal& deal, const std::string& pledge, int month);
void observe(World& world, const Platform& platform, int month, const Client& client, const std::string& patent,
             const std::string& code, const std::string& reference, int feeMonths);
void transferPatent(World& world, const Platform& platform, int month, const std::string& patent,
                    const Signers& signers, const std::string& owner);

// --- other finance (finance.cpp)
void insure(World& world, const Platform& platform, int month, const std::string& policy, std::int64_t premiumFen);
void aidPremium(World& world, const Platform& platform, int month, const std::string& policy, std::int64_t fen);

}  // namespace pilotledger::simulate
