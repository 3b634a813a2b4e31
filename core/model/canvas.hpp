#pragma once

#include "drawlab/tape.hpp"

namespace drawlab {

/// canvas + update in the canvas' own memory, where it stays in the cache: the older value's numbers are gone
/// afterwards. For what later operations need of them, see error_image(): its way back takes the error image alone.
/// Equal shapes; throws ShapeError.
Value draw_on(Value canvas, Value update);

}  // namespace drawlab
