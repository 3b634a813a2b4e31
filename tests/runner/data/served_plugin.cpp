// A dataset of one file, whose address is an option: what `drawlab data` does with a plugin is tested on it.
#include "drawlab/error.hpp"
#include "drawlab/plugin.hpp"

namespace {

using namespace drawlab;

struct ServedOptions {
  std::string url;
  std::string path;
  std::string sha256;
  std::string archive_folder;
  bool partial = false;
  void declare(OptionTable& table) {
    table.text("url", url, "where the file is served");
    table.text("path", path, "a folder to look in before all others").is_path();
    table.text("sha256", sha256, "of the file");
    table.text("archive_folder", archive_folder, "where the file lies in the archive that is served");
    table.flag("partial", partial, "whether it says that samples are left out");
  }
};

class Served final : public Dataset {
 public:
  using Options = ServedOptions;
  Served(const Options& options, const DatasetContext& context) {
    info_.name = "served";
    info_.image = {1, 1, 1};
    info_.counts = {1, 1, 1};
    info_.provenance = "a test's server, of no PARTIAL interest";
    info_.is_partial = options.partial;
    info_.checksum = context.sha256_of_file(context.locate(files(options).front(), options.path));
  }
  static std::vector<DatasetFile> files(const Options& options) {
    DatasetFile file{{"file"}, {}, options.sha256, 0, options.archive_folder};
    if (!options.url.empty()) file.urls.push_back(options.url);
    return {file};
  }
  const DatasetInfo& info() const override { return info_; }
  void fill(Split, std::span<const std::int64_t>, std::uint64_t, std::span<float>,
            std::span<std::int32_t>) const override {}

 private:
  DatasetInfo info_;
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_dataset<Served>({"served", "1.0.0", "One file from a server", "none"}));
