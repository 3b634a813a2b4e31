#pragma once

#include "drawlab/tape.hpp"

namespace drawlab {

/// canvas + update, computed in the canvas' own memory so that it stays in the cache; equal shapes. Do not use `canvas`
/// after this call: its numbers are overwritten and both values share one gradient. The operations that used or made
/// `canvas` before must not read its numbers in their backward steps, as error_image(), repeat_rows() and draw_on() do
/// not. `update` must not share its memory. Throws ShapeError.
Value draw_on(Value canvas, Value update);

}  // namespace drawlab
