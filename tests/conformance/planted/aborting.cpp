// It ends the process.
#include "planted.hpp"

#include <cstdlib>

namespace {

using namespace drawlab;

class Aborting final : public planted::Mode {
 public:
  Aborting(const Options&, const ReadSetup& setup) : Mode(setup) {}

 private:
  Value spoilt(Value) const override { std::abort(); }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<Aborting, void>({"aborting", "1.0.0", "spoilt for the tests", "none"}));
