#include "runner/commands/doctor_checks.hpp"

#include "drawlab/error.hpp"
#include "drawlab/version.hpp"

#include "host/plugin_host.hpp"
#include "results/database_error.hpp"
#include "results/store.hpp"
#include "runner/data/fetch.hpp"
#include "runner/exit_code.hpp"
#include "runner/schedule/history.hpp"
#include "runner/schedule/memory_fit.hpp"
#include "runner/worker/checkpoint_slot.hpp"
#include "system/machine.hpp"
#include "system/text.hpp"
#include "system/user_folders.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <system_error>

namespace drawlab::runner {

namespace fs = std::filesystem;

namespace {

using State = Finding::State;
using Findings = std::vector<Finding>;

void look_at_program(Findings& findings) {
  const std::string instructions = instruction_set();
  const std::string text =
      fmt::format("drawlab {} on {} ({}), {}, {} of memory free", kVersion, processor_name(), instructions,
                  counted(usable_cores(), "usable core"), size_text(available_memory()));
  const bool fast = instructions == "AVX2" || instructions == "AVX512";
  findings.push_back({"program", fast ? State::fine : State::note, text,
                      fast ? ""
                           : "training is several times slower without AVX2; unset ONEDNN_MAX_CPU_ISA and "
                             "DNNL_MAX_CPU_ISA where they are set"});
}

void look_at_environment(Findings& findings) {
  std::string set;
  for (const char* const name : {"DRAWLAB_DATA", "DRAWLAB_PLUGIN_PATH", "XDG_CACHE_HOME", "XDG_DATA_HOME",
                                 "DNNL_MAX_CPU_ISA", "OMP_NUM_THREADS", "NO_COLOR"}) {
    const std::string value = environment(name);
    if (!value.empty()) set += fmt::format("{}{}={}", set.empty() ? "" : " ", name, value);
  }
  findings.push_back({"environment", State::fine, set.empty() ? "nothing set that changes anything" : set, ""});
  const fs::path data = environment("DRAWLAB_DATA");
  if (!data.empty() && !fs::is_directory(data)) {
    findings.push_back({"environment", State::wrong, fmt::format("DRAWLAB_DATA: {} is no folder", data.string()),
                        "correct it, or unset it", kDataset});
  }
}

void look_at_plugins(PluginHost& plugins, const std::vector<fs::path>& folders, Findings& findings) {
  const PluginHost::Listing listing = plugins.list();
  std::vector<std::string> searched;
  for (const fs::path& folder : folders) {
    if (fs::is_directory(folder)) searched.push_back(folder.string());
  }
  findings.push_back(
      {"plugins", listing.plugins.empty() ? State::wrong : State::fine,
       fmt::format("{} in {}", listing.plugins.size(),
                   searched.empty() ? "no folder that exists" : fmt::to_string(fmt::join(searched, ", "))),
       listing.plugins.empty() ? "install drawlab whole, or name a folder with --plugin-path" : "",
       listing.plugins.empty() ? kPlugin : 0});
  for (const std::string& refusal : listing.refusals) {
    findings.push_back(
        {"plugins", State::wrong, refusal, "build it anew against this drawlab, or take it away", kPlugin});
  }
  for (const std::string& warning : plugins.warnings()) findings.push_back({"plugins", State::note, warning, ""});
}

void look_at_datasets(PluginHost& plugins, Findings& findings) {
  for (const PluginRecord& record : plugins.list().plugins) {
    if (record.kind != PluginKind::dataset) continue;
    for (const DatasetVariant& variant : dataset_variants(plugins, record.name, ConfigNode())) {
      const std::string name = record.name + (variant.label.empty() ? "" : " (" + variant.label + ")");
      const std::vector<std::string> missing = variant.missing();
      if (missing.empty()) {
        findings.push_back(
            {"datasets", State::fine, name + (variant.files.empty() ? ": needs no files" : ": its files are here"),
             variant.files.empty() ? "" : fmt::format("`drawlab data verify {}` reads them", record.name)});
      } else {
        const std::string more = missing.size() > 1 ? fmt::format(" and {} more", missing.size() - 1) : "";
        findings.push_back({"datasets", State::note, fmt::format("{}: not here: {}{}", name, missing.front(), more),
                            fmt::format("`drawlab data fetch {}`", record.name)});
      }
    }
  }
}

/// The folder, or the nearest above it that exists.
fs::path nearest_folder(fs::path folder) {
  while (!fs::is_directory(folder) && folder != folder.parent_path()) folder = folder.parent_path();
  return folder;
}

void look_at_folder(const std::string& part, const fs::path& folder, int exit_code, Findings& findings) {
  constexpr std::uintmax_t kLittle = 1000000000;  // bytes
  const fs::path there = nearest_folder(folder);
  if (::access(there.c_str(), W_OK | X_OK) != 0) {
    findings.push_back({part, State::wrong, fmt::format("{}: nothing can be written here", there.string()),
                        "use another folder, or make this one writable", exit_code});
    return;
  }
  std::error_code error;
  const std::uintmax_t free = fs::space(there, error).available;
  if (!error && free < kLittle) {
    findings.push_back({part, State::wrong, fmt::format("{}: {} are free", there.string(), size_text(free)),
                        "make room: a full disk stops training", exit_code});
  } else if (!error) {
    findings.push_back({part, State::fine, fmt::format("{}: writable, {} free", there.string(), size_text(free)), ""});
  }
  // NFS, SMB, CIFS, SMB2, AFS, 9p and Lustre by their numbers in statfs(2).
  constexpr std::array<long, 7> kNetworks = {0x6969,     0x517B,     0xFF534D42, 0xFE534D42,
                                             0x5346414F, 0x01021997, 0x0BD00BD0};
  struct statfs system {};
  if (part == "database" && ::statfs(there.c_str(), &system) == 0 &&
      std::ranges::find(kNetworks, static_cast<long>(system.f_type)) != kNetworks.end()) {
    findings.push_back({part, State::note, there.string() + ": lies on a network's file system",
                        "keep the database on a local disk: file locks of network file systems are often broken"});
  }
}

void look_at_checkpoints(const results::Store& store, const std::vector<results::RunRow>& runs, Findings& findings) {
  std::int64_t there = 0;
  for (const results::RunRow& run : runs) {
    const fs::path file = checkpoint_path(store, run);
    if (file.empty()) continue;
    if (fs::exists(file)) {
      ++there;
      continue;
    }
    const bool done = run.status == results::Status::done;
    findings.push_back({"checkpoints", done ? State::note : State::wrong,
                        fmt::format("run {}: {} is gone", run.id, file.string()),
                        done ? "bring it back where `sample`, `animate` or `evaluate` should work on this run"
                             : "bring it back, or the run starts from the beginning",
                        done ? 0 : kDatabase});
  }
  if (there > 0) findings.push_back({"checkpoints", State::fine, fmt::format("{} where the record says", there), ""});
}

void look_at_runs(const results::Store& store, Findings& findings) {
  const std::vector<results::RunRow> runs = store.runs();
  std::map<std::string, std::int64_t> counts;
  const results::RunRow* failed = nullptr;
  for (const results::RunRow& run : runs) {
    ++counts[state_text(run)];
    if (run.status == results::Status::failed) failed = &run;
  }
  std::string text;
  for (const auto& [state, count] : counts) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, state);
  findings.push_back({"runs", State::fine, text.empty() ? "none yet" : text, ""});
  if (counts.contains("interrupted")) {
    findings.push_back({"runs", State::note, fmt::format("{} interrupted", counts["interrupted"]),
                        "the same `drawlab run` command continues them"});
  }
  if (failed != nullptr) {
    findings.push_back({"runs", State::note, fmt::format("run {} failed: {}", failed->id, failed->error),
                        "`drawlab query failures` lists all; `drawlab run` tries again"});
  }
  look_at_checkpoints(store, runs, findings);
}

void look_at_database(const fs::path& database, Findings& findings) {
  look_at_folder("database", fs::absolute(database).parent_path(), kDatabase, findings);
  if (!fs::exists(database)) {
    findings.push_back(
        {"database", State::note, database.string() + ": not there yet", "the first `drawlab run` makes it"});
    return;
  }
  try {
    const results::Store store(database, results::Store::Mode::read_only);
    const std::string damage = store.damage();
    if (!damage.empty()) {
      findings.push_back({"database", State::wrong, fmt::format("{}: damaged: {}", database.string(), damage),
                          "take a copy of earlier; what can be read still comes out with `sqlite3 FILE .recover`",
                          kDatabase});
      return;
    }
    findings.push_back({"database", State::fine, database.string() + ": whole", ""});
    look_at_runs(store, findings);
  } catch (const results::DatabaseError& error) {
    findings.push_back({"database", State::wrong, error.what(), "", kDatabase});
  }
}

}  // namespace

const char* state_word(State state) {
  switch (state) {
    case State::fine:
      return "ok";
    case State::note:
      return "note";
    case State::wrong:
      return "WRONG";
  }
  return "";
}

std::vector<Finding> examine(const fs::path& database, const std::vector<fs::path>& plugin_folders) {
  Findings findings;
  look_at_program(findings);
  look_at_environment(findings);
  const std::vector<fs::path> folders = PluginHost::standard_folders(plugin_folders);
  PluginHost plugins(folders);
  look_at_plugins(plugins, folders, findings);
  look_at_datasets(plugins, findings);
  look_at_folder("downloads", user_cache_folder(), kDataset, findings);
  look_at_database(database, findings);
  return findings;
}

}  // namespace drawlab::runner
