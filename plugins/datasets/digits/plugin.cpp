#include "drawlab/plugin.hpp"

#include "digits.hpp"

DRAWLAB_PLUGIN(drawlab::describe_dataset<drawlab::digits::Digits>(
    {"digits", "1.0.0", "Handwriting-like digits drawn from stroke templates, 28x28, labelled; needs no files",
     "drawlab's own"}));
