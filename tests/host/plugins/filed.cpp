// A dataset that needs a file; its content's hash becomes the checksum.
#include "plugins/sound.hpp"

namespace {

using namespace drawlab;

DatasetFile numbers() { return {{"numbers.gz", "numbers"}, {"http://localhost/numbers.gz"}, "", 0}; }

struct FiledOptions {
  std::string folder;
  bool downloadable = true;

  void declare(OptionTable& table) {
    table.text("folder", folder, "folder of the files").is_path();
    table.flag("downloadable", downloadable, "whether the file has an address");
  }
};

class Filed final : public Dataset {
 public:
  using Options = FiledOptions;

  static std::vector<DatasetFile> files(const Options& options) {
    DatasetFile file = numbers();
    if (!options.downloadable) file.urls.clear();
    return {file};
  }

  Filed(const Options& options, const DatasetContext& context) {
    info_.name = "filed";
    info_.provenance = context.locate(files(options).front(), options.folder).string();
    info_.checksum = context.sha256_of_file(info_.provenance);
  }

  const DatasetInfo& info() const override { return info_; }

  void fill(Split, std::span<const std::int64_t>, std::uint64_t, std::span<float>,
            std::span<std::int32_t>) const override {}

 private:
  DatasetInfo info_;
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_dataset<Filed>({"filed", "1.0.0", "a file's numbers", "none"}));
