// Its validation split is the end of its training split.
#include "planted.hpp"

namespace {

using namespace drawlab;

class SharedTail final : public planted::Data {
 public:
  SharedTail(const Options&, const DatasetContext&) : Data("shared_tail") { info_.counts = {5000, 1000, 1000}; }

 private:
  void write(Split split, std::int64_t index, std::uint64_t, std::span<float> image) const override {
    const bool is_tail = split == Split::validation;
    fill_noise(static_cast<std::uint64_t>(is_tail ? Split::train : split),
               static_cast<std::uint64_t>(is_tail ? index + 4000 : index), image);
  }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_dataset<SharedTail>({"shared_tail", "1.0.0", "spoilt for the tests", "none"}));
