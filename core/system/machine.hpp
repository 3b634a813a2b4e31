#pragma once

#include <cstddef>
#include <string>

namespace drawlab {

/// This machine's network name.
std::string host_name();
/// The processor's name as the system gives it; "unknown" if it gives none.
std::string processor_name();
/// The widest instruction set that the processor has and that DNNL_MAX_CPU_ISA allows: AVX512, AVX2, SSE4.1, or the
/// architecture's name. Results are bit-identical only within one.
std::string instruction_set();
/// The cores that this process may use, by its affinity and its control group's quota. At least 1.
int usable_cores();
/// The peak memory of this process so far, in bytes; 0 if the system does not tell.
std::size_t peak_memory();

}  // namespace drawlab
