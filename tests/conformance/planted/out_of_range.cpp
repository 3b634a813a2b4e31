// A pixel is brighter than 1.
#include "planted.hpp"

namespace {

using namespace drawlab;

class OutOfRange final : public planted::Data {
 public:
  OutOfRange(const Options&, const DatasetContext&) : Data("out_of_range") {}

 private:
  void write(Split split, std::int64_t index, std::uint64_t epoch, std::span<float> image) const override {
    Data::write(split, index, epoch, image);
    if (index == 99) image[7] = 1.5F;
  }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_dataset<OutOfRange>({"out_of_range", "1.0.0", "spoilt for the tests", "none"}));
