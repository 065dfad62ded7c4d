// pledge_reader VKEY < FILE: prints the bank's answer that a proof file shows.
#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>

#include <pilotledger/ledger/proof/verify.h>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  auto key = pilotledger::crypto::VerifyKey::parse(argv[1]);
  if (!key.ok()) return 2;
  std::string file{std::istreambuf_iterator<char>(std::cin), {}};
  auto claim = pilotledger::proof::verifyProof(file, *key);
  if (!claim.ok()) {
    std::printf("rejected: %s\n", claim.error().rule.c_str());
    return 1;
  }
  if (!claim->pledge) return 1;
  std::printf("%s %s as of %llu entries\n", claim->pledge->number.c_str(),
              std::string(pilotledger::proof::answerText(claim->pledge->answer)).c_str(),
              static_cast<unsigned long long>(claim->checkpoint.size));
  return 0;
}
