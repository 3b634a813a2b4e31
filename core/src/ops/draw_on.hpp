#pragma once

#include "drawlab/tape.hpp"

namespace drawlab {

/// canvas + update in the canvas' own memory, where it stays in the cache: the older value's numbers are gone
/// afterwards, and both values have one gradient. So the older one is for operations before this call alone, which on
/// the way back look at it no more (as error_image() does), nor does the one that made it (as repeat_rows() or this).
/// `update` may not share its memory. Equal shapes; throws ShapeError.
Value draw_on(Value canvas, Value update);

}  // namespace drawlab
