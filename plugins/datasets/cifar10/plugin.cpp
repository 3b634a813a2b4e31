#include "drawlab/plugin.hpp"

#include "cifar10.hpp"

DRAWLAB_PLUGIN(drawlab::describe_dataset<drawlab::cifar10::Cifar10>(
    {"cifar10", "1.0.0", "CIFAR-10: 32x32 colour photographs of ten classes, from the binary version's files",
     "Krizhevsky 2009: Learning Multiple Layers of Features from Tiny Images"}));
