// Rows of the benchmark: a value and the physical limit measured in the same run.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "events/base/result.h"

namespace pilotledger::bench {

struct Row {
  std::string name;
  std::uint64_t n = 0;
  double value = 0;
  std::string unit;
  double limit = 0;  // in the same unit; 0: none
  std::string limitName;
  // Rates: value / limit. Costs: value / limit as well, so that below 1 is better than the limit.
  double ratio() const { return limit > 0 ? value / limit : 0; }
};

void add(std::vector<Row>& rows, Row row);  // prints the line at once
void printHead();
bool writeJson(const std::vector<Row>& rows, const std::string& file);

// The value, or the end of the benchmark.
template <typename T>
T must(Result<T> result) {
  if (result.ok()) return std::move(result).value();
  std::fprintf(stderr, "benchmark: %s %s\n", result.error().rule.c_str(), result.error().message.en.c_str());
  std::exit(1);
}

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - from_).count(); }

 private:
  std::chrono::steady_clock::time_point from_ = std::chrono::steady_clock::now();
};

// Other programs may run beside us: what this one used is what counts.
double cpuSeconds();

class CpuWatch {
 public:
  double seconds() const { return cpuSeconds() - from_; }

 private:
  double from_ = cpuSeconds();
};

// How much memory this process had at most since this was made, beyond what it had then.
class PeakMemory {
 public:
  PeakMemory();
  double mebibytes() const;

 private:
  double before_;
};

}  // namespace pilotledger::bench
