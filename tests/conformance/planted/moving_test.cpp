// The test split changes with the epoch.
#include "planted.hpp"

namespace {

using namespace drawlab;

class MovingTest final : public planted::Data {
 public:
  MovingTest(const Options&, const DatasetContext&) : Data("moving_test") {}

 private:
  void write(Split split, std::int64_t index, std::uint64_t epoch, std::span<float> image) const override {
    fill_noise(static_cast<std::uint64_t>(split) + 10 * epoch, static_cast<std::uint64_t>(index), image);
  }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_dataset<MovingTest>({"moving_test", "1.0.0", "spoilt for the tests", "none"}));
