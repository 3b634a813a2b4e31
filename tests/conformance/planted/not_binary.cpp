// It says that its pixels are 0 or 1, and writes grey levels.
#include "planted.hpp"

namespace {

using namespace drawlab;

class NotBinary final : public planted::Data {
 public:
  NotBinary(const Options&, const DatasetContext&) : Data("not_binary") { info_.pixels = PixelKind::binary; }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_dataset<NotBinary>({"not_binary", "1.0.0", "spoilt for the tests", "none"}));
