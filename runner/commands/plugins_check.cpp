#include "runner/commands/plugins_check.hpp"

#include "drawlab/error.hpp"

#include "conformance/plugin_checks.hpp"
#include "host/plugin_host.hpp"
#include "host/plugin_library.hpp"
#include "runner/exit_code.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <system_error>

namespace drawlab::runner {
namespace {

using conformance::CheckResult;

/// The name of the check under way, where the process that outlives a crash can read it.
class SharedName {
 public:
  SharedName()
      : text_(static_cast<char*>(::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
    if (text_ == MAP_FAILED) throw SystemError(fmt::format("no memory to share: {}", std::strerror(errno)));
  }
  ~SharedName() { ::munmap(text_, kBytes); }
  SharedName(const SharedName&) = delete;
  SharedName& operator=(const SharedName&) = delete;

  void set(const std::string& name) {
    const std::size_t length = std::min(name.size(), kBytes - 1);
    std::memcpy(text_, name.data(), length);
    text_[length] = '\0';
  }
  std::string get() const { return text_; }

 private:
  static constexpr std::size_t kBytes = 4096;
  char* text_;
};

void print_result(const CheckResult& result) {
  switch (result.outcome) {
    case CheckResult::Outcome::passed:
      std::cout << "  ok       " << result.name << '\n';
      break;
    case CheckResult::Outcome::skipped:
      std::cout << "  skipped  " << result.name << ": " << result.sentences.front() << '\n';
      break;
    case CheckResult::Outcome::failed: {
      constexpr std::size_t kMost = 3;
      std::cout << "  FAILED   " << result.name << '\n';
      for (std::size_t i = 0; i < std::min(kMost, result.sentences.size()); ++i) {
        std::cout << "           " << result.sentences[i] << '\n';
      }
      if (result.sentences.size() > kMost) {
        std::cout << "           and " << result.sentences.size() - kMost << " more like these\n";
      }
      break;
    }
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

int run_checks(PluginHost& plugins, const std::string& name, SharedName& under_way) {
  under_way.set("handshake");
  const PluginDescriptor& descriptor = PluginHost::open(plugins.path_of(name));
  std::cout << fmt::format("{} {} ({})\n  ok       handshake\n", descriptor.name, descriptor.version,
                           plugins.path_of(name).string());
  std::cout.flush();
  conformance::Report report({[&](const std::string& check) { under_way.set(check); }, print_result});
  if (descriptor.kind == static_cast<std::uint32_t>(PluginKind::read_write)) {
    conformance::check_read_write(plugins.read_write(name), report);
  } else {
    conformance::check_dataset(plugins, name, report);
  }
  for (const std::string& warning : plugins.warnings()) std::cerr << "warning: " << warning << '\n';
  print_summary(report.results());
  return report.all_passed() ? kDone : kPlugin;
}

int run_checks_and_explain(PluginHost& plugins, const std::string& name, SharedName& under_way) {
  try {
    return run_checks(plugins, name, under_way);
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
  if (library_or_name.find('/') != std::string::npos || std::filesystem::exists(library_or_name, error)) {
    const std::filesystem::path library = std::filesystem::absolute(library_or_name).lexically_normal();
    name = plugin_name_of(library);
    if (name.empty() || !std::filesystem::exists(library, error)) PluginHost::open(library);  // throws what is wrong
    places.insert(places.begin(), library.parent_path());
  }
  PluginHost plugins(places);

  SharedName under_way;
  std::cout.flush();
  const pid_t child = ::fork();
  if (child < 0) throw SystemError(fmt::format("no process for the checks: {}", std::strerror(errno)));
  if (child == 0) {
    const int code = run_checks_and_explain(plugins, name, under_way);
    std::cout.flush();
    std::cerr.flush();
    ::_exit(code);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  const int signal = WTERMSIG(status);
  std::cout << fmt::format("  FAILED   {}\n           the plugin ended the process: signal {} ({})\n", under_way.get(),
                           signal, ::strsignal(signal));
  return kPlugin;
}

}  // namespace drawlab::runner
