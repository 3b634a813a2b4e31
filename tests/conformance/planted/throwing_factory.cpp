// It cannot be made.
#include "planted.hpp"

#include <stdexcept>

namespace {

using namespace drawlab;

class ThrowingFactory final : public planted::Mode {
 public:
  ThrowingFactory(const Options&, const ReadSetup& setup) : Mode(setup) { throw std::out_of_range("index 9 of 3"); }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<ThrowingFactory, void>({"throwing_factory", "1.0.0", "spoilt for the tests",
                                                                    "none"}));
