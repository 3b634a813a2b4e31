#include "drawlab/plugin.hpp"

#include "house_numbers.hpp"

DRAWLAB_PLUGIN(drawlab::describe_dataset<drawlab::house_numbers::HouseNumbers>(
    {"house_numbers", "1.0.0",
     "Coloured numbers of one to five digits on walls, drawn as they are asked for; needs no files",
     "drawlab's own; shapes as in SVHN (Netzer et al. 2011)"}));
