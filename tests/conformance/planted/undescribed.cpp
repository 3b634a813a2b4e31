// Its description is not whole.
#include "planted.hpp"

namespace {

using namespace drawlab;

class Undescribed final : public planted::Data {
 public:
  Undescribed(const Options&, const DatasetContext&) : Data("another") {
    info_.counts[1] = 0;
    info_.classes = 1;
    info_.provenance.clear();
  }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_dataset<Undescribed>({"undescribed", "1.0.0", "spoilt for the tests", "none"}));
