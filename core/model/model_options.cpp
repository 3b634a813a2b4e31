#include "model/model_options.hpp"

namespace drawlab {

void ModelOptions::declare(OptionTable& table) {
  table.integer("glimpses", glimpses, 1, 1000, "steps of the recurrence, T")
      .integer("hidden", hidden, 1, 65536, "units of each LSTM, h")
      .integer("latent", latent, 1, 65536, "dimensions of the latent variable of each glimpse, D")
      .choice<Normalization>("normalization", normalization,
                             {{"none", Normalization::none}, {"layer", Normalization::layer}},
                             "of the LSTMs' layers and cells: none, or layer normalisation (Ba et al. 2016)")
      .choice<RecurrentStart>("recurrent_start", recurrent_start,
                              {{"uniform", RecurrentStart::uniform}, {"orthogonal", RecurrentStart::orthogonal}},
                              "the LSTMs' recurrent weights before they are learned: uniform in ±1/√h, or orthogonal "
                              "(Saxe et al. 2014)")
      .choice<CanvasStart>("canvas_start", canvas_start,
                           {{"zero", CanvasStart::zero}, {"data_mean", CanvasStart::data_mean}},
                           "the canvas c_0 before it is learned: zero, or the logit of the training data's mean");
}

}  // namespace drawlab
