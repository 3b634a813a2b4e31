#include "drawlab/plugin.hpp"

#include "mnist.hpp"

DRAWLAB_PLUGIN(drawlab::describe_dataset<drawlab::mnist::Mnist>(
    {"mnist", "1.0.0", "MNIST, 28x28: the fixed binarisation (default), or the original grey digits with labels",
     "LeCun, Bottou, Bengio, Haffner 1998; Salakhutdinov, Murray 2008"}));
