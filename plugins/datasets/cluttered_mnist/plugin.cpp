#include "drawlab/plugin.hpp"

#include "cluttered_mnist.hpp"

DRAWLAB_PLUGIN(drawlab::describe_dataset<drawlab::cluttered_mnist::ClutteredMnist>(
    {"cluttered_mnist", "1.0.0",
     "One or two digits at random places among pieces of others, composed as they are asked for",
     "Mnih et al. 2014 (arXiv 1406.6247); Gregor et al. 2015, sections 4.1 and 4.3 (arXiv 1502.04623)"}));
