#include "kernels/products.hpp"

#include "drawlab/error.hpp"

#include "aligned_buffer.hpp"
#include "kernels/onednn.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <type_traits>
#include <utility>

// Of the OpenMP runtime that oneDNN is linked with (GCC's). Clang's own header and runtime would be another one.
extern "C" void omp_set_num_threads(int);

namespace drawlab::kernels {

namespace {

const dnnl::engine& cpu() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

/// A weight [out,in] as the right-hand matrix of x·Wᵀ, and of d_y·W.
dnnl::memory::desc transposed_weight(Type type, const Weight<float>& weight, Format format = Format::ba) {
  return matrix(type, weight.in, weight.out, format);
}
dnnl::memory::desc plain_weight(Type type, const Weight<float>& weight, Format format = Format::ab) {
  return matrix(type, weight.out, weight.in, format);
}

double operations_of(std::int64_t rows, std::int64_t out, std::int64_t in) {
  return 2.0 * static_cast<double>(rows) * static_cast<double>(out) * static_cast<double>(in);
}

template <class T>
constexpr Type kTypeOf = std::is_same_v<T, Bf16> ? Type::bf16 : Type::f32;

}  // namespace

void use_one_product_thread() {
  // Another runtime would split one product among the threads that each compute a shard.
  const auto runtime = static_cast<unsigned>(dnnl_version()->cpu_runtime);
  if (runtime != DNNL_RUNTIME_OMP && runtime != DNNL_RUNTIME_SEQ) {
    throw SystemError(
        "oneDNN is built for a threading library of its own; drawlab needs one built for OpenMP, or "
        "without threads");
  }
  omp_set_num_threads(1);
}

bool has_bf16_products() {
#if defined(__x86_64__)
  // oneDNN would also emulate them, several times slower than f32.
  static const bool has = [] {
    const auto allowed = static_cast<unsigned>(dnnl_get_effective_cpu_isa());
    const auto needed = static_cast<unsigned>(dnnl_cpu_isa_avx512_core_bf16);
    return __builtin_cpu_supports("avx512bf16") != 0 && (allowed & needed) == needed;
  }();
  return has;
#else
  return false;
#endif
}

// ---- packed weights ----

namespace {

/// One layout of a weight.
struct PackedMatrix {
  dnnl::memory::desc packed;
  AlignedBuffer<std::byte> bytes;  // of `memory`; oneDNN's own would not lie on huge pages. Empty: as in the store
  dnnl::memory from;
  dnnl::memory memory;
  dnnl::reorder reorder;

  /// `plain`: how the numbers lie; `any`: the same matrix without a layout, for products [rows,inner]·[inner,outer].
  PackedMatrix(const float* numbers, const dnnl::memory::desc& plain, const dnnl::memory::desc& any, Type type,
               std::int64_t rows)
      : from(plain, cpu(), const_cast<float*>(numbers)) {
    const std::int64_t inner = plain_dims(plain)[0];
    const std::int64_t outer = plain_dims(plain)[1];
    const auto description = product_description(cpu(), matrix(type, rows, inner), any, dnnl::memory::desc(),
                                                 matrix(Type::f32, rows, outer), false);
    packed = description.weights_desc();
    // Where oneDNN knows no blocked layout, as for AVX2, it asks for plain rows; the weights as they are are as good
    // or, transposed, nearly twice as fast.
    if (packed == matrix(Type::f32, inner, outer)) packed = plain;
    if (packed == plain) {
      memory = from;
      return;
    }
    bytes.resize(packed.get_size());
    memory = dnnl::memory(packed, cpu(), bytes.data());
    reorder = dnnl::reorder(dnnl::reorder::primitive_desc(cpu(), plain, cpu(), packed));
  }

  void pack(dnnl::stream& stream) {
    if (bytes.size() == 0) return;
    const std::array<dnnl_exec_arg_t, 2> arguments = {{{DNNL_ARG_FROM, from.get()}, {DNNL_ARG_TO, memory.get()}}};
    const dnnl_status_t status =
        dnnl_primitive_execute(reorder.get(), stream.get(), static_cast<int>(arguments.size()), arguments.data());
    if (status != dnnl_success) throw Error("oneDNN could not pack a weight: status " + std::to_string(status));
  }
};

}  // namespace

struct PackedWeight::Impl {
  PackedMatrix forward;
  PackedMatrix backward;
  dnnl::stream stream;
};

PackedWeight::PackedWeight(const Weight<float>& weight, std::int64_t rows, ProductPrecision precision) {
  use_one_product_thread();
  const Type type = precision == ProductPrecision::bf16 ? Type::bf16 : Type::f32;
  impl_ = std::make_unique<Impl>(Impl{PackedMatrix(weight.numbers, transposed_weight(Type::f32, weight),
                                                   transposed_weight(type, weight, Format::any), type, rows),
                                      PackedMatrix(weight.numbers, plain_weight(Type::f32, weight),
                                                   plain_weight(type, weight, Format::any), type, rows),
                                      dnnl::stream(cpu())});
}

PackedWeight::PackedWeight(PackedWeight&&) noexcept = default;
PackedWeight::~PackedWeight() = default;

std::size_t PackedWeight::bytes() const { return impl_->forward.bytes.size() + impl_->backward.bytes.size(); }

void PackedWeight::pack() {
  impl_->forward.pack(impl_->stream);
  impl_->backward.pack(impl_->stream);
  impl_->stream.wait();
}

// ---- products ----

struct Products::Impl {
  enum ProductKind : std::int64_t { forward, backward_data, weight_gradient };

  struct Product {
    dnnl::matmul primitive;
    dnnl::memory a, b, bias, y, scratch;
    std::array<dnnl_exec_arg_t, 5> arguments;
    int argument_count;
    double operations;
  };
  /// Kind, rows, the two other sizes, two more that depend on the kind, size of the number type.
  using Key = std::array<std::int64_t, 7>;

  dnnl::stream stream{cpu()};
  std::map<Key, Product> products;
  AlignedBuffer<unsigned char> scratchpad;
  AlignedBuffer<float> room;  // of weight_gradient()
  double operations = 0;

  /// The product of a key; `describe(a, b, bias, y)` sets its matrices on first use.
  template <class Describe>
  Product& find(const Key& key, bool accumulate, const Describe& describe) {
    const auto found = products.find(key);
    if (found != products.end()) return found->second;
    dnnl::memory::desc a, b, bias, y;
    describe(a, b, bias, y);
    const auto description = product_description(cpu(), a, b, bias, y, accumulate);
    const std::size_t scratch_bytes = description.scratchpad_desc().get_size();
    if (scratch_bytes > scratchpad.size()) {
      scratchpad.reserve_at_least(scratch_bytes);
      for (auto& [_, product] : products) product.scratch.set_data_handle(scratchpad.data());
    }
    Product product{dnnl::matmul(description),
                    dnnl::memory(a, cpu(), nullptr),
                    dnnl::memory(b, cpu(), nullptr),
                    dnnl::memory(bias, cpu(), nullptr),
                    dnnl::memory(y, cpu(), nullptr),
                    dnnl::memory(description.scratchpad_desc(), cpu(), scratchpad.data()),
                    {},
                    0,
                    operations_of(key[1], key[2], key[3])};
    const auto add = [&product](int name, const dnnl::memory& memory) {
      product.arguments[static_cast<std::size_t>(product.argument_count++)] = {name, memory.get()};
    };
    add(DNNL_ARG_SRC, product.a);
    add(DNNL_ARG_WEIGHTS, product.b);
    add(DNNL_ARG_DST, product.y);
    add(DNNL_ARG_SCRATCHPAD, product.scratch);
    if (bias.get_size() != 0) add(DNNL_ARG_BIAS, product.bias);
    return products.emplace(key, std::move(product)).first->second;
  }

  void run(Product& product, const void* a, const void* b, const float* bias, float* y) {
    product.a.set_data_handle(const_cast<void*>(a));
    product.b.set_data_handle(const_cast<void*>(b));
    product.y.set_data_handle(y);
    if (bias != nullptr) product.bias.set_data_handle(const_cast<float*>(bias));
    const dnnl_status_t status =
        dnnl_primitive_execute(product.primitive.get(), stream.get(), product.argument_count, product.arguments.data());
    if (status != dnnl_success) throw Error("oneDNN could not compute a product: status " + std::to_string(status));
    operations += product.operations;
  }
};

Products::Products() : impl_((use_one_product_thread(), std::make_unique<Impl>())) {}
Products::~Products() = default;

template <class T>
void Products::forward(const T* x, std::int64_t rows, const Weight<float>& weight, const float* bias, float* y) {
  const PackedMatrix* const packed = weight.packed == nullptr ? nullptr : &weight.packed->impl().forward;
  auto& product = impl_->find({Impl::forward, rows, weight.out, weight.in, 0, packed != nullptr, sizeof(T)}, false,
                              [&](auto& x_desc, auto& weight_desc, auto& bias_desc, auto& y_desc) {
                                x_desc = matrix(kTypeOf<T>, rows, weight.in);
                                weight_desc = packed != nullptr ? packed->packed : transposed_weight(Type::f32, weight);
                                bias_desc = matrix(Type::f32, 1, weight.out);
                                y_desc = matrix(Type::f32, rows, weight.out);
                              });
  impl_->run(product, x, packed != nullptr ? packed->memory.get_data_handle() : weight.numbers, bias, y);
}

template <class T>
void Products::backward_data(const T* d_y, std::int64_t rows, const Weight<float>& weight, Into<float> d_x) {
  const PackedMatrix* const packed = weight.packed == nullptr ? nullptr : &weight.packed->impl().backward;
  auto& product =
      impl_->find({Impl::backward_data, rows, weight.out, weight.in, !d_x.fresh, packed != nullptr, sizeof(T)},
                  !d_x.fresh, [&](auto& d_y_desc, auto& weight_desc, auto&, auto& d_x_desc) {
                    d_y_desc = matrix(kTypeOf<T>, rows, weight.out);
                    weight_desc = packed != nullptr ? packed->packed : plain_weight(Type::f32, weight);
                    d_x_desc = matrix(Type::f32, rows, weight.in);
                  });
  impl_->run(product, d_y, packed != nullptr ? packed->memory.get_data_handle() : weight.numbers, nullptr, d_x.to);
}

template void Products::forward(const float*, std::int64_t, const Weight<float>&, const float*, float*);
template void Products::forward(const Bf16*, std::int64_t, const Weight<float>&, const float*, float*);
template void Products::backward_data(const float*, std::int64_t, const Weight<float>&, Into<float>);
template void Products::backward_data(const Bf16*, std::int64_t, const Weight<float>&, Into<float>);

template <>
WeightBlocks Products::weight_blocks<float>(const WeightSize& size) {
  return {size, 128, 546};  // the rows that one takes at once, and its sums, lie in a second-level cache of 1 MiB
}
template <>
WeightBlocks Products::weight_blocks<Bf16>(const WeightSize& size) {
  return {size, 256, size.in};
}

template <>
void Products::weight_gradient<float>(const RowChunk& latest, const WeightBlock& block, const WeightSize& size,
                                      float* d_weight) {
  impl_->room.reserve_at_least(static_cast<std::size_t>(weight_gradient_room(block)));
  kernels::weight_gradient(latest, block, size, impl_->room.data(), d_weight);
  for (const RowChunk* chunk = &latest; chunk != nullptr; chunk = chunk->earlier) {
    impl_->operations += operations_of(chunk->rows, block.outs, block.ins);
  }
}

template <>
void Products::weight_gradient<Bf16>(const RowChunk& latest, const WeightBlock& block, const WeightSize& size,
                                     float* d_weight) {
  for (const RowChunk* chunk = &latest; chunk != nullptr; chunk = chunk->earlier) {
    const std::int64_t rows = chunk->rows;
    auto& product = impl_->find(
        {Impl::weight_gradient, rows, block.outs, block.ins, size.out, size.in, sizeof(Bf16)}, true,
        [&](auto& d_y_desc, auto& x_desc, auto&, auto& d_weight_desc) {
          d_y_desc = dnnl::memory::desc({block.outs, rows}, Type::bf16, dnnl::memory::dims{1, size.out});
          x_desc = dnnl::memory::desc({rows, block.ins}, Type::bf16, dnnl::memory::dims{size.in, 1});
          d_weight_desc = dnnl::memory::desc({block.outs, block.ins}, Type::f32, dnnl::memory::dims{size.in, 1});
        });
    impl_->run(product, static_cast<const Bf16*>(chunk->d_y) + block.first_out,
               static_cast<const Bf16*>(chunk->x) + block.first_in, nullptr,
               d_weight + block.first_out * size.in + block.first_in);
  }
}

double Products::operations() const { return impl_->operations; }

// ---- f64 ----

void forward(const double* x, std::int64_t rows, const Weight<double>& weight, const double* bias, double* y) {
  const auto [numbers, out, in, packed] = weight;
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t o = 0; o < out; ++o) {
      double sum = bias[o];
      for (std::int64_t i = 0; i < in; ++i) sum += x[row * in + i] * numbers[o * in + i];
      y[row * out + o] = sum;
    }
  }
}

void backward_data(const double* d_y, std::int64_t rows, const Weight<double>& weight, Into<double> d_x) {
  const auto [numbers, out, in, packed] = weight;
  for (std::int64_t row = 0; row < rows; ++row) {
    double* const to = d_x.to + row * in;
    if (d_x.fresh) std::fill(to, to + in, 0.0);
    for (std::int64_t o = 0; o < out; ++o) {
      for (std::int64_t i = 0; i < in; ++i) to[i] += d_y[row * out + o] * numbers[o * in + i];
    }
  }
}

void weight_gradient(const RowChunk& latest, const WeightSize& size, double* d_weight) {
  const auto [out, in] = size;
  for (const RowChunk* chunk = &latest; chunk != nullptr; chunk = chunk->earlier) {
    const double* const x = static_cast<const double*>(chunk->x);
    const double* const d_y = static_cast<const double*>(chunk->d_y);
    for (std::int64_t row = 0; row < chunk->rows; ++row) {
      for (std::int64_t o = 0; o < out; ++o) {
        for (std::int64_t i = 0; i < in; ++i) d_weight[o * in + i] += d_y[row * out + o] * x[row * in + i];
      }
    }
  }
}

}  // namespace drawlab::kernels
