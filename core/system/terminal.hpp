#pragma once

namespace drawlab {

/// Whether standard error is a terminal whose lines may be overwritten: not under NO_COLOR or TERM=dumb.
bool animated_terminal();

}  // namespace drawlab
