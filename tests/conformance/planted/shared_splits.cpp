// Every split has the same images.
#include "planted.hpp"

namespace {

using namespace drawlab;

class SharedSplits final : public planted::Data {
 public:
  SharedSplits(const Options&, const DatasetContext&) : Data("shared_splits") {}

 private:
  void write(Split, std::int64_t index, std::uint64_t, std::span<float> image) const override {
    fill_noise(1, static_cast<std::uint64_t>(index), image);
  }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_dataset<SharedSplits>({"shared_splits", "1.0.0", "spoilt for the tests", "none"}));
