#pragma once

#include "drawlab/error.hpp"

namespace drawlab::results {

/// A results database cannot be opened, read or written; the sentence names the file and says what to do.
class DatabaseError : public Error {
 public:
  using Error::Error;
};

}  // namespace drawlab::results
