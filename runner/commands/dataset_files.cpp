#include "runner/commands/dataset_files.hpp"

#include "drawlab/error.hpp"

#include "host/dataset_host.hpp"
#include "runner/data/fetch.hpp"
#include "runner/data/meter.hpp"
#include "runner/exit_code.hpp"
#include "system/sha256.hpp"
#include "system/stop_signals.hpp"
#include "system/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <system_error>

namespace drawlab::runner {
namespace {

void require_one_name_for_options(const DatasetSelection& chosen) {
  if (!chosen.options.is_map() || chosen.options.entries().empty() || chosen.names.size() == 1) return;
  throw ConfigError(fmt::format("--option: belongs to one dataset; found {} names", chosen.names.size()));
}

std::vector<std::string> names_of(PluginHost& plugins, const DatasetSelection& chosen, std::ostream& err) {
  if (!chosen.names.empty()) return chosen.names;
  std::vector<std::string> names;
  const PluginHost::Listing listing = plugins.list();
  for (const PluginRecord& record : listing.plugins) {
    if (record.kind == PluginKind::dataset) names.push_back(record.name);
  }
  for (const std::string& refusal : listing.refusals) err << refusal << "\n";
  return names;
}

void list_file(const LocatedFile& located, std::ostream& out) {
  const std::string& name = located.file.names.front();
  if (located.path.empty()) {
    const std::string remark =
        located.file.urls.empty() ? "no address known"
        : located.file.bytes == 0
            ? "can be fetched"
            : size_text(located.file.bytes) +
                  (located.file.archive_folder.empty() ? " to fetch" : " to fetch, in an archive");
    out << fmt::format("    {:<28} missing ({})\n", name, remark);
    return;
  }
  std::error_code error;
  const auto size = std::filesystem::file_size(located.path, error);
  out << fmt::format("    {:<28} {:>8}  {}\n", name, error ? error.message() : size_text(size), located.path.string());
}

void list_folders(PluginHost& plugins, const std::string& name, const ConfigNode& options, std::ostream& out) {
  out << "  looked in";
  const char* separator = " ";
  for (const auto& folder : DatasetHost(plugins, 0).folders_of(name, options)) {
    out << separator << folder.string();
    separator = ", ";
  }
  out << "\n";
}

void list_dataset(PluginHost& plugins, const std::string& name, const ConfigNode& options, std::ostream& out) {
  const PluginRecord record = plugins.dataset(name).record;
  const auto variants = dataset_variants(plugins, name, options);
  out << name << ": " << record.summary << "\n";
  if (variants.size() == 1 && variants.front().files.empty()) {
    out << "  ready: needs no files\n";
    return;
  }
  std::vector<std::string> owners;
  for (const DatasetVariant& variant : variants) {
    for (const LocatedFile& file : variant.files) {
      if (std::ranges::find(owners, file.dataset) == owners.end()) owners.push_back(file.dataset);
    }
  }
  for (const std::string& owner : owners) list_folders(plugins, owner, owner == name ? options : ConfigNode(), out);
  for (const DatasetVariant& variant : variants) {
    out << "  " << (variant.is_on_disk() ? "ready" : "not ready") << (variant.label.empty() ? "" : ": " + variant.label)
        << "\n";
    for (const LocatedFile& file : variant.files) list_file(file, out);
  }
}

/// Shows a download's progress, and ends it on Ctrl-C.
class FetchProgress {
 public:
  explicit FetchProgress(std::ostream& err)
      : err_(err), is_terminal_(&err == &std::cerr && ::isatty(STDERR_FILENO) != 0) {}

  bool operator()(const DownloadProgress& progress) {
    if (progress.url != url_) {
      end_line();
      url_ = progress.url;
      err_ << "fetching " << url_ << (is_terminal_ ? "" : "\n") << std::flush;
      percent_ = -1;
    }
    const int percent = progress.total == 0 ? 0 : static_cast<int>(100 * progress.received / progress.total);
    if (is_terminal_ && percent != percent_) {
      percent_ = percent;
      err_ << fmt::format("\rfetching {}  {} of {}, {} %", url_, size_text(progress.received),
                          progress.total == 0 ? "?" : size_text(progress.total), percent)
           << std::flush;
    }
    return StopSignals::first() == 0;
  }
  void end_line() {
    if (is_terminal_ && !url_.empty()) err_ << "\n";
    url_.clear();
  }

 private:
  std::ostream& err_;
  bool is_terminal_;
  std::string url_;
  int percent_ = -1;
};

/// Opens one variant, which reads and checks everything, and prints what it is.
bool verify_variant(PluginHost& plugins, const std::string& name, const DatasetVariant& variant, std::ostream& out,
                    std::ostream& err) {
  const std::string title = name + (variant.label.empty() ? "" : " (" + variant.label + ")");
  try {
    for (const LocatedFile& file : variant.files) {
      if (file.path.filename() != file.file.names.front() || file.file.sha256.empty() ||
          !file.file.archive_folder.empty()) {
        continue;
      }
      const std::string found = sha256_of_file(file.path);
      if (found != file.file.sha256) {
        throw DataError(file.path.string() + ": sha256 " + found + " is not the published file's, " + file.file.sha256);
      }
    }
    const auto dataset = DatasetHost(plugins, 0, opening_meter()).open(name, variant.options);
    const DatasetInfo& info = dataset->info();
    out << fmt::format("{}: {}\n  samples     {} train, {} validation, {} test\n  provenance  {}\n  checksum    {}\n",
                       title, info.is_partial ? "sound, but only a part" : "whole", info.count(Split::train),
                       info.count(Split::validation), info.count(Split::test), info.provenance, info.checksum);
    return true;
  } catch (const DataError& error) {
    out << title << ": NOT whole\n";
    err << error.what() << "\n";
    return false;
  }
}

}  // namespace

int list_datasets(PluginHost& plugins, const DatasetSelection& chosen, std::ostream& out, std::ostream& err) {
  require_one_name_for_options(chosen);
  for (const std::string& name : names_of(plugins, chosen, err)) list_dataset(plugins, name, chosen.options, out);
  return kDone;
}

int fetch_datasets(PluginHost& plugins, const DatasetSelection& chosen, std::ostream& out, std::ostream& err) {
  if (chosen.names.empty()) throw ConfigError("data fetch: which dataset? `drawlab data list` shows them");
  require_one_name_for_options(chosen);
  int exit_code = kDone;
  FetchProgress progress(err);
  DownloadOptions download_options;
  download_options.progress = [&](const DownloadProgress& now) { return progress(now); };
  for (const std::string& name : chosen.names) {
    bool has_fetched = false;
    bool has_failed = false;
    for (const DatasetVariant& variant : dataset_variants(plugins, name, chosen.options)) {
      try {
        for (const auto& path : fetch_dataset(plugins, name, variant.options, download_options)) {
          progress.end_line();
          out << path.string() << "\n";
          has_fetched = true;
        }
      } catch (const DataError& error) {
        progress.end_line();
        err << error.what() << "\n";
        if (StopSignals::first() != 0) return exit_code_of(StopSignals::first());
        has_failed = true;
      }
    }
    if (!has_fetched && !has_failed) err << name << ": everything is here already\n";
    if (has_failed) exit_code = kDataset;
  }
  return exit_code;
}

int verify_datasets(PluginHost& plugins, const DatasetSelection& chosen, std::ostream& out, std::ostream& err) {
  require_one_name_for_options(chosen);
  int exit_code = kDone;
  for (const std::string& name : names_of(plugins, chosen, err)) {
    int present = 0;
    std::string missing;
    for (const DatasetVariant& variant : dataset_variants(plugins, name, chosen.options)) {
      if (!variant.is_on_disk()) {
        missing += fmt::format("{}{}", missing.empty() ? "" : ", ", fmt::join(variant.missing(), ", "));
        continue;
      }
      ++present;
      if (!verify_variant(plugins, name, variant, out, err)) exit_code = kDataset;
    }
    if (!missing.empty()) {
      err << name << ": not on this machine: " << missing << "; `drawlab data fetch " << name << "` gets it\n";
      if (present == 0 && !chosen.names.empty()) exit_code = kDataset;
    }
  }
  return exit_code;
}

}  // namespace drawlab::runner
