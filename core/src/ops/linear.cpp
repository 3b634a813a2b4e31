#include "drawlab/ops.hpp"

#include "kernels/elementwise.hpp"
#include "kernels/products.hpp"
#include "ops/common_shapes.hpp"
#include "tape_impl.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace drawlab {

namespace {

constexpr std::size_t kMaxInputs = 6;
/// Rows that one chunk gathers at least: enough for the weight gradient's product to run at full speed.
constexpr std::int64_t kChunkRows = 1024;

struct Call {
  std::array<Value, kMaxInputs> inputs;
  std::size_t input_count;
  Parameter weight;
  Parameter bias;
  std::int64_t rows;
};

/// Room for `rows` more rows of one layer: the inputs, and the gradient of the outputs.
template <class T>
std::pair<T*, T*> collect(Tape& tape, const Call& call) {
  RowCollector& collector = tape.impl().collectors[call.weight.index()];
  const std::int64_t out = call.weight.shape()[0];
  const std::int64_t in = call.weight.shape()[1];
  RowChunk* chunk = collector.last;
  if (chunk == nullptr || chunk->bias != call.bias.index() || chunk->rows + call.rows > chunk->capacity) {
    const std::int64_t capacity = (kChunkRows + call.rows - 1) / call.rows * call.rows;
    chunk = new (tape.allocate(sizeof(RowChunk))) RowChunk{
        tape.allocate<T>(capacity * in), tape.allocate<T>(capacity * out), 0, capacity, call.bias.index(), nullptr};
    (collector.last == nullptr ? collector.first : collector.last->next) = chunk;
    collector.last = chunk;
  }
  const std::pair<T*, T*> result = {static_cast<T*>(chunk->x) + chunk->rows * in,
                                    static_cast<T*>(chunk->d_y) + chunk->rows * out};
  chunk->rows += call.rows;
  return result;
}

void multiply(Tape& tape, const float* x, const Call& call, float* y) {
  tape.impl().products.forward(x, call.rows, call.weight, tape.store().values().data() + call.bias.offset(),
                               tape.impl().packed, y);
}

void multiply(Tape& tape, const double* x, const Call& call, double* y) {
  const double* const values = tape.store().doubles().data();
  kernels::forward(x, call.rows, values + call.weight.offset(), call.weight.shape()[0], call.weight.shape()[1],
                   values + call.bias.offset(), y);
}

void multiply_back(Tape& tape, const float* d_y, const Call& call, float* d_x, bool fresh) {
  tape.impl().products.backward_data(d_y, call.rows, call.weight, tape.impl().packed, d_x, fresh);
}

void multiply_back(Tape& tape, const double* d_y, const Call& call, double* d_x, bool fresh) {
  kernels::backward_data(d_y, call.rows, tape.store().doubles().data() + call.weight.offset(), call.weight.shape()[0],
                         call.weight.shape()[1], d_x, fresh);
}

/// d_x of all inputs, each its columns of d_y·weight.
template <class T>
void input_gradients(Tape& tape, const Call& call, const T* d_y) {
  const auto needs = [](const Value& value) { return value.node()->needs_gradient; };
  const std::span inputs(call.inputs.data(), call.input_count);
  if (std::ranges::none_of(inputs, needs)) return;
  if (call.input_count == 1) {
    const auto [d_x, fresh] = tape.gradient_or_fresh<T>(inputs[0]);
    multiply_back(tape, d_y, call, d_x, fresh);
    return;
  }
  const std::int64_t in = call.weight.shape()[1];
  T* const d_row = static_cast<T*>(tape.scratch(static_cast<std::size_t>(call.rows * in) * sizeof(T)));
  multiply_back(tape, d_y, call, d_row, true);
  std::int64_t column = 0;
  for (const Value& input : inputs) {
    const std::int64_t n = input.shape().row_size();
    if (needs(input)) {
      const auto [d_x, fresh] = tape.gradient_or_fresh<T>(input);
      for (std::int64_t b = 0; b < call.rows; ++b) {
        kernels::pass_on(d_row + b * in + column, d_x + b * n, n, fresh);
      }
    }
    column += n;
  }
}

}  // namespace

Value linear(std::span<const Value> inputs, const Parameter& weight, const Parameter& bias) {
  if (inputs.empty() || inputs.size() > kMaxInputs) throw ShapeError("linear: 1 to 6 inputs are needed");
  Tape& tape = inputs[0].tape();
  Call call{{}, inputs.size(), weight, bias, inputs[0].shape().rows()};
  std::int64_t in = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    call.inputs[i] = inputs[i];
    if (inputs[i].shape().rank() == 0 || inputs[i].shape().rows() != call.rows) {
      refuse_shapes("linear", {inputs[0], inputs[i]}, "all inputs must have the same batch");
    }
    in += inputs[i].shape().row_size();
  }
  if (weight.shape().rank() != 2 || weight.shape()[1] != in || !(bias.shape() == Shape{weight.shape()[0]})) {
    throw ShapeError("linear: inputs of " + std::to_string(in) + " numbers a sample, weight " + weight.shape().text() +
                     " (" + weight.name() + ") and bias " + bias.shape().text() + " do not fit");
  }

  const Value y = tape.make({call.rows, weight.shape()[0]}, true);
  tape.visit([&]<class T>(T) {
    T* x = nullptr;
    if (tape.recording()) {
      const auto [row_x, row_d_y] = collect<T>(tape, call);
      x = row_x;
      y.node()->gradient = row_d_y;
    } else if (call.input_count > 1) {
      x = static_cast<T*>(tape.scratch(static_cast<std::size_t>(call.rows * in) * sizeof(T)));
    }
    if (x == nullptr) {
      x = Tape::data<T>(inputs[0]);
    } else {
      std::int64_t column = 0;
      for (const Value& input : inputs) {
        const std::int64_t n = input.shape().row_size();
        for (std::int64_t b = 0; b < call.rows; ++b) {
          std::memcpy(x + b * in + column, Tape::data<T>(input) + b * n, static_cast<std::size_t>(n) * sizeof(T));
        }
        column += n;
      }
    }
    multiply(tape, x, call, Tape::data<T>(y));

    if (tape.recording()) {
      Tape* const t = &tape;
      t->record([t, call, y] {
        const bool arrived = Tape::has_gradient(y);
        const T* const d_y = t->gradient<T>(y);  // zeros where none arrived: the collected rows count either way
        if (arrived) input_gradients(*t, call, d_y);
      });
    }
  });
  return y;
}

Value linear(Value x, const Parameter& weight, const Parameter& bias) { return linear(std::span(&x, 1), weight, bias); }

}  // namespace drawlab
