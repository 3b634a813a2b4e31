#include "ops/draw_on.hpp"

#include "drawlab/error.hpp"

#include "kernels/elementwise.hpp"
#include "ops/common_shapes.hpp"

#include <new>

namespace drawlab {

Value draw_on(Value canvas, Value update) {
  need_equal("draw_on", canvas, update);
  DRAWLAB_ASSERT(canvas.node()->data != update.node()->data);
  Tape& tape = canvas.tape();
  // The gradient of what was before is that of what is now and what the operations in between add to it: one array.
  const Value drawn(new (tape.allocate(sizeof(Node))) Node(*canvas.node()));
  drawn.node()->needs_gradient = drawn.node()->needs_gradient || update.node()->needs_gradient;
  tape.visit([&]<class T>(T) {
    const std::int64_t n = update.shape().count();
    kernels::add(Tape::data<T>(canvas), Tape::data<T>(update), Tape::data<T>(drawn), n);
    if (!update.node()->needs_gradient || !tape.recording()) return;
    Tape* const t = &tape;
    t->record([=] {
      if (!Tape::has_gradient(drawn)) return;
      const auto [d_update, fresh] = t->gradient_or_fresh<T>(update);
      kernels::pass_on(t->gradient<T>(drawn), d_update, n, fresh);
    });
  });
  return drawn;
}

}  // namespace drawlab
