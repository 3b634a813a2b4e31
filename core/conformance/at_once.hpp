#pragma once

#include <atomic>
#include <barrier>
#include <chrono>
#include <cstddef>
#include <exception>
#include <string>
#include <thread>
#include <vector>

namespace drawlab::conformance {

/// The number of threads that a check runs at once.
inline constexpr std::size_t kThreadsAtOnce = 4;

/// Calls call(thread, number) on four threads that start together, repeatedly for 100 ms and at least eight times,
/// until a call returns a sentence or throws. Returns that sentence (" it throws: …" for an exception), or an empty
/// one.
template <class Call>
std::string trouble_at_once(Call call) {
  constexpr std::size_t kCallsAtLeast = 8;
  constexpr std::chrono::milliseconds kWhile{100};
  std::vector<std::string> trouble(kThreadsAtOnce);
  std::atomic<bool> found = false;
  std::barrier start(kThreadsAtOnce);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < kThreadsAtOnce; ++t) {
    threads.emplace_back([&, t] {
      start.arrive_and_wait();
      const auto end = std::chrono::steady_clock::now() + kWhile;
      try {
        for (std::size_t i = 0; !found && (i < kCallsAtLeast || std::chrono::steady_clock::now() < end); ++i) {
          trouble[t] = call(t, i);
          if (!trouble[t].empty()) found = true;
        }
      } catch (const std::exception& error) {
        trouble[t] = std::string(" it throws: ") + error.what();
        found = true;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& sentence : trouble) {
    if (!sentence.empty()) return sentence;
  }
  return {};
}

}  // namespace drawlab::conformance
