#include "tests/bench/report.h"

#include <fmt/format.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

namespace pilotledger::bench {

void printHead() {
  fmt::print("{:<34} {:>9} {:>13}  {:<10} {:>13} {:>7}  {}\n", "measurement", "n", "value", "unit", "limit", "ratio",
             "limit is");
  fmt::print("{}\n", std::string(118, '-'));
}

void add(std::vector<Row>& rows, Row row) {
  fmt::print("{:<34} {:>9} {:>13.1f}  {:<10} {:>13} {:>7}  {}\n", row.name, row.n, row.value, row.unit,
             row.limit > 0 ? fmt::format("{:.1f}", row.limit) : "",
             row.limit > 0 ? fmt::format("{:.2f}", row.ratio()) : "", row.limitName);
  std::fflush(stdout);
  rows.push_back(std::move(row));
}

double cpuSeconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

namespace {

// "VmHWM", "VmRSS" of this process, in MiB.
double memoryMiB(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::strtod(line.c_str() + name.size() + 1, nullptr) / 1024;
  }
  return 0;
}

}  // namespace

// tcmalloc's, where it is linked: what it keeps of earlier parts would hide what this one takes.
extern "C" void MallocExtension_ReleaseFreeMemory(void) __attribute__((weak));

PeakMemory::PeakMemory() {
  if (MallocExtension_ReleaseFreeMemory != nullptr) MallocExtension_ReleaseFreeMemory();
  std::ofstream("/proc/self/clear_refs") << "5";  // forgets the peak so far
  before_ = memoryMiB("VmRSS");
}

double PeakMemory::mebibytes() const { return memoryMiB("VmHWM") - before_; }

bool writeJson(const std::vector<Row>& rows, const std::string& file) {
  std::FILE* out = std::fopen(file.c_str(), "w");
  if (out == nullptr) return false;
  for (const Row& row : rows) {
    nlohmann::ordered_json json = {{"name", row.name}, {"n", row.n},         {"value", row.value},
                                   {"unit", row.unit}, {"limit", row.limit}, {"ratio", row.ratio()}};
    fmt::print(out, "{}\n", json.dump());
  }
  return std::fclose(out) == 0;
}

}  // namespace pilotledger::bench
