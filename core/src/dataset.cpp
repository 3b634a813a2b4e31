#include "drawlab/dataset.hpp"

#include "drawlab/error.hpp"

namespace drawlab {

const char* split_name(Split split) {
  switch (split) {
    case Split::train:
      return "train";
    case Split::validation:
      return "validation";
    case Split::test:
      return "test";
  }
  DRAWLAB_ASSERT(!"a split is one of three");
  return "";
}

}  // namespace drawlab
