// A dataset made of another, which may be itself.
#include "plugins/sound.hpp"

namespace {

using namespace drawlab;

struct WrapperOptions {
  std::string source = "flat";
  ConfigNode options;

  void declare(OptionTable& table) {
    table.text("source", source, "the dataset inside").settings("options", options, "its options");
  }
};

class Wrapper final : public Dataset {
 public:
  using Options = WrapperOptions;

  static std::vector<DatasetFile> files(const Options&) { return {}; }
  static std::vector<DatasetRequest> sources(const Options& options) { return {{options.source, options.options}}; }

  Wrapper(const Options& options, const DatasetContext& context)
      : inner_(context.open(options.source, options.options)), info_(inner_->info()) {
    info_.name = "wrapper";
    info_.sources = {{inner_->info().name, inner_->info().checksum}};
  }

  const DatasetInfo& info() const override { return info_; }

  void fill(Split split, std::span<const std::int64_t> indices, std::uint64_t epoch, std::span<float> images,
            std::span<std::int32_t> labels) const override {
    inner_->fill(split, indices, epoch, images, labels);
  }

 private:
  std::unique_ptr<Dataset> inner_;
  DatasetInfo info_;
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_dataset<Wrapper>({"wrapper", "1.0.0", "another dataset", "none"}));
