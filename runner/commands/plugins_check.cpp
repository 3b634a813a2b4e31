#include "runner/commands/plugins_check.hpp"

#include "drawlab/error.hpp"

#include "conformance/plugin_checks.hpp"
#include "host/plugin_host.hpp"
#include "host/plugin_library.hpp"
#include "runner/exit_code.hpp"
#include "system/isolated.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <iostream>
#include <system_error>

namespace drawlab::runner {
namespace {

using conformance::CheckResult;

/// How far the checks are, in memory that the parent process reads after a crash.
struct Progress {
  bool finished;  // all results are printed
  std::array<char, 4000> under_way;

  /// The check under way, or the last one that ended.
  void set_under_way(const std::string& name) {
    const std::size_t length = name.copy(under_way.data(), under_way.size() - 1);
    under_way[length] = '\0';
  }
};

void print_sentences(const CheckResult& result) {
  constexpr std::size_t kMost = 3;
  for (std::size_t i = 0; i < std::min(kMost, result.sentences.size()); ++i) {
    std::cout << "           " << result.sentences[i] << '\n';
  }
  if (result.sentences.size() > kMost) {
    std::cout << "           and " << result.sentences.size() - kMost << " more like these\n";
  }
}

void print_result(const CheckResult& result) {
  switch (result.outcome) {
    case CheckResult::Outcome::passed:
      std::cout << "  ok       " << result.name << '\n';
      print_sentences(result);
      break;
    case CheckResult::Outcome::skipped:
      std::cout << "  skipped  " << result.name << ": " << result.sentences.front() << '\n';
      break;
    case CheckResult::Outcome::failed:
      std::cout << "  FAILED   " << result.name << '\n';
      print_sentences(result);
      break;
  }
  std::cout.flush();
}

void print_summary(const std::vector<CheckResult>& results) {
  const auto count = [&](CheckResult::Outcome outcome) {
    return std::count_if(results.begin(), results.end(),
                         [&](const CheckResult& result) { return result.outcome == outcome; });
  };
  std::cout << fmt::format("{} checks: {} passed, {} failed, {} skipped\n", results.size(),
                           count(CheckResult::Outcome::passed), count(CheckResult::Outcome::failed),
                           count(CheckResult::Outcome::skipped));
}

int run_checks(PluginHost& plugins, const std::string& name, Progress& progress) {
  progress.set_under_way("handshake");
  const PluginDescriptor& descriptor = PluginHost::open(plugins.path_of(name));
  std::cout << fmt::format("{} {} ({})\n  ok       handshake\n", descriptor.name, descriptor.version,
                           plugins.path_of(name).string());
  std::cout.flush();
  progress.set_under_way("after handshake");
  conformance::Report report({[&](const std::string& check) { progress.set_under_way(check); },
                              [&](const CheckResult& result) {
                                print_result(result);
                                progress.set_under_way("after " + result.name);
                              }});
  if (descriptor.kind == static_cast<std::uint32_t>(PluginKind::read_write)) {
    conformance::check_read_write(plugins.read_write(name), report);
  } else {
    conformance::check_dataset(plugins, name, report);
  }
  for (const std::string& warning : plugins.warnings()) std::cerr << "warning: " << warning << '\n';
  print_summary(report.results());
  return report.all_passed() ? kDone : kPlugin;
}

int run_checks_and_explain(PluginHost& plugins, const std::string& name, Progress& progress) {
  try {
    return run_checks(plugins, name, progress);
  } catch (const std::exception& error) {
    std::cout.flush();
    std::cerr << error.what() << '\n';
    return exit_code_of(error);
  }
}

}  // namespace

int check_plugin(const std::string& library_or_name, const std::vector<std::filesystem::path>& folders) {
  std::vector<std::filesystem::path> places = folders;
  std::string name = library_or_name;
  std::error_code error;
  if (library_or_name.find('/') != std::string::npos || std::filesystem::is_regular_file(library_or_name, error)) {
    const std::filesystem::path library = std::filesystem::absolute(library_or_name).lexically_normal();
    name = plugin_name_of(library);
    if (name.empty() || !std::filesystem::exists(library, error)) PluginHost::open(library);  // throws what is wrong
    places.insert(places.begin(), library.parent_path());
  }
  PluginHost plugins(places);

  const SharedMemory<Progress> progress;
  std::cout.flush();
  const ProcessEnd end = run_isolated([&] {
    const int code = run_checks_and_explain(plugins, name, *progress);
    std::cout.flush();
    std::cerr.flush();
    progress->finished = true;
    return code;
  });
  if (end.signal == 0 && progress->finished) return end.exit_code;
  const std::string reason = end.signal == 0 ? fmt::format("exit code {}", end.exit_code)
                                             : fmt::format("signal {} ({})", end.signal, ::strsignal(end.signal));
  std::cout << fmt::format("  FAILED   {}\n           the plugin ended the process: {}\n", progress->under_way.data(),
                           reason);
  return kPlugin;
}

}  // namespace drawlab::runner
