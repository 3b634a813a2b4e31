#pragma once

#include "drawlab/plugin.hpp"

#include <algorithm>
#include <stdexcept>

namespace drawlab::test {

struct FlatOptions {
  double shade = 0.5;
  std::string path;

  void declare(OptionTable& table) {
    table.real("shade", shade, 0, 1, "grey level of every pixel").text("path", path, "folder of the files").is_path();
  }
};

/// Pictures of one grey level.
class Flat : public Dataset {
 public:
  using Options = FlatOptions;

  static std::vector<DatasetFile> files(const Options&) { return {}; }

  Flat(const Options& options, const DatasetContext& context) : shade_(options.shade) {
    info_.name = "flat";
    info_.image = {1, 4, 4};
    info_.counts = {8, 4, 4};
    info_.label_meaning = "no labels";
    info_.values = "grey levels in [0,1]";
    info_.provenance = "made for the tests with seed " + std::to_string(context.seed());
    info_.checksum = "flat-1";
  }

  const DatasetInfo& info() const override { return info_; }

  void fill(Split, std::span<const std::int64_t>, std::uint64_t, std::span<float> images,
            std::span<std::int32_t> labels) const override {
    std::fill(images.begin(), images.end(), static_cast<float>(shade_));
    std::fill(labels.begin(), labels.end(), -1);
  }

 private:
  DatasetInfo info_;
  double shade_;
};

/// A descriptor with which nothing is wrong, for the libraries that spoil one member of it.
inline constexpr PluginDescriptor sound_descriptor(const char* name) {
  return describe_dataset<Flat>({name, "1.0.0", "pictures of one grey level", "none"});
}

}  // namespace drawlab::test
