#pragma once

#include "drawlab/into.hpp"

#include "kernels/matrix.hpp"

/// The LSTM's gates in both precisions. `size` is that of the state, [rows,h]; gates are [rows,4h] in the order i, f,
/// g, o.
namespace drawlab::kernels {

/// What a step reads of the last one, and what it keeps for its backward pass.
template <class T>
struct LstmArrays {
  const T* c_previous;  // [rows,h]
  T* squashed;          // σ(i), σ(f), tanh(g), σ(o) [rows,4h]
  T* tanh_c;            // [rows,h]
};

/// Writes squashed, tanh_c, h and c [rows,h]. `gates` may be `squashed` itself.
void lstm(const float* gates, const LstmArrays<float>& arrays, float* h, float* c, const MatrixSize& size);
void lstm(const double* gates, const LstmArrays<double>& arrays, double* h, double* c, const MatrixSize& size);
/// `d_gates` may be fresh in `squashed` itself.
void lstm_backward(const LstmArrays<float>& arrays, const float* d_h, const float* d_c, Into<float> d_gates,
                   Into<float> d_c_previous, const MatrixSize& size);
void lstm_backward(const LstmArrays<double>& arrays, const double* d_h, const double* d_c, Into<double> d_gates,
                   Into<double> d_c_previous, const MatrixSize& size);

/// The first half of lstm(): writes squashed and c.
void lstm_cell(const float* gates, const LstmArrays<float>& arrays, float* c, const MatrixSize& size);
void lstm_cell(const double* gates, const LstmArrays<double>& arrays, double* c, const MatrixSize& size);
/// `d_c` is the whole gradient of c, and tanh_c what the output gate multiplied. `d_gates`, which is written, may be
/// `squashed` itself.
void lstm_cell_backward(const LstmArrays<float>& arrays, const float* d_h, const float* d_c, float* d_gates,
                        Into<float> d_c_previous, const MatrixSize& size);
void lstm_cell_backward(const LstmArrays<double>& arrays, const double* d_h, const double* d_c, double* d_gates,
                        Into<double> d_c_previous, const MatrixSize& size);
/// The second half: tanh_c = tanh(x) and h = σ(o)·tanh_c. `x` may be tanh_c itself.
void output_gate(const float* x, const LstmArrays<float>& arrays, float* h, const MatrixSize& size);
void output_gate(const double* x, const LstmArrays<double>& arrays, double* h, const MatrixSize& size);
/// d_x = d_h·σ(o)·(1 − tanh_c²)
void output_gate_backward(const LstmArrays<float>& arrays, const float* d_h, float* d_x, const MatrixSize& size);
void output_gate_backward(const LstmArrays<double>& arrays, const double* d_h, double* d_x, const MatrixSize& size);

}  // namespace drawlab::kernels
