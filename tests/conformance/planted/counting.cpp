// What it gives depends on how often it was asked.
#include "planted.hpp"

#include <atomic>

namespace {

using namespace drawlab;

class Counting final : public planted::Data {
 public:
  Counting(const Options&, const DatasetContext&) : Data("counting") {}

 private:
  void write(Split, std::int64_t, std::uint64_t, std::span<float> image) const override {
    fill_noise(calls_++, 0, image);
  }
  mutable std::atomic<std::uint64_t> calls_ = 0;
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_dataset<Counting>({"counting", "1.0.0", "spoilt for the tests", "none"}));
