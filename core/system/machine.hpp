#pragma once

#include <cstddef>
#include <string>

namespace drawlab {

/// This machine's network name.
std::string host_name();
/// The processor's name as the system gives it; "unknown" where it gives none.
std::string processor_name();
/// The widest instruction set that the processor has and that DNNL_MAX_CPU_ISA allows: AVX512, AVX2, SSE4.1, or the
/// architecture's name. Results are bit-identical within one only.
std::string instruction_set();
/// The cores that this process may use: by its affinity, and by its control group's quota where there is one. At
/// least 1.
int usable_cores();
/// The most memory that this process has held so far, in bytes; 0 where the system does not tell.
std::size_t peak_memory();

}  // namespace drawlab
