#include "ops/draw_on.hpp"

#include "drawlab/error.hpp"

#include "kernels/elementwise.hpp"
#include "ops/shapes.hpp"

#include <new>

namespace drawlab {

Value draw_on(Value canvas, Value update) {
  need_equal("draw_on", canvas, update);
  DRAWLAB_ASSERT(canvas.node()->data != update.node()->data);
  Tape& tape = canvas.tape();
  // The older canvas' gradient is the newer one's plus that of the operations in between: one array.
  const Value drawn(new (tape.allocate(sizeof(Node))) Node(*canvas.node()));
  drawn.node()->needs_gradient = any_needs_gradient({canvas, update});
  tape.visit([&]<class T>(T) {
    const std::int64_t n = update.shape().count();
    kernels::add(Tape::data<T>(canvas), Tape::data<T>(update), Tape::data<T>(drawn), n);
    record_backward<T>({drawn}, [=](const T* d_drawn) {
      if (const Into<T> d_update = update.tape().template into<T>(update)) kernels::pass_on(d_drawn, d_update, n);
    });
  });
  return drawn;
}

}  // namespace drawlab
