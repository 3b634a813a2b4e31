// It refuses every image.
#include "drawlab/error.hpp"

#include "planted.hpp"

namespace {

using namespace drawlab;

class Refusing final : public planted::Mode {
 public:
  Refusing(const Options&, const ReadSetup& setup) : Mode(setup) { throw ConfigError("refusing reads no image"); }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<Refusing, void>({"refusing", "1.0.0", "spoilt for the tests", "none"}));
