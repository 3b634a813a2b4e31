#pragma once

#include "drawlab/error.hpp"

namespace drawlab::results {

/// A results database that cannot be opened, read or written; the sentence names the file and what to do about it.
class DatabaseError : public Error {
 public:
  using Error::Error;
};

}  // namespace drawlab::results
