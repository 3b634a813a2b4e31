#include "runner/commands/data.hpp"

#include "drawlab/error.hpp"

#include "host/dataset_host.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/data/fetch.hpp"
#include "runner/data/meter.hpp"
#include "runner/exit_code.hpp"
#include "runner/experiment/experiment_file.hpp"
#include "system/sha256.hpp"
#include "system/stop_signals.hpp"
#include "system/text.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <system_error>

namespace drawlab::runner {

namespace {

constexpr int kDatasetExit = 5;

std::vector<std::string> chosen_names(PluginHost& plugins, const DataArguments& arguments, std::ostream& err) {
  if (!arguments.names.empty()) return arguments.names;
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

/// Shows how a download goes, and ends it on Ctrl-C.
class FetchProgress {
 public:
  FetchProgress(std::ostream& err, bool is_terminal) : err_(err), is_terminal_(is_terminal) {}

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

int fetch(PluginHost& plugins, const DataArguments& arguments, std::ostream& out, std::ostream& err) {
  int exit_code = 0;
  FetchProgress progress(err, arguments.is_terminal);
  DownloadOptions download_options;
  download_options.progress = [&](const DownloadProgress& now) { return progress(now); };
  for (const std::string& name : arguments.names) {
    bool has_fetched = false;
    bool has_failed = false;
    for (const DatasetVariant& variant : dataset_variants(plugins, name, arguments.options)) {
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
    if (has_failed) exit_code = kDatasetExit;
  }
  return exit_code;
}

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

int verify(PluginHost& plugins, const DataArguments& arguments, std::ostream& out, std::ostream& err) {
  int exit_code = 0;
  for (const std::string& name : chosen_names(plugins, arguments, err)) {
    int present = 0;
    std::string missing;
    for (const DatasetVariant& variant : dataset_variants(plugins, name, arguments.options)) {
      if (!variant.is_on_disk()) {
        missing += fmt::format("{}{}", missing.empty() ? "" : ", ", fmt::join(variant.missing(), ", "));
        continue;
      }
      ++present;
      if (!verify_variant(plugins, name, variant, out, err)) exit_code = kDatasetExit;
    }
    if (!missing.empty()) {
      err << name << ": not on this machine: " << missing << "; `drawlab data fetch " << name << "` gets it\n";
      if (present == 0 && !arguments.names.empty()) exit_code = kDatasetExit;
    }
  }
  return exit_code;
}

int preview(PluginHost& plugins, const DataArguments& arguments, std::ostream& out) {
  if (arguments.names.size() != 1) {
    throw ConfigError("data preview: needs one dataset, found " + std::to_string(arguments.names.size()) +
                      " names; `drawlab data list` shows them");
  }
  const auto dataset = DatasetHost(plugins, 1, opening_meter()).open(arguments.names.front(), arguments.options);
  preview_dataset(*dataset, arguments.preview, out);
  return 0;
}

/// What the command line says of a preview.
PreviewRequest preview_request(const boost::program_options::variables_map& values) {
  PreviewRequest request;
  request.count = values["count"].as<std::int64_t>();
  if (request.count < 1 || request.count > 10000) {
    throw ConfigError(fmt::format("--count: {} is outside 1..10000", request.count));
  }
  const std::string split = values["split"].as<std::string>();
  require_word("split", split, {"train", "validation", "test"});
  for (const Split known : kSplits) {
    if (split == split_name(known)) request.split = known;
  }
  if (values.count("output") == 0) throw ConfigError("data preview: where to? Give -o FILE.png");
  request.file = values["output"].as<std::string>();
  return request;
}

/// `key=value` words as a map.
ConfigNode options_map(const std::vector<std::string>& words) {
  ConfigNode map = ConfigNode::map({"--option", 0, 0});
  Diagnostics diagnostics;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw ConfigError("--option " + word + ": needs the form key=value, such as binarization=none");
    }
    const std::string key = word.substr(0, equals);
    const SourceLocation where = {"--option " + key, 0, 0};
    if (map.find(key) != nullptr) throw ConfigError("--option " + key + ": given twice");
    map.set(key, parse_value(word.substr(equals + 1), where.file, diagnostics), where);
  }
  diagnostics.throw_if_errors();
  return map;
}

}  // namespace

int run_data(PluginHost& plugins, const DataArguments& arguments, std::ostream& out, std::ostream& err) {
  const bool has_options = arguments.options.is_map() && !arguments.options.entries().empty();
  if (has_options && arguments.names.size() != 1) {
    throw ConfigError("--option: belongs to one dataset; found " + std::to_string(arguments.names.size()) + " names");
  }
  switch (arguments.action) {
    case DataArguments::Action::list:
      for (const std::string& name : chosen_names(plugins, arguments, err)) {
        list_dataset(plugins, name, arguments.options, out);
      }
      return 0;
    case DataArguments::Action::fetch:
      if (arguments.names.empty()) throw ConfigError("data fetch: which dataset? `drawlab data list` shows them");
      return fetch(plugins, arguments, out, err);
    case DataArguments::Action::verify:
      return verify(plugins, arguments, out, err);
    case DataArguments::Action::preview:
      return preview(plugins, arguments, out);
  }
  return 0;
}

int data_command(const std::vector<std::string>& words) {
  Arguments arguments("data list|fetch|verify|preview [NAME]… [--option key=value]…",
                      "Datasets: where their files are, downloads, whether they are whole, and what they look like.");
  namespace options = boost::program_options;
  arguments.add()("option", options::value<std::vector<std::string>>()->composing(),
                  "one of the dataset's options, such as binarization=none; may be repeated");
  arguments.add()("output,o", options::value<std::string>()->value_name("FILE"), "preview: the PNG file to write");
  arguments.add()("split", options::value<std::string>()->value_name("NAME")->default_value("train"),
                  "preview: train, validation or test");
  arguments.add()("count", options::value<std::int64_t>()->value_name("N")->default_value(64),
                  "preview: how many images, from the split's first on");
  add_plugin_path_option(arguments);
  arguments.positional("words", true);
  const auto values = arguments.parse(words, std::cout);
  if (!values.has_value()) return 0;

  const auto texts = [&](const char* name) {
    return values->count(name) > 0 ? (*values)[name].as<std::vector<std::string>>() : std::vector<std::string>();
  };
  std::vector<std::string> positions = texts("words");
  const std::map<std::string, DataArguments::Action> actions = {{"list", DataArguments::Action::list},
                                                                {"fetch", DataArguments::Action::fetch},
                                                                {"verify", DataArguments::Action::verify},
                                                                {"preview", DataArguments::Action::preview}};
  if (positions.empty()) throw ConfigError("data: what to do? One of list, fetch, verify, preview");
  if (actions.count(positions.front()) == 0) {
    throw ConfigError("data: '" + positions.front() + "' is unknown" +
                      suggestion(positions.front(), {"list", "fetch", "verify", "preview"}));
  }
  DataArguments data;
  data.action = actions.at(positions.front());
  data.names.assign(positions.begin() + 1, positions.end());
  data.options = options_map(texts("option"));
  if (data.action == DataArguments::Action::preview) data.preview = preview_request(*values);
  data.is_terminal = ::isatty(STDERR_FILENO) != 0;
  std::vector<std::filesystem::path> folders;
  for (const std::string& folder : texts("plugin-path")) folders.emplace_back(folder);
  PluginHost plugins(PluginHost::standard_folders(folders));
  const StopSignals signals;
  try {
    return run_data(plugins, data, std::cout, std::cerr);
  } catch (const SystemError& error) {
    // The reader of a dataset's files is a program that Ctrl-C ends too.
    if (StopSignals::first() == 0) throw;
    std::cerr << error.what() << "\n";
    return exit_code_of(StopSignals::first());
  }
}

}  // namespace drawlab::runner
