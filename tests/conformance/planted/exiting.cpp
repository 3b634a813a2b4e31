// It ends the process as if all were well.
#include "planted.hpp"

#include <cstdlib>

namespace {

using namespace drawlab;

class Exiting final : public planted::Mode {
 public:
  Exiting(const Options&, const ReadSetup& setup) : Mode(setup) {}

 private:
  Value spoilt(Value) const override { std::exit(0); }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<Exiting, void>({"exiting", "1.0.0", "spoilt for the tests", "none"}));
