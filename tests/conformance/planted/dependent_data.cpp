// Nothing is wrong with it: one of its options counts only when the other one says so.
#include "planted.hpp"

namespace {

using namespace drawlab;

struct DependentDataOptions {
  int seed = 1;
  bool own = false;
  void declare(OptionTable& table) {
    table.integer("seed", seed, 1, 100, "which samples of one's own there are")
        .flag("own", own, "samples of one's own");
  }
};

class DependentData final : public planted::Data {
 public:
  using Options = DependentDataOptions;
  static std::vector<DatasetFile> files(const Options&) { return {}; }
  DependentData(const Options& options, const DatasetContext&)
      : Data("dependent_data"), key_(options.own ? static_cast<std::uint64_t>(options.seed) : 0) {}

 private:
  void write(Split split, std::int64_t index, std::uint64_t, std::span<float> image) const override {
    fill_noise(3 * key_ + static_cast<std::uint64_t>(split), static_cast<std::uint64_t>(index), image);
  }
  std::uint64_t key_;
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_dataset<DependentData>({"dependent_data", "1.0.0", "spoilt for the tests", "none"}));
