#include "drawlab/plugin.hpp"

#include "svhn.hpp"

DRAWLAB_PLUGIN(drawlab::describe_dataset<drawlab::svhn::Svhn>(
    {"svhn", "1.0.0",
     "Street View House Numbers: whole numbers in 54x54, or digits in 32x32, "
     "in colour",
     "Netzer et al. 2011: Reading Digits in Natural Images with Unsupervised "
     "Feature Learning"}));
